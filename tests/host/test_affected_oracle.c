/* Random small worlds and notices: the table, the single question and the slow answer agree.
 *
 * A case is one notice against one whole world; each of its passports is compared. TS_ORACLE=N asks
 * for N cases instead of the usual number.
 */
#include "affected_oracle.h"

#include <stdlib.h>

enum { CASES = 100000, NOTICES_PER_WORLD = 250 };

static ts_arena a;
static uint64_t seed = 20261123;

static unsigned draw(unsigned n) {
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)((seed >> 33) % n);
}
static bool chance(unsigned percent) { return draw(100) < percent; }
#define PICK(t) (t)[draw(W_COUNT(t))]

/* ---- a world ---- */

static void make_thing(world *w, size_t i, const char *gtin) {
    thing *t = &w->v[i];
    *t = (thing){.grain = chance(65)   ? TS_GRAIN_ITEM
                          : chance(60) ? TS_GRAIN_BATCH
                                       : TS_GRAIN_MODEL,
                 .gtin = chance(60) ? gtin : PICK(w_gtins),
                 .brand = chance(50) ? "Aquila" : PICK(w_brands),
                 .model = chance(50) ? "KX-200" : PICK(w_models),
                 .name = PICK(w_names),
                 .maker = PICK(w_makers),
                 .made = chance(40) ? (int32_t)(20000 + draw(40)) : TS_NO_DAY,
                 .sealed = chance(90)};
    snprintf(t->id, sizeof t->id, "urn:thing:%zu", i);
    if (t->grain != TS_GRAIN_MODEL && chance(60))
        snprintf(t->lot, sizeof t->lot, "L%03u", draw(30));
    if (t->grain == TS_GRAIN_ITEM && chance(80))
        snprintf(t->serial, sizeof t->serial, "S%05u", (unsigned)i);
    if (*t->gtin && chance(90)) {
        bool lot = *t->lot && (t->grain == TS_GRAIN_BATCH || chance(50));
        snprintf(t->product, sizeof t->product, "https://id.gs1.org/01/%s%s%s%s%s", t->gtin,
                 lot ? "/10/" : "", lot ? t->lot : "", *t->serial ? "/21/" : "", t->serial);
    } else {
        snprintf(t->product, sizeof t->product, "did:example:%zu", i);
    }
}

static void make_links(world *w, size_t i) {
    thing *t = &w->v[i];
    if (t->grain == TS_GRAIN_ITEM && chance(60))
        snprintf(t->batch_ref, sizeof t->batch_ref, "urn:thing:%u",
                 draw((unsigned)w->passports + 1));
    if (t->grain != TS_GRAIN_MODEL && chance(50))
        snprintf(t->model_ref, sizeof t->model_ref, "urn:thing:%u",
                 draw((unsigned)w->passports + 1));
}

/* What an edge leads to: a passport, a product, a part without a passport, or a bare name. */
static void edge_to(const world *w, char *out, size_t n) {
    const thing *t = &w->v[draw((unsigned)w->passports)];
    unsigned kind = draw(10);
    if (kind < 5)
        snprintf(out, n, "%s", t->id);
    else if (kind < 7)
        snprintf(out, n, "%s", t->product);
    else if (kind == 7)
        snprintf(out, n, "https://id.gs1.org/01/%s/10/L%03u/21/P%u", w_gtins[1 + draw(4)], draw(30),
                 draw(5));
    else if (kind == 8)
        snprintf(out, n, "https://id.gs1.org/01/%s", w_gtins[1 + draw(4)]);
    else
        snprintf(out, n, "a wheel");
}

static void make_world(world *w, unsigned nth) {
    memset(w, 0, sizeof *w);
    w->passports = w->n = nth % 97 == 3 ? THINGS : nth % 20 == 3 ? 100 + draw(150) : 1 + draw(16);
    const char *gtin = w_gtins[1 + draw(3)];
    for (size_t i = 0; i < w->n; i++) make_thing(w, i, gtin);
    for (size_t i = 0; i < w->n; i++) make_links(w, i);
    if (chance(75)) w->edges = draw((unsigned)w->n + 3);
    for (size_t i = 0; i < w->edges; i++) {
        w->edge[i].from = draw((unsigned)w->n);
        w->edge[i].predecessor = chance(30);
        edge_to(w, w->edge[i].to, sizeof w->edge[i].to);
    }
    w_link(w);
}

