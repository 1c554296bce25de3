#include "offered_part.h"

#include "gazette/gazette.h"

enum { ROOM_MIB = 512, CACHE_FULL_MIB = 64, SAME_PRODUCT = 4 };

#define NOT_FETCHED "no passport of it is kept here, and none was fetched; --fetch-passports does"

/* ---- What all share ---- */

ts_offered_desk *ts_offered_desk_new(ts_arena *a, const ts_offered_job *job, ts_error *e) {
    ts_offered_desk *d = ts_new(a, ts_offered_desk);
    *d = (ts_offered_desk){.a = a, .job = *job};
    (void)e;
    d->job.verify.schemas = 0; /* how well-formed a passport is makes no lead */
    if (job->fetch)
        d->pace = ts_pace_new(a, job->fetch_gap_ms ? job->fetch_gap_ms : 500,
                              job->fetch_most ? job->fetch_most : 1000);
    pthread_mutex_init(&d->lock, 0);
    return d;
}

void ts_offered_desk_free(ts_offered_desk *d) {
    if (!d) return;
    offered_notices_free(&d->notices);
    ts_pace_free(d->pace);
    pthread_mutex_destroy(&d->lock);
}

uint64_t ts_offered_desk_left_out(const ts_offered_desk *d) { return d->notices.left_out; }

/* Made by the first that asks; the others wait. */
static bool notices_of(ts_offered_checker *c, ts_error *e) {
    ts_offered_desk *d = c->desk;
    if (c->notices) return true;
    pthread_mutex_lock(&d->lock);
    if (!d->made) d->failed = !offered_notices_make(&d->notices, d->job.index, e);
    d->made = true;
    bool ok = !d->failed;
    pthread_mutex_unlock(&d->lock);
    if (!ok) return ts_fail(e, TS_E_MEMORY, "the notices do not fit in memory beside the index");
    c->notices = &d->notices;
    return true;
}

/* ---- One thread's own ---- */

static bool is_list(ts_want w) { return w == TS_WANT_STATUS_LIST || w == TS_WANT_LIST_AT_HAND; }

/* A status list that the store keeps is as good as the store; one that is fetched is newer. */
static bool get(void *ctx, ts_arena *a, ts_want what, ts_str url, ts_str *bytes, ts_error *why) {
    ts_offered_checker *c = ctx;
    ts_list_row row;
    ts_error ignored;
    bool found = false;
    if (c->network.get(c->network.ctx, a, what, url, bytes, why)) return true;
    if (!is_list(what) || !c->store || !ts_store_list(c->store, a, url, &row, &found, &ignored) ||
        !found || !row.secured.n)
        return false;
    *bytes = row.secured;
    return true;
}

static bool ready(ts_offered_checker *c, ts_error *e) {
    const ts_offered_job *job = &c->desk->job;
    ts_resolve_options resolve = job->verify.resolve;
    resolve.offline |= !job->fetch;
    resolve.fetch.pace = c->desk->pace;
    c->resolver = ts_resolver_new(&c->own, &resolve, e);
    if (!c->resolver) return false;
    if (job->store && !(c->store = ts_store_open(&c->own, job->store, TS_STORE_READ, e)))
        return false;
    c->network = ts_resolver_source(c->resolver);
    c->verified = ts_verify_cache_new(&c->own);
    c->options = (ts_verify_options){.now = job->verify.now,
                                     .source = {get, c},
                                     .trusted = job->verify.trusted,
                                     .trusted_n = job->verify.trusted_n,
                                     .cache = c->verified};
    return true;
}

ts_offered_checker *ts_offered_checker_new(ts_offered_desk *d, ts_error *e) {
    ts_arena own = ts_arena_new((size_t)ROOM_MIB << 20), room = own;
    ts_offered_checker *c = ts_new(&own, ts_offered_checker);
    *c = (ts_offered_checker){.desk = d, .own_room = room, .own = own};
    c->cache = c->cache_room = ts_arena_new((size_t)ROOM_MIB << 20);
    c->scratch = c->scratch_room = ts_arena_new((size_t)ROOM_MIB << 20);
    if (ready(c, e)) return c;
    ts_offered_checker_free(c);
    return 0;
}

