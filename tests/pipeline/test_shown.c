#include "match/shipped.h"
#include "pipeline/screen.h"
#include "pipeline/shown.h"

#include "cli/run.h"
#include "faults/world.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    ts_log_quiet(true);
    return 0;
}

/* ---- One lead ---- */

static void find(ts_offered *o, ts_offered_kind kind, const char *what) {
    *ts_push(&a, &o->findings) = (ts_offered_finding){.kind = kind, .what = what};
}

static ts_offered_hit hit(ts_answer inside, ts_touch touch) {
    return (ts_offered_hit){.found = {.inside = inside, .touch = touch, .reason = "no_limit"}};
}

static void what_hits(void **state) {
    (void)state;
    static const struct {
        ts_answer inside;
        ts_touch touch;
        bool named, want;
    } table[] = {
        {TS_YES, TS_TOUCH_GTIN, false, true},      {TS_YES, TS_TOUCH_PERHAPS, false, true},
        {TS_OPEN, TS_TOUCH_GTIN, false, true},     {TS_OPEN, TS_TOUCH_MODEL, false, true},
        {TS_OPEN, TS_TOUCH_PERHAPS, false, false}, {TS_OPEN, TS_TOUCH_NO, false, false},
        {TS_NO, TS_TOUCH_GTIN, false, false},      {TS_NO, TS_TOUCH_SERIAL, false, false},
        {TS_NO, TS_TOUCH_NO, true, true},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ts_offered_hit h = hit(table[i].inside, table[i].touch);
        h.named = table[i].named;
        if (shown_hits(&h) != table[i].want) fail_msg("%zu", i);
    }
}

static void grades(void **state) {
    (void)state;
    static const struct {
        ts_answer inside;
        ts_offered_kind kind;
        const char *what;
        ts_grade hit, own;
    } table[] = {
        {TS_YES, TS_OFFERED_FORGED, "passport_forged", TS_GRADE_STRONG, TS_GRADE_STRONG},
        {TS_YES, TS_OFFERED_FOREIGN, "passport_foreign_issuer", TS_GRADE_REVIEW, TS_GRADE_REVIEW},
        {TS_OPEN, TS_OFFERED_REVOKED, "passport_revoked", TS_GRADE_STRONG, TS_GRADE_STRONG},
        {TS_YES, TS_OFFERED_MISMATCH, "passport_mismatch_gtin", TS_GRADE_REVIEW, TS_GRADE_REVIEW},
        {TS_OPEN, TS_OFFERED_RECALLED, "passport_recalled", TS_GRADE_STRONG, TS_GRADE_STRONG},
        {TS_OPEN, TS_OFFERED_RECALLED, "passport_warning", TS_GRADE_REVIEW, TS_GRADE_REVIEW},
        {TS_YES, TS_OFFERED_TWICE, "passport_twice", TS_GRADE_STRONG, TS_GRADE_REVIEW},
        {TS_OPEN, TS_OFFERED_TWICE, "passport_twice", TS_GRADE_REVIEW, TS_GRADE_REVIEW},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ts_offered o = {.source = TS_OFFERED_HERE};
        ts_offered_hit h = hit(table[i].inside, TS_TOUCH_GTIN);
        ts_lead lead, own;
        find(&o, table[i].kind, table[i].what);
        shown_hit_lead(&a, &o, &h, 0, &lead);
        assert_true(shown_own_lead(&a, &o, &own));
        if (lead.grade != table[i].hit || own.grade != table[i].own) fail_msg("%zu", i);
        assert_int_equal(lead.rung, TS_RUNG_DECLARED);
        assert_int_equal(own.agree.n, 1);
        assert_int_equal(lead.agree.n + lead.conflict.n, 2);
    }
    ts_offered nothing = {0};
    ts_lead lead;
    assert_false(shown_own_lead(&a, &nothing, &lead));
}

