#include "link_set.h"

/* ---- Link types ---- */

ts_str ts_link_relation(ts_arena *a, ts_str text) {
    static const char *const spellings[] = {
        "gs1:",
        "https://ref.gs1.org/voc/",
        "http://ref.gs1.org/voc/",
        "https://gs1.org/voc/",
        "http://gs1.org/voc/",
        "https://www.gs1.org/voc/",
        "http://www.gs1.org/voc/",
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        ts_str spelling = ts_str_c(spellings[i]);
        if (!ts_str_starts(text, spelling) || text.n == spelling.n) continue;
        ts_str parts[] = {TS_S(TS_GS1_VOC), ts_str_from(text, spelling.n)};
        return ts_str_join(a, parts, 2, TS_NONE);
    }
    return text;
}

/* ---- Reading ---- */

typedef struct reader {
    ts_arena *a;
    ts_link_rules rules;
    ts_link_set *out;
    size_t context, link, links; /* where it is */
    ts_str relation;
    ts_error *e;
} reader;

static void pointer_part(ts_buf *b, ts_str name) {
    ts_buf_c(b, '/');
    for (size_t i = 0; i < name.n && i < 200; i++) {
        char c = name.p[i];
        if (c == '~' || c == '/')
            ts_buf_put(b, c == '~' ? TS_S("~0") : TS_S("~1"));
        else
            ts_buf_c(b, (unsigned char)c < ' ' || c == 127 ? '?' : c);
    }
}

/* Says where and what; always false. */
static bool bad(const reader *r, const char *member, const char *what) {
    ts_arena scratch = *r->a;
    ts_buf b = ts_buf_new(&scratch, 1000);
    ts_buf_fmt(&b, "/linkset/%zu", r->context);
    if (r->relation.n) {
        pointer_part(&b, r->relation);
        ts_buf_fmt(&b, "/%zu", r->link);
    }
    if (member) pointer_part(&b, ts_str_c(member));
    return ts_fail(r->e, TS_E_INPUT, "link set: %.*s: %s", TS_P(ts_buf_str(&b)), what);
}

static bool is_web(ts_str s) {
    return ts_str_starts(s, TS_S("https://")) || ts_str_starts(s, TS_S("http://"));
}

/* GS1's schema: words in lower case, or an address of letters, digits and a few signs. */
static bool relation_fits(const reader *r, ts_str name) {
    if (r->rules != TS_LINKS_GS1) return name.n > 0;
    bool web = is_web(name);
    for (size_t i = web ? ts_str_find(name, TS_S("//")) + 2 : 0; i < name.n; i++) {
        char c = name.p[i];
        bool fits = web ? ts_is_digit(c) || (c >= 'A' && c <= 'z') || c == '.' || c == '/'
                        : (c >= 'a' && c <= 'z') || c == '-';
        if (!fits) return false;
    }
    return name.n > (web ? 8u : 0u);
}

static bool language_fits(const reader *r, ts_str s) {
    if (r->rules == TS_LINKS_GS1 && s.n != 2 && s.n != 5) return false;
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_alnum(s.p[i]) && s.p[i] != '-') return false;
    return s.n >= 2 && s.n <= 35;
}

/* A list of texts; RFC 9264 lets none, one text be a text in practice, GS1 does not. */
static bool read_texts(const reader *r, const char *name, const ts_json *v, ts_strs *out) {
    if (ts_json_is(v, TS_JSON_STRING) && r->rules == TS_LINKS_RFC9264) {
        *ts_push(r->a, out) = ts_json_str(v);
        return true;
    }
    if (!ts_json_is(v, TS_JSON_ARRAY)) return bad(r, name, "is no list");
    TS_JSON_EACH(text, v) {
        if (ts_json_is(text, TS_JSON_STRING)) *ts_push(r->a, out) = ts_json_str(text);
    }
    return true;
}

static bool read_text(const reader *r, const char *name, const ts_json *v, ts_str *out) {
    *out = ts_json_str(v);
    return ts_json_is(v, TS_JSON_STRING) || bad(r, name, "is no text");
}

static bool media_fits(ts_str s) {
    size_t slash = ts_str_chr(s, '/');
    return slash != TS_NPOS && slash > 0 && slash + 1 < s.n;
}

