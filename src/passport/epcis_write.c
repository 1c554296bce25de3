/* Events as one EPCIS document. What they need of a @context is put together in the document's
 * where that changes nothing for any of them; else each keeps its own. */
#include "epcis_part.h"

typedef struct writing {
    ts_arena *a;
    size_t n;
    const ts_json **event; /* trees of the bodies */
    epcis_context all;
} writing;

static bool read_all(writing *w, const ts_str *events, ts_error *e) {
    const ts_json_options o = {.strict = true, .max_depth = EPCIS_DEPTH};
    w->event = ts_new_n(w->a, const ts_json *, w->n ? w->n : 1);
    for (size_t i = 0; i < w->n; i++) {
        w->event[i] = ts_json_parse(w->a, events[i], o, e);
        if (!w->event[i]) return false;
        if (!ts_json_is(w->event[i], TS_JSON_OBJECT))
            return ts_fail(e, TS_E_INPUT, "event %zu is no object", i + 1);
    }
    return true;
}

static bool same(ts_arena scratch, const ts_json *x, const ts_json *y) {
    ts_str s, t;
    ts_error none = {0};
    if (!x || !y) return x == y;
    return tape_canonical(&scratch, x, EPCIS_EVENT_MAX, &s, &none) &&
           tape_canonical(&scratch, y, EPCIS_EVENT_MAX, &t, &none) && ts_str_eq(s, t);
}

/* Merging is possible where there is nothing but terms, and none of them has two meanings. */
static bool merge_one(writing *w, const ts_json *context) {
    ts_error none = {0};
    TS_JSON_EACH(part, context) {
        if (ts_json_is(part, TS_JSON_STRING) && !ts_str_is(ts_json_str(part), TS_EPCIS_CONTEXT))
            return false;
        TS_JSON_EACH_MEMBER(name, value, part) {
            const epcis_terms *l = &w->all.part[0].terms;
            const uint64_t *at = w->all.n ? ts_map_get(&l->at, ts_json_str(name)) : 0;
            if (at && !same(*w->a, l->v[*at].value, value)) return false;
        }
        if (!epcis_context_add(w->a, &w->all, part, &none)) return false;
    }
    return true;
}

/* What each would get back when the document is read again is what it has. */
static bool merge(writing *w) {
    for (size_t i = 0; i < w->n; i++) {
        const ts_json *context = ts_json_member(w->event[i], "@context");
        if (context && !merge_one(w, context)) return false;
    }
    for (size_t i = 0; i < w->n; i++) {
        ts_arena scratch = *w->a;
        const ts_json *context = ts_json_member(w->event[i], "@context");
        if (context && !same(scratch, epcis_context_used(&scratch, &w->all, w->event[i]), context))
            return false;
    }
    return true;
}

static bool same_everywhere(const writing *w) {
    for (size_t i = 0; i < w->n; i++)
        if (!ts_json_member(w->event[i], "@context") ||
            !same(*w->a, ts_json_member(w->event[0], "@context"),
                  ts_json_member(w->event[i], "@context")))
            return false;
    return w->n > 0;
}

static void put_context(writing *w, tape *t, bool merged) {
    const epcis_terms *l = &w->all.part[0].terms;
    tape_array(t);
    tape_str(t, TS_S(TS_EPCIS_CONTEXT));
    if (merged && w->all.n && l->n) {
        tape_object(t);
        for (size_t i = 0; i < l->n; i++) tape_member(t, l->v[i].name, l->v[i].value);
        tape_end(t);
    }
    tape_end(t);
}

static void put_events(writing *w, tape *t, bool taken_out) {
    tape_key(t, TS_S("epcisBody"));
    tape_object(t);
    tape_key(t, TS_S("eventList"));
    tape_array(t);
    for (size_t i = 0; i < w->n; i++) {
        tape_object(t);
        TS_JSON_EACH_MEMBER(name, value, w->event[i])
        if (!taken_out || !ts_str_is(ts_json_str(name), "@context"))
            tape_member(t, ts_json_str(name), value);
        tape_end(t);
    }
    tape_end(t);
    tape_end(t);
}

bool ts_epcis_write(ts_arena *a, const ts_str *events, size_t n, int64_t created, ts_str *out,
                    ts_error *e) {
    writing w = {.a = a, .n = n};
    tape t = {.a = a};
    char when[24];
    if (!read_all(&w, events, e)) return false;
    bool equal = same_everywhere(&w), merged = !equal && merge(&w);
    tape_object(&t);
    tape_key(&t, TS_S("@context"));
    if (equal)
        tape_copy(&t, ts_json_member(w.event[0], "@context"));
    else
        put_context(&w, &t, merged);
    tape_kstr(&t, "type", TS_S("EPCISDocument"));
    tape_kstr(&t, "schemaVersion", TS_S("2.0"));
    tape_kstr(&t, "creationDate", ts_instant_iso(created, when));
    put_events(&w, &t, equal || merged);
    tape_end(&t);
    return tape_canonical(a, t.v, SIZE_MAX / 8, out, e);
}
