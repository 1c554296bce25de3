/* What the graph of trust is made of: credentials that can be leaned on, digests, products, links,
 * edges. */
#include "verify_part.h"

enum { EDGES_MAX = 4096 };

/* ---- Credentials ---- */

bool verify_trusted(const verify_run *r, ts_str did) {
    for (size_t i = 0; i < r->o->trusted_n; i++)
        if (did.n && ts_str_eq(r->o->trusted[i], did)) return true;
    return false;
}

/* A step that must be verified, or must only not have failed. */
static bool step_holds(verify_run *r, const verify_item *it, ts_step s, bool must, ts_verdict *d) {
    const ts_verdict *step = &it->c.step[s];
    if (step->answer == TS_YES || (!must && step->answer == TS_OPEN)) return true;
    verify_set(r->a, d, step->answer, "its %s %s: %.*s", ts_step_name(s),
               step->answer == TS_NO ? "failed" : "was not checked", TS_P(step->reason));
    d->cure = step->cure;
    return false;
}

ts_verdict verify_sound(verify_run *r, verify_item *it) {
    ts_verdict d = {.answer = TS_YES};
    verify_secured(r, it);
    verify_stated(r, it);
    verify_formed(r, it);
    /* What failed is said before what is only open. */
    if (step_holds(r, it, TS_STEP_SIGNATURE, false, &d) &&
        step_holds(r, it, TS_STEP_ISSUER, false, &d) &&
        step_holds(r, it, TS_STEP_STATUS, false, &d) &&
        step_holds(r, it, TS_STEP_SCHEMA, false, &d) &&
        step_holds(r, it, TS_STEP_SIGNATURE, true, &d) &&
        step_holds(r, it, TS_STEP_ISSUER, true, &d))
        step_holds(r, it, TS_STEP_STATUS, it->c.credential.status.n > 0, &d);
    return d;
}

/* ---- Digests ---- */