static bool read_member(const reader *r, ts_link *l, ts_str name, const ts_json *v) {
    if (ts_str_is(name, "href")) return read_text(r, "href", v, &l->href);
    if (ts_str_is(name, "title")) return read_text(r, "title", v, &l->title);
    if (ts_str_is(name, "type")) {
        if (!read_text(r, "type", v, &l->media)) return false;
        return media_fits(l->media) || bad(r, "type", "is no media type");
    }
    if (ts_str_is(name, "hreflang")) {
        if (!read_texts(r, "hreflang", v, &l->language)) return false;
        for (size_t i = 0; i < l->language.n; i++)
            if (!language_fits(r, l->language.v[i]))
                return bad(r, "hreflang", "holds what is no language, such as \"en\" or \"en-GB\"");
        return true;
    }
    if (ts_str_is(name, "context")) return read_texts(r, "context", v, &l->context);
    if (ts_str_is(name, "fwqs") || ts_str_is(name, "public")) {
        bool truth = ts_json_is(v, TS_JSON_TRUE);
        if (name.p[0] == 'f') l->bare = !truth;
        return truth || ts_json_is(v, TS_JSON_FALSE) ||
               bad(r, 0,
                   "fwqs and public are true or "
                   "false");
    }
    return r->rules == TS_LINKS_RFC9264 ||
           bad(r, 0,
               "has a member that no link of a resolver has; known are href, title, type, "
               "hreflang, context, fwqs and public");
}

static bool read_link(reader *r, ts_link_context *c, const ts_json *v) {
    if (!ts_json_is(v, TS_JSON_OBJECT)) return bad(r, 0, "is no object");
    if (++r->links > TS_LINK_SET_LINKS)
        return ts_fail(r->e, TS_E_LIMIT, "link set: more than %d links", TS_LINK_SET_LINKS);
    ts_link *l = ts_push(r->a, &c->links);
    l->relation = ts_link_relation(r->a, r->relation);
    TS_JSON_EACH_MEMBER(name, value, v) {
        if (!read_member(r, l, ts_json_str(name), value)) return false;
    }
    if (!l->href.n) return bad(r, 0, "has no href: nobody can follow it");
    if (r->rules != TS_LINKS_GS1) return true;
    if (!is_web(l->href)) return bad(r, "href", "is no http or https address");
    return l->title.p || bad(r, 0, "has no title");
}

static bool read_relation(reader *r, ts_link_context *c, ts_str name, const ts_json *v) {
    if (!ts_json_is(v, TS_JSON_ARRAY) && r->rules == TS_LINKS_RFC9264) return true;
    r->relation = name;
    r->link = 0;
    if (!relation_fits(r, name))
        return bad(r, 0, "its link type is neither a word in lower case nor an address");
    if (!ts_json_is(v, TS_JSON_ARRAY)) return bad(r, 0, "is no list of links");
    TS_JSON_EACH(link, v) {
        if (!read_link(r, c, link)) return false;
        r->link++;
    }
    r->relation = TS_NONE;
    return true;
}

static bool read_context(reader *r, const ts_json *v) {
    r->relation = TS_NONE;
    if (!ts_json_is(v, TS_JSON_OBJECT)) return bad(r, 0, "is no object");
    ts_link_context *c = ts_push(r->a, &r->out->contexts);
    bool described = false;
    TS_JSON_EACH_MEMBER(key, value, v) {
        ts_str name = ts_json_str(key);
        if (ts_str_is(name, "anchor")) {
            if (!read_text(r, "anchor", value, &c->anchor)) return false;
        } else if (ts_str_is(name, "description") || ts_str_is(name, "itemDescription")) {
            described = true;
            if (!read_text(r, "itemDescription", value, &c->description)) return false;
        } else if (!read_relation(r, c, name, value)) {
            return false;
        }
    }
    if (r->rules != TS_LINKS_GS1) return true;
    if (!is_web(c->anchor)) return bad(r, "anchor", "is no http or https address");
    return described || bad(r, 0, "has no itemDescription: a text for people");
}

