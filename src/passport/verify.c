#include "verify.h"

#include <stdio.h>
#include <unistd.h>

#include "verify_part.h"

/* ---- UNTP's schemas ---- */

enum { SCHEMA_MAX = 4 << 20 };

struct ts_schemas {
    ts_schema *of[TS_UNTP_DIA + 1];
};

typedef struct opening {
    ts_schemas *s;
    const char *folder;
} opening;

static bool open_schema(opening *o, ts_arena *a, ts_untp_type type, ts_error *e) {
    char path[1024];
    ts_str text;
    snprintf(path, sizeof path, "%s/%s", o->folder, ts_untp_schema_file(type));
    if (access(path, F_OK) != 0) return true;
    if (!ts_file_read(a, path, SCHEMA_MAX, &text, e)) return false;
    const ts_json *root = ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
    o->s->of[type] = root ? ts_schema_compile(a, root, e) : 0;
    return o->s->of[type] || ts_fail_at(e, path, 0, 0);
}

static bool open_schemas(void *ctx, ts_arena *a, ts_error *e) {
    for (ts_untp_type t = TS_UNTP_DPP; t <= TS_UNTP_DIA; t++)
        if (!open_schema(ctx, a, t, e)) return false;
    return true;
}

ts_schemas *ts_schemas_open(ts_arena *a, const char *folder, ts_error *e) {
    opening o = {ts_new(a, ts_schemas), folder};
    /* What a schema holds of the system is given back also when memory does not reach. */
    if (ts_arena_guard(open_schemas, &o, a, e)) return o.s;
    ts_schemas_close(o.s);
    return 0;
}

void ts_schemas_close(ts_schemas *s) {
    for (size_t i = 0; s && i < sizeof s->of / sizeof *s->of; i++) {
        ts_schema_free(s->of[i]);
        s->of[i] = 0;
    }
}

const ts_schema *verify_schema_of(const ts_schemas *s, ts_untp_type type) {
    return s ? s->of[type] : 0;
}

/* ---- The dossier as a whole ---- */

static verify_item *passport_of(const verify_run *r, size_t *n) {
    verify_item *first = 0;
    *n = 0;
    for (size_t i = 0; i < r->items.n; i++)
        if (r->items.v[i]->c.type == TS_UNTP_DPP && (*n)++ == 0) first = r->items.v[i];
    return first;
}

static void examine(verify_run *r, verify_item *it) {
    verify_secured(r, it);
    verify_stated(r, it);
    verify_formed(r, it);
}

/* The last step of what is no passport. */
static void attested(verify_run *r, verify_item *it) {
    ts_verdict *d = &it->c.step[TS_STEP_ATTESTATIONS];
    if (d->reason.n) return;
    if (it->broken.n)
        verify_set(r->a, d, TS_OPEN, "it cannot be read");
    else if (it->c.type == TS_UNTP_DCC)
        *d = verify_accredited(r, it);
    else if (it->c.type == TS_UNTP_DPP)
        verify_set(r->a, d, TS_OPEN, "the report is about another passport of the dossier");
    else
        verify_set(r->a, d, TS_OPEN, "it makes no claims that a third party would attest");
}

/* Whether the passport is about the product in hand. */
static void compare_product(verify_run *r, const verify_item *it, ts_verdict *d) {
    const ts_credential *c = &it->c.credential;
    ts_str id = c->subjects.n ? ts_json_str(ts_json_member(c->subjects.v[0], "id")) : TS_NONE;
    ts_product_id expected;
    if (!r->o->expect_product.n || d->answer == TS_NO) return;
    verify_product(r, r->o->expect_product, &expected);
    ts_answer covers = it->c.type == TS_UNTP_DPP ? verify_covers(r, id, &expected) : TS_OPEN;
    if (covers == TS_YES) return;
    if (it->c.type != TS_UNTP_DPP)
        verify_set(r->a, d, TS_OPEN, "it is no passport: nothing to compare with the code in hand");
    else if (covers == TS_NO)
        verify_set(r->a, d, TS_NO, "it is about another product than the code in hand: %s, not %s",
                   SHOW(id), SHOW(r->o->expect_product));
    else
        verify_set(r->a, d, TS_OPEN,
                   "it is about %s, and whether that is the product in hand, %s, cannot be told",
                   SHOW(id), SHOW(r->o->expect_product));
    d->at = TS_S("/credentialSubject/id");
}

/* A presentation that is wrong spoils what it presents; where a challenge was asked for, one that
 * is not verified does. */