static void put_thing(ts_store *s, const world *w, size_t i) {
    const thing *t = &w->v[i];
    ts_error e = {0};
    ts_place p = {.id = ts_str_c(t->id),
                  .product = ts_str_c(t->product),
                  .model = ts_str_c(t->model_ref),
                  .batch = ts_str_c(t->batch_ref),
                  .gtin = ts_str_c(t->gtin),
                  .lot = ts_str_c(t->lot),
                  .serial = ts_str_c(t->serial),
                  .made = t->made,
                  .brand = ts_str_c(t->brand),
                  .model_name = ts_str_c(t->model),
                  .name = ts_str_c(t->name),
                  .operator_name = ts_str_c(t->maker),
                  .grain = (int)t->grain,
                  .sealed = t->sealed};
    ts_arena work = a;
    ts_place_edges edges = {0};
    for (size_t k = 0; k < w->edges; k++)
        if (w->edge[k].from == i)
            *ts_push(&work, &edges) =
                (ts_place_edge){p.id, ts_str_c(w->edge[k].to), w->edge[k].predecessor};
    ts_passport_row row = {.id = p.id,
                           .product = p.product,
                           .grain = ts_str_c(ts_grain_name(t->grain)),
                           .model = p.model,
                           .batch = p.batch,
                           .status = TS_S("active"),
                           .safety = TS_S("none_known"),
                           .operator_id = TS_S("did:web:m.example"),
                           .digest = TS_S("00"),
                           .document = TS_S("{}"),
                           .place = &p,
                           .edges = edges.v,
                           .edges_n = edges.n};
    if (!ts_store_add_passport(s, &row, 1000, &e)) fail_msg("%s", e.msg);
}

static ts_store *store_of(const world *w, unsigned nth) {
    char name[40];
    ts_error e = {0};
    snprintf(name, sizeof name, "world-%u.db", nth);
    ts_store *s = ts_store_open(&a, test_temp(name), TS_STORE_WRITE, &e);
    if (!s || !ts_store_begin(s, &e)) fail_msg("%s", e.msg);
    for (size_t i = 0; i < w->passports; i++) put_thing(s, w, i);
    if (!ts_store_end(s, true, &e)) fail_msg("%s", e.msg);
    return s;
}

/* ---- a notice ---- */

static ts_str say(const char *format, unsigned n) {
    ts_buf b = ts_buf_new(&a, 64);
    char text[32];
    snprintf(text, sizeof text, format[0] == 'L' ? "L%03u" : "S%05u", n);
    ts_buf_put(&b, ts_str_c(text));
    ts_buf_c(&b, 0);
    return (ts_str){b.p, b.n - 1};
}

static void add_word(ts_strs *l, const char *s) {
    if (*s) *ts_push(&a, l) = ts_str_c(s);
}

static void limit(ts_scope *s, const world *w) {
    for (unsigned k = draw(3); k; k--) *ts_push(&a, &s->lots) = say("L", draw(30));
    if (chance(20)) {
        unsigned from = draw(25);
        *ts_push(&a, &s->lot_ranges) = (ts_code_range){say("L", from), say("L", from + draw(6))};
    }
    if (chance(30))
        for (unsigned k = draw(4); k; k--)
            *ts_push(&a, &s->serials) = say("S", draw((unsigned)w->passports));
    if (chance(15)) {
        unsigned from = draw((unsigned)w->passports);
        *ts_push(&a, &s->serial_ranges) =
            (ts_code_range){say("S", from), say("S", from + draw(20))};
    }
    if (chance(25)) {
        int32_t from = (int32_t)(20000 + draw(30));
        *ts_push(&a, &s->made) = (ts_day_range){chance(10) ? TS_NO_DAY : from,
                                                chance(10) ? TS_NO_DAY : from + (int32_t)draw(15)};
    }
}

static void make_notice(ts_notice *n, const world *w) {
    *n = (ts_notice){.id = TS_S("test:1"), .published = 1, .modified = TS_NO_DAY};
    const thing *t = &w->v[draw((unsigned)w->passports)]; /* mostly about somebody */
    const char *gtin = chance(70) ? t->gtin : PICK(w_gtins);
    if (*gtin && chance(50)) {
        ts_identifier *id = ts_push(&a, &n->identifiers);
        *id = (ts_identifier){.kind = TS_ID_GTIN, .text = ts_str_c(gtin), .labelled = true};
        assert_true(ts_u64_parse(id->text, &id->gtin));
    }
    if (chance(75)) add_word(&n->brands, chance(70) ? t->brand : PICK(w_brands));
    for (unsigned k = draw(3); k; k--) add_word(&n->models, chance(60) ? t->model : PICK(w_models));
    if (chance(40)) add_word(&n->operators, PICK(w_makers));
    if (chance(80)) n->product = ts_str_c(chance(60) ? t->name : PICK(w_names));
    n->counterfeit = chance(5) ? TS_YES : TS_OPEN;
    if (chance(75)) limit(&n->scope, w);
}

/* ---- one case ---- */

typedef struct given {
    const world *w;
    ts_answer answer[THINGS];
    bool seen[THINGS];
    size_t n;
    int order; /* of answers: inside, then open, then outside */
} given;

