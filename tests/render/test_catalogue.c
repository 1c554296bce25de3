#include <stdlib.h>

#include "render/catalogue.h"
#include "support/support.h"

static ts_arena a;
static ts_catalogue c[3];
static const char *const languages[3] = {"en", "de", "zh"};

static int setup(void **state) {
    ts_error e;
    (void)state;
    a = test_arena();
    for (int i = 0; i < 3; i++)
        if (!ts_catalogue_load(&a, languages[i], &c[i], &e)) {
            print_error("%s: %s\n", e.where, e.msg);
            return -1;
        }
    return 0;
}

/* Every key of one catalogue is in the others. */
static void the_same_keys_in_all_languages(void **state) {
    (void)state;
    unsigned lacking = 0;
    assert_true(c[0].text.n > 50);
    for (int x = 0; x < 3; x++) {
        assert_string_equal(c[x].language, languages[x]);
        assert_int_equal(c[x].map.n, c[x].text.n);
        for (size_t i = 0; i < c[x].map.cap; i++) {
            const ts_map_slot *s = &c[x].map.v[i];
            for (int y = 0; s->key.p && y < 3; y++) {
                if (ts_map_get(&c[y].map, s->key)) continue;
                print_error("%s.json has no '%.*s'\n", languages[y], TS_P(s->key));
                lacking++;
            }
        }
    }
    assert_int_equal(lacking, 0);
}

/* The placeholders of a text, in order of the alphabet, each once. */
static ts_str placeholders(ts_str s) {
    ts_strs names = {0};
    while (s.n) {
        size_t open = ts_str_chr(s, '{');
        if (open == TS_NPOS) break;
        s = ts_str_from(s, open + 1);
        size_t close = ts_str_chr(s, '}');
        assert_true(close != TS_NPOS && close > 0);
        ts_strs_add(&a, &names, ts_str_to(s, close));
        s = ts_str_from(s, close + 1);
    }
    for (size_t i = 0; i < names.n; i++)
        for (size_t k = i + 1; k < names.n; k++)
            if (ts_str_cmp(names.v[k], names.v[i]) < 0) {
                ts_str t = names.v[i];
                names.v[i] = names.v[k];
                names.v[k] = t;
            }
    return names.n ? ts_str_join(&a, names.v, names.n, TS_S(" ")) : TS_NONE;
}

static void the_same_placeholders_in_all_languages(void **state) {
    (void)state;
    for (size_t i = 0; i < c[0].map.cap; i++) {
        const ts_map_slot *s = &c[0].map.v[i];
        if (!s->key.p) continue;
        const char *key = ts_str_z(&a, s->key);
        ts_str want = placeholders(ts_say(&c[0], key));
        for (int y = 1; y < 3; y++) {
            ts_str got = placeholders(ts_say(&c[y], key));
            if (!ts_str_eq(got, want))
                print_error("%s in %s.json: {%.*s} instead of {%.*s}\n", key, languages[y],
                            TS_P(got), TS_P(want));
            assert_true(ts_str_eq(got, want));
        }
    }
}

static void texts_are_text_and_translated(void **state) {
    (void)state;
    size_t same[3] = {0};
    for (size_t i = 0; i < c[0].map.cap; i++) {
        const ts_map_slot *s = &c[0].map.v[i];
        if (!s->key.p) continue;
        const char *key = ts_str_z(&a, s->key);
        for (int y = 0; y < 3; y++) {
            ts_str t = ts_say(&c[y], key);
            if (ts_str_trim(t).n == 0 || ts_str_trim(t).n != t.n)
                print_error("%s in %s.json is empty or has blanks at its ends\n", key,
                            languages[y]);
            assert_true(ts_str_trim(t).n > 0);
            assert_true(ts_str_find(t, TS_S("TODO")) == TS_NPOS &&
                        ts_str_find(t, TS_S("<")) == TS_NPOS);
            same[y] += ts_str_eq(t, ts_say(&c[0], key));
        }
    }
    assert_true(same[1] * 10 <
                c[0].text.n); /* hardly any text is the same word in both languages */
    assert_true(same[2] * 10 < c[0].text.n);
}

/* Nothing the program says ever promises that a product is safe or compliant. */
static void nothing_says_safe(void **state) {
    (void)state;
    static const char *const never[] = {"is safe", "are safe",     "compliant", "ist sicher",
                                        "konform", "unbedenklich", "合格",      "安全产品"};
    for (int y = 0; y < 3; y++)
        for (size_t i = 0; i < c[y].text.n; i++)
            for (size_t k = 0; k < sizeof never / sizeof *never; k++) {
                ts_str t = c[y].text.v[i];
                bool said = ts_str_ifind(t, ts_str_c(never[k])) != TS_NPOS;
                bool denied = ts_str_ifind(t, TS_S("non-compliance")) != TS_NPOS ||
                              ts_str_ifind(t, TS_S("not ")) != TS_NPOS ||
                              ts_str_ifind(t, TS_S("nicht")) != TS_NPOS ||
                              ts_str_find(t, TS_S("不")) != TS_NPOS;
                if (said && !denied) print_error("%s.json: '%.*s'\n", languages[y], TS_P(t));
                assert_true(!said || denied);
            }
}

