/* Notices from any format: detection, records, and the notice each record becomes. */
#include "notice_make.h"
#include "notice_xml.h"

enum {
    PEEK = 1 << 16,
    PEEK_MAX = 4 << 20,
    PIECE = 1 << 19,
    PIECES_RESERVE_MIB = 64,
    WORK_RESERVE_MIB = 1024,
    WORK_KEEP = 32 << 20,
    SEEN_RESERVE_MIB = 1024,
    HELD_RESERVE_MIB = (TS_SPLIT_WHOLE_MAX >> 20) + 4,
    SEEN_MAX = 2000000,
    NAMES_FROM = 20, /* records whose member names are looked at */
};

/* ---- the formats, declared once ---- */

typedef enum { JSON = 1, CSV = 2, XML = 4 } shape;

static const struct format {
    const char *name, *says;
    unsigned shapes;
    const char *all, *any,
        *any2; /* names a record has: all of these, one of these, one of those; "|" between */
    notice_reader *read;
} formats[TS_NF_COUNT] = {
    [TS_NF_UNKNOWN] = {"unknown", "not known", 0, 0, 0, 0, 0},
    [TS_NF_TOUCHSTONE] = {"touchstone", "touchstone's own notices, JSON lines", JSON, "format|id",
                          0, 0, 0},
    [TS_NF_SAFETY_GATE_XML] = {"safety_gate_xml", "weekly report of the Safety Gate, XML", XML,
                               "caseNumber", 0, 0, read_safety_gate_xml},
    [TS_NF_SAFETY_GATE_ODS] = {"safety_gate_ods",
                               "OpenDataSoft export of the Safety Gate, JSON or CSV", JSON | CSV,
                               "alert_number",
                               "product_type|product_model_type|alert_level|product_barcode|alert_"
                               "type|rapex_url|product_brand",
                               0, read_safety_gate_ods},
    [TS_NF_SAFETY_GATE_PORTAL] =
        {"safety_gate_portal", "record of the Safety Gate portal, JSON", JSON, "reference",
         "measureTaken|traceability|notificationType|risk|notification_type|risk_types|model_types",
         "product|product_name|product_category", read_safety_gate_portal},
    [TS_NF_RAPEX_WEEKLY] = {"rapex_weekly", "RAPEX weekly overviews 2009-2012, CSV or JSON lines",
                            JSON | CSV, "refnr|descript_product", 0, 0, read_rapex_weekly},
    [TS_NF_SAFETY_GATE_TABLE] = {"safety_gate_table",
                                 "Safety Gate alert table 2022-2024, CSV or JSON lines", JSON | CSV,
                                 "alert_number",
                                 "model_type_number|company_recall_code|type_of_alert", 0,
                                 read_safety_gate_table},
    [TS_NF_CPSC_REST] = {"cpsc_rest", "saferproducts.gov recalls (US CPSC), JSON", JSON, 0,
                         "RecallNumber|RecallID", "Products|Title|RecallDate|Hazards",
                         read_cpsc_rest},
    [TS_NF_CPSC_EXPORT] = {"cpsc_export", "export of cpsc.gov/Recalls, CSV or JSON lines",
                           JSON | CSV, "Recall Number|Recall Heading", 0, 0, read_cpsc_export},
    [TS_NF_CPSC_ARCHIVE] = {"cpsc_archive", "US CPSC recalls to 2013, JSON or CSV", JSON | CSV,
                            "recall_number", "manufacturers|product_types|upcs", 0,
                            read_cpsc_archive},
    [TS_NF_RAPPELCONSO] = {"rappelconso", "RappelConso (FR), versions 1 and 2, JSON or CSV",
                           JSON | CSV, 0, "numero_fiche|reference_fiche",
                           "categorie_produit|categorie_de_produit|motif_rappel|motif_du_rappel|"
                           "libelle|marque_produit",
                           read_rappelconso},
    [TS_NF_TEMPLATE] = {"template",
                        "template for authorities without a feed (en, de, zh), CSV or JSON lines",
                        JSON | CSV, 0, 0, 0, read_template},
    [TS_NF_AGGREGATE] = {"aggregate", "list of several agencies, JSON", JSON, "source|title",
                         "id|recallNumber", "hazard|severity|sourceUrl|recallDate|sourceLabel",
                         read_aggregate},
};

const char *ts_notice_format_name(ts_notice_format f) { return formats[f].name; }
const char *ts_notice_format_says(ts_notice_format f) { return formats[f].says; }

