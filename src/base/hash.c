#define XXH_INLINE_ALL
#include "hash.h"

#include <xxhash.h>

uint64_t ts_hash(ts_str s) { return XXH3_64bits(s.p ? s.p : "", s.n); }
uint64_t ts_hash_seed(ts_str s, uint64_t seed) {
    return XXH3_64bits_withSeed(s.p ? s.p : "", s.n, seed);
}

ts_digest ts_digest_of(ts_str s) {
    XXH128_hash_t h = XXH3_128bits(s.p ? s.p : "", s.n);
    return (ts_digest){h.low64, h.high64};
}

ts_str ts_digest_hex(ts_digest d, char out[32]) {
    static const char hex[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) {
        out[i] = hex[d.hi >> (60 - 4 * i) & 15];
        out[16 + i] = hex[d.lo >> (60 - 4 * i) & 15];
    }
    return (ts_str){out, 32};
}
