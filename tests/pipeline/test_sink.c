#include "match/shipped.h"
#include "pipeline/sink.h"

#include <fcntl.h>
#include <unistd.h>

#include "cli/run.h"
#include "faults/world.h"
#include "pipeline/screen.h"

static ts_catalogue words(ts_arena *a) {
    ts_catalogue c;
    ts_error e = {0};
    ts_log_quiet(true);
    if (!ts_catalogue_load(a, "en", &c, &e)) fail_msg("%s", e.msg);
    return c;
}

/* Screens the small sample into a sink. */
static void screen(ts_arena *a, ts_sink *sink, const char *const *offers, size_t n) {
    const char *notices = here(a, "cli/data/notices.csv");
    ts_notice_index ix;
    ts_screen_summary sum;
    ts_error e = {0};
    assert_true(ts_notice_index_from_files(a, &notices, 1, (ts_notice_options){0}, &ix, &e));
    ts_screen_job job = {.match = {.model = shipped_model()},
                         .offers = offers,
                         .offers_n = n,
                         .source = "shop",
                         .index = &ix.index,
                         .sink = sink};
    if (!ts_screen(a, &job, &sum, &e)) fail_msg("%s", e.msg);
    ts_notice_index_close(&ix);
}

static ts_str written(ts_arena *a, ts_out_format f, size_t top, const char *const *offers,
                      size_t n) {
    ts_catalogue c = words(a);
    const char *path = temp_path(a, "out");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    screen(a, ts_sink_out(a, f, fd, &c, top), offers, n);
    close(fd);
    ts_str out;
    ts_error e;
    assert_true(ts_file_read(a, path, 1 << 26, &out, &e));
    return out;
}

static void every_format(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *offers[] = {here(&a, "cli/data/offers.jsonl")}, *none[] = {"/dev/null"};
    ts_str lines = written(&a, TS_OUT_JSONL, 0, offers, 1);
    assert_int_equal(run_count(lines, "\n"), 5);
    size_t n = 0;
    for (ts_str rest = lines; rest.n; n++) {
        const ts_json *v =
            ts_json_parse(&a, ts_str_cut(&rest, '\n'), (ts_json_options){.strict = true}, 0);
        static const char *const members[] = {"id",           "source", "offer",    "notice",
                                              "probability",  "grade",  "rung",     "scope_fit",
                                              "legal_effect", "agree",  "conflict", "model"};
        for (size_t i = 0; i < sizeof members / sizeof *members; i++)
            assert_non_null(ts_json_get(v, ts_str_c(members[i])));
    }
    assert_int_equal(n, 5);
    const ts_json *all = ts_json_parse(&a, written(&a, TS_OUT_JSON, 0, offers, 1),
                                       (ts_json_options){.strict = true}, 0);
    assert_true(ts_json_is(all, TS_JSON_ARRAY));
    n = 0;
    TS_JSON_EACH(x, all) n += ts_json_is(x, TS_JSON_OBJECT);
    assert_int_equal(n, 5);
    assert_str(written(&a, TS_OUT_JSON, 0, none, 1), "[]\n");
    assert_str(written(&a, TS_OUT_JSONL, 0, none, 1), "");
    assert_says(written(&a, TS_OUT_TABLE, 0, none, 1),
                "No offer reached the threshold. That does not mean that the offers are safe.");
    ts_str csv = written(&a, TS_OUT_CSV, 0, offers, 1);
    assert_int_equal(run_count(csv, "\n"), 6);
    assert_says(csv, "\"Pinovia PW-22 baby walker \"\"blue\"\", foldable\"");
    ts_str table = written(&a, TS_OUT_TABLE, 2, offers, 1);
    assert_says(table, "2 of 5 leads are shown; --top N shows more");
    ts_str html = written(&a, TS_OUT_HTML, 0, offers, 1);
    assert_int_equal(run_count(html, "<tr data-grade="), 5);
    assert_says(html, "<mark>Velmora</mark>");
    assert_says(html, "default-src 'none'");
    assert_says(html, "An offer that is not listed is not thereby safe.");
    assert_silent_on(html, "<link");
    assert_silent_on(html, " src=");
    html = written(&a, TS_OUT_HTML, 0, none, 1);
    assert_says(html, "UNDETERMINED");
    ts_out_format f;
    assert_false(ts_out_format_by_name("xml", &f));
    assert_true(ts_out_format_by_name("html", &f));
    assert_int_equal(f, TS_OUT_HTML);
}

