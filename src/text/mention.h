/* mention.h - codes and dates that prose names: model, lot, serial and trade item numbers, dates of
 * production and sale, each with the label that says what it is.
 *
 *   "Model No: 901, SKU: GEBA030AGXP … Date of Production: November 2025"
 *   → MODEL 901 · MODEL GEBA030AGXP · MADE 2025-11-01..2025-11-30
 */
#ifndef TS_TEXT_MENTION_H
#define TS_TEXT_MENTION_H

#include "date.h"
#include "lexicon.h"

typedef enum {
    TS_MENTION_NONE,
    TS_MENTION_MODEL,
    TS_MENTION_LOT,
    TS_MENTION_SERIAL,
    TS_MENTION_GTIN, /* digits as written, with their blanks */
    TS_MENTION_MADE,
    TS_MENTION_SOLD,
} ts_mention_kind;

typedef struct ts_mention {
    ts_mention_kind kind;
    ts_str from; /* the code as written, upper case for lots and serials; empty for dates */
    ts_str to;   /* other end of a range; empty for a single code */
    ts_date_span days;
} ts_mention;

typedef struct ts_mentions {
    ts_mention *v;
    size_t n, cap;
} ts_mentions;

/* Adds what `text` mentions. Codes and dates without a label of their own count as `unlabelled`
 * (use NONE for running prose, MODEL for a "type / model" field, LOT for a batch field, MADE for a
 * field of production dates …). `us_dates` reads 03/04/2024 as 4 March. Strings are in `a` or point
 * into `text`. */
void ts_mentions_read(ts_arena *a, ts_str text, ts_mention_kind unlabelled, bool us_dates,
                      ts_mentions *out);

#endif
