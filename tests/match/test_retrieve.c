#include "match/retrieve.h"
#include "samples.h"

static ts_arena a;
static ts_index ix;
static ts_index_builder *builder;
static ts_notice *notices; /* the samples, and as many derived from each */
enum { COPIES = 12, NOTICES = SAMPLES * COPIES };

static int setup(void **state) {
    (void)state;
    ts_error e;
    a = test_arena();
    builder = ts_index_builder_new(&a);
    notices = ts_new_n(&a, ts_notice, NOTICES);
    for (int i = 0; i < NOTICES; i++) {
        ts_notice n;
        sample_notice(&a, &samples[i % SAMPLES], &n);
        if (i < SAMPLES)
            notices[i] = n;
        else
            ts_derive_notice(&a, &n, (uint64_t)i, &notices[i]);
        ts_index_add(builder, &notices[i]);
    }
    if (!ts_index_finish(builder, &ix, &e)) return -1;
    return 0;
}

static int teardown(void **state) {
    (void)state;
    ts_index_builder_free(builder);
    return 0;
}

static retriever fresh(ts_arena *work) {
    retriever r;
    retriever_init(&r, work, &ix);
    return r;
}

/* The early exit and the walk over postings give the very list that scoring every notice gives. */
static void same_as_exhaustive(retriever *r, retriever *all, const ts_offer *o) {
    ts_arena work = a;
    offer_profile p;
    profile_offer(&work, o, &p);
    retrieve(r, &p);
    retrieve_all(all, &p);
    if (r->best_n != all->best_n)
        print_error("\"%.*s\": %zu candidates instead of %zu\n", TS_P(o->title), r->best_n,
                    all->best_n);
    assert_int_equal(r->best_n, all->best_n);
    for (size_t i = 0; i < r->best_n; i++) {
        assert_int_equal(r->best[i].notice, all->best[i].notice);
        assert_int_equal(r->best[i].score, all->best[i].score);
        assert_true(r->best[i].score >= THETA && r->best[i].notice < NOTICES);
        if (i)
            assert_true(r->best[i - 1].score > r->best[i].score ||
                        (r->best[i - 1].score == r->best[i].score &&
                         r->best[i - 1].notice < r->best[i].notice));
    }
}

static void derived_offers_of_all_kinds(void **state) {
    (void)state;
    ts_arena mark = a;
    retriever r = fresh(&a), all = fresh(&a);
    unsigned made = 0, found = 0, positives = 0;
    for (uint64_t seed = 0; seed < 9; seed++)
        for (int i = 0; i < NOTICES; i += 3) {
            ts_arena work = a;
            ts_offer o;
            ts_truth t;
            if (!ts_derive_offer(&a, &notices[i], &notices[(i + 7) % NOTICES],
                                 (ts_derive_kind)(seed % TS_DERIVE_KINDS), seed, &o, &t))
                continue;
            same_as_exhaustive(&r, &all, &o);
            made++;
            if (t.kind == TS_DERIVE_POSITIVE) {
                bool there = false;
                for (size_t k = 0; k < r.best_n; k++) there |= r.best[k].notice == (uint32_t)i;
                positives++;
                found += there;
            }
            a = work;
        }
    assert_true(made > 400 && positives > 60);
    assert_true(found * 100 >= positives * 90); /* and what is meant is among them */
    retriever_free(&r);
    retriever_free(&all);
    a = mark;
}

/* Titles put together at random from words of the notices: many terms, few of them together in one
 * notice. */
static void random_mixtures(void **state) {
    (void)state;
    ts_arena mark = a;
    retriever r = fresh(&a), all = fresh(&a);
    ts_random rnd = ts_random_seed(5);
    unsigned some = 0;
    for (int round = 0; round < 1500; round++) {
        ts_arena work = a;
        ts_buf b = ts_buf_new(&a, 4096);
        for (unsigned n = 1 + ts_random_below(&rnd, 8); n > 0; n--) {
            const ts_notice *x = &notices[ts_random_below(&rnd, NOTICES)];
            ts_str word = TS_NONE;
            switch (ts_random_below(&rnd, 5)) {
            case 0: word = x->product; break;
            case 1: word = x->name; break;
            case 2: word = x->brands.n ? x->brands.v[0] : TS_NONE; break;
            case 3:
                word = x->models.n ? x->models.v[ts_random_below(&rnd, (uint32_t)x->models.n)]
                                   : TS_NONE;
                break;
            default: word = TS_S("for");
            }
            if (word.n > 5 && ts_random_below(&rnd, 3) == 0) { /* with a letter missing */
                const ts_str parts[2] = {ts_str_to(word, 2), ts_str_from(word, 3)};
                word = ts_str_join(&a, parts, 2, TS_NONE);
            }
            ts_buf_put(&b, word);
            ts_buf_c(&b, ' ');
        }
        ts_offer o = {.title = ts_buf_str(&b)};
        if (ts_random_below(&rnd, 3) == 0)
            o.brand = ts_random_below(&rnd, 2) ? notices[0].brands.v[0] : TS_NONE;
        same_as_exhaustive(&r, &all, &o);
        some += r.best_n > 0;
        a = work;
    }
    assert_true(some > 100);
    retriever_free(&r);
    retriever_free(&all);
    a = mark;
}

