/* log.h - the passports' log: every version, signed form, life event, statement and status list
 * that was ever written, in order, in one hash chain (trust/chain.h).
 *
 * The functions that add such a row append its entry themselves, in the same transaction: nothing
 * is written without its entry. An entry's body is one JSON object, made of the row again when it
 * is asked for; its digest was taken when it was written, so a row that was changed since shows.
 */
#ifndef TS_STORE_LOG_H
#define TS_STORE_LOG_H

#include "passports.h"
#include "trust/trust.h"

typedef enum {
    TS_LOG_VERSION,      /* a version of a passport: its document */
    TS_LOG_SECURED,      /* a signed form of a version */
    TS_LOG_EVENT,        /* a life event */
    TS_LOG_STATEMENT,    /* a statement on safety, or what was said of one */
    TS_LOG_LIST,         /* a status list as signed */
    TS_LOG_REGISTRATION, /* proof of registration of a version */
    TS_LOG_KINDS
} ts_log_kind;
const char *ts_log_kind_name(ts_log_kind k); /* "version", … */
bool ts_log_kind_by_name(ts_str name, ts_log_kind *k);

typedef struct ts_log_row {
    uint64_t n; /* from 1, without gaps */
    ts_log_kind kind;
    ts_str subject; /* id of the passport, event, statement or credential; address of the list */
    int64_t number; /* version of the passport; 0 for others */
    int64_t at;     /* UTC seconds */
    ts_chain_hash digest, hash;
    ts_str body; /* one JSON object without line feeds, as the row gives it now */
} ts_log_row;
typedef struct ts_log_rows {
    ts_log_row *v;
    size_t n, cap;
} ts_log_rows;

typedef struct ts_log_head {
    uint64_t size;
    ts_chain_hash hash;
} ts_log_head;
bool ts_store_log_head(ts_store *s, ts_log_head *out, ts_error *e);
/* The hash after entry n; n 0 gives zeroes. TS_E_NOT_FOUND beyond the end. */
bool ts_store_log_hash(ts_store *s, uint64_t n, ts_chain_hash *out, ts_error *e);
/* Entries behind number `after`, at most `limit` and about `bytes` of bodies, with their bodies. */
bool ts_store_log(ts_store *s, ts_arena *a, uint64_t after, size_t limit, size_t bytes,
                  ts_log_rows *out, ts_error *e);
/* Writes the row of an entry that came from another provider, and its entry: signed forms, events,
 * statements and registrations. (Versions and lists are written by ts_store_add_passport and
 * ts_store_put_list, when their content was looked at.) Fails by name where it contradicts what is
 * there. What is there already as it came is not an error, and *fresh is false. Within a
 * transaction. The peer's numbering is not kept. */
bool ts_store_log_apply(ts_store *s, ts_arena *a, ts_log_kind kind, const ts_json *body,
                        bool *fresh, ts_error *e);

/* Checkpoints of this log that were signed. */
bool ts_store_add_checkpoint(ts_store *s, uint64_t size, int64_t at, ts_str token, ts_error *e);
bool ts_store_last_checkpoint(ts_store *s, ts_arena *a, uint64_t *size, ts_str *token, bool *found,
                              ts_error *e);

/* Another provider whose log is followed. */
typedef struct ts_peer_row {
    ts_str url;    /* where its log is served */
    ts_str log;    /* the log's identifier, pinned at first sight */
    ts_str method; /* verification method that signs its checkpoints, pinned */
    ts_str key;    /* Multikey of it, pinned */
    uint64_t size; /* entries taken over and proven by a checkpoint */
    ts_chain_hash hash;
    int64_t checkpoint_at; /* the newest checkpoint's own time */
    int64_t seen;          /* UTC seconds when it last answered rightly; 0 = never */
    ts_str checkpoint;     /* the newest one: the proof, should it ever say otherwise */
    ts_str trouble;        /* what was wrong at the last look; empty = nothing */
} ts_peer_row;
typedef struct ts_peer_rows {
    ts_peer_row *v;
    size_t n, cap;
} ts_peer_rows;
bool ts_store_peer(ts_store *s, ts_arena *a, ts_str url, ts_peer_row *out, bool *found,
                   ts_error *e);
bool ts_store_put_peer(ts_store *s, const ts_peer_row *row, ts_error *e);
bool ts_store_peers(ts_store *s, ts_arena *a, ts_peer_rows *out, ts_error *e);

/* Proofs of registration in the EU registry (Implementing Regulation (EU) 2026/1778 Art. 9). */
typedef struct ts_registration_row {
    ts_str passport;
    int64_t version;
    ts_str hash;       /* of the version, as registered: hexadecimal SHA-256 */
    ts_str number;     /* the registry's own */
    int64_t at, until; /* UTC seconds */
    ts_str proof;      /* as received */
} ts_registration_row;
typedef struct ts_registration_rows {
    ts_registration_row *v;
    size_t n, cap;
} ts_registration_rows;
/* *fresh false: it is there already. Within a transaction. */
bool ts_store_add_registration(ts_store *s, const ts_registration_row *row, bool *fresh,
                               ts_error *e);
bool ts_store_registrations(ts_store *s, ts_arena *a, ts_str passport, ts_registration_rows *out,
                            ts_error *e);

/* Private to store/: appends the entry of a row that is being written. Within a transaction. The
 * body must be the one that the row gives when it is read again. Rows of other tables are found
 * again by `subject`. */
bool store_log_append(ts_store *s, ts_log_kind kind, ts_str subject, int64_t number, int64_t at,
                      ts_str body, ts_error *e);
bool store_log_version(ts_store *s, int64_t row, const ts_passport_row *r, ts_error *e);
bool store_log_secured(ts_store *s, int64_t row, const ts_secured_row *r, ts_error *e);
bool store_log_list(ts_store *s, int64_t row, const ts_list_row *r, ts_error *e);
bool store_log_registration(ts_store *s, int64_t row, const ts_registration_row *r, int64_t now,
                            ts_error *e);

bool store_registration_row(ts_store *s, ts_arena *a, int64_t row, ts_registration_row *out,
                            bool *found, ts_error *e);

#endif
