/* packed.h - texts kept against what they resemble: an item's document against one of its batch, a
 * version against the one before, a signed form against a like one and the document it is of.
 * Private to store/.
 *
 * A text is packed with zstd (RFC 8878), the resembling text as its prefix; a token's header and
 * payload are decoded first, its signature stands as it is. What is read back is what was written,
 * to the byte: it is unpacked when it is written, and kept whole where that does not give the same.
 */
#ifndef TS_STORE_PACKED_H
#define TS_STORE_PACKED_H

#include "sql.h"

enum {
    STORE_TEXT_MAX = 32 << 20, /* bytes of one document or signed form */
    STORE_DEPTH_MAX = 6,       /* texts that have to be unpacked one after the other for one */
};

/* The packed form of `text`; empty where it is not smaller than the text, or does not give it
 * again. Lives in `a`, with what was needed to make it. */
ts_str store_pack(ts_store *s, ts_arena *a, ts_str text, ts_str prefix);
bool store_unpack(ts_store *s, ts_arena *a, ts_str packed, ts_str prefix, ts_str *text,
                  ts_error *e);
bool store_damaged(ts_store *s, ts_error *e); /* the error that says so */
/* What a signed form is packed against: a like one (its token decoded; may be empty), and then the
 * document it is of. */
ts_str store_signed_prefix(ts_arena *a, ts_str like, ts_str document);

/* Texts that were read or written lately, by table and row. They never change; a row that was
 * rolled back is forgotten with all others. */
typedef enum { STORE_DOCUMENT, STORE_SECURED } store_text_kind;
bool store_recent(ts_store *s, store_text_kind kind, int64_t row, ts_str *text);
void store_keep_recent(ts_store *s, store_text_kind kind, int64_t row, ts_str text);
void store_forget_recent(ts_store *s);

/* Contexts and room, made with the store and given back with it. */
bool store_packing_open(ts_store *s, ts_error *e);
void store_packing_close(ts_store *s);

#endif
