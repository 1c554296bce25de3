/* DID documents: reading them strictly, and writing our own. */
#include "did_part.h"
#include "encoding.h"
#include "key_part.h"
#include "shown.h"

enum { METHODS_MAX = 1000, NAMES_MAX = 1000, ED25519_BYTES = 32 };

typedef struct reader {
    ts_arena *a;
    ts_did_document d;
    ts_map at; /* id of a method -> its place in d.methods, plus 1 */
    ts_error *e;
} reader;

/* ---- Members ---- */

static bool text_member(reader *r, const ts_json *v, const char *name, ts_str *out) {
    const ts_json *m = ts_json_get(v, ts_str_c(name));
    if (m && m->type != TS_JSON_STRING)
        return ts_fail(r->e, TS_E_INPUT, "DID document: %s is no string", name);
    *out = ts_json_str(m);
    return true;
}

static bool date_member(reader *r, const ts_json *v, const char *name, ts_str *out) {
    if (!text_member(r, v, name, out)) return false;
    if (!ts_json_get(v, ts_str_c(name)) || ts_stamp_parse(*out, 0)) return true;
    return ts_fail(r->e, TS_E_INPUT, "DID document: %s is \"%s\", no date and time with time zone",
                   name, SHOWN(*out));
}

static bool list_member(reader *r, const char *name, const ts_json *document, const ts_json **out) {
    *out = ts_json_get(document, ts_str_c(name));
    if (!*out || (*out)->type == TS_JSON_ARRAY) return true;
    return ts_fail(r->e, TS_E_INPUT, "DID document: %s is no array", name);
}

/* ---- Keys ---- */

