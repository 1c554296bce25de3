/* What is said of products' safety, over HTTP: asked for, stated, contested, lifted; and which
 * passports a notice hits. */
#include "page.h"

enum {
    FETCH_MS = 5000,
    ROWS_DEFAULT = 1000,
    ROWS_MAX = 100000,
    ANSWER_CAP = 64 << 20,
};

/* ---- Asked for ---- */

/* The passport that was named, or the closest one of the product. */
static bool which(web_exchange *x, ts_str *passport, ts_str *product, ts_error *e) {
    ts_str id = web_parameter_of(x, "passport"), code = web_parameter_of(x, "product");
    ts_product_id p;
    ts_link_levels l = {0};
    ts_passport_row row;
    bool found;
    if (!id.n == !code.n) return ts_fail(e, TS_E_USAGE, "name either a product or a passport");
    if (code.n) {
        if (!ts_product_id_read(x->a, code, &p, e) ||
            !ts_links_find(x->a, x->store, &p, false, &l, e))
            return false;
        if (!l.rows.n)
            return ts_fail(e, TS_E_NOT_FOUND, "no passport of this product is kept here");
        *passport = l.rows.v[0].id;
        *product = p.text;
        return true;
    }
    if (!ts_store_passport(x->store, x->a, id, &row, &found, e)) return false;
    *passport = id;
    *product = row.product;
    return found || ts_fail(e, TS_E_NOT_FOUND, "this passport is not kept here");
}

static bool recall_status(web_exchange *x, ts_error *e) {
    ts_str passport, product;
    ts_standings s;
    if (!which(x, &passport, &product, e) || !ts_safety_of(x->a, x->store, passport, &s, e))
        return false;
    ts_buf b = ts_buf_new(x->a, ANSWER_CAP);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_safety_write(&w, product, &s);
    if (b.full) return ts_fail(e, TS_E_LIMIT, "there is more to say than fits one answer");
    web_set(x, "Cache-Control", TS_S("no-cache"));
    web_set(x, "Access-Control-Allow-Origin", TS_S("*"));
    web_json(x, 200, ts_buf_str(&b));
    return true;
}

static void write_statement(ts_jsonw *w, const ts_statement_row *r) {
    char at[24];
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", r->id);
    ts_jsonw_kstr(w, "status", r->kind);
    ts_jsonw_kstr_opt(w, "statement", r->about);
    ts_jsonw_kstr(w, "passport", r->passport);
    ts_jsonw_kstr_opt(w, "notice", r->notice);
    ts_jsonw_key(w, "by");
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", r->by);
    ts_jsonw_kstr_opt(w, "name", r->by_name);
    ts_jsonw_end(w);
    ts_jsonw_kstr(w, "at", ts_instant_iso(r->at, at));
    ts_jsonw_kstr(w, "credential", r->bytes);
    ts_jsonw_end(w);
}

static bool statements(web_exchange *x, ts_error *e) {
    ts_str id = web_parameter_of(x, "id"), passport = web_parameter_of(x, "passport");
    ts_statement_rows rows = {0};
    ts_statement_row one;
    bool found;
    if (!id.n == !passport.n)
        return ts_fail(e, TS_E_USAGE, "name either a passport or a statement's id");
    if (id.n) {
        if (!ts_store_statement(x->store, x->a, id, &one, &found, e)) return false;
        if (!found) return ts_fail(e, TS_E_NOT_FOUND, "this statement is not kept here");
        *ts_push(x->a, &rows) = one;
    } else if (!ts_store_statements(x->store, x->a, passport, &rows, e))
        return false;
    ts_buf b = ts_buf_new(x->a, ANSWER_CAP);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "statements");
    ts_jsonw_array(&w);
    for (size_t i = 0; i < rows.n; i++) write_statement(&w, &rows.v[i]);
    ts_jsonw_end(&w);
    ts_jsonw_end(&w);
    if (b.full) return ts_fail(e, TS_E_LIMIT, "there are more statements than fit one answer");
    web_set(x, "Access-Control-Allow-Origin", TS_S("*"));
    web_json(x, 200, ts_buf_str(&b));
    return true;
}

/* ---- Stated ---- */

