#include "render/csv.h"
#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_str row_of(const ts_str *cells, size_t n) {
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_csv_row(&b, cells, n);
    return ts_buf_str(&b);
}

static ts_str cell_of(ts_str s) {
    ts_str row = row_of(&s, 1);
    assert_true(ts_str_ends(row, TS_S("\r\n")));
    return ts_str_to(row, row.n - 2);
}
#define CELL(text, want) assert_str(cell_of(TS_S(text)), want)

static void rows(void **state) {
    (void)state;
    const ts_str three[] = {TS_S("a"), TS_S(""), TS_S("罗马仕")};
    assert_str(row_of(three, 3), "a,,罗马仕\r\n");
    assert_str(row_of(0, 0), "\r\n");
    assert_str(row_of(three, 1), "a\r\n");
}

static void quoting(void **state) {
    (void)state;
    CELL("a b", "a b");
    CELL("a,b", "\"a,b\"");
    CELL("a;b", "\"a;b\""); /* a separator in German spreadsheets */
    CELL("say \"no\"", "\"say \"\"no\"\"\"");
    CELL("\"", "\"\"\"\"");
    CELL("two\nlines", "\"two\nlines\"");
    CELL("two\r\nlines", "\"two\r\nlines\"");
    CELL("", "");
}

/* A spreadsheet must not run what a seller wrote into a title. */
static void formulas_are_text(void **state) {
    (void)state;
    CELL("=1+1", "\"'=1+1\"");
    CELL("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    CELL("+49 30 1234", "\"'+49 30 1234\"");
    CELL("-cmd|' /C calc'!A0", "\"'-cmd|' /C calc'!A0\"");
    CELL("@SUM(A1)", "\"'@SUM(A1)\"");
    CELL("\t=1", "\"'\t=1\"");
    CELL("\r=1", "\"'\r=1\"");
    CELL("\n=1", "\"'\n=1\"");
    CELL("＝1+1", "\"'＝1+1\"");
    CELL("＠SUM", "\"'＠SUM\"");
    CELL("=", "\"'=\"");
    CELL("-", "\"'-\"");
    CELL("a=1", "a=1");
    CELL(" plain", " plain");
}

static void numbers_stay_numbers(void **state) {
    (void)state;
    CELL("-12", "-12");
    CELL("-0.5", "-0.5");
    CELL("1e3", "1e3");
    CELL("-12,5", "\"'-12,5\"");
    CELL("-1-1", "\"'-1-1\"");
}

/* Read back by the rules of RFC 4180, a row has the cells that went in, but for the apostrophe in
 * front of formulas and for NUL. */
static size_t read_back(ts_str row, ts_str *cells, size_t most) {
    size_t n = 0;
    for (size_t i = 0; n < most;) {
        ts_buf b = ts_buf_new(&a, 4096);
        bool quoted = i < row.n && row.p[i] == '"';
        i += quoted;
        for (; i < row.n; i++) {
            if (quoted && row.p[i] == '"') {
                if (i + 1 < row.n && row.p[i + 1] == '"')
                    i++;
                else
                    break;
            } else if (!quoted && (row.p[i] == ',' || row.p[i] == '\r')) {
                break;
            }
            ts_buf_c(&b, row.p[i]);
        }
        i += quoted;
        cells[n++] = ts_buf_str(&b);
        if (i >= row.n || row.p[i] != ',') break;
        i++;
    }
    return n;
}

static void what_is_written_can_be_read(void **state) {
    (void)state;
    ts_random r = ts_random_seed(4);
    for (int round = 0; round < 5000; round++) {
        ts_arena mark = a;
        ts_str cells[5], back[8];
        for (int k = 0; k < 5; k++) {
            size_t n = ts_random_below(&r, 8);
            char *p = ts_new_raw(&a, char, n);
            for (size_t i = 0; i < n; i++) p[i] = "a,\"\r\n=;+-@' 1"[ts_random_below(&r, 13)];
            cells[k] = (ts_str){p, n};
        }
        size_t n = read_back(row_of(cells, 5), back, 8);
        assert_int_equal(n, 5);
        for (int k = 0; k < 5; k++) {
            bool apostrophe = back[k].n == cells[k].n + 1 && back[k].p[0] == '\'' && cells[k].n &&
                              memchr("=+-@\r\n\t", cells[k].p[0], 7);
            assert_true(ts_str_eq(ts_str_from(back[k], apostrophe), cells[k]));
        }
        a = mark;
    }
}

static void a_nul_does_not_cut_the_file(void **state) {
    (void)state;
    assert_null(memchr(cell_of((ts_str){"a\0b", 3}).p, 0, 3));
    assert_null(memchr(cell_of((ts_str){"a\0,b", 4}).p, 0, 4));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows),
                                       cmocka_unit_test(quoting),
                                       cmocka_unit_test(formulas_are_text),
                                       cmocka_unit_test(numbers_stay_numbers),
                                       cmocka_unit_test(what_is_written_can_be_read),
                                       cmocka_unit_test(a_nul_does_not_cut_the_file)};
    return cmocka_run_group_tests(tests, setup, 0);
}
