/* events.h - what happened to products: events of their life, in the order in which they were
 * recorded. Append-only; each adds an entry to the log. */
#ifndef TS_STORE_EVENTS_H
#define TS_STORE_EVENTS_H

#include "database.h"

typedef struct ts_event_row {
    ts_str id;   /* eventID of EPCIS */
    ts_str kind; /* "repair" …; "other" for what is kept and not understood further */
    int64_t at;  /* eventTime, UTC seconds */
    int64_t recorded;
    ts_str by;   /* who recorded it: a DID or the name of a token; never empty */
    ts_str body; /* the EPCIS event, as one JSON object, as received */
    struct {
        struct {
            ts_str product; /* canonical identifier of a product, batch or item */
            ts_str role;    /* "subject", "input", "output", "parent", "child" */
        } * v;
        size_t n, cap;
    } about;
} ts_event_row;
typedef struct ts_event_rows {
    ts_event_row *v;
    size_t n, cap;
} ts_event_rows;

/* *fresh false: an event of that id and content is there. TS_E_INPUT when one of that id with other
 * content is. Within a transaction. */
bool ts_store_add_event(ts_store *s, const ts_event_row *row, bool *fresh, ts_error *e);
/* Events about a product in the order of their time, behind `after` (an id; empty = from the
 * start), at most `limit`. Product empty: all, in the order in which they were recorded. */
bool ts_store_events(ts_store *s, ts_arena *a, ts_str product, ts_str after, size_t limit,
                     ts_event_rows *out, ts_error *e);
bool ts_store_event(ts_store *s, ts_arena *a, ts_str id, ts_event_row *out, bool *found,
                    ts_error *e);

/* Private to store/: the row as the body of its log entry, and back; what is read back points into
 * the text that was read, its list lives in `a`. */
ts_str store_event_body(ts_arena *a, const ts_event_row *row);
bool store_event_of(ts_arena *a, const ts_json *body, ts_event_row *out, ts_error *e);

#endif