/* Every key of a reason: a text in quotes in match/explain.c that is made of letters and bars. */
static void keys_of_evidence_are_there(void **state) {
    (void)state;
    ts_str rest;
    ts_error e;
    unsigned keys = 0;
    assert_true(ts_file_read(&a, TS_SOURCE_DIR "/src/match/explain.c", 1 << 20, &rest, &e));
    while (rest.n) {
        ts_str_cut(&rest, '"');
        ts_str word = ts_str_cut(&rest, '"');
        size_t n = 0;
        while (n < word.n && (ts_is_alpha(word.p[n]) || word.p[n] == '_')) n++;
        if (!word.n || n < word.n) continue;
        char key[80];
        snprintf(key, sizeof key, "evidence.%.*s", TS_P(word));
        for (int y = 0; y < 3; y++) {
            if (ts_str_is(ts_say(&c[y], key), key))
                print_error("%s.json has no '%s'\n", languages[y], key);
            assert_false(ts_str_is(ts_say(&c[y], key), key));
        }
        keys++;
    }
    assert_in_range(keys, 36, 100);
}

static void a_key_that_is_not_there_says_itself(void **state) {
    (void)state;
    assert_str(ts_say(&c[0], "no.such.key"), "no.such.key");
    assert_str(ts_say(&c[0], ""), "");
}

static void filling_in(void **state) {
    (void)state;
    ts_catalogue own = {0};
    static const char *const texts[][2] = {{"a", "x {one} y {two} z {one}"},
                                           {"b", "{none} {one"},
                                           {"c", "no placeholder"},
                                           {"d", ""},
                                           {"e", "{}{one}"},
                                           {"f", "{one}}"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *ts_push(&a, &own.text) = ts_str_c(texts[i][1]);
        *ts_map_put(&a, &own.map, ts_str_c(texts[i][0]), 0) = i;
    }
    const ts_fill fill[] = {{"one", TS_S("{two}")}, {"two", TS_S("2")}};
    assert_str(ts_say_with(&a, &own, "a", fill, 2),
               "x {two} y 2 z {two}"); /* a value is not looked into */
    assert_str(ts_say_with(&a, &own, "b", fill, 2), "{none} {one");
    assert_str(ts_say_with(&a, &own, "c", fill, 2), "no placeholder");
    assert_str(ts_say_with(&a, &own, "d", fill, 2), "");
    assert_str(ts_say_with(&a, &own, "e", fill, 2), "{}{two}");
    assert_str(ts_say_with(&a, &own, "f", fill, 2), "{two}}");
    assert_str(ts_say_with(&a, &own, "a", 0, 0), "x {one} y {two} z {one}");
    assert_str(ts_say_with(&a, &own, "zzz", fill, 2), "zzz");
}

static void a_language_that_is_not_there(void **state) {
    (void)state;
    ts_catalogue x;
    ts_error e = {0};
    static const char *const none[] = {"xx", "", "../i18n/de", "d", "en/../de"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(ts_catalogue_load(&a, none[i], &x, &e));
        assert_int_equal(e.code, TS_E_NOT_FOUND);
    }
}

static void the_language_of_the_environment(void **state) {
    (void)state;
    static const struct {
        const char *all, *messages, *lang, *want;
    } some[] = {{"", "", "", "en"},
                {"", "", "de_DE.UTF-8", "de"},
                {"", "zh_CN.UTF-8", "de_DE", "zh"},
                {"C", "de_DE", "de_DE", "en"},
                {"", "", "fr_FR", "en"},
                {"de", "", "", "de"},
                {"", "", "d", "en"}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        setenv("LC_ALL", some[i].all, 1);
        setenv("LC_MESSAGES", some[i].messages, 1);
        setenv("LANG", some[i].lang, 1);
        assert_string_equal(ts_catalogue_default(), some[i].want);
    }
    unsetenv("LC_ALL"), unsetenv("LC_MESSAGES"), unsetenv("LANG");
    assert_string_equal(ts_catalogue_default(), "en");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_keys_in_all_languages),
        cmocka_unit_test(the_same_placeholders_in_all_languages),
        cmocka_unit_test(texts_are_text_and_translated),
        cmocka_unit_test(nothing_says_safe),
        cmocka_unit_test(keys_of_evidence_are_there),
        cmocka_unit_test(a_key_that_is_not_there_says_itself),
        cmocka_unit_test(filling_in),
        cmocka_unit_test(a_language_that_is_not_there),
        cmocka_unit_test(the_language_of_the_environment),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