void ts_offered_checker_free(ts_offered_checker *c) {
    if (!c) return;
    ts_arena own = c->own_room, cache = c->cache_room, scratch = c->scratch_room;
    ts_verify_cache_free(c->verified);
    ts_store_close(c->store);
    ts_arena_free(&cache, (size_t)ROOM_MIB << 20);
    ts_arena_free(&scratch, (size_t)ROOM_MIB << 20);
    ts_arena_free(&own, (size_t)ROOM_MIB << 20);
}

/* ---- What was found before ---- */

static void start_over(ts_offered_checker *c) {
    c->cache = c->cache_room;
    c->kept = c->fetched = (ts_map){0};
    c->entries.v = 0;
    c->entries.n = c->entries.cap = 0;
}

/* One look at a passport; what is found is remembered. */
typedef struct looking {
    ts_offered_checker *c;
    const ts_offered_mark *mark; /* to be fetched; NULL: `id` is looked up in the store */
    ts_str id;
    const offered_kept *out; /* NULL: there is none */
} looking;

static bool look(void *ctx, ts_arena *cache, ts_error *e) {
    looking *l = ctx;
    ts_offered_checker *c = l->c;
    offered_kept k;
    bool found = true;
    if (l->mark)
        offered_fetch(c, cache, c->scratch, l->mark, &k);
    else if (!offered_keep(c, cache, c->scratch, l->id, &k, &found, e))
        return false;
    if (found) {
        offered_kept *entry = ts_new(cache, offered_kept);
        *entry = k;
        *ts_push(cache, &c->entries) = entry;
        l->out = entry;
    }
    ts_str key = ts_str_dup(cache, l->mark ? l->mark->given : l->id);
    *ts_map_put(cache, l->mark ? &c->fetched : &c->kept, key, 0) = found ? c->entries.n : 0;
    return true;
}

static bool look_in_scratch(void *ctx, ts_arena *scratch, ts_error *e) {
    looking *l = ctx;
    (void)scratch;
    return ts_arena_guard(look, l, &l->c->cache, e);
}

static bool look_once(looking *l, ts_error *e) {
    ts_offered_checker *c = l->c;
    const uint64_t *known =
        ts_map_get(l->mark ? &c->fetched : &c->kept, l->mark ? l->mark->given : l->id);
    if (known) {
        l->out = *known ? c->entries.v[*known - 1] : 0;
        return true;
    }
    if ((size_t)(c->cache.beg - c->cache_room.beg) > (size_t)CACHE_FULL_MIB << 20) start_over(c);
    ts_error why = {0};
    if (ts_arena_guard(look_in_scratch, l, &c->scratch, &why)) return true;
    start_over(c);
    c->scratch = c->scratch_room;
    *e = why;
    return false;
}

/* ---- One mark ---- */

static ts_verdict copied_verdict(ts_arena *a, const ts_verdict *v) {
    return (ts_verdict){v->answer, ts_str_dup(a, v->reason), ts_str_dup(a, v->cure),
                        ts_str_dup(a, v->at)};
}

/* Out of what is remembered, which may start over at any time. */
static void copy_found(ts_arena *a, const ts_offered *from, ts_offered *to) {
    *to = *from;
    to->why = ts_str_dup(a, from->why);
    to->id = ts_str_dup(a, from->id);
    to->product = ts_str_dup(a, from->product);
    to->name = ts_str_dup(a, from->name);
    to->operator_id = ts_str_dup(a, from->operator_id);
    to->operator_name = ts_str_dup(a, from->operator_name);
    to->issuer = ts_str_dup(a, from->issuer);
    to->status = ts_str_dup(a, from->status);
    to->safety = ts_str_dup(a, from->safety);
    for (int s = 0; s < TS_STEPS; s++) to->step[s] = copied_verdict(a, &from->step[s]);
    to->findings = (ts_offered_findings){0};
    for (size_t i = 0; i < from->findings.n; i++) {
        ts_offered_finding f = from->findings.v[i];
        f.offer = ts_str_dup(a, f.offer);
        f.passport = ts_str_dup(a, f.passport);
        *ts_push(a, &to->findings) = f;
    }
    to->hits.v = 0, to->hits.n = to->hits.cap = 0;
    for (size_t i = 0; i < from->hits.n; i++) {
        ts_offered_hit h = from->hits.v[i];
        h.through = ts_str_dup(a, h.through);
        h.found.by = ts_str_dup(a, h.found.by);
        *ts_push(a, &to->hits) = h;
    }
}

