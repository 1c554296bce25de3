#include "base/stamp.h"

#include "support/support.h"

static bool stamp(const char *s, int64_t *t) { return ts_stamp_parse(ts_str_c(s), t); }

static void reads_instants(void **s) {
    (void)s;
    static const struct {
        const char *text;
        int64_t t;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59Z", -1},
        {"2023-02-24T23:36:38Z", 1677281798},
        {"2023-02-24T23:36:38.999999Z", 1677281798},
        {"2023-02-25T01:36:38+02:00", 1677281798},
        {"2023-02-24T18:06:38-05:30", 1677281798},
        {"2000-02-29T00:00:00-00:00", 951782400},
        {"2000-02-28T24:00:00Z", 951782400},
        {"2000-02-28T24:00:00.000Z", 951782400},
        {"2000-02-29T14:00:00+14:00", 951782400},
        {"0001-01-01T00:00:00Z", -62135596800},
        {"9999-12-31T23:59:59Z", 253402300799},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t t = 7;
        if (!stamp(good[i].text, &t) || t != good[i].t)
            fail_msg("%s is %lld", good[i].text, (long long)t);
        assert_true(stamp(good[i].text, 0));
    }
}

static void refuses_what_is_none(void **s) {
    (void)s;
    static const char *const bad[] = {
        "",
        "2023-02-24",
        "2023-02-24T23:36:38",
        "2023-02-24t23:36:38Z",
        "2023-02-24T23:36:38z",
        "2023-02-24 23:36:38Z",
        " 2023-02-24T23:36:38Z",
        "2023-02-24T23:36:38Z ",
        "2023-02-24T23:36Z",
        "2023-02-24T23:36:38.Z",
        "2023-02-24T23:36:38,5Z",
        "2023-02-24T23:36:60Z",
        "2023-02-24T23:60:00Z",
        "2023-02-24T24:00:01Z",
        "2023-02-24T24:00:00.01Z",
        "2023-02-24T25:00:00Z",
        "2023-02-29T00:00:00Z",
        "2023-00-10T00:00:00Z",
        "2023-13-10T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-2023-02-24T23:36:38Z",
        "12023-02-24T23:36:38Z",
        "23-02-24T23:36:38Z",
        "2023-2-24T23:36:38Z",
        "2023-02-24T23:36:38+02",
        "2023-02-24T23:36:38+0200",
        "2023-02-24T23:36:38+14:01",
        "2023-02-24T23:36:38+15:00",
        "2023-02-24T23:36:38+01:60",
        "2023-02-24T23:36:38ZZ",
        "2023-02-24T23:36:38+01:00Z",
        "20230224T233638Z",
        "2023-02-24T+3:36:38Z",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t t = 7;
        if (stamp(bad[i], &t)) fail_msg("taken: %s", bad[i]);
        assert_int_equal(t, 7);
    }
    assert_false(ts_stamp_parse((ts_str){"2023-02-24T23:36:38Z\0", 21}, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_instants),
        cmocka_unit_test(refuses_what_is_none),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
