/* The notices by what identifies a product: trade item numbers, model numbers, lots and serials. */
#include <stdio.h>

#include "offered_part.h"

#include "text/text.h"

enum { ROOM_GIB = 4, SCRATCH_MIB = 64, TEXT_MAX = 400 };

/* ---- Keys ---- */

typedef struct key {
    char c[TEXT_MAX + 2];
    size_t n;
} key;

static ts_str key_text(const key *k) { return (ts_str){k->c, k->n}; }

static key key_of(char kind, ts_str s) {
    key k = {.n = 1};
    k.c[0] = kind;
    s = ts_str_clip(s, TEXT_MAX);
    if (s.n) memcpy(k.c + 1, s.p, s.n);
    k.n += s.n;
    return k;
}

/* Indicator and check digit left out: packages of one article (GS1 General Specifications,
 * GTIN-14). */
static key article_key(uint64_t gtin) {
    char digits[24];
    snprintf(digits, sizeof digits, "%012llu", (unsigned long long)(gtin / 10 % 1000000000000ull));
    return key_of('g', ts_str_c(digits));
}

static key code_key(ts_str code) {
    key k = key_of('c', code);
    for (size_t i = 1; i < k.n; i++) k.c[i] = (char)ts_upper((unsigned char)k.c[i]);
    return k;
}

static key model_key(ts_arena scratch, ts_str model) {
    return key_of('m', ts_squeeze(&scratch, ts_str_clip(model, TEXT_MAX)));
}

/* ---- Made ---- */

static void put(offered_notices *x, const key *k, uint32_t number) {
    if (k->n < 2) return;
    uint64_t *head = ts_map_get(&x->by_key, key_text(k));
    if (!head) head = ts_map_put(&x->arena, &x->by_key, ts_str_dup(&x->arena, key_text(k)), 0);
    if (*head && x->links.v[*head - 1].notice == number) return;
    *ts_push(&x->arena, &x->links) = (struct offered_link){number, (uint32_t)*head};
    *head = x->links.n;
}

static void put_name(offered_notices *x, ts_str name, uint32_t number) {
    bool fresh;
    if (!name.n || ts_map_get(&x->by_name, name)) return;
    *ts_map_put(&x->arena, &x->by_name, ts_str_dup(&x->arena, name), &fresh) = number + 1;
}

static void put_notice(offered_notices *x, ts_arena scratch, const ts_notice *n, uint32_t number) {
    key k;
    for (size_t i = 0; i < n->identifiers.n; i++)
        if (n->identifiers.v[i].kind == TS_ID_GTIN)
            k = article_key(n->identifiers.v[i].gtin), put(x, &k, number);
    for (size_t i = 0; i < n->models.n; i++)
        k = model_key(scratch, n->models.v[i]), put(x, &k, number);
    for (size_t i = 0; i < n->scope.lots.n; i++)
        k = code_key(n->scope.lots.v[i]), put(x, &k, number);
    for (size_t i = 0; i < n->scope.serials.n; i++)
        k = code_key(n->scope.serials.v[i]), put(x, &k, number);
    put_name(x, n->id, number);
    put_name(x, n->url, number);
    put_name(x, n->recall_url, number);
}

typedef struct making {
    offered_notices *x;
    ts_arena scratch;
} making;

static bool make_all(void *ctx, ts_arena *a, ts_error *e) {
    making *m = ctx;
    (void)a;
    (void)e;
    for (uint32_t i = 0; i < ts_index_notices(m->x->index); i++) {
        ts_arena scratch = m->scratch;
        ts_notice n;
        ts_error ignored;
        if (ts_index_notice(m->x->index, i, &scratch, &n, &ignored))
            put_notice(m->x, scratch, &n, i);
        else
            m->x->left_out++;
    }
    return true;
}

bool offered_notices_make(offered_notices *x, const ts_index *ix, ts_error *e) {
    *x = (offered_notices){.index = ix};
    x->room = x->arena = ts_arena_new((size_t)ROOM_GIB << 30);
    ts_arena scratch = ts_arena_new((size_t)SCRATCH_MIB << 20);
    making m = {x, scratch};
    bool ok = ts_arena_guard(make_all, &m, &x->arena, e);
    ts_arena_free(&scratch, (size_t)SCRATCH_MIB << 20);
    return ok;
}

void offered_notices_free(offered_notices *x) {
    if (x->room.beg) ts_arena_free(&x->room, (size_t)ROOM_GIB << 30);
}

/* ---- Found ---- */

bool offered_notice_named(const offered_notices *x, ts_str name, uint32_t *number) {
    const uint64_t *v = name.n ? ts_map_get(&x->by_name, name) : 0;
    if (v) *number = (uint32_t)(*v - 1);
    return v != 0;
}

static bool has_number(const offered_numbers *l, uint32_t number) {
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i] == number) return true;
    return false;
}

static void add_key(ts_arena *a, const offered_notices *x, const key *k, offered_numbers *out) {
    const uint64_t *head = k->n > 1 ? ts_map_get(&x->by_key, key_text(k)) : 0;
    for (uint64_t i = head ? *head : 0; i; i = x->links.v[i - 1].before)
        if (!has_number(out, x->links.v[i - 1].notice)) *ts_push(a, out) = x->links.v[i - 1].notice;
}

bool offered_notice_check(const offered_notices *x, ts_arena *a, ts_arena scratch, uint32_t number,
                          const ts_known *k, ts_affected *out) {
    ts_notice n;
    ts_error ignored;
    if (!ts_index_notice(x->index, number, &scratch, &n, &ignored)) return false;
    *out = ts_affect_check(ts_affect_new(&scratch, &n), k);
    out->by = ts_str_dup(a, out->by);
    return true;
}

void offered_notices_find(ts_arena *a, ts_arena scratch, const offered_notices *x,
                          const ts_known *known, offered_numbers *out) {
    ts_known p = *known;
    offered_numbers may = {0};
    uint64_t gtin;
    key keys[4] = {model_key(scratch, p.model), code_key(p.lot), code_key(p.serial), {.n = 0}};
    if (ts_u64_parse(p.gtin, &gtin) && gtin) keys[3] = article_key(gtin);
    for (int i = 0; i < 4; i++) add_key(&scratch, x, &keys[i], &may);
    p.sealed = false; /* nothing excludes: lots and serials are for whoever looks closer */
    for (size_t i = 0; i < may.n; i++) {
        ts_arena work = scratch;
        ts_affected f;
        if (has_number(out, may.v[i]) || !offered_notice_check(x, &work, work, may.v[i], &p, &f))
            continue;
        if (f.inside != TS_NO && f.touch >= TS_TOUCH_MODEL) *ts_push(a, out) = may.v[i];
    }
}
