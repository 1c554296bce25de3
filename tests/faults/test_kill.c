/* kill -9 at seeded random instants during import and screen --store, then the same command again.
 * TS_KILLS says how often. */
#include <signal.h>
#include <unistd.h>

#include "cli/run.h"
#include "world.h"

enum { NOTICES = 4000, OFFERS = 12000, STEPS = 3 };

typedef struct scene {
    ts_arena a;
    const char *store, *copy;
    const char *args[STEPS][12];
    ts_str after[STEPS + 1];
    uint64_t nanos[STEPS]; /* how long a step takes undisturbed */
} scene;

static const char *const tails[] = {"", "-wal", "-shm", ".notices.idx"};

static void copy_store(const char *from, const char *to) {
    ts_arena a = ts_arena_new((size_t)1 << 30), mark = a;
    char src[600], dst[600];
    ts_error e;
    for (int i = 0; i < 4; i++) {
        ts_str bytes;
        snprintf(src, sizeof src, "%s%s", from, tails[i]);
        snprintf(dst, sizeof dst, "%s%s", to, tails[i]);
        unlink(dst);
        if (access(src, F_OK) != 0) continue;
        assert_true(ts_file_read(&a, src, (size_t)1 << 29, &bytes, &e));
        test_write(dst, bytes);
    }
    ts_arena_free(&mark, (size_t)1 << 30);
}

static const char *numbered(ts_arena *a, const char *name, int i) {
    char full[64];
    snprintf(full, sizeof full, "%s-%d.db", name, i);
    return temp_path(a, full);
}

/* before-0 … before-3: the store before each step, and after the last. */
static void set_scene(scene *s) {
    s->a = ts_arena_new((size_t)4 << 30);
    ts_arena *a = &s->a;
    s->store = temp_path(a, "kill.db");
    const char *old = temp_path(a, "old.csv"), *new = temp_path(a, "new.csv"),
               *offers = temp_path(a, "offers.jsonl");
    world_notices(old, NOTICES, 0);
    world_notices(new, NOTICES, 1);
    world_offers(offers, OFFERS, NOTICES, 4);
    const char *const steps[STEPS][12] = {
        {"touchstone", "import", "--quiet", "--store", s->store, old},
        {"touchstone", "screen", "--quiet", "--store", s->store, "--offers", offers},
        {"touchstone", "import", "--quiet", "--store", s->store, new},
    };
    memcpy(s->args, steps, sizeof steps);
    for (int i = 0; i < STEPS; i++) {
        copy_store(s->store, numbered(a, "before", i));
        ran r = run_list(a, (run_how){.out = "/dev/null"}, s->args[i]);
        assert_status(r, 0);
        s->nanos[i] = (uint64_t)(r.seconds * 1e9);
        s->after[i + 1] = world_dump(a, s->store);
    }
    assert_true(run_count(s->after[2], "\"rung\":") > OFFERS / 5);
    print_message("undisturbed: %.2f s, %.2f s, %.2f s\n", (double)s->nanos[0] / 1e9,
                  (double)s->nanos[1] / 1e9, (double)s->nanos[2] / 1e9);
}

static void kills(void **state) {
    (void)state;
    scene s = {0};
    set_scene(&s);
    uint64_t n = 6, killed = 0, half = 0;
    if (getenv("TS_KILLS")) assert_true(ts_u64_parse(ts_str_c(getenv("TS_KILLS")), &n));
    ts_random random = ts_random_seed(20260101);
    for (uint64_t i = 0; i < n; i++) {
        ts_arena mark = s.a;
        int step = (int)(i % STEPS);
        copy_store(numbered(&s.a, "before", step), s.store);
        ts_str before = access(s.store, F_OK) == 0 ? world_dump(&s.a, s.store) : TS_NONE;
        uint64_t at = 1 + (uint64_t)((double)s.nanos[step] * ts_random_unit(&random));
        ran r = run_list(&s.a, (run_how){.out = "/dev/null", .signal = SIGKILL, .signal_at = at},
                         s.args[step]);
        if (r.status != 0) assert_int_equal(r.status, 128 + SIGKILL);
        killed += r.status != 0;
        if (access(s.store, F_OK) == 0) {
            ts_str now = world_dump(&s.a, s.store);
            assert_says(ts_str_to(now, 3), "ok|");
            half += !ts_str_eq(now, before) && !ts_str_eq(now, s.after[step + 1]);
        }
        r = run_list(&s.a, (run_how){.out = "/dev/null"}, s.args[step]);
        assert_status(r, 0);
        ts_str now = world_dump(&s.a, s.store);
        if (!ts_str_eq(now, s.after[step + 1]))
            fail_msg(
                "kill %d at %.3f s of step %d: the store is not what an undisturbed run leaves",
                (int)i, (double)at / 1e9, step);
        s.a = mark;
    }
    print_message("%llu kills landed of %llu; %llu left a part of the work committed\n",
                  (unsigned long long)killed, (unsigned long long)n, (unsigned long long)half);
    assert_true(killed * 4 >=
                n); /* a run that is quicker than the undisturbed one was ends before its kill */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(kills)};
    return cmocka_run_group_tests(tests, 0, 0);
}
