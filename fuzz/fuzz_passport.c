/* A passport, from any bytes: read, seen by everybody, written as EN 18223 and read back. The bytes
 * are also taken for EN 18223 themselves. */
#include "passport_packs.h"

static ts_str view(ts_arena *a, const ts_document *d, const ts_packs *packs, ts_audiences who,
                   size_t *omitted) {
    ts_str out;
    ts_error e = {0};
    must(ts_document_view(a, d, packs, who, &out, omitted, &e));
    return out;
}

/* What was seen is a passport of which the same is seen, and nothing is left out any more. */
static void check_view(ts_arena a, const ts_document *d, const ts_packs *packs, ts_audiences who) {
    ts_error e = {0};
    ts_document seen;
    size_t omitted;
    ts_str text = view(&a, d, packs, who, &omitted);
    if (!ts_document_read(&a, text, &seen, &e)) {
        must(e.code == TS_E_LIMIT); /* written out it may be longer than it was */
        return;
    }
    must(ts_str_eq(view(&a, &seen, packs, who, &omitted), text) && omitted == 0);
    for (ts_en_form form = TS_EN_COMPRESSED; form <= TS_EN_FULL; form++) {
        ts_str en, back;
        if (!ts_en18223_write(&a, d, packs, who, form, 0, &en, &e)) {
            must(e.code == TS_E_LIMIT);
            continue;
        }
        must(ts_en18223_read(&a, en, &back, &e) && ts_str_eq(back, text));
    }
}

static void check_answers(ts_arena a, const ts_document *d, const ts_packs *packs) {
    ts_element_answers x;
    ts_completeness(&a, d, packs, &d, 1, 20000, &x);
    size_t asked = 0;
    for (size_t i = 0; i < x.n; i++) {
        asked += x.v[i].asked;
        must(ts_str_starts(x.v[i].reason, TS_S("passport.")));
    }
    must(asked == x.present + x.absent + x.open);
}

static void check_document(ts_arena a, ts_str text) {
    ts_document d;
    ts_packs packs, none = {0};
    ts_error e = {0};
    if (!ts_document_read(&a, text, &d, &e)) {
        must(e.code != TS_OK && e.msg[0]);
        return;
    }
    must(ts_document_may_follow(&d, &d, &e) && ts_document_safety(&d));
    if (!ts_document_packs(&a, &d, find_pack, 0, &packs, &e)) packs = none;
    check_answers(a, &d, &packs);
    for (ts_audience one = TS_AUD_PUBLIC; one < TS_AUDS; one++)
        check_view(a, &d, &packs, 1u << one);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena first;
    if (!first.beg) first = ts_arena_new((size_t)1 << 32);
    ts_arena a = first;
    ts_str text = {(const char *)data, size}, document;
    ts_error e = {0};
    check_document(a, text);
    if (ts_en18223_read(&a, text, &document, &e))
        check_document(a, document);
    else
        must(e.code != TS_OK && e.msg[0]);
    return 0;
}
