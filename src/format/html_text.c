/* Character references, and plain text out of strings with markup. */
#include "html_text.h"

#include "html_references.h"
#include "html_tree.h"

/* ---- character references ---- */

static int by_name(const void *key, const void *entry) {
    return strcmp(key, ((const reference *)entry)->name);
}

static uint32_t named(ts_str name) {
    char key[9] = "";
    if (!name.n || name.n > 8) return 0;
    memcpy(key, name.p, name.n);
    const reference *hit = bsearch(key, references, sizeof references / sizeof *references,
                                   sizeof *references, by_name);
    return hit ? hit->code : 0;
}

/* Numbers 0x80-0x9F mean windows-1252's characters (HTML Living Standard, 13.2.5.80). */
static uint32_t numbered(uint32_t v) {
    static const uint16_t high[32] = {
        0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
        0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};
    if (v >= 0x80 && v <= 0x9F) return high[v - 0x80];
    return v ? v : 0xFFFD;
}

/* "&#123;" or "&#x1F;" */
static size_t number_reference(ts_str s, uint32_t *cp) {
    bool hex = s.n > 2 && (s.p[2] | 32) == 'x';
    size_t i = hex ? 3 : 2, from = i;
    uint32_t v = 0;
    for (; i < s.n; i++) {
        int c = ts_lower((unsigned char)s.p[i]);
        bool digit = ts_is_digit(c) || (hex && c >= 'a' && c <= 'f');
        if (!digit) break;
        if (v <= 0x10FFFF)
            v = v * (hex ? 16 : 10) + (uint32_t)(ts_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    if (i == from) return 0;
    *cp = numbered(v);
    return i + (i < s.n && s.p[i] == ';');
}

static size_t name_reference(ts_str s, uint32_t *cp) {
    size_t i = 1;
    while (i < s.n && i <= 9 && ts_is_alnum((unsigned char)s.p[i])) i++;
    ts_str name = {s.p + 1, i - 1};
    if (i < s.n && s.p[i] == ';') return (*cp = named(name)) ? i + 1 : 0;
    if (i < s.n && s.p[i] == '=') return 0; /* a parameter in an address */
    static const char *const bare[] = {"amp", "lt", "gt", "quot", "nbsp"};
    for (size_t k = 0; k < sizeof bare / sizeof *bare; k++)
        if (ts_str_is(name, bare[k])) return (*cp = named(name)) ? i : 0;
    return 0;
}

size_t ts_html_reference(ts_str s, char out[4], size_t *out_n) {
    uint32_t cp = 0;
    if (s.n < 3 || s.p[0] != '&') return 0;
    size_t used = s.p[1] == '#' ? number_reference(s, &cp) : name_reference(s, &cp);
    if (used) *out_n = ts_utf8_put(out, cp);
    return used;
}

ts_str ts_html_decode(ts_arena *a, ts_str s) {
    size_t at = ts_str_chr(s, '&');
    if (at == TS_NPOS) return s;
    char *p = ts_new_raw(a, char, s.n),
         *w = p; /* a reference is never shorter than what it stands for */
    for (ts_str rest = s;;) {
        size_t n = at == TS_NPOS ? rest.n : at, out_n = 1;
        if (n) w = (char *)memcpy(w, rest.p, n) + n;
        if (at == TS_NPOS) break;
        rest = ts_str_from(rest, n);
        char out[4] = {'&'};
        size_t used = ts_html_reference(rest, out, &out_n);
        memcpy(w, out, out_n);
        w += out_n;
        rest = ts_str_from(rest, used ? used : 1);
        at = ts_str_chr(rest, '&');
    }
    a->beg = w;
    return (ts_str){p, (size_t)(w - p)};
}

/* ---- flowing text ---- */

static void put_word(ts_html_flow *f, ts_str s) {
    if (!s.n) return;
    if (f->b->n && (f->gap || f->broken)) ts_buf_c(f->b, f->broken ? '\n' : ' ');
    f->gap = f->broken = false;
    ts_buf_put(f->b, s);
}

static bool is_gap(ts_str s) {
    unsigned char c = (unsigned char)s.p[0];
    return ts_is_space(c) || (c == 0xC2 && s.n > 1 && (unsigned char)s.p[1] == 0xA0);
}

void ts_html_flow_raw(ts_html_flow *f, ts_str s) {
    size_t from = 0, i = 0;
    while (i < s.n && !f->b->full) {
        unsigned char c = (unsigned char)s.p[i];
        if (c > ' ' && c != '&' && c != 0xC2) {
            i++;
            continue;
        }
        ts_str rest = ts_str_from(s, i);
        char out[4];
        size_t out_n = 0, used = c == '&' ? ts_html_reference(rest, out, &out_n) : 0;
        ts_str decoded = {out, out_n};
        bool gap = is_gap(used ? decoded : rest);
        if (!used && !gap) {
            i++;
            continue;
        }
        put_word(f, (ts_str){s.p + from, i - from});
        if (gap)
            f->gap = true;
        else
            put_word(f, decoded);
        i = from = i + (used ? used : c == 0xC2 ? 2 : 1);
    }
    put_word(f, ts_str_from(s, from));
}

/* ---- strings with markup ---- */

typedef struct stripper {
    ts_html_flow flow;
    ts_str s;
    size_t i;
    bool no_close; /* no '>' follows any more: never look again */
} stripper;

/* Behind the next `close` from s->i on; 0 when there is none. */
static size_t behind(stripper *s, ts_str close) {
    if (s->no_close) return 0;
    size_t k = ts_str_find(ts_str_from(s->s, s->i), close);
    if (k == TS_NPOS) return s->no_close = true, 0;
    return s->i + k + close.n;
}

/* Length of a name of one of HTML's elements at s.p[0]; 0 when none stands there. */
static size_t element_name(ts_str s, ts_html_tag *tag) {
    size_t n = 0;
    while (n < s.n && n < 12 && ts_is_alnum((unsigned char)s.p[n])) n++;
    if (!n || (n < s.n && !ts_is_space((unsigned char)s.p[n]) && s.p[n] != '>' && s.p[n] != '/'))
        return 0;
    *tag = ts_html_tag_find(ts_str_to(s, n));
    return *tag == TS_HT_UNKNOWN ? 0 : n;
}

/* At a '<': skips the markup that stands there. False when it is a character like others. */
static bool skip_markup(stripper *s) {
    ts_str rest = ts_str_from(s->s, s->i);
    if (ts_str_starts(rest, TS_S("<!--"))) {
        size_t end = behind(s, TS_S("-->"));
        s->i = end ? end : s->s.n;
        return true;
    }
    bool closing = rest.n > 1 && rest.p[1] == '/';
    ts_html_tag tag;
    if (!element_name(ts_str_from(rest, 1 + closing), &tag)) return false;
    size_t end = behind(s, TS_S(">"));
    if (!end) return false;
    s->i = end;
    if (ts_html_tag_breaks(tag)) ts_html_flow_break(&s->flow);
    if (tag == TS_HT_TD || tag == TS_HT_TH) s->flow.gap = true;
    if (closing || (tag != TS_HT_SCRIPT && tag != TS_HT_STYLE)) return true;
    end = behind(s, tag == TS_HT_SCRIPT ? TS_S("</script") : TS_S("</style"));
    s->i = end ? end : s->s.n;
    s->no_close = false;
    end = behind(s, TS_S(">"));
    s->i = end ? end : s->s.n;
    return true;
}

static ts_str strip(ts_arena *a, ts_str in) {
    ts_buf b = ts_buf_new(a, in.n + 1);
    stripper s = {.flow = {.b = &b}, .s = in};
    while (s.i < in.n) {
        size_t lt = ts_str_chr(ts_str_from(in, s.i), '<');
        size_t to = lt == TS_NPOS ? in.n : s.i + lt;
        ts_html_flow_raw(&s.flow, (ts_str){in.p + s.i, to - s.i});
        s.i = to;
        if (to < in.n && !skip_markup(&s)) {
            ts_html_flow_raw(&s.flow, TS_S("<"));
            s.i++;
        }
    }
    return ts_buf_str(&b);
}

/* Whether s may hold markup, references or white space to tidy. */
static bool untidy(ts_str s, bool lines) {
    bool blank = false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '<' || c == '&') return true;
        if (c == 0xC2 && i + 1 < s.n && (unsigned char)s.p[i + 1] == 0xA0) return true;
        if (c == ' ' ? blank : c < ' ' && !(lines && c == '\n')) return true;
        blank = c == ' ';
    }
    return false;
}

