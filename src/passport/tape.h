/* tape.h - JSON trees of our own: a tape (base/json.h) built beside the one that was read, and the
 * name of a place in a tree.
 */
#ifndef TS_PASSPORT_TAPE_H
#define TS_PASSPORT_TAPE_H

#include "base/base.h"

/* Nodes are added in document order. Strings and copied values are not copied deeply: their bytes
 * must live as long as the tape. Nesting is at most TAPE_DEPTH; whoever builds from a tree that was
 * read bounds its depth there. */
enum { TAPE_DEPTH = 512 };
typedef struct tape {
    ts_arena *a;
    ts_json *v;
    size_t n, cap;
    unsigned depth;
    uint32_t open[TAPE_DEPTH]; /* nodes of the open containers */
} tape;

void tape_object(tape *t);
void tape_array(tape *t);
void tape_end(tape *t);
void tape_key(tape *t, ts_str name);
void tape_str(tape *t, ts_str s);
void tape_null(tape *t);
void tape_copy(tape *t, const ts_json *v);                /* the value with all it holds */
void tape_member(tape *t, ts_str name, const ts_json *v); /* key and copy; nothing when v is NULL */
void tape_kstr(tape *t, const char *name, ts_str s);
void tape_kstr_opt(tape *t, const char *name, ts_str s); /* nothing when s is empty */
/* Takes back everything from node n on: the key of a member of the open object, and its value. */
void tape_undo(tape *t, size_t n);

/* The canonical text (RFC 8785) of a tree, in `a`; TS_E_LIMIT above `max` bytes. */
bool tape_canonical(ts_arena *a, const ts_json *root, size_t max, ts_str *out, ts_error *e);

/* The JSON pointer (RFC 6901) of a node of the tree, a name or a value, into out; "" is the root.
 * What does not fit is left out at the end. For messages: control characters are shown as '?'. */
void tape_pointer(const ts_json *root, const ts_json *at, char *out, size_t n);

#endif
