/* Adding a proof to a document. */
#include "canonical.h"
#include "encoding.h"
#include "integrity_part.h"
#include "shown.h"

enum { DEPTH = 1024 };

typedef struct maker {
    ts_arena *a; /* everything that is made on the way */
    const ts_json *document;
    const ts_proof_options *o;
    const proof_suite *suite;
    ts_str rest; /* canonical text of the document without its proofs */
    ts_proofs has;
    const ts_json *covered[PROOFS_MAX];
    size_t covered_n;
    ts_error *e;
} maker;

/* ---- Options ---- */

static bool is_usable(maker *m, const char *name, ts_str v) {
    return ts_utf8_bad(v) == TS_NPOS ||
           ts_fail(m->e, TS_E_USAGE, "the proof's %s is not UTF-8", name);
}

static bool is_date(maker *m, const char *name, ts_str v) {
    return !v.n || ts_stamp_parse(v, 0) ||
           ts_fail(m->e, TS_E_USAGE, "the proof's %s is \"%s\", no date and time with a time zone",
                   name, SHOWN(v));
}

static bool check_options(maker *m) {
    const ts_proof_options *o = m->o;
    if (m->has.n == PROOFS_MAX)
        return ts_fail(m->e, TS_E_LIMIT, "the document has %d proofs already", PROOFS_MAX);
    if (!o->verification_method.n)
        return ts_fail(m->e, TS_E_USAGE, "a proof needs a verification method");
    if (!is_usable(m, "verificationMethod", o->verification_method) ||
        !is_usable(m, "proofPurpose", o->purpose) || !is_usable(m, "domain", o->domain) ||
        !is_usable(m, "challenge", o->challenge) || !is_usable(m, "id", o->id) ||
        !is_date(m, "created", o->created) || !is_date(m, "expires", o->expires))
        return false;
    for (size_t i = 0; o->id.n && i < m->has.n; i++)
        if (ts_str_eq(m->has.v[i].id, o->id))
            return ts_fail(m->e, TS_E_USAGE, "the document has a proof with the id \"%s\" already",
                           SHOWN(o->id));
    m->covered_n = proofs_named(&m->has, &o->previous, true, m->covered);
    return m->covered_n == o->previous.n ||
           ts_fail(m->e, TS_E_USAGE,
                   "a proof that is to be covered is not in the document, or named twice");
}

/* ---- The proof ---- */

static void write_previous(ts_jsonw *w, const maker *m) {
    if (!m->covered_n) return;
    ts_jsonw_key(w, "previousProof");
    if (m->covered_n > 1) ts_jsonw_array(w);
    for (size_t i = 0; i < m->covered_n; i++)
        ts_jsonw_str(w, ts_json_str(ts_json_member(m->covered[i], "id")));
    if (m->covered_n > 1) ts_jsonw_end(w);
}

static void write_options(ts_jsonw *w, const maker *m, ts_str context) {
    const ts_proof_options *o = m->o;
    char now[24];
    ts_jsonw_object(w);
    if (context.n) {
        ts_jsonw_key(w, "@context");
        ts_jsonw_raw(w, context);
    }
    ts_jsonw_kstr(w, "type", TS_S("DataIntegrityProof"));
    ts_jsonw_kstr(w, "cryptosuite", ts_str_c(m->suite->name));
    ts_jsonw_kstr(w, "created", o->created.n ? o->created : ts_instant_iso(ts_now(), now));
    ts_jsonw_kstr(w, "verificationMethod", o->verification_method);
    ts_jsonw_kstr(w, "proofPurpose", o->purpose.n ? o->purpose : TS_S("assertionMethod"));
    ts_jsonw_kstr_opt(w, "id", o->id);
    ts_jsonw_kstr_opt(w, "expires", o->expires);
    ts_jsonw_kstr_opt(w, "domain", o->domain);
    ts_jsonw_kstr_opt(w, "challenge", o->challenge);
    write_previous(w, m);
    ts_jsonw_end(w);
}

/* Canonical text in the maker's arena. */
static bool text_of(maker *m, const ts_json *v, ts_str without, ts_str *out) {
    ts_arena work = proof_arena_behind(m->a);
    ts_buf b = proof_text_in(m->a);
    bool ok = ts_canonical_without(&b, work, v, &without, without.n != 0, m->e);
    m->a->end = work.end;
    *out = ts_buf_str(&b);
    if (ok && b.full) return ts_fail(m->e, TS_E_MEMORY, "no room for the signed document");
    return ok;
}

/* What was signed is read back from its text, so that it is the text that is signed. */
static const ts_json *read_back(maker *m, ts_str text) {
    return ts_json_parse(m->a, text, (ts_json_options){.strict = true, .max_depth = DEPTH}, m->e);
}

