#include "pipeline/lead_out.h"

#include "support/support.h"

static void legal_effect(void **state) {
    (void)state;
    static const struct {
        const char *source, *country, *market, *want;
    } table[] = {
        /* an authority of that market's own */
        {"office", "DE", "DE", "own_decision"},
        {"office", "DE", " de ", "own_decision"},
        {"cpsc", "US", "US", "own_decision"},
        {"safety_gate", "FR", "FR", "own_decision"},
        {"rappelconso", "FR", "FR", "own_decision"},
        {"samr", "CN", "CN", "own_decision"},
        /* another Member State's */
        {"safety_gate", "FR", "DE", "presumed_noncompliant"},
        {"safety_gate", "FR", "EU", "presumed_noncompliant"},
        {"safety_gate", "", "DE", "presumed_noncompliant"},
        {"rappelconso", "FR", "DE", "presumed_noncompliant"},
        {"office", "AT", "DE", "presumed_noncompliant"},
        /* from abroad */
        {"cpsc", "US", "DE", "foreign_information_only"},
        {"cpsc", "US", "EU", "foreign_information_only"},
        {"cpsc", "US", "CN", "foreign_information_only"},
        {"samr", "CN", "DE", "foreign_information_only"},
        {"safety_gate", "FR", "US", "foreign_information_only"},
        {"safety_gate", "FR", "CN", "foreign_information_only"},
        {"safety_gate", "GB", "DE",
         "foreign_information_only"}, /* notified by a country that has left */
        {"office", "CH", "DE", "foreign_information_only"},
        {"office", "DE", "CH", "foreign_information_only"},
        /* not known */
        {"office", "DE", "", "unknown"},
        {"cpsc", "US", "  ", "unknown"},
        {"office", "", "DE", "unknown"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ts_notice n = {.source = ts_str_c(table[i].source), .country = ts_str_c(table[i].country)};
        const char *got = ts_legal_effect_name(ts_legal_effect_of(&n, ts_str_c(table[i].market)));
        if (strcmp(got, table[i].want) != 0)
            fail_msg("%s of %s in '%s' is %s", table[i].source, table[i].country, table[i].market,
                     got);
    }
}

static void labels(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_notice n = {.title = TS_S("Velmora recalls kettles")};
    assert_str(ts_notice_label(&a, &n), "Velmora recalls kettles");
    n.product = TS_S("Kettle");
    assert_str(ts_notice_label(&a, &n), "Kettle");
    n.name = TS_S("kettle"); /* said already */
    *ts_push(&a, &n.brands) = TS_S("Velmora");
    *ts_push(&a, &n.models) = TS_S("VK-1700");
    assert_str(ts_notice_label(&a, &n), "Velmora Kettle VK-1700");
    n.name = TS_S("Morning Star");
    assert_str(ts_notice_label(&a, &n), "Velmora Kettle Morning Star VK-1700");
    assert_string_equal(ts_scope_fit_name(TS_YES), "inside");
    assert_string_equal(ts_scope_fit_name(TS_NO), "outside");
    assert_string_equal(ts_scope_fit_name(TS_OPEN), "cannot_be_told");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(legal_effect), cmocka_unit_test(labels)};
    return cmocka_run_group_tests(tests, 0, 0);
}
