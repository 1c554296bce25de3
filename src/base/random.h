/* random.h - seeded, reproducible randomness (xoshiro256**). Never for secrets; those come from the
 * system. */
#ifndef TS_BASE_RANDOM_H
#define TS_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

typedef struct ts_random {
    uint64_t s[4];
} ts_random;

ts_random ts_random_seed(uint64_t seed);
uint64_t ts_random_next(ts_random *r);
uint32_t ts_random_below(ts_random *r, uint32_t n); /* uniform in [0, n); n > 0 */
double ts_random_unit(ts_random *r);                /* uniform in [0, 1) */

/* n bytes that nobody can guess, from the system (getrandom). TS_E_IO when it gives none. */
bool ts_random_secret(void *p, size_t n, ts_error *e);

#endif
