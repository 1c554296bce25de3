#include "passport.h"

enum { DAYS = 90, DAYS_MAX = 3660, DAY = 86400 };

static ts_store *open_store(cli *c, ts_store_mode mode, ts_error *e) {
    const char *path = option(c, "store");
    if (path) return ts_store_open(&c->arena, path, mode, e);
    ts_fail(e, TS_E_USAGE, "name the store: --store FILE");
    return 0;
}

static exit_status refused(cli *c, const ts_error *e) {
    return e->code == TS_E_USAGE ? usage(c, e) : failed(e);
}

/* ---- issue ---- */

static bool read_rights(cli *c, uint32_t *scopes, ts_error *e) {
    ts_strs names = option_strs(c, "right");
    ts_right r;
    *scopes = 1u << TS_RIGHT_READ;
    for (size_t i = 0; i < names.n; i++) {
        if (!ts_right_by_name(names.v[i], &r))
            return ts_fail(e, TS_E_USAGE,
                           "--right is read, write, events, statement or replicate, not '%.*s'",
                           TS_P(names.v[i]));
        *scopes |= 1u << r;
    }
    return true;
}

static bool read_job(cli *c, ts_token_job *job, ts_error *e) {
    uint64_t days;
    *job = (ts_token_job){.name = ts_str_c(option(c, "name")),
                          .operator_id = ts_str_c(option(c, "operator")),
                          .now = ts_now()};
    if (!option_number(c, "days", 1, DAYS_MAX, DAYS, &days, e)) return false;
    job->expires = job->now + (int64_t)days * DAY;
    return passport_audiences(c, &job->audiences, e) && read_rights(c, &job->scopes, e);
}

static exit_status issue(cli *c) {
    ts_error e = {0};
    ts_token_job job;
    ts_str text;
    char until[24];
    if (!read_job(c, &job, &e)) return usage(c, &e);
    ts_store *s = open_store(c, TS_STORE_WRITE, &e);
    bool ok = s && ts_token_issue(&c->arena, s, &job, &text, &e);
    ts_store_close(s);
    if (!ok) return refused(c, &e);
    ts_log_note("valid until %.*s; the store keeps its digest alone: this is the only time it is "
                "shown",
                TS_P(ts_instant_iso(job.expires, until)));
    return passport_output(c, text, true);
}

static const option_spec issue_options[] = {
    {"store", "FILE", "the store whose server takes the token", false},
    {"name", "NAME", "who it is given to; stands beside what is recorded with it", false},
    {"audience", "NAME",
     "whose eyes it gives: legitimate_interest, authority, notified_body, commission, operator; "
     "repeat for several (default: public)",
     true},
    {"right", "RIGHT", "what it allows: read (always), write, events, statement, replicate; repeat",
     true},
    {"operator", "ID", "whose passports it may write and see whole", false},
    {"days", "N", "it expires after so many days (default: 90)", false},
    {"out", "FILE", "write it here instead of to standard output", false},
    {0},
};
static const char *const issue_examples[] = {
    "touchstone token issue --store passports.db --name 'Repair shop Weber' --audience "
    "legitimate_interest --right events",
    "For a repairer: sees what is open to a legitimate interest, and may add repairs.",
    "touchstone token issue --store passports.db --name press --operator did:web:maker.example "
    "--audience operator --right write --days 365",
    "For the maker's own system.",
    0,
};
const command cmd_token_issue = {
    "token issue",
    0,
    "make a token for somebody who asks the server",
    "Makes a random token and prints it. The store keeps its SHA-256, who it was given to, what it "
    "allows and when it ends. It is shown to the server as `Authorization: Bearer TOKEN`.",
    issue_options,
    issue_examples,
    issue};

/* ---- list ---- */

static ts_str rights_text(ts_arena *a, uint32_t scopes) {
    ts_strs l = {0};
    for (int i = 0; i < TS_RIGHTS; i++)
        if (scopes & 1u << i) *ts_push(a, &l) = ts_str_c(ts_right_name((ts_right)i));
    return ts_str_join(a, l.v, l.n, TS_S("+"));
}

static ts_str state_of(const ts_token_row *r, int64_t now) {
    return r->revoked ? TS_S("revoked") : r->expires <= now ? TS_S("expired") : TS_S("valid");
}

static ts_str day_text(ts_arena *a, int64_t at) {
    char out[24];
    return ts_str_dup(a, ts_str_to(ts_instant_iso(at, out), 10));
}

