/* gazette.h - what authorities publish, as notices. The room's public header.
 *
 * Formats are detected from the content, said aloud, and never guessed silently: what is not
 * recognised is refused with the list of what is. A record that is wrong is named (file, line or
 * record) and left out; the rest is read. What cannot go on (unreadable file, damaged compression)
 * ends the reading with the reason; what came before stands.
 */
#ifndef TS_GAZETTE_GAZETTE_H
#define TS_GAZETTE_GAZETTE_H

#include "format/format.h"
#include "product/product.h"

#include "report_list.h"

typedef enum {
    TS_NF_UNKNOWN,
    TS_NF_TOUCHSTONE,         /* our own JSONL: docs/formats.md, "notice" */
    TS_NF_SAFETY_GATE_XML,    /* weekly report of the Safety Gate */
    TS_NF_SAFETY_GATE_ODS,    /* OpenDataSoft export (healthref-europe-rapex-en), JSON or CSV */
    TS_NF_SAFETY_GATE_PORTAL, /* the portal's own JSON record, nested or flattened */
    TS_NF_RAPEX_WEEKLY,       /* RAPEX weekly overviews 2009-2012 as a table (CSV or JSONL) */
    TS_NF_SAFETY_GATE_TABLE,  /* alert table with barcode, batch and production-date columns
                                 (2022-2024) */
    TS_NF_CPSC_REST,          /* saferproducts.gov REST, JSON */
    TS_NF_CPSC_EXPORT,        /* cpsc.gov/Recalls export, 22 columns (CSV or JSONL) */
    TS_NF_CPSC_ARCHIVE, /* older CPSC list: recall_number, manufacturers, product_types, upcs */
    TS_NF_RAPPELCONSO,  /* rappel.conso.gouv.fr, V1 and V2 field names (JSON or CSV) */
    TS_NF_TEMPLATE,     /* the template for authorities without a feed, en/de/zh (CSV or JSONL) */
    TS_NF_AGGREGATE,    /* several agencies in one normalised list (JSON) */
    TS_NF_COUNT
} ts_notice_format;

const char *ts_notice_format_name(ts_notice_format f);    /* "safety_gate_xml" */
const char *ts_notice_format_says(ts_notice_format f);    /* one line for people */
ts_notice_format ts_notice_format_by_name(const char *s); /* TS_NF_UNKNOWN when there is none */

typedef struct ts_notice_reader ts_notice_reader;

typedef struct ts_notice_options {
    ts_notice_format format; /* TS_NF_UNKNOWN = detect */
} ts_notice_options;

/* Opens a file ("-" = standard input, gzip and zstd seen through) and detects its format. The
 * reader's state lives in `a`. An empty input, or an empty JSON list, is a reader without notices.
 * NULL with TS_E_IO, or TS_E_INPUT with the list of formats. */
ts_notice_reader *ts_notices_open(ts_arena *a, const char *path, ts_notice_options o, ts_error *e);
ts_notice_reader *ts_notices_memory(ts_arena *a, ts_str bytes, const char *name,
                                    ts_notice_options o, ts_error *e);
void ts_notices_close(ts_notice_reader *r);
ts_notice_format ts_notices_format(const ts_notice_reader *r);
/* The next notice, sealed; its strings live in `a`. On BAD and FAILED `e` names file and record. */
ts_read_result ts_notices_next(ts_notice_reader *r, ts_arena *a, ts_notice *n, ts_error *e);
/* How many records so far held bytes that are not UTF-8 and were replaced, and the line or number
 * of the first. */
uint64_t ts_notices_mended(const ts_notice_reader *r, uint64_t *line);
/* Compressed bytes read and in all, for progress. */
void ts_notices_progress(const ts_notice_reader *r, uint64_t *done, uint64_t *total);

/* Text that is UTF-8 read as MacRoman, Windows-1252 or Latin-1 put right ("Children‚Äôs" to
 * "Children’s"); s itself when there is nothing to mend. */
ts_str ts_mojibake_repair(ts_arena *a, ts_str s);

/* Adds what prose states of lots, serials and dates to *s (text/mention.h does the reading).
 * `us_dates`: 03/04 is 4 March. Used for notices and for offers. */
void ts_scope_read(ts_arena *a, ts_str prose, bool us_dates, ts_scope *s);

#endif
