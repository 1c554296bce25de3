/* From mentions of lots, serials and dates to a scope. */
#include "notice_make.h"

/* Both ends as long as each other, and the same outside their digits: only such a range can be told
 * from its ends. */
static bool real_range(const ts_mention *m) {
    if (m->from.n != m->to.n || ts_str_eq(m->from, m->to)) return false;
    for (size_t i = 0; i < m->from.n; i++)
        if (m->from.p[i] != m->to.p[i] && !(ts_is_digit(m->from.p[i]) && ts_is_digit(m->to.p[i])))
            return false;
    return ts_str_cmp(m->from, m->to) < 0;
}

static bool have_days(const ts_day_range *v, size_t n, ts_date_span d) {
    for (size_t i = 0; i < n; i++)
        if (v[i].from == d.from && v[i].to == d.to) return true;
    return n >= RECORD_LIST_MAX;
}

static bool have_codes(const ts_code_range *v, size_t n, const ts_mention *m) {
    for (size_t i = 0; i < n; i++)
        if (ts_str_eq(v[i].from, m->from) && ts_str_eq(v[i].to, m->to)) return true;
    return n >= RECORD_LIST_MAX;
}

static void add_one(ts_arena *a, const ts_mention *m, ts_scope *s) {
    switch (m->kind) {
    case TS_MENTION_LOT:
        if (!m->to.n)
            record_add(a, &s->lots, m->from);
        else if (real_range(m) && !have_codes(s->lot_ranges.v, s->lot_ranges.n, m))
            *ts_push(a, &s->lot_ranges) = (ts_code_range){m->from, m->to};
        break;
    case TS_MENTION_SERIAL:
        if (!m->to.n)
            record_add(a, &s->serials, m->from);
        else if (real_range(m) && !have_codes(s->serial_ranges.v, s->serial_ranges.n, m))
            *ts_push(a, &s->serial_ranges) = (ts_code_range){m->from, m->to};
        break;
    case TS_MENTION_MADE:
        if (!have_days(s->made.v, s->made.n, m->days))
            *ts_push(a, &s->made) = (ts_day_range){m->days.from, m->days.to};
        break;
    case TS_MENTION_SOLD:
        if (!have_days(s->sold.v, s->sold.n, m->days))
            *ts_push(a, &s->sold) = (ts_day_range){m->days.from, m->days.to};
        break;
    default: break;
    }
}

void scope_add(ts_arena *a, const ts_mentions *mentions, ts_scope *s) {
    for (size_t i = 0; i < mentions->n; i++) add_one(a, &mentions->v[i], s);
}

void ts_scope_read(ts_arena *a, ts_str prose, bool us_dates, ts_scope *s) {
    ts_mentions mentions = {0};
    ts_mentions_read(a, prose, TS_MENTION_NONE, us_dates, &mentions);
    scope_add(a, &mentions, s);
}
