/* world.h - seeded notices and offers for tests that need many, and the state of a store as text.
 */
#ifndef TS_TESTS_WORLD_H
#define TS_TESTS_WORLD_H

#include "product/product.h"
#include "support/support.h"

/* `n` notices of an invented office as the CSV template; `edition` 1 changes every seventh (one in
 * 21 to withdrawn) and adds ten. */
void world_notices(const char *path, unsigned n, unsigned edition);
/* `n` offers as JSON lines: every `hit`-th is of a notice among the first `notices`. */
void world_offers(const char *path, unsigned n, unsigned notices, unsigned hit);
/* One notice, sealed. `change` makes another version of it. */
ts_notice world_notice(ts_arena *a, const char *id, unsigned change);

/* What a store holds of notices, their versions and leads, without times and run numbers, as text
 * in a fixed order; with the result of integrity_check and whether the set's digest is that of the
 * rows. Opens the file read-only. */
ts_str world_dump(ts_arena *a, const char *path);

#endif
