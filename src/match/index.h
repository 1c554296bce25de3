/* index.h - the notice index: everything about the notices that an offer is compared with, in one
 * read-only block.
 *
 * The block is the same bytes in memory and in a file, little-endian, with a magic number, a
 * version, the digests of notices and lexicon it was made from, and a checksum over all of it. It
 * is mapped, checked once, and shared by all threads. It is derived, never truth: a mismatch means
 * rebuild. It holds statistics of words among notices, and no weights of any scorer.
 *
 * Sections: terms with their postings and a hash table to find them; for each notice its terms
 * ("forward"), brands, model keys, types, quantities; spellings with one letter left out, to find
 * words with a typing error; the notices as JSON.
 */
#ifndef TS_MATCH_INDEX_H
#define TS_MATCH_INDEX_H

#include "product/product.h"

typedef struct ts_index {
    ts_str bytes;       /* the whole block */
    ts_mapping mapping; /* when it came from a file */
} ts_index;

/* Building: add notices, then finish. Not thread-safe. */
typedef struct ts_index_builder ts_index_builder;
ts_index_builder *ts_index_builder_new(ts_arena *a);
void ts_index_builder_free(ts_index_builder *b);
/* Copies what it needs of `n`. A notice whose id was added before takes the place of the earlier
 * one unless it is older (by the day it was modified or published; the later one added wins where a
 * day is missing). A withdrawn notice takes its earlier versions out. */
void ts_index_add(ts_index_builder *b, const ts_notice *n);
/* Notices in it, and withdrawn ones, which are not. */
size_t ts_index_added(const ts_index_builder *b);
size_t ts_index_withdrawn(const ts_index_builder *b);
/* Makes the block in memory of the builder's own; it lives until ts_index_builder_free. */
bool ts_index_finish(ts_index_builder *b, ts_index *out, ts_error *e);

/* Writes the block as a file, whole or not at all. */
bool ts_index_write(const ts_index *ix, const char *path, ts_error *e);
/* Maps and checks a file. TS_E_VERSION when another version, lexicon or byte order made it,
 * TS_E_INPUT when it is damaged: rebuild in both cases. */
bool ts_index_open(ts_index *ix, const char *path, ts_error *e);
void ts_index_close(ts_index *ix);

uint32_t ts_index_notices(const ts_index *ix);
uint32_t ts_index_terms(const ts_index *ix);
/* Digest of the set of notices in it (ts_notice_set_toggle). */
ts_digest ts_index_digest(const ts_index *ix);
/* The i-th notice, its strings pointing into `a` and the index (long prose is shortened in the
 * index). */
bool ts_index_notice(const ts_index *ix, uint32_t i, ts_arena *a, ts_notice *out, ts_error *e);

#endif