ts_notice_format ts_notice_format_by_name(const char *s) {
    for (int f = 1; f < TS_NF_COUNT; f++)
        if (strcmp(s, formats[f].name) == 0) return (ts_notice_format)f;
    return TS_NF_UNKNOWN;
}

static bool has_name(const ts_strs *names, ts_str name) {
    for (size_t i = 0; i < names->n; i++)
        if (ts_str_eq(names->v[i], name)) return true;
    return false;
}

static bool has_one(const ts_strs *names, const char *list) {
    ts_str l = ts_str_c(list);
    while (l.p)
        if (has_name(names, ts_str_cut(&l, '|'))) return true;
    return list == 0;
}

static bool has_all(const ts_strs *names, const char *list) {
    ts_str l = ts_str_c(list);
    while (l.p)
        if (!has_name(names, ts_str_cut(&l, '|'))) return false;
    return true;
}

static bool fits(ts_notice_format f, const ts_strs *names, shape s) {
    const struct format *x = &formats[f];
    if (!(x->shapes & s)) return false;
    if (f == TS_NF_TEMPLATE) return template_fits(names);
    return has_all(names, x->all) && has_one(names, x->any) && has_one(names, x->any2);
}

static ts_notice_format format_of(const ts_strs *names, shape s) {
    for (int f = 1; f < TS_NF_COUNT; f++)
        if (f != TS_NF_TEMPLATE && fits((ts_notice_format)f, names, s)) return (ts_notice_format)f;
    return fits(TS_NF_TEMPLATE, names, s) ? TS_NF_TEMPLATE : TS_NF_UNKNOWN;
}

/* ---- the reader ---- */

struct ts_notice_reader {
    ts_notice_format format, wanted;
    shape shape;
    ts_splitter split;
    ts_input *in;
    ts_arena held, held_mark;     /* bytes read but not handed out: the ts_splitter's */
    ts_arena pieces, pieces_mark; /* raw bytes of the records at hand */
    ts_arena work, work_mark;     /* one record at a time */
    ts_arena seen_arena, seen_mark;
    ts_map seen;    /* id → digest of who the notice is about */
    ts_strs header; /* CSV, in the reader's own lifetime */
    char delimiter;
    ts_str rest; /* of the piece at hand */
    uint64_t record;
    ts_split_problems problems;
    size_t next_problem;
    const ts_json *next, *end; /* a list inside one JSON document */
    bool document;
    xml_reader *xml;
    bool done;
    uint64_t mended, mended_line;
};

static ts_str without_bom(ts_str s) {
    return ts_str_starts(s, TS_S("\xEF\xBB\xBF")) ? ts_str_from(s, 3) : s;
}

/* Records of some interfaces are wrapped: {"fields": {…}}, {"record": {"fields": {…}}}. */
static const ts_json *unwrapped(const ts_json *v) {
    for (int i = 0; i < 3; i++) {
        const ts_json *inner = ts_json_member(v, "fields");
        if (!ts_json_is(inner, TS_JSON_OBJECT)) inner = ts_json_member(v, "record");
        if (!ts_json_is(inner, TS_JSON_OBJECT)) break;
        v = inner;
    }
    return v;
}

static void add_names(ts_arena *a, const ts_json *v, ts_strs *names) {
    enum { NAMES_MAX = 400 };
    TS_JSON_EACH_MEMBER(name, value, unwrapped(v)) {
        (void)value;
        if (names->n < NAMES_MAX) ts_strs_add(a, names, ts_json_str(name));
    }
}

static bool is_ours(const ts_json *v) {
    return ts_str_is(ts_json_str(ts_json_member(v, "format")), "touchstone-notice-1");
}

/* ---- errors ---- */

static bool refuse(ts_notice_reader *r, const char *why, const ts_strs *names, ts_error *e) {
    char seen[360] = "";
    size_t n = 0;
    for (size_t i = 0; names && i < names->n && n + 44 < sizeof seen; i++)
        n += (size_t)snprintf(seen + n, sizeof seen - n, "%s%.*s", i ? ", " : "",
                              TS_P(ts_str_clip(names->v[i], 40)));
    char list[1100] = "";
    n = 0;
    for (int f = 1; f < TS_NF_COUNT && n < sizeof list; f++)
        n += (size_t)snprintf(list + n, sizeof list - n, "%s%s (%s)", f > 1 ? "; " : "",
                              formats[f].name, formats[f].says);
    if (seen[0])
        ts_fail(e, TS_E_INPUT, "%s. Names seen: %s. Formats known: %s", why, seen, list);
    else
        ts_fail(e, TS_E_INPUT, "%s. Formats known: %s", why, list);
    return ts_fail_at(e, ts_input_name(r->in), 0, 0);
}

