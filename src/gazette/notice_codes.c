/* Model numbers, lots, dates and trade item numbers out of their fields and out of prose. */
#include "notice_make.h"

enum { GTIN_DIGITS = 12, GTIN_LONGEST = 14 };

/* A number long enough for a GTIN whose check digit is right is one, whatever the field. */
static bool trade_number(ts_str s) {
    return s.n >= GTIN_DIGITS && s.n <= GTIN_LONGEST && ts_gtin_check(s);
}

void make_model(maker *m, ts_str s) {
    if (trade_number(s)) {
        ts_identifiers_add(m->a, &m->n->identifiers, ts_identifier_classify(m->a, s, false));
        return;
    }
    for (ts_str rest = s;
         ts_str_chr(s, '/') != TS_NPOS && rest.p;) /* "TR004020/8716019040204/22396" */
        if (trade_number(ts_str_cut(&rest, '/'))) {
            for (rest = s; rest.p;) make_model(m, ts_str_cut(&rest, '/'));
            return;
        }
    ts_identifier id = ts_identifier_classify(m->a, s, false);
    if (id.kind == TS_ID_ASIN || id.kind == TS_ID_FNSKU)
        ts_identifiers_add(m->a, &m->n->identifiers, id);
    else
        record_add(m->a, &m->n->models, s);
}

static void take(maker *m, const ts_mentions *mentions) {
    for (size_t i = 0; i < mentions->n; i++) {
        const ts_mention *x = &mentions->v[i];
        if (x->kind == TS_MENTION_MODEL) make_model(m, x->from);
        if (x->kind == TS_MENTION_GTIN && m->n->identifiers.n < RECORD_LIST_MAX)
            ts_identifiers_from_field(m->a, x->from, true, &m->n->identifiers);
    }
    scope_add(m->a, mentions, &m->n->scope);
}

static ts_mentions mentions_of(maker *m, ts_str s, ts_mention_kind unlabelled) {
    ts_mentions mentions = {0};
    ts_mentions_read(m->a, s, unlabelled, m->us, &mentions);
    return mentions;
}

static bool digit_in(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (ts_is_digit(s.p[i])) return true;
    return false;
}

/* "model: Moni Mini": the text behind a label. */
static ts_str behind_label(maker *m, ts_str s) {
    size_t colon = ts_str_chr(s, ':');
    if (colon == TS_NPOS ||
        !ts_lexicon_is_phrase(*m->a, ts_str_to(s, colon), TS_PHRASE_MODEL_LABEL))
        return s;
    return ts_str_trim(ts_str_from(s, colon + 1));
}

void make_models(maker *m, ts_str s) {
    enum { NAME_LIKE = 100 };
    if (make_unknown(m, s)) return;
    ts_mentions mentions = mentions_of(m, s, TS_MENTION_MODEL);
    take(m, &mentions);
    bool nothing = !mentions.n && !digit_in(s) && s.n <= NAME_LIKE && !m->n->name.n;
    ts_str name = nothing ? behind_label(m, s) : TS_NONE;
    if (name.n && ts_str_chr(name, ':') == TS_NPOS && !make_unknown(m, name)) m->n->name = name;
}

void make_prose(maker *m, ts_str s) {
    ts_mentions mentions = mentions_of(m, s, TS_MENTION_NONE);
    take(m, &mentions);
}

static void field(maker *m, ts_str s, ts_mention_kind kind) {
    if (make_unknown(m, s)) return;
    ts_mentions mentions = mentions_of(m, s, kind);
    take(m, &mentions);
}

void make_lots(maker *m, ts_str s) { field(m, s, TS_MENTION_LOT); }
void make_made(maker *m, ts_str s) { field(m, s, TS_MENTION_MADE); }
void make_sold(maker *m, ts_str s) { field(m, s, TS_MENTION_SOLD); }

void make_barcodes(maker *m, ts_str s) {
    if (make_unknown(m, s) || m->n->identifiers.n >= RECORD_LIST_MAX) return;
    ts_identifiers_from_field(m->a, s, true, &m->n->identifiers);
    make_prose(m, s);
}
