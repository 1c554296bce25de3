/* A training that was interrupted goes on where it stopped, and ends where it would have ended. */
#include "learn/stages.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "support/support.h"
#include "synthetic.h"

enum { HEAD = 32 /* bytes before those of a record */, ROWS = 3 };

static const char *const train_split[] = {"train"};

static const char *temp(ts_arena *a, const char *name) {
    return ts_str_z(a, ts_str_c(test_temp(name)));
}

static bool is_there(const char *path) { return access(path, F_OK) == 0; }

static size_t size_of(const char *path) {
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return (size_t)st.st_size;
}

static ts_str bytes_of(ts_arena *a, const char *path) {
    ts_str s;
    ts_error e = {0};
    if (!ts_file_read(a, path, 1 << 30, &s, &e)) fail_msg("%s", e.msg);
    return s;
}

/* ---- the file ---- */

/* A training as far as the file knows it. */
typedef struct trained {
    float x[ROWS * TS_FEATURES], y[ROWS];
    dataset_row row[ROWS];
    dataset d;
    train_options o;
} trained;

static trained *some_training(ts_arena *a) {
    trained *t = ts_new(a, trained);
    for (size_t i = 0; i < ROWS * TS_FEATURES; i++) t->x[i] = (float)i;
    for (size_t i = 0; i < ROWS; i++) {
        t->y[i] = i & 1;
        t->row[i] = (dataset_row){.fold = 1, .fold_left = 1, .fold_right = (uint8_t)i};
    }
    t->d = (dataset){.n = ROWS, .x = t->x, .y = t->y, .row = t->row};
    t->o = (train_options){.seed = 5, .rounds = 10};
    return t;
}

static stages opened(ts_arena *a, const char *path, const trained *t) {
    stages s;
    stages_open(&s, a, path, &t->d, &t->o);
    return s;
}

/* Three stages of different size, one of them empty. */
static const char *three_stages(ts_arena *a, const char *name, const trained *t) {
    const char *path = temp(a, name);
    unlink(path);
    stages s = opened(a, path, t);
    assert_true(s.fd > 0);
    stages_put(&s, "net", 0, TS_S("first bytes"));
    stages_put(&s, "net", 1, TS_NONE);
    stages_put(&s, "trees", 0, TS_S("others"));
    stages_close(&s, false);
    assert_int_equal(size_of(path), 4 * HEAD + 11 + 6);
    return path;
}

static void test_kept(void **state) {
    (void)state;
    ts_arena a = test_arena();
    trained *t = some_training(&a);
    const char *path = three_stages(&a, "kept", t);
    size_t size = size_of(path);
    for (int again = 0; again < 2; again++) {
        stages s = opened(&a, path, t);
        assert_int_equal(s.kept.n, 3);
        assert_str(stages_get(&s, "net", 0), "first bytes");
        assert_str(stages_get(&s, "trees", 0), "others");
        assert_str(stages_get(&s, "net", 1), "");
        assert_str(stages_get(&s, "net", 2), "");
        assert_str(stages_get(&s, "nets", 0), "");
        assert_str(stages_get(&s, "", 0), "");
        stages_close(&s, false);
        assert_int_equal(size_of(path), size);
    }
    stages s = opened(&a, path, t);
    stages_put(&s, "net", 2, TS_S("more")); /* behind the others */
    stages_close(&s, false);
    s = opened(&a, path, t);
    assert_int_equal(s.kept.n, 4);
    assert_str(stages_get(&s, "net", 2), "more");
    assert_str(stages_get(&s, "net", 0), "first bytes");
    stages_close(&s, true);
}

static void test_done(void **state) {
    (void)state;
    ts_arena a = test_arena();
    trained *t = some_training(&a);
    const char *path = three_stages(&a, "done", t);
    stages s = opened(&a, path, t);
    stages_close(&s, false);
    assert_true(is_there(path));
    stages_put(&s, "net", 3, TS_S("nowhere")); /* closed: kept nowhere */
    s = opened(&a, path, t);
    assert_int_equal(s.kept.n, 3);
    stages_close(&s, true);
    assert_false(is_there(path));
    stages_close(&s, true); /* harmless */
}

