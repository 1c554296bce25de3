#include "split.h"

enum { READ_STEP = 1 << 18 };

void ts_split_start(ts_arena *a, ts_splitter *s, ts_input *in) {
    *s = (ts_splitter){.in = in, .line = 1};
    s->held_cap = TS_SPLIT_WHOLE_MAX + READ_STEP; /* address space; pages come when touched */
    s->held = ts_new_raw(a, char, s->held_cap);
}

static bool read_more(ts_splitter *s) {
    if (s->eof || s->held_n + READ_STEP > s->held_cap) return false;
    ptrdiff_t k = ts_input_read(s->in, s->held + s->held_n, READ_STEP, &s->failure);
    if (k <= 0) {
        s->eof = true;
        s->failed = k < 0;
        return false;
    }
    s->held_n += (size_t)k;
    return true;
}

void ts_split_peek(ts_splitter *s, size_t want) {
    while (s->held_n < want && read_more(s)) {}
}

static uint64_t count_lines(ts_str s) {
    uint64_t n = 0;
    for (const char *p = s.p, *end = s.p + s.n; p < end; n++) {
        p = memchr(p, '\n', (size_t)(end - p));
        if (!p) break;
        p++;
    }
    return n;
}

/* ---- where the last whole record ends: bytes from the start of `t`; 0 = none is whole ---- */

static size_t end_of_lines(ts_str t) {
    const char *p = t.n ? memrchr(t.p, '\n', t.n) : 0;
    return p ? (size_t)(p - t.p) + 1 : 0;
}

/* End of the row at t.p[i] (behind its line end), or TS_NPOS when the buffer ends first. */
static size_t end_of_row(ts_str t, size_t i, char delimiter) {
    bool start = true; /* of a field */
    while (i < t.n) {
        char c = t.p[i];
        if (start && c == '"') {
            for (i++;;) {
                const char *q = i < t.n ? memchr(t.p + i, '"', t.n - i) : 0;
                if (!q) return TS_NPOS;
                i = (size_t)(q - t.p) + 1;
                if (i >= t.n) return TS_NPOS;
                if (t.p[i] == '"')
                    i++;
                else if (t.p[i] == delimiter || t.p[i] == '\n' || t.p[i] == '\r')
                    break;
            }
            start = false;
            continue;
        }
        i++;
        if (c == '\n') return i;
        start = c == delimiter;
    }
    return TS_NPOS;
}

static size_t end_of_rows(ts_str t, char delimiter, size_t target) {
    size_t at = 0;
    while (at < target) {
        size_t next = end_of_row(t, at, delimiter);
        if (next == TS_NPOS) break;
        at = next;
    }
    return at;
}

/* Whole values in the held bytes; *n counts them. Stops at the array's end. */
static size_t end_of_values(ts_splitter *s, ts_str t, size_t target, uint64_t *n) {
    size_t at = 0, good = 0, end;
    *n = 0;
    while (good < target && !s->done) {
        while (at < t.n && (ts_is_space((unsigned char)t.p[at]) || t.p[at] == ',')) at++;
        if (at < t.n && t.p[at] == ']' && s->array) {
            s->done = true;
            break;
        }
        ts_json_split_result r = ts_json_split(t, &at, &end, s->eof);
        if (r == TS_JSON_SPLIT_MORE) break;
        if (r != TS_JSON_SPLIT_VALUE) {
            if (r == TS_JSON_SPLIT_BAD && good == 0 && s->eof) return TS_NPOS;
            break;
        }
        at = good = end;
        ++*n;
    }
    return good;
}

/* ---- leaving out what is too long ---- */

static void problem(ts_arena *a, ts_split_problems *p, ts_splitter *s, uint64_t at,
                    const char *what, size_t max) {
    ts_error *e = ts_push(a, p);
    ts_fail(e, TS_E_LIMIT, "%s longer than %zu KiB is left out", what, max >> 10);
    ts_fail_at(e, ts_input_name(s->in), at, 0);
}

static void drop(ts_splitter *s, size_t n) {
    s->held_n -= n;
    memmove(s->held, s->held + n, s->held_n);
}