/* A line end stays a line end where the text brings its own lines and no tags that make them. */
static ts_str keep_lines(ts_arena *a, ts_str s) {
    ts_buf b = ts_buf_new(a, s.n + 1);
    ts_html_flow f = {.b = &b};
    for (ts_str rest = s; rest.p && rest.n;) {
        ts_html_flow_raw(&f, ts_str_cut(&rest, '\n'));
        ts_html_flow_break(&f);
    }
    return ts_buf_str(&b);
}

static bool has_tags(ts_str s) {
    for (size_t i; (i = ts_str_chr(s, '<')) != TS_NPOS; s = ts_str_from(s, i + 1)) {
        ts_str t = ts_str_from(s, i + 1);
        ts_html_tag tag;
        if (t.n && t.p[0] == '/') t = ts_str_from(t, 1);
        if (ts_str_starts(t, TS_S("!--")) || element_name(t, &tag)) return true;
    }
    return false;
}

ts_str ts_html_plain(ts_arena *a, ts_str s) {
    if (!untidy(s, true)) return s;
    s = has_tags(s) ? strip(a, s) : keep_lines(a, s);
    return has_tags(s) ? strip(a, s) : s; /* markup that was written as references */
}

ts_str ts_html_line(ts_arena *a, ts_str s) {
    if (!untidy(s, false)) return s;
    s = ts_html_plain(a, s);
    if (ts_str_chr(s, '\n') == TS_NPOS) return s;
    char *p = ts_new_raw(a, char, s.n);
    for (size_t i = 0; i < s.n; i++) p[i] = s.p[i] == '\n' ? ' ' : s.p[i];
    return (ts_str){p, s.n};
}
