/* The interface of EN 18222, as public sources give it: ten operations under /v1. Each reads its
 * parameters, calls one use case of host/change.h and writes the answer. */
#include "exchange.h"

enum { PAGE = 100, MAX_BODY_DEPTH = 8 };

/* ---- parameters ---- */

static ts_en_form form_of(const web_exchange *x) {
    return ts_str_is(web_parameter_of(x, "representation"), "full") ? TS_EN_FULL : TS_EN_COMPRESSED;
}

static ts_asker asker(const web_exchange *x) {
    if (!x->known) return (ts_asker){.who = 1u << TS_AUD_PUBLIC, .packs = x->packs};
    return (ts_asker){
        .who = x->token.audiences, .operator_id = x->token.operator_id, .packs = x->packs};
}

/* ---- answers ---- */

/* False, with the status of table 15 that goes with the result. */
static bool answered(web_exchange *x, ts_dpp_result r) {
    static const int status[] = {
        [TS_DPP_DONE] = 0,        [TS_DPP_BAD] = 400,      [TS_DPP_NOT_HERE] = 404,
        [TS_DPP_NOT_YOURS] = 403, [TS_DPP_CONFLICT] = 409, [TS_DPP_STALE] = 412,
        [TS_DPP_UNSIGNED] = 501,  [TS_DPP_FAILED] = 500};
    if (r != TS_DPP_DONE) x->status = status[r];
    return r == TS_DPP_DONE;
}

/* "VERSION-INSTANT-FORM-AUDIENCES": the first two name the version for If-Match, the others what
 * was made of it. */
static ts_str etag(const web_exchange *x, const ts_dpp *d) {
    ts_buf b = ts_buf_new(x->a, 80);
    ts_buf_fmt(&b, "\"%.*s-%c%x\"", TS_P(ts_dpp_tag(x->a, &d->row)),
               form_of(x) == TS_EN_FULL ? 'f' : 'c', d->who);
    return ts_buf_str(&b);
}

/* Where the product's recall status is asked for: what others say of it is no part of the
 * passport. */
static ts_str recall_link(const web_exchange *x, const ts_dpp *d) {
    ts_str product = web_encode(x->a, d->row.product);
    ts_str parts[] = {TS_S("<"), web_base(x), TS_S("/recall-status?product="), product,
                      TS_S(">; rel=\"https://ref.gs1.org/voc/recallStatus\"")};
    return ts_str_join(x->a, parts, sizeof parts / sizeof *parts, TS_NONE);
}

static bool show(web_exchange *x, const ts_dpp *d) {
    web_set(x, "Cache-Control", TS_S("public, no-cache"));
    web_set(x, "Vary", TS_S("Authorization"));
    web_set(x, "Link", recall_link(x, d));
    bool read = ts_str_is(ts_str_c(x->method), "GET") || ts_str_is(ts_str_c(x->method), "HEAD");
    if (!read) web_set(x, "ETag", etag(x, d));
    if (!read || !web_unchanged(x, etag(x, d))) web_json(x, 200, d->json);
    return true;
}

/* ---- reading ---- */

static bool read_with(web_exchange *x, ts_dpp_query *q, ts_error *e) {
    ts_dpp d;
    q->store = x->store;
    q->by = asker(x);
    q->form = form_of(x);
    return answered(x, ts_dpp_read(x->a, q, &d, e)) && show(x, &d);
}

static bool read_by_id(web_exchange *x, ts_error *e) {
    ts_dpp_query q = {.id = web_parameter_of(x, "dppId"), .at = TS_NO_TIME};
    return read_with(x, &q, e);
}

static bool read_by_product(web_exchange *x, ts_error *e) {
    ts_dpp_query q = {.id = web_parameter_of(x, "productId"), .is_product = true, .at = TS_NO_TIME};
    return read_with(x, &q, e);
}

static bool read_by_date(web_exchange *x, ts_error *e) {
    ts_dpp_query q = {.id = web_parameter_of(x, "dppId")};
    ts_str date = web_parameter_of(x, "date");
    if (!ts_stamp_parse(date, &q.at))
        return ts_fail(e, TS_E_INPUT,
                       "the parameter date is no instant: write 2026-11-20T10:00:00Z, its time "
                       "zone included");
    return read_with(x, &q, e);
}

static bool read_element(web_exchange *x, ts_error *e) {
    ts_dpp_query q = {.id = web_parameter_of(x, "dppId"),
                      .at = TS_NO_TIME,
                      .path = web_parameter_of(x, "elementIdPath")};
    return read_with(x, &q, e);
}