static void list_table(ts_buf *b, ts_arena *a, const ts_token_rows *rows, int64_t now) {
    enum { COLUMNS = 7 };
    const ts_column columns[COLUMNS] = {
        {TS_S("id"), 0, 24, false},       {TS_S("name"), 0, 30, false},
        {TS_S("state"), 0, 8, false},     {TS_S("until"), 0, 10, false},
        {TS_S("rights"), 0, 40, false},   {TS_S("audience"), 0, 40, false},
        {TS_S("operator"), 0, 40, false},
    };
    ts_str *cells = ts_new_n(a, ts_str, rows->n * COLUMNS + 1);
    for (size_t i = 0; i < rows->n; i++) {
        const ts_token_row *r = &rows->v[i];
        const ts_str line[COLUMNS] = {r->id,
                                      r->name,
                                      state_of(r, now),
                                      day_text(a, r->expires),
                                      rights_text(a, r->scopes),
                                      ts_audience_names(a, r->audiences),
                                      r->operator_id};
        memcpy(&cells[i * COLUMNS], line, sizeof line);
    }
    ts_table(b, columns, COLUMNS, cells, rows->n);
}

static void instant(ts_jsonw *w, const char *name, int64_t at) {
    char out[24];
    if (at) ts_jsonw_kstr(w, name, ts_instant_iso(at, out));
}

static void list_json(ts_buf *b, ts_arena *a, const ts_token_rows *rows, int64_t now) {
    for (size_t i = 0; i < rows->n; i++) {
        const ts_token_row *r = &rows->v[i];
        ts_jsonw w = ts_jsonw_to(b);
        ts_jsonw_object(&w);
        ts_jsonw_kstr(&w, "id", r->id);
        ts_jsonw_kstr(&w, "name", r->name);
        ts_jsonw_kstr(&w, "state", state_of(r, now));
        ts_jsonw_kstr(&w, "rights", rights_text(a, r->scopes));
        ts_jsonw_kstr(&w, "audience", ts_audience_names(a, r->audiences));
        ts_jsonw_kstr_opt(&w, "operator", r->operator_id);
        instant(&w, "issued", r->issued);
        instant(&w, "expires", r->expires);
        instant(&w, "revoked", r->revoked);
        ts_jsonw_end(&w);
        ts_buf_c(b, '\n');
    }
}

static exit_status list(cli *c) {
    static const char *const formats[] = {"table", "jsonl", 0};
    ts_error e = {0};
    ts_token_rows rows = {0};
    const char *format = passport_format(c, formats, &e);
    ts_store *s = format ? open_store(c, TS_STORE_READ, &e) : 0;
    bool ok = s && ts_store_tokens(s, &c->arena, &rows, &e);
    ts_store_close(s);
    if (!ok) return refused(c, &e);
    ts_buf b = ts_buf_new(&c->arena, (size_t)1 << 28);
    (strcmp(format, "table") == 0 ? list_table : list_json)(&b, &c->arena, &rows, ts_now());
    return print(&b);
}

static const option_spec list_options[] = {
    {"store", "FILE", "the store", false},
    {"format", "FORMAT", "table or jsonl (default: table)", false},
    {0},
};
static const char *const list_examples[] = {
    "touchstone token list --store passports.db",
    "Who has a token, what it allows, and until when.",
    0,
};
const command cmd_token_list = {
    "token list",
    0,
    "list the tokens that were made",
    "Lists tokens by the public part of their text, with who has them. The tokens themselves are "
    "not kept.",
    list_options,
    list_examples,
    list};

/* ---- revoke ---- */

/* A token's id, also where the whole token is given. */
static ts_str id_of(ts_str text) {
    if (!ts_str_starts(text, TS_S("tst_"))) return text;
    text = ts_str_from(text, 4);
    return ts_str_cut(&text, '_');
}

static exit_status revoke(cli *c) {
    ts_error e = {0};
    if (!c->operands_n) {
        ts_fail(&e, TS_E_USAGE, "name the token: the id that `touchstone token list` shows");
        return usage(c, &e);
    }
    ts_store *s = open_store(c, TS_STORE_WRITE, &e);
    bool ok = s != 0;
    for (size_t i = 0; ok && i < c->operands_n; i++) {
        ts_str id = id_of(ts_str_c(c->operand[i]));
        ok = ts_token_revoke(&c->arena, s, id, ts_now(), &e);
        if (ok) ts_log_note("%.*s: revoked", TS_P(id));
    }
    ts_store_close(s);
    return ok ? EXIT_DONE : refused(c, &e);
}

static const option_spec revoke_options[] = {
    {"store", "FILE", "the store", false},
    {0},
};
static const char *const revoke_examples[] = {
    "touchstone token revoke --store passports.db 7bVx2TnLqK4c9dFpWmR8sZ",
    "From now on the server refuses it; a running server needs no restart.",
    0,
};
const command cmd_token_revoke = {"token revoke",
                                  "TOKEN…",
                                  "make a token worthless",
                                  "Revokes tokens by their id. What was recorded with them stays.",
                                  revoke_options,
                                  revoke_examples,
                                  revoke};
