/* Labelled pairs from real notices and offers derived from them. */
#include <stdlib.h>

#include "bench_part.h"
#include "text/text.h"

enum {
    CHUNK = 1 << 20,
    BEST = 6,       /* other notices are taken from among so many */
    ASKED = 48,     /* the offer's own notice is looked for among so many */
    NEAR_MODEL = 3, /* bytes: shorter model numbers stand in any title */
    LONG_MODEL = 4, /* the same for whole descriptions of goods */
    BRANDS = 64,    /* so many of a notice's brands are compared */
    /* These keep a line below what readers of pairs take. */
    CLIP_DESC = 1500,
    CLIP_CODE = 1 << 10,
    CLIP_TITLE = 8 << 10,
    CLIP_LIST = 32 << 10,
};

/* ---- what tells whether two notices may be of the same product ---- */

typedef struct hashes {
    uint64_t *v;
    size_t n, cap;
} hashes;

/* A notice of the index. */
typedef struct known {
    const ts_notice *notice;
    ts_str json;            /* it as the left record */
    ts_strs brands, models; /* squeezed */
    ts_str text;            /* product and name, squeezed */
    hashes model, code;     /* sorted, like all of these */
    hashes words, types;    /* words of the text that tell; the product types it names */
} known;

typedef struct pairing {
    const ts_pairs_job *job;
    ts_pairs_counts *out;
    bench_notices l;
    known *known; /* by number in the index */
    size_t known_n;
    ts_matcher *matcher;
    ts_buf b;
} pairing;

