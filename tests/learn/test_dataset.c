/* Labelled pairs made into numbers: what a record is called must not be among them. */
#include "learn/dataset.h"

#include <math.h>

#include "learn/evaluate.h"
#include "learn/train.h"
#include "support/support.h"
#include "synthetic.h"

static const char *const both_splits[] = {"train", "valid"}, *const train_split[] = {"train"},
                         *const valid_split[] = {"valid"};

static void must_load(ts_arena *a, const dataset_part *part, size_t n, dataset *d) {
    ts_arena scratch = ts_arena_new((size_t)1 << 30);
    ts_error e = {0};
    if (!dataset_load(a, scratch, part, n, 1, true, d, &e)) fail_msg("%s: %s", e.where, e.msg);
    ts_arena_free(&scratch, (size_t)1 << 30);
}

static void load_written(ts_arena *a, const synthetic *s, const char *name, bool tables,
                         synthetic_change c, dataset *d) {
    dataset_part part = {synthetic_write(a, s, name, tables, c), both_splits, 2};
    must_load(a, &part, 1, d);
}

/* ---- what must not matter ---- */

#define SAME(x, y, n) assert_memory_equal((x), (y), (n) * sizeof *(x))

static void same_tokens(const dataset *d, const dataset *e) {
    for (size_t i = 0; i < d->sides; i++) {
        const net_tokens *x = &d->side[i], *y = &e->side[i];
        assert_int_equal(x->n, y->n);
        for (size_t k = 0; k < x->n; k++) {
            assert_int_equal(x->v[k].pieces, y->v[k].pieces);
            SAME(x->v[k].piece, y->v[k].piece, x->v[k].pieces);
            SAME(x->v[k].fact, y->v[k].fact, TS_NET_FACTS);
        }
    }
}

static void same_row(const dataset_row *r, const dataset_row *q) {
    assert_int_equal(r->left, q->left);
    assert_int_equal(r->right, q->right);
    assert_int_equal(r->label, q->label);
    assert_int_equal(r->part_left, q->part_left);
    assert_int_equal(r->part_right, q->part_right);
    assert_int_equal(r->lang_left, q->lang_left);
    assert_int_equal(r->lang_right, q->lang_right);
    assert_true(r->weight == q->weight);
    assert_true(ts_str_eq(r->kind, q->kind));
}

static void same_sample(const net_sample *x, const net_sample *y) {
    assert_int_equal(x->a, y->a);
    assert_int_equal(x->b, y->b);
    SAME(x->same, y->same, TS_NET_TOKENS);
    assert_int_equal(x->found_a, y->found_a);
    assert_int_equal(x->found_b, y->found_b);
    assert_true(x->y == y->y && x->weight == y->weight);
}

/* All that a model is fitted on and asked about, to the bit. */
static void same_evidence(const dataset *d, const dataset *e) {
    assert_int_equal(d->n, e->n);
    assert_int_equal(d->sides, e->sides);
    assert_int_equal(d->matches, e->matches);
    assert_int_equal(d->ranked, e->ranked);
    SAME(d->x, e->x, d->n * TS_FEATURES);
    SAME(d->y, e->y, d->n);
    SAME(d->cue_at, e->cue_at, d->n + 1);
    for (size_t i = 0; i < d->cue_at[d->n]; i++) {
        assert_int_equal(d->cue[i].slot, e->cue[i].slot);
        SAME(&d->cue[i].value, &e->cue[i].value, 1);
    }
    for (size_t i = 0; i < d->n; i++) {
        same_sample(&d->sample[i], &e->sample[i]);
        same_row(&d->row[i], &e->row[i]);
    }
    same_tokens(d, e);
}

static void same_folds(const dataset *d, const dataset *e) {
    for (size_t i = 0; i < d->n; i++) {
        const dataset_row *r = &d->row[i], *q = &e->row[i];
        assert_int_equal(r->product, q->product);
        assert_int_equal(r->fold, q->fold);
        assert_int_equal(r->fold_left, q->fold_left);
        assert_int_equal(r->fold_right, q->fold_right);
    }
}

