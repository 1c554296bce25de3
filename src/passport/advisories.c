#include "digital_part.h"

/* ---- words ---- */

bool words_have(const words *w, ts_str word) {
    for (size_t i = 0; i < w->n; i++)
        if (ts_str_eq(w->v[i], word)) return true;
    return false;
}

static ts_str without_number(ts_str s) {
    size_t n = s.n;
    while (n > 0 && ts_is_digit(s.p[n - 1])) n--;
    return n >= 3 ? ts_str_to(s, n) : s;
}

static bool letters(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_digit(s.p[i])) return true;
    return false;
}

void words_add(ts_arena *a, words *w, ts_str text) {
    char *low = (char *)ts_alloc_raw(a, 1, 1, text.n + 1);
    for (size_t i = 0; i < text.n; i++) low[i] = (char)ts_lower((unsigned char)text.p[i]);
    for (size_t i = 0, from = 0; i <= text.n; i++) {
        if (i < text.n && (ts_is_alnum((unsigned char)low[i]) || (low[i] & 0x80))) continue;
        ts_str word = without_number((ts_str){low + from, i - from});
        from = i + 1;
        if (word.n > 1 && letters(word) && w->n < WORDS_MAX && !words_have(w, word))
            w->v[w->n++] = word;
    }
}

/* ---- packages ---- */

ts_str package_key(ts_arena *a, ts_str ecosystem, ts_str package) {
    ts_buf b = ts_buf_new(a, ecosystem.n + package.n + 2);
    size_t colon = ts_str_chr(ecosystem, ':'); /* "Debian:12" is a release of Debian */
    ts_str parts[] = {ts_str_to(ecosystem, colon == TS_NPOS ? ecosystem.n : colon), package};
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < parts[k].n; i++)
            ts_buf_c(&b, (char)ts_lower((unsigned char)parts[k].p[i]));
        if (!k) ts_buf_c(&b, '\n');
    }
    return ts_buf_str(&b);
}

static int hex(char c) {
    return ts_is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static ts_str decoded(ts_arena *a, ts_str s) {
    ts_buf b = ts_buf_new(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        int h = i + 2 < s.n && s.p[i] == '%' ? hex(s.p[i + 1]) : -1,
            l = h >= 0 ? hex(s.p[i + 2]) : -1;
        ts_buf_c(&b, l >= 0 ? (char)(h * 16 + l) : s.p[i]);
        if (l >= 0) i += 2;
    }
    return ts_buf_str(&b);
}

bool package_of_purl(ts_arena *a, ts_str purl, ts_str *ecosystem, ts_str *package,
                     ts_str *version) {
    static const struct {
        const char *type, *ecosystem, *joint;
    } types[] = {{"npm", "npm", "/"},     {"maven", "Maven", ":"},        {"pypi", "PyPI", "/"},
                 {"golang", "Go", "/"},   {"cargo", "crates.io", "/"},    {"gem", "RubyGems", "/"},
                 {"nuget", "NuGet", "/"}, {"composer", "Packagist", "/"}, {"hex", "Hex", "/"},
                 {"pub", "Pub", "/"},     {"deb", "Debian", 0},           {"apk", "Alpine", 0}};
    if (!ts_str_istarts(purl, TS_S("pkg:"))) return false;
    ts_str rest = ts_str_from(purl, 4);
    rest = ts_str_to(rest, ts_str_chr(rest, '#') == TS_NPOS ? rest.n : ts_str_chr(rest, '#'));
    rest = ts_str_to(rest, ts_str_chr(rest, '?') == TS_NPOS ? rest.n : ts_str_chr(rest, '?'));
    while (rest.n && rest.p[0] == '/') rest = ts_str_from(rest, 1);
    ts_str type = ts_str_cut(&rest, '/');
    size_t at = rest.n, slash = TS_NPOS;
    while (at > 0 && rest.p[at - 1] != '@') at--;
    *version = at > 1 ? decoded(a, ts_str_from(rest, at)) : TS_NONE; /* "@scope/name" has none */
    if (at > 1) rest = ts_str_to(rest, at - 1);
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] == '/') slash = i;
    ts_str space = slash == TS_NPOS ? TS_NONE : decoded(a, ts_str_to(rest, slash)),
           name = decoded(a, slash == TS_NPOS ? rest : ts_str_from(rest, slash + 1));
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!ts_str_ieq(type, ts_str_c(types[i].type))) continue;
        *ecosystem = ts_str_c(types[i].ecosystem);
        ts_str both[] = {space, name};
        *package =
            types[i].joint && space.n ? ts_str_join(a, both, 2, ts_str_c(types[i].joint)) : name;
        return name.n > 0;
    }
    return false;
}

/* ---- KEV ---- */

ts_advisories *ts_advisories_new(ts_arena *a) {
    ts_advisories *x = ts_new(a, ts_advisories);
    x->a = a;
    return x;
}

size_t ts_advisories_count(const ts_advisories *x) { return x->count; }