/* ---- finding ---- */

static const ts_json *body_of(web_exchange *x, ts_error *e) {
    const ts_json_options strict = {.strict = true, .max_depth = MAX_BODY_DEPTH};
    const ts_json *v = ts_json_parse(x->a, x->body, strict, e);
    if (!v) x->status = 400;
    if (!v || v->type == TS_JSON_OBJECT) return v;
    ts_fail(e, TS_E_INPUT, "the body must be a JSON object");
    return 0;
}

static bool limit_of(const web_exchange *x, size_t *out, ts_error *e) {
    uint64_t n = PAGE;
    ts_str text = web_parameter_of(x, "limit");
    if (text.p && (!ts_u64_parse(text, &n) || !n))
        return ts_fail(e, TS_E_INPUT, "the parameter limit is no number from 1 on");
    *out = n < TS_DPP_PAGE ? (size_t)n : TS_DPP_PAGE;
    return true;
}

static bool cursor_of(const web_exchange *x, ts_str *out, ts_error *e) {
    *out = web_parameter_of(x, "cursor");
    return !out->p || out->n ||
           ts_fail(e, TS_E_INPUT, "the parameter cursor is empty; leave it out for the first page");
}

static bool products_of(web_exchange *x, ts_strs *out, ts_error *e) {
    const ts_json *v = body_of(x, e), *list = ts_json_member(v, "productIds");
    if (!v) return false;
    if (!ts_json_is(list, TS_JSON_ARRAY) || !list->n)
        return ts_fail(e, TS_E_INPUT, "/productIds: must be a list of product identifiers");
    TS_JSON_EACH(one, list) {
        if (one->type != TS_JSON_STRING || !one->n)
            return ts_fail(e, TS_E_INPUT, "/productIds/%zu: must be a text, not empty", out->n);
        *ts_push(x->a, out) = ts_json_str(one);
    }
    return true;
}

static void write_page(web_exchange *x, const ts_strs *ids, ts_str next) {
    size_t room = 200 + next.n;
    for (size_t i = 0; i < ids->n; i++) room += 6 * ids->v[i].n + 8;
    ts_buf b = ts_buf_new(x->a, room);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "dppIds");
    ts_jsonw_array(&w);
    for (size_t i = 0; i < ids->n; i++) ts_jsonw_str(&w, ids->v[i]);
    ts_jsonw_end(&w);
    ts_jsonw_kstr_opt(&w, "nextCursor", next);
    ts_jsonw_end(&w);
    web_json(x, 200, ts_buf_str(&b));
}

static bool find(web_exchange *x, ts_error *e) {
    size_t limit = PAGE;
    ts_str cursor, next;
    ts_strs products = {0}, ids = {0};
    if (!limit_of(x, &limit, e) || !cursor_of(x, &cursor, e) || !products_of(x, &products, e))
        return false;
    if (!answered(
            x, ts_dpp_find(x->a, x->store, products.v, products.n, cursor, limit, &ids, &next, e)))
        return false;
    write_page(x, &ids, next);
    return true;
}

/* ---- changing ---- */

typedef ts_dpp_result change(ts_arena *a, const ts_dpp_change *c, ts_dpp *out, ts_error *e);

/* Runs the use case on the writing connection. */
static bool change_with(web_exchange *x, change *run, ts_dpp *d, ts_error *e) {
    const ts_server_options *o = web_options(x);
    static const char *const merge_patch[] = {"application/merge-patch+json", 0};
    ts_str type = web_header(x, "Content-Type");
    const ts_dpp_change c = {
        .store = web_writer(x, e),
        .sign = o->sign,
        .sign_form = o->form,
        .list = o->status_list,
        .by = asker(x),
        .id = web_parameter_of(x, "dppId"),
        .path = web_parameter_of(x, "elementIdPath"),
        .form = form_of(x),
        .body = x->body,
        .bare = web_media_is(type, merge_patch),
        .match = web_header(x, "If-Match"),
        .now = x->now,
    };
    if (!c.store) return false;
    ts_dpp_result r = run(x->a, &c, d, e);
    web_writer_done(x);
    return answered(x, r);
}

static bool create(web_exchange *x, ts_error *e) {
    ts_dpp d;
    if (!change_with(x, ts_dpp_create, &d, e)) return false;
    ts_buf b = ts_buf_new(x->a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_str location[] = {web_base(x), TS_S("/v1/dpps/"), web_encode(x->a, d.row.id)};
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "digitalProductPassportId", d.row.id);
    ts_jsonw_end(&w);
    web_set(x, "Location", ts_str_join(x->a, location, 3, TS_NONE));
    web_set(x, "ETag", etag(x, &d));
    web_json(x, 201, ts_buf_str(&b));
    return true;
}