/* Each of these is another training: the file begins anew. */
static void change(trained *t, unsigned what) {
    switch (what) {
    case 0: t->o.seed++; break;
    case 1: t->o.rounds++; break;
    case 2: t->o.epochs++; break;
    case 3: t->o.without |= WITHOUT_TEXT; break;
    case 4: t->o.monotone = true; break;
    case 5: t->x[ROWS * TS_FEATURES - 1] += 0.5f; break;
    case 6: t->y[ROWS - 1] = 1 - t->y[ROWS - 1]; break;
    case 7: t->d.n--; break;
    case 8: t->row[ROWS - 1].fold = 3; break; /* other clusters give other folds */
    case 9: t->row[0].fold_left = 2; break;
    default: t->row[0].fold_right = 2; break;
    }
}

static void test_another_training(void **state) {
    (void)state;
    enum { WHAT = 11 };
    for (unsigned what = 0; what < WHAT; what++) {
        ts_arena a = test_arena();
        trained *t = some_training(&a), *other = some_training(&a);
        const char *path = three_stages(&a, "another", t);
        change(other, what);
        stages s = opened(&a, path, other);
        assert_int_equal(s.kept.n, 0);
        assert_str(stages_get(&s, "net", 0), "");
        stages_put(&s, "net", 0, TS_S("another"));
        stages_close(&s, false);
        assert_int_equal(size_of(path), 2 * HEAD + 7);
        s = opened(&a, path, other);
        assert_str(stages_get(&s, "net", 0), "another");
        stages_close(&s, false);
        s = opened(&a, path, t); /* and back: what was there is gone */
        assert_int_equal(s.kept.n, 0);
        stages_close(&s, true);
        ts_arena_free(&a, (size_t)1 << 32);
    }
}

/* What does not change the result does not make another training. */
static void test_the_same_training(void **state) {
    (void)state;
    ts_arena a = test_arena();
    trained *t = some_training(&a), *other = some_training(&a);
    const char *path = three_stages(&a, "same", t);
    other->o.threads = 7;
    other->o.name = "another name";
    other->o.resume = path;
    stages s = opened(&a, path, other);
    assert_int_equal(s.kept.n, 3);
    stages_close(&s, true);
}

/* Cut anywhere: whole records stay, the rest is dropped, and writing goes on there. */
static void test_cut_off(void **state) {
    (void)state;
    static const size_t ends[] = {HEAD, 2 * HEAD + 11, 3 * HEAD + 11, 4 * HEAD + 11 + 6};
    ts_arena a = test_arena();
    trained *t = some_training(&a);
    ts_str whole = bytes_of(&a, three_stages(&a, "whole", t));
    const char *path = temp(&a, "cut");
    for (size_t n = 0; n <= whole.n; n++) {
        ts_arena mark = a;
        size_t records = 0;
        while (records < 4 && ends[records] <= n) records++;
        test_write(path, ts_str_to(whole, n));
        stages s = opened(&a, path, t);
        assert_int_equal(s.kept.n, records ? records - 1 : 0);
        stages_put(&s, "net", 4, TS_S("on"));
        stages_close(&s, false);
        assert_int_equal(size_of(path), (records ? ends[records - 1] : HEAD) + HEAD + 2);
        s = opened(&a, path, t);
        assert_int_equal(s.kept.n, records ? records : 1);
        assert_str(stages_get(&s, "net", 4), "on");
        if (records > 1) assert_str(stages_get(&s, "net", 0), "first bytes");
        stages_close(&s, false);
        a = mark;
    }
}

/* A damaged byte: the record that it is in is dropped, and all behind it. Keys are not covered by
 * the checksum; a damaged one makes a stage that nobody asks for. */
static void test_damaged(void **state) {
    (void)state;
    static const size_t ends[] = {HEAD, 2 * HEAD + 11, 3 * HEAD + 11, 4 * HEAD + 11 + 6};
    ts_arena a = test_arena();
    trained *t = some_training(&a);
    ts_str whole = bytes_of(&a, three_stages(&a, "sound", t));
    const char *path = temp(&a, "damaged");
    for (size_t at = 0; at < whole.n; at++) {
        ts_arena mark = a;
        char *p = ts_new_raw(&a, char, whole.n);
        size_t hit = 0;
        memcpy(p, whole.p, whole.n);
        p[at] ^= 0x40;
        while (ends[hit] <= at) hit++;
        bool in_key = hit && at < ends[hit - 1] + 8;
        test_write(path, (ts_str){p, whole.n});
        stages s = opened(&a, path, t);
        assert_int_equal(s.kept.n, in_key ? 3 : hit ? hit - 1 : 0);
        ts_str first = stages_get(&s, "net", 0), last = stages_get(&s, "trees", 0);
        assert_true(!first.n || ts_str_is(first, "first bytes"));
        assert_true(!last.n || ts_str_is(last, "others"));
        stages_close(&s, false);
        a = mark;
    }
}