static bool settle(ts_notice_reader *r, const ts_strs *names, bool ours, ts_error *e) {
    ts_notice_format found = format_of(names, r->shape);
    if (found == TS_NF_TOUCHSTONE && !ours) found = TS_NF_UNKNOWN;
    if (!r->wanted && found) return r->format = found, true;
    if (!r->wanted) return refuse(r, "this is none of the formats notices come in", names, e);
    if (fits(r->wanted, names, r->shape) && (r->wanted != TS_NF_TOUCHSTONE || ours))
        return r->format = r->wanted, true;
    char why[160];
    snprintf(why, sizeof why, "this is not %s%s%s", formats[r->wanted].name,
             found ? ", but looks like " : "", found ? formats[found].name : "");
    return refuse(r, why, names, e);
}

/* ---- detection: JSON ---- */

/* Reads on until the first value is whole, as far as PEEK_MAX. */
static ts_str head_with_value(ts_notice_reader *r) {
    for (size_t want = PEEK;; want *= 4) {
        ts_split_peek(&r->split, want);
        ts_str head = ts_str_trim(without_bom((ts_str){r->split.held, r->split.held_n}));
        size_t at = head.n && head.p[0] == '[' ? 1 : 0, end;
        if (r->split.eof || want >= PEEK_MAX ||
            ts_json_split(head, &at, &end, false) != TS_JSON_SPLIT_MORE)
            return head;
    }
}

/* Names of the first records in the head. */
static bool names_in(ts_arena *a, ts_str head, bool eof, ts_strs *names, bool *ours) {
    ts_str rest = head.n && head.p[0] == '[' ? ts_str_from(head, 1) : head;
    for (int i = 0; i < NAMES_FROM; i++) {
        size_t at = 0, end;
        while (at < rest.n && (ts_is_space((unsigned char)rest.p[at]) || rest.p[at] == ',')) at++;
        if (at >= rest.n || ts_json_split(rest, &at, &end, eof) != TS_JSON_SPLIT_VALUE) break;
        const ts_json *v =
            ts_json_parse(a, (ts_str){rest.p + at, end - at}, (ts_json_options){0}, 0);
        if (v && i == 0) *ours = is_ours(unwrapped(v));
        add_names(a, v, names);
        rest = ts_str_from(rest, end);
    }
    return names->n > 0;
}

static bool list_fits(ts_arena scratch, const ts_json *list) {
    const ts_json *first = ts_json_at(list, 0);
    if (!ts_json_is(first, TS_JSON_OBJECT)) return false;
    ts_strs names = {0};
    add_names(&scratch, first, &names);
    return format_of(&names, JSON) != TS_NF_UNKNOWN;
}

/* The list of records inside a document, at most two members deep. */
static const ts_json *list_in(ts_arena scratch, const ts_json *v, int depth) {
    TS_JSON_EACH_MEMBER(name, value, v) {
        (void)name;
        if (list_fits(scratch, value)) return value;
        const ts_json *inner =
            depth < 2 && ts_json_is(value, TS_JSON_OBJECT) ? list_in(scratch, value, depth + 1) : 0;
        if (inner) return inner;
    }
    return 0;
}

static bool one_object_per_line(ts_str head, bool eof) {
    size_t at = 0, end, nl = ts_str_chr(head, '\n');
    ts_json_split_result s = ts_json_split(head, &at, &end, eof);
    if (nl == TS_NPOS) return s == TS_JSON_SPLIT_VALUE && !eof; /* one line, more to come */
    if (s == TS_JSON_SPLIT_VALUE && end <= nl + 1) return true;
    ts_str line = ts_str_trim(ts_str_to(head, nl)), next = ts_str_trim(ts_str_from(head, nl));
    char last = line.n ? line.p[line.n - 1]
                       : 0; /* a first line that is broken, before others that are not */
    return next.n && next.p[0] == '{' && !memchr(",{[:", last, 4);
}

