/* Reading an answer's header, and judging whether the answer is usable. */
#include "response.h"

#include <curl/curl.h>

/* ---- header lines ---- */

net_response net_response_none(void) {
    net_response r = {.date = -1, .modified = -1, .retry_after = -1};
    return r;
}

bool net_response_blank(ts_str line) {
    return line.n == 0 || ts_str_is(line, "\r\n") || ts_str_is(line, "\n") || ts_str_is(line, "\r");
}

/* Text that may be sent back, stored and shown: printable ASCII and blanks. */
static bool plain(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] > 0x7e) return false;
    return true;
}

static void keep(char *out, size_t cap, ts_str value) {
    out[0] = 0;
    if (value.n >= cap || !plain(value)) return;
    memcpy(out, value.p, value.n);
    out[value.n] = 0;
}

int64_t net_http_date(ts_str s) {
    char z[64];
    /* A weekday starts each of the three forms; libcurl's reader accepts much else. */
    if (s.n < 20 || s.n >= sizeof z || !plain(s) || !ts_is_alpha((unsigned char)s.p[0])) return -1;
    memcpy(z, s.p, s.n);
    z[s.n] = 0;
    time_t t = curl_getdate(z, 0);
    return t < 0 ? -1 : (int64_t)t;
}

static void take_length(net_response *r, ts_str value) {
    uint64_t n;
    bool ok = value.n && ts_is_digit((unsigned char)value.p[0]) && ts_u64_parse(value, &n) &&
              n <= INT64_MAX;
    if (!ok || (r->has_length && r->length != n)) {
        r->bad_length = true;
        return;
    }
    r->has_length = true;
    r->length = n;
}

/* One number without a sign. */
static bool digits(ts_str s, uint64_t *out) {
    return s.n && ts_is_digit((unsigned char)s.p[0]) && ts_u64_parse(s, out) && *out <= INT64_MAX;
}

/* "bytes 10-99/100", or an asterisk for a total that is not known (RFC 9110 section 14.4). */
static void take_range(net_response *r, ts_str value) {
    ts_str range = value, unit = ts_str_cut(&range, ' ');
    ts_str total = ts_str_trim(range), span = ts_str_cut(&total, '/');
    bool two = r->has_range;
    r->has_range = true;
    r->total_known = digits(total, &r->total);
    ts_str to = span, from = ts_str_cut(&to, '-');
    bool ok = ts_str_ieq(unit, TS_S("bytes")) && digits(from, &r->range_from) &&
              digits(to, &r->range_to) && r->range_from <= r->range_to &&
              (r->total_known || ts_str_is(total, "*")) &&
              !(r->total_known && r->range_to >= r->total);
    r->bad_range = !ok || two;
}

static void take_coding(net_response *r, ts_str value) {
    while (value.n) {
        ts_str one = ts_str_trim(ts_str_cut(&value, ','));
        if (!one.n || ts_str_ieq(one, TS_S("identity"))) continue;
        bool gzip = ts_str_ieq(one, TS_S("gzip")) || ts_str_ieq(one, TS_S("x-gzip"));
        r->coding = gzip && r->coding == NET_CODING_NONE ? NET_CODING_GZIP : NET_CODING_OTHER;
    }
}

static void take_location(net_response *r, ts_str value) {
    if (r->location[0] && !ts_str_is(value, r->location)) r->two_locations = true;
    if (value.n > NET_LOCATION_MAX || memchr(value.p, 0, value.n)) {
        r->two_locations = true; /* one that cannot be followed is as bad as two */
        return;
    }
    memcpy(r->location, value.p, value.n);
    r->location[value.n] = 0;
}

static void take_field(net_response *r, ts_str name, ts_str value) {
    if (ts_str_ieq(name, TS_S("content-length")))
        take_length(r, value);
    else if (ts_str_ieq(name, TS_S("transfer-encoding")))
        r->chunked |= ts_str_ifind(value, TS_S("chunked")) != TS_NPOS;
    else if (ts_str_ieq(name, TS_S("content-range")))
        take_range(r, value);
    else if (ts_str_ieq(name, TS_S("content-encoding")))
        take_coding(r, value);
    else if (ts_str_ieq(name, TS_S("location")))
        take_location(r, value);
    else if (ts_str_ieq(name, TS_S("date")))
        r->date = net_http_date(value);
    else if (ts_str_ieq(name, TS_S("etag")))
        keep(r->etag, sizeof r->etag, value);
    else if (ts_str_ieq(name, TS_S("content-type")))
        keep(r->type, sizeof r->type, value);
    else if (ts_str_ieq(name, TS_S("retry-after")))
        keep(r->retry_text, sizeof r->retry_text, value);
    else if (ts_str_ieq(name, TS_S("last-modified"))) {
        keep(r->last_modified, sizeof r->last_modified, value);
        r->modified = net_http_date(value);
    }
}

