/* Hashes. */
#include "digest.h"

#include <openssl/evp.h>
#include <pthread.h>

/* Looking an algorithm up costs more than hashing a short text, and takes a lock that threads
 * share: it is done once, and what was found does not change. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const EVP_MD *found[3];

static void find_all(void) {
    found[TS_SHA256] = EVP_MD_fetch(0, "SHA2-256", 0);
    found[TS_SHA384] = EVP_MD_fetch(0, "SHA2-384", 0);
    found[TS_SHA512] = EVP_MD_fetch(0, "SHA2-512", 0);
}

ts_hash_value ts_sha_of(ts_sha which, ts_str s) {
    pthread_once(&once, find_all);
    ts_hash_value h;
    unsigned n = 0;
    if (!found[which] || EVP_Digest(s.p, s.n, h.b, &n, found[which], 0) != 1) {
        fprintf(stderr, "touchstone: the cryptographic library cannot compute SHA-2\n");
        abort();
    }
    h.n = (uint8_t)n;
    return h;
}

ts_str ts_hash_hex(ts_arena *a, const ts_hash_value *h) {
    static const char digit[] = "0123456789abcdef";
    char *p = ts_new_raw(a, char, (size_t)h->n * 2);
    for (size_t i = 0; i < h->n; i++) {
        p[2 * i] = digit[h->b[i] >> 4];
        p[2 * i + 1] = digit[h->b[i] & 15];
    }
    return (ts_str){p, (size_t)h->n * 2};
}