/* The house's own DID document is at hand; others are fetched. */
typedef struct keys_of {
    ts_source_of others;
    ts_str url, bytes;
} keys_of;

static bool get(void *ctx, ts_arena *a, ts_want what, ts_str url, ts_str *bytes, ts_error *why) {
    const keys_of *k = ctx;
    if (what != TS_WANT_DID_DOCUMENT || !k->bytes.n || !ts_str_eq(url, k->url))
        return k->others.get(k->others.ctx, a, what, url, bytes, why);
    *bytes = k->bytes;
    return true;
}

static bool sources(web_exchange *x, keys_of *out, ts_error *e) {
    ts_error ignored = {0};
    const ts_resolve_options o = {.fetch = {.max_ms = FETCH_MS, .retries = -1}};
    ts_resolver *r = ts_resolver_new(x->a, &o, e);
    if (!r) return false;
    *out = (keys_of){.others = ts_resolver_source(r)};
    if (!web_did_document(x, &out->bytes, &ignored)) out->bytes = TS_NONE;
    const ts_json *root =
        out->bytes.n ? ts_json_parse(x->a, out->bytes, (ts_json_options){.strict = true}, &ignored)
                     : 0;
    if (!ts_did_web_url(x->a, ts_json_str(ts_json_member(root, "id")), &out->url, &ignored))
        out->bytes = TS_NONE;
    return true;
}