/* "HTTP/1.1 200 OK" */
static void take_status(net_response *r, ts_str line) {
    size_t bytes = r->head_bytes, lines = r->head_lines;
    *r = net_response_none();
    r->head_bytes = bytes;
    r->head_lines = lines;
    ts_str rest = line;
    ts_str_cut(&rest, ' ');
    uint64_t status;
    if (digits(ts_str_to(rest, 3), &status) && status >= 100 && status <= 999 &&
        (rest.n == 3 || ts_is_space((unsigned char)rest.p[3])))
        r->status = (int)status;
}

/* Seconds, or a date (RFC 9110 section 10.2.3). The date is measured by the server's own clock. */
static int64_t retry_after(const net_response *r) {
    ts_str s = ts_str_c(r->retry_text);
    uint64_t seconds;
    if (digits(s, &seconds)) return seconds > INT32_MAX ? INT32_MAX : (int64_t)seconds;
    int64_t then = net_http_date(s), now = r->date >= 0 ? r->date : ts_now();
    if (then < 0) return -1;
    return then <= now ? 0 : then - now > INT32_MAX ? INT32_MAX : then - now;
}

bool net_response_line(net_response *r, ts_str line, ts_error *e) {
    r->head_bytes += line.n;
    r->head_lines++;
    if (r->head_bytes > NET_HEAD_BYTES_MAX || r->head_lines > NET_HEAD_LINES_MAX)
        return ts_fail(
            e, TS_E_LIMIT,
            "the answer's header is larger than %d KiB or %d lines; the server misbehaves",
            NET_HEAD_BYTES_MAX / 1024, NET_HEAD_LINES_MAX);
    if (ts_str_starts(line, TS_S("HTTP/")))
        take_status(r, ts_str_trim(line));
    else if (net_response_blank(line))
        r->retry_after = retry_after(r);
    else {
        ts_str value = line, name = ts_str_cut(&value, ':');
        if (value.p) take_field(r, name, ts_str_trim(value));
    }
    return true;
}

/* ---- validators and media types ---- */

bool net_etag_strong(const char *etag) {
    size_t n = strlen(etag);
    if (n < 2 || etag[0] != '"' || etag[n - 1] != '"') return false;
    for (size_t i = 1; i < n - 1; i++)
        if (etag[i] == '"' || etag[i] <= ' ') return false;
    return true;
}

const char *net_response_validator(const net_response *r) {
    enum { SETTLED = 60 }; /* seconds: after these a second version within the same second is out */
    if (net_etag_strong(r->etag)) return r->etag;
    bool settled = r->modified >= 0 && r->date >= 0 && r->date - r->modified >= SETTLED;
    return settled && !r->etag[0] ? r->last_modified : "";
}

bool net_type_fits(ts_str type, ts_strs expect) {
    ts_str essence = type;
    essence = ts_str_trim(ts_str_cut(&essence, ';'));
    for (size_t i = 0; i < expect.n; i++) {
        ts_str want = expect.v[i];
        if (!want.n || !essence.n) {
            if (!want.n && !essence.n) return true;
        } else if (want.p[0] == '+') {
            if (essence.n > want.n && ts_str_ieq(ts_str_from(essence, essence.n - want.n), want))
                return true;
        } else if (want.p[want.n - 1] == '/') {
            if (ts_str_istarts(essence, want)) return true;
        } else if (ts_str_ieq(essence, want))
            return true;
    }
    return expect.n == 0;
}

/* ---- judgement ---- */

static net_verdict judge_redirect(const net_response *r, const net_asked *q, ts_error *e) {
    int s = r->status;
    if (q->post)
        return NET_REFUSE(e, TS_E_NET,
                          "redirects a POST (status %d); ask for the new address itself", s);
    if (r->two_locations)
        return NET_REFUSE(e, TS_E_NET,
                          "redirects to several places at once, or to one that cannot be read");
    if (!r->location[0])
        return NET_REFUSE(e, TS_E_NET, "redirects (status %d) but does not say where to", s);
    return NET_REDIRECTED;
}

