#include "gs1_dictionary.h"

#include "gs1_ais.h"

size_t gs1_ai_length(ts_str s) {
    if (s.n < 2 || !ts_is_digit(s.p[0]) || !ts_is_digit(s.p[1])) return 0;
    return gs1_prefixes[gs1_digits(s.p, 2)].digits;
}

const gs1_entry *gs1_find(ts_str ai, gs1_code *code) {
    size_t n = gs1_ai_length(ai);
    if (n == 0 || n != ai.n) return 0;
    for (size_t i = 2; i < n; i++)
        if (!ts_is_digit(ai.p[i])) return 0;
    unsigned slot = gs1_prefixes[gs1_digits(ai.p, 2)].slot + gs1_digits(ai.p + 2, n - 2);
    if (!gs1_slots[slot]) return 0;
    *code = gs1_code_of(ai);
    return &gs1_entries[gs1_slots[slot] - 1];
}
