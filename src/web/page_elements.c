/* What a passport says: the elements that the reader may see, in the order of the packs, each with
 * the article that asks for it. */
#include "page.h"

enum { DEEP = 6, LONG_LIST = 200 };

static int language_index(const page *p) {
    return strcmp(p->x->language, "de") == 0 ? 1 : strcmp(p->x->language, "zh") == 0 ? 2 : 0;
}

/* ---- values ---- */

static void value(page *p, const ts_json *v, ts_value_type type, unsigned depth);

/* A day alone; other texts as they are. */
static ts_str as_day(const page *p, ts_str text) {
    int32_t day = text.n >= 10 ? ts_day_parse_iso(text) : TS_NO_DAY;
    return day == TS_NO_DAY ? text : page_day(p, (int64_t)day * 86400);
}

static void text(page *p, ts_str s, ts_value_type type) {
    if (ts_str_starts(s, TS_S("https://")) || ts_str_starts(s, TS_S("http://")))
        ts_html(p->b, "<a rel=\"nofollow\" href=\"%u\">%h</a>", s, s);
    else
        ts_html(p->b, "%h", type == TS_TYPE_DATE ? as_day(p, s) : s);
}

static bool is_language(ts_str name) {
    bool ok = name.n >= 2 && name.n <= 10;
    for (size_t i = 0; ok && i < name.n; i++) ok = ts_is_alpha(name.p[i]) || name.p[i] == '-';
    return ok;
}

/* Whether an object is one text in several languages. */
static bool is_languages(const ts_json *v, ts_value_type type) {
    bool all = v->n > 0;
    TS_JSON_EACH_MEMBER(name, x, v) {
        all &= ts_json_is(x, TS_JSON_STRING) && is_language(ts_json_str(name)) &&
               (type == TS_TYPE_LANGUAGES || ts_json_str(name).n == 2);
    }
    return all;
}

static void in_languages(page *p, const ts_json *v) {
    ts_str mine = ts_json_str(ts_json_get(v, ts_str_c(p->x->language)));
    ts_str name = ts_str_c(p->x->language);
    if (!mine.n) {
        name = TS_S("en");
        mine = ts_json_str(ts_json_member(v, "en"));
    }
    if (mine.n) {
        ts_html(p->b, "<span lang=\"%h\">%h</span>", name, mine);
        return;
    }
    TS_JSON_EACH_MEMBER(other, x, v) {
        ts_html(p->b, "<span lang=\"%h\">%h</span>", ts_json_str(other), ts_json_str(x));
        break;
    }
}

/* {"value": 3.2, "unit": "kWh"} */
static bool measure(page *p, const ts_json *v) {
    const ts_json *number = ts_json_member(v, "value");
    ts_str unit = ts_json_str(ts_json_member(v, "unit"));
    if (v->n != 2 || !number || !unit.n || !ts_json_text(number).n) return false;
    ts_html(p->b, "<span class=\"n\">%h %h</span>", ts_json_text(number), unit);
    return true;
}

static void object(page *p, const ts_json *v, ts_value_type type, unsigned depth) {
    if (measure(p, v)) return;
    if (is_languages(v, type)) {
        in_languages(p, v);
        return;
    }
    ts_html(p->b, "<dl class=\"inner\">\n");
    TS_JSON_EACH_MEMBER(name, x, v) {
        ts_html(p->b, "<div><dt lang=\"en\">%h</dt><dd>", page_humanised(p, ts_json_str(name)));
        value(p, x, TS_TYPE_TEXT, depth + 1);
        ts_html(p->b, "</dd></div>\n");
    }
    ts_html(p->b, "</dl>");
}

static void list(page *p, const ts_json *v, unsigned depth) {
    size_t n = 0;
    ts_html(p->b, "<ul class=\"values\">\n");
    TS_JSON_EACH(x, v) {
        if (n++ == LONG_LIST) break;
        ts_html(p->b, "<li>");
        value(p, x, TS_TYPE_TEXT, depth + 1);
        ts_html(p->b, "</li>\n");
    }
    ts_html(p->b, "</ul>");
    if (v->n > LONG_LIST) ts_html(p->b, "<p>%h</p>", page_say(p, "page.elements.more"));
}

