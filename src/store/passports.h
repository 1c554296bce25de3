/* passports.h - passports with all their versions, the signed forms of each, and the status lists
 * their issuer keeps.
 *
 * Append-only: a version, once there, does not change (Regulation (EU) 2024/1781 Art. 9; EN 18221
 * as public sources give it). A signed form is a row beside its version, written in the same
 * transaction. Each adds an entry to the log (log.h).
 *
 * Documents and signed forms are kept packed against what they resemble (packed.h): an item against
 * the first of its batch, a batch against the first of its model, a version against the one before.
 */
#ifndef TS_STORE_PASSPORTS_H
#define TS_STORE_PASSPORTS_H

#include "places.h"

typedef struct ts_passport_row {
    ts_str id, product;  /* product: canonical unique product identifier */
    ts_str grain;        /* "model", "batch", "item" */
    ts_str model, batch; /* ids of the passports it belongs to; may be empty */
    ts_str status;       /* of EN 18223: "active" … */
    ts_str safety;       /* "none_known", "recalled" … */
    ts_str operator_id;
    int64_t version; /* the newest, from 1 */
    int64_t at;      /* UTC seconds of the newest */
    ts_str digest;   /* SHA-256 of the document's canonical text, hexadecimal */
    ts_str document; /* touchstone-passport-1, canonical; empty in lists */
    /* What a notice finds it by, and what it is made of; written only. NULL: nothing is known. */
    const ts_place *place;
    const ts_place_edge *edges;
    size_t edges_n;
} ts_passport_row;
typedef struct ts_passport_rows {
    ts_passport_row *v;
    size_t n, cap;
} ts_passport_rows;

/* Adds a version (row->version and row->at are set: the next one, and `now`, which must not lie
 * before the last version's). `row->document` and everything else is given. */
bool ts_store_add_passport(ts_store *s, ts_passport_row *row, int64_t now, ts_error *e);
/* The newest version; as it stood at an instant; or version `number`. found false when there is
 * none. */
bool ts_store_passport(ts_store *s, ts_arena *a, ts_str id, ts_passport_row *out, bool *found,
                       ts_error *e);
bool ts_store_passport_at(ts_store *s, ts_arena *a, ts_str id, int64_t at, ts_passport_row *out,
                          bool *found, ts_error *e);
bool ts_store_passport_version(ts_store *s, ts_arena *a, ts_str id, int64_t number,
                               ts_passport_row *out, bool *found, ts_error *e);
/* The newest versions of all passports of a product, of all at all (product empty) behind the id
 * `after`, at most `limit`; without their documents. */
bool ts_store_passports(ts_store *s, ts_arena *a, ts_str product, ts_str after, size_t limit,
                        ts_passport_rows *out, ts_error *e);
/* The id of the passport of a product that has exactly one: what a resolver asks most. *one false:
 * there is none, or there are several. */
bool ts_store_only_passport(ts_store *s, ts_arena *a, ts_str product, ts_str *id, bool *one,
                            ts_error *e);
/* All versions of one, newest first, without documents. */
bool ts_store_passport_versions(ts_store *s, ts_arena *a, ts_str id, ts_passport_rows *out,
                                ts_error *e);

/* One signed form of a version. */
typedef struct ts_secured_row {
    ts_str passport;
    int64_t version;
    ts_str audience;   /* "public" …; several joined by '+' */
    ts_str form;       /* "untp-jose", "untp-di", "en18223-jose" */
    ts_str credential; /* its id */
    ts_str issuer;     /* DID */
    ts_str list;       /* status list it has an entry in; may be empty */
    int64_t index;     /* in the list */
    int64_t at;
    ts_str bytes; /* as signed: never changed */
} ts_secured_row;
typedef struct ts_secured_rows {
    ts_secured_row *v;
    size_t n, cap;
} ts_secured_rows;
bool ts_store_add_secured(ts_store *s, const ts_secured_row *row, ts_error *e);
/* Of one version (0 = all versions), in the order in which they were made. */
bool ts_store_secured(ts_store *s, ts_arena *a, ts_str passport, int64_t version,
                      ts_secured_rows *out, ts_error *e);
/* The same without the signed bytes: which forms there are. */
bool ts_store_secured_heads(ts_store *s, ts_arena *a, ts_str passport, int64_t version,
                            ts_secured_rows *out, ts_error *e);
bool ts_store_secured_by_id(ts_store *s, ts_arena *a, ts_str credential, ts_secured_row *out,
                            bool *found, ts_error *e);

/* The one that has this entry in a status list. */
bool ts_store_secured_in_list(ts_store *s, ts_arena *a, ts_str url, int64_t index,
                              ts_secured_row *out, bool *found, ts_error *e);

/* A status list its issuer keeps (W3C Bitstring Status List 1.0). */
typedef struct ts_list_row {
    ts_str url, purpose;
    ts_str bits;    /* unpacked */
    ts_str secured; /* the signed credential as last issued; empty = not yet */
    int64_t at;     /* when that was */
} ts_list_row;
bool ts_store_list(ts_store *s, ts_arena *a, ts_str url, ts_list_row *out, bool *found,
                   ts_error *e);
/* Whether this very signed state of the list is kept, the newest or one before. */
bool ts_store_list_has(ts_store *s, ts_str url, ts_str secured, bool *has, ts_error *e);
/* Writes it anew; as it was signed before stays in the log. */
bool ts_store_put_list(ts_store *s, const ts_list_row *row, ts_error *e);
/* Takes index `wanted` of the list. *taken false: another credential has it. */
bool ts_store_take_index(ts_store *s, ts_str url, int64_t wanted, bool *taken, ts_error *e);
/* How many indexes of a list are taken. */
bool ts_store_list_used(ts_store *s, ts_str url, int64_t *n, ts_error *e);

#endif
