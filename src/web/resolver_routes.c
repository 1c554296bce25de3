/* A GS1-Conformant Resolver (standard 1.2): what a product's code leads to. And whatever else has
 * its address here: passports, status lists, DID documents.
 */
#include "page.h"

#define CONTEXT "https://ref.gs1.org/standards/resolver/linkset-context"

/* ---- what was asked ---- */

typedef struct asked {
    ts_product_id id;
    ts_str address; /* of the code, without its query */
    ts_link_wish wish;
    ts_str relation; /* empty: the default */
    bool set;        /* the whole link set is wanted */
} asked;

/* The path as it is below the server's base, whether or not a proxy took the base's path away; one
 * '/' at the end is nothing (section on trailing slashes). */
static ts_str path_below(const web_exchange *x) {
    ts_str path = x->path, prefix = ts_uri_split(web_base(x)).path;
    if (prefix.n > 1 && ts_str_starts(path, prefix) && path.n > prefix.n && path.p[prefix.n] == '/')
        path = ts_str_from(path, prefix.n);
    if (path.n > 1 && path.p[path.n - 1] == '/') path.n--;
    return path;
}

/* A media type in a query: '+' may have been meant as itself or come as a blank. */
static ts_str media_name(web_exchange *x, ts_str s) {
    char *p = (char *)ts_str_z(x->a, s);
    for (size_t i = 0; i < s.n; i++)
        if (p[i] == ' ') p[i] = '+';
    return (ts_str){p, s.n};
}

/* Accept names the link set, and nothing that is here more. */
static bool accepts_set(ts_str accept) {
    static const char *const others[] = {"text/html", "application/vc+jwt", "application/vc",
                                         "application/json"};
    int q = ts_accept_quality(accept, TS_S("application/linkset+json"), true);
    int plain = ts_accept_quality(accept, TS_S("application/linkset"), true);
    if (plain > q) q = plain;
    if (q <= 0) return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (ts_accept_quality(accept, ts_str_c(others[i]), true) > q) return false;
    return true;
}

static void read_wish(web_exchange *x, asked *w) {
    ts_str type = web_parameter_of(x, "linkType");
    w->wish = (ts_link_wish){.accept = web_header(x, "Accept"),
                             .accept_language = web_header(x, "Accept-Language"),
                             .media = media_name(x, web_parameter_of(x, "mediaType")),
                             .language = web_parameter_of(x, "lang"),
                             .context = web_parameter_of(x, "context")};
    w->set = ts_str_is(type, "linkset") || ts_str_is(type, "all") || accepts_set(w->wish.accept);
    w->relation = ts_link_relation(x->a, type);
}

/* ---- what every answer carries ---- */

static void headers(web_exchange *x, const asked *w) {
    ts_buf b = ts_buf_new(x->a, 20000);
    ts_buf_c(&b, '<');
    ts_buf_put(&b, w->address);
    ts_buf_lit(&b, "?linkType=linkset>; rel=\"linkset\"; type=\"application/linkset+json\"");
    if (w->set)
        ts_buf_lit(&b, ", <" CONTEXT ">; rel=\"http://www.w3.org/ns/json-ld#context\"; "
                       "type=\"application/ld+json\"");
    web_set(x, "Link", ts_buf_str(&b));
    web_set(x, "Access-Control-Allow-Methods", TS_S("GET, HEAD, OPTIONS"));
    web_set(x, "Vary", TS_S("Accept, Accept-Language"));
}

/* The query is handed on, but for what the address says itself already. */
static ts_str with_query(web_exchange *x, ts_str href, ts_str query) {
    ts_buf b = ts_buf_new(x->a, href.n + query.n + 2);
    size_t hash = ts_str_chr(href, '#');
    ts_str fragment = hash == TS_NPOS ? TS_NONE : ts_str_from(href, hash);
    ts_str own = ts_uri_split(href).query;
    char sign = ts_str_chr(href, '?') == TS_NPOS ? '?' : '&';
    ts_buf_put(&b, ts_str_to(href, href.n - fragment.n));
    while (query.n) {
        ts_str pair = ts_str_cut(&query, '&'), value = pair, name = ts_str_cut(&value, '=');
        bool there = false;
        for (ts_str rest = own; rest.n && !there;) {
            ts_str other = ts_str_cut(&rest, '&');
            there = ts_str_eq(ts_str_cut(&other, '='), name);
        }
        if (!pair.n || there) continue;
        ts_buf_c(&b, sign);
        ts_buf_put(&b, pair);
        sign = '&';
    }
    ts_buf_put(&b, fragment);
    return ts_buf_str(&b);
}

