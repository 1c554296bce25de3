/* foreign_part.h - mappings of other data models. Private to passport/. */
#ifndef TS_PASSPORT_FOREIGN_PART_H
#define TS_PASSPORT_FOREIGN_PART_H

#include "foreign.h"

/* One row of a mapping: which values go where. */
typedef struct foreign_row {
    ts_str from;           /* JSON pointer; a segment "*" is every entry of a list */
    ts_str take;           /* member of what was found; empty = all of it */
    const ts_json *where;  /* members that what was found must have: name to text */
    const ts_json *values; /* text to text: how a word of theirs is said here */
    ts_str to, member;     /* member: of an element that is an object */
    ts_str as;             /* "months", "uuid"; empty: by the element's type */
    ts_str label;          /* before a value that becomes a note */
    ts_str why;            /* left out on purpose */
    int64_t shift;         /* a number's power of ten, to bring it to our unit */
} foreign_row;

typedef struct foreign_shape {
    ts_str id;
    ts_strs has;       /* pointers that must be there */
    const ts_json *is; /* pointer to text that the value begins with */
    ts_str event;      /* kind of the event; empty: a passport */
    ts_str note;       /* what an event is called besides */
    ts_strs packs;
    ts_strs ask; /* several shapes look like this: which one it is, the user says */
    struct {
        foreign_row *v;
        size_t n, cap;
    } rows;
} foreign_shape;
typedef struct foreign_shapes {
    foreign_shape *v;
    size_t n, cap;
} foreign_shapes;

/* All mappings that come with the program, in the order in which they are tried. */
bool foreign_shapes_read(ts_arena *a, foreign_shapes *out, ts_error *e);
/* The first that fits, of that id where one is given; or NULL. */
const foreign_shape *foreign_shape_of(const foreign_shapes *s, const ts_json *root, ts_str as);

/* The value at a pointer without "*", or NULL. */
const ts_json *foreign_at(const ts_json *root, ts_str pointer);

/* The text as UTF-8: out of UTF-16 where it has that byte order mark. */
bool foreign_utf8(ts_arena *a, ts_str text, ts_str *out, ts_error *e);

/* A value in our words as JSON text; false: *why says why it does not fit. */
bool foreign_value(ts_arena *a, const foreign_row *row, const ts_pack_element *element,
                   const ts_json *v, ts_str *json, ts_str *why);

/* The document as it grows. */
typedef struct foreign_entry {
    const ts_pack_element *element;
    struct {
        struct {
            ts_str member, json;
        } * v;
        size_t n, cap;
    } parts; /* one; of a list all; of an object composed of members one each */
} foreign_entry;
typedef struct foreign_draft {
    ts_str id, product, name, model, serial, batch, made, operator_id, operator_name, facility,
        status, category;
    ts_strs predecessors, packs;
    ts_packs read; /* the packs, read */
    struct {
        foreign_entry *v;
        size_t n, cap;
    } entries;
} foreign_draft;
/* Puts what stands at `v` where the row says. False: *why. */
bool foreign_put(ts_arena *a, foreign_draft *d, ts_foreign *out, const ts_foreign_job *job,
                 const foreign_row *row, const ts_json *v, ts_str *why);
/* What the product of an event is to it: "output" where it is made of another, else "subject". */
ts_str foreign_role(ts_life_kind k);
bool foreign_document(ts_arena *a, const foreign_draft *d, ts_str *out, ts_error *e);

#endif
