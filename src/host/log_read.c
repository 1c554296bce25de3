/* The replication stream taken apart. */
#include "log_part.h"

static bool wrong(ts_error *e, const char *what) {
    return ts_fail(e, TS_E_INPUT, "the line is no entry of a log and no end of one: %s", what);
}

static bool count(const ts_json *v, uint64_t *out) {
    int64_t n;
    if (!ts_json_i64(v, &n) || n < 0) return false;
    *out = (uint64_t)n;
    return true;
}

/* The text of the body: it is the last member, so it ends before the line's last bracket. */
static bool body_text(ts_str line, const ts_json *body, ts_str *out) {
    line = ts_str_trim(line);
    size_t from = (size_t)(body->p - line.p), at = 0, end = 0;
    if (from >= line.n) return false;
    ts_str rest = {line.p + from, line.n - 1 - from};
    if (ts_json_split(rest, &at, &end, true) != TS_JSON_SPLIT_VALUE || at || end != rest.n)
        return false;
    *out = rest;
    return true;
}

static bool read_entry(ts_str line, const ts_json *v, log_line *out, ts_error *e) {
    ts_log_row *r = &out->row;
    out->is_entry = true;
    out->body = ts_json_member(v, "body");
    if (v->n != 5) return wrong(e, "an entry has digest, hash, kind, n and body");
    if (!count(ts_json_member(v, "n"), &r->n) || !r->n) return wrong(e, "n is no count from 1");
    if (!ts_log_kind_by_name(ts_json_str(ts_json_member(v, "kind")), &r->kind))
        return ts_fail(e, TS_E_VERSION,
                       "the kind of entry %llu, '%.*s', is not known here: a newer "
                       "touchstone wrote it",
                       (unsigned long long)r->n,
                       TS_P(ts_str_clip(ts_json_str(ts_json_member(v, "kind")), 40)));
    if (!ts_chain_read_hex(ts_json_str(ts_json_member(v, "digest")), &r->digest) ||
        !ts_chain_read_hex(ts_json_str(ts_json_member(v, "hash")), &r->hash))
        return wrong(e, "digest and hash are 64 lower-case hexadecimal digits each");
    if (!ts_json_is(out->body, TS_JSON_OBJECT)) return wrong(e, "body is no object");
    return body_text(line, out->body, &r->body) || wrong(e, "body is not its last member");
}

static bool read_end(ts_arena *a, const ts_json *v, log_line *out, ts_error *e) {
    const ts_json *end = ts_json_member(v, "end");
    out->checkpoint = ts_json_str(ts_json_member(v, "checkpoint"));
    if (v->n != 2 || !count(ts_json_member(v, "head"), &out->head))
        return wrong(e, "an end has head, and checkpoint or end");
    if (out->checkpoint.n) {
        if (!ts_checkpoint_read(a, out->checkpoint, 0, &out->end, e)) return false;
    } else if (!ts_json_is(end, TS_JSON_OBJECT) || end->n != 2 ||
               !count(ts_json_member(end, "size"), &out->end.size) ||
               !ts_chain_read_hex(ts_json_str(ts_json_member(end, "hash")), &out->end.hash)) {
        return wrong(e, "the end has size and hash");
    }
    return out->end.size <= out->head || wrong(e, "it ends behind its head");
}

bool log_line_read(ts_arena *a, ts_str line, log_line *out, ts_error *e) {
    *out = (log_line){0};
    if (line.n > LOG_LINE_MAX)
        return ts_fail(e, TS_E_LIMIT, "a line of the log is longer than %d bytes", LOG_LINE_MAX);
    const ts_json *v =
        ts_json_parse(a, line, (ts_json_options){.strict = true, .max_depth = LOG_DEPTH}, e);
    if (!v) return false;
    if (!ts_json_is(v, TS_JSON_OBJECT)) return wrong(e, "it is no object");
    return ts_json_member(v, "body") ? read_entry(line, v, out, e) : read_end(a, v, out, e);
}

bool log_batch_read(ts_arena *a, ts_str bytes, log_batch *out, ts_error *e) {
    uint64_t number = 0;
    *out = (log_batch){0};
    while (bytes.n) {
        ts_str line = ts_str_cut(&bytes, '\n');
        log_line l;
        number++;
        if (!ts_str_trim(line).n) continue;
        if (out->ended) return ts_fail(e, TS_E_INPUT, "there are lines behind the end of the log");
        if (!log_line_read(a, line, &l, e)) return ts_fail_at(e, "", number, 0);
        if (!l.is_entry) {
            out->last = l;
            out->ended = true;
        } else if (out->entries.n >= LOG_ENTRIES_MAX) {
            return ts_fail(e, TS_E_LIMIT, "more than %d entries at once", LOG_ENTRIES_MAX);
        } else {
            *ts_push(a, &out->entries) = l;
        }
    }
    return out->ended ||
           ts_fail(e, TS_E_INPUT, "the entries come without an end: a part of them is missing");
}

bool log_chain_on(const log_line *l, ts_log_head *at, ts_error *e) {
    const ts_log_row *r = &l->row;
    if (r->n != at->size + 1)
        return ts_fail(e, TS_E_INPUT, "entry %llu comes where %llu is due",
                       (unsigned long long)r->n, (unsigned long long)at->size + 1);
    ts_chain_hash digest = ts_chain_digest(r->body);
    if (!ts_chain_hash_eq(&digest, &r->digest))
        return ts_fail(e, TS_E_INPUT, "the body of entry %llu is not what its digest says",
                       (unsigned long long)r->n);
    *at = (ts_log_head){r->n, ts_chain_next(&at->hash, r->n, &digest)};
    return ts_chain_hash_eq(&at->hash, &r->hash) ||
           ts_fail(e, TS_E_INPUT, "the hash of entry %llu does not follow from those before it",
                   (unsigned long long)r->n);
}
