/* gs1_samples.h - random values that keep all rules of the dictionary, for property tests. */
#ifndef TS_TESTS_GS1_SAMPLES_H
#define TS_TESTS_GS1_SAMPLES_H

#include "product/gs1_lint.h"
#include "product/gs1_message.h"
#include "product/product.h"
#include "support/support.h"

/* Longest value of any AI, and more. */
enum { SAMPLE_MAX = 300 };

static char sample_character(ts_random *r, uint8_t set) {
    for (;;) {
        unsigned c = ts_random_below(r, 128);
        if (gs1_byte[c] & set && c != '%') return (char)c;
    }
}

/* Fixed ones, for checks that no simple rule fills. */
static const char *sample_fixed(ts_random *r, unsigned lint) {
    static const char *const ibans[] = {"DE89370400440532013000", "GB82WEST12345698765432",
                                        "FR1420041010050500013M02606"};
    static const char *const packages[] = {"BX", "200", "PLP", "8", "ZZ"};
    static const char *const places[] = {"1/1", "2/3", "9/9"};
    unsigned k = ts_random_below(r, 3);
    switch (lint) {
    case GS1_LINT_iban: return ibans[k];
    case GS1_LINT_couponcode: return k ? "0614141123456250110123" : "06141411234562501101233271231";
    case GS1_LINT_couponposoffer: return k ? "006141411234560123456" : "1061414112345611234567";
    case GS1_LINT_packagetype: return packages[ts_random_below(r, 5)];
    case GS1_LINT_posinseqslash: return places[k];
    default: return 0;
    }
}

static bool sample_holds(const gs1_component *c, ts_str s) {
    gs1_flaw f;
    for (unsigned i = 0; i < c->lints; i++)
        if (!gs1_lint(c->lint[i], s, &f)) return false;
    return true;
}

static bool sample_has(const gs1_component *c, unsigned lint) {
    for (unsigned i = 0; i < c->lints; i++)
        if (c->lint[i] == lint) return true;
    return false;
}

/* Brings random characters nearer to what the checks ask for. */
static void sample_bend(ts_random *r, const gs1_component *c, char *p, size_t n) {
    if (sample_has(c, GS1_LINT_gcppos1) || sample_has(c, GS1_LINT_gcppos2))
        for (size_t i = 0; i < 5 && i < n; i++) p[i] = (char)('0' + ts_random_below(r, 10));
    if (sample_has(c, GS1_LINT_zero)) memset(p, '0', n);
    if (sample_has(c, GS1_LINT_hyphen)) memset(p, '-', n);
    if (sample_has(c, GS1_LINT_yesno)) p[0] = (char)('0' + ts_random_below(r, 2));
    if (sample_has(c, GS1_LINT_latitude) || sample_has(c, GS1_LINT_longitude)) p[0] = '0';
    if (sample_has(c, GS1_LINT_yymmdd) || sample_has(c, GS1_LINT_yymmd0)) {
        p[2] = '0', p[4] = (char)('0' + ts_random_below(r, 3));
    }
    if (sample_has(c, GS1_LINT_yyyymmdd)) p[4] = '0', p[6] = '1';
    if (sample_has(c, GS1_LINT_hhmi)) p[0] = '1', p[2] = '3';
    if (sample_has(c, GS1_LINT_csum))
        for (p[n - 1] = '0'; !ts_check_digit((ts_str){p, n}); p[n - 1]++)
            assert_true(p[n - 1] < '9');
    if (sample_has(c, GS1_LINT_csumalpha)) {
        static const char set[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        gs1_flaw f;
        for (unsigned k = 0; k < 1024; k++) {
            p[n - 2] = set[k / 32], p[n - 1] = set[k % 32];
            if (gs1_lint(GS1_LINT_csumalpha, (ts_str){p, n}, &f)) break;
        }
    }
}

static size_t sample_component(ts_random *r, const gs1_component *c, char *p) {
    const char *fixed = c->lints ? sample_fixed(r, c->lint[0]) : 0;
    if (fixed) {
        size_t n = strlen(fixed);
        memcpy(p, fixed, n);
        return n;
    }
    for (int tries = 0; tries < 100000; tries++) {
        size_t n = c->min + ts_random_below(r, c->max - c->min + 1u);
        if (c->min < c->max && c->lints && n < 8 && c->max >= 8) n = 8;
        for (size_t i = 0; i < n; i++) p[i] = sample_character(r, c->set);
        sample_bend(r, c, p, n);
        if (sample_holds(c, (ts_str){p, n})) return n;
    }
    fail_msg("no sample for a component after 100,000 tries");
    return 0;
}

/* A valid value. */
static ts_str sample_value(ts_arena *a, ts_random *r, const gs1_entry *t) {
    char text[SAMPLE_MAX];
    size_t n = 0;
    for (unsigned i = 0; i < t->components; i++) {
        if (t->component[i].optional && ts_random_below(r, 2)) break;
        n += sample_component(r, &t->component[i], text + n);
    }
    return ts_str_dup(a, (ts_str){text, n});
}

/* Calls `fn` for every AI of the dictionary. */
static void each_ai(void (*fn)(ts_str ai, const gs1_entry *t, void *ctx), void *ctx) {
    char digits[16];
    for (int n = 2; n <= 4; n++)
        for (int v = 0; v < (n == 2 ? 100 : n == 3 ? 1000 : 10000); v++) {
            snprintf(digits, sizeof digits, "%0*d", n, v);
            gs1_code code;
            ts_str ai = {digits, (size_t)n};
            const gs1_entry *t = gs1_find(ai, &code);
            if (t) fn(ai, t, ctx);
        }
}

typedef struct sample_list {
    char ai[700][5];
    size_t n;
} sample_list;

static inline void sample_note(ts_str ai, const gs1_entry *t, void *ctx) {
    sample_list *l = ctx;
    (void)t;
    assert_true(l->n < 700);
    snprintf(l->ai[l->n++], 5, "%.*s", TS_P(ai));
}

/* Adds the AI with a random value when the message stays valid. */
static bool sample_add(ts_arena *a, ts_random *r, ts_gs1 *g, const char *ai) {
    ts_error e;
    gs1_code code;
    const gs1_entry *t = gs1_find(ts_str_c(ai), &code);
    if (ts_gs1_get(g, ai).n) return false;
    assert_true(ts_gs1_add(g, ts_str_c(ai), sample_value(a, r, t), &e));
    if (ts_gs1_validate(g, &e)) return true;
    g->n--;
    return false;
}

/* A valid message about one key, with some of its qualifiers and some other AIs. */
static inline void sample_message(ts_arena *a, ts_random *r, const sample_list *all, ts_gs1 *g) {
    static const char *const keys[] = {"00",   "01",   "253",  "255",  "401",  "402",  "414", "417",
                                       "8003", "8004", "8006", "8010", "8013", "8017", "8018"};
    static const char *const often[] = {"21",  "10",   "22",   "235", "17",
                                        "254", "7040", "8011", "8019"};
    g->n = 0;
    /* The key 01 comes up more often than the others. */
    while (!sample_add(a, r, g, ts_random_below(r, 3) ? keys[ts_random_below(r, 15)] : "01")) {}
    for (unsigned k = ts_random_below(r, 6); k > 0; k--)
        sample_add(a, r, g, often[ts_random_below(r, 9)]);
    for (unsigned k = ts_random_below(r, 12); k > 0; k--)
        sample_add(a, r, g, all->ai[ts_random_below(r, (uint32_t)all->n)]);
}

#endif