/* A length beyond the file takes no memory. */
static void test_hostile_length(void **state) {
    (void)state;
    static const uint64_t lengths[] = {12, 1 << 20, 0xFFFFFFFF, 1ull << 40, UINT64_MAX};
    ts_arena a = test_arena();
    trained *t = some_training(&a);
    ts_str whole = bytes_of(&a, three_stages(&a, "sound", t));
    const char *path = temp(&a, "length");
    char *p = ts_new_raw(&a, char, whole.n);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        ts_arena small = ts_arena_new(1 << 16), mark = small;
        memcpy(p, whole.p, whole.n);
        memcpy(p + HEAD + 8, &lengths[i], 8);
        test_write(path, (ts_str){p, whole.n});
        stages s = opened(&small, path, t);
        assert_int_equal(s.kept.n, 0);
        stages_close(&s, false);
        assert_int_equal(size_of(path), HEAD);
        ts_arena_free(&mark, 1 << 16);
    }
}

static void test_no_file(void **state) {
    (void)state;
    ts_arena a = test_arena();
    trained *t = some_training(&a);
    const char *const paths[] = {0, "/nowhere/at/all", temp(&a, "")};
    for (size_t i = 0; i < 3; i++) { /* no name; cannot be made; a folder */
        stages s = opened(&a, paths[i], t);
        assert_int_equal(s.fd, 0);
        stages_put(&s, "net", 0, TS_S("nowhere"));
        assert_str(stages_get(&s, "net", 0), "");
        stages_close(&s, true);
    }
    test_write(temp(&a, "foreign"), TS_S("this file was never one of ours, whatever it may be"));
    stages s = opened(&a, temp(&a, "foreign"), t);
    assert_int_equal(s.kept.n, 0);
    stages_close(&s, true);
}

/* ---- a training ---- */

typedef struct world {
    dataset_part part;
    train_options o;
} world;

static world *small_world(ts_arena *a, const char *resume, unsigned threads) {
    world *w = ts_new(a, world);
    w->part = (dataset_part){synthetic_write(a, synthetic_new(a, 3), "world", false, AS_IT_IS),
                             train_split, 1};
    w->o = (train_options){.part = &w->part,
                           .parts = 1,
                           .resume = resume,
                           .seed = 1,
                           .threads = threads,
                           .rounds = 3,
                           .epochs = 4};
    return w;
}

/* The file as train_model opens it. */
static stages opened_by_training(ts_arena *a, const world *w, dataset *d) {
    ts_arena scratch = ts_arena_new((size_t)1 << 30);
    ts_error e = {0};
    train_options o = w->o;
    stages s;
    if (!dataset_load(a, scratch, &w->part, 1, 1, true, d, &e)) fail_msg("%s", e.msg);
    ts_arena_free(&scratch, (size_t)1 << 30);
    o.without |= WITHOUT_RANK; /* there are no tables */
    stages_open(&s, a, o.resume, d, &o);
    return s;
}

static ts_str trained_bytes(ts_arena *a, const world *w, train_report *r) {
    ts_model m;
    ts_error e = {0};
    if (!train_model(a, w->o, &m, r, &e)) fail_msg("%s", e.msg);
    ts_buf b = ts_buf_new(a, TS_MODEL_FILE_MAX);
    ts_model_write(&b, &m);
    return ts_buf_str(&b);
}

/* Trains in a process of its own, which ends in the middle of writing a record: behind `records` of
 * them and `more` bytes. */
static void train_and_die(const world *w, size_t records, size_t more) {
    size_t limit = HEAD + records * (HEAD + PAIRS_TRAIN * sizeof(double)) + more;
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        ts_arena a = test_arena();
        ts_model m;
        train_report r;
        ts_error e = {0};
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){limit, limit});
        signal(SIGXFSZ, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr)) _exit(3);
        _exit(train_model(&a, w->o, &m, &r, &e) ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGXFSZ);
    assert_int_equal(size_of(w->o.resume), limit);
}

