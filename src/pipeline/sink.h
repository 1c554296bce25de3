/* sink.h - where leads go: JSON lines, CSV, a table, an HTML report, a store. One writer thread
 * calls a sink, in the order of the offers.
 */
#ifndef TS_PIPELINE_SINK_H
#define TS_PIPELINE_SINK_H

#include "lead_out.h"
#include "store/store.h"

typedef struct ts_sink ts_sink;
struct ts_screen_summary;

struct ts_sink {
    bool (*lead)(ts_sink *s, const ts_lead_record *r, ts_error *e);
    /* Once, after the last lead. */
    bool (*finish)(ts_sink *s, const struct ts_screen_summary *sum, ts_error *e);
    /* An item that is one of its kind was seen in an offer. NULL: it is not kept. */
    bool (*seen)(ts_sink *s, const ts_sighting *x, ts_error *e);
};

typedef enum { TS_OUT_JSONL, TS_OUT_JSON, TS_OUT_CSV, TS_OUT_TABLE, TS_OUT_HTML } ts_out_format;
/* False when it is none of jsonl, json, csv, table, html. */
bool ts_out_format_by_name(const char *s, ts_out_format *f);

/* Writes to a descriptor. `top` limits table and HTML to the likeliest so many leads (0 = 200 and
 * 5,000). Lives in `a`. */
ts_sink *ts_sink_out(ts_arena *a, ts_out_format f, int fd, const ts_catalogue *c, size_t top);
/* CSV with columns on the passport that an offer shows. */
void ts_sink_show_passports(ts_sink *s);
/* Upserts into the store, group commit every 1,000 leads or second. `run` is the run's number. */
ts_sink *ts_sink_store(ts_arena *a, ts_store *s, int64_t run, const ts_catalogue *c);
uint64_t ts_sink_store_fresh(const ts_sink *s); /* leads that were not there before */
/* Both, one after the other. */
ts_sink *ts_sink_both(ts_arena *a, ts_sink *first, ts_sink *second);

/* Leads, as JSON and ranked, as a table for a terminal and as one self-contained HTML page
 * (sortable and filterable, matching words marked, no outside assets). `all` is how many there were
 * before the cut. */
void ts_leads_table(ts_buf *b, ts_arena scratch, const ts_str *json, size_t n, uint64_t all,
                    const ts_catalogue *c);
void ts_leads_report(ts_buf *b, ts_arena scratch, const ts_str *json, size_t n, uint64_t all,
                     const struct ts_screen_summary *sum, const ts_catalogue *c);
/* One lead in full, for a terminal. `scratch` must not be where b grows; the same holds for the two
 * above. */
void ts_lead_show(ts_buf *b, ts_arena scratch, ts_str json, const ts_catalogue *c);

#endif
