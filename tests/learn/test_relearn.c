/* Learning from decisions: what is refused, what is learnt, and that nothing is written over. */
#include "learn/relearn.h"

#include <math.h>

#include "cli/run.h"
#include "derived.h"
#include "match/models.h"
#include "pipeline/lead_out.h"

enum { NOTICES = 60, OFFERS = 8 };

/* An offer, the notice it is held against, and how likely the model holds the two. */
typedef struct pairing {
    ts_notice notice;
    ts_offer offer;
    double log_odds;
    const char *decision;
} pairing;

static ts_arena a;
static ts_model *model;
static ts_catalogue english;
static pairing pairings[NOTICES * OFFERS];
static size_t pairings_n;

static void judge_all(void) {
    ts_records *r = ts_records_new(&a);
    uint32_t left[NOTICES * OFFERS], right[NOTICES * OFFERS];
    for (size_t i = 0; i < pairings_n; i++) {
        ts_record n = ts_record_of_notice(&a, &pairings[i].notice),
                  o = ts_record_of_offer(&a, &pairings[i].offer);
        left[i] = ts_records_add(r, &n, TS_RECORD_LEFT);
        right[i] = ts_records_add(r, &o, TS_RECORD_RIGHT);
    }
    ts_records_finish(r);
    for (size_t i = 0; i < pairings_n; i++) {
        ts_opinion said;
        ts_error e = {0};
        assert_true(ts_records_ask(r, model, left[i], right[i], &said, &e));
        pairings[i].log_odds = ts_combine(model->alone, said.trees, 0);
    }
}

static int setup(void **state) {
    ts_error e;
    (void)state;
    a = ts_arena_new((size_t)4 << 30);
    model = rule_model(&a);
    if (!ts_catalogue_load(&a, "en", &english, &e)) return -1;
    for (uint32_t i = 0; i < NOTICES; i++) {
        ts_notice n = derived_notice(&a, i);
        for (uint32_t k = 0; k < OFFERS; k++) {
            static const ts_derive_kind kinds[] = {TS_DERIVE_POSITIVE, TS_DERIVE_POSITIVE,
                                                   TS_DERIVE_SUCCESSOR, TS_DERIVE_ACCESSORY};
            ts_truth t;
            pairing *p = &pairings[pairings_n];
            *p = (pairing){.notice = n};
            if (!ts_derive_offer(&a, &n, 0, kinds[k % 4], i * 100 + k, &p->offer, &t)) continue;
            p->notice.identifiers = (ts_identifiers){0}; /* as a lead tells of it */
            p->notice.category = p->notice.description = TS_NONE;
            p->notice.counterfeit = TS_OPEN;
            char id[32];
            int len = snprintf(id, sizeof id, "o%zu", pairings_n++);
            p->offer.id = ts_str_dup(&a, (ts_str){id, (size_t)len});
        }
    }
    judge_all();
    return 0;
}

/* Somebody who decides as if the log-odds were slope * z + bias. */
static void decide(double slope, double bias, uint64_t seed) {
    ts_random r = ts_random_seed(seed);
    for (size_t i = 0; i < pairings_n; i++) {
        double p = ts_probability(slope * pairings[i].log_odds + bias);
        pairings[i].decision = ts_random_unit(&r) < p ? "confirmed" : "rejected";
    }
}

/* The lead as screening writes it, with the decision in it. */
static void put_line(ts_buf *b, const pairing *p) {
    ts_lead l = {.probability = ts_probability(p->log_odds), .model = TS_S("test")};
    ts_lead_record r = {.id = "0123456789",
                        .source = TS_S("shop.jsonl"),
                        .offer = &p->offer,
                        .notice = &p->notice,
                        .lead = &l,
                        .scope = {.reason = "scope.no_limit_stated"}};
    ts_arena scratch = test_arena();
    ts_jsonw w = ts_jsonw_to(b);
    ts_lead_write(&w, scratch, &r, &english);
    b->n--;
    ts_buf_fmt(b, ",\"decision\":\"%s\"}\n", p->decision);
    ts_arena_free(&scratch, (size_t)1 << 32);
}

/* A file of the first n pairings. */
static const char *write_decisions(ts_arena *to, const char *name, size_t n) {
    const char *path = ts_str_z(to, ts_str_c(test_temp(name)));
    ts_buf b = ts_buf_new(to, 64 << 20);
    for (size_t i = 0; i < n; i++) put_line(&b, &pairings[i]);
    test_write(path, ts_buf_str(&b));
    return path;
}