static int by_value(const void *x, const void *y) {
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static void sort(hashes *h) {
    if (h->n) qsort(h->v, h->n, sizeof *h->v, by_value);
}

static bool share(hashes a, hashes b) {
    for (size_t i = 0, k = 0; i < a.n && k < b.n;) {
        if (a.v[i] == b.v[k]) return true;
        if (a.v[i] < b.v[k])
            i++;
        else
            k++;
    }
    return false;
}

static ts_strs squeezed(ts_arena *a, const ts_strs *l) {
    ts_strs out = {0};
    for (size_t i = 0; i < l->n; i++) {
        ts_str s = ts_squeeze(a, ts_str_clip(l->v[i], CLIP_CODE));
        if (s.n) *ts_push(a, &out) = s;
    }
    return out;
}

/* Whether screening links by it. */
static bool links(const ts_identifier *id) {
    return ts_identifier_trusted(id) || id->kind == TS_ID_ASIN || id->kind == TS_ID_FNSKU;
}

/* A word by which goods of one brand are told apart: no type, brand, quantity or ordinary word. */
static bool tells(const ts_view *v, const ts_token *t) {
    if (t->kind == TS_TOK_HAN || t->typed || t->qty || t->label || t->bits < 5) return false;
    if (t->kind != TS_TOK_MIXED && t->n < 3) return false;
    for (size_t i = 0; i < v->f[TS_F_BRAND].n; i++)
        if (v->f[TS_F_BRAND].v[i].hash == t->hash) return false;
    return true;
}

static void note_words(ts_arena *a, ts_str text, known *k) {
    const ts_strs *brands = &k->notice->brands;
    ts_str brand = ts_str_join(a, brands->v, brands->n, TS_S(" | "));
    const ts_str fields[TS_FIELDS] = {
        [TS_F_TITLE] = text, [TS_F_BRAND] = ts_str_clip(brand, CLIP_TITLE)};
    ts_view v;
    ts_view_build(a, fields, &v);
    for (size_t i = 0; i < v.f[TS_F_TITLE].n; i++)
        if (tells(&v, &v.f[TS_F_TITLE].v[i])) *ts_push(a, &k->words) = v.f[TS_F_TITLE].v[i].hash;
    for (size_t i = 0; i < v.types.n; i++)
        if (v.types.v[i].field == TS_F_TITLE) *ts_push(a, &k->types) = v.types.v[i].type;
    sort(&k->words);
    sort(&k->types);
}

static void note_marks(ts_arena *a, known *k) {
    const ts_notice *n = k->notice;
    ts_str said[2] = {n->product, n->name};
    ts_str text = ts_str_clip(ts_str_join(a, said, 2, TS_S(" | ")), CLIP_TITLE);
    k->text = ts_squeeze(a, text);
    k->brands = squeezed(a, &n->brands);
    k->models = squeezed(a, &n->models);
    for (size_t i = 0; i < k->models.n; i++) *ts_push(a, &k->model) = ts_hash(k->models.v[i]);
    for (size_t i = 0; i < n->identifiers.n; i++) {
        const ts_identifier *id = &n->identifiers.v[i];
        if (links(id)) *ts_push(a, &k->code) = id->gtin ? id->gtin : ts_hash(id->text);
    }
    sort(&k->model);
    sort(&k->code);
    note_words(a, text, k);
}

/* One of `names`, of at least so many bytes, stands in the text or is the field, all squeezed. */
static bool any_stands(const ts_strs *names, ts_str text, ts_str field, size_t least) {
    for (size_t i = 0; i < names->n; i++)
        if ((names->v[i].n >= least && ts_str_find(text, names->v[i]) != TS_NPOS) ||
            ts_str_eq(names->v[i], field))
            return true;
    return false;
}

/* The same brand, also with a word more: "Klorane" and "Klorane Bebe". */
static bool share_brand(const known *a, const known *b) {
    for (size_t i = 0; i < a->brands.n && i < BRANDS; i++)
        for (size_t k = 0; k < b->brands.n && k < BRANDS; k++)
            if (ts_str_starts(a->brands.v[i], b->brands.v[k]) ||
                ts_str_starts(b->brands.v[k], a->brands.v[i]))
                return true;
    return false;
}

/* Where a notice gives no model number: whether its name may be the other's. */
static bool share_name(const known *a, const known *b) {
    if (a->models.n && b->models.n) return false;
    if (a->words.n && b->words.n) return share(a->words, b->words);
    return share(a->types, b->types); /* one says no more than what it is */
}

static bool may_be_same(const known *a, const known *b) {
    if (share(a->code, b->code) || share(a->model, b->model)) return true;
    bool open = !a->brands.n || !b->brands.n, brand = share_brand(a, b);
    if ((open || brand) && a->text.n && ts_str_eq(a->text, b->text)) return true;
    return brand && (share_name(a, b) || any_stands(&a->models, b->text, TS_NONE, LONG_MODEL) ||
                     any_stands(&b->models, a->text, TS_NONE, LONG_MODEL));
}

/* Whether the offer, whatever it was made from, names a brand and a model number of the notice. */
static bool may_be_of(ts_arena scratch, const ts_offer *o, const known *k) {
    ts_str title = ts_squeeze(&scratch, o->title), brand = ts_squeeze(&scratch, o->brand),
           model = ts_squeeze(&scratch, o->model);
    return any_stands(&k->brands, title, brand, 2) &&
           any_stands(&k->models, title, model, NEAR_MODEL);
}

/* ---- records as JSON ---- */

static ts_str codes(ts_arena *a, const ts_identifiers *l) {
    ts_strs out = {0};
    for (size_t i = 0; i < l->n; i++)
        if (links(&l->v[i])) *ts_push(a, &out) = l->v[i].text;
    return out.n ? ts_str_join(a, out.v, out.n, TS_S(" ")) : TS_NONE;
}

static ts_str as_json(ts_arena *a, const ts_record *r, ts_str id, ts_str lang) {
    const struct {
        const char *name;
        ts_str v;
        size_t most; /* bytes */
    } field[] = {{"id", id, CLIP_CODE},
                 {"title", r->title, CLIP_TITLE},
                 {"brand", r->brand, CLIP_TITLE},
                 {"model", r->model, CLIP_LIST},
                 {"desc", r->description, CLIP_DESC},
                 {"price", r->price, CLIP_CODE},
                 {"cur", r->currency, CLIP_CODE},
                 {"cat", r->category, CLIP_CODE},
                 {"gtin", codes(a, &r->identifiers), CLIP_LIST},
                 {"lang", lang, CLIP_CODE}};
    ts_buf b = ts_buf_new(a, CHUNK);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    for (size_t i = 0; i < sizeof field / sizeof *field; i++)
        ts_jsonw_kstr(&w, field[i].name, ts_str_clip(field[i].v, field[i].most));
    ts_jsonw_kstr_opt(&w, "number", ts_str_clip(r->number, CLIP_CODE));
    if (r->counterfeit) ts_jsonw_key(&w, "counterfeit"), ts_jsonw_bool(&w, true);
    if (r->notices.n) {
        ts_str rest = r->notices;
        ts_jsonw_key(&w, "notices");
        ts_jsonw_array(&w);
        while (rest.n)
            ts_jsonw_str(&w, ts_str_clip(ts_str_trim(ts_str_cut(&rest, '|')), CLIP_CODE));
        ts_jsonw_end(&w);
    }
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

static ts_str notice_json(ts_arena *a, const ts_notice *n) {
    ts_record r = ts_record_of_notice(a, n);
    return as_json(a, &r, n->id, n->language);
}

static ts_str offer_json(ts_arena *a, const ts_offer *o) {
    ts_record r = ts_record_of_offer(a, o);
    return as_json(a, &r, o->id, o->language);
}

/* ---- the notices and their index ---- */

static bool load(pairing *p, ts_error *e) {
    const ts_pairs_job *job = p->job;
    if (!bench_load(&p->l, job->notices, job->notices_n, job->options, e)) return false;
    size_t w = 0;
    for (size_t i = 0; i < p->l.list.n; i++)
        if (bench_in_half(&p->l.list.v[i], job->half)) p->l.list.v[w++] = p->l.list.v[i];
    p->l.list.n = w;
    return w > 0 || ts_fail(e, TS_E_INPUT, "none of the notices is in this half");
}

/* Which of the notices, that may hold several versions of one, is in the index under which number:
 * the last with the id and the days of the one that is. */
static bool find_known(pairing *p, const ts_index *ix, ts_error *e) {
    ts_arena *a = &p->l.arena;
    ts_map numbers = {0};
    p->known_n = ts_index_notices(ix);
    p->known = ts_new_n(a, known, p->known_n);
    ts_notice *kept = ts_new_n(a, ts_notice, p->known_n);
    for (uint32_t i = 0; i < p->known_n; i++) {
        if (!ts_index_notice(ix, i, a, &kept[i], e)) return false;
        *ts_map_put(a, &numbers, kept[i].id, 0) = i;
        p->known[i].notice = &kept[i];
    }
    for (size_t i = 0; i < p->l.list.n; i++) {
        const ts_notice *n = &p->l.list.v[i];
        const uint64_t *at = ts_map_get(&numbers, n->id);
        if (at && n->state != TS_NOTICE_WITHDRAWN && n->published == kept[*at].published &&
            n->modified == kept[*at].modified)
            p->known[*at].notice = n;
    }
    for (size_t i = 0; i < p->known_n; i++) {
        known *k = &p->known[i];
        note_marks(a, k);
        k->json = notice_json(a, k->notice);
        p->out->derivable += ts_derivable(k->notice);
    }
    p->out->notices = p->known_n;
    return true;
}

/* ---- pairs ---- */

static bool flush(pairing *p, bool all, ts_error *e) {
    if (p->b.n < CHUNK && !all) return true;
    bool ok = ts_fd_write(p->job->fd, ts_buf_str(&p->b), "output", e);
    ts_buf_reset(&p->b);
    return ok;
}

static void put_pair(pairing *p, ts_str left, ts_str right, bool label, const char *kind) {
    ts_jsonw w = ts_jsonw_to(&p->b);
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "left"), ts_jsonw_raw(&w, left);
    ts_jsonw_key(&w, "right"), ts_jsonw_raw(&w, right);
    ts_jsonw_key(&w, "label"), ts_jsonw_i64(&w, label);
    ts_jsonw_kstr(&w, "kind", ts_str_c(kind));
    ts_jsonw_end(&w);
    ts_buf_c(&p->b, '\n');
    p->out->pairs++;
    p->out->matches += label;
}

/* The offer with its own notice (none for an unrelated one), and with others that look alike. */
static bool pair_offer(pairing *p, ts_arena scratch, const known *own, const ts_offer *o,
                       ts_derive_kind kind, ts_error *e) {
    uint32_t found[ASKED];
    size_t n = ts_candidates(p->matcher, scratch, o, found, ASKED);
    ts_str right = n ? offer_json(&scratch, o) : TS_NONE;
    bool unrelated = kind == TS_DERIVE_UNRELATED;
    p->out->offers[kind]++;
    for (size_t i = 0; i < n; i++) {
        const known *k = &p->known[found[i]];
        if (unrelated ? i < BEST : k == own) {
            put_pair(p, k->json, right, kind == TS_DERIVE_POSITIVE, ts_derive_kind_name(kind));
            p->out->own[kind]++;
        } else if (!unrelated && i < BEST) {
            if (may_be_same(own, k) || may_be_of(scratch, o, k)) {
                p->out->left_out++;
                continue;
            }
            put_pair(p, k->json, right, false, "other_notice");
            p->out->other++;
        }
    }
    return flush(p, false, e);
}

/* An offer that is known to be of no notice's product, with the notices that look like it. */
static bool pair_stranger(pairing *p, ts_arena scratch, const ts_offer *o, ts_error *e) {
    uint32_t found[ASKED];
    size_t n = ts_candidates(p->matcher, scratch, o, found, ASKED);
    ts_str right = n ? offer_json(&scratch, o) : TS_NONE;
    p->out->others++;
    for (size_t i = 0; i < n && i < BEST; i++) {
        const known *k = &p->known[found[i]];
        if (may_be_of(scratch, o, k)) {
            p->out->left_out++;
            continue;
        }
        put_pair(p, k->json, right, false, "stranger");
        p->out->stranger++;
    }
    return flush(p, false, e);
}

static bool pair_strangers(pairing *p, const char *path, ts_error *e) {
    ts_arena *a = &p->l.arena;
    ts_offer_source *src = ts_offers_open(a, path, (ts_offer_options){0}, e);
    if (!src) return false;
    ts_offer_chunk chunk;
    ts_offer_chunk_init(&chunk);
    ts_read_result rc;
    bool ok = true;
    while (ok && (rc = ts_offers_fill(src, &chunk, e)) == TS_READ_RECORD) {
        ts_offer_reader r = ts_offers_read(src, &chunk);
        for (;;) {
            ts_arena scratch = *a;
            ts_offer o;
            ts_error bad = {0};
            rc = ts_offers_next(&r, &scratch, &o, &bad);
            if (rc == TS_READ_END || !ok) break;
            if (rc == TS_READ_RECORD) ok = pair_stranger(p, scratch, &o, e);
        }
    }
    ts_offer_chunk_free(&chunk);
    ts_offers_close(src);
    return ok && rc == TS_READ_END;
}

/* Of no notice's product, of a kind of product that this notice has, or another one. */
static bool unrelated_offer(const pairing *p, ts_arena *a, const known *k, ts_random *r,
                            uint64_t seed, ts_offer *o, ts_truth *t) {
    for (int tries = 0; tries < 12; tries++) {
        if (ts_derive_offer(a, k->notice, 0, TS_DERIVE_UNRELATED, seed, o, t)) return true;
        seed = ts_mix(seed ^ ts_hash(k->notice->id)); /* another notice's offers have others */
        k = &p->known[ts_random_below(r, (uint32_t)p->known_n)];
    }
    return false;
}

/* Another kind of product that bears this notice's brand, or one of its model numbers: what a name
 * is shared by. The pair is with this notice alone. */
static bool pair_swapped(pairing *p, ts_arena scratch, const known *k, ts_random *r, uint64_t seed,
                         ts_error *e) {
    uint32_t found[ASKED];
    const known *b = &p->known[ts_random_below(r, (uint32_t)p->known_n)];
    ts_notice other = *b->notice;
    bool brand = seed & 1;
    if (b == k || ts_str_eq(other.category, k->notice->category) || !ts_derivable(&other))
        return true;
    if (brand ? !k->notice->brands.n : !k->notice->models.n) return true;
    if (brand)
        other.brands = k->notice->brands;
    else
        other.models = k->notice->models;
    other.identifiers.n = 0;
    ts_offer o;
    ts_truth t;
    if (!ts_derive_offer(&scratch, &other, 0, TS_DERIVE_POSITIVE, seed, &o, &t) ||
        may_be_same(b, k))
        return true;
    size_t n = ts_candidates(p->matcher, scratch, &o, found, ASKED);
    for (size_t i = 0; i < n; i++) {
        if (&p->known[found[i]] != k) continue;
        put_pair(p, k->json, offer_json(&scratch, &o), false,
                 brand ? "brand_elsewhere" : "model_elsewhere");
        p->out->swapped++;
    }
    return flush(p, false, e);
}

static bool enough(const pairing *p) { return p->job->most && p->out->pairs >= p->job->most; }

static bool pair_notice(pairing *p, const known *k, ts_error *e) {
    enum { ROUND = 5 };
    const ts_notice *n = k->notice;
    ts_random r = ts_random_seed(p->job->seed ^ ts_hash(n->id));
    for (unsigned i = 0; i < p->job->positives * ROUND && !enough(p); i++) {
        ts_arena scratch = p->l.arena;
        ts_offer o;
        ts_truth t;
        uint64_t seed = p->job->seed * 0x9e3779b97f4a7c15ull + i;
        if (i % ROUND == 4) {
            if (!pair_swapped(p, scratch, k, &r, seed, e)) return false;
            continue;
        }
        bool made = i % ROUND == 0   ? bench_positive(&scratch, n, seed, &o, &t)
                    : i % ROUND == 3 ? unrelated_offer(p, &scratch, k, &r, seed, &o, &t)
                                     : bench_hard_negative(&scratch, &p->l, n, &r, seed, &o, &t);
        /* the same goods of another lot: scope tells, not likeness */
        if (!made || t.kind == TS_DERIVE_OUTSIDE_SCOPE) continue;
        if (!pair_offer(p, scratch, k, &o, t.kind, e)) return false;
    }
    return true;
}

/* In random order: what is written first is a sample of all files. */
static uint32_t *shuffled(ts_arena *a, size_t n, uint64_t seed) {
    ts_random r = ts_random_seed(seed ^ 0x7061697273ull);
    uint32_t *v = ts_new_n(a, uint32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = ts_random_below(&r, i + 1);
        v[i] = v[k];
        v[k] = i;
    }
    return v;
}

static bool pair_all(pairing *p, const ts_index *ix, ts_error *e) {
    if (!find_known(p, ix, e)) return false;
    uint32_t *order = shuffled(&p->l.arena, p->known_n, p->job->seed);
    p->matcher = ts_matcher_new(&p->l.arena, ix, (ts_match_options){0});
    ts_progress bar = ts_progress_start("wrote", "pairs");
    bool ok = true;
    for (size_t i = 0; ok && i < p->known_n && !enough(p); i++) {
        const known *k = &p->known[order[i]];
        if (ts_derivable(k->notice)) ok = pair_notice(p, k, e);
        ts_progress_show(&bar, p->out->pairs, i + 1, p->known_n);
    }
    ts_progress_clear(&bar);
    for (size_t i = 0; ok && i < p->job->others_n; i++)
        ok = pair_strangers(p, p->job->others[i], e);
    ts_matcher_free(p->matcher);
    return ok && flush(p, true, e);
}

bool ts_bench_pairs(ts_arena *a, const ts_pairs_job *job, ts_pairs_counts *out, ts_error *e) {
    pairing p = {.job = job, .out = out, .b = ts_buf_new(a, (size_t)CHUNK * 8)};
    *out = (ts_pairs_counts){0};
    ts_buf_room(&p.b, (size_t)CHUNK * 4);
    bool ok = load(&p, e);
    ts_index_builder *builder = ok ? ts_index_builder_new(a) : 0;
    for (size_t i = 0; ok && i < p.l.list.n; i++) ts_index_add(builder, &p.l.list.v[i]);
    ts_index ix;
    ok = ok && ts_index_finish(builder, &ix, e) && pair_all(&p, &ix, e);
    if (builder) ts_index_builder_free(builder);
    bench_unload(&p.l);
    return ok;
}
