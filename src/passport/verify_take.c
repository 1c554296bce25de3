/* From bytes to credentials: tokens, envelopes, presentations. */
#include "verify_part.h"

enum { DEPTH = 64 };

/* ---- Items ---- */

static verify_item *new_item(verify_run *r, ts_str bytes) {
    verify_item *it = ts_new(r->a, verify_item);
    it->bytes = bytes;
    it->c.credential.from = it->c.credential.until = TS_NO_TIME;
    return it;
}

static verify_item *break_item(verify_item *it, ts_answer how, ts_str why) {
    it->broken = why.n ? why : TS_S("it cannot be read");
    it->breakage = how;
    it->token = 0;
    it->c.credential = (ts_credential){.from = TS_NO_TIME, .until = TS_NO_TIME};
    return it;
}

static verify_item *break_by(verify_run *r, verify_item *it, const ts_error *e) {
    return break_item(it, e->code == TS_E_VERSION ? TS_OPEN : TS_NO,
                      verify_say(r->a, "%s", e->msg));
}

/* The item's tree, whatever it is secured by. */
static verify_item *read_tree(verify_run *r, verify_item *it, const ts_json *root) {
    ts_error e = {0};
    if (!ts_json_is(root, TS_JSON_OBJECT))
        return break_item(it, TS_NO, TS_S("it is no JSON object"));
    if (!ts_credential_read(r->a, root, &it->c.credential, &e)) {
        if (e.code == TS_E_LIMIT) return break_by(r, it, &e);
        it->rule = verify_say(r->a, "%s", e.msg);
        it->rule_at = verify_say(r->a, "%s", e.where);
    }
    it->c.type = ts_untp_type_of(&it->c.credential);
    return it;
}

static const ts_json *parse(verify_run *r, ts_str text, ts_error *e) {
    return ts_json_parse(r->a, text, (ts_json_options){.strict = true, .max_depth = DEPTH}, e);
}

/* ---- Tokens ---- */

static ts_str without_application(ts_str type) {
    ts_str prefix = TS_S("application/");
    return ts_str_istarts(type, prefix) ? ts_str_from(type, prefix.n) : type;
}

/* typ and cty may be left out (VC-JOSE-COSE section 3.1.1); what they say must hold. */
static const char *header_fault(const ts_jws *j, bool presentation) {
    const char *typ = presentation ? "vp+jwt" : "vc+jwt", *cty = presentation ? "vp" : "vc";
    if (j->typ.n && !ts_jws_typ_is(j, typ))
        return presentation ? "the token's typ is not vp+jwt, but it holds a presentation"
                            : "the token's typ is not vc+jwt, but it holds a credential";
    if (j->cty.n && !ts_str_ieq(without_application(j->cty), ts_str_c(cty)))
        return "the token's cty is not that of what it holds";
    return 0;
}

/* What makes a payload that of VCDM 1.1. */
static const char *payload_fault(const ts_json *root) {
    if (ts_json_member(root, "vc") || ts_json_member(root, "vp"))
        return "the token wraps what it says in a claim \"vc\" or \"vp\", as VCDM 1.1 did; "
               "VC-JOSE-COSE section 3.1 forbids both";
    return 0;
}

/* A token, a tilde, and disclosures in base64url between tildes (RFC 9901 section 4). */
static bool is_sd_jwt(ts_str token) {
    size_t dots = 0, tilde = ts_str_chr(token, '~');
    for (size_t i = 0; i < token.n; i++) {
        char c = token.p[i];
        if (!ts_is_alnum(c) && !(c && strchr("-_.~", c))) return false;
        dots += c == '.' && i < tilde;
    }
    return tilde != TS_NPOS && dots == 2;
}

static verify_item *read_token(verify_run *r, ts_str token) {
    verify_item *it = new_item(r, token);
    ts_jws *j = ts_new(r->a, ts_jws);
    ts_error e = {0};
    it->whole = true;
    if (is_sd_jwt(token))
        return break_item(it, TS_OPEN,
                          TS_S("it is a token with selective disclosure (SD-JWT), which is not "
                               "checked here"));
    if (!ts_jws_parse(r->a, token, TS_DOSSIER_MAX, j, &e)) return break_by(r, it, &e);
    const ts_json *root = parse(r, j->payload, &e);
    if (!root) return break_item(it, TS_NO, verify_say(r->a, "the token's payload: %s", e.msg));
    const char *fault = payload_fault(root);
    if (fault) return break_item(it, TS_NO, ts_str_c(fault));
    it->token = j;
    if (read_tree(r, it, root)->broken.n) return it;
    if (it->c.credential.kind == TS_VC_ENVELOPED)
        return break_item(it, TS_NO, TS_S("the token holds an envelope instead of a credential"));
    fault = header_fault(j, it->c.credential.kind == TS_VC_PRESENTATION);
    return fault ? break_item(it, TS_NO, ts_str_c(fault)) : it;
}

/* ---- Envelopes: data:application/vc+jwt,TOKEN (VCDM 2.0 section 4.13) ---- */

typedef enum { MEDIA_TOKEN, MEDIA_KNOWN, MEDIA_OTHER } media;

static media media_of(ts_str type, bool presentation) {
    static const char *const known[] = {"vc+sd-jwt", "vp+sd-jwt", "vc+cose", "vp+cose"};
    ts_str bare = without_application(type);
    if (bare.n == type.n) return MEDIA_OTHER;
    if (ts_str_ieq(bare, presentation ? TS_S("vp+jwt") : TS_S("vc+jwt"))) return MEDIA_TOKEN;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ts_str_ieq(bare, ts_str_c(known[i]))) return MEDIA_KNOWN;
    return MEDIA_OTHER;
}

