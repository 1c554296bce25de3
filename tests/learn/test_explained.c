/* Whether reasons are what they say: they add up, and without the strongest one the likelihood is
 * lower. The judge is a small one, trained here on derived offers. */
#include "learn/explained.h"

#include <math.h>

#include "derived.h"
#include "learn/dataset.h"
#include "learn/train.h"
#include "text/text.h"

enum { PAIRS = 1500, NOTICES = 250 };

static ts_arena a;
static const char *dir;
static ts_model model;

static int setup(void **state) {
    static const char *const split[] = {"train"};
    (void)state;
    a = ts_arena_new((size_t)8 << 30);
    dir = derived_pairs(&a, "derived", NOTICES, PAIRS);
    dataset_part part = {dir, split, 1};
    train_options o = {.part = &part,
                       .parts = 1,
                       .seed = 1,
                       .threads = 2,
                       .without = WITHOUT_VECTORS | WITHOUT_RANK,
                       .rounds = 60,
                       .epochs = 2,
                       .threshold = 0.5,
                       .monotone = true};
    train_report r;
    ts_error e = {0};
    ts_log_quiet(true);
    if (!train_model(&a, o, &model, &r, &e)) {
        print_error("%s\n", e.msg);
        return -1;
    }
    print_message("trained on %zu pairs; F1 of products not seen %.3f\n", r.pairs, r.both.f1);
    return 0;
}

static ts_model asking(bool always) {
    ts_model m = model;
    m.open_from = always ? -1e9 : 1;
    m.open_to = always ? 1e9 : -1;
    return m;
}

/* All pairs, and variants of right records (`variant[k]` stands against the left record of pair
 * `of[k]`), in one collection, in which words are as rare as in the first. */
typedef struct world {
    pairs p;
    const ts_records *r;
    uint32_t *number, *variant;
} world;

static void load(ts_arena *to, world *w) {
    ts_error e = {0};
    if (!pairs_read(to, dir, "train", true, &w->p, &e)) fail_msg("%s: %s", e.where, e.msg);
    w->r = dataset_records(to, &w->p, &w->number);
}

static void judge(const world *w, const ts_model *m, ts_arena *to, uint32_t left, uint32_t right,
                  ts_lead *l) {
    ts_error e = {0};
    if (!ts_records_judge(w->r, m, to, left, right, l, &e)) fail_msg("%s", e.msg);
}

static double sum_of(const ts_evidences *l) {
    double sum = 0;
    for (size_t i = 0; i < l->n; i++) sum += l->v[i].weight;
    return sum;
}

/* ---- sums ---- */

static void base_and_reasons_are_the_log_odds(void **state) {
    (void)state;
    ts_arena work = a;
    world w = {0};
    load(&work, &w);
    size_t asked = 0;
    for (int always = 0; always < 2; always++) {
        ts_model m = asking(always);
        for (size_t i = 0; i < w.p.list.n; i++) {
            ts_arena one = work;
            const labelled_pair *p = &w.p.list.v[i];
            ts_lead l;
            ts_opinion said;
            ts_error e = {0};
            judge(&w, &m, &one, w.number[p->left], w.number[p->right], &l);
            assert_true(ts_records_ask(w.r, &m, w.number[p->left], w.number[p->right], &said, &e));
            asked += said.asked;
            double z = ts_combine(said.asked ? m.both : m.alone, said.trees, said.net);
            assert_true(fabs(z - l.log_odds) < 1e-9);
            assert_true(fabs(l.base + sum_of(&l.agree) + sum_of(&l.conflict) - l.log_odds) < 1e-6);
            assert_true(fabs(ts_probability(l.log_odds) - l.probability) < 1e-9);
            for (size_t k = 0; k < l.agree.n; k++) assert_true(l.agree.v[k].weight >= 0);
            for (size_t k = 0; k < l.conflict.n; k++) assert_true(l.conflict.v[k].weight <= 0);
            for (size_t k = 1; k < l.agree.n; k++)
                assert_true(l.agree.v[k - 1].weight >= l.agree.v[k].weight);
        }
    }
    assert_int_equal(asked, w.p.list.n);
}

