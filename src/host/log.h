/* log.h - the passports' log looked after: proven, published as checkpoints, followed by another
 * provider, carried out as a back-up. */
#ifndef TS_HOST_LOG_H
#define TS_HOST_LOG_H

#include "issue.h"
#include "net/net.h"

/* Reads the whole log, makes every body anew and every hash with it. What is wrong is named with
 * its entry: TS_E_STORE. */
typedef struct ts_log_proof {
    uint64_t entries;
    ts_chain_hash hash;
} ts_log_proof;
bool ts_log_prove(ts_arena scratch, ts_store *s, ts_log_proof *out, ts_error *e);

/* Signs the log's head and keeps the checkpoint. `log` is the identifier of the log, normally the
 * issuer's DID. Where the head was signed before by the same method and log, and not longer than
 * `fresh` seconds ago, that checkpoint is given again. */
bool ts_log_checkpoint(ts_arena *a, ts_store *s, const ts_signer *by, ts_str log, int64_t now,
                       int64_t fresh, ts_str *token, ts_error *e);
/* A checkpoint of the first `size` entries, signed now and not kept: what a follower asks for that
 * doubts. TS_E_NOT_FOUND beyond the end. */
bool ts_log_checkpoint_at(ts_arena *a, ts_store *s, const ts_signer *by, ts_str log, uint64_t size,
                          int64_t now, ts_str *token, ts_error *e);

/* The replication stream: JSON lines (docs/formats.md, "log"): entries behind `after`, then their
 * end with a checkpoint of just these, and how many entries there are in all.
 * {"digest":"hex","hash":"hex","kind":"version","n":1,"body":{…}}
 * {"checkpoint":"token","head":12} */
typedef struct ts_log_slice {
    uint64_t after;
    size_t limit, bytes; /* at most so many entries, of about so many bytes; at least one */
} ts_log_slice;
/* Behind the end there are no entries: its checkpoint alone. by->key NULL: the end is stated
 * without a signature ({"end":{"hash":"hex","size":N},"head":N}), which tells of an accident, not
 * of intent. */
bool ts_log_write(ts_arena *a, ts_store *s, const ts_log_slice *slice, const ts_signer *by,
                  ts_str log, int64_t now, ts_buf *out, ts_error *e);

/* Whether what a peer sent is what it should be. */
typedef enum {
    TS_PEER_TRUE,
    TS_PEER_LAGS,   /* its checkpoint is older than allowed, or it is behind one seen before */
    TS_PEER_FORKS,  /* its history differs from what it signed before; both checkpoints are kept */
    TS_PEER_LIES,   /* a body, digest, hash or signature is wrong */
    TS_PEER_SILENT, /* it does not answer, or refuses to */
} ts_peer_state;
const char *ts_peer_state_name(ts_peer_state s);

typedef struct ts_follow_job {
    ts_store *store;
    ts_str url;   /* of the other's log: https://HOST/log */
    ts_str token; /* bearer token for it, with the right to replicate */
    ts_str
        issuer; /* DID that must sign its checkpoints; empty: who does at first sight is pinned */
    int64_t now;
    int64_t stale;          /* seconds after which a checkpoint is too old; 0 = two days */
    ts_fetch_options fetch; /* limits, allow_private, ca_file; url and the like are set here */
    ts_source_of source;    /* for DID documents */
    size_t limit;           /* entries a batch; 0 = 1,000 */
} ts_follow_job;
typedef struct ts_followed {
    ts_peer_state state;
    ts_str why;            /* a sentence; empty when TRUE */
    uint64_t taken, fresh; /* entries taken over; of these, not here before */
    uint64_t size;         /* of the peer's log, as far as it was taken */
    int64_t behind;        /* seconds since the peer's newest checkpoint */
    ts_str proof[2];       /* the two checkpoints that contradict each other, when it forks */
} ts_followed;
/* Takes over what is new, batch by batch: what was committed stays when it breaks off. Nothing is
 * taken that no checkpoint proves. False only where our own store failed. */
bool ts_follow(ts_arena *a, const ts_follow_job *job, ts_followed *out, ts_error *e);

/* A back-up: the whole log as a stream in a file (zstd), whole or not at all. */
bool ts_log_backup(ts_arena *a, ts_store *s, const char *path, const ts_signer *by, ts_str log,
                   int64_t now, uint64_t *entries, ts_error *e);
/* The same back into a store, which may hold a part of it. The file is proven as a whole before
 * anything is written: what is wrong is TS_E_INPUT. `signed_by` gets the verification method of its
 * checkpoint; empty: nobody signed it. */
typedef struct ts_restored {
    uint64_t entries, fresh;
    ts_str signed_by, log;
} ts_restored;
bool ts_log_restore(ts_arena *a, ts_store *s, const char *path, const ts_source_of *source,
                    int64_t now, ts_restored *out, ts_error *e);

#endif