/* The first row that covers the status holds. */
static const struct {
    int from, to;
    ts_error_code code;
    bool passes; /* another attempt may succeed */
    const char *text;
} failures[] = {
    {401, 401, TS_E_NET, false,
     "does not let this program in (status %d); ask its operator for access"},
    {403, 403, TS_E_NET, false,
     "does not let this program in (status %d); ask its operator for access"},
    {404, 404, TS_E_NOT_FOUND, false, "there is nothing at this address (status %d)"},
    {407, 407, TS_E_NET, false, "the proxy does not let this program in (status %d)"},
    {410, 410, TS_E_NOT_FOUND, false, "there is nothing at this address any more (status %d)"},
    {429, 429, TS_E_NET, true, "has had too many requests (status %d); ask more slowly"},
    {451, 451, TS_E_NET, false, "may not show this for legal reasons (status %d)"},
    {400, 499, TS_E_NET, false, "refuses the request (status %d); check the address"},
    {502, 504, TS_E_NET, true, "cannot answer at the moment (status %d); try again later"},
    {500, 599, TS_E_NET, false, "failed by itself (status %d); try again later"},
    {0, 999, TS_E_NET, false, "gave an answer that was not asked for (status %d)"},
};

static net_verdict judge_failure(const net_response *r, ts_error *e) {
    size_t i = 0;
    while (r->status < failures[i].from || r->status > failures[i].to) i++;
    ts_error_code code = failures[i].code;
    return failures[i].passes ? NET_AGAIN(e, code, failures[i].text, r->status)
                              : NET_REFUSE(e, code, failures[i].text, r->status);
}

/* What holds for every body that is taken. */
static net_verdict judge_body(const net_response *r, const net_asked *q, ts_error *e) {
    bool part = r->status == 206; /* which may leave its type out */
    if (r->bad_length && !r->chunked)
        return NET_REFUSE(
            e, TS_E_NET,
            "gives a length that is no number, or two that differ; the answer is not used");
    if (!(part && !r->type[0]) && !net_type_fits(ts_str_c(r->type), q->expect))
        return NET_REFUSE(
            e, TS_E_NET, "sent '%.100s' where '%.*s' was expected; it may be an error page",
            r->type[0] ? r->type : "no media type", TS_P(ts_str_clip(q->expect.v[0], 60)));
    if (r->coding == NET_CODING_OTHER)
        return NET_REFUSE(e, TS_E_NET,
                          "sent a content coding that was not asked for; the answer is not used");
    if (r->has_length && !r->chunked && r->length > q->max_bytes - (part ? q->from : 0))
        return NET_REFUSE(e, TS_E_LIMIT, "announces %llu bytes, and %llu are allowed here",
                          (unsigned long long)(r->length + (part ? q->from : 0)),
                          (unsigned long long)q->max_bytes);
    return NET_ACCEPTED;
}

/* Is the range the one that was asked for, to the end of the resource? */
static bool range_fits(const net_response *r, const net_asked *q) {
    if (!r->has_range || r->bad_range || r->range_from != q->from) return false;
    if (r->total_known && r->range_to != r->total - 1) return false;
    if (q->total && r->range_to != q->total - 1) return false;
    return !r->has_length || r->chunked || r->length == r->range_to - r->range_from + 1;
}

/* Does the 206 still speak of the version that the part is of? A server that heeds If-Range always
 * repeats its ETag (RFC 9110 section 15.3.7). */
static bool same_version(const net_response *r, const net_asked *q) {
    if (q->moved || (r->coding != q->coding && r->coding != NET_CODING_NONE)) return false;
    if (net_etag_strong(q->etag)) return strcmp(r->etag, q->etag) == 0;
    return !r->last_modified[0] || strcmp(r->last_modified, q->last_modified) == 0;
}

static net_verdict judge_part(const net_response *r, const net_asked *q, ts_error *e) {
    if (!q->from)
        return NET_REFUSE(e, TS_E_NET, "sent a part (status 206) though the whole was asked for");
    if (!same_version(r, q)) return NET_START_OVER;
    if (!range_fits(r, q))
        return NET_REFUSE(e, TS_E_NET,
                          "sent a wrong Content-Range for the rest from byte %llu; what was "
                          "kept is dropped, fetch again",
                          (unsigned long long)q->from);
    return judge_body(r, q, e);
}

static bool is_redirect(int s) { return s == 301 || s == 302 || s == 303 || s == 307 || s == 308; }

net_verdict net_response_judge(const net_response *r, const net_asked *q, ts_error *e) {
    int s = r->status;
    if (is_redirect(s)) return judge_redirect(r, q, e);
    if (s == 304 && q->conditional) return NET_NOT_MODIFIED;
    if (s == 206) return judge_part(r, q, e);
    if (s == 416 && q->from) return NET_START_OVER;
    if (s == 200 || s == 203 || (q->post && (s == 201 || s == 202 || s == 204)))
        return judge_body(r, q, e);
    return judge_failure(r, e);
}