/* ---- deletion ---- */

/* `text` without each run of words that, put together, is `what`. */
static ts_str without(ts_arena *to, ts_str text, ts_str what) {
    ts_str key = ts_squeeze(to, what);
    ts_tokens t = ts_tokenise(to, text, true);
    ts_buf b = ts_buf_new(to, text.n + 1);
    size_t kept = 0;
    for (size_t from = 0; key.n && from < t.n; from++) {
        size_t at = 0, i = from;
        for (; i < t.n && at < key.n; i++) {
            ts_str word = ts_token_text(&t, i);
            if (!ts_str_starts(ts_str_from(key, at), word)) break;
            at += word.n;
        }
        if (at < key.n) continue;
        size_t first = t.origin[t.v[from].at], end = i < t.n ? t.origin[t.v[i].at] : text.n;
        ts_buf_put(&b, (ts_str){text.p + kept, first - kept});
        kept = end;
        from = i - 1;
    }
    ts_buf_put(&b, ts_str_from(text, kept));
    return ts_buf_str(&b);
}

/* Takes from an offer what a reason names. False for reasons that name nothing in it. */
static bool take_away(ts_arena *to, const ts_evidence *why, pair_record *r) {
    bool brand = strncmp(why->what, "brand_", 6) == 0,
         number = strcmp(why->what, "model_same") == 0;
    size_t before = r->title.n + r->brand.n + r->model.n + r->desc.n + r->gtin.n + r->notices.n;
    if (strcmp(why->what, "identifier_same") == 0)
        r->gtin = TS_NONE;
    else if (strcmp(why->what, "declared") == 0)
        r->notices = TS_NONE;
    else if (!brand && !number && strncmp(why->what, "word_", 5) != 0)
        return false;
    if (brand || number || strncmp(why->what, "word_", 5) == 0) {
        r->title = without(to, r->title, why->offer);
        r->model = without(to, r->model, why->offer);
        r->desc = without(to, r->desc, why->offer);
        r->brand = brand ? TS_NONE : without(to, r->brand, why->offer);
    }
    return r->title.n + r->brand.n + r->model.n + r->desc.n + r->gtin.n + r->notices.n < before;
}

typedef struct trial {
    size_t pair;
    uint32_t record;
    double p;
    ts_evidence why;
} trial;

/* Adds the variants behind the records of the pairs. */
static void add_variants(ts_arena *to, world *w, pair_record *v, trial *t, size_t n) {
    ts_records *r = ts_records_new(to);
    uint8_t *places = ts_new_n(to, uint8_t, w->p.records.n);
    for (size_t i = 0; i < w->p.list.n; i++) {
        places[w->p.list.v[i].left] |= TS_RECORD_LEFT;
        places[w->p.list.v[i].right] |= TS_RECORD_RIGHT;
    }
    for (size_t i = 0; i < w->p.records.n; i++) {
        ts_record x = dataset_record(to, &w->p.records.v[i]);
        w->number[i] = ts_records_add(r, &x, places[i]);
    }
    for (size_t i = 0; i < n; i++) {
        ts_record x = dataset_record(to, &v[i]);
        t[i].record = ts_records_add(r, &x, TS_RECORD_RIGHT);
    }
    ts_records_finish(r);
    w->r = r;
}

/* The strongest reason for a pair, or the strongest one that is a word; NULL: there is none. */
static const ts_evidence *best_of(const ts_lead *l, bool word) {
    for (size_t i = 0; i < l->agree.n; i++)
        if (!word || strncmp(l->agree.v[i].what, "word_", 5) == 0) return &l->agree.v[i];
    return 0;
}

