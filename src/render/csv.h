/* csv.h - CSV rows (RFC 4180), and safe in spreadsheets. */
#ifndef TS_RENDER_CSV_H
#define TS_RENDER_CSV_H

#include "base/base.h"

/* One row with CRLF. A cell that a spreadsheet would take for a formula (it starts with = + - @ or
 * a control character) gets an apostrophe in front, unless it is a plain number; NUL becomes a
 * blank. */
void ts_csv_row(ts_buf *b, const ts_str *cells, size_t n);

#endif
