/* What the registry gives back. */
#include <libxml/xmlreader.h>

#include "registry.h"
#include "trust/trust.h"

enum { PROOFS_MAX = 10000, FIELD = 2048, BYTES_MAX = 16 << 20, DAYS = 90 };

typedef struct proof {
    ts_str passport, hash, number, at, until;
} proof;
typedef struct proofs {
    proof *v;
    size_t n, cap;
} proofs;

/* ---- JSON, and a token around it ---- */

static ts_str either(const ts_json *v, const char *x, const char *y) {
    const ts_json *m = ts_json_get(v, ts_str_c(x));
    if (!m) m = ts_json_get(v, ts_str_c(y));
    return ts_json_is(m, TS_JSON_OBJECT) ? ts_json_str(ts_json_member(m, "value")) : ts_json_str(m);
}

static bool take(ts_arena *a, const ts_json *v, proofs *out, ts_error *e) {
    if (!ts_json_is(v, TS_JSON_OBJECT))
        return ts_fail(e, TS_E_INPUT, "a proof of registration is an object");
    if (out->n >= PROOFS_MAX) return ts_fail(e, TS_E_LIMIT, "more than %d proofs", PROOFS_MAX);
    *ts_push(a, out) =
        (proof){.passport = ts_json_str(ts_json_member(v, "digitalProductPassportId")),
                .hash = either(v, "dppVersionHash", "hash"),
                .number = ts_json_str(ts_json_member(v, "registrationId")),
                .at = either(v, "registeredAt", "registrationDate"),
                .until = ts_json_str(ts_json_member(v, "validUntil"))};
    return true;
}

static bool of_json(ts_arena *a, ts_str text, proofs *out, ts_error *e) {
    const ts_json *root = ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
    if (!root) return false;
    const ts_json *list =
        ts_json_is(root, TS_JSON_ARRAY) ? root : ts_json_member(root, "registrations");
    if (!list) return take(a, root, out, e);
    if (!ts_json_is(list, TS_JSON_ARRAY))
        return ts_fail(e, TS_E_INPUT, "\"registrations\" is no array");
    TS_JSON_EACH(v, list)
    if (!take(a, v, out, e)) return false;
    return true;
}

/* ---- XML ---- */

/* Fields have rooms of their own while libxml2 holds memory: nothing is taken from the arena then.
 */
typedef struct fields {
    char text[5][FIELD];
    size_t n[5];
} fields;

static int field_of(const char *name) {
    static const char *const names[][2] = {{"digitalProductPassportId", "digitalProductPassportId"},
                                           {"dppVersionHash", "hash"},
                                           {"registrationId", "registrationId"},
                                           {"registeredAt", "registrationDate"},
                                           {"validUntil", "validUntil"}};
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < 2; k++)
            if (strcmp(names[i][k], name) == 0) return i;
    return -1;
}

typedef struct reading {
    fields *v;
    size_t n, most;
    int field; /* that text belongs to now; -1 = none */
    const char *why;
} reading;

static void on_text(reading *r, const char *text) {
    ts_str t = ts_str_trim(ts_str_c(text));
    fields *f = &r->v[r->n - 1];
    if (t.n > FIELD - f->n[r->field]) {
        r->why = "a value is too long";
        return;
    }
    memcpy(f->text[r->field] + f->n[r->field], t.p, t.n);
    f->n[r->field] += t.n;
}

static void on_node(reading *r, xmlTextReaderPtr x) {
    int type = xmlTextReaderNodeType(x);
    const char *name = (const char *)xmlTextReaderConstLocalName(x);
    if (type == XML_READER_TYPE_DOCUMENT_TYPE) r->why = "a DOCTYPE is not read";
    if (type == XML_READER_TYPE_END_ELEMENT) r->field = -1;
    if (type == XML_READER_TYPE_ELEMENT) {
        int field = field_of(name);
        if (field == 0 || strcmp(name, "registration") == 0) {
            /* the passport's id begins a proof where nothing around it does */
            bool begins = !r->n || field != 0 || r->v[r->n - 1].n[0];
            if (begins && r->n == r->most)
                r->why = "there are too many proofs";
            else if (begins)
                memset(&r->v[r->n++], 0, sizeof *r->v);
        }
        r->field = r->n && !xmlTextReaderIsEmptyElement(x) ? field : -1;
    }
    if ((type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA) && r->field >= 0 && !r->why)
        on_text(r, (const char *)xmlTextReaderConstValue(x));
}

static void quiet(void *ctx, const char *text, xmlParserSeverities severity,
                  xmlTextReaderLocatorPtr at) {
    (void)ctx, (void)text, (void)severity, (void)at;
}

