#include "verifying.h"

#include "image/image.h"

enum { BODY_CAP = 16 << 20, NOTES_CAP = 1 << 16 };

typedef struct walk {
    ts_arena *a;
    const ts_verify_job *job;
    ts_verified *out;
    ts_verify_options options;
    const ts_resolver *resolver;
    ts_buf notes;
} walk;

static void note(walk *w, const char *what, ts_str about) {
    ts_buf_fmt(&w->notes, "%s %.*s\n", what, TS_P(about));
}

/* Nothing could be had: every step is open, for one reason. */
static void unreachable(walk *w, ts_str address, const ts_error *why, const char *cure) {
    ts_report *r = &w->out->report;
    *r = (ts_report){.kind = TS_S("address"), .of = address};
    char text[1900];
    ts_str reason = ts_str_dup(w->a, ts_str_c(ts_error_text(why, text, sizeof text)));
    for (int i = 0; i < TS_STEPS; i++)
        r->step[i] = (ts_verdict){.answer = TS_OPEN, .reason = reason, .cure = ts_str_c(cure)};
}

/* ---- Link sets ---- */

/* The address of the passport in a link set (RFC 9264), a signed one before others; empty where the
 * body is no link set. False for a link set that cannot be read or names none. */
static bool passport_link(walk *w, ts_str place, ts_str body, ts_str *address, ts_error *e) {
    const ts_link_wish wish = {.media = ts_str_c("application/vc+jwt, application/vc, "
                                                 "application/json;q=0.5, */*;q=0.1")};
    ts_error ignored;
    ts_link_set s;
    *address = TS_NONE;
    const ts_json *root = ts_json_parse(w->a, body, (ts_json_options){.strict = true}, &ignored);
    if (!ts_json_member(root, "linkset")) return true;
    if (!ts_link_set_read(w->a, body, TS_LINKS_RFC9264, &s, e)) return false;
    ts_link_choice c = ts_link_choose(&s, TS_S(TS_GS1_VOC "dpp"), &wish);
    if (c.link) *address = ts_uri_resolve(w->a, place, c.link->href);
    return c.link || ts_fail(e, TS_E_INPUT, "a link set is there that names no passport (gs1:dpp)");
}

static bool is_page(ts_str type, ts_str body) {
    ts_str start = ts_str_to(ts_str_trim(body), 64);
    return ts_str_istarts(type, TS_S("text/html")) ||
           ts_str_istarts(start, TS_S("<!doctype html")) || ts_str_istarts(start, TS_S("<html"));
}

static void verify_address(walk *w, ts_str address) {
    static const char accept[] = "application/vc+jwt, application/vc, "
                                 "application/linkset+json;q=0.9, application/json;q=0.8";
    ts_error e = {0};
    ts_fetch_result r = {0};
    for (int hop = 0; hop < 2; hop++) {
        if (!ts_resolver_fetch(w->resolver, w->a, address, accept, BODY_CAP, &r, &e)) {
            unreachable(w, address, &e, "fetch the passport by another way and verify the file");
            return;
        }
        note(w, "fetched", r.place.n ? r.place : address);
        ts_str next, place = r.place.n ? r.place : address;
        if (!passport_link(w, place, r.body, &next, &e)) {
            unreachable(w, address, &e, "ask the operator for the signed passport");
            return;
        }
        if (hop || !next.n) break;
        note(w, "a link set names the passport", next);
        address = next;
    }
    if (is_page(r.content_type, r.body)) {
        ts_fail(&e, TS_E_INPUT, "a page for people is there, no signed passport");
        unreachable(w, address, &e, "ask the operator for the signed passport");
        return;
    }
    ts_verify(w->a, r.body, &w->options, &w->out->report);
}

/* ---- Codes ---- */

