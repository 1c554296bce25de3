/* One line of a file of decisions: an offer, a notice and what an officer made of them. */
#include "learn/decisions.h"

static void must(bool holds) {
    if (!holds) abort();
}

/* What a decision holds can be compared. */
static void compare(ts_arena *a, const decision *d) {
    static ts_compared c;
    ts_records *r = ts_records_new(a);
    ts_record n = ts_record_of_notice(a, &d->notice), o = ts_record_of_offer(a, &d->offer);
    uint32_t left = ts_records_add(r, &n, TS_RECORD_LEFT),
             right = ts_records_add(r, &o, TS_RECORD_RIGHT);
    ts_records_finish(r);
    ts_records_compare(r, left, right, &c);
    for (unsigned i = 0; i < TS_FEATURES; i++) must(c.x[i] > -1e30f && c.x[i] < 1e30f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new((size_t)1 << 30);
    ts_arena a = whole;
    ts_error e = {0};
    decisions d = {0};
    ts_str line = {(const char *)data, size};
    if (!decisions_add_line(&a, line, &d, &e)) {
        must(e.code != TS_OK && e.msg[0] && !e.line && !d.list.n && !d.passed_over);
        must(a.beg == whole.beg);
        return 0;
    }
    must(d.list.n + d.passed_over == 1);
    if (!d.list.n) return 0;
    must(d.list.v[0].notice.id.n > 0);
    bool known = d.list.v[0].offer.id.n > 0;
    must(decisions_add_line(&a, line, &d, &e)); /* the same again changes nothing */
    must(d.list.n == (known ? 1 : 2) && d.changed == known);
    compare(&a, &d.list.v[0]);
    return 0;
}
