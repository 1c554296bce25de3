/* Labelled pairs from notices: whether labels are right, and what is left out. All brands and
 * numbers are invented. */
#include "pipeline/bench.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "learn/dataset.h"
#include "support/support.h"

typedef struct written {
    const char *number, *product, *name, *brands, *models, *gtins;
    const char *modified; /* empty: not stated */
    bool counterfeit, withdrawn;
} written;

/* 1 to 5 may be one product; 6 to 9 are others of the same brand. */
static const written samples[] = {
    {"T/1", "Hair dryer", "AeroQuick", "Kelvano|Kelvani", "KV-2210|KV-2215",
     "4006381333931|5012345678900", "", false, false},
    {"T/2", "Hairdryer for travel", "", "KELVANO", "kv 2210", "", "", false, false},
    {"T/3", "Hair styler set", "", "Dorrbeku", "DB-1", "4006381333931", "", false, false},
    {"T/4", "Hair dryer", "Aeroquick", "Kelvano Home", "ZZ-8801", "", "", false, false},
    {"T/5", "Hair dryer", "Kelvano AeroQuick Deluxe", "Kelvano", "", "", "", false, false},
    {"T/6", "Hair dryer", "SilkFlow", "Kelvano", "KX-9911", "", "", false, false},
    {"T/7", "Toaster", "CrispMorning", "Kelvano", "KT-330", "", "", false, false},
    {"T/8", "Electric kettle", "", "Kelvano", "KK-1702", "", "", false, false},
    {"T/9", "Heater", "WarmBreeze", "Kelvano", "", "", "", false, false},
    {"T/10", "USB charger", "FastPort", "Tervolt", "TV-C65", "", "2024-01-10", true, false},
    {"T/10", "USB charger, newer text", "FastPort", "Tervolt", "TV-C65", "", "2024-03-10", true,
     false},
    {"T/10", "USB charger, older text", "FastPort", "Tervolt", "TV-C65", "", "2024-02-10", true,
     false},
    {"T/11", "Power bank", "PB 20", "Tervolt", "TV-PB20", "", "", false, true},
};
enum { SAMPLES = sizeof samples / sizeof *samples, ONE_PRODUCT = 5, NUMBERS = 11 };

static void split(ts_arena *a, const char *text, ts_strs *out) {
    for (ts_str s = ts_str_c(text); s.n;) ts_strs_add(a, out, ts_str_cut(&s, '|'));
}

static ts_notice notice_of(ts_arena *a, const written *s) {
    ts_strs codes = {0};
    ts_str id[2] = {TS_S("test:"), ts_str_c(s->number)};
    ts_notice n = {.id = ts_str_join(a, id, 2, TS_NONE),
                   .source = TS_S("test"),
                   .number = id[1],
                   .product = ts_str_c(s->product),
                   .name = ts_str_c(s->name),
                   .description = TS_S("It can overheat."),
                   .category = TS_S("Electrical appliances"),
                   .language = TS_S("en"),
                   .published = TS_NO_DAY,
                   .modified = ts_day_parse_iso(ts_str_c(s->modified)),
                   .state = s->withdrawn ? TS_NOTICE_WITHDRAWN : TS_NOTICE_PUBLISHED,
                   .counterfeit = s->counterfeit ? TS_YES : TS_OPEN};
    split(a, s->brands, &n.brands);
    split(a, s->models, &n.models);
    split(a, s->gtins, &codes);
    for (size_t i = 0; i < codes.n; i++)
        ts_identifiers_add(a, &n.identifiers, ts_identifier_classify(a, codes.v[i], true));
    return n;
}

static void put_line(ts_buf *b, const ts_notice *n) {
    ts_jsonw w = ts_jsonw_to(b);
    ts_notice_write(&w, n);
    ts_buf_c(b, '\n');
}

/* Versions of one notice come from different files. */
enum { FILES = 3 };
static void notices_files(ts_arena *a, const char *path[FILES]) {
    static const char *const names[FILES] = {"n1.jsonl", "n2.jsonl", "n3.jsonl"};
    static const size_t ends[FILES] = {SAMPLES - 3, SAMPLES - 2, SAMPLES};
    for (size_t f = 0, i = 0; f < FILES; f++) {
        ts_buf b = ts_buf_new(a, 1 << 20);
        for (; i < ends[f]; i++) {
            ts_notice n = notice_of(a, &samples[i]);
            put_line(&b, &n);
        }
        path[f] = ts_str_z(a, ts_str_c(test_temp(names[f])));
        test_write(path[f], ts_buf_str(&b));
    }
}

