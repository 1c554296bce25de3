#include "digital_part.h"
#include "version.h"

#include <stdarg.h>
#include <stdio.h>

typedef struct search {
    ts_arena *a;
    const ts_advisories *x;
    const ts_component *c;
    ts_vulnerables *out;
} search;

static void hit(search *s, const ts_advisory *adv, bool kev, ts_answer inside, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
static void hit(search *s, const ts_advisory *adv, bool kev, ts_answer inside, const char *fmt,
                ...) {
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    *ts_push(s->a, s->out) =
        (ts_vulnerable){.component = s->c,
                        .advisory = adv,
                        .kev = kev,
                        .inside = inside,
                        .reason = ts_str_dup(s->a, ts_utf8_mend(s->a, ts_str_c(text)))};
}

#define SHOWN(s) TS_P(ts_str_clip((s), 80))

/* ---- OSV: package and version ---- */

/* One event of a range: from this version on, or behind it, packages are affected or no longer are.
 */
typedef struct boundary {
    ts_str at;
    bool affected, behind; /* behind: the version itself does not count yet (last_affected) */
} boundary;

static bool read_boundary(const ts_json *event, boundary *b) {
    ts_str from = ts_json_str(ts_json_member(event, "introduced")),
           fixed = ts_json_str(ts_json_member(event, "fixed")),
           last = ts_json_str(ts_json_member(event, "last_affected"));
    *b = (boundary){from.n ? from : fixed.n ? fixed : last, from.n > 0, !from.n && !fixed.n};
    return b->at.n > 0;
}

/* "0" is before every version. */
static bool compare(ts_str x, ts_str y, int *order) {
    bool first = ts_str_is(x, "0"), second = ts_str_is(y, "0");
    if (!first && !second) return version_compare(x, y, order);
    *order = second - first;
    return true;
}

/* Whether a version lies in a range: the latest event at or before it decides, in whatever order
 * they are listed (OSV schema, "Evaluation"). Open where versions cannot be put in order. */
static ts_answer in_range(const ts_json *range, ts_str version) {
    boundary latest = {TS_NONE, false, false}, b;
    int order;
    TS_JSON_EACH(event, ts_json_member(range, "events")) {
        if (!read_boundary(event, &b)) continue;
        if (ts_str_is(b.at, "0"))
            order = 1;
        else if (!version_compare(version, b.at, &order))
            return TS_OPEN;
        if (order < 0 || (b.behind && order == 0)) continue;
        if (latest.at.n && !compare(b.at, latest.at, &order)) return TS_OPEN;
        if (!latest.at.n || order > 0 || (order == 0 && !b.affected)) latest = b;
    }
    return latest.affected ? TS_YES : TS_NO;
}

static bool orders_by_semver(const osv_entry *o, const ts_json *range) {
    ts_str type = ts_json_str(ts_json_member(range, "type"));
    static const char *const like[] = {"npm",   "Go",        "crates.io", "Hex",   "Pub",
                                       "NuGet", "Packagist", "RubyGems",  "Maven", "PyPI"};
    if (ts_str_is(type, "SEMVER")) return true;
    if (!ts_str_is(type, "ECOSYSTEM")) return false;
    for (size_t i = 0; i < sizeof like / sizeof *like; i++)
        if (ts_str_is(o->ecosystem, like[i])) return true;
    return false;
}

static ts_answer affected(const osv_entry *o, ts_str version) {
    ts_answer answer = TS_NO;
    const ts_json *versions = ts_json_member(o->affected, "versions"),
                  *ranges = ts_json_member(o->affected, "ranges");
    if (!version.n) return TS_OPEN;
    TS_JSON_EACH(v, versions) {
        if (ts_str_eq(ts_json_str(v), version)) return TS_YES;
    }
    if ((!versions || !versions->n) && (!ranges || !ranges->n)) return TS_OPEN;
    TS_JSON_EACH(range, ranges) {
        if (ts_str_is(ts_json_str(ts_json_member(range, "type")), "GIT")) continue;
        ts_answer one = orders_by_semver(o, range) ? in_range(range, version) : TS_OPEN;
        if (one == TS_YES) return TS_YES;
        if (one == TS_OPEN) answer = TS_OPEN;
    }
    return answer;
}

/* A CVE among the aliases that is known to be exploited. */
static ts_str exploited(const search *s, const ts_advisory *adv) {
    if (ts_map_get(&s->x->by_cve, adv->id)) return adv->id;
    for (size_t i = 0; i < adv->aliases.n; i++)
        if (ts_map_get(&s->x->by_cve, adv->aliases.v[i])) return adv->aliases.v[i];
    return TS_NONE;
}

static void find_osv(search *s) {
    ts_str ecosystem, package, version;
    if (!package_of_purl(s->a, s->c->purl, &ecosystem, &package, &version)) return;
    if (!version.n) version = s->c->version;
    uint64_t *at = ts_map_get(&s->x->by_package, package_key(s->a, ecosystem, package));
    for (size_t i = at ? (size_t)*at : 0; i; i = s->x->osv.v[i - 1].next) {
        const osv_entry *o = &s->x->osv.v[i - 1];
        ts_answer inside = affected(o, version);
        ts_str cve = exploited(s, o->advisory);
        const char *says = inside == TS_YES  ? "lists version"
                           : inside == TS_NO ? "does not list version"
                                             : "gives no order by which to place version";
        hit(s, o->advisory, false, inside, "%.*s %s %.*s of %.*s%s%.*s%s", SHOWN(o->advisory->id),
            says, SHOWN(version.n ? version : TS_S("(not stated)")), SHOWN(package),
            cve.n ? "; " : "", SHOWN(cve), cve.n ? " is known to be exploited" : "");
    }
}

/* ---- KEV: vendor and product ---- */

/* "cpe:2.3:a:apache:log4j:2.14": field `which` (3 vendor, 4 product). */
static ts_str cpe_field(ts_str cpe, int which) {
    if (!ts_str_starts(cpe, TS_S("cpe:2.3:"))) return TS_NONE;
    ts_str field = TS_NONE;
    for (int i = 0; i <= which; i++) field = ts_str_cut(&cpe, ':');
    return field;
}

static bool vendor_agrees(const kev_entry *k, const words *vendor) {
    for (size_t i = 0; i < k->vendor_words.n; i++)
        if (words_have(vendor, k->vendor_words.v[i])) return true;
    return false;
}

/* All words of the product are in the component's name, the first one first; or all of them in one.
 */
static bool product_agrees(const kev_entry *k, const words *name, const words *all) {
    if (k->product_words.n > 1 && words_have(all, k->whole)) return true;
    if (!name->n || !ts_str_eq(name->v[0], k->product_words.v[0])) return false;
    for (size_t i = 1; i < k->product_words.n; i++)
        if (!words_have(all, k->product_words.v[i])) return false;
    return true;
}

static void find_kev(search *s) {
    words name = {.n = 0}, all = {.n = 0}, vendor = {.n = 0};
    ts_str product = cpe_field(s->c->cpe, 4);
    words_add(s->a, &name, product.n ? product : s->c->name);
    words_add(s->a, &all, product);
    words_add(s->a, &all, s->c->name);
    words_add(s->a, &all, s->c->group);
    words_add(s->a, &vendor, cpe_field(s->c->cpe, 3));
    words_add(s->a, &vendor, s->c->supplier);
    words_add(s->a, &vendor, s->c->group);
    for (size_t w = 0; w < all.n; w++) {
        uint64_t *at = ts_map_get(&s->x->by_word, all.v[w]);
        for (size_t i = at ? (size_t)*at : 0; i; i = s->x->kev.v[i - 1].next) {
            const kev_entry *k = &s->x->kev.v[i - 1];
            /* without a vendor that agrees, the name must be the product's, whole */
            bool exact = name.n == k->product_words.n && product_agrees(k, &name, &name);
            if (!product_agrees(k, &name, &all)) continue;
            if (!vendor_agrees(k, &vendor) && !(exact && !vendor.n)) continue;
            hit(s, &k->advisory, true, TS_OPEN,
                "the catalogue lists %.*s %.*s and names no versions: cannot be excluded",
                SHOWN(k->vendor), SHOWN(k->product));
        }
    }
}

void ts_vulnerables_find(ts_arena *a, const ts_sbom *sbom, const ts_advisories *x,
                         ts_vulnerables *out) {
    for (size_t i = 0; i < sbom->components.n; i++) {
        search s = {a, x, &sbom->components.v[i], out};
        find_osv(&s);
        find_kev(&s);
    }
}