/* One JSON document: a single record, or a list inside it. */
static bool open_document(ts_arena *a, ts_notice_reader *r, ts_error *e) {
    ts_split_piece piece;
    r->split.mode = TS_SPLIT_WHOLE;
    ts_split_problems problems = {0};
    if (!ts_split_next(&r->split, a, 0, &piece, &problems)) {
        if (problems.n)
            *e = problems.v[0];
        else if (r->split.failed)
            *e = r->split.failure;
        else
            ts_fail(e, TS_E_INPUT, "the document is empty");
        return ts_fail_at(e, ts_input_name(r->in), 0, 0);
    }
    const ts_json *root = ts_json_parse(a, without_bom(piece.bytes), (ts_json_options){0}, e);
    if (!root) return ts_fail_at(e, ts_input_name(r->in), 0, 0);
    ts_strs names = {0};
    add_names(a, root, &names);
    const ts_json *list = format_of(&names, JSON) ? 0 : list_in(*a, root, 0);
    r->document = true;
    r->next = list ? list + 1 : root;
    r->end = list ? list + list->span : root + root->span;
    if (!list) return settle(r, &names, is_ours(root), e);
    ts_strs inner = {0};
    const ts_json *v = r->next;
    for (int i = 0; i < NAMES_FROM && v < r->end; i++, v += v->span) add_names(a, v, &inner);
    return settle(r, &inner, is_ours(unwrapped(r->next)), e);
}

/* A document that is one value, and not the first of several. */
static bool single_value(ts_str head, bool eof) {
    size_t at = 0, end;
    if (ts_json_split(head, &at, &end, eof) != TS_JSON_SPLIT_VALUE) return true;
    return eof && !ts_str_trim(ts_str_from(head, end)).n;
}

static bool open_json(ts_arena *a, ts_notice_reader *r, ts_error *e) {
    ts_str head = head_with_value(r);
    ts_strs names = {0};
    bool ours = false;
    r->shape = JSON;
    if (head.p[0] == '{' && !one_object_per_line(head, r->split.eof) &&
        single_value(head, r->split.eof))
        return open_document(a, r, e);
    if (head.p[0] == '{' && single_value(head, r->split.eof)) return open_document(a, r, e);
    names_in(a, head, r->split.eof, &names, &ours);
    r->split.mode = head.p[0] == '{' && one_object_per_line(head, r->split.eof) ? TS_SPLIT_LINES
                                                                                : TS_SPLIT_VALUES;
    return settle(r, &names, ours, e);
}

/* ---- detection: tables and XML ---- */

static bool open_table(ts_arena *a, ts_notice_reader *r, ts_error *e) {
    enum { COLUMNS_MAX = 500 };
    ts_str head = {r->split.held, r->split.held_n}, t = without_bom(head), rest = t;
    r->shape = CSV;
    r->split.mode = TS_SPLIT_ROWS;
    if (ts_utf8_bad(ts_str_clip(ts_str_to(t, ts_str_chr(t, '\n')), 2000)) != TS_NPOS)
        return refuse(r, "this is neither text in UTF-8 nor a format that is known", 0, e);
    r->delimiter = r->split.delimiter = ts_split_delimiter(*a, t);
    ts_strs fields = {0};
    uint64_t lines = 0;
    ts_split_row(a, r->delimiter, &rest, &fields, &lines);
    for (size_t i = 0; i < fields.n && i < COLUMNS_MAX; i++)
        *ts_push(a, &r->header) = ts_str_dup(a, ts_str_trim(fields.v[i]));
    if (!settle(r, &r->header, false, e)) return false;
    size_t used = head.n - rest.n;
    r->split.held_n -= used;
    memmove(r->split.held, r->split.held + used, r->split.held_n);
    r->split.line += lines;
    return true;
}

static bool open_report(ts_arena *a, ts_notice_reader *r, ts_str head, ts_error *e) {
    ts_str root;
    r->shape = XML;
    if (!xml_root(head, &root, e)) return ts_fail_at(e, ts_input_name(r->in), 0, 0);
    if (ts_str_find(head, TS_S("<weeklyReport")) != TS_NPOS)
        return refuse(
            r, "this is the list of weekly reports, not a report: fetch the addresses in it", 0, e);
    ts_strs names = {0};
    ts_strs_add(a, &names, root);
    for (ts_str s = head; names.n < 30;) {
        size_t at = ts_str_chr(s, '<');
        if (at == TS_NPOS) break;
        s = ts_str_from(s, at + 1);
        size_t n = 0;
        while (n < s.n && n < 60 && (ts_is_alnum((unsigned char)s.p[n]) || memchr("_-", s.p[n], 2)))
            n++;
        ts_strs_add(a, &names, ts_str_to(s, n));
    }
    /* a week without notifications is a report too */
    if (has_name(&names, TS_S("report_week")) && !has_name(&names, TS_S("caseNumber")))
        ts_strs_add(a, &names, TS_S("caseNumber"));
    if (!settle(r, &names, false, e)) return false;
    r->xml = xml_open(a, &r->split, e);
    return r->xml != 0;
}