static void blame_presentation(verify_run *r) {
    const verify_item *p = r->presentation;
    bool asked = r->o->challenge.n || r->o->domain.n;
    for (int s = TS_STEP_SIGNATURE; p && s <= TS_STEP_SCHEMA; s++) {
        const ts_verdict *d = &p->c.step[s];
        ts_verdict *out = &r->report->step[s];
        bool counts = d->answer == TS_NO || (asked && s <= TS_STEP_ISSUER);
        if (!counts || !verify_worse(d->answer, out->answer)) continue;
        verify_set(r->a, out, d->answer, "the presentation: %.*s", TS_P(d->reason));
        out->cure = d->cure;
        out->at = d->at;
    }
}

static void say_which(verify_run *r, size_t passports) {
    ts_verdict *d = &r->report->step[TS_STEP_SIGNATURE];
    if (passports < 2) return;
    d->reason = verify_say(r->a, "%.*s (the dossier holds %zu passports; this is about the first)",
                           TS_P(d->reason), passports);
}

/* Who asked for a challenge wants to know that somebody is there to answer it. */
static void demand_presentation(verify_run *r) {
    ts_verdict *d = &r->report->step[TS_STEP_SIGNATURE];
    if (r->presentation || (!r->o->challenge.n && !r->o->domain.n) || d->answer == TS_NO) return;
    verify_set(r->a, d, TS_NO,
               "it is no presentation, so that it answers no challenge and names no domain");
}

static void assemble(verify_run *r, verify_item *main) {
    ts_report *out = r->report;
    const verify_item *p = r->presentation;
    bool signed_one = p && p->c.secured_by.n;
    *ts_push(r->a, &out->credentials) = main->c;
    for (size_t i = 0; i < r->items.n; i++)
        if (r->items.v[i] != main) *ts_push(r->a, &out->credentials) = r->items.v[i]->c;
    if (p && p != main && signed_one) *ts_push(r->a, &out->credentials) = p->c;
    out->of = main->c.credential.id;
    out->passport = main->c.type == TS_UNTP_DPP ? main->c.credential.root : 0;
    out->kind = !p ? TS_S("credential") : out->passport ? TS_S("dossier") : TS_S("presentation");
    memcpy(out->step, main->c.step, sizeof out->step);
}

typedef struct verifying {
    ts_str bytes;
    verify_run *r;
    ts_key_ring *ring; /* one of this call's own */
} verifying;

static bool verify_all(void *ctx, ts_arena *a, ts_error *e) {
    verifying *v = ctx;
    verify_run *r = v->r;
    size_t passports = 0;
    (void)e;
    if (!r->ring) r->ring = v->ring = ts_key_ring_new(a);
    verify_take(r, v->bytes);
    for (size_t i = 0; i < r->items.n; i++) examine(r, r->items.v[i]);
    if (r->presentation) examine(r, r->presentation);
    verify_item *main = passport_of(r, &passports);
    if (!main) main = r->items.n ? r->items.v[0] : r->presentation;
    if (!main) abort(); /* whatever the bytes are, something was taken */
    verify_identity(r, main);
    if (passports) verify_claims(r, main);
    for (size_t i = 0; i < r->items.n; i++) attested(r, r->items.v[i]);
    if (r->presentation) attested(r, r->presentation);
    for (size_t i = 0; i < r->items.n; i++) examine(r, r->items.v[i]); /* fetched meanwhile */
    assemble(r, main);
    compare_product(r, main, &r->report->step[TS_STEP_SCHEMA]);
    blame_presentation(r);
    demand_presentation(r);
    say_which(r, passports);
    return true;
}

/* ---- The whole ---- */

static void give_up(ts_report *out) {
    *out = (ts_report){.kind = TS_S("credential")};
    for (int s = 0; s < TS_STEPS; s++) {
        out->step[s].answer = TS_OPEN;
        out->step[s].reason = TS_S("there was not enough working memory to check it");
    }
}

void ts_verify(ts_arena *a, ts_str bytes, const ts_verify_options *o, ts_report *out) {
    verify_run r = {.a = a, .o = o, .ring = o->ring, .report = out};
    verifying v = {.bytes = bytes, .r = &r};
    ts_error e = {0};
    *out = (ts_report){0};
    verify_known_begin(o->cache);
    if (!ts_arena_guard(verify_all, &v, a, &e)) give_up(out); /* nothing is allocated after that */
    ts_key_ring_free(v.ring);
}
