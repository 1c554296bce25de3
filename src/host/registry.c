#include "registry.h"

enum {
    PAGE = 500,
    FILE_BYTES = 16 << 20,
    NOTES = 1000,
    NOTE_MAX = 1200,
    ENTRY_MAX = 32 << 10 /* bytes of all texts of one entry */
};

/* One entry, as it goes out. */
typedef struct entry {
    ts_str product, passport, operator_id, granularity, model, batch, commodity, digest;
    int64_t version, at;
} entry;

typedef struct exporting {
    const ts_registry_job *job;
    ts_registry_exported *out;
    ts_arena *a; /* for notes */
    entry held[TS_REGISTRY_FILE_MAX];
    size_t held_n;
    ts_arena texts, texts_from; /* of what is held */
} exporting;

/* ---- Writing ---- */

static void json_entry(ts_jsonw *w, const entry *x, const ts_registry_job *job) {
    char at[24];
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "uniqueProductIdentifier", x->product);
    ts_jsonw_kstr(w, "digitalProductPassportId", x->passport);
    ts_jsonw_kstr(w, "uniqueEconomicOperatorIdentifier", x->operator_id);
    ts_jsonw_kstr_opt(w, "backupUniqueEconomicOperatorIdentifier", job->backup);
    ts_jsonw_kstr(w, "dppApiEndpoint", job->endpoint);
    ts_jsonw_kstr(w, "granularity", x->granularity);
    ts_jsonw_kstr_opt(w, "modelPassportId", x->model);
    ts_jsonw_kstr_opt(w, "batchPassportId", x->batch);
    ts_jsonw_kstr_opt(w, "commodityCode", x->commodity);
    ts_jsonw_key(w, "dppVersion");
    ts_jsonw_i64(w, x->version);
    ts_jsonw_kstr(w, "dppVersionHash", x->digest);
    ts_jsonw_kstr(w, "lastUpdated", ts_instant_iso(x->at, at));
    ts_jsonw_end(w);
}

static void json_file(ts_buf *b, const exporting *x) {
    ts_jsonw w = ts_jsonw_to(b);
    w.pretty = true;
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "registrations");
    ts_jsonw_array(&w);
    for (size_t i = 0; i < x->held_n; i++) json_entry(&w, &x->held[i], x->job);
    ts_jsonw_end(&w);
    ts_jsonw_end(&w);
    ts_buf_c(b, '\n');
}

/* What XML 1.0 does not allow at all (section 2.2) becomes a question mark. */
static void xml_text(ts_buf *b, ts_str s) {
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '&')
            ts_buf_lit(b, "&amp;");
        else if (c == '<')
            ts_buf_lit(b, "&lt;");
        else if (c == '>')
            ts_buf_lit(b, "&gt;");
        else
            ts_buf_c(b, c < 0x20 ? '?' : (char)c);
    }
}

static void xml_member(ts_buf *b, const char *name, ts_str value) {
    if (!value.n) return;
    ts_buf_fmt(b, "    <%s>", name);
    xml_text(b, value);
    ts_buf_fmt(b, "</%s>\n", name);
}

static void xml_entry(ts_buf *b, const entry *x, const ts_registry_job *job) {
    char at[24], version[24];
    int n = snprintf(version, sizeof version, "%lld", (long long)x->version);
    ts_buf_lit(b, "  <registration>\n");
    xml_member(b, "uniqueProductIdentifier", x->product);
    xml_member(b, "digitalProductPassportId", x->passport);
    xml_member(b, "uniqueEconomicOperatorIdentifier", x->operator_id);
    xml_member(b, "backupUniqueEconomicOperatorIdentifier", job->backup);
    xml_member(b, "dppApiEndpoint", job->endpoint);
    xml_member(b, "granularity", x->granularity);
    xml_member(b, "modelPassportId", x->model);
    xml_member(b, "batchPassportId", x->batch);
    xml_member(b, "commodityCode", x->commodity);
    xml_member(b, "dppVersion", (ts_str){version, (size_t)n});
    xml_member(b, "dppVersionHash", x->digest);
    xml_member(b, "lastUpdated", ts_instant_iso(x->at, at));
    ts_buf_lit(b, "  </registration>\n");
}