static void read_decisions(ts_arena *to, size_t n, decisions *d) {
    ts_error e = {0};
    *d = (decisions){0};
    if (!decisions_read(to, write_decisions(to, "decisions.jsonl", n), d, &e))
        fail_msg("%s: %s", e.where, e.msg);
    assert_int_equal(d->bad, 0);
    assert_int_equal(d->list.n, n);
}

/* ---- reading ---- */

static void add_bad(const char *line, ts_error_code code, const char *msg) {
    ts_arena work = a, before;
    decisions d = {0};
    ts_error e = {0};
    before = work;
    assert_false(decisions_add_line(&work, ts_str_c(line), &d, &e));
    assert_str(ts_str_c(e.msg), msg);
    assert_int_equal(e.code, code);
    assert_true(d.list.n == 0 && d.passed_over == 0 && d.known.n == 0);
    assert_true(work.beg == before.beg);
}

#define OFFER "\"offer\":{\"id\":\"1\",\"title\":\"Kelvano kettle\"}"
#define NOTICE "\"notice\":{\"id\":\"t:1\",\"product\":\"kettle\",\"brands\":[\"Kelvano\"]}"
#define YES "\"decision\":\"confirmed\""

static void bad_lines_are_named(void **state) {
    (void)state;
    add_bad("[]", TS_E_INPUT, "one lead per line is expected, as a JSON object");
    add_bad("{\"decision\":1}", TS_E_INPUT,
            "\"decision\" must be text: \"confirmed\" or \"rejected\"");
    add_bad("{" YES "," NOTICE "}", TS_E_INPUT, "\"offer\" is missing");
    add_bad("{" YES "," OFFER "}", TS_E_INPUT, "\"notice\" is missing");
    add_bad("{" YES ",\"offer\":[]," NOTICE "}", TS_E_INPUT, "\"offer\" must be an object");
    add_bad("{" YES ",\"offer\":{\"id\":\"1\"}," NOTICE "}", TS_E_INPUT,
            "the offer has no title, description, model or identifier");
    add_bad("{" YES "," OFFER ",\"notice\":{}}", TS_E_INPUT, "the notice has no \"id\"");
    add_bad("{" YES "," OFFER ",\"notice\":{\"id\":\"t:1\"}}", TS_E_INPUT,
            "the notice has no product, name, brands or models");
}

static void the_rest_of_a_file_is_read(void **state) {
    (void)state;
    ts_arena work = a;
    decisions d = {0};
    ts_error e = {0};
    const char *path = ts_str_z(&work, ts_str_c(test_temp("mixed.jsonl")));
    test_write(path, TS_S("\xEF\xBB\xBF{" YES "," OFFER "," NOTICE "}\r\n"
                          "\n"
                          "{" OFFER "," NOTICE "}\n"
                          "{\"decision\":\"deferred\"," OFFER "," NOTICE "}\n"
                          "{\"decision\":null}\n"
                          "{" YES "\n"
                          "{" YES ",\"basis\":\"passport\",\"probability\":null,"
                          "\"notice\":null," OFFER "}\n"
                          "{\"decision\":\"rejected\"," OFFER "," NOTICE "}\n"
                          "{" YES ",\"source\":\"other\"," OFFER "," NOTICE "}\n"
                          "{" YES "," OFFER "}"));
    assert_true(decisions_read(&work, path, &d, &e));
    assert_int_equal(d.list.n, 2);
    assert_false(d.list.v[0].confirmed); /* decided again */
    assert_true(d.list.v[1].confirmed);
    assert_int_equal(d.changed, 1);
    assert_int_equal(d.passed_over, 4); /* one rests on a passport alone */
    assert_int_equal(d.bad, 2);
    assert_int_equal(d.problems.n, 2);
    assert_int_equal(d.problems.v[0].line, 6);
    assert_int_equal(d.problems.v[1].line, 10);
    assert_str(ts_str_c(d.problems.v[1].where), path);
    assert_str(ts_str_c(d.problems.v[1].msg), "\"notice\" is missing");
    assert_false(decisions_read(&work, test_temp("absent"), &d, &e));
    assert_int_equal(e.code, TS_E_IO);
}