/* What matching said stays, and is never lowered. */
static void merged(void **state) {
    (void)state;
    ts_offered o = {.source = TS_OFFERED_HERE};
    ts_offered_hit h = hit(TS_OPEN, TS_TOUCH_MODEL);
    ts_lead matched = {.notice = 7,
                       .probability = 0.7,
                       .rung = TS_RUNG_BRAND_TEXT,
                       .grade = TS_GRADE_STRONG,
                       .model = TS_S("m")},
            lead;
    *ts_push(&a, &matched.agree) = (ts_evidence){.what = "brand_same"};
    shown_hit_lead(&a, &o, &h, &matched, &lead);
    assert_int_equal(lead.notice, 7);
    assert_true(lead.probability == 0.7);
    assert_int_equal(lead.grade, TS_GRADE_STRONG);
    assert_int_equal(lead.rung, TS_RUNG_DECLARED);
    assert_string_equal(lead.agree.v[0].what, "passport_hit");
    assert_string_equal(lead.agree.v[1].what, "brand_same");
    assert_str(lead.model, "m");
    assert_int_equal(matched.agree.n, 1); /* the one it was made of is as it was */
}

static void scopes(void **state) {
    (void)state;
    const ts_scope_verdict in = {TS_YES, "scope.lot_named"}, out = {TS_NO, "scope.lot_outside"};
    ts_offered_hit h = hit(TS_OPEN, TS_TOUCH_MODEL);
    assert_string_equal(shown_scope(&h, in).reason, "scope.lot_named");
    assert_int_equal(shown_scope(&h, in).inside, TS_YES);
    assert_int_equal(shown_scope(&h, out).inside, TS_OPEN); /* the seller's word excludes nothing */
    h = hit(TS_YES, TS_TOUCH_MODEL);
    assert_int_equal(shown_scope(&h, out).inside, TS_YES);
}

/* Every reason that is given is said in three languages: a text in quotes that begins with
 * "passport_". */
static void reasons_are_said(void **state) {
    (void)state;
    static const char *const files[] = {"../src/host/offered_kept.c",
                                        "../src/host/offered_fetched.c",
                                        "../src/passport/offered.c", "../src/pipeline/shown.c"};
    static const char *const languages[] = {"en", "de", "zh"};
    size_t n = 0;
    for (int l = 0; l < 3; l++) {
        ts_catalogue c;
        ts_error e = {0};
        if (!ts_catalogue_load(&a, languages[l], &c, &e)) fail_msg("%s", e.msg);
        for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
            ts_str text, mark = TS_S("\"passport_");
            if (!ts_file_read(&a, here(&a, files[i]), 1 << 20, &text, &e)) fail_msg("%s", e.msg);
            for (size_t at; (at = ts_str_find(text, mark)) != TS_NPOS; n++) {
                text = ts_str_from(text, at + 1);
                char what[64], key[64];
                ts_str word = ts_str_cut(&text, '"');
                snprintf(what, sizeof what, "%.*s", TS_P(word));
                lead_reason_key(key, what);
                bool kind = false; /* the name of a finding is no reason */
                for (int k = 0; k < TS_OFFERED_KINDS; k++)
                    kind |= strcmp(what, ts_offered_name((ts_offered_kind)k)) == 0;
                if (!kind && what[9] && ts_say(&c, key).p == key)
                    fail_msg("%s: %s", languages[l], key);
            }
        }
    }
    assert_true(n > 50);
}

/* ---- Items in two offers ---- */

static ts_sighting seen(const char *source, const char *offer, const char *seller,
                        const char *url) {
    return (ts_sighting){TS_S("p"),        ts_str_c(source), ts_str_c(offer),
                         ts_str_c(seller), ts_str_c(url),    1};
}