/* Drops up to and including the next line end. */
static void skip_line(ts_splitter *s) {
    for (;;) {
        const char *nl = s->held_n ? memchr(s->held, '\n', s->held_n) : 0;
        if (nl) {
            drop(s, (size_t)(nl - s->held) + 1);
            s->line++;
            return;
        }
        s->held_n = 0;
        if (!read_more(s)) return;
    }
}

static void too_long(ts_arena *a, ts_splitter *s, ts_split_problems *problems) {
    if (s->mode == TS_SPLIT_VALUES) {
        problem(a, problems, s, s->record + 1, "a JSON value", TS_SPLIT_RECORD_MAX);
        ts_fail(&s->failure, TS_E_LIMIT, "cannot find the next value behind one that is too long");
        ts_fail_at(&s->failure, ts_input_name(s->in), s->record + 1, 0);
        s->failed = s->eof = true;
        s->held_n = 0;
        return;
    }
    bool rows = s->mode == TS_SPLIT_ROWS;
    problem(a, problems, s, s->line, rows ? "a row (or an open quote)" : "a line",
            rows ? TS_SPLIT_ROW_MAX : TS_SPLIT_RECORD_MAX);
    skip_line(s);
}

/* ---- pieces ---- */

static bool whole(ts_splitter *s, ts_arena *a, ts_split_piece *out, ts_split_problems *problems) {
    while (read_more(s)) {}
    if (!s->eof) {
        problem(a, problems, s, 0, "a document", TS_SPLIT_WHOLE_MAX);
        s->eof = true;
        s->held_n = 0;
    }
    if (!s->held_n || s->failed) return false;
    *out = (ts_split_piece){{s->held, s->held_n}, 1}; /* not copied: nothing is read behind it */
    s->held_n = 0;
    return true;
}

static size_t whole_records(ts_splitter *s, size_t target, uint64_t *values) {
    ts_str t = {s->held, s->held_n};
    size_t end = 0;
    if (s->mode == TS_SPLIT_LINES) end = end_of_lines(ts_str_to(t, target < t.n ? target : t.n));
    if (s->mode == TS_SPLIT_LINES && !end) end = end_of_lines(t);
    if (s->mode == TS_SPLIT_ROWS) end = end_of_rows(t, s->delimiter, target);
    if (s->mode == TS_SPLIT_VALUES) return end_of_values(s, t, target, values);
    bool last = s->eof && !s->failed && end < t.n; /* no line end behind the last record */
    return last && end == 0 ? t.n : end;
}

static bool open_array(ts_splitter *s) {
    if (s->opened) return true;
    s->opened = true;
    size_t i = 0;
    while (i < s->held_n &&
           (ts_is_space((unsigned char)s->held[i]) || (unsigned char)s->held[i] >= 0x80))
        i++;
    s->array = i < s->held_n && s->held[i] == '[';
    if (s->array) drop(s, i + 1);
    return true;
}

bool ts_split_next(ts_splitter *s, ts_arena *a, size_t target, ts_split_piece *out,
                   ts_split_problems *problems) {
    if (s->mode == TS_SPLIT_WHOLE) return whole(s, a, out, problems);
    size_t want = target;
    for (;;) {
        ts_split_peek(s, want);
        if (s->mode == TS_SPLIT_VALUES) open_array(s);
        if (s->held_n == 0 || s->done) return false;
        uint64_t values = 0;
        size_t end = whole_records(s, target, &values);
        if (end == TS_NPOS) {
            ts_error *e = ts_push(a, problems);
            ts_fail(e, TS_E_INPUT, "JSON: no value starts here; the rest of the file is left out");
            ts_fail_at(e, ts_input_name(s->in), s->record + 1, 0);
            s->done = true;
            return false;
        }
        if (end) {
            ts_str piece = ts_str_dup(a, (ts_str){s->held, end});
            *out = (ts_split_piece){piece, s->mode == TS_SPLIT_VALUES ? s->record + 1 : s->line};
            s->record += values;
            if (s->mode != TS_SPLIT_VALUES) s->line += count_lines(piece);
            drop(s, end);
            return true;
        }
        if (s->done) return false;
        size_t max = s->mode == TS_SPLIT_ROWS ? TS_SPLIT_ROW_MAX : TS_SPLIT_RECORD_MAX;
        if (s->held_n > max) {
            too_long(a, s, problems);
        } else if (s->eof) {
            bool cut_off = s->mode == TS_SPLIT_VALUES && !s->failed && s->held_n;
            if (s->mode == TS_SPLIT_ROWS && !s->failed) { /* an open quote at the end */
                problem(a, problems, s, s->line, "a row (or an open quote)", TS_SPLIT_ROW_MAX);
                skip_line(s);
                continue;
            }
            ts_str rest = ts_str_trim((ts_str){s->held, s->held_n});
            if (cut_off && rest.n && !ts_str_is(rest, "]")) {
                ts_error *e = ts_push(a, problems);
                ts_fail(e, TS_E_INPUT, "JSON: the input ends in the middle of a value");
                ts_fail_at(e, ts_input_name(s->in), s->record + 1, 0);
            }
            s->held_n = 0;
            return false;
        }
        want = s->held_n + READ_STEP;
    }
}

