#include "view.h"

enum { REGION = 20, COMPOUND_MIN = 8, SUFFIX_MIN = 5, WALK = 12 };

typedef struct walk {
    size_t type_end, phrase_end; /* tokens behind the longest type and phrase from here */
    size_t word_end;             /* … and behind the longest entry of any kind */
    unsigned types[8], n_types;
    uint32_t phrases; /* phrases that end at phrase_end */
} walk;

/* What the lexicon says of the sequences that start at token i. Sets the token's bits. */
static walk look(ts_view *v, ts_tokens *t, size_t i) {
    walk w = {0};
    uint64_t key = TS_SEQ_START;
    for (size_t k = i; k < t->n && k < i + WALK && !(k > i && t->v[k].brk); k++) {
        key = ts_seq_add(key, t->v[k].hash);
        ts_lex_entry e = ts_lexicon_find(key);
        if (e.n) w.word_end = k + 1;
        for (unsigned m = 0; m < e.n; m++) {
            unsigned value = ts_lex_value(e.v[m]);
            switch (ts_lex_kind_of(e.v[m])) {
            case TS_LEX_TYPE:
                if (k + 1 > w.type_end) w.type_end = k + 1, w.n_types = 0;
                if (w.n_types < 8) w.types[w.n_types++] = value;
                break;
            case TS_LEX_PHRASE:
                if (k + 1 > w.phrase_end) w.phrase_end = k + 1, w.phrases = 0;
                w.phrases |= 1u << value;
                if (value == TS_PHRASE_VARIANT) t->v[i].variant = 1;
                break;
            case TS_LEX_COMMON:
                for (size_t x = i; x <= k; x++)
                    if (t->v[x].bits > (value & 7)) t->v[x].bits = value & 7;
                v->lang[value >> 3 & 3]++;
                break;
            default: break;
            }
        }
        if (!e.prefix) break;
    }
    return w;
}

static ts_type_hit *add_type(ts_arena *a, ts_view *v, ts_tokens *t, uint8_t field, size_t from,
                             size_t to, unsigned type) {
    for (size_t i = v->types.n;
         i-- > 0 && v->types.v[i].field == field;) { /* inside a longer name: not meant */
        ts_type_hit *h = &v->types.v[i];
        if (h->to >= to && h->from <= from && (size_t)(h->to - h->from) > to - from) return 0;
    }
    ts_type_hit *h = ts_push(a, &v->types);
    *h = (ts_type_hit){
        .type = (uint16_t)type, .from = (uint16_t)from, .to = (uint16_t)to, .field = field};
    for (size_t x = from; x < to; x++) t->v[x].typed = 1;
    return h;
}

/* "Kinderfahrradhelm" ends in "Fahrradhelm": the longest end that is a German type name. */
static void compound(ts_arena *a, ts_view *v, ts_tokens *t, uint8_t field, size_t i) {
    const ts_token *k = &t->v[i];
    if (k->kind != TS_TOK_WORD || k->n < COMPOUND_MIN || k->bits != 0xFF || k->typed) return;
    const char *p = t->text.p + k->at;
    for (size_t cut = 3; cut + SUFFIX_MIN <= k->n; cut++) {
        if (((unsigned char)p[cut] & 0xC0) == 0x80) continue;
        ts_lex_entry e =
            ts_lexicon_find(ts_seq_add(TS_SEQ_START, ts_token_hash(p + cut, k->n - cut)));
        bool hit = false;
        for (unsigned m = 0; m < e.n; m++)
            if (ts_lex_kind_of(e.v[m]) == TS_LEX_TYPE && (e.v[m] & TS_LEX_SUFFIX))
                add_type(a, v, t, field, i, i + 1, ts_lex_value(e.v[m])), hit = true;
        if (hit) return;
    }
}

static bool any(uint32_t set, ts_phrase p) { return set >> p & 1; }

/* Looks ahead without leaving a trace; *bits gets what the token will count. */
static walk look_only(ts_view *v, ts_tokens *t, size_t i, uint8_t *bits) {
    ts_token before = t->v[i];
    walk w = look(v, t, i);
    *bits = t->v[i].bits;
    t->v[i] = before;
    return w;
}

/* Whether a thing is named at token i: "trousers", "XL-0725", a word that nobody knows. */
static bool names_a_thing(ts_view *v, ts_tokens *t, size_t i) {
    uint8_t bits;
    return look_only(v, t, i, &bits).n_types || (bits >= 5 && t->v[i].kind == TS_TOK_WORD);
}

