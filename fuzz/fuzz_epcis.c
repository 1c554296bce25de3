/* EPCIS documents: what is read is written and read again as the same events, for everybody and for
 * the public. */
#include "passport/passport.h"

enum { MEMORY = 1 << 30 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_again(ts_arena a, const ts_life_events *in) {
    ts_error e = {0};
    ts_life_events out;
    ts_str *bodies = ts_new_n(&a, ts_str, in->n + 1), text;
    for (size_t i = 0; i < in->n; i++) bodies[i] = in->v[i].body;
    if (!ts_epcis_write(&a, bodies, in->n, 0, &text, &e)) __builtin_trap();
    if (text.n > TS_EPCIS_MAX) return;
    if (!ts_epcis_read(&a, text, &out, &e) || out.n != in->n) __builtin_trap();
    for (size_t i = 0; i < in->n; i++)
        if (!ts_str_eq(in->v[i].body, out.v[i].body)) __builtin_trap();
}

static void one_by_one(ts_arena a, const ts_life_event *v) {
    ts_error e = {0};
    ts_life_event again;
    ts_str seen;
    if (!ts_life_event_id(&a, v).n) __builtin_trap();
    if (!ts_epcis_read_event(&a, v->body, &again, &e) || !ts_str_eq(again.body, v->body) ||
        again.kind != v->kind || again.about.n != v->about.n)
        __builtin_trap();
    if (!ts_epcis_view(&a, v->body, 1u << TS_AUD_PUBLIC, &seen, &e)) __builtin_trap();
    if (seen.n && ts_epcis_read_event(&a, seen, &again, &e) && (again.by.n || again.note.n))
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new(MEMORY);
    ts_arena a = whole;
    ts_error e = {0};
    ts_life_events in;
    if (!ts_epcis_read(&a, (ts_str){(const char *)data, size}, &in, &e)) {
        if (!e.msg[0]) __builtin_trap();
        return 0;
    }
    for (size_t i = 0; i < in.n && i < 20; i++) one_by_one(a, &in.v[i]);
    read_again(a, &in);
    return 0;
}