/* So that the comparison has something to compare: groups of features and the network's bits are
 * not all empty. */
static void not_empty(const dataset *d) {
    size_t filled[TS_GROUPS] = {0}, found = 0, same = 0;
    for (size_t i = 0; i < d->n; i++) {
        for (unsigned k = 0; k < TS_FEATURES; k++)
            filled[ts_feature_group_of(k)] += d->x[i * TS_FEATURES + k] != 0;
        found += d->sample[i].found_a && d->sample[i].found_b;
        same += d->sample[i].same[0] != 0;
    }
    assert_true(filled[TS_GROUP_FACTS] && filled[TS_GROUP_TEXT]);
    assert_int_equal(filled[TS_GROUP_EVIDENCE], 0); /* of the token-evidence model, not yet made */
    assert_int_equal(filled[TS_GROUP_RANK] != 0, d->ranked);
    assert_true(d->cue_at[d->n] > 10 * d->n);
    assert_true(found > d->n / 4 && same > d->n / 4);
}

static void names_do_not_matter(bool tables) {
    ts_arena a = test_arena();
    synthetic *s = synthetic_new(&a, 1);
    dataset was, is;
    load_written(&a, s, "world", tables, AS_IT_IS, &was);
    not_empty(&was);
    assert_int_equal(was.n, PAIRS);
    assert_int_equal(was.matches, OFFERS);
    assert_int_equal(was.ranked, tables);
    assert_int_equal(was.sides, RECORDS - TWINS); /* each text once */
    for (unsigned c = 1; c < CHANGES; c++) {
        load_written(&a, s, "world-changed", tables, (synthetic_change)c, &is);
        same_evidence(&was, &is);
        if (c != CLUSTERS_PERMUTED && c != CLUSTERS_REMOVED) same_folds(&was, &is);
    }
    load_written(&a, synthetic_new(&a, 2), "world-other", tables, AS_IT_IS, &is);
    assert_true(memcmp(was.x, is.x, was.n * TS_FEATURES * sizeof *was.x) != 0);
    ts_arena_free(&a, (size_t)1 << 32);
}

static void test_names(void **state) {
    (void)state;
    names_do_not_matter(false);
}

static void test_names_with_tables(void **state) {
    (void)state;
    names_do_not_matter(true);
}

/* ---- a model asked ---- */

static const char *world_of(ts_arena *a, const synthetic *s, bool tables, synthetic_change c) {
    return synthetic_write(a, s, "asked", tables, c);
}

static train_options tiny(const dataset_part *part) {
    return (train_options){
        .part = part, .parts = 1, .seed = 1, .threads = 1, .rounds = 10, .epochs = 1};
}

static void must_train(ts_arena *a, train_options o, ts_model *m) {
    train_report r;
    ts_error e = {0};
    if (!train_model(a, o, m, &r, &e)) fail_msg("%s: %s", e.where, e.msg);
}

static void ask(ts_arena *a, const ts_model *m, const char *dir, evaluation *v) {
    ts_error e = {0};
    evaluate_options o = {.part = {dir, valid_split, 1}, .bootstrap = 10};
    if (!evaluate_model(a, m, o, v, &e)) fail_msg("%s: %s", e.where, e.msg);
    assert_int_equal(v->all.pairs, PAIRS - PAIRS_TRAIN);
}

/* The probabilities differ from pair to pair, and tell something. */
static void not_constant(const evaluation *v) {
    unsigned levels = 0;
    for (size_t i = 1; i < v->all.pairs; i++)
        levels += v->judged[i].probability != v->judged[i - 1].probability;
    assert_true(levels > v->all.pairs / 4);
    assert_true(v->all.average_precision > 0.6);
}