/* Nothing at all, or an empty list: no notices in any format. Whether that is right is for the
 * caller to judge. */
static bool holds_nothing(ts_str head) {
    return !head.n || (head.p[0] == '[' && ts_str_is(ts_str_trim(ts_str_from(head, 1)), "]"));
}

static bool detect(ts_arena *a, ts_notice_reader *r, ts_error *e) {
    ts_split_peek(&r->split, PEEK);
    if (r->split.failed && r->split.held_n == 0) {
        *e = r->split.failure;
        return false;
    }
    ts_str head = ts_str_trim(without_bom((ts_str){r->split.held, r->split.held_n}));
    if (r->split.eof && holds_nothing(head)) {
        r->format = r->wanted;
        r->done = true;
        return true;
    }
    if (head.p[0] == '<') return open_report(a, r, head, e);
    if (head.p[0] == '[' || head.p[0] == '{') return open_json(a, r, e);
    return open_table(a, r, e);
}

static ts_arena reserve(size_t mib) { return ts_arena_new(mib << 20); }

static bool start_split(void *ctx, ts_arena *a, ts_error *e) {
    ts_notice_reader *r = ctx;
    (void)e;
    ts_split_start(a, &r->split, r->in);
    return true;
}

static bool guarded_detect(void *ctx, ts_arena *a, ts_error *e) { return detect(a, ctx, e); }

/* What is taken from the system is given back also when memory runs out on the way. */
static ts_notice_reader *start(ts_arena *a, ts_notice_reader *r, ts_notice_options o, ts_error *e) {
    r->wanted = o.format;
    r->held = r->held_mark = reserve(HELD_RESERVE_MIB);
    r->pieces = r->pieces_mark = reserve(PIECES_RESERVE_MIB);
    r->work = r->work_mark = reserve(WORK_RESERVE_MIB);
    r->seen_arena = r->seen_mark = reserve(SEEN_RESERVE_MIB);
    if (ts_arena_guard(start_split, r, &r->held, e) && ts_arena_guard(guarded_detect, r, a, e))
        return r;
    ts_notices_close(r);
    return 0;
}

ts_notice_reader *ts_notices_open(ts_arena *a, const char *path, ts_notice_options o, ts_error *e) {
    ts_notice_reader *r = ts_new(a, ts_notice_reader);
    r->in = ts_input_open(a, path, e);
    return r->in ? start(a, r, o, e) : 0;
}

ts_notice_reader *ts_notices_memory(ts_arena *a, ts_str bytes, const char *name,
                                    ts_notice_options o, ts_error *e) {
    ts_notice_reader *r = ts_new(a, ts_notice_reader);
    r->in = ts_input_memory(a, bytes, name);
    return start(a, r, o, e);
}

void ts_notices_close(ts_notice_reader *r) {
    if (!r || !r->in) return;
    xml_close(r->xml);
    ts_input_close(r->in);
    r->in = 0;
    ts_arena_free(&r->held_mark, (size_t)HELD_RESERVE_MIB << 20);
    ts_arena_free(&r->pieces_mark, (size_t)PIECES_RESERVE_MIB << 20);
    ts_arena_free(&r->work_mark, (size_t)WORK_RESERVE_MIB << 20);
    ts_arena_free(&r->seen_mark, (size_t)SEEN_RESERVE_MIB << 20);
}

ts_notice_format ts_notices_format(const ts_notice_reader *r) { return r->format; }

uint64_t ts_notices_mended(const ts_notice_reader *r, uint64_t *line) {
    *line = r->mended_line;
    return r->mended;
}

void ts_notices_progress(const ts_notice_reader *r, uint64_t *done, uint64_t *total) {
    *done = ts_input_position(r->in);
    *total = ts_input_size(r->in);
}

/* ---- one record ---- */

/* The raw record, found but not yet understood. */
typedef struct raw {
    ts_str text;         /* JSON text, or */
    const ts_json *json; /* a value of a document, or */
    ts_strs cells;       /* a row, or */
    uint64_t lines;      /* how many lines it took */
    xml_record xml;      /* a notification */
    uint64_t line;
} raw;

typedef struct job {
    ts_notice_reader *r;
    raw in;
    ts_notice n;
    bool skip; /* an empty line */
} job;

enum { TEXTS = 18, LISTS = 7 };

