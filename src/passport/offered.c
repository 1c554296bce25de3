/* What an offer says, held against the passport it shows. */
#include "offered.h"

#include "text/text.h"

enum { TEXT_MAX = 20000 };

const char *ts_offered_name(ts_offered_kind k) {
    static const char *const names[TS_OFFERED_KINDS] = {"passport_forged",   "passport_foreign",
                                                        "passport_revoked",  "passport_mismatch",
                                                        "passport_recalled", "passport_twice"};
    return names[k];
}

const char *ts_offered_source_name(ts_offered_source s) {
    static const char *const names[] = {"not_checked", "here", "fetched"};
    return names[s];
}

bool ts_offered_open(const ts_offered *o) {
    if (o->source == TS_OFFERED_NOT_CHECKED) return true;
    for (int s = TS_STEP_SIGNATURE; s <= TS_STEP_STATUS; s++)
        if (o->step[s].answer == TS_OPEN) return true;
    return false;
}

static void differs(ts_arena *a, ts_offered_findings *out, const char *what, ts_str offer,
                    ts_str passport) {
    *ts_push(a, out) = (ts_offered_finding){TS_OFFERED_MISMATCH, what, offer, passport};
}

/* ---- Trade item numbers ---- */

/* The same article in the same or another package: indicator and check digit left out (GS1 General
 * Specifications, GTIN-14). */
static uint64_t article_of(uint64_t gtin) { return gtin / 10 % 1000000000000ull; }

static void compare_gtin(ts_arena *a, const ts_offer *o, const ts_known *p,
                         ts_offered_findings *out) {
    uint64_t theirs;
    const ts_identifier *other = 0;
    if (!ts_u64_parse(p->gtin, &theirs)) return;
    for (size_t i = 0; i < o->identifiers.n; i++) {
        const ts_identifier *id = &o->identifiers.v[i];
        if (!ts_identifier_trusted(id)) continue;
        if (article_of(id->gtin) == article_of(theirs)) return;
        if (!other) other = id;
    }
    if (other) differs(a, out, "passport_mismatch_gtin", other->text, p->gtin);
}

/* ---- Brand and model ---- */

static bool holds(ts_str s, ts_str part) { return ts_str_find(s, part) != TS_NPOS; }

/* Neither is part of the other, and the title does not name it either. */
static bool contradicts(ts_arena scratch, ts_str offer, ts_str passport, ts_str title) {
    ts_str x = ts_squeeze(&scratch, ts_str_clip(offer, 400)),
           y = ts_squeeze(&scratch, ts_str_clip(passport, 400));
    if (x.n < 2 || y.n < 2 || holds(x, y) || holds(y, x)) return false;
    return !holds(ts_squeeze(&scratch, ts_str_clip(title, TEXT_MAX)), y);
}

static bool has_digit(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (ts_is_digit(s.p[i])) return true;
    return false;
}

static void compare_names(ts_arena *a, const ts_offer *o, const ts_known *p,
                          ts_offered_findings *out) {
    if (contradicts(*a, o->brand, p->brand, o->title))
        differs(a, out, "passport_mismatch_brand", o->brand, p->brand);
    /* A word is a series or a colour, a number with digits tells one model from the next. */
    if (has_digit(o->model) && has_digit(p->model) &&
        contradicts(*a, o->model, p->model, o->title) &&
        contradicts(*a, o->model, p->model, o->description))
        differs(a, out, "passport_mismatch_model", o->model, p->model);
}

/* ---- Lot and serial ---- */

static bool listed(const ts_strs *codes, const ts_code_range *ranges, size_t n, ts_str code) {
    for (size_t i = 0; i < codes->n; i++)
        if (ts_str_eq(codes->v[i], code)) return true;
    for (size_t i = 0; i < n; i++)
        if (ts_code_in_range(code, &ranges[i])) return true;
    return false;
}

void ts_offered_compare(ts_arena *a, const ts_offer *o, const ts_scope *stated,
                        const ts_known *passport, ts_offered_findings *out) {
    const ts_scope *s = stated;
    compare_gtin(a, o, passport, out);
    compare_names(a, o, passport, out);
    if (passport->lot.n && s->lots.n &&
        !listed(&s->lots, s->lot_ranges.v, s->lot_ranges.n, passport->lot))
        differs(a, out, "passport_mismatch_lot", s->lots.v[0], passport->lot);
    if (passport->serial.n && s->serials.n &&
        !listed(&s->serials, s->serial_ranges.v, s->serial_ranges.n, passport->serial))
        differs(a, out, "passport_mismatch_serial", s->serials.v[0], passport->serial);
}
