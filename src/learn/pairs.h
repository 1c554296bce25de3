/* pairs.h - labelled pairs of products: reading them, and splitting them by product. Private to
 * learn/.
 *
 * A pair file has one JSON object per line:
 *
 *   {"left": {id, title, brand, desc, price, model, cat, cur, gtin, lang, cluster}, "right": {...},
 *    "label": 0 or 1, "kind": "..."}
 *
 * On the left, `brand` and `model` may be several, separated by '|', and where it is a notice, it
 * may have its `number` and be `counterfeit` (true). On the right, `notices` may list the numbers
 * of notices that the offer itself names. `gtin` may be several.
 *
 * A record is what it says: records with the same texts are one, whatever they are called. `id` is
 * passed over, like every other member not named here. `cluster` says which records are the same
 * product, for splitting alone; it is no evidence, and pair_record does not carry it to where
 * features are made.
 *
 * Values are text or numbers (taken as they are written), `notices` also a list of these; null and
 * anything else is empty.
 */
#ifndef TS_LEARN_PAIRS_H
#define TS_LEARN_PAIRS_H

#include "match/match.h"

enum { PAIR_LINE_MAX = 1 << 20 /* bytes */, PAIR_NO_LABEL = 2 };

/* What may be compared. Empty strings are "not said". */
typedef struct pair_record {
    ts_str title, brand, desc, price, model, cat, cur;
    ts_str gtin;      /* trade item numbers and the like, if the record has any */
    ts_str lang;      /* "de", as stated; empty: not stated */
    ts_str number;    /* the authority's own, where the record is a notice */
    ts_str notices;   /* that an offer names, separated by " | " */
    bool counterfeit; /* a notice about imitations */
} pair_record;

typedef struct labelled_pair {
    uint32_t left, right; /* records */
    uint8_t label;        /* 0 or 1; PAIR_NO_LABEL = the file gives none */
    uint8_t fold;         /* for the caller, after pairs_folds; 0 when read */
    ts_str kind;          /* as stated */
} labelled_pair;

typedef struct record_pair {
    uint32_t first, other;
} record_pair;

typedef struct pairs {
    struct {
        pair_record *v;
        size_t n, cap;
    } records; /* each different record once (where DIR has tables: once per side) */
    struct {
        uint32_t *v;
        size_t n, cap;
    } product; /* per record: the product it is known to be (pairs_products): its first record */
    struct {
        labelled_pair *v;
        size_t n, cap;
    } list;
    size_t table_a, table_b; /* records [0, table_a) are tableA's, [table_a, table_a + table_b)
                                tableB's, each different one once; both 0 when they were not read */
    bool tables;             /* DIR has tableA/tableB: left records are A's, right ones B's */

    /* For pairs_read, pairs_products and pairs_folds alone. */
    ts_map known[2]; /* per side: all that a record says -> its number */
    ts_map cluster;  /* a cluster -> the first record seen with it */
    struct {
        record_pair *v;
        size_t n, cap;
    } same; /* records of one cluster: its first one, and another */
    struct {
        uint64_t *v;
        size_t n, cap;
    } key; /* per record: a hash of its product's texts */
} pairs;

/* Reads DIR/SPLIT.jsonl and, with `tables`, before it DIR/tableA.jsonl and DIR/tableB.jsonl where
 * they are. Adds to *out (call it for several splits of the same DIR; tables are read once, with
 * the first). A record is known by all its texts, and by its side when DIR has tables, read or not:
 * a pair's record that says what one of the tables says is that one. Blank lines are passed over.
 * The file may be gzip or zstd inside, have a byte order mark and lines that end in CR LF. Strings
 * live in `a`, which also gives 32 MiB to work in.
 * Errors name file and line: TS_E_INPUT for a line that is no pair (what is missing) and for a file
 * that holds none, TS_E_LIMIT for a line over PAIR_LINE_MAX, TS_E_IO; TS_E_USAGE for tables asked
 * for after other records. *out is of no use after an error. */
bool pairs_read(ts_arena *a, const char *dir, const char *split, bool tables, pairs *out,
                ts_error *e);

/* Adds the pair of one line (without its end). Nothing of `line` is kept. */
bool pairs_add_line(ts_arena *a, ts_arena scratch, ts_str line, pairs *out, ts_error *e);

/* Which splits a folder has, in byte order, separated by ", " (for errors and for choosing): names
 * of its *.jsonl without the ending, the tables left out; 64 at most. Empty when it has none or
 * cannot be read. */
ts_str pairs_splits(ts_arena *a, const char *dir);
bool pairs_has_split(const char *dir, const char *split);

/* Sets product[] of every record: records with the same non-empty cluster, and records joined by a
 * pair with label 1, are one product (connected components). A record that comes with several
 * clusters joins them. Again after every pairs_read. */
void pairs_products(ts_arena *a, pairs *p);

/* Puts each product into one of `folds` folds (1 to 256), by a hash of the seed and its records'
 * texts (the one whose hash is least, so that it does not depend on the order of the file). After
 * pairs_products. record_fold[records.n]. */
void pairs_folds(const pairs *p, unsigned folds, uint64_t seed, uint8_t *record_fold);

#endif