static void which_are_other(void **state) {
    (void)state;
    const ts_sighting x = seen("feed", "1", "Shop A", "https://a.example/1");
    const struct {
        ts_sighting y;
        bool want;
    } table[] = {
        {seen("feed", "1", "Shop B", "https://b.example/9"), false}, /* the same record again */
        {seen("feed", "2", "Shop B", ""), true},
        {seen("feed", "2", "SHOP A", "https://a.example/1"), false}, /* the same page */
        {seen("feed", "2", "Shop A", "https://a.example/2"), true},
        {seen("later", "1", "Shop A", "https://a.example/1"), false}, /* the same, read again */
        {seen("later", "1", "", ""), false},
        {seen("later", "2", "", ""), true},
        {seen("later", "1", "Shop B", ""), true},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (shown_is_other(&x, &table[i].y) != table[i].want ||
            shown_is_other(&table[i].y, &x) != table[i].want)
            fail_msg("%zu", i);
}

/* One serial number is one item, with or without the lot, by a link or by the passport's address.
 */
static void which_item(void **state) {
    (void)state;
    const char *item = "https://id.gs1.org/01/09521234543213/21/S1";
    const ts_str lot = TS_S("https://id.gs1.org/01/09521234543213/10/B7/21/S1");
    ts_offered o = {.mark = {.product = lot, .one_thing = true}};
    assert_str(shown_item_of(&a, &o), item);
    o.mark.product = ts_str_c(item);
    assert_str(shown_item_of(&a, &o), item);
    o = (ts_offered){.source = TS_OFFERED_HERE, .product = lot, .grain = TS_GRAIN_ITEM};
    assert_str(shown_item_of(&a, &o), item);
    o.source = TS_OFFERED_FETCHED; /* whoever serves it may name any item */
    assert_str(shown_item_of(&a, &o), "");
    o = (ts_offered){.source = TS_OFFERED_HERE, .product = lot, .grain = TS_GRAIN_BATCH};
    assert_str(shown_item_of(&a, &o), "");
    o.grain = TS_GRAIN_ITEM;
    o.product = TS_S("did:web:x.example/10/1/21/2");
    assert_str(shown_item_of(&a, &o), "did:web:x.example/10/1/21/2");
}

/* Many items in bounded memory; what does not fit is said. */
static void many_items(void **state) {
    (void)state;
    shown_items x;
    ts_error e = {0};
    bool twice;
    ts_sighting other;
    shown_items_begin(&x, 0);
    char *filler = ts_new_n(&a, char, 3001);
    memset(filler, 'u', 3000);
    for (int i = 0; i < 120000; i++) {
        char product[24];
        snprintf(product, sizeof product, "p%d", i);
        const ts_sighting s = {.product = ts_str_c(product),
                               .source = TS_S("s"),
                               .offer = TS_S("1"),
                               .url = {filler, 3000}};
        ts_arena work = a;
        assert_true(shown_item_see(&x, &work, &s, &other, &twice, &e));
        assert_false(twice);
    }
    assert_true(x.full);
    /* what was remembered before is still known */
    const ts_sighting again = {
        .product = TS_S("p7"), .source = TS_S("s"), .offer = TS_S("2"), .url = TS_S("https://x")};
    assert_true(shown_item_see(&x, &a, &again, &other, &twice, &e));
    assert_true(twice);
    assert_str(other.offer, "1");
    shown_items_end(&x);
}

/* ---- A run ---- */

/* A sink that keeps what it is told. */
typedef struct listener {
    ts_sink base;
    ts_buf said;
    uint64_t items;
} listener;

static bool hear(ts_sink *s, const ts_lead_record *r, ts_error *e) {
    listener *l = (listener *)s;
    (void)e;
    ts_buf_fmt(&l->said, "%.*s %.*s %s %s", TS_P(r->offer->id),
               TS_P(r->notice ? r->notice->id : TS_S("-")), ts_rung_name(r->lead->rung),
               r->unjudged ? "unjudged" : "judged");
    for (size_t i = 0; r->shown && i < r->shown->findings.n; i++)
        ts_buf_fmt(&l->said, " %s", r->shown->findings.v[i].what);
    ts_buf_c(&l->said, '\n');
    return true;
}
static bool end(ts_sink *s, const ts_screen_summary *sum, ts_error *e) {
    (void)s, (void)sum, (void)e;
    return true;
}
static bool note_item(ts_sink *s, const ts_sighting *x, ts_error *e) {
    (void)x, (void)e;
    ((listener *)s)->items++;
    return true;
}
static listener listening(void) {
    return (listener){.base = {hear, end, note_item}, .said = ts_buf_new(&a, 64 << 20)};
}

/* A checker that knows what it is told: notice 0 hits what is shown as "hit"; "fail" fails. */
static void *open_one(void *ctx, unsigned worker, ts_error *e) {
    unsigned *open = ctx;
    if (*open == 99) return ts_fail(e, TS_E_STORE, "no store"), NULL;
    (void)worker;
    __atomic_add_fetch(open, 1, __ATOMIC_RELAXED);
    return ctx;
}
static void close_one(void *checker) {
    __atomic_sub_fetch((unsigned *)checker, 1, __ATOMIC_RELAXED);
}
static bool check(void *checker, ts_arena *to, const ts_offer *o, ts_offereds *out, ts_error *e) {
    (void)checker;
    if (!o->passport.n) return true;
    if (ts_str_is(o->passport, "fail")) return ts_fail(e, TS_E_STORE, "cannot be read");
    ts_offered *x = ts_push(to, out);
    *x = (ts_offered){.mark = {.given = o->passport, .where = "passport", .product = o->passport},
                      .source = TS_OFFERED_HERE};
    x->mark.one_thing = ts_str_starts(o->passport, TS_S("item"));
    if (ts_str_is(o->passport, "hit"))
        *ts_push(to, &x->hits) = (ts_offered_hit){
            .found = {.inside = TS_YES, .touch = TS_TOUCH_GTIN, .reason = "no_limit"}};
    if (ts_str_is(o->passport, "forged"))
        *ts_push(to, &x->findings) =
            (ts_offered_finding){.kind = TS_OFFERED_FORGED, .what = "passport_forged"};
    return true;
}

static const char notices[] =
    "number,date,authority,producer,brand,product,model,lot,country,state\n"
    "K-1,2025-03-01,Test Office,Velmora Ltd,Velmora,Electric kettle,VK-1700,,DE,published\n";

#define KETTLE "\"title\":\"Velmora electric kettle VK-1700\",\"brand\":\"Velmora\""

static ts_str run_with(const char *offers, unsigned threads, ts_screen_summary *sum,
                       uint64_t *items) {
    const char *n = temp_path(&a, "shown.csv"), *o = temp_path(&a, "shown.jsonl");
    ts_notice_index ix;
    ts_error e = {0};
    unsigned opened = 0;
    test_write(n, ts_str_c(notices));
    test_write(o, ts_str_c(offers));
    if (!ts_notice_index_from_files(&a, &n, 1, (ts_notice_options){0}, &ix, &e))
        fail_msg("%s", e.msg);
    listener l = listening();
    const ts_screen_passports hooks = {
        .ctx = &opened, .open = open_one, .close = close_one, .check = check};
    ts_screen_job job = {.match = {.model = shipped_model()},
                         .offers = &o,
                         .offers_n = 1,
                         .index = &ix.index,
                         .threads = threads,
                         .passports = &hooks,
                         .sink = &l.base};
    if (!ts_screen(&a, &job, sum, &e)) fail_msg("%s", e.msg);
    assert_int_equal(opened, 0); /* all were closed */
    ts_notice_index_close(&ix);
    if (items) *items = l.items;
    return ts_buf_str(&l.said);
}

static void leads(void **state) {
    (void)state;
    ts_screen_summary sum;
    ts_str said = run_with("{\"id\":\"a\",\"title\":\"Bicycle\"}\n"
                           "{\"id\":\"b\",\"title\":\"Bicycle\",\"passport\":\"hit\"}\n"
                           "{\"id\":\"c\"," KETTLE ",\"passport\":\"hit\"}\n"
                           "{\"id\":\"d\"," KETTLE ",\"passport\":\"good\"}\n"
                           "{\"id\":\"e\"," KETTLE ",\"passport\":\"forged\"}\n"
                           "{\"id\":\"f\",\"title\":\"Bicycle\",\"passport\":\"good\"}\n",
                           2, &sum, 0);
    assert_str(said, "b test_office:K-1 declared unjudged\n"
                     "c test_office:K-1 declared judged\n"
                     "d test_office:K-1 brand_model judged\n" /* never lowered */
                     "e test_office:K-1 brand_model judged\n"
                     "e - declared unjudged passport_forged\n");
    assert_int_equal(sum.leads, 5);
    assert_int_equal(sum.shown, 5);
    assert_int_equal(sum.shown_leads, 3);
    assert_int_equal(sum.shown_open, 5); /* none of their steps is known here */
}

/* One item in two offers; the first cannot know. */
static void twice(void **state) {
    (void)state;
    ts_screen_summary sum;
    uint64_t items;
    ts_str said =
        run_with("{\"id\":\"1\",\"title\":\"x\",\"seller\":\"A\",\"passport\":\"item1\"}\n"
                 "{\"id\":\"2\",\"title\":\"x\",\"seller\":\"B\",\"passport\":\"item2\"}\n"
                 "{\"id\":\"3\",\"title\":\"x\",\"seller\":\"B\",\"passport\":\"item1\"}\n"
                 "{\"id\":\"4\",\"title\":\"x\",\"seller\":\"B\",\"passport\":\"model\"}\n"
                 "{\"id\":\"5\",\"title\":\"x\",\"seller\":\"C\",\"passport\":\"model\"}\n"
                 "{\"id\":\"1\",\"title\":\"x\",\"seller\":\"A\",\"passport\":\"item1\"}\n",
                 1, &sum, &items);
    assert_str(said, "3 - declared unjudged passport_twice\n"
                     "1 - declared unjudged passport_twice\n");
    assert_int_equal(items, 0); /* kept only where a store is */
    assert_false(sum.items_full);
}

/* The same whatever the number of workers. */
static void order(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 64 << 20);
    static const char *const passports[] = {"",     "hit",  "good",  "forged",
                                            "item", "item", "item9", "model"};
    for (int i = 0; i < 30000; i++) {
        const char *p = passports[i % 8];
        bool item = strcmp(p, "item") == 0;
        ts_buf_fmt(&b, "{\"id\":\"%d\",%s,\"seller\":\"S%d\"", i,
                   i % 50 ? "\"title\":\"Bicycle\"" : KETTLE, i % 7);
        if (*p && item) ts_buf_fmt(&b, ",\"passport\":\"item%d\"", i % 5000);
        if (*p && !item) ts_buf_fmt(&b, ",\"passport\":\"%s\"", p);
        ts_buf_lit(&b, "}\n");
    }
    const char *offers = ts_str_z(&a, ts_buf_str(&b));
    ts_str first = TS_NONE;
    static const unsigned threads[] = {1, 2, 8};
    for (int i = 0; i < 3; i++) {
        ts_screen_summary sum;
        ts_str said = run_with(offers, threads[i], &sum, 0);
        assert_true(sum.shown_leads > 10000);
        if (!i)
            first = said;
        else
            assert_true(ts_str_eq(said, first));
    }
}