static void what_is_compared_comes_back(void **state) {
    (void)state;
    ts_arena work = a;
    decisions d;
    decide(1, 0, 1);
    read_decisions(&work, 40, &d);
    for (size_t i = 0; i < 40; i++) {
        const pairing *p = &pairings[i];
        ts_record was = ts_record_of_offer(&work, &p->offer),
                  is = ts_record_of_offer(&work, &d.list.v[i].offer);
        assert_true(ts_str_eq(was.title, is.title) && ts_str_eq(was.brand, is.brand));
        assert_true(ts_str_eq(was.model, is.model) && ts_str_eq(was.price, is.price));
        assert_true(ts_str_eq(ts_str_clip(was.description, 600), is.description));
        assert_int_equal(was.identifiers.n, is.identifiers.n);
        was = ts_record_of_notice(&work, &p->notice);
        is = ts_record_of_notice(&work, &d.list.v[i].notice);
        assert_true(ts_str_eq(was.title, is.title) && ts_str_eq(was.brand, is.brand));
        assert_true(ts_str_eq(was.model, is.model) && ts_str_eq(was.number, is.number));
    }
}

/* ---- refusals ---- */

/* Says how many there are. */
static void must_refuse(const decisions *d, size_t confirmed, size_t notices) {
    ts_arena work = a;
    ts_model out = {.name = "untouched"};
    relearn_report r;
    ts_error e = {0};
    char msg[300];
    snprintf(msg, sizeof msg,
             "learning needs 100 decisions or more, 20 of them confirmed, 20 rejected, on 20 "
             "different notices; here are %zu, %zu confirmed, %zu rejected, on %zu",
             d->list.n, confirmed, d->list.n - confirmed, notices);
    assert_false(relearn(&work, model, d, 0, &out, &r, &e));
    assert_int_equal(e.code, TS_E_INPUT);
    assert_str(ts_str_c(e.msg), msg);
    assert_string_equal(out.name, "untouched");
}

/* Different notices of the first n pairings, which stand together. */
static size_t notices_of(size_t n) {
    size_t count = n > 0;
    for (size_t i = 1; i < n; i++)
        count += !ts_str_eq(pairings[i].notice.id, pairings[i - 1].notice.id);
    return count;
}

/* The first `n` as said, the others the other way. */
static void decide_first(size_t n, const char *as, const char *others) {
    for (size_t i = 0; i < pairings_n; i++) pairings[i].decision = i < n ? as : others;
}

static void decide_in_turn(void) {
    for (size_t i = 0; i < pairings_n; i++) pairings[i].decision = i % 2 ? "confirmed" : "rejected";
}

static void too_few_decisions_are_refused(void **state) {
    (void)state;
    ts_arena work = a;
    decisions d, none = {0};
    must_refuse(&none, 0, 0);
    decide_in_turn();
    read_decisions(&work, 99, &d);
    must_refuse(&d, 49, notices_of(99));
    decide_first(19, "confirmed", "rejected");
    read_decisions(&work, 300, &d);
    must_refuse(&d, 19, notices_of(300));
    decide_first(19, "rejected", "confirmed");
    read_decisions(&work, 300, &d);
    must_refuse(&d, 281, notices_of(300));
    decide_in_turn();
    read_decisions(&work, 120, &d);
    for (size_t i = 0; i < d.list.n; i++) d.list.v[i].notice.id = i % 3 ? TS_S("x") : TS_S("y");
    must_refuse(&d, 60, 2);
}

static void models_that_look_at_rank_are_refused(void **state) {
    (void)state;
    ts_arena work = a;
    decisions d;
    ts_model m = *model, out;
    relearn_report r;
    ts_error e = {0};
    m.groups |= 1u << TS_GROUP_RANK;
    decide(1, 0, 1);
    read_decisions(&work, pairings_n, &d);
    assert_false(relearn(&work, &m, &d, 0, &out, &r, &e));
    assert_int_equal(e.code, TS_E_INPUT);
}

/* ---- learning ---- */