/* A secret that was published is everybody's; what it signs says nothing any more. */
static bool holds_no_secret(reader *r, const ts_json *method, ts_str id) {
    static const char *const parts[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
    const ts_json *jwk = ts_json_member(method, "publicKeyJwk");
    TS_JSON_EACH_MEMBER(name, value, method)
    if (ts_str_istarts(ts_json_str(name), TS_S("secretKey")) ||
        ts_str_istarts(ts_json_str(name), TS_S("privateKey")))
        return ts_fail(r->e, TS_E_INPUT,
                       "DID document: %s holds a secret key (%s); it is known to everybody and "
                       "must be replaced",
                       SHOWN(id), SHOWN(ts_json_str(name)));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (ts_json_get(jwk, ts_str_c(parts[i])))
            return ts_fail(r->e, TS_E_INPUT,
                           "DID document: %s holds a secret key (publicKeyJwk with \"%s\"); it is "
                           "known to everybody and must be replaced",
                           SHOWN(id), parts[i]);
    return true;
}

/* What the reader of a key said: TS_E_VERSION is a kind that is not known here. */
static bool known_or_none(reader *r, ts_str id, bool read, const ts_error *why, ts_public_key *k) {
    if (read) return true;
    *k = (ts_public_key){.kind = TS_KEY_NONE};
    return why->code == TS_E_VERSION ||
           ts_fail(r->e, why->code, "DID document: %s: %s", SHOWN(id), why->msg);
}

static bool read_multibase(reader *r, const ts_json *m, ts_str id, ts_public_key *k) {
    ts_error why = {0};
    ts_str text;
    if (!text_member(r, m, "publicKeyMultibase", &text)) return false;
    if (!text.n)
        return ts_fail(r->e, TS_E_INPUT, "DID document: %s has no publicKeyMultibase", SHOWN(id));
    if (text.p[0] != 'z') return true; /* in another base: none of our kinds is written so */
    return known_or_none(r, id, ts_public_key_from_multikey(text, k, &why), &why, k);
}

static bool read_ed25519_2020(reader *r, const ts_json *m, ts_str id, ts_public_key *k) {
    if (!read_multibase(r, m, id, k)) return false;
    return k->kind == TS_KEY_ED25519 ||
           ts_fail(r->e, TS_E_INPUT,
                   "DID document: %s is an Ed25519VerificationKey2020 with another kind of key",
                   SHOWN(id));
}

static bool read_ed25519_2018(reader *r, const ts_json *m, ts_str id, ts_public_key *k) {
    ts_error why = {0};
    ts_str text, bytes;
    if (!text_member(r, m, "publicKeyBase58", &text)) return false;
    if (!ts_base58_decode(r->a, text, &bytes, &why))
        return ts_fail(r->e, TS_E_INPUT, "DID document: %s: publicKeyBase58: %s", SHOWN(id),
                       why.msg);
    if (bytes.n != ED25519_BYTES)
        return ts_fail(r->e, TS_E_INPUT,
                       "DID document: %s: publicKeyBase58 has %zu bytes; an Ed25519 key has %d",
                       SHOWN(id), bytes.n, ED25519_BYTES);
    *k = (ts_public_key){.kind = TS_KEY_ED25519, .n = ED25519_BYTES};
    memcpy(k->b, bytes.p, bytes.n);
    return known_or_none(r, id, key_check(k, &why), &why, k);
}

/* A JWK that says of itself that it is for encryption. */
static bool is_for_something_else(const ts_json *jwk) {
    const ts_json *use = ts_json_member(jwk, "use"), *ops = ts_json_member(jwk, "key_ops");
    if (ts_json_is(use, TS_JSON_STRING) && !ts_str_is(ts_json_str(use), "sig")) return true;
    if (ts_str_starts(ts_json_str(ts_json_member(jwk, "alg")), TS_S("ECDH-ES"))) return true;
    if (!ts_json_is(ops, TS_JSON_ARRAY)) return false;
    TS_JSON_EACH(op, ops)
    if (ts_str_is(ts_json_str(op), "verify")) return false;
    return true;
}

static bool read_jwk(reader *r, const ts_json *m, ts_str id, ts_public_key *k) {
    ts_error why = {0};
    const ts_json *jwk = ts_json_member(m, "publicKeyJwk");
    if (!ts_json_is(jwk, TS_JSON_OBJECT))
        return ts_fail(r->e, TS_E_INPUT, "DID document: %s has no publicKeyJwk that is an object",
                       SHOWN(id));
    if (is_for_something_else(jwk)) return true;
    return known_or_none(r, id, ts_public_key_from_jwk(jwk, k, &why), &why, k);
}

static bool read_key(reader *r, const ts_json *m, ts_str id, ts_str type, ts_public_key *k) {
    static const struct {
        const char *type;
        bool (*read)(reader *, const ts_json *, ts_str id, ts_public_key *);
    } known[] = {
        {"Multikey", read_multibase},
        {"JsonWebKey", read_jwk},
        {"JsonWebKey2020", read_jwk},
        {"Ed25519VerificationKey2020", read_ed25519_2020},
        {"Ed25519VerificationKey2018", read_ed25519_2018},
    };
    static const char *const material[] = {"publicKeyMultibase", "publicKeyJwk", "publicKeyBase58"};
    unsigned forms = 0;
    for (size_t i = 0; i < 3; i++) forms += ts_json_get(m, ts_str_c(material[i])) != 0;
    if (forms > 1)
        return ts_fail(r->e, TS_E_INPUT, "DID document: %s has its key in two forms", SHOWN(id));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ts_str_is(type, known[i].type)) return known[i].read(r, m, id, k);
    return true;
}

/* ---- Methods ---- */

/* "#key-1" under the document's id; an absolute one must be under it already. */
static bool absolute_id(reader *r, ts_str id, ts_str *out) {
    ts_did_url u;
    const ts_str parts[] = {r->d.id, id};
    *out = id.n && id.p[0] == '#' ? ts_str_join(r->a, parts, 2, TS_NONE) : id;
    if (!ts_did_parse(*out, &u, r->e)) return false;
    return u.fragment.n ||
           ts_fail(r->e, TS_E_INPUT, "DID document: \"%s\" names no method: it has no fragment",
                   SHOWN(id));
}

static bool is_own(const reader *r, ts_str id) {
    return ts_str_starts(id, r->d.id) && id.n > r->d.id.n && strchr("/?#", id.p[r->d.id.n]);
}