/* "for kids", "for men and women", 适用于儿童: the compat word names people or places, not a
 * product; but "for girl's trousers", "for Christmas lights" and "for Runners XL-0725" name a
 * thing. */
static bool audience_follows(ts_view *v, ts_tokens *t, size_t i) {
    bool people = false;
    for (size_t k = i; k < t->n && k < i + 8 && !(k > i && t->v[k].brk);) {
        uint8_t bits;
        walk w = look_only(v, t, k, &bits);
        if (any(w.phrases, TS_PHRASE_AUDIENCE) && w.type_end <= w.phrase_end) {
            people = true;
            k = w.phrase_end;
            if (k < t->n && t->v[k].n == 1 && t->v[k].glue == '\'') k++;
            continue;
        }
        if (people && t->v[k].kind == TS_TOK_HAN)
            return true; /* 适用于儿童头盔: what follows is the product itself */
        bool small = t->v[k].kind == TS_TOK_WORD && bits <= 2; /* "for all young children" */
        if (people && !small) return !names_a_thing(v, t, k);
        if (!small || (!people && k >= i + 2)) return false;
        k++;
    }
    return people;
}

/* "for iPhone 11 (A2111, A2221)", "for King's robe - Robe de roi": brackets, what is in them, and
 * dashes go on with what stands before. */
static bool goes_on(const ts_tokens *t, size_t k, int *open) {
    bool bracket = false, other = false;
    for (size_t i = (size_t)t->v[k - 1].at + t->v[k - 1].n; i < t->v[k].at; i++) {
        char c = t->text.p[i];
        *open += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == '(' || c == ')' || c == '-')
            bracket = true;
        else if (c != ' ')
            other = true;
    }
    return *open > 0 || (bracket && !other);
}

/* Marks what follows a compat word as another product's name, up to a break, a "with", or REGION
 * tokens. */
static void mark_region(ts_tokens *t, size_t from, bool compat) {
    int open = 0;
    for (size_t k = from; k < t->n && k < from + (compat ? REGION : REGION / 2); k++) {
        bool on = k > from && goes_on(t, k, &open);
        if (k > from && t->v[k].brk && !(compat && on)) break;
        if (compat)
            t->v[k].compat = 1;
        else
            t->v[k].with = 1;
    }
}

static void mark_before(ts_tokens *t, size_t at) {
    for (size_t k = at; k-- > 0 && at - k <= 3;) {
        t->v[k].compat = 1;
        if (t->v[k].brk) break;
    }
}

/* "+ gift bag" */
static bool plus_before(const ts_tokens *t, size_t i) {
    size_t from = i ? (size_t)t->v[i - 1].at + t->v[i - 1].n : 0;
    for (size_t k = from; k < t->v[i].at; k++)
        if (t->text.p[k] == '+') return i > 0 && t->v[i].at - from >= 3;
    return false;
}

static void phrases_at(ts_view *v, ts_tokens *t, size_t i, const walk *w) {
    if (!w->phrases) return;
    v->phrases |= w->phrases & 1u << TS_PHRASE_SPARE;       /* "spare part" is a type, too */
    if (w->type_end >= w->phrase_end && w->n_types) return; /* "suits" is clothing here, no verb */
    v->phrases |= w->phrases;
    const uint32_t labels =
        1u << TS_PHRASE_MODEL_LABEL | 1u << TS_PHRASE_SERIAL_LABEL | 1u << TS_PHRASE_LOT_LABEL;
    if (w->phrases & labels)
        for (size_t k = i; k < w->phrase_end; k++) t->v[k].label = 1;
    bool compat = any(w->phrases, TS_PHRASE_COMPAT) && w->phrase_end < t->n;
    if (compat && v->behind_compat_n < 4)
        v->behind_compat[v->behind_compat_n++] = (uint16_t)w->phrase_end;
    if (compat && audience_follows(v, t, w->phrase_end)) {
        compat = false;
        v->phrases &= ~(1u << TS_PHRASE_COMPAT);
    }
    if (compat)
        mark_region(t, w->phrase_end, true);
    else if (any(w->phrases, TS_PHRASE_WITH) && i > 0)
        mark_region(t, w->phrase_end, false);
    else if (any(w->phrases, TS_PHRASE_COMPAT_AFTER) && i > 0 && !t->v[i].brk)
        mark_before(t, i);
}

/* In 适用小米充电宝外壳 everything stands behind the compat word; the last type of the run is the
 * thing itself. */