static void answers_do_not_change(bool tables) {
    ts_arena a = test_arena();
    synthetic *s = synthetic_new(&a, 1);
    dataset_part part = {world_of(&a, s, tables, AS_IT_IS), train_split, 1};
    ts_model m;
    evaluation was, is;
    must_train(&a, tiny(&part), &m);
    ask(&a, &m, part.dir, &was);
    not_constant(&was);
    assert_true(was.asked > 0); /* all parts of the model have a say */
    for (unsigned c = 1; c < CHANGES; c++) {
        ask(&a, &m, world_of(&a, s, tables, (synthetic_change)c), &is);
        for (size_t i = 0; i < was.all.pairs; i++) {
            SAME(&is.judged[i].probability, &was.judged[i].probability, 1);
            assert_int_equal(is.judged[i].label, was.judged[i].label);
        }
        assert_true(is.all.f1 == was.all.f1 && is.asked == was.asked);
    }
    ts_arena_free(&a, (size_t)1 << 32);
}

static void test_answers(void **state) {
    (void)state;
    answers_do_not_change(false);
}

static void test_answers_with_tables(void **state) {
    (void)state;
    answers_do_not_change(true);
}

/* What is learnt does not depend on ids either: they do not even decide the folds. */
static ts_str learnt(ts_arena *a, train_options o) {
    ts_model m;
    must_train(a, o, &m);
    ts_buf b = ts_buf_new(a, TS_MODEL_FILE_MAX);
    ts_model_write(&b, &m);
    assert_true(b.n > 1000);
    return ts_buf_str(&b);
}

static void test_learnt_without_names(void **state) {
    (void)state;
    static const synthetic_change changes[] = {IDS_RANDOM, IDS_REMOVED, OTHERS_CHANGED};
    ts_arena a = test_arena();
    synthetic *s = synthetic_new(&a, 1);
    dataset_part part = {world_of(&a, s, false, AS_IT_IS), train_split, 1};
    ts_str was = learnt(&a, tiny(&part));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        part.dir = world_of(&a, s, false, changes[i]);
        assert_true(ts_str_eq(learnt(&a, tiny(&part)), was));
    }
    ts_arena_free(&a, (size_t)1 << 32);
}

/* The same seed gives the same bytes, however many threads there are; another one does not. */
static void test_seeds(void **state) {
    (void)state;
    ts_arena a = test_arena();
    synthetic *s = synthetic_new(&a, 1);
    dataset_part part = {world_of(&a, s, true, AS_IT_IS), train_split, 1};
    train_options o = tiny(&part);
    ts_str first = learnt(&a, o);
    assert_true(ts_str_eq(learnt(&a, o), first));
    o.threads = 2;
    assert_true(ts_str_eq(learnt(&a, o), first));
    o.seed = 2;
    assert_false(ts_str_eq(learnt(&a, o), first));
    ts_arena_free(&a, (size_t)1 << 32);
}

/* ---- folds ---- */

static void one_fold(int *of, unsigned what, uint8_t fold) {
    assert_true(fold < FOLDS);
    if (of[what] < 0) of[what] = fold;
    assert_int_equal(of[what], fold);
}

/* Rows are in the order of the splits, so what a row is about is known. */
static void product_has_one_fold(const synthetic *s, const dataset *d, bool by_cluster) {
    int product[PRODUCTS], side[RECORDS];
    unsigned in[FOLDS] = {0};
    memset(product, -1, sizeof product);
    memset(side, -1, sizeof side);
    for (size_t i = 0; i < d->n; i++) {
        const dataset_row *r = &d->row[i];
        one_fold(side, r->left, r->fold_left);
        one_fold(side, r->right, r->fold_right);
        if (r->label) assert_int_equal(r->fold_left, r->fold_right);
        assert_true(r->fold == r->fold_left || r->fold == r->fold_right);
        in[r->fold]++;
        if (!by_cluster) continue;
        one_fold(product, s->product[s->pair[i].left], r->fold_left);
        one_fold(product, s->product[s->pair[i].right], r->fold_right);
    }
    for (unsigned f = 0; f < FOLDS && by_cluster; f++) assert_true(in[f] > 0);
}