static void members_of(ts_notice *n, ts_str *texts[TEXTS], ts_strs *lists[LISTS]) {
    ts_str *const t[TEXTS] = {
        &n->id,       &n->source,      &n->number, &n->title,    &n->product,    &n->name,
        &n->category, &n->description, &n->hazard, &n->measures, &n->remedy,     &n->legal,
        &n->units,    &n->country,     &n->origin, &n->url,      &n->recall_url, &n->language};
    ts_strs *const l[LISTS] = {&n->brands,    &n->models,  &n->risks,
                               &n->operators, &n->sellers, &n->measure_countries,
                               &n->images};
    memcpy(texts, t, sizeof t);
    memcpy(lists, l, sizeof l);
}

static void shorten(ts_strs *l) {
    if (l->n > RECORD_LIST_MAX) l->n = RECORD_LIST_MAX;
    for (size_t i = 0; i < l->n; i++) l->v[i] = ts_str_clip(l->v[i], RECORD_TEXT_MAX);
}

/* A notice of our own format, held to the limits of every other. */
static bool own_notice(ts_arena *a, const ts_json *v, ts_notice *n, ts_error *e) {
    enum { ID_MAX = 1000 };
    if (!is_ours(v))
        return ts_fail(e, TS_E_INPUT, "the record's \"format\" is not touchstone-notice-1");
    if (!ts_notice_read(a, v, n, e)) return false;
    if (n->id.n > ID_MAX)
        return ts_fail(e, TS_E_LIMIT, "the notice's \"id\" is longer than %d bytes", ID_MAX);
    if (!n->source.n && ts_str_chr(n->id, ':') != TS_NPOS)
        n->source = ts_str_to(n->id, ts_str_chr(n->id, ':'));
    if (!n->source.n) return ts_fail(e, TS_E_INPUT, "the notice has no \"source\"");
    ts_str *texts[TEXTS];
    ts_strs *lists[LISTS];
    members_of(n, texts, lists);
    for (size_t i = 0; i < TEXTS; i++) *texts[i] = ts_str_clip(*texts[i], RECORD_TEXT_MAX);
    for (size_t i = 0; i < LISTS; i++) shorten(lists[i]);
    shorten(&n->scope.lots);
    shorten(&n->scope.serials);
    if (n->identifiers.n > RECORD_LIST_MAX) n->identifiers.n = RECORD_LIST_MAX;
    ts_notice_seal(*a, n);
    return true;
}

static bool from_json(job *j, ts_arena *a, const ts_json *v, ts_error *e) {
    v = unwrapped(v);
    if (!ts_json_is(v, TS_JSON_OBJECT))
        return ts_fail(e, TS_E_INPUT, "a notice is a JSON object; this is something else");
    if (j->r->format == TS_NF_TOUCHSTONE) return own_notice(a, v, &j->n, e);
    record rec = record_of(a, v);
    maker m = {.a = a, .n = &j->n, .r = &rec};
    if (!formats[j->r->format].read(&m, e)) return false;
    make_finish(&m);
    return true;
}

static bool from_cells(job *j, ts_arena *a, const ts_strs *names, const ts_strs *cells,
                       ts_error *e) {
    record rec = {.a = a, .names = names, .cells = cells};
    maker m = {.a = a, .n = &j->n, .r = &rec};
    uint64_t year, week;
    if (ts_u64_parse(record_text(&rec, "report_year"), &year) && year < 3000) m.year = (int)year;
    if (ts_u64_parse(record_text(&rec, "report_week"), &week) && week < 60) m.week = (int)week;
    if (!formats[j->r->format].read(&m, e)) return false;
    make_finish(&m);
    return true;
}

static bool from_row(job *j, ts_arena *a, ts_error *e) {
    const ts_strs *header = &j->r->header, *cells = &j->in.cells;
    if (cells->n == 1 && !ts_str_trim(cells->v[0]).n) return j->skip = true, true;
    for (size_t i = 0; i < cells->n; i++)
        if (ts_str_chr(cells->v[i], 0) != TS_NPOS)
            return ts_fail(e, TS_E_INPUT, "a NUL byte stands in the row: the file is damaged");
    if (cells->n > header->n + 1 || cells->n + 1 < header->n)
        return ts_fail(e, TS_E_INPUT, "the row has %zu fields where the header has %zu%s", cells->n,
                       header->n,
                       j->in.lines > 1 ? ", over several lines: is a quote not closed?" : "");
    return from_cells(j, a, header, cells, e);
}

/* Whether the raw record holds bytes that are not UTF-8; they are replaced where the text is taken.
 * (XML is refused for them.) */
