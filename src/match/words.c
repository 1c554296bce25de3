#include "words.h"

#include <math.h>

words_counter words_counter_new(ts_arena *a) {
    return (words_counter){.df = ts_new_n(a, uint32_t, WORDS_SIZE),
                           .last = ts_new_n(a, uint32_t, WORDS_SIZE)};
}

void words_finish(const words_counter *c, uint8_t *weight) {
    const double prior = 1000;
    for (size_t i = 0; i < WORDS_SIZE; i++) {
        double nats = log((c->products + prior) / (c->df[i] + 1.0));
        double w = nats * WEIGHT_ONE + 0.5;
        weight[i] = (uint8_t)(w > WEIGHT_MAX ? WEIGHT_MAX : w < 0 ? 0 : w);
    }
}