static bool take(void *ctx, const ts_affected_row *r) {
    static const int order_of[] = {[TS_YES] = 0, [TS_OPEN] = 1, [TS_NO] = 2};
    given *g = ctx;
    uint64_t i;
    assert_true(ts_u64_parse(ts_str_from(r->passport, sizeof "urn:thing:" - 1), &i));
    assert_true(i < g->w->passports && !g->seen[i]);
    assert_true(ts_str_is(r->product, g->w->v[i].product));
    assert_true(r->grain == g->w->v[i].grain);
    assert_true(order_of[r->found.inside] >= g->order);
    assert_true(!r->through.n == !r->through_as);
    assert_false(ts_str_eq(r->through, r->passport));
    g->order = order_of[r->found.inside];
    g->answer[i] = r->found.inside;
    g->seen[i] = true;
    g->n++;
    return true;
}

static void say_thing(const world *w, size_t i) {
    const thing *t = &w->v[i];
    print_message("%s %s gtin=%s lot=%s serial=%s made=%d brand=%s model=%s name=%s maker=%s "
                  "grain=%d sealed=%d batch=%s(%d) model=%s(%d)\n",
                  t->id, t->product, t->gtin, t->lot, t->serial, t->made, t->brand, t->model,
                  t->name, t->maker, t->grain, t->sealed, t->batch_ref, w->batch[i], t->model_ref,
                  w->model[i]);
    for (size_t k = 0; k < w->links; k++)
        if (w->link[k].source == i) print_message("  of %zu\n", w->link[k].target);
}

static void say_case(const world *w, const ts_notice *n, size_t i) {
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_jsonw j = ts_jsonw_to(&b);
    ts_notice_write(&j, n);
    print_message("%.*s\n", TS_P(ts_buf_str(&b)));
    say_thing(w, i);
    if (w->batch[i] >= 0) say_thing(w, (size_t)w->batch[i]);
    if (w->model[i] >= 0) say_thing(w, (size_t)w->model[i]);
    for (size_t k = 0; k < w->links; k++)
        if (w->link[k].source == i) say_thing(w, w->link[k].target);
}

static void compare(const world *w, const ts_notice *n, size_t i, ts_answer want, ts_answer got,
                    const char *who) {
    if (want == got) return;
    say_case(w, n, i);
    fail_msg("%s says %d of passport %zu, the slow answer is %d", who, got, i, want);
}

static void one_by_one(ts_store *s, const world *w, const ts_notice *n, const ts_answer *want) {
    size_t step = w->passports > 50 ? w->passports / 25 : 1;
    for (size_t i = draw((unsigned)step); i < w->passports; i += step) {
        ts_arena mark = a;
        ts_affected_row row;
        ts_error e = {0};
        if (!ts_passport_affected(&a, s, ts_str_c(w->v[i].id), n, &row, &e)) fail_msg("%s", e.msg);
        compare(w, n, i, want[i], row.found.inside, "the single question");
        a = mark;
    }
}

static void one_case(ts_store *s, const world *w, unsigned nth, uint64_t *told) {
    static given g;
    ts_answer want[THINGS * 2];
    ts_notice n;
    ts_affected_counts c;
    ts_error e = {0};
    uint64_t count[3] = {0};
    make_notice(&n, w);
    w_ask(w, &n, want);
    memset(&g, 0, sizeof g);
    g.w = w;
    const ts_affected_job job = {
        .store = s, .notice = &n, .all = true, .each = take, .ctx = &g, .no_index = nth % 50 == 1};
    if (!ts_passports_affected(&a, &job, &c, &e)) fail_msg("%s", e.msg);
    for (size_t i = 0; i < w->passports; i++) {
        compare(w, &n, i, want[i], g.answer[i], "the table");
        count[want[i]]++;
        told[want[i]]++;
    }
    assert_int_equal(g.n, w->passports);
    assert_int_equal(c.looked_at, w->passports);
    assert_int_equal(c.inside, count[TS_YES]);
    assert_int_equal(c.open, count[TS_OPEN]);
    assert_int_equal(c.outside, count[TS_NO]);
    if (nth % (w->passports > 50 ? 125 : 25) == 0) one_by_one(s, w, &n, want);
}

static void agrees_with_the_slow_answer(void **state) {
    (void)state;
    static world w;
    const char *asked = getenv("TS_ORACLE");
    uint64_t cases = asked ? strtoull(asked, 0, 10) : CASES, told[3] = {0}, done = 0;
    a = test_arena();
    for (unsigned nth = 0; done < cases; nth++) {
        ts_arena mark = a;
        make_world(&w, nth);
        ts_store *s = store_of(&w, nth);
        for (unsigned k = 0; k < NOTICES_PER_WORLD && done < cases; k++, done++) {
            ts_arena work = a;
            one_case(s, &w, k, told);
            a = work;
        }
        ts_store_close(s);
        a = mark;
    }
    print_message("%llu cases: %llu passports inside, %llu cannot be excluded, %llu outside\n",
                  (unsigned long long)done, (unsigned long long)told[TS_YES],
                  (unsigned long long)told[TS_OPEN], (unsigned long long)told[TS_NO]);
    /* A generator that never gets there tests nothing. */
    for (int i = 0; i < 3; i++) assert_true(told[i] > cases / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_the_slow_answer)};
    return cmocka_run_group_tests(tests, 0, 0);
}