static bool of_xml(ts_arena *a, ts_str text, proofs *out, ts_error *e) {
    enum { MOST = 1000 };
    reading r = {.v = ts_new_raw(a, fields, MOST), .most = MOST, .field = -1};
    int rc = -1;
    xmlTextReaderPtr x = xmlReaderForMemory(text.p, (int)text.n, 0, 0, XML_PARSE_NONET);
    if (x) {
        xmlTextReaderSetErrorHandler(x, quiet, 0);
        while (!r.why && (rc = xmlTextReaderRead(x)) == 1) on_node(&r, x);
        xmlFreeTextReader(x);
    }
    if (r.why) return ts_fail(e, TS_E_INPUT, "the proof is XML that is not taken: %s", r.why);
    if (rc != 0) return ts_fail(e, TS_E_INPUT, "the proof is no well-formed XML");
    for (size_t i = 0; i < r.n; i++) {
        ts_str v[5];
        for (int k = 0; k < 5; k++) v[k] = (ts_str){r.v[i].text[k], r.v[i].n[k]};
        *ts_push(a, out) = (proof){v[0], v[1], v[2], v[3], v[4]};
    }
    return true;
}

/* ---- Against what is here ---- */

static void refuse(ts_arena *a, ts_registered *out, const proof *p, const char *what) {
    ts_buf b = ts_buf_new(a, 8 << 10);
    ts_buf_put(&b, p->passport.n ? ts_str_clip(p->passport, 2000) : TS_S("a proof"));
    ts_buf_lit(&b, ": ");
    ts_buf_put(&b, ts_str_c(what));
    *ts_push(a, &out->refused) = ts_buf_str(&b);
}

static bool version_of(ts_arena *a, ts_store *s, const proof *p, int64_t *version, bool *known,
                       ts_error *e) {
    ts_passport_rows rows = {0};
    if (!ts_store_passport_versions(s, a, p->passport, &rows, e)) return false;
    *known = rows.n != 0;
    *version = 0;
    for (size_t i = 0; i < rows.n && !*version; i++)
        if (ts_str_ieq(rows.v[i].digest, p->hash)) *version = rows.v[i].version;
    return true;
}

static bool keep(ts_arena *a, ts_store *s, const proof *p, ts_str bytes, int64_t now,
                 ts_registered *out, ts_error *e) {
    ts_registration_row row = {
        .passport = p->passport, .number = p->number, .proof = bytes, .at = now};
    bool known, fresh;
    ts_error why = {0};
    if (!p->passport.n || !p->hash.n || !p->number.n)
        return refuse(a, out, p,
                      "it lacks digitalProductPassportId, registrationId or dppVersionHash"),
               true;
    if ((p->at.n && !ts_stamp_parse(p->at, &row.at)))
        return refuse(a, out, p, "the time of registration is none"), true;
    row.until = row.at + DAYS * 86400;
    if (p->until.n && !ts_stamp_parse(p->until, &row.until))
        return refuse(a, out, p, "validUntil is no time"), true;
    if (!version_of(a, s, p, &row.version, &known, e)) return false;
    if (!row.version)
        return refuse(a, out, p,
                      known ? "its hash is that of no version here: what is registered is another "
                              "content"
                            : "no such passport is here"),
               true;
    row.hash = p->hash;
    if (!ts_store_add_registration(s, &row, &fresh, &why)) {
        if (why.code == TS_E_STORE) return *e = why, false;
        return refuse(a, out, p, why.msg), true;
    }
    out->kept += fresh;
    out->known += !fresh;
    return true;
}

static bool read_proofs(ts_arena *a, ts_str bytes, proofs *out, ts_error *e) {
    ts_str text = ts_str_trim(bytes);
    ts_jws j;
    if (bytes.n > BYTES_MAX) return ts_fail(e, TS_E_LIMIT, "more than %d bytes", BYTES_MAX);
    if (!text.n) return ts_fail(e, TS_E_INPUT, "is empty");
    if (text.p[0] == '<') return of_xml(a, text, out, e);
    if (text.p[0] == '{' || text.p[0] == '[') return of_json(a, text, out, e);
    return ts_jws_parse(a, text, BYTES_MAX, &j, e) && of_json(a, j.payload, out, e);
}

bool ts_registry_proof(ts_arena *a, ts_store *s, ts_str bytes, int64_t now, ts_registered *out,
                       ts_error *e) {
    proofs all = {0};
    *out = (ts_registered){0};
    if (!read_proofs(a, bytes, &all, e)) return false;
    if (!all.n) return ts_fail(e, TS_E_INPUT, "holds no proof of registration");
    if (!ts_store_begin(s, e)) return false;
    bool ok = true;
    for (size_t i = 0; ok && i < all.n; i++) ok = keep(a, s, &all.v[i], bytes, now, out, e);
    return ts_store_end(s, ok, e);
}