static void test_folds(void **state) {
    (void)state;
    for (int tables = 0; tables < 2; tables++)
        for (unsigned c = 0; c < CHANGES; c++) {
            ts_arena a = test_arena();
            synthetic *s = synthetic_new(&a, 1);
            dataset d;
            load_written(&a, s, "folds", tables, (synthetic_change)c, &d);
            product_has_one_fold(s, &d, c != CLUSTERS_PERMUTED && c != CLUSTERS_REMOVED);
            ts_arena_free(&a, (size_t)1 << 32);
        }
}

/* Clusters alone keep records together: nothing here is labelled a match but one pair. */
static void test_clusters_alone(void **state) {
    (void)state;
    enum { N = 60 };
    ts_arena a = test_arena();
    const char *dir = ts_str_z(&a, ts_str_c(test_temp("clusters")));
    ts_buf b = ts_buf_new(&a, 1 << 20);
    mkdir(dir, 0755);
    for (unsigned i = 0; i < N; i++)
        ts_buf_fmt(
            &b,
            "{\"left\":{\"title\":\"first %u\",\"cluster\":%u},\"right\":{\"title\":\"second "
            "%u\",\"cluster\":%u},\"label\":0}\n",
            i, i, i, (i + 1) % N / 2 * 2);
    synthetic_file(dir, "train.jsonl", ts_buf_str(&b));
    dataset_part part = {dir, train_split, 1};
    dataset d;
    must_load(&a, &part, 1, &d);
    unsigned apart = 0;
    for (unsigned i = 0; i < N; i++) {
        const dataset_row *r = &d.row[i];
        if ((i + 1) % N / 2 * 2 == i) assert_int_equal(r->fold_left, r->fold_right);
        apart += r->fold_left != r->fold_right;
    }
    for (unsigned i = 1; i + 1 < N; i += 2) /* both are of the cluster i + 1 */
        assert_int_equal(d.row[i].fold_right, d.row[i + 1].fold_right);
    assert_true(apart > 0);
    ts_arena_free(&a, (size_t)1 << 32);
}

/* ---- several folders ---- */

static void test_folders(void **state) {
    (void)state;
    ts_arena a = test_arena();
    synthetic *s = synthetic_new(&a, 1), *t = synthetic_new(&a, 2);
    dataset_part part[2] = {{synthetic_write(&a, s, "one", true, AS_IT_IS), train_split, 1},
                            {synthetic_write(&a, t, "two", false, AS_IT_IS), valid_split, 1}};
    dataset d, first, second;
    must_load(&a, part, 2, &d);
    must_load(&a, part, 1, &first);
    must_load(&a, part + 1, 1, &second);
    assert_true(first.ranked);
    assert_false(d.ranked); /* not all have tables */
    assert_int_equal(d.n, PAIRS);
    assert_int_equal(d.matches, first.matches + second.matches);
    assert_int_equal(d.sides, first.sides + second.sides);
    SAME(d.x + first.n * TS_FEATURES, second.x, second.n * TS_FEATURES);
    for (size_t i = 0; i < d.n; i++) {
        const dataset_row *r = &d.row[i];
        bool late = i >= first.n;
        const dataset_row *own = late ? &second.row[i - first.n] : &first.row[i];
        assert_int_equal(r->left, own->left + (late ? first.sides : 0));
        assert_int_equal(r->product, own->product + (late ? first.sides : 0));
        assert_int_equal(r->fold, own->fold);
        assert_true(r->weight == (late ? (float)sqrt((double)first.n / (double)second.n) : 1));
    }
    ts_arena_free(&a, (size_t)1 << 32);
}