static verify_item *open_envelope(verify_run *r, const ts_credential *envelope, ts_str bytes) {
    verify_item *broken = new_item(r, bytes);
    bool presentation = ts_credential_is(envelope, "EnvelopedVerifiablePresentation");
    ts_str rest = ts_str_from(envelope->id, 5), parameters = ts_str_cut(&rest, ',');
    ts_str type = ts_str_cut(&parameters, ';');
    if (!rest.p) return break_item(broken, TS_NO, TS_S("the envelope's data: URL has no comma"));
    switch (media_of(type, presentation)) {
    case MEDIA_KNOWN:
        return break_item(
            broken, TS_OPEN,
            verify_say(r->a, "the envelope holds %s, which is not checked here", SHOW(type)));
    case MEDIA_OTHER:
        return break_item(broken, TS_NO,
                          verify_say(r->a, "the envelope holds \"%s\", which is no %s", SHOW(type),
                                     presentation ? "presentation" : "credential"));
    default:;
    }
    if (parameters.n)
        return break_item(broken, TS_NO,
                          TS_S("the envelope's data: URL has parameters; a token needs none"));
    return read_token(r, rest);
}

/* ---- JSON ---- */

static verify_item *read_object(verify_run *r, const ts_json *root, ts_str bytes) {
    verify_item *it = read_tree(r, new_item(r, bytes), root);
    if (it->broken.n || it->c.credential.kind != TS_VC_ENVELOPED) return it;
    if (it->rule.n) return break_item(it, TS_NO, it->rule);
    return open_envelope(r, &it->c.credential, bytes);
}

static verify_item *read_text(verify_run *r, ts_str text) {
    ts_error e = {0};
    const ts_json *root = parse(r, text, &e);
    if (!root) return break_item(new_item(r, text), TS_NO, verify_say(r->a, "%s", e.msg));
    verify_item *it = read_object(r, root, text);
    it->whole = true;
    return it;
}

verify_item *verify_read(verify_run *r, ts_str bytes) {
    ts_str text = bytes;
    verify_item *it = 0;
    while (text.n && ts_is_space(text.p[0])) text = ts_str_from(text, 1);
    while (text.n && ts_is_space(text.p[text.n - 1])) text.n--;
    if (!text.n)
        it = break_item(new_item(r, text), TS_NO, TS_S("there is nothing in it"));
    else if (text.p[0] == '{' || text.p[0] == '[')
        it = read_text(r, text);
    else
        it = read_token(r, text);
    it->raw = bytes;
    return it;
}

/* ---- The dossier ---- */

static bool has_room(const verify_run *r, ts_error *e) {
    return r->items.n < TS_DOSSIER_CREDENTIALS ||
           ts_fail(e, TS_E_LIMIT, "the dossier holds more than the %d credentials that are read",
                   TS_DOSSIER_CREDENTIALS);
}

static verify_item *keep(verify_run *r, verify_item *it) {
    if (!it->broken.n && it->c.credential.kind == TS_VC_PRESENTATION)
        break_item(it, TS_NO, TS_S("it is a presentation where a credential belongs"));
    return *ts_push(r->a, &r->items) = it;
}

/* The item of these bytes, if there is one; else *place is where it belongs. */
static verify_item *known(verify_run *r, ts_str bytes, uint64_t **place) {
    bool fresh = false;
    *place = ts_map_put(r->a, &r->seen, bytes, &fresh);
    return fresh || !**place ? 0 : r->items.v[**place - 1];
}

verify_item *verify_add(verify_run *r, ts_str bytes, ts_error *e) {
    uint64_t *place;
    if (!has_room(r, e)) return 0;
    verify_item *it = known(r, bytes, &place);
    if (it) return it;
    *place = r->items.n + 1;
    return keep(r, verify_read(r, bytes));
}

/* The text of an object inside a text: from its bracket to the one that closes it. */
static ts_str text_of(const ts_json *object, ts_str whole) {
    size_t at = (size_t)(object->p - whole.p), end = at;
    return ts_json_split(whole, &at, &end, true) == TS_JSON_SPLIT_VALUE
               ? (ts_str){whole.p + at, end - at}
               : TS_NONE;
}

static void take_within(verify_run *r, const verify_item *presentation) {
    const ts_credential *c = &presentation->c.credential;
    ts_str whole = presentation->token ? presentation->token->payload : presentation->bytes;
    ts_error e = {0};
    uint64_t *place;
    for (size_t i = 0; i < c->within.n; i++) {
        ts_str text = text_of(c->within.v[i], whole);
        if (!has_room(r, &e)) {
            *ts_push(r->a, &r->items) =
                break_item(new_item(r, text), TS_OPEN, verify_say(r->a, "%s", e.msg));
            return;
        }
        if (known(r, text, &place)) continue;
        *place = r->items.n + 1;
        keep(r, read_object(r, c->within.v[i], text));
    }
}

void verify_take(verify_run *r, ts_str bytes) {
    r->bytes = bytes.n;
    if (bytes.n > TS_DOSSIER_MAX) {
        ts_str why =
            verify_say(r->a, "it is larger than the %d MiB that are read", TS_DOSSIER_MAX >> 20);
        *ts_push(r->a, &r->items) = break_item(new_item(r, TS_NONE), TS_OPEN, why);
        return;
    }
    verify_item *it = verify_read(r, bytes);
    if (it->broken.n || it->c.credential.kind != TS_VC_PRESENTATION) {
        *ts_push(r->a, &r->items) = it;
        return;
    }
    r->presentation = it;
    take_within(r, it);
}