static void a_shifted_world_is_learnt(void **state) {
    (void)state;
    ts_arena work = a;
    decisions d;
    ts_model out;
    relearn_report r;
    ts_error e = {0};
    decide(0.6, -1, 7);
    read_decisions(&work, pairings_n, &d);
    assert_true(relearn(&work, model, &d, 0, &out, &r, &e));
    print_message("log-loss %.3f before, %.3f after (%+.3f to %+.3f); ECE %.3f, %.3f; %.2f + %.2f "
                  "z\n",
                  r.before.log_loss, r.after.log_loss, r.difference.low, r.difference.high,
                  r.before.m.ece, r.after.m.ece, out.alone.bias, out.alone.trees);
    assert_true(r.better);
    assert_true(r.after.log_loss < r.before.log_loss && r.difference.high < 0);
    assert_true(r.after.m.brier < r.before.m.brier && r.after.m.ece < r.before.m.ece);
    assert_true(out.alone.trees > 0.3 && out.alone.trees < 0.75 && out.alone.bias < -0.3);
    assert_int_equal(r.decisions, pairings_n);
    assert_true(out.both.bias == model->both.bias && out.both.net == model->both.net);
    assert_true(out.trees.nodes == model->trees.nodes && out.threshold == model->threshold);
    char name[64];
    snprintf(name, sizeof name, "rules-for-tests+%zu", pairings_n);
    assert_string_equal(out.name, name);
    const ts_json *card = ts_json_parse(&work, out.card, (ts_json_options){.strict = true}, &e),
                  *learnt = ts_json_member(card, "learnt");
    int64_t n = 0;
    double loss = 0;
    assert_true(ts_json_i64(ts_json_member(learnt, "decisions"), &n) && (size_t)n == r.decisions);
    assert_true(ts_json_f64(ts_json_member(ts_json_member(learnt, "before"), "log_loss"), &loss));
    assert_true(fabs(loss - r.before.log_loss) < 1e-5);
    assert_true(ts_json_f64(ts_json_member(ts_json_member(learnt, "after"), "log_loss"), &loss));
    assert_true(fabs(loss - r.after.log_loss) < 1e-5);
    const ts_json *from = ts_json_member(card, "from");
    assert_str(ts_json_str(ts_json_member(ts_json_member(from, "card"), "trained_on")), "nothing");
}

static void what_fits_already_changes_little(void **state) {
    (void)state;
    ts_arena work = a;
    decisions d;
    ts_model out;
    relearn_report r;
    ts_error e = {0};
    decide(1, 0, 3);
    read_decisions(&work, pairings_n, &d);
    assert_true(relearn(&work, model, &d, 0, &out, &r, &e));
    assert_true(fabs(out.alone.trees - 1) < 0.2 && fabs(out.alone.bias) < 0.4);
    assert_true(r.difference.low < 0.01 && r.difference.high > -0.01);
}

/* Coins fall as they like: the likelihoods that fit them best say nothing of the pairs. */
static void random_decisions_are_refused(void **state) {
    (void)state;
    unsigned better = 0;
    enum { WORLDS = 20 };
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        ts_arena work = a;
        decisions d;
        ts_model out;
        relearn_report r;
        ts_error e = {0};
        decide(0, 0, seed);
        read_decisions(&work, pairings_n, &d);
        assert_true(relearn(&work, model, &d, 0, &out, &r, &e));
        better += r.better;
    }
    print_message("%u of %u random worlds held to be better\n", better, (unsigned)WORLDS);
    assert_true(better <= 2);
}

static void whole_notices_are_used_where_they_are_given(void **state) {
    (void)state;
    ts_arena work = a;
    decisions d;
    ts_model out;
    relearn_report r;
    ts_error e = {0};
    ts_index ix;
    ts_index_builder *b = ts_index_builder_new(&work);
    for (uint32_t i = 0; i < NOTICES / 2; i++) {
        ts_notice n = derived_notice(&work, i);
        ts_index_add(b, &n);
    }
    assert_true(ts_index_finish(b, &ix, &e));
    decide(0.6, -1, 7);
    read_decisions(&work, pairings_n, &d);
    size_t known = 0;
    for (size_t i = 0; i < d.list.n; i++) {
        uint64_t number = 0;
        assert_true(ts_u64_parse(ts_str_from(d.list.v[i].notice.id, 5), &number));
        known += number < NOTICES / 2;
    }
    assert_true(relearn(&work, model, &d, &ix, &out, &r, &e));
    assert_int_equal(r.complete, known);
    assert_true(known > 100 && known < d.list.n);
    ts_index_builder_free(b);
}

/* ---- the command ---- */

static const char *write_model(const char *name) {
    ts_buf b = ts_buf_new(&a, TS_MODEL_FILE_MAX);
    const char *path = ts_str_z(&a, ts_str_c(test_temp(name)));
    ts_model_write(&b, model);
    test_write(path, ts_buf_str(&b));
    return path;
}

static ts_str bytes_of(ts_arena *to, const char *path) {
    ts_str s = TS_NONE;
    ts_error e = {0};
    if (!ts_file_read(to, path, 1 << 30, &s, &e)) return TS_NONE;
    return s;
}