/* ---- walking ---- */

bool ts_split_line(ts_str *rest, ts_str *line) {
    if (!rest->n) return false;
    *line = ts_str_cut(rest, '\n');
    if (line->n && line->p[line->n - 1] == '\r') line->n--;
    return true;
}

bool ts_split_value(ts_str *rest, ts_str *value) {
    size_t at = 0, end;
    while (at < rest->n && (ts_is_space((unsigned char)rest->p[at]) || rest->p[at] == ',')) at++;
    if (ts_json_split(*rest, &at, &end, true) != TS_JSON_SPLIT_VALUE) return false;
    *value = (ts_str){rest->p + at, end - at};
    *rest = ts_str_from(*rest, end);
    return true;
}

/* A quoted field at rest->p[*i] (the quote); leaves *i behind the closing quote. */
static ts_str quoted_field(ts_arena *a, ts_str s, size_t *i, char delimiter) {
    size_t from = *i + 1, k = from;
    bool doubled = false;
    for (;;) {
        const char *q = k < s.n ? memchr(s.p + k, '"', s.n - k) : 0;
        if (!q) {
            *i = s.n;
            return ts_str_from(s, from);
        }
        k = (size_t)(q - s.p) + 1;
        if (k < s.n && s.p[k] == '"')
            doubled = true, k++;
        else if (k >= s.n || s.p[k] == delimiter || s.p[k] == '\n' || s.p[k] == '\r')
            break;
    }
    ts_str raw = {s.p + from, k - 1 - from};
    *i = k;
    if (!doubled) return raw;
    char *p = ts_new_raw(a, char, raw.n + 1), *w = p;
    for (size_t x = 0; x < raw.n; x++) {
        *w++ = raw.p[x];
        if (raw.p[x] == '"' && x + 1 < raw.n && raw.p[x + 1] == '"') x++;
    }
    return (ts_str){p, (size_t)(w - p)};
}

bool ts_split_row(ts_arena *a, char delimiter, ts_str *rest, ts_strs *fields, uint64_t *lines) {
    fields->n = 0;
    if (!rest->n) return false;
    ts_str s = *rest;
    size_t i = 0;
    for (;;) {
        ts_str f;
        if (i < s.n && s.p[i] == '"') {
            f = quoted_field(a, s, &i, delimiter);
        } else {
            size_t from = i;
            while (i < s.n && s.p[i] != delimiter && s.p[i] != '\n') i++;
            f = (ts_str){s.p + from, i - from};
            if (f.n && f.p[f.n - 1] == '\r') f.n--;
        }
        *ts_push(a, fields) = f;
        if (i < s.n && s.p[i] == '\r') i++;
        if (i >= s.n) break;
        if (s.p[i++] == '\n') break;
    }
    *lines = count_lines(ts_str_to(s, i));
    *rest = ts_str_from(s, i);
    return true;
}

char ts_split_delimiter(ts_arena scratch, ts_str head) {
    static const char candidates[] = {',', '\t', ';', '|'};
    char best = ',';
    size_t most = 1;
    for (size_t i = 0; i < sizeof candidates; i++) {
        ts_strs f = {0};
        ts_str rest = head;
        uint64_t lines;
        if (ts_split_row(&scratch, candidates[i], &rest, &f, &lines) && f.n > most)
            most = f.n, best = candidates[i];
    }
    return best;
}
