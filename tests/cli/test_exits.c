/* Exit statuses and their order, messages about wrong usage, and what happens when standard output
 * goes away. */
#include <signal.h>
#include <unistd.h>

#include "faults/world.h"
#include "run.h"

static const char *offers_path, *notices_path, *folder;

static int set_up(void **state) {
    static ts_arena a;
    (void)state;
    a = test_arena();
    folder = here(&a, "cli/data");
    offers_path = here(&a, "cli/data/offers.jsonl");
    notices_path = here(&a, "cli/data/notices.csv");
    return 0;
}

#define SCREEN(...) RUN(&a, "screen", "--notices", notices_path, __VA_ARGS__)

static void usage(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const struct {
        const char *args[8], *says;
    } wrong[] = {
        {{"frobnicate"}, "there is no command 'frobnicate'; `touchstone --help` lists them"},
        {{"bench"}, "'bench' is a group of commands: write `touchstone bench COMMAND`"},
        {{"help", "nothing"}, "there is no command 'nothing'"},
        {{"help", "bench", "nothing"}, "there is no command 'bench nothing'"},
        {{"screen", "--ofers", "x"}, "screen has no option --ofers; did you mean --offers?"},
        {{"screen", "--thresh=1"}, "screen has no option --thresh; did you mean --threshold?"},
        {{"screen", "--zzzzzz"}, "screen has no option --zzzzzz\n"},
        {{"screen", "--offers"}, "--offers needs a value: --offers FILE"},
        {{"screen", "--quiet=yes"}, "--quiet takes no value"},
        {{"screen", "-o", "x"}, "options are written out with two dashes; '-o' is none"},
        {{"screen", "x.jsonl"}, "screen takes no further arguments ('x.jsonl')"},
        {{"screen", "--notices", "n"}, "name the offers: --offers FILE (- is standard input)"},
        {{"screen", "--offers", "o"},
         "name the notices: --notices FILE, --index FILE, or a --store that holds some"},
        {{"screen", "--offers", "o", "--notices", "n", "--index", "i"},
         "give either --notices or --index, not both"},
        {{"screen", "--offers", "o", "--format", "xml"},
         "--format is jsonl, json, csv, table or html, not 'xml'"},
        {{"screen", "--offers", "o", "--offer-format", "xml"},
         "--offer-format is jsonl, json, csv, feed, html or warc, not 'xml'"},
        {{"screen", "--offers", "o", "--notices", "n", "--notice-format", "q"},
         "there is no notice format 'q'; docs/formats.md lists them"},
        {{"screen", "--offers", "o", "--threads", "0"},
         "--threads is a whole number from 1 to 64, not '0'"},
        {{"screen", "--offers", "o", "--threads", "many"},
         "--threads is a whole number from 1 to 64, not 'many'"},
        {{"screen", "--offers", "o", "--threshold", "1.5"},
         "--threshold is a number between 0 and 1, not '1.5'"},
        {{"screen", "--offers", "o", "--notices", "n", "--map", "tittel=x"},
         "--map: 'tittel' is no field; write FIELD=THEIR_NAME"},
        {{"screen", "--offers", "o", "--lang", "fr"}, "--lang is en, de or zh, not 'fr'"},
        {{"import", "x"}, "name the store: --store FILE"},
        {{"import", "--store", "s"}, "name the files to import (- is standard input)"},
        {{"import", "--store", "", "x"}, "the store's path is empty; name a file"},
        {{"show"}, "name the store: --store FILE"},
        {{"show", "--store", "s", "a", "b"}, "one lead at a time"},
        {{"show", "--store", "s", "--format", "html"},
         "--format is table, json or jsonl here, not 'html'"},
        {{"sources"}, "name the store: --store FILE"},
        {{"index"}, "give either --store FILE, or --notices FILE and --output FILE"},
        {{"index", "--notices", "n"}, "name the file to write: --output FILE"},
        {{"passport", "register", "--store=s", "--out=o", "--endpoint=https://d.example/v1",
          "--commodity=85<x>"},
         "--commodity is a code of two to ten digits (HS, CN or TARIC), not '85<x>'"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *args[10] = {"touchstone"};
        memcpy(args + 1, wrong[i].args, sizeof wrong[i].args);
        ran r = run_list(&a, (run_how){.folder = temp_path(&a, "")}, args);
        assert_status(r, 2);
        assert_int_equal(r.out.n, 0);
        assert_says(r.err, wrong[i].says);
    }
    const char **many = ts_new_n(&a, const char *, 5010); /* nothing is dropped silently */
    many[0] = "touchstone", many[1] = "import", many[2] = "--store", many[3] = "s";
    for (int i = 4; i < 5005; i++) many[i] = "x";
    ran r = run_list(&a, (run_how){0}, many);
    assert_status(r, 2);
    assert_says(r.err, "more than 4096 arguments; give them in several calls");
}

/* Each status by itself, then together: the worst of 1 > 4 > 3 > 0. */
static void order(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *bad = temp_path(&a, "bad.jsonl"), *empty = temp_path(&a, "empty.jsonl"),
               *mended = temp_path(&a, "mended.jsonl");
    test_write(bad, TS_S("{\"title\":\"Lamp\"}\n{\"title\":\n{\"title\":\"Chair\"}\n"));
    test_write(empty, TS_NONE);
    test_write(mended, TS_S("{\"title\":\"L\xFF mp\"}\n"));
    static const char *const none = "/no/such/file";
    ran r = SCREEN("--offers", offers_path);
    assert_status(r, 0);
    r = SCREEN("--offers", empty);
    assert_status(r, 3);
    assert_says(r.err, "UNDETERMINED: not a single offer; the source may be silent");
    r = SCREEN("--offers", bad);
    assert_status(r, 4);
    assert_says(r.err, "bad.jsonl:2: ");
    assert_says(r.err, "1 record could not be read and was not looked at");
    assert_says(r.err, "screened 2 offers");
    r = SCREEN("--offers", mended);
    assert_status(r, 4);
    assert_says(
        r.err,
        "mended.jsonl:1: text here or a little below is not UTF-8; malformed bytes were replaced");
    r = SCREEN("--offers", none);
    assert_status(r, 1);
    assert_says(r.err, "/no/such/file: cannot open: No such file or directory");
    assert_says(r.err, "/no/such/file: nothing of it was looked at");
    r = SCREEN("--offers", empty, "--offers", offers_path);
    assert_status(r, 3);
    assert_true(run_count(r.out, "\n") == 5);
    r = SCREEN("--offers", empty, "--offers", bad);
    assert_status(r, 4);
    r = SCREEN("--offers", empty, "--offers", bad, "--offers", none, "--offers", offers_path);
    assert_status(r, 1);
    assert_true(run_count(r.out, "\n") == 5); /* the rest is looked at all the same */
    r = SCREEN("--offers", none, "--threads", "x");
    assert_status(r, 2);

    r = RUN(&a, "screen", "--notices", empty, "--offers",
            offers_path); /* no notices: nothing was compared */
    assert_status(r, 3);
    assert_says(r.err,
                "UNDETERMINED: a source of notices holds none; nothing was compared with it");
    r = RUN(&a, "screen", "--notices", none, "--offers", offers_path);
    assert_status(r, 1);
    assert_int_equal(r.out.n, 0);
    r = SCREEN("--notices", none, "--offers", offers_path);
    assert_status(r, 1);
    assert_true(run_count(r.out, "\n") == 5);
    assert_says(r.err, "/no/such/file: cannot open");
    assert_says(r.err, "offers were not compared with what is missing");
    r = RUN(&a, "index", "--notices", notices_path, "--notices", none, "--output",
            temp_path(&a, "half.idx"));
    assert_status(r, 1);
    assert_says(r.err, "no index was made, because not every file could be read to its end");
    assert_int_not_equal(access(temp_path(&a, "half.idx"), F_OK), 0);
    r = RUN(&a, "show", "--store", temp_path(&a, "none.db"));
    assert_status(r, 1);
    assert_says(r.err, "there is no such store; `touchstone import --store ");
}

/* A silent source, against what it gave before: in the store. */
static void silent(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *store = temp_path(&a, "silent.db"), *one = temp_path(&a, "one.jsonl"),
               *feed = temp_path(&a, "feed.csv");
    ran r = RUN(&a, "import", "--store", store, "--source", "office", notices_path);
    assert_status(r, 0);
    test_write(feed, TS_S("number,date,authority,product,brand,model,defect\nN-1,2025-01-01,Test "
                          "Office,kettle,Velmora,VK-1,leaks\n"));
    r = RUN(&a, "import", "--store", store, "--source", "office", feed);
    assert_status(r, 3);
    assert_says(r.err, "office: UNDETERMINED: 1 notice where the last complete import had 5; the "
                       "source may be silent");
    r = RUN(&a, "import", "--store", store, "--source", "parts", feed,
            notices_path); /* two files, one source: 6 notices */
    assert_status(r, 0);
    r = RUN(&a, "import", "--store", store, "--source", "parts", notices_path, feed);
    assert_status(r, 0);
    r = RUN(&a, "import", "--store", store, "--source", "parts", feed);
    assert_status(r, 3);
    assert_says(r.err, "1 notice where the last complete import had 6");

    r = RUN(&a, "screen", "--store", store, "--source", "shop", "--offers", offers_path);
    assert_status(r, 0);
    test_write(one, TS_S("{\"title\":\"Lamp\"}\n"));
    r = RUN(&a, "screen", "--store", store, "--source", "shop", "--offers", one, "--offers",
            offers_path);
    assert_status(r, 0);
    r = RUN(&a, "screen", "--store", store, "--source", "shop", "--offers", one);
    assert_status(r, 3);
    assert_says(
        r.err,
        "shop: UNDETERMINED: 1 offer where the last complete run had 9; the source may be silent");
    r = RUN(&a, "screen", "--store", store, "--source", "shop", "--offers", "/dev/null");
    assert_status(r, 3);
    assert_int_equal(run_count(r.err, "UNDETERMINED"), 1);
    r = RUN(&a, "sources", "--store", store);
    assert_status(r, 3);
    assert_says(r.out, "silent");
    assert_int_equal(run_count(r.out, "\n"), 4); /* heading, office, parts, shop */
}

static void filter(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str offers;
    ts_error e;
    assert_true(ts_file_read(&a, offers_path, 1 << 20, &offers, &e));
    ran file = SCREEN("--offers", offers_path, "--source", "x", "--quiet");
    ran r = RUN_HOW(&a, {.input = offers}, "screen", "--notices", notices_path, "--offers", "-",
                    "--source", "x", "--quiet");
    assert_status(r, 0);
    assert_true(ts_str_eq(r.out, file.out));
    assert_int_equal(r.err.n, 0);
    ts_str rest = r.out;
    while (rest.n)
        assert_non_null(
            ts_json_parse(&a, ts_str_cut(&rest, '\n'), (ts_json_options){.strict = true}, 0));
    r = RUN_HOW(&a, {.input = offers}, "screen", "--notices", notices_path, "--offers", "-",
                "--quiet");
    assert_says(r.out, "\"source\":\"standard input\"");
    ts_str notices;
    assert_true(ts_file_read(&a, notices_path, 1 << 20, &notices, &e));
    r = RUN_HOW(&a, {.input = notices}, "screen", "--notices", "-", "--offers", offers_path,
                "--source", "x", "--quiet");
    assert_status(r, 0);
    assert_true(ts_str_eq(r.out, file.out));
    const char *index = temp_path(&a, "n.idx");
    r = RUN(&a, "index", "--notices", notices_path, "--output", index);
    assert_status(r, 0);
    r = RUN(&a, "screen", "--index", index, "--offers", offers_path, "--source", "x", "--quiet");
    assert_status(r, 0);
    assert_true(ts_str_eq(r.out, file.out));
    r = RUN(&a, "screen", "--index", notices_path, "--offers", offers_path);
    assert_status(r, 1);
    assert_says(r.err, "notices.csv: ");
}

/* Standard output closed, full, or a pipe that nobody reads: one message, status 1, and what was
 * kept in the store stands. */
static void no_output(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *many = temp_path(&a, "many.jsonl"), *notices = temp_path(&a, "many.csv"),
               *store = temp_path(&a, "out.db");
    world_notices(notices, 50, 0);
    world_offers(many, 900, 50, 1);
    static const struct {
        run_how how;
        const char *says;
    } ways[] = {{{.out = "/dev/full"}, "No space left on device"},
                {{.close_out = true}, "Bad file descriptor"},
                {{.broken_pipe = true}, "Broken pipe"}};
    static const char *const formats[] = {"jsonl", "table", "html", "csv", "json"};
    ran r = RUN(&a, "import", "--store", store, notices);
    assert_status(r, 0);
    for (int i = 0; i < 3; i++) {
        for (int f = 0; f < 5; f++) {
            r = run_program(&a, ways[i].how, "screen", "--notices", notices, "--offers", many,
                            "--format", formats[f], "--quiet", NULL);
            assert_status(r, 1);
            assert_says(r.err, ways[i].says);
            assert_int_equal(run_count(r.err, "\n"), 1);
        }
        r = run_program(&a, ways[i].how, "screen", "--store", store, "--offers", many, "--quiet",
                        NULL);
        assert_status(r, 1);
        r = run_program(&a, ways[i].how, "show", "--store", store, NULL);
        assert_status(r, 1);
        assert_says(r.err, ways[i].says);
        r = run_program(&a, ways[i].how, "sources", "--store", store, NULL);
        assert_status(r, 1);
        r = run_program(&a, ways[i].how, "help", NULL);
        assert_status(r, 1);
        r = run_program(&a, ways[i].how, "help", "--man", NULL);
        assert_status(r, 1);
        r = run_program(&a, ways[i].how, "--version", NULL);
        assert_status(r, 1);
    }
    r = RUN(&a, "sources", "--store", store); /* the runs that broke off are seen */
    assert_status(r, 3);
    assert_says(r.out, "interrupted");
    r = RUN(&a, "screen", "--store", store, "--offers", many, "--quiet");
    assert_status(r, 0);
    assert_int_equal(run_count(r.out, "\n"), 900);
}

/* Ctrl-C: the program ends by the signal, what is committed stays, and the same command completes.
 */
static void interrupted(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *notices = temp_path(&a, "int.csv"), *store = temp_path(&a, "int.db");
    world_notices(notices, 6000, 0);
    run_how how = {.signal = SIGINT, .signal_at = 150000000};
    ran r = run_program(&a, how, "import", "--store", store, notices, NULL);
    for (int i = 0; i < 5 && r.status == 0; i++) { /* it was quicker than we */
        unlink(store);
        how.signal_at /= 2;
        r = run_program(&a, how, "import", "--store", store, notices, NULL);
    }
    assert_status(r, 128 + SIGINT);
    r = RUN(&a, "import", "--store", store, notices);
    assert_status(r, 0);
    assert_says(r.err, "6000 notices: ");
    assert_says(r.err, "0 updated");
    assert_says(ts_str_to(world_dump(&a, store), 3), "ok|");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(usage),     cmocka_unit_test(order),
                                       cmocka_unit_test(silent),    cmocka_unit_test(filter),
                                       cmocka_unit_test(no_output), cmocka_unit_test(interrupted)};
    return cmocka_run_group_tests(tests, set_up, 0);
}
