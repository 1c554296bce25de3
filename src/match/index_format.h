/* index_format.h - the layout of the index block. Private to match/.
 *
 *   header | sections, each aligned to 64 bytes, in the order of ix_section
 *
 * All numbers are little-endian. Offsets count elements of the section unless they say bytes.
 */
#ifndef TS_MATCH_INDEX_FORMAT_H
#define TS_MATCH_INDEX_FORMAT_H

#include "index.h"
#include "side.h"

#define IX_MAGIC "TSNIDX\r\n"
enum {
    IX_VERSION = 6
}; /* raised with every change of layout, of folding, tokens, profiles or weights */

typedef enum {
    IX_TERMS,      /* ix_term */
    IX_SLOTS,      /* ix_slot: hash table over terms, power of two */
    IX_FILTER,     /* bits: a key whose two bits are not both set is no term */
    IX_POSTINGS,   /* uint32_t notice numbers, ascending within a term */
    IX_WEIGHTS,    /* uint8_t[WORDS_SIZE]: words.h */
    IX_FORWARD,    /* uint32_t: term number | IX_PART */
    IX_NOTICES,    /* ix_notice */
    IX_BRANDS,     /* ix_key */
    IX_MODELS,     /* ix_key */
    IX_TYPES,      /* uint16_t: type | IX_HEAD */
    IX_QUANTITIES, /* ix_quantity */
    IX_IDENTS,     /* uint64_t: term keys of identifiers and of the notice's number */
    IX_SKETCHES,   /* sketch, one after the other */
    IX_TYPOS, /* ix_slot: hash table from spellings with a letter left out to terms, power of two */
    IX_TYPO_FILTER,
    IX_STRINGS, /* bytes: texts of brands and model keys */
    IX_JSON,    /* bytes: the notices as JSON */
    IX_SECTIONS
} ix_section;

#define IX_PART 0x80000000u /* forward: word of a brand of several words */

typedef struct ix_header {
    char magic[8];
    uint32_t version, byte_order; /* 0x01020304 as the writer saw it */
    uint64_t size;                /* of the whole block */
    ts_digest checksum;           /* ix_checksum */
    ts_digest lexicon, notices;
    uint32_t notice_count, term_count, slot_count, typo_count; /* slot counts are powers of two */
    uint32_t filter_bits, typo_filter_bits;                    /* powers of two */
    struct {
        uint64_t at, bytes;
    } section[IX_SECTIONS];
} ix_header;

typedef struct ix_term {
    uint32_t first, n; /* postings; n = 0 for terms that lead nowhere by themselves */
    uint32_t df;       /* notices that have it */
    uint8_t weight;    /* quarter bits */
    uint8_t cls;       /* term_class */
    uint16_t spare;
} ix_term;

typedef struct ix_slot {
    uint32_t tag;  /* upper half of the key */
    uint32_t term; /* number + 1; 0 = free */
} ix_slot;

typedef struct ix_notice {
    uint64_t json;
    uint64_t sketch; /* bytes into IX_SKETCHES */
    uint32_t json_n, forward, brands, models, types, quantities, idents;
    uint32_t variants; /* variant_words */
    uint16_t forward_n, brands_n, models_n, types_n, quantities_n, idents_n;
    uint8_t counterfeit, goes_with;
    uint16_t spare;
} ix_notice;

static inline const ix_header *ix_head(const ts_index *ix) {
    return (const ix_header *)(const void *)ix->bytes.p;
}
static inline const void *ix_at(const ts_index *ix, ix_section s) {
    return ix->bytes.p + ix_head(ix)->section[s].at;
}

/* Of the whole block, with the digest of what follows the header in the place of the checksum. */
static inline ts_digest ix_checksum(ts_str block) {
    ix_header h;
    memcpy(&h, block.p, sizeof h);
    h.checksum = ts_digest_of(ts_str_from(block, sizeof h));
    return ts_digest_of((ts_str){(const char *)&h, sizeof h});
}

/* One notice as the side of a comparison. */
notice_side ix_side(const ts_index *ix, uint32_t i);

/* Number of the term with that key, or UINT32_MAX. */
static inline uint32_t ix_find(const ix_slot *slots, uint32_t count, uint64_t key) {
    uint32_t tag = (uint32_t)(key >> 32);
    for (uint32_t i = (uint32_t)key & (count - 1); slots[i].term; i = (i + 1) & (count - 1))
        if (slots[i].tag == tag) return slots[i].term - 1;
    return UINT32_MAX;
}
static inline bool ix_filter_has(const uint64_t *f, uint32_t bits, uint64_t key) {
    uint32_t a = (uint32_t)(key >> 11) & (bits - 1), b = (uint32_t)(key >> 37) & (bits - 1);
    return (f[a >> 6] >> (a & 63) & 1) && (f[b >> 6] >> (b & 63) & 1);
}

/* Begins to load what ix_filter_has will look at. */
static inline void ix_filter_fetch(const uint64_t *f, uint32_t bits, uint64_t key) {
    __builtin_prefetch(&f[((uint32_t)(key >> 11) & (bits - 1)) >> 6]);
    __builtin_prefetch(&f[((uint32_t)(key >> 37) & (bits - 1)) >> 6]);
}

/* Spellings of a word with one letter left out, and the word itself: calls put for each key. */
static inline size_t typo_keys(ts_str word, term_class c, uint64_t out[TYPO_MAX + 1]) {
    char buf[TYPO_MAX + 1];
    if (word.n < TYPO_MIN || word.n > TYPO_MAX) return 0;
    size_t n = 0;
    out[n++] = term_key(c, ts_token_hash(word.p, word.n) ^ 0x7479706full);
    for (size_t i = 0; i < word.n; i++) {
        if ((unsigned char)word.p[i] >= 0x80) return 0;
        if (i && word.p[i] == word.p[i - 1]) continue; /* the same spelling again */
        memcpy(buf, word.p, i);
        memcpy(buf + i, word.p + i + 1, word.n - i - 1);
        out[n++] = term_key(c, ts_token_hash(buf, word.n - 1) ^ 0x7479706full);
    }
    return n;
}

#endif
