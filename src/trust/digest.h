/* digest.h - cryptographic hashes (FIPS 180-4), by OpenSSL. */
#ifndef TS_TRUST_DIGEST_H
#define TS_TRUST_DIGEST_H

#include "base/base.h"

typedef enum { TS_SHA256, TS_SHA384, TS_SHA512 } ts_sha;

typedef struct ts_hash_value {
    uint8_t b[64];
    uint8_t n; /* 32, 48 or 64 */
} ts_hash_value;

/* The hash of all of s. A library that cannot hash is a broken invariant. */
ts_hash_value ts_sha_of(ts_sha which, ts_str s);
/* Lower-case hexadecimal digits, 2 * n of them, in `a`. */
ts_str ts_hash_hex(ts_arena *a, const ts_hash_value *h);

#endif