/* What says nothing about a product. */
static bool idle_word(ts_str w) {
    static const char *const idle[] = {"multiple", "products", "product",  "software", "and",
                                       "the",      "devices",  "chipsets", "suite",    "server"};
    for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
        if (ts_str_is(w, idle[i])) return true;
    return false;
}

static void file_under(ts_advisories *x, ts_str key, size_t entry) {
    uint64_t *at = ts_map_put(x->a, &x->by_word, key, 0);
    x->kev.v[entry].next = (size_t)*at;
    *at = entry + 1;
}

static void add_kev(ts_advisories *x, const ts_json *v) {
    kev_entry k = {.vendor = ts_json_str(ts_json_member(v, "vendorProject")),
                   .product = ts_json_str(ts_json_member(v, "product"))};
    k.advisory = (ts_advisory){.id = ts_json_str(ts_json_member(v, "cveID")),
                               .title = ts_json_str(ts_json_member(v, "vulnerabilityName")),
                               .due = ts_json_str(ts_json_member(v, "dueDate"))};
    words all = {.n = 0};
    words_add(x->a, &k.vendor_words, k.vendor);
    words_add(x->a, &all, k.product);
    for (size_t i = 0; i < all.n; i++)
        if (!idle_word(all.v[i])) k.product_words.v[k.product_words.n++] = all.v[i];
    k.whole = ts_str_join(x->a, k.product_words.v, k.product_words.n, TS_NONE);
    *ts_push(x->a, &x->kev) = k;
    x->count++;
    *ts_map_put(x->a, &x->by_cve, k.advisory.id, 0) = x->kev.n;
    if (k.product_words.n) file_under(x, k.product_words.v[0], x->kev.n - 1);
}

bool ts_advisories_add_kev(ts_advisories *x, const ts_json *root, ts_error *e) {
    const ts_json *list = ts_json_member(root, "vulnerabilities");
    if (!ts_json_is(list, TS_JSON_ARRAY))
        return ts_fail(e, TS_E_INPUT,
                       "is no catalogue of known exploited vulnerabilities: there is "
                       "no list 'vulnerabilities'");
    size_t n = 0;
    TS_JSON_EACH(v, list) {
        n++;
        if (!ts_json_str(ts_json_member(v, "cveID")).n ||
            !ts_json_str(ts_json_member(v, "product")).n ||
            !ts_json_str(ts_json_member(v, "vendorProject")).n)
            return ts_fail(e, TS_E_INPUT, "vulnerability %zu lacks cveID, vendorProject or product",
                           n);
        add_kev(x, v);
    }
    return true;
}

/* ---- OSV ---- */

static bool add_affected(ts_advisories *x, const ts_advisory *adv, const ts_json *v, ts_error *e) {
    const ts_json *package = ts_json_member(v, "package");
    osv_entry o = {.advisory = adv,
                   .ecosystem = ts_json_str(ts_json_member(package, "ecosystem")),
                   .package = ts_json_str(ts_json_member(package, "name")),
                   .affected = v};
    if (!package) return true; /* commits of a repository: no package of an SBOM is meant */
    if (!o.ecosystem.n || !o.package.n)
        return ts_fail(e, TS_E_INPUT, "advisory %.*s: an affected package lacks ecosystem or name",
                       TS_P(adv->id));
    *ts_push(x->a, &x->osv) = o;
    uint64_t *at = ts_map_put(x->a, &x->by_package, package_key(x->a, o.ecosystem, o.package), 0);
    x->osv.v[x->osv.n - 1].next = (size_t)*at;
    *at = x->osv.n;
    return true;
}

bool ts_advisories_add_osv(ts_advisories *x, const ts_json *root, ts_error *e) {
    ts_advisory *adv = ts_new(x->a, ts_advisory);
    *adv = (ts_advisory){.id = ts_json_str(ts_json_member(root, "id")),
                         .title = ts_json_str(ts_json_member(root, "summary"))};
    if (!adv->id.n || !ts_json_is(ts_json_member(root, "affected"), TS_JSON_ARRAY))
        return ts_fail(e, TS_E_INPUT, "is no OSV record: it lacks 'id' or the list 'affected'");
    if (ts_json_str(ts_json_member(root, "withdrawn")).n) return true;
    TS_JSON_EACH(v, ts_json_member(root, "aliases")) {
        if (ts_json_str(v).n) *ts_push(x->a, &adv->aliases) = ts_json_str(v);
    }
    TS_JSON_EACH(v, ts_json_member(root, "severity")) {
        if (!adv->severity.n) adv->severity = ts_json_str(ts_json_member(v, "score"));
    }
    TS_JSON_EACH(v, ts_json_member(root, "references")) {
        if (!adv->url.n) adv->url = ts_json_str(ts_json_member(v, "url"));
    }
    TS_JSON_EACH(v, ts_json_member(root, "affected")) {
        if (!add_affected(x, adv, v, e)) return false;
    }
    x->count++;
    return true;
}
