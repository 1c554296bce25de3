#include "gazette/record.h"
#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static record json(const char *text) {
    ts_error e;
    const ts_json *v = ts_json_parse(&a, ts_str_c(text), (ts_json_options){0}, &e);
    assert_non_null(v);
    return record_of(&a, v);
}

static record row(const char *names, const char *cells) {
    ts_strs *n = ts_new(&a, ts_strs), *c = ts_new(&a, ts_strs);
    for (ts_str l = ts_str_c(names); l.p;) *ts_push(&a, n) = ts_str_cut(&l, ';');
    for (ts_str l = ts_str_c(cells); l.p;) *ts_push(&a, c) = ts_str_cut(&l, ';');
    return (record){.a = &a, .names = n, .cells = c};
}

static void names_mean_the_same_in_json_and_in_a_row(void **state) {
    (void)state;
    record j = json("{\"brand\": \" Voltara \", \"units\": 12, \"none\": null, \"yes\": true}"),
           r = row("brand;units;none", " Voltara ;12;");
    assert_str(record_text(&j, "brand"), "Voltara");
    assert_str(record_text(&r, "brand"), "Voltara");
    assert_str(record_text(&j, "units"), "12");
    assert_str(record_text(&r, "units"), "12");
    assert_int_equal(record_text(&j, "none").n, 0);
    assert_int_equal(record_text(&r, "none").n, 0);
    assert_int_equal(record_text(&j, "absent").n, 0);
    assert_int_equal(record_text(&r, "absent").n, 0);
    assert_str(record_first(&j, "absent none units"), "12");
}

static void names_are_exact(void **state) {
    (void)state;
    record j = json("{\"Brand\": \"x\"}");
    assert_int_equal(record_text(&j, "brand").n, 0);
}

static void paths_go_through_lists(void **state) {
    (void)state;
    record j = json("{\"product\": {\"brands\": [{\"brand\": \"A\"}, {\"brand\": \"B\"}, "
                    "{\"brand\": \"A\"}], \"v\": [{\"x\": {}}, {\"n\": \"deep\"}]},"
                    " \"a.b\": \"dotted\"}");
    ts_strs all = {0};
    record_all(&j, "product.brands.brand", &all);
    assert_int_equal(all.n, 2);
    assert_str(all.v[1], "B");
    assert_str(record_text(&j, "product.brands.brand"), "A; B");
    assert_str(record_text(&j, "product.v.n"), "deep");
    assert_str(record_text(&j, "a.b"), "dotted");
    assert_true(ts_json_is(record_json(&j, "product"), TS_JSON_OBJECT));
    assert_null(record_json(&j, "product.nothing"));
}

static void a_cell_may_hold_a_list(void **state) {
    (void)state;
    record r = row("models;broken", "[\"A-1\", \"B-2\"];[\"A-1\"");
    ts_strs all = {0}, one = {0};
    record_all(&r, "models", &all);
    assert_int_equal(all.n, 2);
    record_all(&r, "broken", &one);
    assert_str(one.v[0], "[\"A-1\"");
}

static void a_name_may_stand_twice_in_a_row(void **state) {
    (void)state;
    record r = row("picture;picture", "one;two");
    ts_strs all = {0};
    record_all(&r, "picture", &all);
    assert_int_equal(all.n, 2);
}

static void lists_are_split(void **state) {
    (void)state;
    record j = json("{\"x\": [\"a|b\", \"c\"], \"y\": \"d , e\"}");
    ts_strs x = {0}, y = {0};
    record_split(&j, "x", "|", &x);
    record_split(&j, "y", ",", &y);
    assert_int_equal(x.n, 3);
    assert_str(y.v[1], "e");
}

static void text_is_cleaned(void **state) {
    (void)state;
    assert_str(record_clean(&a, TS_S("  RC 77\t\t\t")), "RC 77");
    assert_str(record_clean(&a, TS_S("a \t b\xC2\xA0\xC2\xA0"
                                     "c")),
               "a b c");
    assert_str(record_clean(&a, TS_S("one\r\n\r\n two<br><br/>three")), "one\ntwo\nthree");
    assert_str(record_clean(&a, TS_S("Tom &amp; Co &quot;x&quot; &nbsp; y")), "Tom & Co \"x\" y");
    assert_str(record_clean(&a, TS_S("a < b > c & d")), "a < b > c & d");
    assert_str(record_clean(&a, TS_S("<script>x</script>")), "<script>x</script>");
    assert_str(record_clean(&a, TS_S("Children‚Äôs")), "Children’s");
    assert_str(record_clean(&a, TS_S("caf\xE9")), "caf\xEF\xBF\xBD");
    assert_int_equal(record_clean(&a, TS_S(" \n\t ")).n, 0);
    ts_str fine = TS_S("nothing to do");
    assert_ptr_equal(record_clean(&a, fine).p, fine.p);
}

static void sizes_are_capped(void **state) {
    (void)state;
    ts_str big = {ts_new_n(&a, char, 200000), 200000};
    memset((char *)(uintptr_t)big.p, 'x', big.n);
    assert_int_equal(record_clean(&a, big).n, RECORD_TEXT_MAX);
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_buf_lit(&b, "{\"l\": [0");
    for (int i = 1; i < 5000; i++) ts_buf_fmt(&b, ",%d", i);
    ts_buf_lit(&b, "]}");
    record j = json(ts_str_z(&a, ts_buf_str(&b)));
    ts_strs all = {0};
    record_all(&j, "l", &all);
    assert_int_equal(all.n, RECORD_LIST_MAX);
}

static void deep_nesting_ends(void **state) {
    (void)state;
    record j = json("{\"a\": [[[[[[[[[[[[[\"deep\"]]]]]]]]]]]]]}");
    assert_int_equal(record_text(&j, "a").n, 0);
    assert_null(record_json(&j, "a.b"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_mean_the_same_in_json_and_in_a_row),
        cmocka_unit_test(names_are_exact),
        cmocka_unit_test(paths_go_through_lists),
        cmocka_unit_test(a_cell_may_hold_a_list),
        cmocka_unit_test(a_name_may_stand_twice_in_a_row),
        cmocka_unit_test(lists_are_split),
        cmocka_unit_test(text_is_cleaned),
        cmocka_unit_test(sizes_are_capped),
        cmocka_unit_test(deep_nesting_ends),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
