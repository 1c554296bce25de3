#include "gazette/gazette.h"
#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_scope scope(const char *prose, bool us) {
    ts_scope s = {0};
    ts_scope_read(&a, ts_str_c(prose), us, &s);
    return s;
}

static void assert_days(ts_day_range r, const char *from, const char *to) {
    char b1[16], b2[16];
    assert_str(ts_day_iso(r.from, b1), from);
    assert_str(ts_day_iso(r.to, b2), to);
}

static void prose_gives_lots_serials_and_dates(void **state) {
    (void)state;
    ts_scope s = scope("Batch numbers L 24a, L24B and serial numbers PB100200 through PB100950; "
                       "produced from March 2024 to May 2024, "
                       "sold since June 2024.",
                       false);
    assert_int_equal(s.lots.n, 2);
    assert_str(s.lots.v[0], "L24A");
    assert_int_equal(s.serial_ranges.n, 1);
    assert_str(s.serial_ranges.v[0].to, "PB100950");
    assert_int_equal(s.made.n, 1);
    assert_days(s.made.v[0], "2024-03-01", "2024-05-31");
    assert_int_equal(s.sold.n, 1);
    assert_days(s.sold.v[0], "2024-06-01", "");
}

static void the_order_of_dates_is_the_readers(void **state) {
    (void)state;
    assert_days(scope("made on 03/04/2024", true).made.v[0], "2024-03-04", "2024-03-04");
    assert_days(scope("made on 03/04/2024", false).made.v[0], "2024-04-03", "2024-04-03");
}

static void nothing_stays_nothing(void **state) {
    (void)state;
    ts_scope s = scope(
        "A plastic toy, 25 cm high, model TX-40, 500 ml, EN 71-1, barcode 4006381333931, 3 pieces.",
        false);
    assert_false(ts_scope_limited(&s));
    assert_int_equal(s.sold.n, 0);
}

/* What cannot be compared must not be compared: a range whose ends differ in letters would put
 * articles outside that are inside. */
static void ranges_that_cannot_be_told_are_left_out(void **state) {
    (void)state;
    assert_int_equal(scope("Serial numbers 22D226941 - 23C087042", false).serial_ranges.n, 0);
    assert_int_equal(scope("Serial numbers 900 to 12000", false).serial_ranges.n, 0);
    ts_scope s = scope("serial numbers beginning with FC32", false);
    assert_int_equal(s.serials.n, 0);
    s = scope("VINs from 0530029 to 0530991", false);
    assert_int_equal(s.serial_ranges.n, 0);
}

static void repeated_statements_count_once(void **state) {
    (void)state;
    ts_scope s = scope("Lot AB12. Lot AB12. Made in June 2024. Made in June 2024. Serial range "
                       "S1001 to S1009. Serial range S1001 to S1009.",
                       false);
    assert_int_equal(s.lots.n, 1);
    assert_int_equal(s.made.n, 1);
    assert_int_equal(s.serial_ranges.n, 1);
}

static void chinese_and_german_prose(void **state) {
    (void)state;
    ts_scope s = scope("生产日期为2023年6月5日至7月28日，批次：C14-P6/P7、M20", false);
    assert_days(s.made.v[0], "2023-06-05", "2023-07-28");
    assert_int_equal(s.lots.n, 2);
    s = scope("Chargennummern: 4711A, 4711B. Hergestellt zwischen Januar 2024 und März 2024.",
              false);
    assert_int_equal(s.lots.n, 2);
    assert_days(s.made.v[0], "2024-01-01", "2024-03-31");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prose_gives_lots_serials_and_dates),
        cmocka_unit_test(the_order_of_dates_is_the_readers),
        cmocka_unit_test(nothing_stays_nothing),
        cmocka_unit_test(ranges_that_cannot_be_told_are_left_out),
        cmocka_unit_test(repeated_statements_count_once),
        cmocka_unit_test(chinese_and_german_prose),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
