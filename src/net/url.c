/* Addresses that may be fetched. libcurl's own URL reader is used, so that what is judged here and
 * what is connected to cannot be two readings of one text. */
#include "url.h"

#include <curl/curl.h>

#include "address.h"

/* Copies one component into out; false when it is absent or longer than out has room for. */
static bool component(CURLU *h, CURLUPart part, unsigned flags, char *out, size_t cap) {
    char *s = 0;
    if (curl_url_get(h, part, &s, flags) != CURLUE_OK) return false;
    size_t n = strlen(s);
    if (n < cap) memcpy(out, s, n + 1);
    curl_free(s);
    return n < cap;
}

static bool has(CURLU *h, CURLUPart part) {
    char *s = 0;
    if (curl_url_get(h, part, &s, 0) != CURLUE_OK) return false;
    curl_free(s);
    return true;
}

/* What is not printable ASCII, for a text that goes to a terminal. */
static void make_plain(char *s) {
    for (; *s; s++)
        if (*s < 0x21 || *s > 0x7e) *s = '?';
}

/* "https://host:port/path?..." from the canonical text. */
static void show(net_url *u) {
    size_t n = strcspn(u->text, "?");
    bool query = u->text[n] != 0;
    enum { ROOM = NET_SHOW_MAX - 4 };
    if (n > ROOM)
        snprintf(u->show, sizeof u->show, "%.*s...", (int)ROOM, u->text);
    else
        snprintf(u->show, sizeof u->show, "%.*s%s", (int)n, u->text, query ? "?..." : "");
}

static bool listed(const net_url *u, ts_strs places) {
    char place[NET_HOST_MAX + 8];
    snprintf(place, sizeof place, "%s:%u", u->host, (unsigned)u->port);
    for (size_t i = 0; i < places.n; i++)
        if (ts_str_ieq(places.v[i], ts_str_c(place))) return true;
    return false;
}

static bool port_allowed(const net_url *u, const ts_fetch_options *o) {
    if (u->in_house || u->port == 80 || u->port == 443) return true;
    for (size_t i = 0; i < o->n_allow_ports; i++)
        if (o->allow_ports[i] == u->port) return true;
    return false;
}

static bool judge(const net_url *u, const ts_fetch_options *o, ts_error *e) {
    if (!port_allowed(u, o))
        return ts_fail(
            e, TS_E_NET,
            "port %u is not fetched from; only 80, 443 and ports allowed by the configuration are",
            (unsigned)u->port);
    const char *what = u->in_house ? 0 : net_host_refused(ts_str_c(u->host));
    if (!what) return true;
    return ts_fail(e, TS_E_NET,
                   "%s is %s; in-house places must be allowed by name in the configuration",
                   u->host, what);
}

/* Scheme and user name are judged before anything of the URL may be shown. */
static bool read_scheme(CURLU *h, net_url *u, ts_error *e) {
    char scheme[32] = "";
    component(h, CURLUPART_SCHEME, 0, scheme, sizeof scheme);
    make_plain(scheme);
    u->https = ts_str_ieq(ts_str_c(scheme), TS_S("https"));
    if (!u->https && !ts_str_ieq(ts_str_c(scheme), TS_S("http")))
        return ts_fail(e, TS_E_NET, "only http and https are fetched, not '%s'", scheme);
    if (has(h, CURLUPART_USER) || has(h, CURLUPART_PASSWORD) || has(h, CURLUPART_OPTIONS))
        return ts_fail(e, TS_E_NET, "the address holds a user name or password; take it out");
    if (has(h, CURLUPART_ZONEID))
        return ts_fail(e, TS_E_NET,
                       "the address names a network interface; such places are not fetched from");
    return true;
}

/* Names and addresses in lower case. Names beyond ASCII are refused: libcurl would convert them by
 * the locale, which is not the same everywhere. */
