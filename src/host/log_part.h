/* log_part.h - the replication stream taken apart, proven and applied. Private to host/. */
#ifndef TS_HOST_LOG_PART_H
#define TS_HOST_LOG_PART_H

#include "log.h"

enum {
    LOG_LINE_MAX = 64 << 20,    /* bytes of one line */
    LOG_ANSWER_MAX = 128 << 20, /* bytes of one answer */
    LOG_ENTRIES_MAX = 10000,    /* in one answer or batch */
    LOG_DEPTH = 128
};

/* What one line says: an entry, or how the stream ends. */
typedef struct log_line {
    bool is_entry;
    ts_log_row row;
    const ts_json *body; /* of an entry: read strictly */
    /* Of the last line: */
    ts_str checkpoint; /* empty: nobody signed, the end is stated alone */
    ts_checkpoint end; /* size and hash alone where nobody signed */
    uint64_t head;     /* entries the sender has in all */
} log_line;
/* `line` without its line feed; what is read points into it. The error names what is wrong; nothing
 * is proven yet. */
bool log_line_read(ts_arena *a, ts_str line, log_line *out, ts_error *e);

/* The line of an entry. */
void log_write_entry(ts_buf *out, const ts_log_row *r);

/* Entries and their end, as one answer or batch has them. */
typedef struct log_batch {
    struct {
        log_line *v;
        size_t n, cap;
    } entries;
    log_line last;
    bool ended;
} log_batch;
bool log_batch_read(ts_arena *a, ts_str bytes, log_batch *out, ts_error *e);
/* Whether entries `from`+1, … follow one another and their bodies are what the digests say; moves
 * `at`. TS_E_INPUT names the entry. */
bool log_chain_on(const log_line *l, ts_log_head *at, ts_error *e);

/* Writes one proven entry here. False with TS_E_INPUT … where it contradicts what is here, with
 * TS_E_STORE where our own store failed. Within a transaction. */
typedef struct log_writer {
    ts_store *store;
    ts_verify_options verify; /* what signed forms are judged with */
    ts_arena packs_in;
    ts_pack_shelf packs;
} log_writer;
/* With a ring, a cache and packs of its own. */
void log_writer_open(ts_arena *a, log_writer *w, ts_store *s, ts_source_of source, int64_t now);
void log_writer_close(log_writer *w);
bool log_apply(ts_arena *a, log_writer *w, const log_line *l, bool *fresh, ts_error *e);

/* The key behind a verification method (a DID URL): of a did:key or did:jwk itself, of a did:web by
 * its document. It must be one for assertions, and in use at `at`. */
bool log_key_of(ts_arena *a, const ts_source_of *source, ts_str method, int64_t at,
                ts_public_key *out, ts_error *e);
/* Whether a checkpoint was signed by that key. */
bool log_signed(ts_arena *a, ts_str token, const ts_public_key *key, ts_error *e);

#endif