/* The signed public form of the newest version of a product's passport in the store. */
static bool stored(walk *w, ts_str product, ts_str *bytes, ts_error *e) {
    ts_passport_rows rows = {0};
    ts_secured_rows signed_forms = {0};
    *bytes = TS_NONE;
    if (!w->job->store) return true;
    if (!ts_store_passports(w->job->store, w->a, product, TS_NONE, 2, &rows, e)) return false;
    for (size_t i = 0; i < rows.n && !bytes->n; i++) {
        signed_forms.n = 0;
        if (!ts_store_secured(w->job->store, w->a, rows.v[i].id, rows.v[i].version, &signed_forms,
                              e))
            return false;
        for (size_t k = 0; k < signed_forms.n; k++)
            if (ts_str_is(signed_forms.v[k].audience, "public")) *bytes = signed_forms.v[k].bytes;
        if (bytes->n) note(w, "the store holds the passport", rows.v[i].id);
    }
    return true;
}

/* A code or address: the product it names, then the passport of that. */
static bool verify_code(walk *w, ts_str text, ts_error *e) {
    ts_product_id id;
    ts_str bytes, address = text;
    if (!ts_product_id_read(w->a, text, &id, e)) return false;
    if (!w->options.expect_product.n && id.kind == TS_PID_GS1) w->options.expect_product = id.text;
    if (!stored(w, id.text, &bytes, e)) return false;
    if (bytes.n) {
        ts_verify(w->a, bytes, &w->options, &w->out->report);
        return true;
    }
    if (id.kind == TS_PID_DID)
        return ts_fail(
            e, TS_E_INPUT,
            "%.*s names a product, but not where its passport is; give the passport as a "
            "file, or a store that holds it",
            TS_P(text));
    if (!ts_str_istarts(text, TS_S("http"))) address = id.text; /* AIs alone: GS1's own resolver */
    verify_address(w, address);
    return true;
}

static bool verify_picture(walk *w, ts_error *e) {
    ts_codes codes = {0};
    if (!ts_codes_read(w->a, w->job->input, &codes, e)) return ts_fail_at(e, w->job->name, 0, 0);
    if (!codes.n) {
        ts_fail(
            e, TS_E_INPUT,
            "no QR code or Data Matrix was found on the picture: take it from nearer, with even "
            "light, the whole code and its white border");
        return ts_fail_at(e, w->job->name, 0, 0);
    }
    ts_error first = {0};
    for (size_t i = 0; i < codes.n; i++) {
        ts_error why = {0};
        w->out->code = codes.v[i].text;
        note(w, "the picture shows a code:", codes.v[i].text);
        if (verify_code(w, codes.v[i].text, &why)) return true;
        if (!i) first = why;
    }
    *e = first;
    return ts_fail_at(e, w->job->name, 0, 0);
}

/* ---- The whole ---- */

static bool verify_any(walk *w, ts_error *e) {
    if (w->job->is_address) return verify_code(w, w->job->input, e);
    if (ts_is_picture(w->job->input)) return verify_picture(w, e);
    ts_verify(w->a, w->job->input, &w->options, &w->out->report);
    return true;
}

bool ts_verify_input(ts_arena *a, const ts_verify_job *job, ts_verified *out, ts_error *e) {
    *out = (ts_verified){0};
    walk w = {.a = a, .job = job, .out = out, .notes = ts_buf_new(a, NOTES_CAP)};
    ts_resolver *r = ts_resolver_new(a, &job->resolve, e);
    if (!r) return false;
    w.resolver = r;
    ts_schemas *schemas = 0;
    if (job->schemas && !(schemas = ts_schemas_open(a, job->schemas, e))) return false;
    w.options = (ts_verify_options){.now = job->now,
                                    .source = ts_resolver_source(r),
                                    .schemas = schemas,
                                    .trusted = job->trusted,
                                    .trusted_n = job->trusted_n,
                                    .expect_product = job->product,
                                    .challenge = job->challenge,
                                    .domain = job->domain};
    bool ok = verify_any(&w, e);
    ts_schemas_close(schemas);
    out->steps = ts_buf_str(&w.notes);
    return ok;
}
