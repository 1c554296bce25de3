/* affected_index.h - the passports as a notice asks for them: one table, derived from the store,
 * mapped or in memory. Private to host/.
 *
 * Records (passports, and parts that are known by their identifier alone) stand grouped in classes:
 * those of one class state the same but for their serials. A notice is held against each class
 * once. STORE.passports.idx is the table as one file: a head, then the sections it names, in the
 * machine's own byte order; the digest in the head is of all that stands behind it.
 */
#ifndef TS_HOST_AFFECTED_INDEX_H
#define TS_HOST_AFFECTED_INDEX_H

#include "passport/passport.h"
#include "store/store.h"

enum { AX_VERSION = 2, AX_NONE = 0 };

typedef struct ax_word {
    uint32_t at, n;
} ax_word;

/* What identifies a product: numbers of words. */
typedef struct ax_fact {
    uint32_t gtin, brand, model, name, maker;
} ax_fact;

typedef struct ax_class {
    uint32_t model, batch; /* 1 + record they belong to; 0 = none is here */
    uint32_t fact, lot;
    int32_t made;
    uint32_t part; /* of a part without a passport here: the word that names it; else 0 */
    uint8_t grain, sealed, spare[2];
    uint32_t first, n; /* records */
} ax_class;

typedef struct ax_record {
    uint32_t number; /* in the store; 0 = a part without a passport here */
    uint32_t serial; /* place among the serials; 0 = none */
} ax_record;

/* `source` is made of, or comes from, `target`; by target. */
typedef struct ax_edge {
    uint32_t target, source, predecessor;
} ax_edge;

typedef enum {
    AX_WORDS,
    AX_TEXT,
    AX_FACTS,
    AX_CLASSES,
    AX_RECORDS,
    AX_EDGES,
    AX_SERIALS, /* two bytes of length, then the serial */
    AX_SECTIONS
} ax_section;

typedef struct ax_head {
    char magic[8];
    uint32_t version, sections;
    int64_t mark;      /* of the store's places */
    uint64_t log_size; /* of the store's log, and its hash there: it is this store */
    uint8_t log_hash[32];
    uint64_t passports;
    uint64_t at[AX_SECTIONS], n[AX_SECTIONS]; /* bytes behind the file's beginning; elements */
    uint64_t size;
    ts_digest digest;
} ax_head;

typedef struct ax_index {
    ax_head head;
    const ax_word *words; /* [0] is empty */
    const char *text;
    const ax_fact *facts;
    const ax_class *classes;
    const ax_record *records;
    const ax_edge *edges;
    const uint8_t *serials;
    ts_mapping mapping; /* empty: in memory, in `room` */
    ts_arena room;
} ax_index;

static inline ts_str ax_text(const ax_index *x, uint32_t word) {
    return (ts_str){x->text + x->words[word].at, x->words[word].n};
}
ts_str ax_serial(const ax_index *x, uint32_t at);
size_t ax_class_of(const ax_index *x, uint32_t record);

/* The table of the store as it stands: what was kept in the file, when it is of this state, else
 * made anew and kept there; where that cannot be, it is made in memory alone. `memory`: the file is
 * left alone. The store is held meanwhile. */
bool ax_open(ts_store *s, bool memory, ax_index *out, ts_error *e);
void ax_close(ax_index *x);

/* Makes it in memory; `bytes` gets it as the file has it. */
bool ax_build(ts_arena *a, ts_store *s, ts_str *bytes, ts_error *e);
/* Sets `out` to point into bytes; false where they are no such table, whole and undamaged. */
bool ax_read(ts_str bytes, ax_index *out);

/* A part of which the passport is not here, known by a GS1 identifier alone; false for others. */
bool affected_part(ts_arena *a, ts_str id, ts_place *out);
/* The identifiers of the model and, where there is a lot, the batch it is of; false without a trade
 * item number. */
bool affected_above(ts_arena *a, const ts_place *p, ts_str *model, ts_str *batch);

/* The passports that a component or predecessor means: by id or product; where there is none, the
 * item of this trade item number and serial number, whatever lot either names. */
bool affected_meant(ts_arena *a, ts_store *s, ts_str id, ts_place_numbers *out, ts_error *e);

#endif