/* Share of the matches held likely that are less likely without that reason. */
static double share_that_falls(const ts_model *m, bool word) {
    ts_arena work = a;
    world w = {0};
    load(&work, &w);
    trial *t = ts_new_n(&work, trial, w.p.list.n);
    pair_record *v = ts_new_n(&work, pair_record, w.p.list.n);
    size_t n = 0, fell = 0, nothing = 0;
    for (size_t i = 0; i < w.p.list.n; i++) {
        const labelled_pair *p = &w.p.list.v[i];
        ts_lead l;
        if (p->label != 1) continue;
        judge(&w, m, &work, w.number[p->left], w.number[p->right], &l);
        const ts_evidence *why = best_of(&l, word);
        if (l.probability <= 0.6 || !why) continue;
        v[n] = w.p.records.v[p->right];
        if (take_away(&work, why, &v[n]))
            t[n++] = (trial){.pair = i, .p = l.probability, .why = *why};
        else
            nothing++;
    }
    add_variants(&work, &w, v, t, n);
    for (size_t i = 0; i < n; i++) {
        const labelled_pair *p = &w.p.list.v[t[i].pair];
        ts_lead l;
        judge(&w, m, &work, w.number[p->left], t[i].record, &l);
        fell += l.probability < t[i].p;
        if (l.probability >= t[i].p)
            print_message("%s '%.*s' %+.2f: %.4f, without it %.4f: %.*s\n", t[i].why.what,
                          TS_P(t[i].why.offer), t[i].why.weight, t[i].p, l.probability,
                          TS_P(w.p.records.v[p->right].title));
    }
    print_message("%zu of %zu less likely without their best %s; %zu others name nothing to take "
                  "away\n",
                  fell, n, word ? "word" : "reason", nothing);
    assert_true(n > 100 && nothing < n);
    return (double)fell / (double)n;
}

static void without_its_best_reason_a_pair_is_less_likely(void **state) {
    (void)state;
    for (int always = 0; always < 2; always++) {
        ts_model m = asking(always);
        assert_true(share_that_falls(&m, false) >= 0.95);
        assert_true(share_that_falls(&m, true) >= 0.7);
    }
}

/* ---- asked for ---- */

static void pairs_by_number(void **state) {
    (void)state;
    ts_arena work = a;
    ts_model m = asking(false);
    ts_error e = {0};
    explained x[2];
    const uint64_t wanted[] = {3, 1}, none[] = {1, 1000000}, zero[] = {0};
    assert_true(explain_pairs(&work, &m, dir, "train", wanted, 2, x, &e));
    world w = {0};
    load(&work, &w);
    for (int i = 0; i < 2; i++) {
        const labelled_pair *p = &w.p.list.v[wanted[i] - 1];
        ts_lead l;
        judge(&w, &m, &work, w.number[p->left], w.number[p->right], &l);
        assert_int_equal(x[i].number, wanted[i]);
        assert_int_equal(x[i].label, p->label);
        assert_true(ts_str_eq(x[i].right->title, w.p.records.v[p->right].title));
        assert_true(ts_str_eq(x[i].left->title, w.p.records.v[p->left].title));
        assert_true(x[i].lead.log_odds == l.log_odds);
    }
    assert_false(explain_pairs(&work, &m, dir, "train", none, 2, x, &e));
    assert_int_equal(e.code, TS_E_USAGE);
    assert_true(ts_str_find(ts_str_c(e.msg), TS_S("/train.jsonl has no pair 1000000; its pairs "
                                                  "are 1 to ")) != TS_NPOS);
    assert_false(explain_pairs(&work, &m, dir, "train", zero, 1, x, &e));
    assert_int_equal(e.code, TS_E_USAGE);
    assert_false(explain_pairs(&work, &m, dir, "absent", wanted, 1, x, &e));
    assert_int_equal(e.code, TS_E_IO);
}

static void models_that_look_at_rank_are_refused(void **state) {
    (void)state;
    ts_arena work = a;
    ts_model m = asking(false);
    ts_error e = {0};
    explained x;
    const uint64_t first = 1;
    m.groups |= 1u << TS_GROUP_RANK;
    assert_false(explain_pairs(&work, &m, dir, "train", &first, 1, &x, &e));
    assert_int_equal(e.code, TS_E_INPUT);
    assert_str(ts_str_c(e.msg),
               "the model looks at how a pair stands among all others, which is not known of a "
               "single pair; take one that was trained with --without rank");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_and_reasons_are_the_log_odds),
        cmocka_unit_test(without_its_best_reason_a_pair_is_less_likely),
        cmocka_unit_test(pairs_by_number),
        cmocka_unit_test(models_that_look_at_rank_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