/* Without tokens nothing is prepared for the network; the rest is the same. */
static void test_without_tokens(void **state) {
    (void)state;
    ts_arena a = test_arena(), scratch = test_arena();
    dataset_part part = {synthetic_write(&a, synthetic_new(&a, 1), "bare", true, AS_IT_IS),
                         both_splits, 2};
    dataset with, bare;
    ts_error e = {0};
    must_load(&a, &part, 1, &with);
    assert_true(dataset_load(&a, scratch, &part, 1, 1, false, &bare, &e));
    assert_null(bare.side);
    SAME(bare.x, with.x, with.n * TS_FEATURES);
    ts_arena_free(&a, (size_t)1 << 32);
    ts_arena_free(&scratch, (size_t)1 << 32);
}

/* ---- refusals ---- */

static void must_refuse(const char *dir, ts_error_code code, const char *msg) {
    ts_arena a = test_arena();
    dataset_part part = {dir, both_splits, 2};
    dataset d;
    ts_error e = {0};
    char want[1200];
    snprintf(want, sizeof want, "%s: %s", dir, msg);
    assert_false(dataset_load(&a, a, &part, 1, 1, true, &d, &e));
    assert_int_equal(e.code, code);
    assert_str(ts_str_c(e.msg), want);
    ts_arena_free(&a, (size_t)1 << 32);
}

#define LABELLED "{\"left\":{\"title\":\"a\"},\"right\":{\"title\":\"b\"},\"label\":0}\n"

static void test_no_label(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *dir = ts_str_z(&a, ts_str_c(test_temp("unlabelled")));
    mkdir(dir, 0755);
    synthetic_file(dir, "valid.jsonl", TS_S(LABELLED));
    synthetic_file(dir, "train.jsonl",
                   TS_S(LABELLED "{\"left\":{\"title\":\"a\"},\"right\":{\"title\":\"b\"}}\n"));
    must_refuse(dir, TS_E_INPUT, "pair 2 has no label (0 or 1)");
    synthetic_file(dir, "train.jsonl", TS_S(LABELLED LABELLED));
    synthetic_file(dir, "valid.jsonl",
                   TS_S("{\"left\":{\"title\":\"a\"},\"right\":{},\"label\":null}\n"));
    must_refuse(dir, TS_E_INPUT, "pair 3 has no label (0 or 1)"); /* over all splits */
}

static void test_one_label(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *dir = ts_str_z(&a, ts_str_c(test_temp("alike")));
    dataset_part part = {dir, train_split, 1};
    ts_model m;
    train_report r;
    ts_error e = {0};
    mkdir(dir, 0755);
    synthetic_file(dir, "train.jsonl", TS_S(LABELLED LABELLED));
    assert_false(train_model(&a, tiny(&part), &m, &r, &e));
    assert_int_equal(e.code, TS_E_INPUT);
    assert_str(ts_str_c(e.msg), "learning needs pairs of both labels; these 2 have only one");
}

static void test_rank_needs_tables(void **state) {
    (void)state;
    ts_arena a = test_arena();
    synthetic *s = synthetic_new(&a, 1);
    dataset_part part = {synthetic_write(&a, s, "ranked", true, AS_IT_IS), train_split, 1};
    train_options o = tiny(&part);
    ts_model m;
    evaluation v;
    ts_error e = {0};
    o.without = WITHOUT_NET;
    must_train(&a, o, &m);
    evaluate_options asked = {
        .part = {synthetic_write(&a, s, "unranked", false, AS_IT_IS), valid_split, 1},
        .bootstrap = 10};
    assert_false(evaluate_model(&a, &m, asked, &v, &e));
    assert_int_equal(e.code, TS_E_INPUT);
    assert_true(ts_str_ends(ts_str_c(e.msg), TS_S("this folder has none")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_names_with_tables),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_answers_with_tables),
        cmocka_unit_test(test_learnt_without_names),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_folds),
        cmocka_unit_test(test_clusters_alone),
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_without_tokens),
        cmocka_unit_test(test_no_label),
        cmocka_unit_test(test_one_label),
        cmocka_unit_test(test_rank_needs_tables),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
