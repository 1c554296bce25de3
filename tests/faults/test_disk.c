/* The store on a disk that loses power or runs full at any write, sync, truncation or deletion.
 * TS_KILLS=200 tries every moment. */
#include <unistd.h>

#include "cli/run.h"
#include "match/shipped.h"
#include "pipeline/pipeline.h"
#include "shim.h"
#include "world.h"

enum { NOTICES = 60, OFFERS = 300, STEPS = 4 };

typedef struct scene {
    ts_arena a;
    const char *store, *first[2], *second[1], *offers[1];
    ts_catalogue c;
    ts_str after[STEPS + 1]; /* the store after so many undisturbed steps */
} scene;

static bool import(const scene *s, const char *const *files, size_t n, ts_error *e) {
    ts_arena a = ts_arena_new(1 << 26), mark = a;
    ts_import_summary sum;
    ts_store *store = ts_store_open(&a, s->store, TS_STORE_WRITE, e);
    ts_import_job job = {.files = files, .files_n = n, .store = store};
    bool ok = store && ts_import(&a, &job, &sum, e);
    if (ok) assert_false(sum.failed);
    ts_store_close(store);
    ts_arena_free(&mark, 1 << 26);
    return ok;
}

static bool drop_lead(ts_sink *s, const ts_lead_record *r, ts_error *e) {
    return (void)s, (void)r, (void)e, true;
}
static bool drop_end(ts_sink *s, const ts_screen_summary *sum, ts_error *e) {
    return (void)s, (void)sum, (void)e, true;
}

static bool screen(const scene *s, ts_error *e) {
    ts_arena a = ts_arena_new((size_t)1 << 30), mark = a;
    ts_screen_summary sum;
    ts_notice_index ix = {0};
    ts_sink nowhere = {.lead = drop_lead, .finish = drop_end};
    ts_store *store = ts_store_open(&a, s->store, TS_STORE_WRITE, e);
    bool have_index = store && ts_notice_index_from_store(&a, store, false, &ix, e);
    ts_run run = {.kind = TS_RUN_SCREEN, .source = TS_S("offers"), .started = 1};
    bool ok = have_index && ts_store_begin(store, e) && ts_store_run_start(store, &run, e) &&
              ts_store_commit(store, e);
    if (ok) {
        ts_sink *kept = ts_sink_store(&a, store, run.id, &s->c);
        ts_screen_job job = {.match = {.model = shipped_model()},
                             .offers = s->offers,
                             .offers_n = 1,
                             .source = "offers",
                             .index = &ix.index,
                             .threads = 1,
                             .sink = ts_sink_both(&a, kept, &nowhere)};
        ok = ts_screen(&a, &job, &sum, e);
    }
    if (have_index) ts_notice_index_close(&ix);
    ts_store_close(store);
    ts_arena_free(&mark, (size_t)1 << 30);
    return ok;
}

static bool step(const scene *s, int i, ts_error *e) {
    switch (i) {
    case 0: return import(s, s->first, 2, e);
    case 1: return screen(s, e);
    case 2: return import(s, s->second, 1, e);
    default: return screen(s, e);
    }
}

static void clean(const scene *s) {
    static const char *const tails[] = {"", "-wal", "-shm", "-journal", ".notices.idx"};
    char path[600];
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s%s", s->store, tails[i]);
        unlink(path);
    }
}

static scene *set_scene(void) {
    static scene s;
    ts_error e = {0};
    if (s.store) return &s;
    s.a = ts_arena_new((size_t)4 << 30);
    s.store = temp_path(&s.a, "disk.db");
    s.first[0] = temp_path(&s.a, "one.csv");
    s.first[1] = temp_path(&s.a, "two.csv");
    s.second[0] = temp_path(&s.a, "changed.csv");
    s.offers[0] = temp_path(&s.a, "offers.jsonl");
    world_notices(s.first[0], NOTICES / 2, 0);
    world_notices(s.first[1], NOTICES, 0);
    world_notices(s.second[0], NOTICES, 1);
    world_offers(s.offers[0], OFFERS, NOTICES, 3);
    ts_log_quiet(true);
    assert_true(ts_catalogue_load(&s.a, "en", &s.c, &e));
    for (int i = 0; i < STEPS; i++) {
        assert_true(step(&s, i, &e));
        s.after[i + 1] = world_dump(&s.a, s.store);
    }
    assert_says(s.after[STEPS], "ok|");
    assert_true(run_count(s.after[STEPS], "touchstone-notice-1") > NOTICES);
    assert_true(run_count(s.after[2], "\"rung\":") > 50);
    return &s;
}