/* Verified before the writing connection is taken: keys may have to be fetched. */
static bool keep(web_exchange *x, ts_str credential, ts_error *e) {
    keys_of keys;
    ts_statement_row row;
    bool fresh = false;
    if (!sources(x, &keys, e)) return false;
    const ts_verify_options o = {.now = x->now, .source = {get, &keys}};
    if (!ts_statement_verify(x->a, credential, &o, &row, e)) return false;
    ts_store *s = web_writer(x, e);
    if (!s) return false;
    bool ok = ts_statement_keep(x->a, s, &row, &fresh, e);
    web_writer_done(x);
    if (!ok) return false;
    ts_buf b = ts_buf_new(x->a, 4 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    write_statement(&w, &row);
    ts_str at[] = {web_base(x), TS_S("/statements?id="), web_encode(x->a, row.id)};
    web_set(x, "Location", ts_str_join(x->a, at, 3, TS_NONE));
    web_json(x, fresh ? 201 : 200, ts_buf_str(&b));
    return true;
}

static bool state(web_exchange *x, ts_error *e) { return keep(x, x->body, e); }

/* In the name of this house; who may ask for that is its own operator. */
static bool signs_for(web_exchange *x, ts_signer *by, ts_error *e) {
    const ts_server_options *o = web_options(x);
    if (!o->sign.key) {
        x->status = 501;
        return ts_fail(e, TS_E_USAGE,
                       "this server has no key to sign with: sign it elsewhere and post the "
                       "credential to /statements");
    }
    *by = ts_signer_complete(x->a, o->sign);
    if (x->token.operator_id.n && ts_str_eq(x->token.operator_id, by->issuer)) return true;
    x->status = 403;
    return ts_fail(e, TS_E_USAGE, "this server signs for its own operator alone");
}

static const ts_json *object_of(web_exchange *x, ts_error *e) {
    const ts_json *v = ts_json_parse(x->a, x->body, (ts_json_options){.strict = true}, e);
    if (!v || ts_json_is(v, TS_JSON_OBJECT)) return v;
    ts_fail(e, TS_E_INPUT, "an object is asked for");
    return 0;
}

static bool answer(web_exchange *x, ts_error *e) {
    ts_signer by;
    ts_str credential;
    const ts_json *v = object_of(x, e);
    if (!v || !signs_for(x, &by, e)) return false;
    ts_str kind = ts_json_str(ts_json_member(v, "status"));
    return ts_statement_answer(x->a, &by, ts_json_str(ts_json_member(v, "statement")),
                               ts_str_z(x->a, kind), ts_json_str(ts_json_member(v, "reason")),
                               x->now, &credential, e) &&
           keep(x, credential, e);
}

static bool status_of(ts_str name, ts_safety_status *out, ts_error *e) {
    for (int s = TS_SAFETY_WARNING; s <= TS_SAFETY_LIFTED; s++)
        if (ts_str_is(name, ts_safety_status_name((ts_safety_status)s)))
            return *out = (ts_safety_status)s, true;
    return ts_fail(e, TS_E_INPUT, "\"status\" is recalled, warning, withdrawn or lifted");
}

/* The issuer's own word on a passport of its own. */
static bool set(web_exchange *x, ts_error *e) {
    ts_safety_job job = {.form = web_options(x)->form, .now = x->now};
    ts_issued out;
    ts_notice notice;
    bool found = false;
    const ts_json *v = object_of(x, e);
    if (!v || !signs_for(x, &job.by, e) ||
        !status_of(ts_json_str(ts_json_member(v, "status")), &job.status, e))
        return false;
    job.passport = ts_json_str(ts_json_member(v, "passport"));
    job.notice_id = ts_json_str(ts_json_member(v, "notice"));
    job.text = ts_json_member(v, "text");
    if (job.notice_id.n && !ts_store_notice(x->store, x->a, job.notice_id, &notice, &found, e))
        return false;
    if (found) job.notice = &notice;
    job.store = web_writer(x, e);
    if (!job.store) return false;
    bool ok = ts_safety_set(x->a, &job, &out, e);
    web_writer_done(x);
    if (!ok) return false;
    ts_buf b = ts_buf_new(x->a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "passport", out.passport);
    ts_jsonw_key(&w, "version");
    ts_jsonw_i64(&w, out.version);
    ts_jsonw_kstr(&w, "credential", out.credential);
    ts_jsonw_end(&w);
    web_json(x, out.new_version ? 201 : 200, ts_buf_str(&b));
    return true;
}

/* ---- Which passports a notice hits ---- */

typedef struct listing {
    web_exchange *x;
    ts_jsonw *w;
    uint64_t n, limit;
} listing;

static const char *answer_name(ts_answer a) {
    return a == TS_YES ? "inside" : a == TS_NO ? "outside" : "cannot_be_excluded";
}

static bool list_row(void *ctx, const ts_affected_row *r) {
    listing *l = ctx;
    ts_jsonw *w = l->w;
    if (++l->n > l->limit) return false;
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "passport", r->passport);
    ts_jsonw_kstr(w, "product", r->product);
    ts_jsonw_kstr(w, "granularity", ts_str_c(ts_grain_name(r->grain)));
    ts_jsonw_kstr(w, "answer", ts_str_c(answer_name(r->found.inside)));
    ts_jsonw_kstr(w, "touch", ts_str_c(ts_touch_name(r->found.touch)));
    ts_jsonw_kstr(w, "reason", ts_str_c(r->found.reason));
    ts_jsonw_kstr_opt(w, "by", r->found.by);
    if (r->through.n) {
        ts_jsonw_kstr(w, "through", r->through);
        ts_jsonw_kstr(w, "through_as", ts_str_c(r->through_as));
    }
    ts_jsonw_end(w);
    return true;
}

static void write_counts(ts_jsonw *w, const ts_affected_counts *c) {
    const struct {
        const char *name;
        uint64_t n;
    } v[] = {{"looked_at", c->looked_at},
             {"inside", c->inside},
             {"cannot_be_excluded", c->open},
             {"outside", c->outside}};
    ts_jsonw_key(w, "counts");
    ts_jsonw_object(w);
    for (int i = 0; i < 4; i++) {
        ts_jsonw_key(w, v[i].name);
        ts_jsonw_i64(w, (int64_t)v[i].n);
    }
    ts_jsonw_end(w);
}

static bool row_limit(const web_exchange *x, uint64_t *out, ts_error *e) {
    ts_str text = web_parameter_of(x, "limit");
    *out = ROWS_DEFAULT;
    return !text.n || (ts_u64_parse(text, out) && *out >= 1 && *out <= ROWS_MAX) ||
           ts_fail(e, TS_E_USAGE, "limit is a number from 1 to %d", ROWS_MAX);
}

