/* split.h - cuts a stream into pieces that hold whole records, without parsing them. */
#ifndef TS_FORMAT_SPLIT_H
#define TS_FORMAT_SPLIT_H

#include "base/base.h"

typedef enum {
    TS_SPLIT_LINES,  /* one record per line */
    TS_SPLIT_VALUES, /* JSON values: an array's elements, or one after the other */
    TS_SPLIT_ROWS,   /* CSV rows: quoted fields may hold line ends */
    TS_SPLIT_WHOLE,  /* the whole input is one record */
} ts_split_mode;

enum {
    TS_SPLIT_RECORD_MAX = 8 << 20, /* a longer line, value or row is left out and named */
    TS_SPLIT_ROW_MAX = 1 << 20, /* the same for CSV rows: a quote that is never closed ends here */
    TS_SPLIT_WHOLE_MAX = 256 << 20,
};

typedef struct ts_splitter {
    ts_input *in;
    ts_split_mode mode;
    char delimiter;    /* ROWS */
    bool array;        /* VALUES: inside one top-level array */
    bool opened, done; /* VALUES: '[' was seen; ']' was seen */
    char *held;        /* bytes read but not handed out yet */
    size_t held_n, held_cap;
    bool eof;
    bool failed; /* reading failed; said once what came before was handed out */
    ts_error failure;
    uint64_t line;   /* 1-based line at which held[0] stands (LINES and ROWS) */
    uint64_t record; /* records handed out (VALUES) */
} ts_splitter;

/* Takes over `in`; `a` is the ts_splitter's lifetime. */
void ts_split_start(ts_arena *a, ts_splitter *s, ts_input *in);
/* Makes at least `want` bytes visible in s->held if there are as many; for detection. */
void ts_split_peek(ts_splitter *s, size_t want);

typedef struct ts_split_piece {
    ts_str bytes;   /* whole records; VALUES: separated by commas or white space */
    uint64_t first; /* LINES, ROWS: line of the first byte; VALUES: number of the first record */
} ts_split_piece;

/* The next piece of about `target` bytes, copied into `a`. False at the end. What had to be left
 * out is added to `problems` (a list of ts_error in `a`). When the input fails, the last whole
 * records come first, and the next call gives false with s->failed set. */
typedef struct ts_split_problems {
    ts_error *v;
    size_t n, cap;
} ts_split_problems;
bool ts_split_next(ts_splitter *s, ts_arena *a, size_t target, ts_split_piece *out,
                   ts_split_problems *problems);

/* ---- walking a piece ---- */

/* The next line (without its end) from *rest; skips nothing. False when none is left. */
bool ts_split_line(ts_str *rest, ts_str *line);
/* The next value from *rest, over commas and white space. */
bool ts_split_value(ts_str *rest, ts_str *value);
/* One CSV row from *rest into fields (unquoted into `a` where needed); *lines is how many line ends
 * it took. */
bool ts_split_row(ts_arena *a, char delimiter, ts_str *rest, ts_strs *fields, uint64_t *lines);

/* What separates fields in the first row of `head`: the one of comma, tab, semicolon and bar that
 * stands there most often. */
char ts_split_delimiter(ts_arena scratch, ts_str head);

#endif
