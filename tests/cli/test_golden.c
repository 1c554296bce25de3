/* What the program prints, compared with tests/cli/golden. TS_GOLDEN=write makes the files anew:
 * read the difference before keeping it. Figures that come from the scorer are masked; they are the
 * business of other tests.
 */
#include <regex.h>

#include "run.h"

/* Replaces every match of an extended regular expression; \1 in `by` is the first group. */
static ts_str replaced(ts_arena *a, ts_str s, const char *pattern, const char *by) {
    regex_t re;
    regmatch_t m[2];
    ts_buf b = ts_buf_new(a, s.n * 2 + 1000);
    char *text = ts_new_n(a, char, s.n + 1), *at = text;
    memcpy(text, s.p, s.n);
    assert_int_equal(regcomp(&re, pattern, REG_EXTENDED | REG_NEWLINE), 0);
    while (regexec(&re, at, 2, m, at == text ? 0 : REG_NOTBOL) == 0 && m[0].rm_eo > m[0].rm_so) {
        ts_buf_put(&b, (ts_str){at, (size_t)m[0].rm_so});
        for (const char *p = by; *p; p++) {
            if (p[0] == '\\' && p[1] == '1')
                ts_buf_put(&b, (ts_str){at + m[1].rm_so, (size_t)(m[1].rm_eo - m[1].rm_so)}), p++;
            else
                ts_buf_c(&b, *p);
        }
        at += m[0].rm_eo;
    }
    ts_buf_put(&b, (ts_str){at, s.n - (size_t)(at - text)});
    regfree(&re);
    return ts_buf_str(&b);
}

/* Cuts what stands between two marks, all of them. */
static ts_str emptied(ts_arena *a, ts_str s, const char *from, const char *to) {
    ts_buf b = ts_buf_new(a, s.n + 1);
    for (size_t at; (at = ts_str_find(s, ts_str_c(from))) != TS_NPOS;) {
        at += strlen(from);
        ts_buf_put(&b, ts_str_to(s, at));
        s = ts_str_from(s, at);
        size_t end = ts_str_find(s, ts_str_c(to));
        s = ts_str_from(s, end == TS_NPOS ? s.n : end);
    }
    ts_buf_put(&b, s);
    return ts_buf_str(&b);
}

static ts_str masked(ts_arena *a, ts_str s) {
    static const char *const masks[][2] = {
        {"\"(probability|weight)\":-?[0-9.]+", "\"\\1\":0"},
        {"touchstone-rules-[0-9]+", "MODEL"},
        {"^([0-9a-f]{10}),[0-9.]+,", "\\1,0,"},
        {" *[0-9]+ %", " NN %"},
        {"^ *[+-][0-9]+\\.[0-9] ", " +N.N "},
        {"data-v=\"[0-9.]+\"", "data-v=\"0\""},
        {"<span class=\"w\">[^<]*</span>", "<span class=\"w\">0</span>"},
        {"in [0-9.]+ s \\([0-9]+ per second\\)", "in N s (N per second)"},
        {"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z", "INSTANT"},
    };
    ts_buf b = ts_buf_new(a, s.n * 2 + 100);
    for (size_t at; (at = ts_str_find(s, TS_S(TS_VERSION))) != TS_NPOS;
         s = ts_str_from(s, at + strlen(TS_VERSION))) {
        ts_buf_put(&b, ts_str_to(s, at));
        ts_buf_lit(&b, "VERSION");
    }
    ts_buf_put(&b, s);
    s = emptied(a, emptied(a, ts_buf_str(&b), "<style>", "</style>"), "<script>", "</script>");
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++)
        s = replaced(a, s, masks[i][0], masks[i][1]);
    return s;
}