static bool read_method(reader *r, const ts_json *v, ts_did_method *m) {
    ts_str id, type, controller;
    if (!ts_json_is(v, TS_JSON_OBJECT))
        return ts_fail(r->e, TS_E_INPUT, "DID document: a verification method is no object");
    if (!text_member(r, v, "id", &id) || !text_member(r, v, "type", &type) ||
        !text_member(r, v, "controller", &controller) || !absolute_id(r, id, &m->id))
        return false;
    if (!type.n || !controller.n)
        return ts_fail(r->e, TS_E_INPUT, "DID document: the method %s has no %s", SHOWN(m->id),
                       type.n ? "controller" : "type");
    m->controller = controller;
    return holds_no_secret(r, v, m->id) && date_member(r, v, "expires", &m->expires) &&
           date_member(r, v, "revoked", &m->revoked) && read_key(r, v, m->id, type, &m->key);
}

static bool add_method(reader *r, const ts_json *v, unsigned purposes) {
    ts_did_method m = {.purposes = purposes};
    if (r->d.methods.n == METHODS_MAX)
        return ts_fail(r->e, TS_E_LIMIT, "DID document: more than %d verification methods",
                       METHODS_MAX);
    if (!read_method(r, v, &m)) return false;
    /* what another DID's key is, or one that another controls, its own document says */
    if (!is_own(r, m.id) || !ts_str_eq(m.controller, r->d.id)) {
        m.key = (ts_public_key){.kind = TS_KEY_NONE};
        m.purposes = 0;
    }
    uint64_t *at = ts_map_put(r->a, &r->at, m.id, 0);
    if (*at)
        return ts_fail(r->e, TS_E_INPUT, "DID document: two methods have the id %s", SHOWN(m.id));
    *ts_push(r->a, &r->d.methods) = m;
    *at = r->d.methods.n;
    return true;
}

static bool read_methods(reader *r, const ts_json *document) {
    const ts_json *list;
    if (!list_member(r, "verificationMethod", document, &list)) return false;
    TS_JSON_EACH(v, list)
    if (!add_method(r, v, 0)) return false;
    return true;
}

/* ---- Relationships ---- */

/* A method that is named; one that is not here stays without effect. */
static bool name_method(reader *r, ts_str name, unsigned purpose) {
    ts_str id;
    if (!absolute_id(r, name, &id)) return false;
    const uint64_t *at = ts_map_get(&r->at, id);
    if (at && is_own(r, id)) r->d.methods.v[*at - 1].purposes |= purpose;
    return true;
}

static bool read_relationship(reader *r, const ts_json *document, const char *name,
                              unsigned purpose) {
    const ts_json *list;
    if (!list_member(r, name, document, &list)) return false;
    if (list && list->n > METHODS_MAX)
        return ts_fail(r->e, TS_E_LIMIT, "DID document: more than %d entries in %s", METHODS_MAX,
                       name);
    TS_JSON_EACH(v, list) {
        bool named = v->type == TS_JSON_STRING;
        if (named ? !name_method(r, ts_json_str(v), purpose) : !add_method(r, v, purpose))
            return false;
    }
    return true;
}

/* The other relationships are read as well: a method embedded there must not hide a secret, nor
 * have the id of another. */
static bool read_relationships(reader *r, const ts_json *document) {
    static const struct {
        const char *name;
        unsigned purpose;
    } known[] = {
        {"assertionMethod", TS_DID_ASSERTION},
        {"authentication", TS_DID_AUTHENTICATION},
        {"keyAgreement", 0},
        {"capabilityInvocation", 0},
        {"capabilityDelegation", 0},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!read_relationship(r, document, known[i].name, known[i].purpose)) return false;
    return true;
}

/* ---- The document ---- */

