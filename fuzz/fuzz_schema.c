/* A schema, a line feed, a value. The first byte chooses: drafts (1), how much room there is (2).
 */
#include "base/schema_part.h"

enum { MAX_FAULTS = 6, STEPS = 300000 };

static void must(bool holds) {
    if (!holds) abort();
}

typedef struct job {
    const ts_json *schema, *value;
    bool legacy, small;
    ts_answer answer;
} job;

/* Where a fault is, there is something; what it says is text. A name that is not allowed is a
 * place, too. */
static void check_fault(const ts_schema_fault *f) {
    ts_str why = TS_NONE;
    must(schema_format_find(TS_S("json-pointer"))(f->at, &why) == TS_YES);
    must(f->text.n > 0 && ts_utf8_bad(f->text) == TS_NPOS && ts_utf8_bad(f->at) == TS_NPOS);
    for (size_t i = 0; i < f->text.n; i++) must((unsigned char)f->text.p[i] >= 0x20);
}

static bool check(void *of, ts_arena *a, ts_error *e) {
    job *j = of;
    ts_schema_faults f = {0};
    ts_schema *s =
        j->legacy ? ts_schema_compile_legacy(a, j->schema, e) : ts_schema_compile(a, j->schema, e);
    if (!s) {
        must(e->code == TS_E_INPUT || e->code == TS_E_LIMIT || e->code == TS_E_MEMORY);
        must(ts_str_starts(ts_str_c(e->msg), TS_S("schema: ")));
        return false;
    }
    j->answer = schema_check_within(s, a, j->value, MAX_FAULTS, &f, STEPS, e);
    must((j->answer == TS_OPEN) == (e->code != TS_OK));
    must((j->answer == TS_NO) == (f.n > 0) && f.n <= MAX_FAULTS);
    for (size_t i = 0; i < f.n; i++) check_fault(&f.v[i]);
    ts_answer again = schema_check_within(s, a, j->value, 0, 0, STEPS, e);
    must(again == j->answer || (again == TS_OPEN && j->small)); /* there is less room now */
    ts_schema_free(s);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new((size_t)1 << 30);
    if (size == 0) return 0;
    ts_arena a = whole;
    ts_error e = {0};
    ts_str value = {(const char *)data + 1, size - 1}, schema = ts_str_cut(&value, '\n');
    if (!value.p) return 0;
    ts_json_options o = {.strict = true, .max_depth = 200};
    job j = {.schema = ts_json_parse(&a, schema, o, &e),
             .value = ts_json_parse(&a, value, o, &e),
             .legacy = data[0] & 1};
    if (!j.schema || !j.value) return 0;
    e = (ts_error){0};
    if (data[0] & 2) { /* little room: an answer is the same, or there is none */
        ts_arena_guard(check, &j, &a, &e);
        ts_answer full = j.answer;
        ts_arena small = {a.beg, a.beg + 4096 + (size_t)data[0] * 512, 0};
        if (small.end > a.end) return 0;
        j.answer = TS_OPEN, j.small = true;
        e = (ts_error){0};
        ts_arena_guard(check, &j, &small, &e);
        must(j.answer == TS_OPEN || j.answer == full);
    } else {
        ts_arena_guard(check, &j, &a, &e);
    }
    return 0;
}