static bool patch(web_exchange *x, ts_error *e) {
    ts_dpp d;
    return change_with(x, ts_dpp_patch, &d, e) && show(x, &d);
}

static bool patch_element(web_exchange *x, ts_error *e) {
    ts_dpp d;
    return change_with(x, ts_dpp_patch_element, &d, e) && show(x, &d);
}

static bool archive(web_exchange *x, ts_error *e) {
    ts_dpp d;
    if (!change_with(x, ts_dpp_archive, &d, e)) return false;
    web_reply(x, 204, 0, TS_NONE);
    return true;
}

/* The registry is the Commission's, and its interface for programs is not published: the entry is
 * checked and the answer says how registration goes from here. */
static bool registration(web_exchange *x, ts_error *e) {
    static const char *const names[] = {"uniqueProductIdentifier", "digitalProductPassportId",
                                        "uniqueEconomicOperatorIdentifier", "dppApiEndpoint"};
    const ts_json *v = body_of(x, e);
    if (!v) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!ts_json_str(ts_json_get(v, ts_str_c(names[i]))).n)
            return ts_fail(e, TS_E_INPUT, "/%s: a text is missing", names[i]);
    x->status = 501;
    return ts_fail(e, TS_E_USAGE,
                   "passports are registered at the EU's registry, which this server is not and "
                   "has no interface to: `touchstone passport register` writes the files for it");
}

/* ---- the table ---- */

static const char *const forms[] = {"compressed", "full", 0};
static const char *const json[] = {"application/json", 0};
static const char *const passport[] = {"application/json", "application/ld+json", 0};
static const char *const merged[] = {"application/json", "application/merge-patch+json", 0};

#define REPRESENTATION                                                                             \
    { "representation", "compressed (default) or full", false, forms }
#define DPP_ID                                                                                     \
    { "dppId", "id of the passport, percent-encoded", true, 0 }
static const web_parameter by_id[] = {DPP_ID, REPRESENTATION, {0}};
static const web_parameter by_product[] = {
    {"productId", "identifier of the product, percent-encoded", true, 0}, REPRESENTATION, {0}};
static const web_parameter by_date[] = {
    DPP_ID, {"date", "instant with time zone: 2026-11-20T10:00:00Z", true, 0}, REPRESENTATION, {0}};
static const web_parameter by_element[] = {
    DPP_ID,
    {"elementIdPath", "JSONPath (RFC 9535) of one element in the compressed form", true, 0},
    REPRESENTATION,
    {0}};
static const web_parameter paged[] = {
    {"limit", "at most so many ids, 1 to 1000; else 100", false, 0},
    {"cursor", "nextCursor of the page before", false, 0},
    {0}};
static const web_parameter whole[] = {REPRESENTATION, {0}};
#define WRITE (1u << TS_RIGHT_WRITE)

const web_route en18222_routes[] = {
    {"GET", "/v1/dpps/{dppId}", 0, 0, by_id, "ReadDPPById: a passport", read_by_id},
    {"GET", "/v1/dppsByProductId/{productId}", 0, 0, by_product,
     "ReadDPPByProductId: the active passport of a product", read_by_product},
    {"GET", "/v1/dppsByIdAndDate/{dppId}", 0, 0, by_date,
     "ReadDPPVersionByIdAndDate: a passport as it stood then", read_by_date},
    {"POST", "/v1/dppsByProductIds", 0, json, paged,
     "ReadDPPIdsByProductIds: the ids of the passports of products", find},
    {"POST", "/v1/dpps", WRITE, passport, whole, "CreateDPP: a new passport", create},
    {"PATCH", "/v1/dpps/{dppId}", WRITE, merged, by_id,
     "UpdateDPPById: parts merged into a passport (RFC 7396); If-Match is kept", patch},
    {"DELETE", "/v1/dpps/{dppId}", WRITE, 0, by_id,
     "DeleteDPPById: the passport is archived and stays readable", archive},
    {"POST", "/v1/registerDPP", WRITE, json, 0, "RegisterProductDPP: not done here (501)",
     registration},
    {"GET", "/v1/dpps/{dppId}/elements/{elementIdPath}", 0, 0, by_element,
     "ReadDataElement: one element", read_element},
    {"PATCH", "/v1/dpps/{dppId}/elements/{elementIdPath}", WRITE, merged, by_element,
     "UpdateDataElement: one element changed or, with null, taken away", patch_element},
    {0},
};
