/* Dates and spans of dates in running text. */
#include "mention_read.h"

static bool date_at(const reader *r, size_t i, ts_date_span *d, size_t *behind) {
    if (i >= r->t.n) return false;
    *behind = origin_of(r, i);
    if (*behind > 0 && r->text.p[*behind - 1] == '$') return false;
    return ts_date_read(r->text, behind, r->us, d);
}

bool full_date_at(const reader *r, size_t i, size_t *behind) {
    ts_date_span d;
    size_t end;
    if (!date_at(r, i, &d, &end) || d.from != d.to) return false;
    *behind = token_behind(r, i, end);
    return true;
}

static void add(reader *r, ts_mention_kind kind, int32_t from, int32_t to) {
    *ts_push(r->a, r->out) = (ts_mention){.kind = kind, .days = {from, to}};
}

/* The second end without its year: 2023年6月5日至7月28日, "5 June 2023 to 28 July". */
static bool borrowed_year(reader *r, size_t i, ts_date_span first, ts_date_span *d,
                          size_t *behind) {
    int y, m, dom;
    ts_day_civil(first.from, &y, &m, &dom);
    ts_str rest = ts_str_clip(ts_str_from(r->text, origin_of(r, i)), 24);
    ts_buf b = ts_buf_new(r->a, 64);
    bool han = ts_str_find(rest, TS_S("月")) < 4;
    if (!han) return false;
    ts_buf_fmt(&b, "%d年", y);
    size_t lead = b.n, at = 0;
    ts_buf_put(&b, rest);
    if (!ts_date_read(ts_buf_str(&b), &at, r->us, d) || at <= lead) return false;
    *behind = origin_of(r, i) + at - lead;
    return d->to >= first.from;
}

/* "13 September to 14 October 2016", "August 8-13, 2016", "March through May 2024": the first end
 * borrows the year of the second. */
static size_t sharing_a_year(reader *r, size_t i, ts_mention_kind kind, bool between) {
    for (size_t k = i + 1; k < r->t.n && k < i + 3; k++) {
        size_t second = range_sign(r, k, between), end;
        ts_date_span last, first;
        if (second == TS_NPOS) continue;
        ts_str head = original(r, i, k);
        ts_buf b = ts_buf_new(r->a, 96);
        if (!date_at(r, second, &last,
                     &end)) { /* "August 8-13, 2016": the month comes from the first */
            if (k != i + 2) continue;
            ts_buf_put(&b, original(r, i, i + 1));
            ts_buf_c(&b, ' ');
            size_t lead = b.n, at = 0;
            ts_buf_put(&b, ts_str_clip(ts_str_from(r->text, origin_of(r, second)), 24));
            if (!ts_date_read(ts_buf_str(&b), &at, r->us, &last) || last.from != last.to) continue;
            end = origin_of(r, second) + at - lead;
            ts_buf_reset(&b);
        }
        int y, m, d;
        ts_day_civil(last.to, &y, &m, &d);
        ts_buf_put(&b, head);
        ts_buf_fmt(&b, " %d", y);
        size_t at = 0;
        if (!ts_date_read(ts_buf_str(&b), &at, r->us, &first) || at != b.n || first.from > last.to)
            continue;
        add(r, kind, first.from, last.to);
        return token_behind(r, second, end);
    }
    return i;
}

/* What follows a date closes or opens it: 2023年6月之前, "June 2023 and later". */
static unsigned behind_says(const reader *r, size_t i) {
    static const char *const before[] = {"之前", "以前", "前", "or earlier", "and earlier"};
    static const char *const after[] = {"之后",     "以后",      "后",    "起",
                                        "or later", "and later", "onward"};
    if (i >= r->t.n) return 0;
    ts_str rest = ts_str_from(r->text, origin_of(r, i));
    for (size_t k = 0; k < sizeof before / sizeof *before; k++)
        if (ts_str_istarts(rest, ts_str_c(before[k]))) return WORD_BEFORE;
    for (size_t k = 0; k < sizeof after / sizeof *after; k++)
        if (ts_str_istarts(rest, ts_str_c(after[k]))) return WORD_SINCE;
    return 0;
}

size_t date_mention(reader *r, size_t i, ts_mention_kind kind, unsigned says) {
    ts_date_span first, last;
    size_t behind, end;
    bool between = says & WORD_BETWEEN;
    if (!date_at(r, i, &first, &behind)) return sharing_a_year(r, i, kind, between);
    size_t next = token_behind(r, i, behind), second = range_sign(r, next, between);
    bool range = second != TS_NPOS && date_at(r, second, &last, &end) && last.to >= first.from;
    if (!range && second != TS_NPOS) range = borrowed_year(r, second, first, &last, &end);
    if (range) {
        add(r, kind, first.from, last.to);
        return token_behind(r, second, end);
    }
    says |= behind_says(r, next);
    if (says & WORD_BEFORE)
        add(r, kind, TS_NO_DAY, first.to);
    else if (says & WORD_SINCE)
        add(r, kind, first.from, TS_NO_DAY);
    else
        add(r, kind, first.from, first.to);
    return next;
}