static bool list_affected(web_exchange *x, const ts_notice *n, ts_error *e) {
    char now[24];
    ts_affected_counts counts;
    ts_buf b = ts_buf_new(x->a, ANSWER_CAP);
    ts_jsonw w = ts_jsonw_to(&b);
    listing l = {.x = x, .w = &w};
    if (!row_limit(x, &l.limit, e)) return false;
    const ts_affected_job job = {.store = x->store,
                                 .notice = n,
                                 .all = ts_str_is(web_parameter_of(x, "all"), "true"),
                                 .each = list_row,
                                 .ctx = &l};
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "format", TS_S("touchstone-affected-1"));
    ts_jsonw_kstr(&w, "notice", n->id);
    ts_jsonw_kstr(&w, "notice_state", ts_str_c(ts_notice_state_name(n->state)));
    ts_jsonw_kstr(&w, "at", ts_instant_iso(x->now, now));
    ts_jsonw_key(&w, "passports");
    ts_jsonw_array(&w);
    if (!ts_passports_affected(x->a, &job, &counts, e)) return false;
    ts_jsonw_end(&w);
    write_counts(&w, &counts);
    ts_jsonw_key(&w, "more");
    ts_jsonw_bool(&w, l.n > l.limit);
    ts_jsonw_end(&w);
    if (b.full) return ts_fail(e, TS_E_LIMIT, "the answer is too long: ask with a smaller limit");
    web_set(x, "Cache-Control", TS_S("no-cache"));
    web_json(x, 200, ts_buf_str(&b));
    return true;
}

static bool affected(web_exchange *x, ts_error *e) {
    ts_notice n;
    bool found;
    if (!ts_store_notice(x->store, x->a, web_parameter_of(x, "notice"), &n, &found, e))
        return false;
    if (!found) return ts_fail(e, TS_E_NOT_FOUND, "this notice is not kept here");
    return list_affected(x, &n, e);
}

static bool affected_by_body(web_exchange *x, ts_error *e) {
    ts_notice n;
    const ts_json *v = object_of(x, e);
    return v && ts_notice_read(x->a, v, &n, e) && list_affected(x, &n, e);
}

/* ---- The table ---- */

static const char *const booleans[] = {"true", "false", 0};
static const char *const json[] = {"application/json", 0};
static const char *const credentials[] = {"application/vc+jwt", "application/jwt", "application/vc",
                                          "application/json", 0};
static const web_parameter of_product[] = {
    {"product", "identifier of the product, e.g. its Digital Link", false, 0},
    {"passport", "or the id of its passport", false, 0},
    {0}};
static const web_parameter of_statements[] = {
    {"passport", "id of the passport they are about", false, 0},
    {"id", "or the id of one statement", false, 0},
    {0}};
static const web_parameter of_notice[] = {{"notice", "id of a notice that is kept here", true, 0},
                                          {"all", "those outside, too", false, booleans},
                                          {"limit", "rows at most (1,000)", false, 0},
                                          {0}};
static const web_parameter of_body[] = {{"all", "those outside, too", false, booleans},
                                        {"limit", "rows at most (1,000)", false, 0},
                                        {0}};

const web_route safety_routes[] = {
    {"GET", "/recall-status", 0, 0, of_product,
     "what is said of a product's safety, by its issuer and by others (gs1:recallStatus)",
     recall_status},
    {"GET", "/statements", 0, 0, of_statements,
     "third parties' statements on safety, as they were signed", statements},
    {"POST", "/statements", 1u << TS_RIGHT_STATEMENT, credentials, 0,
     "a signed statement, or what contests or lifts one", state},
    {"POST", "/statements/answers", 1u << TS_RIGHT_STATEMENT, json, 0,
     "contest or lift a statement in the name of this server's operator: {\"statement\", "
     "\"status\", \"reason\"}",
     answer},
    {"POST", "/safety", 1u << TS_RIGHT_WRITE, json, 0,
     "say it of a passport of this server's operator: {\"passport\", \"status\", \"notice\", "
     "\"text\"}",
     set},
    {"GET", "/affected", 0, 0, of_notice, "which passports a notice hits", affected},
    {"POST", "/affected", 1u << TS_RIGHT_READ, json, of_body,
     "the same for a notice that is sent along (touchstone-notice-1)", affected_by_body},
    {0},
};