/* Markup and formulas in an offer stay text. */
static void hostile_text(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *offers = temp_path(&a, "hostile.jsonl");
    test_write(
        offers,
        TS_S("{\"id\":\"=cmd|' /C calc'!A0\",\"title\":\"Velmora VK-1700 \\\"><img src=x "
             "onerror=alert(1)> &lt;script&gt;alert(2)&lt;/script&gt;\",\"brand\":\"Velmora\","
             "\"gtin\":\"4006381333931\",\"url\":\"javascript:alert(1)\",\"seller\":\"\\u001b["
             "31m\\u0007@SUM(1)\"}\n"));
    ts_str html = written(&a, TS_OUT_HTML, 0, &offers, 1);
    assert_int_equal(run_count(html, "<tr data-grade="), 1);
    assert_silent_on(html, "<img");
    assert_silent_on(html, "<script>alert");
    assert_silent_on(html, "href=\"javascript:");
    ts_str table = written(&a, TS_OUT_TABLE, 0, &offers, 1);
    assert_silent_on(table, "\x1b");
    ts_str csv = written(&a, TS_OUT_CSV, 0, &offers, 1);
    assert_silent_on(csv, ",=cmd");
    assert_silent_on(csv, "\"=cmd");
}

/* The ranked outputs keep the likeliest, however many come: here 50 times as many as asked for. */
static void top(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *offers = temp_path(&a, "many.jsonl");
    ts_buf b = ts_buf_new(&a, 1 << 20);
    for (int i = 0; i < 500; i++)
        ts_buf_fmt(
            &b, "{\"id\":\"x%d\",\"title\":\"Velmora VK-1700 kettle\",\"brand\":\"Velmora\"%s}\n",
            i, i % 100 == 99 ? ",\"gtin\":\"4006381333931\"" : "");
    test_write(offers, ts_buf_str(&b));
    ts_str table = written(&a, TS_OUT_TABLE, 10, &offers, 1);
    assert_says(table, "10 of 500 leads are shown");
    assert_int_equal(run_count(table, "  strong  "), 5); /* all of the five that have the number */
    assert_int_equal(run_count(table, "  review  "), 5);
}

/* What is kept in the store is what is written out, byte by byte, and a second run doubles nothing.
 */
static void stored(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_catalogue c = words(&a);
    const char *offers[] = {here(&a, "cli/data/offers.jsonl")};
    ts_store *s = ts_store_open(&a, temp_path(&a, "sink.db"), TS_STORE_WRITE, &e);
    assert_non_null(s);
    ts_str lines = written(&a, TS_OUT_JSONL, 0, offers, 1);
    for (int64_t run = 1; run <= 2; run++) {
        ts_sink *kept = ts_sink_store(&a, s, run, &c);
        screen(&a, kept, offers, 1);
        assert_int_equal(ts_sink_store_fresh(kept), run == 1 ? 5 : 0);
        ts_lead_rows rows = {0};
        assert_true(ts_store_leads(s, &a, 0, 100, &rows, &e));
        assert_int_equal(rows.n, 5);
        for (size_t i = 0; i < rows.n; i++) {
            assert_int_equal(rows.v[i].run, run);
            assert_true(ts_str_find(lines, rows.v[i].json) != TS_NPOS);
            assert_int_equal(rows.v[i].json.p[rows.v[i].json.n - 1], '}');
            assert_str(rows.v[i].source, "shop");
            assert_true(ts_str_find(rows.v[i].json, rows.v[i].notice_id) != TS_NPOS);
        }
    }
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_format),
                                       cmocka_unit_test(hostile_text), cmocka_unit_test(top),
                                       cmocka_unit_test(stored)};
    return cmocka_run_group_tests(tests, 0, 0);
}