static const ts_json *make_options(maker *m) {
    const ts_json *own = ts_json_member(m->document, "@context");
    ts_str context = TS_NONE;
    if (own && !text_of(m, own, TS_NONE, &context)) return 0;
    ts_buf b = ts_buf_new(m->a, (size_t)-1);
    ts_jsonw w = ts_jsonw_to(&b);
    write_options(&w, m, context);
    return read_back(m, ts_buf_str(&b));
}

static bool sign(maker *m, const ts_json *options, const ts_key *k, ts_str *value) {
    const proof_view view = {.covered = m->covered, .covered_n = m->covered_n};
    proof_message message;
    ts_signature s;
    bool ok = m->covered_n
                  ? proof_message_of(*m->a, m->suite, options, m->document, &view, &message, m->e)
                  : proof_message_of_text(*m->a, m->suite, options, m->rest, &message, m->e);
    if (!ok || !ts_key_sign(k, (ts_str){message.b, message.n}, &s, m->e)) return false;
    *value = ts_base58(m->a, (ts_str){(const char *)s.b, s.n});
    return true;
}

/* How many bytes of an object's canonical text the members behind `name` take, commas included. The
 * name is of small letters: in UTF-8, too, it stands where it stands in UTF-16. */
static bool length_behind(maker *m, const ts_json *object, ts_str name, size_t *bytes) {
    size_t nodes = 1, members = 0;
    ts_str text = TS_S("{}");
    TS_JSON_EACH_MEMBER(k, v, object)
    if (ts_str_cmp(ts_json_str(k), name) > 0) nodes += 1 + v->span, members++;
    ts_json *behind = ts_new_raw(m->a, ts_json, nodes), *at = behind + 1;
    *behind = *object;
    behind->plain = 0;
    behind->n = (uint32_t)members;
    behind->span = (uint32_t)nodes & 0x0FFFFFFF;
    TS_JSON_EACH_MEMBER(k, v, object) {
        if (ts_str_cmp(ts_json_str(k), name) <= 0) continue;
        *at = *k;
        memcpy(at + 1, v, v->span * sizeof *v);
        at += 1 + v->span;
    }
    if (members && !text_of(m, behind, TS_NONE, &text)) return false;
    *bytes = text.n - 2;
    return true;
}

/* The canonical text of an object with one more member; `text` is that of the object without it. */
static bool with_member(maker *m, const ts_json *object, ts_str text, ts_str name, ts_str value,
                        ts_str *out) {
    size_t behind;
    if (!length_behind(m, object, name, &behind)) return false;
    size_t at = text.n - 1 - behind;
    ts_buf b = ts_buf_new(m->a, (size_t)-1);
    ts_buf_room(&b, text.n + name.n + value.n + 8);
    ts_buf_put(&b, ts_str_to(text, at));
    if (!behind && at > 1) ts_buf_c(&b, ',');
    ts_buf_c(&b, '"');
    ts_buf_put(&b, name);
    ts_buf_lit(&b, "\":");
    ts_buf_put(&b, value);
    if (behind) ts_buf_c(&b, ',');
    ts_buf_put(&b, ts_str_from(text, at));
    *out = ts_buf_str(&b);
    return true;
}

static bool make_proof(maker *m, const ts_key *k, ts_str *out) {
    ts_str value, text;
    const ts_json *options = make_options(m);
    if (!options || !sign(m, options, k, &value) || !text_of(m, options, TS_NONE, &text))
        return false;
    ts_str quoted[] = {TS_S("\"z"), value, TS_S("\"")};
    return with_member(m, options, text, TS_S("proofValue"), ts_str_join(m->a, quoted, 3, TS_NONE),
                       out);
}

/* ---- The document ---- */

/* With the proofs it has, and the new one behind them. */
static bool put_together(maker *m, ts_str proof, ts_str *out) {
    ts_str one;
    ts_buf all = ts_buf_new(m->a, (size_t)-1);
    for (size_t i = 0; i < m->has.n; i++) {
        if (!text_of(m, m->has.v[i].node, TS_NONE, &one)) return false;
        ts_buf_c(&all, i ? ',' : '[');
        ts_buf_put(&all, one);
    }
    if (m->has.n) ts_buf_c(&all, ',');
    ts_buf_put(&all, proof);
    if (m->has.n) ts_buf_c(&all, ']');
    return with_member(m, m->document, m->rest, TS_S("proof"), ts_buf_str(&all), out);
}

bool ts_proof_add(ts_arena *a, const ts_json *document, const ts_proof_options *o, const ts_key *k,
                  ts_str *out, ts_error *e) {
    ts_arena front = *a, work = proof_arena_behind(&front);
    maker m = {.a = &work,
               .document = document,
               .o = o,
               .suite = proof_suite_of(ts_key_public_of(k)->kind),
               .e = e};
    ts_str proof, whole;
    if (!ts_proofs_read(&work, document, &m.has, e) || !check_options(&m) ||
        !text_of(&m, document, TS_S("proof"), &m.rest) || !make_proof(&m, k, &proof) ||
        !put_together(&m, proof, &whole))
        return false;
    *out = ts_str_dup(a, whole);
    return true;
}
