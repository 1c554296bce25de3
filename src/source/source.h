/* source.h - where offers come from: shops' feeds, lists, pages and web archives. The room's public
 * header.
 *
 * Formats are detected from the content, said aloud, and never guessed silently: what is not
 * recognised is refused with the list of what is. A record that is wrong is named (file, line or
 * record) and left out; the rest is read. What cannot go on (unreadable file, damaged compression)
 * ends the reading with the reason; what came before stands.
 */
#ifndef TS_SOURCE_SOURCE_H
#define TS_SOURCE_SOURCE_H

#include "format/format.h"
#include "product/product.h"

typedef enum {
    TS_OF_UNKNOWN,
    TS_OF_JSON_LINES, /* one JSON object per line */
    TS_OF_JSON,       /* a JSON document or array: schema.org, lists, nested wrappers */
    TS_OF_CSV,        /* comma, semicolon or tab, with a header line */
    TS_OF_FEED,       /* Google Merchant RSS 2.0 or Atom */
    TS_OF_HTML,       /* a page: JSON-LD, microdata, RDFa Lite, OpenGraph */
    TS_OF_WARC,       /* web archive with pages */
    TS_OF_COUNT
} ts_offer_format;

const char *ts_offer_format_name(ts_offer_format f);
ts_offer_format ts_offer_format_by_name(const char *s);

typedef struct ts_offer_options {
    ts_offer_format format; /* TS_OF_UNKNOWN = detect */
    ts_str map;             /* "title=Bezeichnung,brand=Marke": our field = their column or key */
    ts_str market;          /* ISO 3166-1 code put on offers that name none */
} ts_offer_options;

typedef struct ts_offer_source ts_offer_source;

/* A piece of the input that holds whole records. The one reader thread fills it, any worker reads
 * it. */
typedef struct ts_offer_chunk {
    ts_arena arena; /* the chunk's own memory, reset by fill */
    ts_arena mark;  /* its beginning */
    ts_str bytes;   /* raw records, or */
    struct {
        ts_offer *v;
        size_t n, cap;
    } offers; /* offers, where the format must be read in sequence */
    struct {
        ts_error *v;
        size_t n, cap;
    } problems;              /* found while splitting */
    uint64_t first_record;   /* 1-based number (JSON lines, CSV: line) of the first record */
    uint64_t sequence;       /* 0, 1, 2 … */
    uint64_t position, size; /* of the input behind this chunk, for progress */
} ts_offer_chunk;

ts_offer_source *ts_offers_open(ts_arena *a, const char *path, ts_offer_options o, ts_error *e);
ts_offer_source *ts_offers_memory(ts_arena *a, ts_str bytes, const char *name, ts_offer_options o,
                                  ts_error *e);
void ts_offers_close(ts_offer_source *s);
ts_offer_format ts_offers_format(const ts_offer_source *s);
const char *ts_offers_name(const ts_offer_source *s);

/* Makes and frees a chunk's memory. */
void ts_offer_chunk_init(ts_offer_chunk *c);
void ts_offer_chunk_free(ts_offer_chunk *c);
/* Fills *c with the next records: RECORD, END or FAILED (which may come with records before the
 * damage). */
ts_read_result ts_offers_fill(ts_offer_source *s, ts_offer_chunk *c, ts_error *e);

/* Goes through one chunk. Safe from any thread: reads the source and the chunk only. */
typedef struct ts_offer_reader {
    const ts_offer_source *source;
    const ts_offer_chunk *chunk;
    size_t at, next_offer, next_problem;
    uint64_t record;
    uint32_t mended;         /* strings with malformed text mended so far */
    uint32_t repeated;       /* names repeated within an object so far; the last one counted */
    const ts_offer *pending; /* offers of the current record not handed out yet; they live in `a` */
    size_t pending_at, pending_n;
} ts_offer_reader;
ts_offer_reader ts_offers_read(const ts_offer_source *s, const ts_offer_chunk *c);
/* True when the next call hands out an offer of the same record: do not reset `a` before. */
static inline bool ts_offers_pending(const ts_offer_reader *r) {
    return r->pending_at < r->pending_n;
}
/* The next offer; strings live in `a` or the chunk. A record may yield several offers (a page, a
 * list). */
ts_read_result ts_offers_next(ts_offer_reader *r, ts_arena *a, ts_offer *o, ts_error *e);

#endif
