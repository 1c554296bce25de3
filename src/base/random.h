/* random.h - seeded, reproducible randomness (xoshiro256**). Never for secrets. */
#ifndef TS_BASE_RANDOM_H
#define TS_BASE_RANDOM_H

#include <stdint.h>

typedef struct ts_random {
    uint64_t s[4];
} ts_random;

ts_random ts_random_seed(uint64_t seed);
uint64_t ts_random_next(ts_random *r);
uint32_t ts_random_below(ts_random *r, uint32_t n); /* uniform in [0, n); n > 0 */
double ts_random_unit(ts_random *r);                /* uniform in [0, 1) */

#endif