/* One retriever used for many offers says the same as a new one for each. */
static void nothing_is_left_from_the_offer_before(void **state) {
    (void)state;
    static const char *const titles[] = {
        "Kelvano KV-2080 power bank",
        "",
        "Zandoro ZH310 kids helmet",
        "cotton shirt",
        "凯华诺 KV-2080 移动电源",
        "Kelvano Zandoro Brunelka Solvenix Mirabelo Tervolt Lumoveta Velonda",
        "Keelvano powerbank",
        "Kelvano KV-2080 power bank"};
    ts_arena mark = a;
    retriever used = fresh(&a);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        ts_arena work = a;
        retriever once = fresh(&work);
        ts_offer o = {.title = ts_str_c(titles[i])};
        offer_profile p;
        profile_offer(&work, &o, &p);
        retrieve(&used, &p);
        retrieve(&once, &p);
        assert_int_equal(used.best_n, once.best_n);
        for (size_t k = 0; k < once.best_n; k++)
            assert_true(used.best[k].notice == once.best[k].notice &&
                        used.best[k].score == once.best[k].score);
        assert_int_equal(used.hits_n, once.hits_n);
        for (size_t k = 0; k < used.hits_n; k++)
            assert_ptr_equal(retriever_hit(&used, used.hits[k].number), &used.hits[k]);
        assert_null(retriever_hit(&used, UINT32_MAX - 1));
        retriever_free(&once);
    }
    retriever_free(&used);
    a = mark;
}

static void offers_without_a_leading_term_leave_early(void **state) {
    (void)state;
    static const char *const titles[] = {"kettle",
                                         "power bank 20000mAh with cable",
                                         "LED lamp E27 9W",
                                         "Wasserkocher aus Edelstahl 1,7 Liter",
                                         "移动电源 充电宝 正品",
                                         "",
                                         "13INCH 500ML 220V",
                                         "new hot sale"};
    ts_arena mark = a;
    retriever r = fresh(&a);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        ts_offer o = {.title = ts_str_c(titles[i])};
        offer_profile p;
        profile_offer(&a, &o, &p);
        retrieve(&r, &p);
        if (r.best_n) print_error("\"%.*s\" has %zu candidates\n", TS_P(o.title), r.best_n);
        assert_int_equal(r.best_n, 0);
        retrieve_all(&r, &p);
        assert_int_equal(r.best_n, 0);
    }
    retriever_free(&r);
    a = mark;
}

/* A title of more words than the retriever keeps, and one that names every brand. */
static void hostile_titles(void **state) {
    (void)state;
    ts_arena mark = a;
    retriever r = fresh(&a), all = fresh(&a);
    ts_buf b = ts_buf_new(&a, 1 << 18);
    for (int i = 0; i < SAMPLES; i++)
        if (notices[i].brands.n) {
            ts_buf_put(&b, notices[i].brands.v[0]);
            ts_buf_c(&b, ' ');
            ts_buf_put(&b, notices[i].product);
            ts_buf_c(&b, ' ');
        }
    ts_offer o = {.title = ts_buf_str(&b)};
    same_as_exhaustive(&r, &all, &o);
    assert_true(r.best_n > 0 && r.best_n <= CANDIDATES);
    ts_buf many = ts_buf_new(&a, 1 << 20);
    for (int i = 0; !many.full; i++)
        ts_buf_fmt(&many, "KX-%d wort%c%c ", i, 'a' + i % 26, 'a' + i / 26 % 26);
    o.title = ts_buf_str(&many);
    same_as_exhaustive(&r, &all, &o);
    retriever_free(&r);
    retriever_free(&all);
    a = mark;
}

/* More notices of one brand than candidates are kept: the best are. */
static void more_candidates_than_room(void **state) {
    (void)state;
    ts_arena mark = a;
    ts_error e;
    ts_index own;
    ts_index_builder *b = ts_index_builder_new(&a);
    for (int i = 0; i < 60; i++) {
        ts_buf id = ts_buf_new(&a, 40), model = ts_buf_new(&a, 40);
        ts_buf_fmt(&id, "x:%05d", i);
        ts_buf_fmt(&model, "QX-%05d", i * 37);
        ts_notice n = {.id = ts_buf_str(&id),
                       .number = ts_buf_str(&id),
                       .product = TS_S("Hair dryer"),
                       .name = TS_S("Zephyrino Blastora"),
                       .published = TS_NO_DAY,
                       .modified = TS_NO_DAY};
        ts_strs_add(&a, &n.brands, TS_S("Quorvexa"));
        ts_strs_add(&a, &n.models, ts_buf_str(&model));
        ts_index_add(b, &n);
    }
    assert_true(ts_index_finish(b, &own, &e));
    retriever r, all;
    retriever_init(&r, &a, &own);
    retriever_init(&all, &a, &own);
    for (int i = 0; i < 60; i += 7) {
        ts_buf title = ts_buf_new(&a, 100);
        ts_buf_fmt(&title, "Quorvexa Zephyrino Blastora hair dryer QX-%05d", i * 37);
        ts_offer o = {.title = ts_buf_str(&title)};
        same_as_exhaustive(&r, &all, &o);
        assert_int_equal(r.best_n, CANDIDATES);
        assert_int_equal(r.best[0].notice, i);
    }
    retriever_free(&r);
    retriever_free(&all);
    ts_index_builder_free(b);
    a = mark;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derived_offers_of_all_kinds),
        cmocka_unit_test(random_mixtures),
        cmocka_unit_test(nothing_is_left_from_the_offer_before),
        cmocka_unit_test(offers_without_a_leading_term_leave_early),
        cmocka_unit_test(hostile_titles),
        cmocka_unit_test(more_candidates_than_room),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
