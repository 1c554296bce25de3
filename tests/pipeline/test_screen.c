#include "match/shipped.h"
#include "pipeline/screen.h"

#include <unistd.h>

#include "cli/run.h"
#include "faults/world.h"

/* A sink that keeps what it is told, and may be slow or give up. */
typedef struct listener {
    ts_sink base;
    ts_buf ids;
    uint64_t leads, fail_at, finished;
    unsigned nap_us;
} listener;

static bool hear(ts_sink *s, const ts_lead_record *r, ts_error *e) {
    listener *l = (listener *)s;
    if (l->nap_us) usleep(l->nap_us);
    if (++l->leads == l->fail_at) return ts_fail(e, TS_E_IO, "enough");
    ts_buf_put(&l->ids, r->offer->id);
    ts_buf_c(&l->ids, ' ');
    ts_buf_put(&l->ids, r->notice->id);
    ts_buf_fmt(&l->ids, " %.6f %s\n", r->lead->probability, ts_scope_fit_name(r->scope.inside));
    return true;
}
static bool end(ts_sink *s, const ts_screen_summary *sum, ts_error *e) {
    (void)sum, (void)e;
    ((listener *)s)->finished++;
    return true;
}

static listener listening(ts_arena *a) {
    return (listener){.base = {hear, end}, .ids = ts_buf_new(a, 64 << 20)};
}

static ts_notice_index index_of(ts_arena *a, const char *file) {
    ts_notice_index ix;
    ts_error e = {0};
    ts_log_quiet(true);
    if (!ts_notice_index_from_files(a, &file, 1, (ts_notice_options){0}, &ix, &e))
        fail_msg("%s", e.msg);
    return ix;
}

/* The same leads in the same order whatever the number of workers, over several chunks and files.
 */
static void order(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *notices = temp_path(&a, "n.csv"),
               *offers[2] = {temp_path(&a, "o1.jsonl"), temp_path(&a, "o2.jsonl")};
    world_notices(notices, 200, 0);
    world_offers(offers[0], 20000, 200, 7); /* some 3 MB: several chunks */
    world_offers(offers[1], 5000, 200, 3);
    ts_notice_index ix = index_of(&a, notices);
    ts_str first = TS_NONE;
    static const unsigned threads[] = {1, 2, 8};
    for (int i = 0; i < 3; i++) {
        listener l = listening(&a);
        ts_screen_summary sum;
        ts_error e = {0};
        ts_screen_job job = {.match = {.model = shipped_model()},
                             .offers = offers,
                             .offers_n = 2,
                             .index = &ix.index,
                             .threads = threads[i],
                             .sink = &l.base};
        assert_true(ts_screen(&a, &job, &sum, &e));
        assert_int_equal(sum.offers, 25000);
        assert_int_equal(sum.sources[1].offers, 5000);
        assert_int_equal(sum.bad + sum.mended, 0);
        assert_int_equal(sum.leads, l.leads);
        assert_int_equal(l.finished, 1);
        assert_false(sum.failed || sum.silent);
        assert_true(sum.leads > 4000 && sum.leads < 6000);
        assert_true(sum.screened_early > 15000);
        if (!i)
            first = ts_buf_str(&l.ids);
        else
            assert_true(ts_str_eq(ts_buf_str(&l.ids), first));
    }
    ts_notice_index_close(&ix);
}

/* A slow sink slows the reader: memory stays bounded although the input is far larger than the
 * queues. */
static void slow_sink(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *notices = temp_path(&a, "slow.csv"), *offers = temp_path(&a, "slow.jsonl");
    world_notices(notices, 50, 0);
    world_offers(offers, 30000, 50, 300);
    ts_notice_index ix = index_of(&a, notices);
    listener l = listening(&a);
    l.nap_us = 2000;
    ts_screen_summary sum;
    ts_error e = {0};
    ts_screen_job job = {.match = {.model = shipped_model()},
                         .offers = &offers,
                         .offers_n = 1,
                         .index = &ix.index,
                         .threads = 2,
                         .sink = &l.base};
    assert_true(ts_screen(&a, &job, &sum, &e));
    assert_int_equal(sum.offers, 30000);
    assert_int_equal(sum.leads, 100);
    assert_true(sum.seconds > 0.2);
    ts_notice_index_close(&ix);
}

