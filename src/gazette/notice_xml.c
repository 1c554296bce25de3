#include "notice_xml.h"

#include <libxml/xmlreader.h>

enum { CELLS_MAX = 400, DEPTH_MAX = 12, CELL_MAX = RECORD_TEXT_MAX, REPORT_FIELDS = 3 };

struct xml_reader {
    xmlTextReaderPtr reader;
    ts_splitter *split;
    size_t served; /* of what the ts_splitter held at the start */
    char trouble[200];
    int line;
    char report[REPORT_FIELDS][40]; /* date, year, week */
};

static const char *const report_names[REPORT_FIELDS] = {"report_date", "report_year",
                                                        "report_week"};

/* ---- the beginning of the document ---- */

static ts_str behind(ts_str s, ts_str end) {
    size_t at = ts_str_find(s, end);
    return at == TS_NPOS ? TS_NONE : ts_str_from(s, at + end.n);
}

static bool refuse_doctype(ts_str s, ts_error *e) {
    ts_str name = ts_str_trim(ts_str_from(s, 9));
    size_t n = 0;
    while (n < name.n && n < 40 && !ts_is_space((unsigned char)name.p[n]) &&
           !memchr("[>", name.p[n], 2))
        n++;
    size_t entity = ts_str_find(s, TS_S("<!ENTITY"));
    ts_str what = entity == TS_NPOS ? TS_NONE : ts_str_trim(ts_str_from(s, entity + 8));
    size_t k = 0;
    while (k < what.n && k < 40 && !ts_is_space((unsigned char)what.p[k])) k++;
    if (k)
        return ts_fail(e, TS_E_INPUT,
                       "the XML declares a DOCTYPE '%.*s' with the entity '%.*s': reports have "
                       "none, and it is not read",
                       TS_P(ts_str_to(name, n)), TS_P(ts_str_to(what, k)));
    return ts_fail(e, TS_E_INPUT,
                   "the XML declares a DOCTYPE '%.*s': reports have none, and it is not read",
                   TS_P(ts_str_to(name, n)));
}

bool xml_root(ts_str head, ts_str *root, ts_error *e) {
    for (ts_str s = ts_str_trim(head); s.n; s = ts_str_trim(s)) {
        if (ts_str_starts(s, TS_S("<?")))
            s = behind(s, TS_S("?>"));
        else if (ts_str_starts(s, TS_S("<!--")))
            s = behind(s, TS_S("-->"));
        else if (ts_str_istarts(s, TS_S("<!doctype")))
            return refuse_doctype(s, e);
        else if (s.p[0] == '<' && s.n > 1 && ts_is_alpha((unsigned char)s.p[1])) {
            size_t n = 1;
            while (n < s.n && !ts_is_space((unsigned char)s.p[n]) && !memchr("/>", s.p[n], 2)) n++;
            *root = (ts_str){s.p + 1, n - 1};
            return true;
        } else {
            break;
        }
    }
    return ts_fail(e, TS_E_INPUT, "the XML has no root element near its beginning");
}

/* ---- reading ---- */

static int give(void *ctx, char *buf, int len) {
    xml_reader *x = ctx;
    ts_splitter *s = x->split;
    size_t left = s->held_n - x->served;
    if (left) {
        size_t n = left < (size_t)len ? left : (size_t)len;
        memcpy(buf, s->held + x->served, n);
        x->served += n;
        return (int)n;
    }
    if (s->eof) return 0;
    ptrdiff_t k = ts_input_read(s->in, buf, (size_t)len, &s->failure);
    if (k <= 0) s->eof = true;
    if (k < 0) s->failed = true;
    return k < 0 ? -1 : (int)k;
}

static void note(void *ctx, xmlErrorPtr error) {
    xml_reader *x = ctx;
    if (x->trouble[0] || !error || !error->message) return;
    snprintf(x->trouble, sizeof x->trouble, "%s", error->message);
    for (size_t i = 0; x->trouble[i]; i++)
        if ((unsigned char)x->trouble[i] < ' ') x->trouble[i] = ' ';
    x->line = error->line;
}

xml_reader *xml_open(ts_arena *a, ts_splitter *s, ts_error *e) {
    xml_reader *x = ts_new(a, xml_reader);
    x->split = s;
    /* No network, no DTD, entities not replaced; libxml2's own limits on depth and size stay on. */
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    x->reader = xmlReaderForIO(give, 0, x, 0, 0, options);
    if (!x->reader)
        return ts_fail(e, TS_E_MEMORY, "the XML reader cannot be set up"), (xml_reader *)0;
    xmlTextReaderSetStructuredErrorHandler(x->reader, note, x);
    return x;
}

void xml_close(xml_reader *x) {
    if (x && x->reader) xmlFreeTextReader(x->reader);
    if (x) x->reader = 0;
}

