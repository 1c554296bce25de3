/* Lives of products over HTTP: events in and out as EPCIS, and a life told. */
#include "route.h"

enum {
    EVENTS_DEFAULT = 100,
    EVENTS_MAX = 1000,
    PAGE = 20,
    BYTES_MAX = 16 << 20,
    ANSWER_CAP = 64 << 20
};

/* ---- In ---- */

static void write_strs(ts_jsonw *w, const char *name, const ts_strs *l) {
    ts_jsonw_key(w, name);
    ts_jsonw_array(w);
    for (size_t i = 0; i < l->n; i++) ts_jsonw_str(w, l->v[i]);
    ts_jsonw_end(w);
}

static void write_number(ts_jsonw *w, const char *name, size_t n) {
    ts_jsonw_key(w, name);
    ts_jsonw_i64(w, (int64_t)n);
}

static void answer_done(web_exchange *x, const ts_life_done *done) {
    ts_buf b = ts_buf_new(x->a, ANSWER_CAP);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    write_number(&w, "events", done->events);
    write_number(&w, "new", done->fresh);
    write_strs(&w, "ids", &done->ids);
    write_strs(&w, "changed", &done->passports);
    write_strs(&w, "notes", &done->notes);
    ts_jsonw_end(&w);
    web_json(x, done->fresh || done->changed ? 201 : 200, ts_buf_str(&b));
}

static bool capture(web_exchange *x, ts_error *e) {
    const ts_server_options *o = web_options(x);
    ts_life_done done = {0};
    ts_life_job job = {.store = web_writer(x, e),
                       .by = web_recorder(x),
                       .sign = o->sign,
                       .form = o->form,
                       .events = x->body,
                       .now = x->now};
    if (!job.store) return false;
    bool ok = ts_life_record(x->a, &job, &done, e);
    web_writer_done(x);
    if (ok) answer_done(x, &done);
    if (!ok && done.forbidden) x->status = 403;
    return ok;
}

/* ---- Out ---- */

static bool limit_of(const web_exchange *x, uint64_t *out, ts_error *e) {
    ts_str text = web_parameter_of(x, "limit");
    *out = EVENTS_DEFAULT;
    return !text.n || (ts_u64_parse(text, out) && *out >= 1 && *out <= EVENTS_MAX) ||
           ts_fail(e, TS_E_USAGE, "limit is a number from 1 to %d", EVENTS_MAX);
}

/* Where the next ones are: behind the last of these. */
static void link_next(web_exchange *x, ts_str product, uint64_t limit, ts_str last) {
    ts_buf b = ts_buf_new(x->a, 32 << 10);
    ts_buf_lit(&b, "<");
    ts_buf_put(&b, web_base(x));
    ts_buf_lit(&b, "/epcis/events?product=");
    ts_buf_put(&b, web_encode(x->a, product));
    ts_buf_lit(&b, "&limit=");
    ts_buf_u64(&b, limit);
    ts_buf_lit(&b, "&after=");
    ts_buf_put(&b, web_encode(x->a, last));
    ts_buf_lit(&b, ">; rel=\"next\"");
    if (!b.full) web_set(x, "Link", ts_buf_str(&b));
}

static bool is_active(const ts_passport_row *r) { return ts_str_is(r->status, "active"); }

/* Who asks, to the product: its operator is more than others are. Where several passports are
 * there, that is whose all active ones are, or all where none is: a passport that somebody else
 * made for the product opens nothing. */