/* A sink that gives up ends the run at once, with its reason, and without its finish. */
static void broken_sink(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *notices = temp_path(&a, "broken.csv"), *offers = temp_path(&a, "broken.jsonl");
    world_notices(notices, 50, 0);
    world_offers(offers, 20000, 50, 2);
    ts_notice_index ix = index_of(&a, notices);
    for (unsigned threads = 1; threads <= 8; threads *= 2) {
        listener l = listening(&a);
        l.fail_at = 10;
        ts_screen_summary sum;
        ts_error e = {0};
        ts_screen_job job = {.match = {.model = shipped_model()},
                             .offers = &offers,
                             .offers_n = 1,
                             .index = &ix.index,
                             .threads = threads,
                             .sink = &l.base};
        assert_false(ts_screen(&a, &job, &sum, &e));
        assert_string_equal(e.msg, "enough");
        assert_int_equal(l.leads, 10);
        assert_int_equal(l.finished, 0);
    }
    ts_notice_index_close(&ix);
}

/* Lots inside, outside and not stated; outside is held back unless asked for, and counted. */
static void scope(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *offers = here(&a, "cli/data/offers.jsonl");
    ts_notice_index ix = index_of(&a, here(&a, "cli/data/notices.csv"));
    assert_int_equal(ix.withdrawn, 1);
    for (int outside = 0; outside < 2; outside++) {
        listener l = listening(&a);
        ts_screen_summary sum;
        ts_error e = {0};
        ts_screen_job job = {.match = {.model = shipped_model()},
                             .offers = &offers,
                             .offers_n = 1,
                             .index = &ix.index,
                             .include_outside = outside,
                             .sink = &l.base};
        assert_true(ts_screen(&a, &job, &sum, &e));
        assert_int_equal(sum.leads, 5 + outside);
        assert_int_equal(sum.outside, !outside);
        assert_int_equal(sum.strong, 1);
        ts_str ids = ts_buf_str(&l.ids);
        for (ts_str rest = ids; rest.n;) {
            ts_str line = ts_str_cut(&rest, '\n'), id = ts_str_to(line, 2);
            const char *want = ts_str_is(id, "o3")   ? "outside"
                               : ts_str_is(id, "o7") ? "cannot_be_told"
                                                     : "inside";
            assert_says(line, want);
        }
        assert_int_equal(run_count(ids, "o3 "), outside);
        assert_int_equal(run_count(ids, "o6 "), 0); /* its notice is withdrawn */
    }
    ts_notice_index_close(&ix);
}

/* What was not looked at is counted and named by source; a failed source is not a silent one. */
static void not_looked_at(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *bad = temp_path(&a, "bad.jsonl"), *empty = temp_path(&a, "empty.jsonl");
    test_write(bad,
               TS_S("{\"title\":\"Lamp\"}\n{\n7\n{\"colour\":\"red\"}\n{\"title\":\"L\xFFmp\"}\n"));
    test_write(empty, TS_NONE);
    const char *const files[] = {bad, "/no/such/file", empty, here(&a, "cli/data/offers.jsonl")};
    ts_notice_index ix = index_of(&a, here(&a, "cli/data/notices.csv"));
    listener l = listening(&a);
    ts_screen_summary sum;
    ts_error e = {0};
    ts_screen_job job = {.match = {.model = shipped_model()},
                         .offers = files,
                         .offers_n = 4,
                         .index = &ix.index,
                         .sink = &l.base};
    assert_true(ts_screen(&a, &job, &sum, &e));
    assert_int_equal(sum.offers, 10);
    assert_int_equal(sum.bad, 3);
    assert_int_equal(sum.mended, 1);
    assert_true(sum.failed);
    assert_true(sum.silent);
    assert_int_equal(sum.sources[0].bad, 3);
    assert_true(sum.sources[1].failed);
    assert_int_equal(sum.sources[1].offers, 0);
    assert_false(sum.sources[2].failed);
    assert_int_equal(sum.leads, 5);
    ts_notice_index_close(&ix);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(order), cmocka_unit_test(slow_sink),
                                       cmocka_unit_test(broken_sink), cmocka_unit_test(scope),
                                       cmocka_unit_test(not_looked_at)};
    return cmocka_run_group_tests(tests, 0, 0);
}
