#include "tokens.h"

#include "trust/trust.h"

enum { ID_BYTES = 16, SECRET_BYTES = 32, TEXT_MAX = 120 };
enum { NAME_MAX_BYTES = 200, OPERATOR_MAX_BYTES = 2000 };

static const char *const names[TS_RIGHTS] = {"read", "write", "events", "statement", "replicate"};

const char *ts_right_name(ts_right r) { return names[r]; }

bool ts_right_by_name(ts_str name, ts_right *r) {
    for (int i = 0; i < TS_RIGHTS; i++)
        if (ts_str_is(name, names[i])) return *r = (ts_right)i, true;
    return false;
}

static ts_str digest_of(ts_arena *a, ts_str secret) {
    ts_hash_value h = ts_sha_of(TS_SHA256, secret);
    return ts_hash_hex(a, &h);
}

static bool job_valid(const ts_token_job *job, ts_error *e) {
    if (!job->name.n || job->name.n > NAME_MAX_BYTES || ts_utf8_bad(job->name) != TS_NPOS)
        return ts_fail(e, TS_E_USAGE,
                       "a token needs a name of at most %d bytes: who it is given to",
                       NAME_MAX_BYTES);
    if (job->operator_id.n > OPERATOR_MAX_BYTES)
        return ts_fail(e, TS_E_USAGE, "an operator's identifier has at most %d bytes",
                       OPERATOR_MAX_BYTES);
    if (job->expires <= job->now)
        return ts_fail(e, TS_E_USAGE, "the token would have expired before it is issued");
    if ((job->scopes & 1u << TS_RIGHT_WRITE || job->audiences & 1u << TS_AUD_OPERATOR) &&
        !job->operator_id.n)
        return ts_fail(e, TS_E_USAGE,
                       "a token that writes passports, or sees what their operator sees, needs the "
                       "operator whose passports they are");
    return true;
}

bool ts_token_issue(ts_arena *a, ts_store *s, const ts_token_job *job, ts_str *text, ts_error *e) {
    char id[ID_BYTES], secret[SECRET_BYTES];
    if (!job_valid(job, e) || !ts_random_secret(id, sizeof id, e) ||
        !ts_random_secret(secret, sizeof secret, e))
        return false;
    ts_str secret_text = ts_base58(a, (ts_str){secret, sizeof secret});
    const ts_token_row row = {.id = ts_base58(a, (ts_str){id, sizeof id}),
                              .digest = digest_of(a, secret_text),
                              .name = job->name,
                              .audiences = job->audiences | 1u << TS_AUD_PUBLIC,
                              .scopes = job->scopes,
                              .operator_id = job->operator_id,
                              .issued = job->now,
                              .expires = job->expires};
    if (!ts_store_begin(s, e) || !ts_store_end(s, ts_store_put_token(s, &row, e), e)) return false;
    *text = ts_str_join(a, (ts_str[]){TS_S("tst"), row.id, secret_text}, 3, TS_S("_"));
    return true;
}

/* Takes the same time wherever they differ. */
static bool same(ts_str a, ts_str b) {
    unsigned char differ = a.n != b.n;
    for (size_t i = 0; i < a.n && i < b.n; i++) differ |= (unsigned char)(a.p[i] ^ b.p[i]);
    return !differ;
}

/* "tst_ID_SECRET" in its parts; of another text there are none, and nothing fits them. */
static void split(ts_str text, ts_str *id, ts_str *secret) {
    *id = *secret = TS_NONE;
    if (text.n > TEXT_MAX || !ts_str_starts(text, TS_S("tst_"))) return;
    *secret = ts_str_from(text, 4);
    *id = ts_str_cut(secret, '_');
}

bool ts_token_check(ts_arena *a, ts_store *s, ts_str text, int64_t now, ts_token_row *out,
                    ts_error *e) {
    ts_token_row row = {
        .digest = TS_S("0000000000000000000000000000000000000000000000000000000000000000")};
    ts_str id, secret;
    bool found;
    split(text, &id, &secret);
    if (!ts_store_token(s, a, id, &row, &found, e)) return false;
    bool fits = same(digest_of(a, secret), row.digest);
    if (!found || !fits || row.revoked || row.expires <= now || row.issued > now)
        return ts_fail(e, TS_E_NOT_FOUND,
                       "the token is not valid: it is unknown, expired or revoked");
    *out = row;
    return true;
}

bool ts_token_revoke(ts_arena *a, ts_store *s, ts_str id, int64_t now, ts_error *e) {
    ts_token_row row;
    bool found;
    if (!ts_store_begin(s, e)) return false;
    bool ok =
        ts_store_token(s, a, id, &row, &found, e) &&
        (found || ts_fail(e, TS_E_NOT_FOUND,
                          "there is no token %.*s; `touchstone token list` names them", TS_P(id)));
    if (ok) row.revoked = now;
    return ts_store_end(s, ok && ts_store_put_token(s, &row, e), e);
}