/* The hash of a multihash: code, length, value. */
static bool multihash(ts_str bytes, ts_sha *which, ts_str *value) {
    static const struct {
        uint8_t code, n;
        ts_sha sha;
    } known[] = {{0x12, 32, TS_SHA256}, {0x20, 48, TS_SHA384}, {0x13, 64, TS_SHA512}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (bytes.n == known[i].n + 2u && (uint8_t)bytes.p[0] == known[i].code &&
            (uint8_t)bytes.p[1] == known[i].n) {
            *which = known[i].sha;
            *value = ts_str_from(bytes, 2);
            return true;
        }
    return false;
}

static bool canonical_text(ts_arena scratch, const ts_json *root, ts_sha which,
                           ts_hash_value *out) {
    ts_arena text = scratch, work = scratch;
    text.end = work.beg = scratch.beg + (scratch.end - scratch.beg) / 2;
    ts_buf b = ts_buf_new(&text, TS_DOSSIER_MAX);
    if (!root || !ts_canonical(&b, work, root, 0) || b.full) return false;
    *out = ts_sha_of(which, ts_buf_str(&b));
    return true;
}

/* The hash of one of the item's texts, made once: a hostile passport links it as often as it
 * likes. */
static bool hash_of(verify_run *r, verify_item *it, verify_spelling as, ts_sha which,
                    ts_hash_value *out) {
    ts_hash_value *known = &it->hash[as][which];
    unsigned bit = 1u << (as * 3 + which);
    if (!(it->hashed & bit)) {
        it->hashed |= bit;
        if (as == VERIFY_CANONICAL)
            canonical_text(*r->a, it->c.credential.root, which, known);
        else
            *known = ts_sha_of(which, as == VERIFY_FILE ? it->raw : it->bytes);
    }
    *out = *known;
    return known->n > 0;
}

static bool hashes_to(verify_run *r, verify_item *it, verify_spelling as, ts_sha which,
                      ts_str value) {
    ts_hash_value h;
    bool there = as == VERIFY_FILE ? it->raw.n > 0 : as == VERIFY_CANONICAL ? !it->whole : true;
    return there && hash_of(r, it, as, which, &h) &&
           ts_str_eq((ts_str){(const char *)h.b, h.n}, value);
}

/* A presentation may spell an embedded credential in another way than the file that was hashed; its
 * canonical form may fit, and if not, nothing is proven. */
ts_verdict verify_digest(verify_run *r, verify_item *it, ts_str multibase) {
    ts_verdict d = {.answer = TS_YES};
    ts_str bytes, value;
    ts_sha which;
    ts_arena mark = *r->a;
    if (!multibase.n) return d;
    bool known =
        ts_multibase_decode(r->a, multibase, &bytes, 0) && multihash(bytes, &which, &value);
    bool fits = false;
    for (int as = VERIFY_BYTES; known && as <= VERIFY_CANONICAL; as++)
        fits |= hashes_to(r, it, (verify_spelling)as, which, value);
    *r->a = mark;
    if (!known)
        verify_set(r->a, &d, TS_OPEN, "the digest \"%s\" of the link is not understood here",
                   SHOW(multibase));
    else if (!fits && it->whole)
        verify_set(r->a, &d, TS_NO, "it is not what the link's digest was made of");
    else if (!fits)
        verify_set(
            r->a, &d, TS_OPEN,
            "the link's digest is that of a file, and the presentation spells the credential "
            "in another way");
    return d;
}

/* ---- Products ---- */

bool verify_product(verify_run *r, ts_str text, ts_product_id *out) {
    ts_product_id read = {0};
    bool ok = text.n && ts_product_id_read(r->a, text, &read, 0);
    *out = ok ? read : (ts_product_id){0};
    out->given = text;
    return ok;
}

/* Whether each key and qualifier of x is one of y's. */
static bool within(const ts_digital_link *x, const ts_digital_link *y) {
    if (!x->path_n || !y->path_n || !ts_str_eq(x->ais.v[0].ai, y->ais.v[0].ai)) return false;
    for (size_t i = 0; i < x->path_n; i++) {
        bool found = false;
        for (size_t k = 0; k < y->path_n && !found; k++)
            found = ts_str_eq(x->ais.v[i].ai, y->ais.v[k].ai) &&
                    ts_str_eq(x->ais.v[i].value, y->ais.v[k].value);
        if (!found) return false;
    }
    return true;
}

static ts_answer covers(const ts_product_id *of, const ts_product_id *one) {
    if (ts_str_eq(of->text, one->text)) return TS_YES;
    if (of->kind != TS_PID_GS1 || one->kind != TS_PID_GS1) return TS_NO;
    if (within(&of->link, &one->link)) return TS_YES;
    return within(&one->link, &of->link) ? TS_OPEN : TS_NO;
}

ts_answer verify_covers(verify_run *r, ts_str of, const ts_product_id *one) {
    ts_product_id read;
    ts_arena mark = *r->a;
    const ts_str parts[] = {one->given, of};
    if (of.n && ts_str_eq(of, one->given)) return TS_YES;
    if (!one->text.n || !of.n) return TS_OPEN;
    ts_str both = ts_str_join(r->a, parts, 2, TS_S("\n"));
    const uint64_t *known = ts_map_get(&r->products, both);
    if (known) return *r->a = mark, (ts_answer)*known;
    ts_answer answer = verify_product(r, of, &read) ? covers(&read, one) : TS_OPEN;
    *ts_map_put(r->a, &r->products, both, 0) = answer;
    return answer;
}

/* ---- Links ---- */

static bool may_be_credential(const ts_json *link) {
    ts_str type = ts_json_str(ts_json_member(link, "mediaType"));
    return !type.n || ts_str_ifind(type, TS_S("json")) != TS_NPOS ||
           ts_str_ifind(type, TS_S("jwt")) != TS_NPOS || ts_str_ifind(type, TS_S("vc")) != TS_NPOS;
}

verify_item *verify_follow(verify_run *r, const ts_json *link, size_t nth, ts_error *why) {
    ts_str url = ts_json_str(ts_json_member(link, "linkURL"));
    size_t n = 0;
    for (size_t i = 0; url.n && i < r->items.n; i++) {
        verify_item *it = r->items.v[i];
        bool there =
            ts_str_eq(it->url, url) || (!it->broken.n && ts_str_eq(it->c.credential.id, url));
        if (there && n++ == nth) return it;
    }
    if (nth) return 0;
    if (!url.n) return ts_fail(why, TS_E_INPUT, "the link has no address"), NULL;
    if (!may_be_credential(link))
        return ts_fail(why, TS_E_INPUT, "what it leads to is no credential"), NULL;
    return verify_fetch_credential(r, url, why);
}

/* ---- Edges ---- */

/* A new edge, or the one that is there already. */
ts_trust_edge *verify_edge(verify_run *r, ts_trust_edge_kind kind, ts_str from, ts_str to,
                           const verify_item *by) {
    static const ts_trust_edge none;
    ts_report *out = r->report;
    ts_str id = by->c.credential.id;
    for (size_t i = 0; kind != TS_EDGE_CLAIMS && i < out->edges.n; i++) {
        ts_trust_edge *e = &out->edges.v[i];
        if (e->kind == kind && ts_str_eq(e->from, from) && ts_str_eq(e->to, to) &&
            ts_str_eq(e->by, id))
            return e;
    }
    ts_trust_edge *e =
        out->edges.n < EDGES_MAX ? ts_push(r->a, &out->edges) : ts_new(r->a, ts_trust_edge);
    *e = none;
    e->kind = kind;
    e->from = from;
    e->to = to;
    e->by = id;
    return e;
}