/* Lot and serial as the link or the offer says them, where the passport states none: the seller's
 * own word, which may bring the product inside and never takes it out. */
static void add_said(ts_offered_checker *c, ts_arena *a, const ts_offered_mark *m,
                     const offered_kept *k, ts_offered *o) {
    ts_known said = k->known;
    if ((!m->lot.n || k->known.lot.n) && (!m->serial.n || k->known.serial.n)) return;
    if (!said.lot.n) said.lot = m->lot;
    if (!said.serial.n) said.serial = m->serial;
    said.sealed = false;
    for (size_t i = 0; i < k->touched.n; i++) {
        ts_affected f;
        if (!offered_notice_check(c->notices, a, c->scratch, k->touched.v[i], &said, &f) ||
            f.inside != TS_YES)
            continue;
        for (size_t h = 0; h < o->hits.n; h++)
            if (o->hits.v[h].notice == k->touched.v[i] && o->hits.v[h].found.inside == TS_OPEN)
                o->hits.v[h].found = f;
    }
}

/* What an offer's text states of lots and serials; read when it is first asked for. */
typedef struct said {
    const ts_offer *o;
    bool read;
    ts_scope scope;
} said;

static const ts_scope *said_scope(ts_arena *a, said *s) {
    if (s->read) return &s->scope;
    s->read = true;
    ts_scope_read(a, s->o->title, false, &s->scope);
    ts_scope_read(a, ts_str_clip(s->o->description, 20000), false, &s->scope);
    for (size_t i = 0; i < s->o->attributes.n; i++) {
        ts_str parts[2] = {s->o->attributes.v[i].name, s->o->attributes.v[i].value};
        ts_scope_read(a, ts_str_join(a, parts, 2, TS_S(": ")), false, &s->scope);
    }
    return &s->scope;
}

/* A link that names the item and another lot than its passport. */
static void compare_link(ts_arena *a, const ts_offered_mark *m, const ts_known *passport,
                         ts_offered_findings *out) {
    if (!m->lot.n || !passport->lot.n || ts_str_ieq(m->lot, passport->lot)) return;
    for (size_t i = 0; i < out->n; i++)
        if (strcmp(out->v[i].what, "passport_mismatch_lot") == 0) return;
    *ts_push(a, out) = (ts_offered_finding){TS_OFFERED_MISMATCH, "passport_mismatch_lot", m->lot,
                                            ts_str_dup(a, passport->lot)};
}

static void add_kept(ts_offered_checker *c, ts_arena *a, const ts_offered_mark *m, said *s,
                     const offered_kept *k, ts_offereds *out) {
    ts_offered *o = ts_push(a, out);
    copy_found(a, &k->found, o);
    o->mark = *m;
    if (o->source == TS_OFFERED_NOT_CHECKED) {
        if (!o->why.n) o->why = TS_S(NOT_FETCHED);
        ts_known link = {.gtin = m->gtin, .lot = m->lot, .serial = m->serial, .made = TS_NO_DAY};
        offered_numbers touched = {0};
        offered_hold(c, a, c->scratch, &link, o, &touched);
        return;
    }
    add_said(c, a, m, k, o);
    ts_offered_compare(a, s->o, said_scope(a, s), &k->known, &o->findings);
    compare_link(a, m, &k->known, &o->findings);
}