static void compare(ts_arena *a, const char *name, ts_str have) {
    char path[128];
    ts_error e;
    ts_str want = TS_NONE;
    snprintf(path, sizeof path, "cli/golden/%s", name);
    const char *file = here(a, path);
    have = masked(a, have);
    if (getenv("TS_GOLDEN")) test_write(file, have);
    if (!ts_file_read(a, file, 1 << 24, &want, &e)) fail_msg("%s: %s", file, e.msg);
    if (ts_str_eq(have, want)) return;
    for (int line = 1; have.n || want.n; line++) {
        ts_str h = ts_str_cut(&have, '\n'), w = ts_str_cut(&want, '\n');
        if (ts_str_eq(h, w)) continue;
        print_error("%s:%d\n have: %.*s\n want: %.*s\n", file, line, TS_P(ts_str_clip(h, 2000)),
                    TS_P(ts_str_clip(w, 2000)));
        break;
    }
    fail_msg("%s differs; TS_GOLDEN=write makes it anew", name);
}

static void help(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ran all = RUN(&a, "help");
    assert_status(all, 0);
    assert_int_equal(all.err.n, 0);
    compare(&a, "help.txt", all.out);
    ran same = RUN(&a, "--help");
    assert_true(ts_str_eq(same.out, all.out));
    ran none = run_program(&a, (run_how){0}, NULL);
    assert_status(none, 2);
    assert_int_equal(none.out.n, 0);
    assert_true(ts_str_eq(none.err, all.out));
    size_t commands = 0;
    for (ts_str rest = all.out; rest.n;) { /* every command that is listed */
        ts_str line = ts_str_cut(&rest, '\n');
        if (line.n < 23 || line.p[0] != ' ' || line.p[2] == ' ') continue;
        ts_str words = ts_str_trim(ts_str_to(line, 22));
        char one[32], two[32] = "", file[80];
        ts_str first = ts_str_cut(&words, ' ');
        snprintf(one, sizeof one, "%.*s", TS_P(first));
        if (words.n) snprintf(two, sizeof two, "%.*s", TS_P(words));
        ran r = *two ? RUN(&a, one, two, "--help") : RUN(&a, one, "--help");
        assert_status(r, 0);
        snprintf(file, sizeof file, "help-%s%s%s.txt", one, *two ? "-" : "", two);
        compare(&a, file, r.out);
        ran again = *two ? RUN(&a, "help", one, two) : RUN(&a, "help", one);
        assert_true(ts_str_eq(again.out, r.out));
        for (ts_str l, text = r.out;
             text.n;) { /* no stray blanks, no line a terminal of 100 would break (but examples) */
            l = ts_str_cut(&text, '\n');
            assert_false(l.n && l.p[l.n - 1] == ' ');
            if (!ts_str_starts(l, TS_S("  touchstone")) && !ts_str_starts(l, TS_S("  curl")) &&
                !ts_str_starts(l, TS_S("  zcat")))
                assert_true(l.n <= 104);
        }
        commands++;
    }
    assert_true(commands >= 20);
}

static void papers(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ran man = RUN(&a, "help", "--man"), bash = RUN(&a, "help", "--completion", "bash"),
        zsh = RUN(&a, "help", "--completion", "zsh");
    assert_status(man, 0);
    assert_status(bash, 0);
    compare(&a, "touchstone.1", man.out);
    compare(&a, "completion.bash", bash.out);
    assert_true(ts_str_starts(zsh.out, TS_S("#compdef touchstone\n")));
    assert_says(zsh.out, bash.out.n ? "_touchstone()" : "");
    ran version = RUN(&a, "--version");
    assert_str(version.out, "touchstone " TS_VERSION "\n");
    ran other = RUN(&a, "help", "--completion", "fish");
    assert_status(other, 2);
    assert_says(other.err, "--completion is bash or zsh, not 'fish'");
}

