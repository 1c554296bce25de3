/* Passports and certificates of other data models, from any bytes: no value is lost, and what comes
 * of them is a passport or an event. The first byte says as which certificate they are taken. */
#include <stdlib.h>

#include "passport/passport.h"

static void must(bool ok) {
    if (!ok) abort();
}

static size_t count(const ts_json *v) {
    size_t n = 0;
    if ((v->type != TS_JSON_OBJECT && v->type != TS_JSON_ARRAY) || !v->n) return 1;
    TS_JSON_EACH_MEMBER(name, value, v) n += count(value);
    TS_JSON_EACH(value, v) n += count(value);
    return n;
}

static void check(ts_arena a, ts_str text, const ts_foreign *f) {
    ts_error e = {0};
    size_t placed = 0;
    for (size_t i = 0; i < f->leaves.n; i++) {
        must(!f->leaves.v[i].to.n == (f->leaves.v[i].why.n > 0));
        placed += f->leaves.v[i].to.n > 0;
    }
    must(placed == f->placed);
    const ts_json *root = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    if (root) must(count(root) == f->leaves.n); /* NULL: it was UTF-16 or had a mark */
    if (f->is_event) {
        ts_str event;
        ts_life_event back;
        if (ts_life_event_make(&a, &f->event, &event, &e))
            must(ts_epcis_read_event(&a, event, &back, &e));
        return;
    }
    ts_document d;
    must(ts_document_read(&a, f->document, &d, &e));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const as[] = {"", "catena-x-reuse-certificate",
                                     "catena-x-remanufacturing-certificate",
                                     "catena-x-waste-certificate"};
    static ts_arena first;
    if (!first.beg) first = ts_arena_new((size_t)1 << 32);
    ts_arena a = first;
    if (!size) return 0;
    ts_str text = {(const char *)data + 1, size - 1};
    ts_foreign_job job = {.texts = &text, .n = 1, .as = ts_str_c(as[data[0] & 3])};
    ts_foreign f;
    ts_error e = {0};
    if (data[0] & 4) {
        job.id = TS_S("urn:uuid:0b0b0b0b-0000-4000-8000-000000000001");
        job.product = TS_S("https://id.gs1.org/01/09521234543213/21/SN12345678");
        job.operator_id = TS_S("did:web:m.example");
    }
    if (ts_foreign_read(&a, &job, &f, &e))
        check(a, text, &f);
    else
        must(e.code != TS_OK && e.msg[0]);
    return 0;
}