static ts_str name_of(xml_reader *x) {
    return ts_str_c((const char *)xmlTextReaderConstLocalName(x->reader));
}

static bool is_record(ts_str name) {
    return ts_str_is(name, "notifications") || ts_str_is(name, "notification") ||
           ts_str_is(name, "alert");
}

static bool text_node(int type) {
    return type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
           type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
}

/* State while one notification is read. */
typedef struct gathering {
    xml_reader *x;
    ts_arena *a;
    xml_record *out;
    int record_depth; /* of the notification's element; -1 = outside */
    ts_str element;   /* the innermost open element */
    ts_buf text;
} gathering;

static void close_cell(gathering *g) {
    ts_str text = ts_str_trim(ts_buf_str(&g->text));
    if (g->element.n && text.n && g->out->names.n < CELLS_MAX) {
        if (g->record_depth >= 0) {
            *ts_push(g->a, &g->out->names) = g->element;
            *ts_push(g->a, &g->out->cells) = ts_str_dup(g->a, text);
        }
        for (int i = 0; g->record_depth < 0 && i < REPORT_FIELDS; i++)
            if (ts_str_is(g->element, report_names[i]))
                snprintf(g->x->report[i], sizeof g->x->report[i], "%.*s", TS_P(text));
    }
    ts_buf_reset(&g->text);
    g->element = TS_NONE;
}

static void open_element(gathering *g, int depth) {
    ts_str name = name_of(g->x);
    bool empty_record = g->out->names.n == 0;
    if (is_record(name) && (g->record_depth < 0 || empty_record)) {
        g->record_depth = depth;
        g->out->line = (uint64_t)xmlTextReaderGetParserLineNumber(g->x->reader);
        g->element = TS_NONE;
    } else {
        g->element = ts_str_dup(g->a, ts_str_clip(name, 80));
    }
    ts_buf_reset(&g->text);
}

static void add_report_fields(gathering *g) {
    for (int i = 0; i < REPORT_FIELDS; i++) {
        *ts_push(g->a, &g->out->names) = ts_str_c(report_names[i]);
        *ts_push(g->a, &g->out->cells) = ts_str_c(g->x->report[i]);
    }
}

/* What one node means. RECORD when it closed a notification, BAD to go on, FAILED. */
static ts_read_result one_node(gathering *g, ts_error *e) {
    xmlTextReaderPtr r = g->x->reader;
    int type = xmlTextReaderNodeType(r), depth = xmlTextReaderDepth(r);
    if (depth > DEPTH_MAX)
        return ts_fail(e, TS_E_LIMIT, "the XML is nested deeper than %d elements", DEPTH_MAX),
               TS_READ_FAILED;
    if (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE) {
        ts_str name = ts_str_c((const char *)xmlTextReaderConstName(r));
        ts_fail(e, TS_E_INPUT, "the XML uses the entity '%.*s': entities are not read",
                TS_P(ts_str_clip(name, 60)));
        return TS_READ_FAILED;
    }
    if (text_node(type)) {
        ts_str value = ts_str_c((const char *)xmlTextReaderConstValue(r));
        ts_buf_put(&g->text, ts_str_clip(value, CELL_MAX - g->text.n));
        return TS_READ_BAD;
    }
    bool empty = type == XML_READER_TYPE_ELEMENT && xmlTextReaderIsEmptyElement(r) == 1;
    if (type == XML_READER_TYPE_ELEMENT) open_element(g, depth);
    if (type != XML_READER_TYPE_END_ELEMENT && !empty) return TS_READ_BAD;
    close_cell(g);
    if (depth != g->record_depth) return TS_READ_BAD;
    g->record_depth = -1;
    if (!g->out->names.n) return TS_READ_BAD;
    add_report_fields(g);
    return TS_READ_RECORD;
}

static ts_read_result stop(xml_reader *x, int rc, ts_error *e) {
    if (rc == 0) return TS_READ_END;
    if (x->split->failed) {
        *e = x->split->failure;
        return TS_READ_FAILED;
    }
    ts_fail(e, TS_E_INPUT, "XML: %s; what stands behind it is not read",
            x->trouble[0] ? x->trouble : "it is damaged here");
    e->line = (uint64_t)(x->line > 0 ? x->line : 0);
    return TS_READ_FAILED;
}

ts_read_result xml_next(xml_reader *x, ts_arena *a, xml_record *out, ts_error *e) {
    *out = (xml_record){0};
    gathering g = {.x = x, .a = a, .out = out, .record_depth = -1, .text = ts_buf_new(a, CELL_MAX)};
    for (;;) {
        int rc = xmlTextReaderRead(x->reader);
        if (rc != 1) return stop(x, rc, e);
        ts_read_result r = one_node(&g, e);
        if (r == TS_READ_FAILED) e->line = (uint64_t)xmlTextReaderGetParserLineNumber(x->reader);
        if (r != TS_READ_BAD) return r;
    }
}