static void xml_file(ts_buf *b, const exporting *x) {
    ts_buf_lit(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<registrations>\n");
    for (size_t i = 0; i < x->held_n; i++) xml_entry(b, &x->held[i], x->job);
    ts_buf_lit(b, "</registrations>\n");
}

static bool flush(ts_arena scratch, exporting *x, ts_error *e) {
    if (!x->held_n) return true;
    ts_buf b = ts_buf_new(&scratch, FILE_BYTES);
    (x->job->xml ? xml_file : json_file)(&b, x);
    if (b.full) return ts_fail(e, TS_E_LIMIT, "a file for the registry would be too large");
    x->out->files++;
    x->out->entries += x->held_n;
    x->held_n = 0;
    x->texts = x->texts_from;
    return x->job->file(x->job->ctx, x->out->files, ts_buf_str(&b), e);
}

/* ---- What goes into an entry ---- */

static void note(exporting *x, const ts_passport_row *row, const char *what) {
    if (x->out->notes.n >= NOTES) return;
    char text[NOTE_MAX];
    int n = snprintf(text, sizeof text, "%.*s: %s", TS_P(ts_str_clip(row->id, 900)), what);
    *ts_push(x->a, &x->out->notes) = ts_str_dup(x->a, (ts_str){text, (size_t)n});
}

static ts_str first_text(const ts_json *v) {
    if (ts_json_is(v, TS_JSON_ARRAY)) v = ts_json_at(v, 0);
    if (ts_json_is(v, TS_JSON_OBJECT)) {
        const ts_json *code = ts_json_member(v, "code");
        v = code ? code : ts_json_member(v, "value");
    }
    return ts_json_text(v);
}

/* Of the passport itself, else of its batch, else of its model. */
static bool commodity(ts_arena *a, exporting *x, const ts_passport_row *row, ts_str *out,
                      ts_error *e) {
    const ts_str ids[] = {row->id, row->batch, row->model};
    *out = TS_NONE;
    for (size_t i = 0; i < 3 && !out->n; i++) {
        ts_passport_row own;
        ts_document d;
        bool found;
        if (!ids[i].n) continue;
        if (!ts_store_passport(x->job->store, a, ids[i], &own, &found, e)) return false;
        if (!found || !ts_document_read(a, own.document, &d, 0)) continue;
        *out = first_text(ts_document_element(&d, TS_S("identification.commodityCode")));
        if (!out->n)
            *out = first_text(ts_document_element(&d, TS_S("identification.commodityCodes")));
    }
    if (!out->n) *out = x->job->commodity;
    return true;
}

static bool linked(exporting *x, const ts_passport_row *row) {
    bool item = ts_str_is(row->grain, "item"), batch = ts_str_is(row->grain, "batch");
    if (item && (!row->batch.n || !row->model.n))
        return note(x, row,
                    "an item is registered with the passports of its batch and of its model "
                    "(Art. 8(4)); it names one of them or neither, and was left out"),
               false;
    if (batch && !row->model.n)
        return note(x, row,
                    "a batch is registered with the passport of its model (Art. 8(5)); it names "
                    "none, and was left out"),
               false;
    return true;
}

static bool add(ts_arena scratch, exporting *x, const ts_passport_row *row, ts_error *e) {
    ts_str code;
    if (!linked(x, row)) return true;
    if (!commodity(&scratch, x, row, &code, e)) return false;
    if (row->product.n + row->id.n + row->operator_id.n + row->model.n + row->batch.n + code.n >
        ENTRY_MAX - 512)
        return note(x, row, "its identifiers are too long for the registry; it was left out"), true;
    if (!code.n) note(x, row, "it states no commodity code, which the registry asks for");
    entry *n = &x->held[x->held_n++];
    *n = (entry){.product = ts_str_dup(&x->texts, row->product),
                 .passport = ts_str_dup(&x->texts, row->id),
                 .operator_id = ts_str_dup(&x->texts, row->operator_id),
                 .granularity = ts_str_dup(&x->texts, row->grain),
                 .model = ts_str_dup(&x->texts, row->model),
                 .batch = ts_str_dup(&x->texts, row->batch),
                 .commodity = ts_str_dup(&x->texts, code),
                 .digest = ts_str_dup(&x->texts, row->digest),
                 .version = row->version,
                 .at = row->at};
    return x->held_n < TS_REGISTRY_FILE_MAX || flush(scratch, x, e);
}

static bool has_proof(ts_arena scratch, ts_store *s, const ts_passport_row *row, bool *has,
                      ts_error *e) {
    ts_registration_rows rows = {0};
    if (!ts_store_registrations(s, &scratch, row->id, &rows, e)) return false;
    *has = false;
    for (size_t i = 0; i < rows.n; i++) *has |= rows.v[i].version == row->version;
    return true;
}

static bool add_all(ts_arena scratch, exporting *x, ts_error *e) {
    ts_str after = TS_NONE;
    char last[4096];
    for (;;) {
        ts_arena a = scratch;
        ts_passport_rows rows = {0};
        if (!ts_store_passports(x->job->store, &a, TS_NONE, after, PAGE, &rows, e)) return false;
        if (!rows.n) return true;
        for (size_t i = 0; i < rows.n; i++) {
            bool has;
            if (!has_proof(a, x->job->store, &rows.v[i], &has, e) ||
                (!has && !add(a, x, &rows.v[i], e)))
                return false;
        }
        ts_str id = rows.v[rows.n - 1].id;
        if (id.n > sizeof last) return ts_fail(e, TS_E_LIMIT, "the id of a passport is too long");
        memcpy(last, id.p, id.n);
        after = (ts_str){last, id.n};
    }
}

static bool add_named(ts_arena scratch, exporting *x, ts_error *e) {
    for (size_t i = 0; i < x->job->passports_n; i++) {
        ts_arena a = scratch;
        ts_passport_row row;
        bool found;
        if (!ts_store_passport(x->job->store, &a, x->job->passports[i], &row, &found, e))
            return false;
        if (!found)
            return ts_fail(e, TS_E_NOT_FOUND, "the store has no passport %.*s",
                           TS_P(x->job->passports[i]));
        if (!add(a, x, &row, e)) return false;
    }
    return true;
}

static ts_arena part_of(ts_arena *a, size_t n) {
    char *p = ts_new_raw(a, char, n);
    return (ts_arena){p, p + n, a->land};
}

bool ts_registry_export(ts_arena *a, const ts_registry_job *job, ts_registry_exported *out,
                        ts_error *e) {
    ts_uri endpoint = ts_uri_split(job->endpoint);
    *out = (ts_registry_exported){0};
    if (!ts_str_is(endpoint.scheme, "https"))
        return ts_fail(e, TS_E_USAGE,
                       "the registry is told where the passports are served: an https:// address, "
                       "not '%.*s'",
                       TS_P(ts_str_clip(job->endpoint, 100)));
    exporting *x = ts_new(a, exporting);
    ts_arena notes = part_of(a, (size_t)NOTES * 2 * NOTE_MAX),
             texts = part_of(a, (size_t)(TS_REGISTRY_FILE_MAX + 1) * ENTRY_MAX);
    *x = (exporting){.job = job, .out = out, .a = &notes, .texts = texts, .texts_from = texts};
    return (job->passports_n ? add_named : add_all)(*a, x, e) && flush(*a, x, e);
}