static void free_han_head(ts_tokens *t, const ts_type_hit *h) {
    bool han = t->v[h->from].kind == TS_TOK_HAN;
    if (!han || !t->v[h->from].compat) return;
    for (size_t k = h->from; k < h->to; k++) t->v[k].compat = 0;
}

static void finish_types(ts_view *v, size_t first, uint8_t field) {
    ts_tokens *t = &v->f[field];
    ts_type_hit *last_han = 0, *head = 0;
    for (size_t i = first; i < v->types.n; i++) {
        ts_type_hit *h = &v->types.v[i];
        if (t->v[h->from].kind == TS_TOK_HAN && t->v[h->from].compat &&
            (!last_han || h->from >= last_han->to))
            last_han = h;
    }
    if (last_han) {
        bool other = false; /* a type outside the region already says what the thing is */
        for (size_t i = first; i < v->types.n; i++) other |= !t->v[v->types.v[i].from].compat;
        if (!other) free_han_head(t, last_han);
    }
    for (size_t i = first; i < v->types.n; i++) {
        ts_type_hit *h = &v->types.v[i];
        h->compat = t->v[h->from].compat;
        h->with = t->v[h->from].with;
        if (h->compat || h->with) continue;
        bool break_between = false;
        for (size_t k = head ? head->to : 0; head && k <= h->from; k++)
            break_between |= t->v[k].brk;
        if (!head || !break_between || t->v[h->from].kind == TS_TOK_HAN) head = h;
    }
    for (size_t i = first; head && i < v->types.n; i++)
        v->types.v[i].head = v->types.v[i].from == head->from && v->types.v[i].to == head->to &&
                             !v->types.v[i].compat;
}

/* One Chinese character is a word of its own only where no longer word covers it: 送 in 送收纳袋,
 * not in 放送. */
static bool lone_character(const ts_tokens *t, size_t i, const walk *w, size_t covered) {
    return t->v[i].kind == TS_TOK_HAN && w->phrase_end == i + 1 &&
           (i < covered || w->word_end > i + 1);
}

static void read_field(ts_arena *a, ts_view *v, uint8_t field) {
    ts_tokens *t = &v->f[field];
    size_t first = v->types.n, type_end = 0, phrase_end = 0, covered = 0;
    if (t->n > UINT16_MAX) t->n = UINT16_MAX;
    for (size_t i = 0; i < t->n && i < 40; i++)
        ts_lexicon_fetch(ts_seq_add(TS_SEQ_START, t->v[i].hash));
    for (size_t i = 0; i < t->n; i++) {
        walk w = look(v, t, i);
        if (plus_before(t, i)) mark_region(t, i, false);
        bool inside = t->v[i].kind != TS_TOK_HAN &&
                      (w.type_end < w.word_end ||
                       (i < covered && w.type_end <= covered)); /* "mouse" in "mickey mouse" */
        for (unsigned k = 0; k < w.n_types && w.type_end > type_end && !inside; k++)
            add_type(a, v, t, field, i, w.type_end, w.types[k]);
        if (w.type_end > type_end) type_end = w.type_end;
        if (w.phrase_end > phrase_end && !lone_character(t, i, &w, covered)) {
            phrases_at(v, t, i, &w);
            phrase_end = w.phrase_end;
        }
        if (w.word_end > i + 1 && w.word_end > covered) covered = w.word_end;
        if (!w.n_types) compound(a, v, t, field, i);
    }
    finish_types(v, first, field);
}

void ts_view_build(ts_arena *a, const ts_str fields[TS_FIELDS], ts_view *v) {
    *v = (ts_view){0};
    for (unsigned f = 0; f < TS_FIELDS; f++) {
        if (!fields[f].n) continue;
        v->f[f] = ts_tokenise(
            a, f == TS_F_DETAIL ? ts_str_clip(fields[f], TS_DETAIL_MAX) : fields[f], false);
        if (f == TS_F_TITLE || f == TS_F_BRAND || f == TS_F_MODEL || f == TS_F_CATEGORY)
            read_field(a, v, f);
        if (f == TS_F_CATEGORY) continue;
        if (f != TS_F_MODEL)
            ts_quantities_read(a, &v->f[f], f,
                               &v->quantities); /* what is given as a number is none */
        ts_model_keys_read(a, &v->f[f], f, &v->models);
    }
    v->brand_unknown =
        !v->f[TS_F_BRAND].n || ts_lexicon_is_phrase(*a, fields[TS_F_BRAND], TS_PHRASE_UNKNOWN);
}
