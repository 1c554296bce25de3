#include "table.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static size_t cells_of(uint32_t c) {
    if (c < 0x300) return 1;
    bool mark = (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F) ||
                (c >= 0x20D0 && c <= 0x20FF);
    if (mark) return 0;
    bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0x303E) || (c >= 0x3041 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
                (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) ||
                (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
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
        if (c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0)) ts_buf_c(b, ' ');
        else ts_buf_put(b, (ts_str){s.p + at, i - at});
        used += k;
    }
    if (all > width && width > 0) ts_buf_lit(b, "…"), used++;
    if (!right || all > width)
        for (; used < width; used++) ts_buf_c(b, ' ');
}

void ts_table(ts_buf *b, const ts_column *columns, size_t n, const ts_str *cells, size_t rows) {
    size_t width[32];
    if (n > 32) n = 32;
    for (size_t c = 0; c < n; c++) {
        width[c] = columns[c].width ? columns[c].width : ts_cells(columns[c].title);
        for (size_t r = 0; r < rows && !columns[c].width; r++) {
            size_t k = ts_cells(cells[r * n + c]);
            if (k > columns[c].most) k = columns[c].most;
            if (k > width[c]) width[c] = k;
        }
    }
    for (size_t r = 0; r <= rows; r++) {
        for (size_t c = 0; c < n; c++) {
            if (c) ts_buf_lit(b, "  ");
            ts_cell_put(b, r ? cells[(r - 1) * n + c] : columns[c].title, c + 1 == n && !columns[c].right ? 0 : width[c], columns[c].right);
            if (c + 1 == n && !columns[c].right) { /* the last column is not filled up */
                ts_str last = r ? cells[(r - 1) * n + c] : columns[c].title;
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