static bool redirect(web_exchange *x, const asked *w, ts_str href, bool bare) {
    headers(x, w);
    web_set(x, "Cache-Control", TS_S("public, max-age=60"));
    web_redirect(x, 307, bare ? href : with_query(x, href, x->query));
    return true;
}

/* ---- link sets ---- */

static void reply_set(web_exchange *x, asked *w, const ts_link_set *s, int status) {
    static const char *const types[] = {"application/linkset+json", "application/linkset",
                                        "application/json", "text/html", 0};
    const char *type = web_accepts(x, types);
    ts_buf b = ts_buf_new(x->a, 4 << 20);
    ts_str body;
    w->set = true;
    if (type == types[3]) {
        body = page_links(x, s);
        type = "text/html; charset=utf-8";
    } else if (type == types[1]) {
        ts_link_set_text(&b, s);
        body = ts_buf_str(&b);
    } else {
        ts_jsonw json = ts_jsonw_to(&b);
        ts_link_set_write(&json, s);
        body = ts_buf_str(&b);
    }
    headers(x, w);
    web_set(x, "Cache-Control", TS_S("public, max-age=60"));
    if (status != 200 || !web_unchanged(x, web_tag(x->a, body)))
        web_reply(x, status, type ? type : types[0], body);
}

/* The links that cannot be told apart (300). */
static void choices(web_exchange *x, asked *w, const ts_link_context *from) {
    ts_link_set some = {0};
    ts_link_context *c = ts_push(x->a, &some.contexts);
    *c = (ts_link_context){.anchor = from->anchor, .description = from->description};
    for (size_t i = 0; i < from->links.n; i++)
        if (ts_str_eq(from->links.v[i].relation, w->relation))
            *ts_push(x->a, &c->links) = from->links.v[i];
    reply_set(x, w, &some, 300);
}

/* ---- resolving ---- */

static bool nothing(web_exchange *x, const asked *w, ts_error *e) {
    headers(x, w);
    return page_refuse(x, 404, "page.missing.title", w->id.text, e);
}

static bool choose(web_exchange *x, asked *w, ts_error *e) {
    ts_link_levels levels;
    ts_link_set set;
    const ts_links_job job = {x->store, web_base(x), w->id.text, web_catalogue(x)};
    if (!ts_links_find(x->a, x->store, &w->id, true, &levels, e)) return false;
    if (!levels.rows.n) return nothing(x, w, e);
    if (!ts_links_of(x->a, &job, &levels, &set, e)) return false;
    if (w->set) {
        reply_set(x, w, &set, 200);
        return true;
    }
    if (!w->relation.n) w->relation = TS_S(TS_GS1_VOC "defaultLinkMulti");
    ts_link_choice c = ts_link_choose(&set, w->relation, &w->wish);
    if (!c.link) {
        headers(x, w);
        x->status = 404;
        return ts_fail(e, TS_E_NOT_FOUND,
                       "there is no link of type %.*s; ?linkType=linkset lists those there are",
                       TS_P(ts_str_clip(w->relation, 300)));
    }
    if (c.tie) {
        choices(x, w, c.from);
        return true;
    }
    return redirect(x, w, c.link->href, c.link->bare);
}

/* Whether the default link is what is wanted: a page, in whatever language it finds best itself. */
static bool wants_default(const asked *w) {
    static const char *const others[] = {"application/vc+jwt", "application/vc",
                                         "application/json"};
    const ts_link_wish *v = &w->wish;
    if (w->set || w->relation.n || v->media.n || v->language.n || v->context.n) return false;
    int html = ts_accept_quality(v->accept, TS_S("text/html"), false);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (ts_accept_quality(v->accept, ts_str_c(others[i]), true) > html) return false;
    return true;
}

static bool resolve(web_exchange *x, asked *w, ts_error *e) {
    ts_link_levels levels;
    read_wish(x, w);
    if (!wants_default(w)) return choose(x, w, e);
    ts_str only;
    bool one;
    if (!ts_store_only_passport(x->store, x->a, w->id.text, &only, &one, e)) return false;
    if (one) return redirect(x, w, ts_passport_address(x->a, web_base(x), only, 0, 0), false);
    if (!ts_links_find(x->a, x->store, &w->id, false, &levels, e)) return false;
    if (!levels.rows.n) return nothing(x, w, e);
    ts_str base = web_base(x),
           href = levels.exact ? ts_passport_address(x->a, base, levels.rows.v[0].id, 0, 0)
                               : ts_product_address(x->a, base, w->id.text);
    return redirect(x, w, href, false);
}

/* ---- addresses ---- */

/* Whether the first segment is the AI of a primary key: then it is a Digital Link, or a wrong one.
 */