static bool read_also_known_as(reader *r, const ts_json *document) {
    const ts_json *list;
    if (!list_member(r, "alsoKnownAs", document, &list)) return false;
    if (list && list->n > NAMES_MAX)
        return ts_fail(r->e, TS_E_LIMIT, "DID document: more than %d entries in alsoKnownAs",
                       NAMES_MAX);
    TS_JSON_EACH(v, list) {
        if (v->type != TS_JSON_STRING)
            return ts_fail(r->e, TS_E_INPUT, "DID document: an entry of alsoKnownAs is no string");
        *ts_push(r->a, &r->d.also_known_as) = ts_json_str(v);
    }
    return true;
}

bool ts_did_document_read(ts_arena *a, const ts_json *document, ts_str did, ts_did_document *out,
                          ts_error *e) {
    ts_did_url u;
    ts_str id;
    reader r = {.a = a, .e = e, .d.id = did};
    if (!did_parse_bare(did, &u, e)) return false;
    if (!ts_json_is(document, TS_JSON_OBJECT))
        return ts_fail(e, TS_E_INPUT, "DID document: no JSON object");
    if (!text_member(&r, document, "id", &id)) return false;
    if (!ts_str_eq(id, did))
        return ts_fail(e, TS_E_INPUT, "DID document: its id is \"%s\", not %s", SHOWN(id),
                       SHOWN(did));
    if (!read_methods(&r, document) || !read_relationships(&r, document) ||
        !read_also_known_as(&r, document))
        return false;
    *out = r.d;
    return true;
}

const ts_did_method *ts_did_find(const ts_did_document *d, ts_str id) {
    bool relative = id.n && id.p[0] == '#';
    for (size_t i = 0; i < d->methods.n; i++) {
        ts_str whole = d->methods.v[i].id;
        ts_str mine = relative && ts_str_starts(whole, d->id) ? ts_str_from(whole, d->id.n) : whole;
        if (ts_str_eq(mine, id)) return &d->methods.v[i];
    }
    return 0;
}

/* ---- Writing ---- */

static void write_method(ts_jsonw *w, const ts_did_document *d, const ts_did_method *m) {
    char room[4096];
    ts_arena scratch = {room, room + sizeof room, 0};
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", m->id);
    ts_jsonw_kstr(w, "type", TS_S("Multikey"));
    ts_jsonw_kstr(w, "controller", m->controller.n ? m->controller : d->id);
    ts_jsonw_kstr(w, "publicKeyMultibase", ts_public_key_multikey(&scratch, &m->key));
    ts_jsonw_kstr_opt(w, "expires", m->expires);
    ts_jsonw_kstr_opt(w, "revoked", m->revoked);
    ts_jsonw_end(w);
}

static void write_relationship(ts_jsonw *w, const char *name, const ts_did_document *d,
                               unsigned purposes) {
    size_t n = 0;
    for (size_t i = 0; i < d->methods.n; i++) {
        const ts_did_method *m = &d->methods.v[i];
        if (m->key.kind == TS_KEY_NONE || (purposes && !(m->purposes & purposes))) continue;
        if (!n++) {
            ts_jsonw_key(w, name);
            ts_jsonw_array(w);
        }
        ts_jsonw_str(w, m->id);
    }
    if (n) ts_jsonw_end(w);
}

void ts_did_document_write(ts_jsonw *w, const ts_did_document *d) {
    ts_jsonw_object(w);
    ts_jsonw_key(w, "@context");
    ts_jsonw_array(w);
    ts_jsonw_str(w, TS_S("https://www.w3.org/ns/did/v1"));
    ts_jsonw_str(w, TS_S("https://w3id.org/security/multikey/v1"));
    ts_jsonw_end(w);
    ts_jsonw_kstr(w, "id", d->id);
    ts_jsonw_kstrs_opt(w, "alsoKnownAs", &d->also_known_as);
    ts_jsonw_key(w, "verificationMethod");
    ts_jsonw_array(w);
    for (size_t i = 0; i < d->methods.n; i++)
        if (d->methods.v[i].key.kind != TS_KEY_NONE) write_method(w, d, &d->methods.v[i]);
    ts_jsonw_end(w);
    write_relationship(w, "assertionMethod", d, 0);
    write_relationship(w, "authentication", d, TS_DID_AUTHENTICATION);
    ts_jsonw_end(w);
}
