#include "table.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Signs that turn the direction of writing: they would shuffle the columns behind them. */
static bool turns(uint32_t c) {
    return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

typedef struct span {
    uint32_t from, to;
} span;

static bool in_spans(uint32_t c, const span *s, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (c >= s[i].from && c <= s[i].to) return true;
    return false;
}

static size_t cells_of(uint32_t c) {
    static const span marks[] = {{0x300, 0x36F},   {0x200B, 0x200D}, {0x2060, 0x2064},
                                 {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}};
    static const span wide[] = {{0x1100, 0x115F},  {0x2E80, 0x303E}, {0x3041, 0xA4CF},
                                {0xAC00, 0xD7A3},  {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},
                                {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF},
                                {0x20000, 0x3FFFD}};
    if (c < 0x300) return 1;
    if (turns(c) || in_spans(c, marks, sizeof marks / sizeof *marks)) return 0;
    return in_spans(c, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}

size_t ts_cells(ts_str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.n;) n += cells_of(ts_utf8_next(s, &i));
    return n;
}

void ts_cell_put(ts_buf *b, ts_str s, size_t width, bool right) {
    size_t all = ts_cells(s), used = 0, room = all > width && width > 0 ? width - 1 : width;
    if (right && all < width)
        for (size_t i = all; i < width; i++) ts_buf_c(b, ' ');
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        uint32_t c = ts_utf8_next(s, &i);
        size_t k = cells_of(c);
        if (used + k > room) break;
        if (turns(c)) continue;
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029)
            ts_buf_c(b, ' ');
        else if (c == 0xFFFD)
            ts_buf_lit(b, "\xEF\xBF\xBD");
        else
            ts_buf_put(b, (ts_str){s.p + at, i - at});
        used += k;
    }
    if (all > width && width > 0) ts_buf_lit(b, "…"), used++;
    if (!right || all > width)
        for (; used < width; used++) ts_buf_c(b, ' ');
}

void ts_table(ts_buf *b, const ts_column *columns, size_t n, const ts_str *cells, size_t rows) {
    size_t width[32], stride = n;
    if (n > 32) n = 32;
    for (size_t c = 0; c < n; c++) {
        width[c] = columns[c].width ? columns[c].width : ts_cells(columns[c].title);
        for (size_t r = 0; r < rows && !columns[c].width; r++) {
            size_t k = ts_cells(cells[r * stride + c]);
            if (k > columns[c].most) k = columns[c].most;
            if (k > width[c]) width[c] = k;
        }
    }
    for (size_t r = 0; r <= rows; r++) {
        for (size_t c = 0; c < n; c++) {
            if (c) ts_buf_lit(b, "  ");
            ts_cell_put(b, r ? cells[(r - 1) * stride + c] : columns[c].title,
                        c + 1 == n && !columns[c].right ? 0 : width[c], columns[c].right);
            if (c + 1 == n && !columns[c].right) { /* the last column is not filled up */
                ts_str last = r ? cells[(r - 1) * stride + c] : columns[c].title;
                ts_cell_put(b, last, ts_cells(last) < width[c] ? ts_cells(last) : width[c], false);
            }
        }
        ts_buf_c(b, '\n');
    }
}

size_t ts_terminal_width(void) {
    struct winsize w;
    if (ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_col >= 40) return w.ws_col;
    const char *columns = getenv("COLUMNS");
    uint64_t n;
    return columns && ts_u64_parse(ts_str_c(columns), &n) && n >= 40 && n < 1000 ? (size_t)n : 100;
}
