/* What a Data Integrity proof with a JCS suite is made over: two canonical texts and their hashes.
 * Nothing of the document is rebuilt; where members are seen otherwise, a second tape is laid over
 * the same bytes. */
#include "canonical.h"
#include "integrity_part.h"
#include "shown.h"

/* ---- Suites ---- */

static const proof_suite suites[] = {
    {"eddsa-jcs-2022", TS_KEY_ED25519, TS_SHA256, 64},
    {"ecdsa-jcs-2019", TS_KEY_P256, TS_SHA256, 64},
    {"ecdsa-jcs-2019", TS_KEY_P384, TS_SHA384, 96},
};
enum { SUITES = sizeof suites / sizeof *suites };

const proof_suite *proof_suite_of(ts_key_kind kind) {
    for (size_t i = 0; i < SUITES; i++)
        if (suites[i].kind == kind) return &suites[i];
    return 0;
}

const proof_suite *proof_suite_find(ts_str name, ts_key_kind kind, ts_error *e) {
    bool known = false;
    for (size_t i = 0; i < SUITES; i++) {
        if (!ts_str_is(name, suites[i].name)) continue;
        known = true;
        if (suites[i].kind == kind) return &suites[i];
    }
    if (known)
        ts_fail(e, TS_E_INPUT, "the proof's cryptosuite is %s, which is not for %s keys",
                SHOWN(name), ts_key_kind_name(kind));
    else
        ts_fail(e, TS_E_VERSION,
                "the proof's cryptosuite is \"%s\", which is not known here; eddsa-jcs-2022 and "
                "ecdsa-jcs-2019 are",
                SHOWN(name));
    return 0;
}

/* ---- Room ---- */

ts_arena proof_arena_behind(ts_arena *a) {
    ts_arena behind = *a;
    behind.beg += (a->end - a->beg) / 2;
    a->end = behind.beg;
    return behind;
}

/* A buffer grows to powers of two; the largest that fits is its cap. */
ts_buf proof_text_in(ts_arena *a) {
    size_t room = (size_t)(a->end - a->beg), max = 256;
    if (room < max) return ts_buf_new(a, 0);
    while (max <= room / 2) max *= 2;
    return ts_buf_new(a, max);
}

static bool fits(const ts_buf *b, ts_error *e) {
    return !b->full || ts_fail(e, TS_E_MEMORY, "no room for the canonical text of the document");
}

/* ---- Texts ---- */

bool proof_options_text(ts_buf *b, ts_arena scratch, const ts_json *proof, ts_error *e) {
    static const ts_str value = {"proofValue", 10};
    return ts_canonical_without(b, scratch, proof, &value, 1, e) && fits(b, e);
}

typedef struct tape {
    ts_json *v;
    size_t n;
} tape;

static void copy(tape *t, const ts_json *v, size_t n) {
    memcpy(t->v + t->n, v, n * sizeof *v);
    t->n += n;
}

/* The array of covered proofs. It stands for `old`, as far as its place in the text matters. */
static void copy_covered(tape *t, const ts_json *old, const proof_view *view) {
    size_t at = t->n;
    copy(t, old, 1);
    for (size_t i = 0; i < view->covered_n; i++) copy(t, view->covered[i], view->covered[i]->span);
    t->v[at].type = TS_JSON_ARRAY;
    t->v[at].plain = 0;
    t->v[at].n = (uint32_t)view->covered_n;
    t->v[at].span = (uint32_t)(t->n - at) & 0x0FFFFFFF;
}

static size_t nodes_needed(const ts_json *document, const proof_view *view) {
    size_t n = document->span + 1;
    if (view->context) n += view->context->span;
    for (size_t i = 0; i < view->covered_n; i++) n += view->covered[i]->span;
    return n;
}

static const ts_json *view_of(ts_arena *a, const ts_json *document, const proof_view *view) {
    tape t = {ts_new_raw(a, ts_json, nodes_needed(document, view)), 0};
    copy(&t, document, 1);
    uint32_t members = 0;
    TS_JSON_EACH_MEMBER(name, value, document) {
        bool proof = ts_str_is(ts_json_str(name), "proof");
        bool context = view->context && ts_str_is(ts_json_str(name), "@context");
        if (proof && !view->covered_n) continue;
        copy(&t, name, 1);
        if (proof)
            copy_covered(&t, value, view);
        else if (context)
            copy(&t, view->context, view->context->span);
        else
            copy(&t, value, value->span);
        members++;
    }
    t.v[0].n = members;
    t.v[0].span = (uint32_t)t.n & 0x0FFFFFFF;
    return t.v;
}

bool proof_document_text(ts_buf *b, ts_arena scratch, const ts_json *document,
                         const proof_view *view, ts_error *e) {
    static const ts_str proof = {"proof", 5};
    bool as_it_is = !view->context && !view->covered_n;
    if (!as_it_is) document = view_of(&scratch, document, view);
    return ts_canonical_without(b, scratch, document, &proof, as_it_is, e) && fits(b, e);
}

/* ---- The message ---- */

static void add_hash(proof_message *m, ts_sha which, ts_str text) {
    ts_hash_value h = ts_sha_of(which, text);
    memcpy(m->b + m->n, h.b, h.n);
    m->n += h.n;
}

bool proof_message_of(ts_arena scratch, const proof_suite *s, const ts_json *proof,
                      const ts_json *document, const proof_view *view, proof_message *out,
                      ts_error *e) {
    ts_arena work = proof_arena_behind(&scratch);
    ts_buf text = proof_text_in(&scratch);
    out->n = 0;
    if (!proof_options_text(&text, work, proof, e)) return false;
    add_hash(out, s->sha, ts_buf_str(&text));
    ts_buf_reset(&text);
    if (!proof_document_text(&text, work, document, view, e)) return false;
    add_hash(out, s->sha, ts_buf_str(&text));
    return true;
}

bool proof_message_of_text(ts_arena scratch, const proof_suite *s, const ts_json *proof,
                           ts_str document, proof_message *out, ts_error *e) {
    ts_arena work = proof_arena_behind(&scratch);
    ts_buf text = proof_text_in(&scratch);
    out->n = 0;
    if (!proof_options_text(&text, work, proof, e)) return false;
    add_hash(out, s->sha, ts_buf_str(&text));
    add_hash(out, s->sha, document);
    return true;
}

size_t proofs_named(const ts_proofs *p, const ts_strs *previous, bool document_order,
                    const ts_json **v) {
    size_t outer = document_order ? p->n : previous->n, inner = document_order ? previous->n : p->n,
           found = 0;
    for (size_t i = 0; i < outer && found < p->n; i++)
        for (size_t k = 0; k < inner; k++) {
            const ts_proof *proof = &p->v[document_order ? i : k];
            if (!proof->id.n || !ts_str_eq(proof->id, previous->v[document_order ? k : i]))
                continue;
            v[found++] = proof->node;
            break;
        }
    return found;
}