/* Writes DIR/train.jsonl and gives its bytes. */
static ts_str make(ts_arena *a, ts_pairs_job job, ts_pairs_counts *n, const char **dir) {
    ts_error e = {0};
    ts_str out;
    char path[1200];
    const char *folder = ts_str_z(a, ts_str_c(test_temp("pairs"))), *files[FILES];
    notices_files(a, files);
    ts_log_quiet(true);
    mkdir(folder, 0755);
    snprintf(path, sizeof path, "%s/train.jsonl", folder);
    job.notices = files;
    job.notices_n = FILES;
    job.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (!ts_bench_pairs(a, &job, n, &e)) fail_msg("%s", e.msg);
    close(job.fd);
    if (!ts_file_read(a, path, 1 << 28, &out, &e)) fail_msg("%s", e.msg);
    if (dir) *dir = folder;
    return out;
}

/* ---- what a line says ---- */

typedef struct seen {
    ts_str left, right, kind; /* ids */
    int64_t label;
    int own; /* number of the notice the offer was made from: its place in samples; -1: unrelated */
} seen;

enum { POSITIVES = 20, SEED = 7 };

/* Ids of offers are made of the seed and their notice's id. */
static int maker_of(ts_arena *a, ts_str offer) {
    for (size_t s = 0; s < SAMPLES; s++) {
        uint64_t own = ts_hash(notice_of(a, &samples[s]).id);
        for (uint64_t i = 0; i < POSITIVES * 5; i++)
            for (uint64_t tries = 0; tries < 24 && i % 5 != 3; tries++) {
                char id[24];
                uint64_t seed = SEED * 0x9e3779b97f4a7c15ull + i + tries * 1000003ull;
                snprintf(id, sizeof id, "d%016llx", (unsigned long long)(seed ^ own));
                if (ts_str_is(offer, id)) return (int)s;
            }
    }
    return -1;
}

static seen read_line(ts_arena *a, ts_str line) {
    ts_error e = {0};
    const ts_json *v = ts_json_parse(a, line, (ts_json_options){.strict = true}, &e);
    if (!v) fail_msg("%s", e.msg);
    seen s = {.left = ts_json_text(ts_json_member(ts_json_member(v, "left"), "id")),
              .right = ts_json_text(ts_json_member(ts_json_member(v, "right"), "id")),
              .kind = ts_json_text(ts_json_member(v, "kind"))};
    assert_true(ts_json_i64(ts_json_member(v, "label"), &s.label));
    s.own = maker_of(a, s.right);
    return s;
}

static int sample_of(ts_str id) {
    for (int i = 0; i < SAMPLES; i++)
        if (ts_str_is(ts_str_from(id, 5), samples[i].number)) return i;
    fail_msg("no such notice: %.*s", TS_P(id));
    return -1;
}

/* ---- tests ---- */

static void labels(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pairs_counts n;
    ts_str rest = make(&a, (ts_pairs_job){.seed = SEED, .positives = POSITIVES}, &n, 0), line;
    uint64_t lines = 0, others = 0, matches = 0, beyond = 0;
    bool kept[SAMPLES][SAMPLES] = {{0}};
    while (rest.n) {
        line = ts_str_cut(&rest, '\n');
        ts_arena mark = a;
        seen s = read_line(&a, line);
        int left = sample_of(s.left);
        if (ts_str_ends(s.kind, TS_S("_elsewhere"))) { /* other goods of the brand, or the number */
            assert_int_equal(s.label, 0);
            lines++;
            continue;
        }
        bool other = ts_str_is(s.kind, "other_notice");
        lines++;
        others += other;
        matches += s.label == 1;
        assert_int_equal(s.label, ts_str_is(s.kind, "positive"));
        assert_string_not_equal(samples[left].number, "T/11"); /* withdrawn */
        if (ts_str_is(s.kind, "unrelated")) {
            assert_int_equal(s.own, -1);
        } else {
            assert_in_range(s.own, 0, SAMPLES - 1);
            bool same = strcmp(samples[s.own].number, samples[left].number) == 0;
            assert_int_equal(same, !other);
        }
        if (other) kept[s.own][left] = true;
        beyond += other && left >= ONE_PRODUCT;
        a = mark;
    }
    assert_int_equal(lines, n.pairs);
    assert_int_equal(matches, n.matches);
    assert_int_equal(matches, n.own[TS_DERIVE_POSITIVE]);
    assert_int_equal(others, n.other);
    assert_int_equal(n.notices, NUMBERS - 1);
    assert_int_equal(n.derivable, NUMBERS - 1);
    assert_true(n.left_out > 0);
    assert_int_equal(n.offers[TS_DERIVE_POSITIVE], (NUMBERS - 1) * POSITIVES);
    assert_true(n.own[TS_DERIVE_POSITIVE] > n.offers[TS_DERIVE_POSITIVE] / 2);
    assert_true(n.own[TS_DERIVE_OTHER_MODEL] && n.own[TS_DERIVE_ACCESSORY] &&
                n.own[TS_DERIVE_GENUINE] && n.offers[TS_DERIVE_UNRELATED]);
    for (int k = 1; k < ONE_PRODUCT; k++) /* a model number, an identifier, a name, a part of one */
        if (kept[0][k] || kept[k][0]) fail_msg("%s was not left out", samples[k].number);
    assert_true(kept[0][5] && kept[5][0]); /* of one brand and kind, and not one product */
    assert_true(beyond > 0);
}

