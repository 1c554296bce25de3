#include "report_list.h"

#include <libxml/xmlreader.h>

#include "format/format.h"
#include "text/text.h"

enum { ENTRIES_MAX = 20000, DEPTH_MAX = 12, FIELD_MAX = 4096, ROOM_MIB = 320 };

typedef struct listing {
    const char *path; /* or the name of */
    const ts_str *bytes;
    ts_arena *out; /* where results live */
    ts_report_refs *refs;
    uint64_t *bad;
    ts_input *in;
    ts_xml_input *clean;
    xmlTextReaderPtr xml;
    ts_report_ref at; /* the entry at hand */
    char field[40];   /* the innermost open element's name */
    ts_buf text;      /* and its text */
    int entry_depth;  /* of the open <weeklyReport>; -1 = none */
    bool any;         /* a root element was seen */
    char trouble[200];
} listing;

static int give(void *ctx, char *buf, int n) {
    return ts_xml_input_read(((listing *)ctx)->clean, buf, n);
}

static void note(void *ctx, xmlErrorPtr error) {
    listing *l = ctx;
    if (!l->trouble[0] && error && error->message)
        snprintf(l->trouble, sizeof l->trouble, "%.*s",
                 (int)ts_str_trim(ts_str_c(error->message)).n, error->message);
}

static int32_t day_of(ts_str s) {
    ts_date_span d;
    size_t at = 0;
    int32_t iso = ts_day_parse_iso(s);
    if (iso != TS_NO_DAY) return iso;
    return ts_date_read(s, &at, false, &d) ? d.from : TS_NO_DAY;
}

static void take_field(listing *l) {
    ts_str s = ts_str_trim(ts_buf_str(&l->text));
    if (strcmp(l->field, "reference") == 0) l->at.reference = ts_str_dup(l->out, s);
    if (strcmp(l->field, "publicationDate") == 0) l->at.published = day_of(s);
    if (strcmp(l->field, "URL") != 0) return;
    while (s.n && (s.p[s.n - 1] == ',' || ts_is_space((unsigned char)s.p[s.n - 1]))) s.n--;
    l->at.url = ts_str_dup(l->out, s);
}

static bool take_entry(listing *l, ts_error *e) {
    l->entry_depth = -1;
    if (!l->at.url.n) return ++*l->bad, true;
    if (l->refs->n >= ENTRIES_MAX)
        return ts_fail(e, TS_E_LIMIT, "the list has more than %d entries", ENTRIES_MAX);
    *ts_push(l->out, l->refs) = l->at;
    return true;
}

static void open_element(listing *l, int depth) {
    const char *name = (const char *)xmlTextReaderConstLocalName(l->xml);
    l->any = true;
    snprintf(l->field, sizeof l->field, "%s", name ? name : "");
    ts_buf_reset(&l->text);
    if (l->entry_depth >= 0 || strcmp(l->field, "weeklyReport") != 0) return;
    l->entry_depth = depth;
    l->at = (ts_report_ref){.published = TS_NO_DAY};
}

static bool close_element(listing *l, int depth, ts_error *e) {
    if (l->entry_depth >= 0 && depth > l->entry_depth) take_field(l);
    l->field[0] = 0;
    return depth != l->entry_depth || take_entry(l, e);
}

static bool one_node(listing *l, ts_error *e) {
    int type = xmlTextReaderNodeType(l->xml), depth = xmlTextReaderDepth(l->xml);
    if (depth > DEPTH_MAX)
        return ts_fail(e, TS_E_LIMIT, "the XML is nested deeper than %d elements", DEPTH_MAX);
    switch (type) {
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY_REFERENCE:
        return ts_fail(e, TS_E_INPUT, "the XML declares or uses entities: they are not read");
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
        ts_buf_put(&l->text, ts_str_c((const char *)xmlTextReaderConstValue(l->xml)));
        return true;
    case XML_READER_TYPE_ELEMENT: {
        bool empty = xmlTextReaderIsEmptyElement(l->xml) == 1;
        open_element(l, depth);
        return !empty || close_element(l, depth, e);
    }
    case XML_READER_TYPE_END_ELEMENT: return close_element(l, depth, e);
    default: return true;
    }
}

static bool read_nodes(listing *l, ts_error *e) {
    int rc;
    while ((rc = xmlTextReaderRead(l->xml)) == 1)
        if (!one_node(l, e)) return false;
    if (l->clean->why.code) return *e = l->clean->why, false;
    if (rc != 0)
        return ts_fail(e, TS_E_INPUT, "the list is damaged or cut off: %s",
                       l->trouble[0] ? l->trouble : "no XML");
    if (!l->any) return ts_fail(e, TS_E_INPUT, "the list is empty");
    return true;
}

/* Reads with everything of the system's held in `l`, where it is given back also when memory runs
 * out. */
static bool read_list(void *ctx, ts_arena *a, ts_error *e) {
    listing *l = ctx;
    ts_splitter *s = ts_new(a, ts_splitter);
    l->text = ts_buf_new(a, FIELD_MAX);
    l->in = l->bytes ? ts_input_memory(a, *l->bytes, l->path) : ts_input_open(a, l->path, e);
    if (!l->in) return false;
    ts_split_start(a, s, l->in);
    ts_split_peek(s, 1 << 16);
    ts_xml_input *clean = ts_new(a, ts_xml_input);
    ts_xml_input_start(clean, s);
    l->clean = clean;
    l->xml = xmlReaderForIO(give, 0, l, 0, "UTF-8",
                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                XML_PARSE_IGNORE_ENC);
    if (!l->xml) return ts_fail(e, TS_E_MEMORY, "no memory for an XML reader");
    xmlTextReaderSetStructuredErrorHandler(l->xml, note, l);
    return read_nodes(l, e);
}

static bool read_within(ts_arena *a, listing *l, ts_report_refs *out, ts_error *e) {
    const size_t size = (size_t)ROOM_MIB << 20;
    ts_arena room = ts_arena_new(size), mine = room, results = ts_arena_new(size), first = results;
    ts_report_refs found = {0};
    l->out = &results;
    l->refs = &found;
    l->entry_depth = -1;
    *l->bad = 0;
    bool ok = ts_arena_guard(read_list, l, &mine, e);
    if (l->xml) xmlFreeTextReader(l->xml);
    if (l->clean) ts_xml_input_close(l->clean);
    ts_input_close(l->in);
    for (size_t i = 0; ok && i < found.n; i++)
        *ts_push(a, out) = (ts_report_ref){ts_str_dup(a, found.v[i].reference),
                                           ts_str_dup(a, found.v[i].url), found.v[i].published};
    ts_arena_free(&first, size);
    ts_arena_free(&room, size);
    return ok || ts_fail_at(e, l->path, 0, 0);
}

bool ts_report_list_read(ts_arena *a, const char *path, ts_report_refs *out, uint64_t *bad,
                         ts_error *e) {
    listing l = {.path = path, .bad = bad};
    return read_within(a, &l, out, e);
}

bool ts_report_list_memory(ts_arena *a, ts_str bytes, const char *name, ts_report_refs *out,
                           uint64_t *bad, ts_error *e) {
    listing l = {.path = name, .bytes = &bytes, .bad = bad};
    return read_within(a, &l, out, e);
}
