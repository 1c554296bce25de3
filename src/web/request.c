#include "exchange.h"

/* ---- the target ---- */

static bool target_text(web_exchange *x, ts_str t, ts_error *e) {
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c > ' ' && c < 0x7F && c != '#') continue;
        x->status = 400;
        return ts_fail(e, TS_E_INPUT,
                       "the address holds a character that does not belong there (byte %zu): "
                       "percent-encode it",
                       i);
    }
    return true;
}

bool web_target(web_exchange *x, ts_str target, ts_error *e) {
    if (target.n > WEB_TARGET_MAX) {
        x->status = 414;
        return ts_fail(e, TS_E_LIMIT, "the address has more than %d bytes", WEB_TARGET_MAX);
    }
    if (!target_text(x, target, e)) return false;
    ts_uri parts = ts_uri_split(target);
    if (target.n && target.p[0] != '/' && ts_uri_is_web(target)) { /* absolute form */
        x->path = parts.path.n ? parts.path : TS_S("/");
        x->query = parts.query;
        return true;
    }
    x->query = target;
    x->path = ts_str_cut(&x->query, '?');
    if (x->path.n && (x->path.p[0] == '/' || ts_str_is(x->path, "*"))) return true;
    x->status = 400;
    return ts_fail(e, TS_E_INPUT, "the address does not begin with '/'");
}

/* ---- routes ---- */

/* The next segment of a path that begins with '/', and what comes behind it; false at its end. */
static bool segment(ts_str *path, ts_str *out) {
    if (!path->n || path->p[0] != '/') return false;
    *path = ts_str_from(*path, 1);
    size_t n = ts_str_chr(*path, '/');
    *out = ts_str_to(*path, n == TS_NPOS ? path->n : n);
    *path = ts_str_from(*path, out->n);
    return true;
}

static bool is_parameter(ts_str s) { return s.n > 2 && s.p[0] == '{' && s.p[s.n - 1] == '}'; }

static void keep(web_exchange *x, ts_str pattern, ts_str value) {
    if (x->parameters_n == WEB_PARAMETERS) return;
    ts_str name = {pattern.p + 1, pattern.n - 2 - (pattern.p[pattern.n - 2] == '*')};
    x->parameter[x->parameters_n].name = ts_str_z(x->a, name);
    x->parameter[x->parameters_n++].value = value;
}

/* Whether the path is one of the route's; the parameters in it go into x, raw. */
static bool matches(web_exchange *x, const char *pattern) {
    ts_str want = ts_str_c(pattern), have = x->path, w, h;
    x->parameters_n = 0;
    while (segment(&want, &w)) {
        if (is_parameter(w) && w.p[w.n - 2] == '*') {
            if (!have.n || have.p[0] != '/') return false;
            return keep(x, w, ts_str_from(have, 1)), true;
        }
        if (!segment(&have, &h)) return false;
        if (!is_parameter(w)) {
            if (!ts_str_eq(w, h)) return false;
        } else if (h.n) {
            keep(x, w, h);
        } else {
            return false;
        }
    }
    return !have.n;
}

/* Told by one letter, mostly. */
static bool differs(const char *pattern, ts_str path) {
    return path.n > 1 && pattern[1] != path.p[1] && pattern[1] != '{';
}

/* A route that takes whatever no other one does: "/{link*}". */
static bool takes_the_rest(const web_route *r) {
    return ts_str_starts(ts_str_c(r->path), TS_S("/{")) &&
           ts_str_ends(ts_str_c(r->path), TS_S("*}"));
}

static bool method_is(const web_route *r, const char *method) {
    return strcmp(r->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(r->method, "GET") == 0);
}

static void allow(ts_buf *b, const char *method) {
    ts_str m = ts_str_c(method);
    for (ts_str rest = ts_buf_str(b); rest.n;)
        if (ts_str_eq(ts_str_trim(ts_str_cut(&rest, ',')), m)) return;
    if (b->n) ts_buf_lit(b, ", ");
    ts_buf_put(b, m);
    if (strcmp(method, "GET") == 0) ts_buf_lit(b, ", HEAD");
}