static void same_seed_same_pairs(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pairs_counts n, m;
    ts_pairs_job job = {.seed = 3, .positives = 2};
    ts_str first = make(&a, job, &n, 0), again = make(&a, job, &m, 0);
    assert_true(first.n > 1000);
    assert_true(ts_str_eq(first, again));
    assert_memory_equal(&n, &m, sizeof n);
    job.seed = 4;
    assert_false(ts_str_eq(first, make(&a, job, &m, 0)));
    /* Fewer pairs are the first of all. */
    job = (ts_pairs_job){.seed = 3, .positives = 2, .most = 10};
    ts_str few = make(&a, job, &m, 0);
    assert_in_range(m.pairs, 10, 10 + 7);
    assert_true(few.n < first.n);
    assert_true(ts_str_starts(first, few));
}

static void halves(void **state) {
    (void)state;
    ts_arena a = test_arena();
    for (int h = TS_HALF_TUNE; h <= TS_HALF_REPORT; h++) {
        ts_pairs_counts n;
        ts_pairs_job job = {.half = (ts_half)h, .seed = SEED, .positives = 2};
        ts_str rest = make(&a, job, &n, 0);
        while (rest.n) {
            seen s = read_line(&a, ts_str_cut(&rest, '\n'));
            ts_notice left = notice_of(&a, &samples[sample_of(s.left)]);
            assert_int_equal(ts_derive_in_tuning_half(&left), h == TS_HALF_TUNE);
        }
        assert_true(n.pairs > 0);
    }
}

/* The record of a pair file with this number. */
static const pair_record *numbered(const pairs *p, const char *number) {
    for (size_t i = 0; i < p->records.n; i++)
        if (ts_str_is(p->records.v[i].number, number)) return &p->records.v[i];
    fail_msg("no record of %s", number);
    return 0;
}

/* What the comparison sees of a notice comes through the file as it is. */
static void round_trip(void **state) {
    (void)state;
    ts_arena a = test_arena(), scratch = test_arena();
    ts_pairs_counts n;
    ts_error e = {0};
    const char *dir, *split_name = "train";
    pairs p = {0};
    make(&a, (ts_pairs_job){.seed = SEED, .positives = 5}, &n, &dir);
    if (!pairs_read(&a, dir, split_name, false, &p, &e)) fail_msg("%s", e.msg);
    assert_int_equal(p.list.n, n.pairs);
    const pair_record *r = numbered(&p, "T/1");
    assert_str(r->title, "Hair dryer | AeroQuick");
    assert_str(r->brand, "Kelvano | Kelvani");
    assert_str(r->model, "KV-2210 | KV-2215");
    assert_str(r->gtin, "4006381333931 5012345678900");
    assert_str(r->desc, "It can overheat.");
    assert_str(r->cat, "Electrical appliances");
    assert_str(r->lang, "en");
    assert_false(r->counterfeit);
    ts_identifiers codes = {0};
    ts_identifiers_from_field(&a, r->gtin, true, &codes);
    assert_int_equal(codes.n, 2);
    assert_int_equal(codes.v[1].gtin, 5012345678900);
    r = numbered(&p, "T/10"); /* of three versions the newest */
    assert_str(r->title, "USB charger, newer text | FastPort");
    assert_true(r->counterfeit);

    dataset_part part = {dir, &split_name, 1};
    dataset d;
    if (!dataset_load(&a, scratch, &part, 1, 1, true, &d, &e)) fail_msg("%s", e.msg);
    assert_int_equal(d.n, n.pairs);
    assert_int_equal(d.matches, n.matches);
}

