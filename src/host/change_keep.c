/* What a change must leave alone: what is hidden from who asks, the header, the words of others. */
#include "change_part.h"

static bool is_object(const ts_json *v) { return ts_json_is(v, TS_JSON_OBJECT); }

bool change_nulls_shown(const ts_json *patch, const ts_json *seen) {
    TS_JSON_EACH_MEMBER(name, value, patch) {
        const ts_json *there = ts_json_get(seen, ts_json_str(name));
        if (value->type == TS_JSON_NULL ? !there : !change_nulls_shown(value, there)) return false;
    }
    return true;
}

static bool shown(ts_arena scratch, const ts_json *next, const ts_json *seen) {
    if (!seen) return false;
    if (!is_object(next) || !is_object(seen)) return ts_json_same(scratch, next, seen);
    TS_JSON_EACH_MEMBER(name, value, next) {
        if (!shown(scratch, value, ts_json_get(seen, ts_json_str(name)))) return false;
    }
    return true;
}

bool change_shown(ts_arena scratch, const ts_json *next, const ts_json *seen) {
    TS_JSON_EACH_MEMBER(name, value, next) {
        ts_str s = ts_json_str(name);
        bool derived = ts_str_is(s, "contentSpecificationIds") || (s.n && s.p[0] == '@');
        if (!derived && !shown(scratch, value, ts_json_get(seen, s))) return false;
    }
    return true;
}

bool change_no_more(ts_arena scratch, const ts_json *shown_now, const ts_json *alone) {
    if (!alone) return is_object(shown_now) && !shown_now->n;
    if (!is_object(shown_now) || !is_object(alone)) return ts_json_same(scratch, shown_now, alone);
    TS_JSON_EACH_MEMBER(name, value, shown_now) {
        if (!change_no_more(scratch, value, ts_json_get(alone, ts_json_str(name)))) return false;
    }
    return true;
}

bool change_header_kept(ts_arena scratch, const ts_json *was, const ts_json *is, ts_error *e) {
    static const char *const names[] = {"digitalProductPassportId",
                                        "uniqueProductIdentifier",
                                        "granularity",
                                        "dppSchemaVersion",
                                        "lastUpdated",
                                        "economicOperatorId",
                                        "contentSpecificationIds"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const ts_json *x = ts_json_get(was, ts_str_c(names[i])),
                      *y = ts_json_get(is, ts_str_c(names[i]));
        if (x && y ? ts_json_same(scratch, x, y) : x == y) continue;
        return ts_fail(e, TS_E_USAGE,
                       "/%s: is not changed by a patch; leave it out, or as it is in the version "
                       "that is there",
                       names[i]);
    }
    return true;
}

/* Both lists are in the order of time. */
bool change_safety_own(ts_arena scratch, const ts_document *was, const ts_document *is,
                       ts_error *e) {
    size_t k = 0;
    for (size_t i = 0; i < is->safety.n; i++) {
        const ts_safety_entry *x = &is->safety.v[i];
        size_t from = k;
        while (k < was->safety.n && !ts_json_same(scratch, was->safety.v[k].node, x->node)) k++;
        if (k < was->safety.n) {
            k++;
            continue;
        }
        k = from;
        if (!ts_str_eq(x->by_id, is->operator_id))
            return ts_fail(e, TS_E_USAGE,
                           "/touchstone/safety: an entry by %.*s is added; the operator speaks for "
                           "itself alone, and others by signed statements",
                           TS_P(ts_str_clip(x->by_id, 200)));
    }
    return true;
}