static bool eyes(web_exchange *x, ts_str product, ts_audiences *who, ts_error *e) {
    enum { LOOKED_AT = 100 };
    ts_passport_rows rows = {0};
    bool active = false;
    if (!ts_store_passports(x->store, x->a, product, TS_NONE, LOOKED_AT, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++) active |= is_active(&rows.v[i]);
    *who = rows.n && rows.n < LOOKED_AT ? ~(ts_audiences)0 : x->who;
    for (size_t i = 0; i < rows.n; i++)
        if (is_active(&rows.v[i]) == active) *who &= web_eyes(x, rows.v[i].operator_id);
    return true;
}

static bool views(web_exchange *x, ts_audiences who, const ts_event_rows *rows, ts_strs *out,
                  ts_error *e) {
    for (size_t i = 0; i < rows->n; i++) {
        ts_str body;
        if (!ts_epcis_view(x->a, rows->v[i].body, who, &body, e)) return false;
        if (body.n) *ts_push(x->a, out) = body;
    }
    return true;
}

/* At most `limit` events, fewer where they are large; *last is where to go on, empty at the end. */
static bool page(web_exchange *x, ts_str product, ts_str after, uint64_t limit, ts_audiences who,
                 ts_strs *bodies, ts_str *last, ts_error *e) {
    size_t n = PAGE, bytes = 0;
    *last = after;
    for (uint64_t all = 0; n == PAGE && all < limit && bytes < BYTES_MAX; all += n) {
        ts_event_rows rows = {0};
        uint64_t most = limit - all < PAGE ? limit - all : PAGE;
        if (!ts_store_events(x->store, x->a, product, *last, most, &rows, e) ||
            !views(x, who, &rows, bodies, e))
            return false;
        n = rows.n;
        if (n < most) return *last = TS_NONE, true;
        *last = rows.v[n - 1].id;
        for (size_t i = 0; i < n; i++) bytes += rows.v[i].body.n;
    }
    return true;
}

static bool events(web_exchange *x, ts_error *e) {
    ts_product_id id;
    ts_strs bodies = {0};
    ts_str out, last;
    uint64_t limit;
    ts_audiences who;
    if (!limit_of(x, &limit, e) ||
        !ts_product_id_read(x->a, web_parameter_of(x, "product"), &id, e) ||
        !eyes(x, id.text, &who, e) ||
        !page(x, id.text, web_parameter_of(x, "after"), limit, who, &bodies, &last, e) ||
        !ts_epcis_write(x->a, bodies.v, bodies.n, x->now, &out, e))
        return false;
    if (last.n) link_next(x, id.text, limit, last);
    web_set(x, "GS1-EPCIS-Version", TS_S("2.0.0"));
    web_set(x, "GS1-CBV-Version", TS_S("2.0.0"));
    web_set(x, "Cache-Control", TS_S("no-cache"));
    web_set(x, "Vary", TS_S("Accept, Authorization"));
    web_reply(x, 200, "application/ld+json", out);
    return true;
}

/* ---- A life told ---- */

static const char *const shapes[] = {"application/json", "image/svg+xml", "application/ld+json", 0};

static bool shape_of(web_exchange *x, const char **out, ts_error *e) {
    ts_str named = web_parameter_of(x, "format");
    *out = ts_str_is(named, "svg")     ? shapes[1]
           : ts_str_is(named, "epcis") ? shapes[2]
           : named.n                   ? shapes[0]
                                       : web_accepts(x, shapes);
    if (*out) return true;
    x->status = 406;
    return ts_fail(e, TS_E_USAGE, "a life is told as %s, %s or %s", shapes[0], shapes[1],
                   shapes[2]);
}

static bool told(web_exchange *x, const ts_life *l, const char *shape, ts_str *out, ts_error *e) {
    if (shape == shapes[1]) return ts_life_picture(x->a, l, web_catalogue(x), out, e);
    if (shape == shapes[2]) return ts_life_epcis(x->a, l, x->now, out, e);
    ts_buf b = ts_buf_new(x->a, ANSWER_CAP);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_life_write(&w, l);
    *out = ts_buf_str(&b);
    return !b.full || ts_fail(e, TS_E_LIMIT, "this life is too long for one answer");
}

static bool life(web_exchange *x, ts_error *e) {
    const char *shape;
    ts_str passport, out;
    ts_life l;
    ts_audiences who;
    if (!shape_of(x, &shape, e) ||
        !ts_life_find(x->a, x->store, web_parameter_of(x, "id"), &passport, e) ||
        !ts_life_of(x->a, x->store, passport, &l, e) || !eyes(x, l.passport.product, &who, e) ||
        !ts_life_view(x->a, &l, who & web_eyes(x, l.passport.operator_id), e) ||
        !told(x, &l, shape, &out, e))
        return false;
    web_set(x, "Cache-Control", TS_S("no-cache"));
    web_set(x, "Vary", TS_S("Accept, Accept-Language, Authorization"));
    web_reply(x, 200, shape, out);
    return true;
}

/* ---- The table ---- */

static const char *const json[] = {"application/ld+json", "application/json", 0};
static const char *const formats[] = {"json", "svg", "epcis", 0};
static const web_parameter of_product[] = {
    {"product", "identifier of the product, batch or item, e.g. its Digital Link", true, 0},
    {"after", "go on behind the event of this id", false, 0},
    {"limit", "events at most (100)", false, 0},
    {0}};
static const web_parameter of_life[] = {
    {"id", "of the passport, or its product's identifier", true, 0},
    {"format", "instead of what Accept asks for", false, formats},
    {"lang", "language of the picture: en, de, zh", false, 0},
    {0}};

const web_route life_routes[] = {
    {"POST", "/epcis/capture", 1u << TS_RIGHT_EVENTS, json, 0,
     "record events: an EPCIS 2.0 document or a single event; touchstone:passport in it is the "
     "passport of a second life",
     capture},
    {"GET", "/epcis/events", 0, 0, of_product,
     "events of a product's life as EPCIS 2.0 (gs1:traceability)", events},
    {"GET", "/passports-life", 0, 0, of_life,
     "a life told: events and family, as JSON, as a picture or as EPCIS", life},
    {0},
};