static bool needs_mending(const raw *in) {
    if (ts_utf8_bad(in->text) != TS_NPOS) return true;
    for (size_t i = 0; i < in->cells.n; i++)
        if (ts_utf8_bad(in->cells.v[i]) != TS_NPOS) return true;
    return false;
}

static bool understand(void *ctx, ts_arena *a, ts_error *e) {
    job *j = ctx;
    if (needs_mending(&j->in) && !j->r->mended++) j->r->mended_line = j->in.line;
    j->n = (ts_notice){.published = TS_NO_DAY, .modified = TS_NO_DAY};
    if (j->r->shape == XML) return from_cells(j, a, &j->in.xml.names, &j->in.xml.cells, e);
    if (j->r->shape == CSV) return from_row(j, a, e);
    const ts_json *v = j->in.json;
    if (!v && !ts_str_trim(j->in.text).n) return j->skip = true, true;
    if (!v) v = ts_json_parse(a, j->in.text, (ts_json_options){0}, e);
    return v && from_json(j, a, v, e);
}

/* ---- what two notices under one number are ---- */

static ts_digest identity_of(ts_arena scratch, const ts_notice *n) {
    const ts_str all[] = {n->product, n->name, n->title, n->brands.n ? n->brands.v[0] : TS_NONE};
    return ts_digest_of(ts_str_join(&scratch, all, 4, TS_S("\x1f")));
}

/* "A12/00912/24", "SR/03786/24": no two alerts have one of these, so whatever has changed in the
 * text is a new version. The bare numbers of the older overviews come garbled and do clash. */
static bool number_is_unique(const ts_notice *n) {
    return ts_str_is(n->source, "safety_gate") && n->number.n &&
           ts_is_alpha((unsigned char)n->number.p[0]);
}

/* The same number for another product: the second and later ones get a tail made of the content, so
 * that ids stay unique. The same product again is a new version and keeps its id. */
static bool tell_apart(void *ctx, ts_arena *a, ts_error *e) {
    job *j = ctx;
    ts_notice_reader *r = j->r;
    (void)e;
    if (r->seen.n >= SEEN_MAX || number_is_unique(&j->n)) return true;
    uint64_t who = identity_of(*a, &j->n).lo | 1;
    uint64_t *known = ts_map_get(&r->seen, j->n.id);
    if (!known) {
        *ts_map_put(a, &r->seen, ts_str_dup(a, j->n.id), 0) = who;
        return true;
    }
    if (*known == who) return true;
    char hex[32];
    ts_buf b = ts_buf_new(a, 1100);
    ts_buf_put(&b, j->n.id);
    ts_buf_c(&b, '~');
    ts_buf_put(&b, ts_str_to(ts_digest_hex(j->n.digest, hex), 8));
    j->n.id = ts_buf_str(&b);
    ts_notice_seal(*a, &j->n);
    return true;
}

/* ---- from the reader's memory to the caller's ---- */

static void copy_list(ts_arena *a, ts_strs *l) {
    ts_strs out = {0};
    for (size_t i = 0; i < l->n && i < RECORD_LIST_MAX; i++)
        *ts_push(a, &out) = ts_str_dup(a, l->v[i]);
    *l = out;
}

static void copy_scope(ts_arena *a, ts_scope *s) {
    ts_scope out = {0};
    copy_list(a, &s->lots);
    copy_list(a, &s->serials);
    out.lots = s->lots, out.serials = s->serials;
    for (size_t i = 0; i < s->lot_ranges.n; i++)
        *ts_push(a, &out.lot_ranges) = (ts_code_range){ts_str_dup(a, s->lot_ranges.v[i].from),
                                                       ts_str_dup(a, s->lot_ranges.v[i].to)};
    for (size_t i = 0; i < s->serial_ranges.n; i++)
        *ts_push(a, &out.serial_ranges) = (ts_code_range){ts_str_dup(a, s->serial_ranges.v[i].from),
                                                          ts_str_dup(a, s->serial_ranges.v[i].to)};
    for (size_t i = 0; i < s->made.n; i++) *ts_push(a, &out.made) = s->made.v[i];
    for (size_t i = 0; i < s->sold.n; i++) *ts_push(a, &out.sold) = s->sold.v[i];
    *s = out;
}