/* What was kept of a fold is what was said of its pairs, and nothing of others. */
static void must_hold(ts_arena *a, const world *w, size_t records) {
    dataset d;
    stages s = opened_by_training(a, w, &d);
    assert_int_equal(s.kept.n, records);
    for (unsigned f = 0; f < records; f++) {
        ts_str kept = stages_get(&s, "net", f);
        assert_int_equal(kept.n, d.n * sizeof(double));
        const double *v = (const void *)kept.p;
        for (size_t i = 0; i < d.n; i++) assert_int_equal(v[i] != 0, d.row[i].fold == f);
    }
    stages_close(&s, false);
}

/* Before any training in this process: a child of one that has trained has no threads to train
 * with. */
static void interrupted_training_goes_on(unsigned threads) {
    ts_arena a = test_arena();
    const char *path = temp(&a, "interrupted");
    size_t records = threads > 1 ? 3 : 2;
    world *w = small_world(&a, path, threads);
    unlink(path);
    train_and_die(w, records, HEAD + 100);
    must_hold(&a, w, records);
    ts_arena_free(&a, (size_t)1 << 32);
}

static void test_interrupted(void **state) {
    (void)state;
    interrupted_training_goes_on(2);
    interrupted_training_goes_on(1); /* leaves its file to the next test */
}

static void test_resumed(void **state) {
    (void)state;
    ts_arena a = test_arena();
    train_report whole, resumed;
    const char *path = temp(&a, "interrupted");
    world *w = small_world(&a, path, 1);
    must_hold(&a, w, 2);
    ts_str is = trained_bytes(&a, w, &resumed);
    assert_false(is_there(path));
    w->o.resume = 0;
    ts_str want = trained_bytes(&a, w, &whole);
    assert_false(whole.dropped); /* else what the folds said would not count */
    assert_true(ts_str_eq(is, want));
    assert_true(resumed.both.f1 == whole.both.f1 && resumed.asked == whole.asked);
    w->o.resume = path;
    assert_true(ts_str_eq(trained_bytes(&a, w, &whole), want)); /* never interrupted */
    assert_false(is_there(path));
}

/* What the folds are found to have said is not asked again: right answers are believed. */
static void put_right_answers(ts_arena *a, const world *w) {
    dataset d;
    stages s = opened_by_training(a, w, &d);
    double *v = ts_new_n(a, double, d.n);
    for (size_t i = 0; i < d.n; i++) v[i] = d.row[i].label ? 3 : -3;
    for (unsigned f = 0; f < FOLDS; f++)
        stages_put(&s, "net", f, (ts_str){(const char *)v, d.n * sizeof *v});
    stages_close(&s, false);
}

static void test_kept_answers_count(void **state) {
    (void)state;
    ts_arena a = test_arena();
    train_report plain, told, other;
    world *w = small_world(&a, 0, 1);
    ts_str want = trained_bytes(&a, w, &plain);
    assert_true(plain.both.f1 < 1);
    w->o.resume = temp(&a, "told");
    put_right_answers(&a, w);
    assert_false(ts_str_eq(trained_bytes(&a, w, &told), want));
    assert_true(told.both.f1 == 1);
    assert_false(is_there(w->o.resume));
    w->o.seed = 2; /* told to another training: not believed */
    put_right_answers(&a, w);
    w->o.seed = 1;
    assert_true(ts_str_eq(trained_bytes(&a, w, &other), want));
    assert_true(other.both.f1 == plain.both.f1);
    assert_false(is_there(w->o.resume));
}

/* A stage of the wrong length is made anew. */
static void test_wrong_length(void **state) {
    (void)state;
    ts_arena a = test_arena();
    train_report r;
    world *w = small_world(&a, 0, 1);
    ts_str want = trained_bytes(&a, w, &r);
    w->o.resume = temp(&a, "short");
    dataset d;
    stages s = opened_by_training(&a, w, &d);
    stages_put(&s, "net", 0, TS_S("12345678"));
    stages_put(&s, "net", 1, TS_NONE);
    stages_close(&s, false);
    assert_true(ts_str_eq(trained_bytes(&a, w, &r), want));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interrupted), /* first */
        cmocka_unit_test(test_resumed),
        cmocka_unit_test(test_kept_answers_count),
        cmocka_unit_test(test_wrong_length),
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_done),
        cmocka_unit_test(test_another_training),
        cmocka_unit_test(test_the_same_training),
        cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_hostile_length),
        cmocka_unit_test(test_no_file),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