/* Passports of a product that the store holds. */
static bool add_product(ts_offered_checker *c, ts_arena *a, const ts_offered_mark *m, said *s,
                        ts_str product, ts_offereds *out, ts_error *e) {
    ts_passport_rows rows = {0};
    ts_arena scratch = c->scratch;
    if (!product.n) return true;
    if (!ts_store_passports(c->store, &scratch, product, TS_NONE, SAME_PRODUCT, &rows, e))
        return false;
    ts_strs ids = {0};
    for (size_t i = 0; i < rows.n; i++) *ts_push(a, &ids) = ts_str_dup(a, rows.v[i].id);
    for (size_t i = 0; i < ids.n; i++) {
        looking l = {.c = c, .id = ids.v[i]};
        if (!look_once(&l, e)) return false;
        if (l.out) add_kept(c, a, m, s, l.out, out);
    }
    return true;
}

/* A serial number is one of its trade item number, whatever lot the link names or leaves out (GS1
 * General Specifications, AI 21). */
static bool add_item(ts_offered_checker *c, ts_arena *a, const ts_offered_mark *m, said *s,
                     ts_offereds *out, ts_error *e) {
    ts_strs products = {0};
    if (!m->gtin.n || !m->serial.n || ts_str_find(m->product, TS_S("/21/")) == TS_NPOS) return true;
    if (!ts_store_items(c->store, a, m->gtin, m->serial, SAME_PRODUCT, &products, e)) return false;
    for (size_t i = 0; i < products.n; i++)
        if (!add_product(c, a, m, s, products.v[i], out, e)) return false;
    return true;
}

/* By the address as the passport's id, then by the product itself. */
static bool add_here(ts_offered_checker *c, ts_arena *a, const ts_offered_mark *m, said *s,
                     ts_offereds *out, ts_error *e) {
    looking l = {.c = c, .id = m->given};
    if (!look_once(&l, e)) return false;
    if (l.out) return add_kept(c, a, m, s, l.out, out), true;
    size_t before = out->n;
    return add_product(c, a, m, s, m->product, out, e) &&
           (out->n > before || add_item(c, a, m, s, out, e));
}

/* By the batch or model that the product is of. */
static bool add_above(ts_offered_checker *c, ts_arena *a, const ts_offered_mark *m, said *s,
                      ts_offereds *out, ts_error *e) {
    size_t before = out->n;
    return add_product(c, a, m, s, m->above[0], out, e) &&
           (out->n > before || add_product(c, a, m, s, m->above[1], out, e));
}

/* What comes from elsewhere, where it may be fetched; else, what was not had. */
static bool look_elsewhere(ts_offered_checker *c, const ts_offered_mark *m,
                           const offered_kept **out, ts_error *e) {
    static const offered_kept none = {.known.made = TS_NO_DAY};
    looking l = {.c = c, .mark = m, .out = &none};
    bool may = c->desk->job.fetch && m->stated && (m->address || m->gtin.n);
    if (may && !look_once(&l, e)) return false;
    *out = l.out;
    return true;
}

static bool add_mark(ts_offered_checker *c, ts_arena *a, const ts_offered_mark *m, said *s,
                     ts_offereds *out, ts_error *e) {
    size_t before = out->n;
    const offered_kept *far;
    if (c->store && !add_here(c, a, m, s, out, e)) return false;
    if (out->n > before) return true;
    if (!look_elsewhere(c, m, &far, e)) return false;
    bool fetched = far->found.source == TS_OFFERED_FETCHED;
    if (!fetched && c->store && !add_above(c, a, m, s, out, e)) return false;
    if (fetched || (out->n == before && m->stated)) add_kept(c, a, m, s, far, out);
    return true;
}

bool ts_offered_check(ts_offered_checker *c, ts_arena *a, const ts_offer *o, ts_offereds *out,
                      ts_error *e) {
    ts_offered_marks marks = {0};
    said s = {.o = o};
    ts_offered_marks_read(a, o, &marks);
    if (marks.n && !notices_of(c, e)) return false;
    for (size_t i = 0; i < marks.n; i++)
        if (!add_mark(c, a, &marks.v[i], &s, out, e)) return false;
    return true;
}
