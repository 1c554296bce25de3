/* The log, for a second provider that follows it, and its checkpoints, for everybody. */
#include "route.h"

enum { BYTES = 4 << 20, ANSWER_MAX = 100 << 20, LIMIT = 1000, LIMIT_MAX = 10000 };

static bool number(web_exchange *x, const char *name, uint64_t otherwise, uint64_t *out,
                   ts_error *e) {
    ts_str v = web_parameter_of(x, name);
    *out = otherwise;
    if (!v.n) return true;
    return (ts_u64_parse(v, out) && *out <= INT64_MAX) ||
           ts_fail(e, TS_E_INPUT, "%s is a count, not '%.*s'", name, TS_P(ts_str_clip(v, 40)));
}

static ts_str log_name(web_exchange *x) {
    const ts_server_options *o = web_options(x);
    if (o->log.n) return o->log;
    return o->sign.key ? ts_signer_complete(x->a, o->sign).issuer : web_base(x);
}

/* What cannot be proven is not sent. */
static bool can_sign(web_exchange *x, ts_error *e) {
    if (web_options(x)->sign.key) return true;
    x->status = 501;
    return ts_fail(e, TS_E_USAGE, "this server has no key to sign its log with");
}

static bool entries(web_exchange *x, ts_error *e) {
    uint64_t after, limit;
    ts_buf b = ts_buf_new(x->a, ANSWER_MAX);
    if (!can_sign(x, e) || !number(x, "after", 0, &after, e) ||
        !number(x, "limit", LIMIT, &limit, e))
        return false;
    const ts_log_slice slice = {
        .after = after, .limit = limit < LIMIT_MAX ? (size_t)limit : LIMIT_MAX, .bytes = BYTES};
    if (!ts_log_write(x->a, x->store, &slice, &web_options(x)->sign, log_name(x), x->now, &b, e))
        return false;
    web_set(x, "Cache-Control", TS_S("no-store"));
    web_reply(x, 200, "application/jsonl", ts_buf_str(&b));
    return true;
}

static bool checkpoint(web_exchange *x, ts_error *e) {
    ts_log_head head;
    uint64_t size;
    ts_str token;
    if (!can_sign(x, e) || !ts_store_log_head(x->store, &head, e) ||
        !number(x, "size", head.size, &size, e) ||
        !ts_log_checkpoint_at(x->a, x->store, &web_options(x)->sign, log_name(x), size, x->now,
                              &token, e))
        return false;
    web_set(x, "Cache-Control", TS_S("no-store"));
    web_reply(x, 200, "application/jwt", token);
    return true;
}

static const web_parameter entries_parameters[] = {
    {"after", "number of the last entry that is known; 0 = none", false, 0},
    {"limit", "how many entries at most", false, 0},
    {0},
};
static const web_parameter checkpoint_parameters[] = {
    {"size", "of the first so many entries; all by default", false, 0},
    {0},
};
const web_route log_routes[] = {
    {"GET", "/log", 1u << TS_RIGHT_REPLICATE, 0, entries_parameters,
     "entries of the log with everything in them, and a signed checkpoint: for a second provider",
     entries},
    {"GET", "/log/checkpoint", 0, 0, checkpoint_parameters,
     "what the log holds, signed: its size and hash", checkpoint},
    {0},
};