static bool begins_with_key(ts_str path) {
    static const char *const keys[] = {"00",   "01",   "253",  "255",  "401",  "402",
                                       "414",  "417",  "415",  "8003", "8004", "8006",
                                       "8010", "8013", "8017", "8018"};
    ts_str rest = ts_str_from(path, 1), first = ts_str_cut(&rest, '/');
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (ts_str_is(first, keys[i])) return true;
    return false;
}

static bool malformed(web_exchange *x, const ts_error *why, ts_error *e) {
    web_set(x, "Access-Control-Allow-Methods", TS_S("GET, HEAD, OPTIONS"));
    x->status = 400;
    if (page_wanted(x)) return page_refuse(x, 400, "page.bad.title", ts_str_c(why->msg), e);
    return ts_fail(e, TS_E_INPUT, "this is no GS1 Digital Link: %s", why->msg);
}

static ts_str join(web_exchange *x, ts_str p, ts_str q, ts_str between) {
    ts_str parts[] = {p, q};
    return q.n ? ts_str_join(x->a, parts, 2, between) : p;
}

/* What is no Digital Link: a passport, a status list, a DID document, an identification link. */
static bool other_address(web_exchange *x, ts_str address, ts_error *e) {
    ts_passport_row row;
    bool found;
    if (web_is_did_path(x)) return web_show_did(x, e);
    if (!web_show_list(x, address, &found, e)) return false;
    if (found) return true;
    if (!ts_store_passport(x->store, x->a, address, &row, &found, e)) return false;
    if (found) return page_show(x, address, e);
    ts_product_id id;
    ts_passport_rows rows = {0};
    ts_error why = {0};
    if (!ts_product_id_read(x->a, address, &id, &why)) return malformed(x, &why, e);
    if (!ts_store_passports(x->store, x->a, id.text, TS_NONE, 1, &rows, e)) return false;
    if (rows.n) return page_show(x, id.text, e);
    ts_digital_link l;
    if (!ts_digital_link_parse(x->a, address, &l, &why) && strstr(why.msg, "compressed"))
        return malformed(x, &why, e);
    return page_refuse(x, 404, "page.missing.title", address, e);
}

static bool address(web_exchange *x, ts_error *e) {
    ts_error why = {0};
    asked w = {0};
    ts_str path = path_below(x);
    w.address = join(x, web_base(x), path, TS_NONE);
    ts_str text = join(x, w.address, x->query, TS_S("?"));
    bool read = ts_product_id_read(x->a, text, &w.id, &why);
    if (read && w.id.kind == TS_PID_GS1) return resolve(x, &w, e);
    if (!begins_with_key(path)) return other_address(x, w.address, e);
    ts_digital_link l;
    if (read) ts_digital_link_parse(x->a, text, &l, &why); /* says what is wrong with it */
    return malformed(x, &why, e);
}

/* ---- description ---- */

static bool describe(web_exchange *x, ts_error *e) {
    ts_buf b = ts_buf_new(x->a, 10000);
    ts_jsonw w = ts_jsonw_to(&b);
    (void)e;
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "name", TS_S("touchstone"));
    ts_jsonw_kstr(&w, "resolverRoot", web_base(x));
    ts_jsonw_key(&w, "supportedPrimaryKeys");
    ts_jsonw_array(&w);
    ts_jsonw_str(&w, TS_S("all"));
    ts_jsonw_end(&w);
    ts_jsonw_key(&w, "supportedLinkType");
    ts_jsonw_array(&w);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "namespace", TS_S(TS_GS1_VOC));
    ts_jsonw_kstr(&w, "prefix", TS_S("gs1:"));
    ts_jsonw_end(&w);
    ts_jsonw_end(&w);
    ts_jsonw_key(&w, "linkTypeDefaultCanBeLinkset");
    ts_jsonw_bool(&w, false);
    ts_jsonw_kstr(&w, "jsonLdContextLocation", TS_S(CONTEXT));
    ts_jsonw_end(&w);
    web_set(x, "Cache-Control", TS_S("public, max-age=3600"));
    web_json(x, 200, ts_buf_str(&b));
    return true;
}

static const web_parameter of_link[] = {
    {"linkType", "gs1:dpp, gs1:recallStatus, … or its full address; linkset for all links", false,
     0},
    {"mediaType", "of the link's target; else by Accept", false, 0},
    {"context", "of the link", false, 0},
    {"format", "of a passport that has its address here", false, 0},
    {"at", "of a passport that has its address here", false, 0},
    {"lang", "language; else by Accept-Language", false, 0},
    {0},
};

const web_route resolver_routes[] = {
    {"GET", "/.well-known/gs1resolver", 0, 0, 0, "What this resolver can do", describe},
    {"GET", "/{link*}", 0, 0, of_link,
     "A GS1 Digital Link: leads to the passport of the item, else of its batch or model; and "
     "passports, status lists and DID documents at their own addresses",
     address},
    {0},
};