/* A notice's texts may be of any length; a line must not be. */
static void long_texts(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 64 << 20);
    ts_strs words = {0};
    for (int i = 0; i < 600; i++) { /* control characters take six bytes in JSON */
        enum { EACH = 1000 };
        char *word = ts_new_n(&a, char, EACH);
        memset(word, 1, EACH);
        int k = snprintf(word, EACH, "KV-%d of a long list ", i);
        word[k] = 'x';
        ts_strs_add(&a, &words, (ts_str){word, EACH});
    }
    ts_str all = ts_str_join(&a, words.v, words.n, TS_S("\x01"));
    ts_notice n = notice_of(&a, &samples[0]);
    n.models = words;
    n.description = n.category = n.name = all;
    put_line(&b, &n);
    const char *file = ts_str_z(&a, ts_str_c(test_temp("long.jsonl"))),
               *dir = ts_str_z(&a, ts_str_c(test_temp("long")));
    test_write(file, ts_buf_str(&b));
    mkdir(dir, 0755);
    char path[1200];
    snprintf(path, sizeof path, "%s/train.jsonl", dir);
    ts_pairs_job job = {.notices = &file, .notices_n = 1, .seed = 1, .positives = 20};
    ts_pairs_counts count;
    ts_error e = {0};
    job.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (!ts_bench_pairs(&a, &job, &count, &e)) fail_msg("%s", e.msg);
    close(job.fd);
    assert_true(count.pairs > 0);
    pairs p = {0};
    if (!pairs_read(&a, dir, "train", false, &p, &e)) fail_msg("%s", e.msg);
    const pair_record *r = &p.records.v[p.list.v[0].left];
    assert_in_range(r->desc.n, 1490, 1500);
    assert_in_range(r->model.n, 30000, 33000);
}

static void refusals(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_pairs_counts n;
    const char *none = "/nowhere/notices.jsonl", *file = ts_str_z(&a, ts_str_c(test_temp("one")));
    ts_pairs_job job = {.notices = &none, .notices_n = 1, .positives = 1, .fd = -1};
    assert_false(ts_bench_pairs(&a, &job, &n, &e));
    assert_int_equal(e.code, TS_E_IO);

    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_notice one = notice_of(&a, &samples[0]);
    put_line(&b, &one);
    test_write(file, ts_buf_str(&b));
    job.notices = &file;
    job.half = ts_derive_in_tuning_half(&one) ? TS_HALF_REPORT : TS_HALF_TUNE;
    e = (ts_error){0};
    assert_false(ts_bench_pairs(&a, &job, &n, &e));
    assert_str(ts_str_c(e.msg), "none of the notices is in this half");

    job.half = TS_HALF_ALL; /* nowhere to write to */
    job.positives = 5;
    e = (ts_error){0};
    assert_false(ts_bench_pairs(&a, &job, &n, &e));
    assert_int_equal(e.code, TS_E_IO);
}

static void real_notices(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *file = test_data("notices/safety_gate_2022_2024.jsonl");
    if (!file) skip();
    ts_log_quiet(true);
    ts_pairs_job job = {
        .notices = &file, .notices_n = 1, .half = TS_HALF_TUNE, .seed = 1, .positives = 3};
    ts_pairs_counts n;
    ts_error e = {0};
    job.fd = open("/dev/null", O_WRONLY);
    if (!ts_bench_pairs(&a, &job, &n, &e)) fail_msg("%s", e.msg);
    close(job.fd);
    assert_true(n.own[TS_DERIVE_POSITIVE] > n.offers[TS_DERIVE_POSITIVE] * 8 / 10);
    assert_true(n.other > 0 && n.pairs > n.matches * 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels),       cmocka_unit_test(same_seed_same_pairs),
        cmocka_unit_test(halves),       cmocka_unit_test(round_trip),
        cmocka_unit_test(long_texts),   cmocka_unit_test(refusals),
        cmocka_unit_test(real_notices),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
