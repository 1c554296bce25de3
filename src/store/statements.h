/* statements.h - what others than the issuer say of a passport's safety: an authority's statement
 * beside the issuer's own, and what was said against it. Append-only: lifting and contesting are
 * further rows. Each adds an entry to the log. */
#ifndef TS_STORE_STATEMENTS_H
#define TS_STORE_STATEMENTS_H

#include "database.h"

typedef struct ts_statement_row {
    ts_str id;       /* of the credential that states it: "urn:uuid:…" */
    ts_str kind;     /* "recalled", "warning", "withdrawn"; "contested", "lifted" */
    ts_str about;    /* statement that is contested or lifted; empty otherwise */
    ts_str passport; /* model, batch or item: what it is about; of what is contested or lifted the
                        same. Items are also reached through their batch and model */
    ts_str notice;   /* id of the notice; may be empty */
    ts_str by, by_name; /* DID and name of who says so */
    int64_t at;         /* UTC seconds */
    ts_str bytes;       /* the signed credential, as received */
} ts_statement_row;
typedef struct ts_statement_rows {
    ts_statement_row *v;
    size_t n, cap;
} ts_statement_rows;

/* *fresh false: it is there already, as it came. TS_E_INPUT where another one has that id. Within a
 * transaction. */
bool ts_store_add_statement(ts_store *s, const ts_statement_row *row, bool *fresh, ts_error *e);
/* About a passport itself, what answers them included, in the order in which they came. */
bool ts_store_statements(ts_store *s, ts_arena *a, ts_str passport, ts_statement_rows *out,
                         ts_error *e);
bool ts_store_statement(ts_store *s, ts_arena *a, ts_str id, ts_statement_row *out, bool *found,
                        ts_error *e);

/* Private to store/: the row as the body of its log entry, and back. */
ts_str store_statement_body(ts_arena *a, const ts_statement_row *row);
bool store_statement_of(const ts_json *body, ts_statement_row *out, ts_error *e);

#endif