bool ts_link_set_read(ts_arena *a, ts_str text, ts_link_rules rules, ts_link_set *out,
                      ts_error *e) {
    *out = (ts_link_set){0};
    reader r = {.a = a, .rules = rules, .out = out, .e = e};
    if (text.n > TS_LINK_SET_MAX)
        return ts_fail(e, TS_E_LIMIT, "link set: more than %d bytes", TS_LINK_SET_MAX);
    const ts_json *root =
        ts_json_parse(a, text, (ts_json_options){.strict = true, .max_depth = 16}, e);
    if (!root) return false;
    const ts_json *set = ts_json_member(root, "linkset");
    if (!ts_json_is(set, TS_JSON_ARRAY))
        return ts_fail(e, TS_E_INPUT, "link set: it has no list \"linkset\" (RFC 9264)");
    if (rules == TS_LINKS_GS1 && root->n != 1)
        return ts_fail(e, TS_E_INPUT, "link set: there are other members beside \"linkset\"");
    TS_JSON_EACH(context, set) {
        if (!read_context(&r, context)) return false;
        r.context++;
    }
    return true;
}

/* ---- Writing ---- */

static void write_link(ts_jsonw *w, const ts_link *l) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "href", l->href);
    ts_jsonw_kstr(w, "title", l->title);
    ts_jsonw_kstr_opt(w, "type", l->media);
    ts_jsonw_kstrs_opt(w, "hreflang", &l->language);
    ts_jsonw_kstrs_opt(w, "context", &l->context);
    if (l->bare) {
        ts_jsonw_key(w, "fwqs");
        ts_jsonw_bool(w, false);
    }
    ts_jsonw_end(w);
}

static bool seen_before(const ts_link_context *c, size_t i) {
    for (size_t k = 0; k < i; k++)
        if (ts_str_eq(c->links.v[k].relation, c->links.v[i].relation)) return true;
    return false;
}

static void write_context(ts_jsonw *w, const ts_link_context *c) {
    ts_jsonw_object(w);
    ts_jsonw_kstr_opt(w, "anchor", c->anchor);
    ts_jsonw_kstr(w, "itemDescription", c->description);
    for (size_t i = 0; i < c->links.n; i++) {
        if (seen_before(c, i)) continue;
        ts_jsonw_key_str(w, c->links.v[i].relation);
        ts_jsonw_array(w);
        for (size_t k = i; k < c->links.n; k++)
            if (ts_str_eq(c->links.v[k].relation, c->links.v[i].relation))
                write_link(w, &c->links.v[k]);
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
}

void ts_link_set_write(ts_jsonw *w, const ts_link_set *s) {
    ts_jsonw_object(w);
    ts_jsonw_key(w, "linkset");
    ts_jsonw_array(w);
    for (size_t i = 0; i < s->contexts.n; i++) write_context(w, &s->contexts.v[i]);
    ts_jsonw_end(w);
    ts_jsonw_end(w);
}

/* A quoted string (RFC 9110 section 5.6.4): ASCII; other signs are left out where they could end
 * the field. */
static void quoted(ts_buf *b, const char *name, ts_str s) {
    if (!s.n) return;
    ts_buf_fmt(b, "; %s=\"", name);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if ((unsigned char)c < ' ' || c == 127) c = ' ';
        if (c == '"' || c == '\\') ts_buf_c(b, '\\');
        ts_buf_c(b, c);
    }
    ts_buf_c(b, '"');
}

/* An address between angle brackets: what could end it is percent-encoded. */
static void address(ts_buf *b, ts_str s) {
    ts_buf_c(b, '<');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == '<' || c == '>' || c >= 127)
            ts_buf_fmt(b, "%%%02X", c);
        else
            ts_buf_c(b, (char)c);
    }
    ts_buf_c(b, '>');
}

void ts_link_set_text(ts_buf *b, const ts_link_set *s) {
    bool first = true;
    for (size_t i = 0; i < s->contexts.n; i++)
        for (size_t k = 0; k < s->contexts.v[i].links.n; k++) {
            const ts_link_context *c = &s->contexts.v[i];
            const ts_link *l = &c->links.v[k];
            if (!first) ts_buf_lit(b, ",\n");
            first = false;
            address(b, l->href);
            quoted(b, "rel", l->relation);
            quoted(b, "anchor", c->anchor);
            if (ts_utf8_bad(l->title) == TS_NPOS) {
                bool plain = true;
                for (size_t n = 0; n < l->title.n; n++) plain &= (unsigned char)l->title.p[n] < 128;
                if (plain) quoted(b, "title", l->title);
            }
            quoted(b, "type", l->media);
            for (size_t n = 0; n < l->language.n; n++) quoted(b, "hreflang", l->language.v[n]);
        }
    ts_buf_c(b, '\n');
}
