#include "scope.h"

bool ts_code_in_range(ts_str code, const ts_code_range *r) {
    if (code.n != r->from.n || code.n != r->to.n) return false;
    size_t lo = 0, hi = code.n; /* the prefix both ends share, and the letters behind the number,
                                   must be the same */
    while (lo < hi && r->from.p[lo] == r->to.p[lo]) lo++;
    while (hi > lo && r->from.p[hi - 1] == r->to.p[hi - 1] && !ts_is_digit(r->to.p[hi - 1])) hi--;
    for (size_t i = 0; i < code.n; i++) {
        if ((i < lo || i >= hi) && code.p[i] != r->from.p[i]) return false;
        if (i >= lo && i < hi &&
            !(ts_is_digit(code.p[i]) && ts_is_digit(r->from.p[i]) && ts_is_digit(r->to.p[i])))
            return false;
    }
    return memcmp(r->from.p, code.p, code.n) <= 0 && memcmp(code.p, r->to.p, code.n) <= 0;
}

bool ts_scope_limited(const ts_scope *s) {
    return s->lots.n || s->lot_ranges.n || s->serials.n || s->serial_ranges.n || s->made.n;
}

static bool listed(const ts_strs *l, ts_str code) {
    for (size_t i = 0; i < l->n; i++)
        if (ts_str_ieq(l->v[i], code)) return true;
    return false;
}

/* Are all / some / none of the item's codes in the notice's list and ranges? */
static ts_answer codes_fit(const ts_strs *list, const ts_code_range *ranges, size_t n,
                           const ts_strs *item) {
    if ((list->n == 0 && n == 0) || item->n == 0) return TS_OPEN;
    size_t in = 0;
    for (size_t i = 0; i < item->n; i++) {
        bool hit = listed(list, item->v[i]);
        for (size_t k = 0; !hit && k < n; k++) hit = ts_code_in_range(item->v[i], &ranges[k]);
        in += hit;
    }
    return in == item->n ? TS_YES : in == 0 ? TS_NO : TS_OPEN;
}

static ts_answer days_fit(const ts_day_range *notice, size_t n, const ts_day_range *item,
                          size_t m) {
    if (n == 0 || m == 0) return TS_OPEN;
    bool all_in = true, any_touch = false;
    for (size_t i = 0; i < m; i++) {
        bool in = false;
        for (size_t k = 0; k < n; k++) {
            int32_t from = notice[k].from,
                    to = notice[k].to == TS_NO_DAY ? INT32_MAX : notice[k].to;
            int32_t f = item[i].from, t = item[i].to == TS_NO_DAY ? INT32_MAX : item[i].to;
            in |= from <= f && t <= to;
            any_touch |= f <= to && from <= t;
        }
        all_in &= in;
    }
    return all_in ? TS_YES : any_touch ? TS_OPEN : TS_NO;
}

ts_scope_verdict ts_scope_fit(const ts_scope *n, const ts_scope *item) {
    if (!ts_scope_limited(n)) return (ts_scope_verdict){TS_YES, "scope.no_limit_stated"};
    ts_answer lot = codes_fit(&n->lots, n->lot_ranges.v, n->lot_ranges.n, &item->lots);
    ts_answer serial =
        codes_fit(&n->serials, n->serial_ranges.v, n->serial_ranges.n, &item->serials);
    ts_answer made = days_fit(n->made.v, n->made.n, item->made.v, item->made.n);
    if (lot == TS_NO) return (ts_scope_verdict){TS_NO, "scope.lot_outside"};
    if (serial == TS_NO) return (ts_scope_verdict){TS_NO, "scope.serial_outside"};
    if (made == TS_NO) return (ts_scope_verdict){TS_NO, "scope.date_outside"};
    if (lot == TS_YES) return (ts_scope_verdict){TS_YES, "scope.lot_named"};
    if (serial == TS_YES) return (ts_scope_verdict){TS_YES, "scope.serial_in_range"};
    if (made == TS_YES) return (ts_scope_verdict){TS_YES, "scope.date_in_range"};
    return (ts_scope_verdict){TS_OPEN, "scope.not_stated_by_offer"};
}
