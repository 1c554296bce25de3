#include <stdlib.h>

#include "render/table.h"
#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_str cell(ts_str s, size_t width, bool right) {
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_cell_put(&b, s, width, right);
    return ts_buf_str(&b);
}
#define CELL(text, width, want) assert_str(cell(TS_S(text), (width), false), want)
#define RIGHT(text, width, want) assert_str(cell(TS_S(text), (width), true), want)

static void widths(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t cells;
    } some[] = {{"", 0},
                {"abc", 3},
                {"Wärme", 5},
                {"Wa\xCC\x88rme", 5},
                {"罗马仕", 6},
                {"ａｂ", 4},
                {"カタ", 4},
                {"ｶﾀ", 2},
                {"한국", 4},
                {"🔥", 2},
                {"a\xE2\x80\x8B"
                 "b",
                 2},
                {"、。", 4},
                {"…", 1},
                {"é", 1},
                {"\xF0\xA0\x80\x80", 2},
                {"❤\xEF\xB8\x8F", 1}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_int_equal(ts_cells(ts_str_c(some[i].text)), some[i].cells);
}

static void cells_are_filled_and_cut(void **state) {
    (void)state;
    CELL("ab", 4, "ab  ");
    RIGHT("ab", 4, "  ab");
    CELL("abcd", 4, "abcd");
    CELL("abcde", 4, "abc…");
    RIGHT("abcde", 4, "abc…");
    CELL("罗马仕", 6, "罗马仕");
    CELL("罗马仕", 5, "罗马…");
    CELL("罗马仕", 4, "罗… "); /* a character of two cells is not cut in half */
    CELL("a罗马仕", 4, "a罗…");
    CELL("罗", 1, "…");
    CELL("", 3, "   ");
    CELL("abc", 1, "…");
    CELL("Wa\xCC\x88rme", 3, "Wa\xCC\x88…");
}

/* A title must not move the cursor or change the terminal. */
static void control_characters_become_blanks(void **state) {
    (void)state;
    CELL("a\x1B[31mb", 10, "a [31mb   ");
    CELL("a\nb\tc\r\x07", 8, "a b c   ");
    CELL("a\x7F"
         "b",
         3, "a b");
    CELL("a\xC2\x9B"
         "b",
         3, "a b"); /* CSI in one character */
}

static void malformed_bytes_are_no_output(void **state) {
    (void)state;
    CELL("a\xFF"
         "b",
         5,
         "a\xEF\xBF\xBD"
         "b  ");
    CELL("\xE5\xB0", 4, "\xEF\xBF\xBD\xEF\xBF\xBD  ");
}

/* Signs that turn the direction of writing would shuffle the columns behind them. */
static void direction_signs_are_dropped(void **state) {
    (void)state;
    CELL("a\xE2\x80\xAE"
         "b",
         4, "ab  ");
    CELL("a\xE2\x81\xA6"
         "b",
         4, "ab  ");
    CELL("a\xE2\x80\x8F"
         "b",
         4, "ab  ");
    CELL("a\xE2\x80\xA8"
         "b",
         4, "a b "); /* a line separator */
}

static void every_cell_has_its_width(void **state) {
    (void)state;
    ts_random r = ts_random_seed(2);
    static const char *const pieces[] = {"a", "罗",   "\xCC\x88", "🔥",  " ",           "\x1B",
                                         "ä", "\xFF", "ｱ",        "Ａ", "\xE2\x80\xAE"};
    for (int round = 0; round < 5000; round++) {
        ts_arena mark = a;
        ts_buf b = ts_buf_new(&a, 400);
        for (unsigned n = ts_random_below(&r, 20); n > 0; n--)
            ts_buf_put(&b, ts_str_c(pieces[ts_random_below(&r, sizeof pieces / sizeof *pieces)]));
        size_t width = 1 + ts_random_below(&r, 15);
        ts_str c = cell(ts_buf_str(&b), width, ts_random_below(&r, 2));
        assert_int_equal(ts_cells(c), width);
        assert_int_equal(ts_utf8_bad(c), TS_NPOS);
        for (size_t i = 0; i < c.n; i++)
            assert_true((unsigned char)c.p[i] >= 0x20 && c.p[i] != 0x7F);
        a = mark;
    }
}