static ts_notice copy_notice(ts_arena *a, const ts_notice *from) {
    ts_notice n = *from;
    ts_str *texts[TEXTS];
    ts_strs *lists[LISTS];
    members_of(&n, texts, lists);
    for (size_t i = 0; i < TEXTS; i++) *texts[i] = ts_str_dup(a, *texts[i]);
    for (size_t i = 0; i < LISTS; i++) copy_list(a, lists[i]);
    ts_identifiers ids = {0};
    for (size_t i = 0; i < n.identifiers.n && i < RECORD_LIST_MAX; i++) {
        ts_identifier id = n.identifiers.v[i];
        id.text = ts_str_dup(a, id.text);
        *ts_push(a, &ids) = id;
    }
    n.identifiers = ids;
    copy_scope(a, &n.scope);
    return n;
}

/* ---- one record after the other ---- */

static bool next_line(ts_notice_reader *r, raw *in) {
    in->line = r->record;
    uint64_t lines = 1;
    in->cells = (ts_strs){0};
    bool ok = r->split.mode == TS_SPLIT_LINES ? ts_split_line(&r->rest, &in->text)
              : r->split.mode == TS_SPLIT_VALUES
                  ? ts_split_value(&r->rest, &in->text)
                  : ts_split_row(&r->pieces, r->delimiter, &r->rest, &in->cells, &lines);
    in->lines = lines;
    r->record += lines;
    return ok;
}

/* The next raw record out of the pieces. */
static ts_read_result next_piece(ts_notice_reader *r, raw *in, ts_error *e) {
    for (;;) {
        if (r->next_problem < r->problems.n) {
            *e = r->problems.v[r->next_problem++];
            return TS_READ_BAD;
        }
        if (r->rest.n && next_line(r, in)) return TS_READ_RECORD;
        if (r->done) return TS_READ_END;
        ts_split_piece piece;
        r->pieces.beg = r->pieces_mark.beg; /* its guard stays */
        r->problems = (ts_split_problems){0};
        r->next_problem = 0;
        bool any = ts_split_next(&r->split, &r->pieces, PIECE, &piece, &r->problems);
        r->rest = any ? piece.bytes : TS_NONE;
        if (any) {
            if (r->record == 0) r->rest = without_bom(r->rest);
            r->record = piece.first;
        } else {
            r->done = true;
            if (!r->split.failed) continue;
            *e = r->split.failure;
            return TS_READ_FAILED;
        }
    }
}

static ts_read_result next_raw(ts_notice_reader *r, raw *in, ts_error *e) {
    if (r->xml) {
        r->pieces.beg = r->pieces_mark.beg; /* its guard stays */
        if (r->done) return TS_READ_END;
        ts_read_result rc = xml_next(r->xml, &r->pieces, &in->xml, e);
        in->line = in->xml.line;
        r->done = rc != TS_READ_RECORD;
        return rc;
    }
    if (!r->document) return next_piece(r, in, e);
    if (r->next >= r->end) return TS_READ_END;
    in->json = r->next;
    in->line = ++r->record;
    r->next += r->next->span;
    return TS_READ_RECORD;
}

typedef struct fetch {
    ts_notice_reader *r;
    raw *in;
    ts_read_result rc;
} fetch;

static bool fetch_raw(void *ctx, ts_arena *a, ts_error *e) {
    fetch *f = ctx;
    (void)a; /* the reader's own piece arena */
    f->rc = next_raw(f->r, f->in, e);
    return true;
}

static void reset_work(ts_notice_reader *r) {
    if ((size_t)(r->work.beg - r->work_mark.beg) > WORK_KEEP) ts_arena_trim(r->work_mark);
    r->work = r->work_mark;
}

ts_read_result ts_notices_next(ts_notice_reader *r, ts_arena *a, ts_notice *n, ts_error *e) {
    for (;;) {
        job j = {.r = r};
        fetch f = {.r = r, .in = &j.in, .rc = TS_READ_FAILED};
        if (!ts_arena_guard(fetch_raw, &f, &r->pieces, e)) {
            r->done = true;
            return TS_READ_FAILED;
        }
        if (f.rc == TS_READ_END) return TS_READ_END;
        if (f.rc != TS_READ_RECORD) return ts_fail_at(e, ts_input_name(r->in), r->record, 0), f.rc;
        reset_work(r);
        bool ok = ts_arena_guard(understand, &j, &r->work, e);
        if (ok && j.skip) continue;
        if (!ok) {
            if (e) e->line = 0; /* of the record, not inside it */
            ts_fail_at(e, ts_input_name(r->in), j.in.line, 0);
            return TS_READ_BAD;
        }
        if (!ts_arena_guard(tell_apart, &j, &r->seen_arena, e))
            return ts_fail_at(e, ts_input_name(r->in), j.in.line, 0), TS_READ_BAD;
        *n = copy_notice(a, &j.n);
        return TS_READ_RECORD;
    }
}
