#include "support/support.h"
#include "text/language.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static void check(const char *title, const char *want, int line) {
    ts_arena mark = a;
    ts_view v;
    const ts_str f[TS_FIELDS] = {[TS_F_TITLE] = ts_str_c(title)};
    ts_view_build(&a, f, &v);
    ts_str got = ts_language_of(&v);
    if (!ts_str_is(got, want)) {
        print_error("line %d: \"%s\" is '%.*s', wanted '%s'\n", line, title, TS_P(got), want);
        fail();
    }
    a = mark;
}
#define LANG(title, want) check((title), (want), __LINE__)

static void short_titles(void **state) {
    (void)state;
    LANG("Electric kettle with light, stainless steel", "en");
    LANG("Set of 4 candles", "en");
    LANG("portable power bank for kids", "en");
    LANG("New hot sale waterproof lamp for home", "en");
    LANG("Wasserkocher aus Edelstahl mit Licht", "de");
    LANG("Kinderhelm schwarz verstellbar", "de");
    LANG("Neu: Kerzen im Glas, 6 Stück", "de");
    LANG("Staubsauger gebraucht, voll funktionsfähig", "de");
    LANG("罗马仕充电宝 20000毫安时", "zh");
    LANG("电钻", "zh");
    LANG("ROMOSS 罗马仕 充电宝 PSP20", "zh");
}

static void too_little_to_say(void **state) {
    (void)state;
    LANG("", "");
    LANG("KX-FA83", "");
    LANG("20000", "");
    LANG("\xFF\xFE", "");
    LANG("罗", "");                                         /* one character */
    LANG("ROMOSS KX-482 PSP20 Z3 Dekoton Galofy 罗马", ""); /* two characters in a Latin title */
}

static void other_languages_are_not_taken_for_ours(void **state) {
    (void)state;
    LANG("Bouilloire électrique en acier inoxydable pour la maison", "");
    LANG("Hervidor de agua eléctrico para el hogar", "");
    LANG("Электрический чайник", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(short_titles),
                                       cmocka_unit_test(too_little_to_say),
                                       cmocka_unit_test(other_languages_are_not_taken_for_ours)};
    return cmocka_run_group_tests(tests, setup, 0);
}