static void value(page *p, const ts_json *v, ts_value_type type, unsigned depth) {
    switch ((ts_json_type)v->type) {
    case TS_JSON_NULL: ts_html(p->b, "–"); break;
    case TS_JSON_FALSE: ts_html(p->b, "%h", page_say(p, "page.no")); break;
    case TS_JSON_TRUE: ts_html(p->b, "%h", page_say(p, "page.yes")); break;
    case TS_JSON_NUMBER: ts_html(p->b, "<span class=\"n\">%h</span>", ts_json_text(v)); break;
    case TS_JSON_STRING: text(p, ts_json_str(v), type); break;
    default:
        if (depth >= DEEP)
            ts_html(p->b, "%h", page_say(p, "page.elements.more"));
        else if (ts_json_is(v, TS_JSON_ARRAY))
            list(p, v, depth);
        else
            object(p, v, type, depth);
    }
}

/* ---- elements ---- */

static bool is_empty(const ts_json *v) {
    return !v || ts_json_is(v, TS_JSON_NULL) ||
           ((ts_json_is(v, TS_JSON_STRING) || ts_json_is(v, TS_JSON_ARRAY) ||
             ts_json_is(v, TS_JSON_OBJECT)) &&
            v->n == 0);
}

/* The name of a category for people, where a text is one of the pack's. */
static ts_str category(const page *p, const ts_pack *k, ts_str text) {
    size_t l = (size_t)language_index(p);
    for (size_t i = 0; k && text.n && i < k->categories.n; i++)
        if (ts_str_eq(k->categories.v[i], text) && 3 * i + l < k->category_names.n)
            return k->category_names.v[3 * i + l];
    return TS_NONE;
}

static void row(page *p, ts_str label, const ts_pack *k, const ts_pack_element *el,
                const ts_json *v) {
    ts_str name = category(p, k, ts_json_str(v));
    ts_html(p->b, "<div><dt>%h</dt><dd>", label);
    if (name.n)
        ts_html(p->b, "%h", name);
    else
        value(p, v, el ? el->type : TS_TYPE_TEXT, 0);
    if (el && el->article.n)
        ts_html(p->b, "<small class=\"law\">%h, %h</small>", el->act, el->article);
    ts_html(p->b, "</dd></div>\n");
}

/* Elements of one pack that were not shown yet. */
static void pack(page *p, const ts_pack *k, ts_map *shown) {
    int l = language_index(p);
    bool any = false;
    for (size_t i = 0; i < k->elements.n; i++) {
        const ts_pack_element *el = &k->elements.v[i];
        bool fresh;
        const ts_json *v = ts_document_element(&p->r->document, el->id);
        if (is_empty(v)) continue;
        ts_map_put(p->a, shown, el->id, &fresh);
        if (!fresh) continue;
        if (!any)
            ts_html(p->b, "<h3>%h</h3>\n<dl class=\"elements\">\n",
                    k->title[l].n ? k->title[l] : k->title[0]);
        any = true;
        row(p, el->name[l].n ? el->name[l] : el->name[0], k, el, v);
    }
    if (any) ts_html(p->b, "</dl>\n");
}

/* Elements that the document itself classes. */
static void own(page *p, ts_map *shown) {
    bool any = false;
    TS_JSON_EACH_MEMBER(name, class, p->r->document.classes) {
        (void)class;
        bool fresh;
        ts_str id = ts_json_str(name);
        const ts_json *v = ts_document_element(&p->r->document, id);
        if (is_empty(v)) continue;
        ts_map_put(p->a, shown, id, &fresh);
        if (!fresh) continue;
        if (!any)
            ts_html(p->b, "<h3>%h</h3>\n<dl class=\"elements\">\n",
                    page_say(p, "page.elements.other"));
        any = true;
        row(p, page_humanised(p, id), 0, 0, v);
    }
    if (any) ts_html(p->b, "</dl>\n");
}

void page_elements(page *p) {
    ts_map shown = {0};
    ts_html(p->b, "<section id=\"elements\">\n<h2>%h</h2>\n", page_say(p, "page.elements.title"));
    ts_html(p->b,
            "<p class=\"laws\"><input type=\"checkbox\" id=\"laws\"><label "
            "for=\"laws\">%h</label></p>\n",
            page_say(p, "page.elements.laws"));
    for (size_t i = 0; i < p->r->packs.n; i++) pack(p, &p->r->packs.v[i], &shown);
    own(p, &shown);
    if (!shown.n) ts_html(p->b, "<p>%h</p>\n", page_say(p, "page.elements.none"));
    if (p->r->omitted) {
        ts_buf count = ts_buf_new(p->a, 24);
        ts_buf_u64(&count, p->r->omitted);
        ts_html(p->b, "<p class=\"open\">%h</p>\n",
                p->r->omitted == 1
                    ? page_say(p, "page.elements.hidden_one")
                    : page_say1(p, "page.elements.hidden", "count", ts_buf_str(&count)));
    }
    ts_html(p->b, "</section>\n");
}
