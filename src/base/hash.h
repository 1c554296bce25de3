/* hash.h - non-cryptographic hashing: identity inside the program and checksums of derived files.
 * XXH3 (xxHash 0.8); signed and sealed things use cryptographic hashes instead. */
#ifndef TS_BASE_HASH_H
#define TS_BASE_HASH_H

#include "str.h"

uint64_t ts_hash(ts_str s);
uint64_t ts_hash_seed(ts_str s, uint64_t seed);

typedef struct ts_digest {
    uint64_t lo, hi;
} ts_digest;
ts_digest ts_digest_of(ts_str s); /* XXH3, 128 bits */
static inline bool ts_digest_eq(ts_digest a, ts_digest b) { return a.lo == b.lo && a.hi == b.hi; }
/* 32 lower-case hexadecimal digits in out. */
ts_str ts_digest_hex(ts_digest d, char out[32]);

/* Mixes a 64-bit value (splitmix64 finaliser): every input bit reaches every output bit. */
static inline uint64_t ts_mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

#endif
