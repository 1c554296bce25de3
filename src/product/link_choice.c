/* Which of several links is meant: what the request wants, held against what each link is. */
#include "link_set.h"

/* ---- Fields with weights ---- */

/* "0", "1", "0.5", "0.333" as thousandths (RFC 9110 section 12.4.2); anything else counts as 1. */
static int weight(ts_str s) {
    s = ts_str_trim(s);
    if (!s.n || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1')) return 1000;
    int q = s.p[0] == '1' ? 1000 : 0, place = 100;
    for (size_t i = 2; i < s.n; i++, place /= 10)
        if (ts_is_digit(s.p[i])) q += (s.p[i] - '0') * place;
    return q > 1000 ? 1000 : q;
}

/* Takes the next value of a list off its front, and its weight. */
static ts_str next_value(ts_str *field, int *q) {
    ts_str part = ts_str_cut(field, ',');
    ts_str value = ts_str_trim(ts_str_cut(&part, ';'));
    *q = 1000;
    while (part.n) {
        ts_str parameter = ts_str_trim(ts_str_cut(&part, ';'));
        ts_str name = ts_str_trim(ts_str_cut(&parameter, '='));
        if (ts_str_ieq(name, TS_S("q"))) *q = weight(parameter);
    }
    return value;
}

int ts_accept_quality(ts_str field, ts_str media, bool named) {
    int best = -1, how = 0, q;
    ts_str subtype = media, type = ts_str_cut(&subtype, '/');
    while (field.n) {
        ts_str range = next_value(&field, &q), range_subtype = range;
        ts_str range_type = ts_str_cut(&range_subtype, '/');
        int close = ts_str_ieq(range, media)                                              ? 3
                    : ts_str_ieq(range_type, type) && ts_str_eq(range_subtype, TS_S("*")) ? 2
                    : ts_str_eq(range, TS_S("*/*"))                                       ? 1
                                                                                          : 0;
        if (!close || (named && close < 3)) continue;
        if (close > how || (close == how && q > best)) best = q;
        if (close > how) how = close;
    }
    return subtype.n ? best : -1;
}

/* Whether `s` is the language, or a narrower form of it. */
static bool within(ts_str s, ts_str language) {
    return ts_str_istarts(s, language) && (s.n == language.n || s.p[language.n] == '-');
}

int ts_language_quality(ts_str field, ts_str language) {
    int best = -1, how = 0, q;
    while (field.n) {
        ts_str range = next_value(&field, &q);
        if (!range.n) continue;
        int close = ts_str_ieq(range, language)                          ? 3
                    : within(language, range) || within(range, language) ? 2
                    : ts_str_eq(range, TS_S("*"))                        ? 1
                                                                         : 0;
        if (!close) continue;
        if (close > how || (close == how && q > best)) best = q;
        if (close > how) how = close;
    }
    return language.n ? best : -1;
}

/* ---- Links ---- */

/* What a link is worth: a match by its weight above what makes no claim, which is above what
 * contradicts. */
enum { CONTRADICTS = 0, SILENT = 1, MATCHES = 2 };

static int worth(int q) { return q < 0 ? SILENT : q == 0 ? CONTRADICTS : MATCHES + q; }

static int media_worth(const ts_link *l, const ts_link_wish *w) {
    ts_str field = w->media.n ? w->media : w->accept;
    if (!l->media.n || !field.n) return SILENT;
    int q = ts_accept_quality(field, l->media, false);
    return q < 0 ? CONTRADICTS : worth(q);
}

static int language_worth(const ts_link *l, const ts_link_wish *w) {
    ts_str field = w->language.n ? w->language : w->accept_language;
    int best = CONTRADICTS;
    if (!l->language.n || !field.n) return SILENT;
    for (size_t i = 0; i < l->language.n; i++) {
        int q = ts_language_quality(field, l->language.v[i]);
        if (q >= 0 && worth(q) > best) best = worth(q);
    }
    return best;
}

static int context_worth(const ts_link *l, const ts_link_wish *w) {
    if (!l->context.n || !w->context.n) return SILENT;
    for (size_t i = 0; i < l->context.n; i++)
        if (ts_str_ieq(l->context.v[i], w->context)) return MATCHES;
    return CONTRADICTS;
}

static bool same_texts(const ts_strs *x, const ts_strs *y) {
    bool same = x->n == y->n;
    for (size_t i = 0; same && i < x->n; i++) same = ts_str_ieq(x->v[i], y->v[i]);
    return same;
}

static bool same_description(const ts_link *x, const ts_link *y) {
    return ts_str_ieq(x->media, y->media) && same_texts(&x->language, &y->language) &&
           same_texts(&x->context, &y->context);
}

static ts_link_choice choose_in(const ts_link_context *c, ts_str relation, const ts_link_wish *w) {
    ts_link_choice best = {.from = c};
    int64_t most = -1;
    for (size_t i = 0; i < c->links.n; i++) {
        const ts_link *l = &c->links.v[i];
        if (!ts_str_eq(l->relation, relation)) continue;
        int64_t value =
            (media_worth(l, w) * (int64_t)2000 + language_worth(l, w)) * 2000 + context_worth(l, w);
        if (value == most && same_description(l, best.link)) best.tie = true;
        if (value <= most) continue;
        best.link = l;
        best.tie = false;
        most = value;
    }
    return best;
}

ts_link_choice ts_link_choose(const ts_link_set *s, ts_str relation, const ts_link_wish *w) {
    for (size_t i = 0; i < s->contexts.n; i++) {
        ts_link_choice c = choose_in(&s->contexts.v[i], relation, w);
        if (c.link) return c;
    }
    return (ts_link_choice){0};
}
