#include "csv.h"

/* Some spreadsheets take the full-width signs for the others. */
static bool formula(ts_str s) {
    static const char *const wide[] = {"＝", "＋", "－", "＠"};
    double ignored;
    for (int i = 0; i < 4; i++)
        if (ts_str_starts(s, ts_str_c(wide[i]))) return true;
    if (!s.n || (!memchr("=+-@", s.p[0], 4) && (unsigned char)s.p[0] >= 0x20)) return false;
    return !ts_f64_parse(s, &ignored);
}

static void cell(ts_buf *b, ts_str s) {
    bool quote = formula(s);
    for (size_t i = 0; i < s.n && !quote; i++)
        quote = !s.p[i] || s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r' ||
                s.p[i] == ';';
    if (!quote) {
        ts_buf_put(b, s);
        return;
    }
    ts_buf_c(b, '"');
    if (formula(s)) ts_buf_c(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') ts_buf_c(b, '"');
        ts_buf_c(b, s.p[i] ? s.p[i] : ' ');
    }
    ts_buf_c(b, '"');
}

void ts_csv_row(ts_buf *b, const ts_str *cells, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (i) ts_buf_c(b, ',');
        cell(b, cells[i]);
    }
    ts_buf_lit(b, "\r\n");
}