/* An offer whose passport cannot be looked at is named, and the rest goes on; a worker that cannot
 * begin ends the run. */
static void faults(void **state) {
    (void)state;
    ts_screen_summary sum;
    ts_str said = run_with("{\"id\":\"1\"," KETTLE ",\"passport\":\"fail\"}\n"
                           "{\"id\":\"2\",\"title\":\"x\",\"passport\":\"forged\"}\n",
                           1, &sum, 0);
    assert_int_equal(sum.bad, 1);
    assert_says(said, "1 test_office:K-1 brand_model judged\n2 - declared");
    unsigned refuse = 99;
    const ts_screen_passports hooks = {
        .ctx = &refuse, .open = open_one, .close = close_one, .check = check};
    listener l = listening();
    const char *o = temp_path(&a, "shown.jsonl");
    ts_screen_job job = {.match = {.model = shipped_model()},
                         .offers = &o,
                         .offers_n = 1,
                         .passports = &hooks,
                         .sink = &l.base};
    ts_error e = {0};
    assert_false(ts_screen(&a, &job, &sum, &e));
    assert_string_equal(e.msg, "no store");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_hits),
        cmocka_unit_test(grades),
        cmocka_unit_test(merged),
        cmocka_unit_test(scopes),
        cmocka_unit_test(which_are_other),
        cmocka_unit_test(many_items),
        cmocka_unit_test(reasons_are_said),
        cmocka_unit_test(leads),
        cmocka_unit_test(which_item),
        cmocka_unit_test(twice),
        cmocka_unit_test(order),
        cmocka_unit_test(faults),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