static bool tidy_host(char *host) {
    for (char *p = host; *p; p++) {
        *p = (char)ts_lower((unsigned char)*p);
        if (!ts_is_alnum((unsigned char)*p) && !strchr("-._[]:", *p)) return false;
    }
    return host[0] != 0;
}

static bool read_host(CURLU *h, net_url *u, ts_error *e) {
    char port[8];
    uint64_t number = 0;
    bool ok = component(h, CURLUPART_HOST, 0, u->host, sizeof u->host) && tidy_host(u->host) &&
              curl_url_set(h, CURLUPART_HOST, u->host, 0) == CURLUE_OK;
    if (!ok) {
        u->host[0] = 0;
        return ts_fail(
            e, TS_E_USAGE,
            "the address has no proper host name (letters beyond ASCII take the xn-- form)");
    }
    ok = component(h, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port) &&
         ts_u64_parse(ts_str_c(port), &number) && number > 0 && number <= UINT16_MAX;
    if (!ok) return ts_fail(e, TS_E_USAGE, "the address has no port number that can be read");
    u->port = (uint16_t)number;
    return true;
}

static bool take_over(CURLU *h, net_url *u, const ts_fetch_options *o, ts_error *e) {
    if (!read_scheme(h, u, e) || !read_host(h, u, e)) return false;
    curl_url_set(h, CURLUPART_FRAGMENT, 0, 0);
    if (!component(h, CURLUPART_URL, CURLU_NO_DEFAULT_PORT, u->text, sizeof u->text))
        return ts_fail(e, TS_E_LIMIT, "the address is longer than %d bytes", NET_URL_MAX);
    make_plain(u->text);
    show(u);
    u->in_house = listed(u, o->allow_private);
    return judge(u, o, e);
}

/* Sets h, or resolves against what it holds. Blanks and bytes beyond ASCII, which people and
 * servers often leave as they are, are escaped; control characters are refused. */
static bool read_text(CURLU *h, ts_str s, ts_error *e) {
    char z[NET_URL_MAX + 1];
    if (!s.n || memchr(s.p, 0, s.n))
        return ts_fail(e, TS_E_USAGE, "the address is empty or holds a null byte");
    if (s.n > NET_URL_MAX)
        return ts_fail(e, TS_E_LIMIT, "the address is longer than %d bytes", NET_URL_MAX);
    memcpy(z, s.p, s.n);
    z[s.n] = 0;
    CURLUcode rc = curl_url_set(h, CURLUPART_URL, z, CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE);
    if (rc == CURLUE_OK) return true;
    return ts_fail(e, TS_E_USAGE, "the address cannot be read as a URL: %s", curl_url_strerror(rc));
}

bool net_url_parse(net_url *u, const ts_fetch_options *o, ts_error *e) {
    *u = (net_url){0};
    CURLU *h = curl_url();
    if (!h) return ts_fail(e, TS_E_MEMORY, "no memory for reading an address");
    bool ok = read_text(h, o->url, e) && take_over(h, u, o, e);
    curl_url_cleanup(h);
    return ok;
}

bool net_url_follow(net_url *to, const net_url *from, ts_str location, const ts_fetch_options *o,
                    ts_error *e) {
    net_url next = {0};
    CURLU *h = curl_url();
    if (!h) return ts_fail(e, TS_E_MEMORY, "no memory for reading an address");
    bool ok = read_text(h, ts_str_c(from->text), e) && read_text(h, location, e) &&
              take_over(h, &next, o, e);
    curl_url_cleanup(h);
    if (!ok) return false;
    if (from->https && !next.https)
        return ts_fail(e, TS_E_NET, "%s has no encryption, though the redirecting page had",
                       next.show);
    if (next.in_house && !from->in_house)
        return ts_fail(e, TS_E_NET, "%s is an in-house place; pages outside may not lead there",
                       next.show);
    *to = next;
    return true;
}

bool net_url_same_origin(const net_url *a, const net_url *b) {
    return a->https == b->https && a->port == b->port && strcmp(a->host, b->host) == 0;
}