static void screens(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *data = here(&a, "cli/data");
    static const char *const formats[] = {"jsonl", "json", "csv", "table", "html"};
    for (int i = 0; i < 5; i++) {
        char name[40];
        ran r = RUN_HOW(&a, {.folder = data}, "screen", "--notices", "notices.csv", "--offers",
                        "offers.jsonl", "--format", formats[i]);
        assert_status(r, 0);
        snprintf(name, sizeof name, "screen.%s", formats[i]);
        compare(&a, name, r.out);
        if (i == 0) compare(&a, "screen.stderr", r.err);
    }
    ran de = RUN_HOW(&a, {.folder = data}, "screen", "--notices", "notices.csv", "--offers",
                     "offers.jsonl", "--format", "table", "--lang", "de", "--quiet");
    compare(&a, "screen.de.table", de.out);
    assert_int_equal(de.err.n, 0);
    ran zh = RUN_HOW(&a, {.folder = data}, "screen", "--notices", "notices.csv", "--offers",
                     "offers.jsonl", "--format", "table", "--lang", "zh", "--quiet");
    compare(&a, "screen.zh.table", zh.out);
}

static void stored(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *data = here(&a, "cli/data"), *store = temp_path(&a, "golden.db"),
               *changed = temp_path(&a, "notices.csv");
    ran r = RUN_HOW(&a, {.folder = data}, "import", "--store", store, "notices.csv");
    assert_status(r, 0);
    compare(&a, "import.stderr", r.err);
    r = RUN_HOW(&a, {.folder = data}, "screen", "--store", store, "--offers", "offers.jsonl",
                "--include-outside");
    assert_status(r, 0);
    r = RUN(&a, "show", "--store", store);
    assert_status(r, 0);
    compare(&a, "show.txt", r.out);
    r = RUN(&a, "show", "--store", store, "--format", "json");
    compare(&a, "show.json", r.out);
    ran one = RUN(&a, "show", "--store", store, ts_str_clip(r.out, 30).n ? "--format=jsonl" : "");
    ts_str line = one.out, id = ts_str_to(ts_str_from(ts_str_cut(&line, '\n'), 7), 10);
    char text[16];
    snprintf(text, sizeof text, "%.*s", TS_P(id));
    r = RUN(&a, "show", "--store", store, text);
    assert_status(r, 0);
    compare(&a, "show-one.txt", r.out);
    r = RUN(&a, "sources", "--store", store);
    assert_status(r, 0);
    compare(&a, "sources.txt", r.out);
    r = RUN(&a, "sources", "--store", store, "--format", "jsonl");
    compare(&a, "sources.jsonl", r.out);

    ts_str csv; /* the notice is withdrawn: its leads say so */
    ts_error e;
    assert_true(ts_file_read(&a, here(&a, "cli/data/notices.csv"), 1 << 20, &csv, &e));
    test_write(changed, replaced(&a, csv, "^(K-[12],.*),published,", "\\1,withdrawn,"));
    r = RUN(&a, "import", "--store", store, "--source", "notices.csv", changed);
    assert_status(r, 0);
    assert_says(r.err, "leads have no basis any more: the notice was withdrawn");
    r = RUN(&a, "show", "--store", store);
    compare(&a, "show-gone.txt", r.out);
    r = RUN(&a, "show", "--store", store, text);
    assert_says(ts_str_to(r.out, 10), "BASIS GONE");
    r = RUN(&a, "show", "--store", store, text, "--format", "jsonl");
    assert_says(r.out, ",\"basis_gone\":true}\n");
    assert_silent_on(r.out, "BASIS GONE");
    assert_non_null(ts_json_parse(&a, r.out, (ts_json_options){.strict = true}, 0));
    r = RUN(&a, "show", "--store", store, "--format", "json");
    assert_non_null(ts_json_parse(&a, r.out, (ts_json_options){.strict = true}, 0));
    assert_true(run_count(r.out, "\"basis_gone\":true") >= 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(help), cmocka_unit_test(papers),
                                       cmocka_unit_test(screens), cmocka_unit_test(stored)};
    return cmocka_run_group_tests(tests, 0, 0);
}
