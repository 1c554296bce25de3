/* table.h - text for a terminal: columns that line up, with Chinese characters two cells wide. */
#ifndef TS_RENDER_TABLE_H
#define TS_RENDER_TABLE_H

#include "base/base.h"

/* Terminal cells a string takes: 2 for East Asian wide characters and emoji, 0 for combining marks,
 * 1 for the rest. */
size_t ts_cells(ts_str s);
/* Puts s into exactly `width` cells: cut with an ellipsis, or filled with blanks. Control
 * characters and line separators become blanks, malformed bytes U+FFFD; signs that turn the
 * direction of writing are left out. */
void ts_cell_put(ts_buf *b, ts_str s, size_t width, bool right);

typedef struct ts_column {
    ts_str title;
    size_t width; /* 0: as wide as its content, up to `most` */
    size_t most;
    bool right;
} ts_column;

/* A whole table of at most 32 columns, those behind are left out; cells[row * n + column]. */
void ts_table(ts_buf *b, const ts_column *columns, size_t n, const ts_str *cells, size_t rows);
/* Width of the terminal on standard output, 100 when it is none. */
size_t ts_terminal_width(void);

#endif