/* Versions of notices, and leads by their keys, are only ever added. */
static void assert_kept(ts_str before, ts_str now) {
    while (before.n) {
        ts_str line = ts_str_cut(&before, '\n'), rest = line;
        ts_str first = ts_str_cut(&rest, '|');
        bool version =
            ts_str_find(first, TS_S(":W-")) != TS_NPOS && rest.n && ts_is_digit(rest.p[0]);
        if (version && ts_str_find(now, line) == TS_NPOS) {
            print_error("lost: %.*s\n", TS_P(line));
            fail();
        }
        if (first.n == 10 && rest.n && ts_str_find(now, first) == TS_NPOS)
            fail_msg("a lead was lost");
    }
}

static void assert_same(ts_str have, ts_str want) {
    if (ts_str_eq(have, want)) return;
    while (have.n || want.n) {
        ts_str h = ts_str_cut(&have, '\n'), w = ts_str_cut(&want, '\n');
        if (ts_str_eq(h, w)) continue;
        print_error("have %.*s\nwant %.*s\n", TS_P(ts_str_clip(h, 600)), TS_P(ts_str_clip(w, 600)));
        break;
    }
    fail_msg("the store is not what an undisturbed run leaves");
}

/* All steps until the disk strikes; gives how many were done. */
static int until_struck(const scene *s, ts_error *e) {
    for (int i = 0; i < STEPS; i++)
        if (!step(s, i, e)) return i;
    return STEPS;
}

static void strike(scene *s, shim_mode mode, uint64_t at) {
    ts_error e = {0};
    ts_arena mark = s->a;
    clean(s);
    shim_on(mode, at, at);
    int done = until_struck(s, &e);
    bool struck = shim_struck();
    shim_off();
    assert_true(struck);
    if (done < STEPS) { /* it may also strike while closing, when all is committed */
        assert_int_equal(e.code, TS_E_STORE);
        if (mode == SHIM_FULL)
            assert_says(ts_str_c(e.msg),
                        "the disk is full: make room and run the same command again");
    }
    if (access(s->store, F_OK) == 0) {
        ts_str now = world_dump(&s->a, s->store);
        assert_says(ts_str_to(now, 3), "ok|");
        if (done > 0) assert_kept(s->after[done], now);
    } else {
        assert_int_equal(done, 0);
    }
    for (int i = done < STEPS ? done : STEPS - 1; i < STEPS; i++) {
        if (!step(s, i, &e)) fail_msg("%s at %llu: %s", "again", (unsigned long long)at, e.msg);
        s->a = mark;
    }
    assert_same(world_dump(&s->a, s->store), s->after[STEPS]);
    s->a = mark;
}

static unsigned tries(void) {
    uint64_t n;
    const char *v = getenv("TS_KILLS");
    return v && ts_u64_parse(ts_str_c(v), &n) ? (n >= 200 ? 1000000 : (unsigned)n * 4) : 24;
}

static void at_every_moment(shim_mode mode) {
    scene *s = set_scene();
    ts_error e = {0};
    clean(s);
    shim_on(mode == SHIM_FULL ? SHIM_FULL : SHIM_COUNT, UINT64_MAX, 0);
    assert_int_equal(until_struck(s, &e), STEPS);
    uint64_t all = shim_off(), n = tries() < all ? tries() : all;
    assert_true(all > 100);
    for (uint64_t i = 0; i < n; i++)
        strike(s, mode, 1 + i * all / n + (n < all ? ts_mix(i) % (all / n) : 0));
    print_message("%llu of %llu moments\n", (unsigned long long)n, (unsigned long long)all);
}

static void power_cut(void **state) { (void)state, at_every_moment(SHIM_POWER_CUT); }
static void disk_full(void **state) { (void)state, at_every_moment(SHIM_FULL); }

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(power_cut), cmocka_unit_test(disk_full)};
    return cmocka_run_group_tests(tests, 0, 0);
}