static ts_str table(const ts_column *columns, size_t n, const ts_str *cells, size_t rows) {
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_table(&b, columns, n, cells, rows);
    return ts_buf_str(&b);
}

static void columns_line_up(void **state) {
    (void)state;
    const ts_column columns[] = {
        {TS_S("n"), 3, 0, true}, {TS_S("offer"), 0, 8, false}, {TS_S("why"), 0, 20, false}};
    const ts_str cells[] = {TS_S("1"),  TS_S("罗马仕"),        TS_S("same brand"),
                            TS_S("22"), TS_S("a long kettle"), TS_S("x")};
    assert_str(table(columns, 3, cells, 2), "  n  offer     why\n"
                                            "  1  罗马仕    same brand\n"
                                            " 22  a long …  x\n");
}

static void an_empty_table_is_its_head(void **state) {
    (void)state;
    const ts_column columns[] = {{TS_S("offer"), 0, 8, false}, {TS_S("n"), 4, 0, true}};
    assert_str(table(columns, 2, 0, 0), "offer     n\n");
    const ts_str empty[] = {TS_S(""), TS_S("")};
    assert_str(table(columns, 2, empty, 1), "offer     n\n"
                                            "           \n");
}

static void the_last_column_is_cut_but_not_filled(void **state) {
    (void)state;
    const ts_column columns[] = {{TS_S("a"), 2, 0, false}, {TS_S("b"), 4, 0, false}};
    const ts_str cells[] = {TS_S("x"), TS_S("abcdefgh"), TS_S("x"), TS_S("y")};
    assert_str(table(columns, 2, cells, 2), "a   b\nx   abc…\nx   y\n");
}

static void columns_share_a_narrow_terminal(void **state) {
    (void)state;
    const ts_column columns[] = {{TS_S("a long title"), 1, 0, false},
                                 {TS_S("another"), 1, 0, true}};
    const ts_str cells[] = {TS_S("abc"), TS_S("def")};
    assert_str(table(columns, 2, cells, 1), "…  …\n…  …\n");
}

/* More columns than the table can hold: the first 32, each row with its own cells. */
static void too_many_columns(void **state) {
    (void)state;
    ts_column columns[40];
    ts_str cells[80];
    for (int i = 0; i < 40; i++) columns[i] = (ts_column){TS_S("c"), 1, 0, true};
    for (int i = 0; i < 80; i++) cells[i] = i < 40 ? TS_S("1") : TS_S("2");
    ts_str t = table(columns, 40, cells, 2);
    ts_str_cut(&t, '\n');
    assert_null(memchr(ts_str_cut(&t, '\n').p, '2', 94));
    ts_str second = ts_str_cut(&t, '\n');
    assert_true(ts_str_find(second, TS_S("1")) == TS_NPOS);
}

static void width_of_the_terminal(void **state) {
    (void)state;
    size_t w = ts_terminal_width();
    assert_true(w >= 40 && w < 100000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths),
        cmocka_unit_test(cells_are_filled_and_cut),
        cmocka_unit_test(control_characters_become_blanks),
        cmocka_unit_test(malformed_bytes_are_no_output),
        cmocka_unit_test(direction_signs_are_dropped),
        cmocka_unit_test(every_cell_has_its_width),
        cmocka_unit_test(columns_line_up),
        cmocka_unit_test(an_empty_table_is_its_head),
        cmocka_unit_test(the_last_column_is_cut_but_not_filled),
        cmocka_unit_test(columns_share_a_narrow_terminal),
        cmocka_unit_test(too_many_columns),
        cmocka_unit_test(width_of_the_terminal),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
