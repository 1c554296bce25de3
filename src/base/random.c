#include "random.h"

#include <errno.h>
#include <sys/random.h>

#include "hash.h"

ts_random ts_random_seed(uint64_t seed) {
    ts_random r;
    for (int i = 0; i < 4; i++) r.s[i] = ts_mix(seed += 0x9e3779b97f4a7c15ull);
    return r;
}

static uint64_t rotl(uint64_t x, int k) { return x << k | x >> (64 - k); }

uint64_t ts_random_next(ts_random *r) {
    uint64_t *s = r->s, out = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return out;
}

uint32_t ts_random_below(ts_random *r, uint32_t n) {
    uint64_t m = (ts_random_next(r) >> 32) * n;
    if ((uint32_t)m < n) {
        uint32_t reject = -n % n;
        while ((uint32_t)m < reject) m = (ts_random_next(r) >> 32) * n;
    }
    return (uint32_t)(m >> 32);
}

double ts_random_unit(ts_random *r) { return (double)(ts_random_next(r) >> 11) * 0x1p-53; }

bool ts_random_secret(void *p, size_t n, ts_error *e) {
    for (char *at = p; n > 0;) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return ts_fail_errno(e, TS_E_IO, errno, "the system gives no random numbers");
        at += got;
        n -= (size_t)got;
    }
    return true;
}
