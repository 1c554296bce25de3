/* merge_patch.h - changes of JSON trees: merge patches (RFC 7396), and one value put into another's
 * place. */
#ifndef TS_PASSPORT_MERGE_PATCH_H
#define TS_PASSPORT_MERGE_PATCH_H

#include "base/base.h"

enum { TS_MERGE_DEPTH = 256 }; /* containers within each other, of the result */

/* The target with the patch applied (section 2): members of the patch replace those of the same
 * name, objects are merged, null takes away. `target` may be NULL: there is nothing yet. Both were
 * read strictly. The result is a tree of its own whose strings are those of the two. NULL with
 * TS_E_LIMIT where it would be nested deeper than TS_MERGE_DEPTH. The time grows with the size of
 * both. */
const ts_json *ts_merge_patch(ts_arena *a, const ts_json *target, const ts_json *patch,
                              ts_error *e);

/* The tree with `value` in the place of the value `at` of it; without that value, and a member's
 * name, where `value` is NULL. The root is replaced, not taken away: with `at` the root and no
 * value the result is NULL and TS_E_USAGE. TS_E_LIMIT as above. */
const ts_json *ts_json_put_at(ts_arena *a, const ts_json *root, const ts_json *at,
                              const ts_json *value, ts_error *e);

/* Who sees but a part of a tree changes that part: `full` as it becomes when what is shown of it,
 * `seen`, becomes `next`. Members of `full` that `seen` does not show stay, within objects that are
 * shown in part, too; where `next` has such a member, objects are merged, and else what is hidden
 * stays. Values that are shown whole become what `next` has, or go. All are objects; `seen` and
 * `next` may be NULL. TS_E_LIMIT as above. */
const ts_json *ts_json_weave(ts_arena *a, const ts_json *full, const ts_json *seen,
                             const ts_json *next, ts_error *e);

/* Whether two trees say the same: their canonical texts (RFC 8785) are alike. */
bool ts_json_same(ts_arena scratch, const ts_json *x, const ts_json *y);

#endif