#define LEARN(...) RUN(&work, "match", "learn", "--model", from, __VA_ARGS__)

static void the_command_writes_a_new_file_alone(void **state) {
    (void)state;
    ts_arena work = a;
    const char *from = write_model("rules.bin"),
               *to = ts_str_z(&a, ts_str_c(test_temp("learnt.bin")));
    ts_str before = bytes_of(&a, from);
    work = a;
    decide(0.6, -1, 7);
    const char *path = write_decisions(&work, "decided.jsonl", pairings_n);

    ran r = LEARN("--decisions", path);
    assert_status(r, 2);
    assert_says(r.err, "name the file to write: --output FILE");
    r = LEARN("--output", to);
    assert_status(r, 2);
    assert_says(r.err, "name the decided leads: --decisions FILE");
    r = LEARN("--decisions", path, "--output", from, "--replace");
    assert_status(r, 2);
    assert_says(r.err, "is the model that is learnt from; name another file with --output");

    r = LEARN("--decisions", path, "--output", to);
    assert_status(r, 0);
    assert_says(r.out, "log-loss");
    assert_says(r.out, "model rules-for-tests+");
    assert_says(r.err, "--notices gives the rest");
    ts_model m;
    ts_error e = {0};
    assert_true(ts_model_open(&work, &m, to, &e));
    assert_true(m.alone.trees < 0.8);
    ts_model_close(&m);

    ts_str written = bytes_of(&work, to);
    r = LEARN("--decisions", path, "--output", to);
    assert_status(r, 2);
    assert_says(r.err, "is there already; --replace writes over it");
    assert_true(ts_str_eq(bytes_of(&work, to), written));
    r = LEARN("--decisions", path, "--output", to, "--replace");
    assert_status(r, 0);
    assert_true(ts_str_eq(bytes_of(&work, from), before));
}

static void what_is_not_better_is_not_written(void **state) {
    (void)state;
    ts_arena work = a;
    const char *from = write_model("rules.bin"),
               *to = ts_str_z(&a, ts_str_c(test_temp("unlearnt.bin")));
    work = a;
    decide(0, 0, 2);
    ran r = LEARN("--decisions", write_decisions(&work, "coins.jsonl", pairings_n), "--output", to);
    assert_status(r, 1);
    assert_says(r.err, "unlearnt.bin was not written");
    assert_false(bytes_of(&work, to).n);
    r = LEARN("--decisions", write_decisions(&work, "few.jsonl", 30), "--output", to);
    assert_status(r, 1);
    assert_says(r.err, "learning needs 100 decisions or more");
    assert_false(bytes_of(&work, to).n);
}

static void bad_lines_are_named_and_the_rest_is_learnt(void **state) {
    (void)state;
    ts_arena work = a;
    const char *from = write_model("rules.bin"),
               *to = ts_str_z(&a, ts_str_c(test_temp("partly.bin"))),
               *path = ts_str_z(&a, ts_str_c(test_temp("partly.jsonl")));
    work = a;
    decide(0.6, -1, 7);
    ts_buf b = ts_buf_new(&work, 64 << 20);
    for (size_t i = 0; i < pairings_n; i++) {
        if (i == 4) ts_buf_lit(&b, "{\"decision\":\"confirmed\"}\n");
        put_line(&b, &pairings[i]);
    }
    test_write(path, ts_buf_str(&b));
    ran r = LEARN("--decisions", path, "--output", to);
    assert_status(r, 4);
    assert_says(r.err, "partly.jsonl:5: \"offer\" is missing");
    assert_says(r.err, "partly.jsonl: 1 line could not be read and was left out");
    assert_true(bytes_of(&work, to).n > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_lines_are_named),
        cmocka_unit_test(the_rest_of_a_file_is_read),
        cmocka_unit_test(what_is_compared_comes_back),
        cmocka_unit_test(too_few_decisions_are_refused),
        cmocka_unit_test(models_that_look_at_rank_are_refused),
        cmocka_unit_test(a_shifted_world_is_learnt),
        cmocka_unit_test(what_fits_already_changes_little),
        cmocka_unit_test(random_decisions_are_refused),
        cmocka_unit_test(whole_notices_are_used_where_they_are_given),
        cmocka_unit_test(the_command_writes_a_new_file_alone),
        cmocka_unit_test(what_is_not_better_is_not_written),
        cmocka_unit_test(bad_lines_are_named_and_the_rest_is_learnt),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
