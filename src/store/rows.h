/* rows.h - what the tables of passports share: words kept once, identifiers in few bytes, the texts
 * behind a row. Private to store/. */
#ifndef TS_STORE_ROWS_H
#define TS_STORE_ROWS_H

#include "packed.h"
#include "passports.h"

/* The number of a text that repeats from row to row; 0 for the empty one. Made when it is not
 * there. */
bool store_word(ts_store *s, ts_str text, int64_t *number, ts_error *e);
/* SQL for the text of a word's number; NULL for 0. */
#define STORE_WORD(number) "(SELECT text FROM word WHERE number = " number ")"

/* An identifier as a column without a type holds it: "urn:uuid:" with its hexadecimal digits in
 * lower case as 16 bytes, any other as text. The order is that of the texts among either kind. */
void sql_id(sql *q, ts_str id);
ts_str sql_get_id(sql *q, ts_arena *a, int column);
/* Hexadecimal digits in lower case as bytes, anything else as text. */
void sql_hex(sql *q, ts_str digits);
ts_str sql_get_hex(sql *q, ts_arena *a, int column);

/* The passport's number in the store, which never changes; 0 when it is not there. */
bool store_passport_number(ts_store *s, ts_str id, int64_t *number, ts_error *e);

/* The document of a row of passport_version; the signed bytes of a row of passport_secured. */
bool store_document(ts_store *s, ts_arena *a, int64_t row, ts_str *text, ts_error *e);
bool store_signed(ts_store *s, ts_arena *a, int64_t row, ts_str *text, ts_error *e);

/* One row of theirs, by its number. */
bool store_secured_row(ts_store *s, ts_arena *a, int64_t row, ts_secured_row *out, bool *found,
                       ts_error *e);
bool store_list_version(ts_store *s, ts_arena *a, int64_t row, ts_list_row *out, bool *found,
                        ts_error *e);

bool store_list_known(ts_store *s, ts_str url, bool *known, ts_error *e);

/* A text as it goes into its row: `packed` binds what it is. */
typedef struct store_put {
    int64_t base, depth;
    ts_str packed; /* empty: the text stands whole */
    ts_str text;
} store_put;
void sql_put(sql *q, const store_put *p);

/* Carries passports over from the tables of older stores. Within the transaction that migrates. */
bool store_move_passports(ts_store *s, ts_error *e);

#endif