static web_found look(web_exchange *x, bool rest, ts_buf *allowed) {
    web_found found = WEB_NO_PATH;
    for (const web_route *const *t = x->server->tables; *t; t++)
        for (const web_route *r = *t; r->method; r++) {
            if (differs(r->path, x->path) || takes_the_rest(r) != rest || !matches(x, r->path))
                continue;
            if (method_is(r, x->method)) return x->route = r, WEB_FOUND;
            found = WEB_NO_METHOD;
            allow(allowed, r->method);
        }
    return found;
}

web_found web_route_find(web_exchange *x, ts_str *allowed) {
    ts_buf b = ts_buf_new(x->a, 200);
    web_found found = look(x, false, &b);
    if (found == WEB_NO_PATH) found = look(x, true, &b);
    if (found != WEB_FOUND) x->parameters_n = 0;
    if (b.n) ts_buf_lit(&b, ", OPTIONS");
    *allowed = ts_buf_str(&b);
    return found;
}

/* ---- parameters ---- */

static int digit(char c) {
    return ts_is_digit(c)         ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool web_decode(ts_arena *a, ts_str s, ts_str *out) {
    char *p = ts_new_raw(a, char, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int c = (unsigned char)s.p[i];
        if (c == '%') {
            int hi = i + 2 < s.n ? digit(s.p[i + 1]) : -1, lo = hi < 0 ? -1 : digit(s.p[i + 2]);
            if (lo < 0) return false;
            c = hi * 16 + lo;
            i += 2;
        }
        if (c < ' ' || c == 0x7F) return false;
        p[n++] = (char)c;
    }
    *out = (ts_str){p, n};
    return ts_utf8_bad(*out) == TS_NPOS;
}

bool web_query(ts_str query, ts_str name, ts_str *value, size_t *times) {
    *times = 0;
    *value = TS_NONE;
    while (query.n) {
        ts_str v = ts_str_cut(&query, '&'), k = ts_str_cut(&v, '=');
        if (!ts_str_eq(k, name)) continue;
        if (!*times) *value = v;
        ++*times;
    }
    return *times > 0;
}

static bool bad(ts_error *e, const char *name, const char *what) {
    return ts_fail(e, TS_E_INPUT, "the parameter %s %s", name, what);
}

static const web_parameter *declared(const web_route *r, const char *name) {
    for (const web_parameter *p = r->parameters; p && p->name; p++)
        if (strcmp(p->name, name) == 0) return p;
    return 0;
}

static bool one_of(ts_arena *a, const web_parameter *p, ts_str value, ts_error *e) {
    ts_strs all = {0};
    if (!p || !p->one_of) return true;
    for (const char *const *v = p->one_of; *v; v++) {
        if (ts_str_is(value, *v)) return true;
        *ts_push(a, &all) = ts_str_c(*v);
    }
    ts_str names = ts_str_join(a, all.v, all.n, TS_S(", "));
    return ts_fail(e, TS_E_INPUT, "the parameter %s is one of: %.*s", p->name, TS_P(names));
}

/* "{name*}" stays as it is. */
static bool stays_raw(const web_route *r, size_t i, size_t n) {
    return i + 1 == n && ts_str_ends(ts_str_c(r->path), TS_S("*}"));
}

static bool from_path(web_exchange *x, ts_error *e) {
    size_t n = x->parameters_n;
    for (size_t i = 0; i < n; i++) {
        if (stays_raw(x->route, i, n)) continue;
        if (!web_decode(x->a, x->parameter[i].value, &x->parameter[i].value))
            return bad(e, x->parameter[i].name, "in the path is not percent-encoded UTF-8 text");
        if (!one_of(x->a, declared(x->route, x->parameter[i].name), x->parameter[i].value, e))
            return false;
    }
    return true;
}

static bool in_path(const web_exchange *x, const char *name) {
    for (size_t i = 0; i < x->parameters_n; i++)
        if (strcmp(x->parameter[i].name, name) == 0) return true;
    return false;
}

static bool from_query(web_exchange *x, const web_parameter *p, ts_error *e) {
    ts_str raw, value;
    size_t times;
    if (!web_query(x->query, ts_str_c(p->name), &raw, &times))
        return !p->required || bad(e, p->name, "is missing");
    if (times > 1) return bad(e, p->name, "is given more than once");
    if (!web_decode(x->a, raw, &value)) return bad(e, p->name, "is not percent-encoded UTF-8 text");
    if (!value.n && p->required) return bad(e, p->name, "is empty");
    if (!one_of(x->a, p, value, e)) return false;
    if (x->parameters_n == WEB_PARAMETERS) return ts_fail(e, TS_E_LIMIT, "too many parameters");
    x->parameter[x->parameters_n].name = p->name;
    x->parameter[x->parameters_n++].value = value;
    return true;
}

bool web_parameters(web_exchange *x, ts_error *e) {
    if (!from_path(x, e)) return false;
    for (const web_parameter *p = x->route->parameters; p && p->name; p++)
        if (!in_path(x, p->name) && !from_query(x, p, e)) return false;
    return true;
}

ts_str web_parameter_of(const web_exchange *x, const char *name) {
    for (size_t i = 0; i < x->parameters_n; i++)
        if (strcmp(x->parameter[i].name, name) == 0) return x->parameter[i].value;
    return TS_NONE;
}

/* ---- headers ---- */

ts_str web_header(const web_exchange *x, const char *name) {
    return x->request->header(x->request, name);
}

static ts_str media_of(ts_str s) { return ts_str_trim(ts_str_cut(&s, ';')); }

bool web_media_is(ts_str content_type, const char *const *types) {
    ts_str media = media_of(content_type);
    for (; *types; types++)
        if (ts_str_ieq(media, media_of(ts_str_c(*types)))) return true;
    return false;
}

/* The weight of one element of a list, in thousandths (RFC 9110 section 12.4.2). */
static int weight(ts_str parameters) {
    while (parameters.n) {
        ts_str v = ts_str_trim(ts_str_cut(&parameters, ';'));
        ts_str name = ts_str_trim(ts_str_cut(&v, '='));
        double q;
        if (!ts_str_ieq(name, TS_S("q"))) continue;
        v = ts_str_trim(v);
        return ts_f64_parse(v, &q) && q >= 0 && q <= 1 ? (int)(q * 1000 + 0.5) : 0;
    }
    return 1000;
}

/* How closely a range of Accept names a media type: 0 not at all, 1 by "*", 2 by its type, 3. */
static int closeness(ts_str range, ts_str media) {
    if (ts_str_is(range, "*/*")) return 1;
    if (ts_str_ieq(range, media)) return 3;
    size_t n = ts_str_chr(range, '/');
    bool wild = n != TS_NPOS && ts_str_is(ts_str_from(range, n), "/*");
    return wild && ts_str_istarts(media, ts_str_to(range, n + 1)) ? 2 : 0;
}

static int wanted(ts_str accept, ts_str media) {
    int best = 0, q = 0;
    while (accept.n) {
        ts_str v = ts_str_cut(&accept, ','), range = ts_str_trim(ts_str_cut(&v, ';'));
        int c = closeness(range, media);
        if (c > best) best = c, q = weight(v);
    }
    return q;
}

const char *web_accepts(const web_exchange *x, const char *const *offered) {
    ts_str accept = web_header(x, "Accept");
    const char *best = 0;
    int most = 0;
    if (!accept.n) return offered[0];
    for (; *offered; offered++) {
        int q = wanted(accept, media_of(ts_str_c(*offered)));
        if (q > most) most = q, best = *offered;
    }
    return best;
}

static const char *ours(ts_str tag) {
    static const char *const known[] = {"en", "de", "zh"};
    ts_str primary = ts_str_cut(&tag, '-');
    for (size_t i = 0; i < 3; i++)
        if (ts_str_ieq(primary, ts_str_c(known[i]))) return known[i];
    return 0;
}

const char *web_language(const web_exchange *x) {
    ts_str v, list = web_header(x, "Accept-Language");
    size_t times;
    const char *best = 0;
    int most = 0;
    if (web_query(x->query, TS_S("lang"), &v, &times) && ours(v)) return ours(v);
    while (list.n) {
        v = ts_str_cut(&list, ',');
        const char *l = ours(ts_str_trim(ts_str_cut(&v, ';')));
        int q = weight(v);
        if (l && q > most) most = q, best = l;
    }
    return best ? best : "en";
}
