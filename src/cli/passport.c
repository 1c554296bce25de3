#include "passport.h"

#include <stdlib.h>

bool passport_input(cli *c, const char *what, ts_str *bytes, ts_error *e) {
    if (c->operands_n != 1) return ts_fail(e, TS_E_USAGE, "name %s (- is standard input)", what);
    return ts_file_read(&c->arena, c->operand[0], PASSPORT_FILE_MAX, bytes, e);
}

bool passport_signer(cli *c, ts_signer *by, ts_error *e) {
    const char *key = option(c, "key"), *issuer = option(c, "issuer"),
               *name = option(c, "issuer-name"), *method = option(c, "method");
    *by =
        (ts_signer){.issuer = ts_str_c(issuer), .name = ts_str_c(name), .method = ts_str_c(method)};
    ts_did_url did;
    if (!key)
        return ts_fail(e, TS_E_USAGE,
                       "name the key that signs: --key FILE; `touchstone passport key` makes one");
    if (issuer && !ts_did_parse(by->issuer, &did, e)) return false;
    by->key = ts_key_open(&c->arena, key, e);
    if (!by->key) return false;
    *by = ts_signer_complete(&c->arena, *by);
    return true;
}

bool passport_audiences(cli *c, ts_audiences *who, ts_error *e) {
    ts_strs names = option_strs(c, "audience");
    ts_audience a;
    *who = 0;
    for (size_t i = 0; i < names.n; i++) {
        if (!ts_audience_by_name(names.v[i], &a))
            return ts_fail(e, TS_E_USAGE,
                           "--audience is public, legitimate_interest, authority, notified_body, "
                           "commission or operator, not '%.*s'",
                           TS_P(names.v[i]));
        *who |= 1u << a;
    }
    return true;
}

bool passport_instant(const cli *c, const char *name, int64_t otherwise, int64_t *out,
                      ts_error *e) {
    const char *v = option(c, name);
    *out = otherwise;
    if (!v) return true;
    int32_t day = strlen(v) == 10 ? ts_day_parse_iso(ts_str_c(v)) : TS_NO_DAY;
    if (day != TS_NO_DAY) return *out = (int64_t)day * 86400, true;
    if (ts_stamp_parse(ts_str_c(v), out)) return true;
    return ts_fail(
        e, TS_E_USAGE,
        "--%s is a day or an instant such as 2026-11-23 or 2026-11-23T10:00:00Z, not '%s'", name,
        v);
}

exit_status passport_output(cli *c, ts_str bytes, bool line) {
    ts_error e = {0};
    const char *path = option(c, "out");
    if (line && (!bytes.n || bytes.p[bytes.n - 1] != '\n'))
        bytes = ts_str_join(&c->arena, (ts_str[]){bytes, TS_NONE}, 2, TS_S("\n"));
    if (path && strcmp(path, "-") != 0)
        return ts_file_replace(path, bytes, &e) ? EXIT_DONE : failed(&e);
    return ts_fd_write(1, bytes, "standard output", &e) ? EXIT_DONE : failed(&e);
}

const char *passport_format(cli *c, const char *const *known, ts_error *e) {
    const char *v = option(c, "format");
    if (!v) return known[0];
    for (size_t i = 0; known[i]; i++)
        if (strcmp(known[i], v) == 0) return known[i];
    ts_strs all = {0};
    for (size_t i = 0; known[i]; i++) *ts_push(&c->arena, &all) = ts_str_c(known[i]);
    ts_str names = ts_str_join(&c->arena, all.v, all.n, TS_S(", "));
    ts_fail(e, TS_E_USAGE, "--format is one of %.*s here, not '%s'", TS_P(names), v);
    return 0;
}

bool passport_verify_job(cli *c, ts_verify_job *job, ts_error *e) {
    const char *const *files;
    ts_strs trusted = option_strs(c, "trust"), accept = option_strs(c, "accept-did");
    ts_did_url did;
    for (size_t i = 0; i < trusted.n; i++)
        if (!ts_did_parse(trusted.v[i], &did, e)) return false;
    job->resolve.files_n = option_all(c, "with", &files);
    job->resolve.files = files;
    job->resolve.cache = option(c, "cache");
    job->resolve.accept = accept.v;
    job->resolve.accept_n = accept.n;
    job->resolve.offline = flag(c, "offline");
    option_network(c, &job->resolve.fetch);
    job->schemas = option(c, "schemas") ? option(c, "schemas") : getenv("TOUCHSTONE_UNTP");
    job->trusted = trusted.v;
    job->trusted_n = trusted.n;
    job->now = ts_now();
    return job->resolve.offline || ts_net_init(e);
}

/* ---- the report ---- */

static ts_str answer_text(cli *c, ts_answer a) {
    static const char *const keys[] = {"verify.not_checked", "verify.verified", "verify.failed"};
    return ts_say(&c->catalogue, keys[a]);
}

/* A text that goes on below itself, `from` cells from the left. */
static void wrapped(ts_buf *b, ts_str text, size_t from) {
    size_t width = ts_terminal_width(), room = width > from + 40 ? width - from : 40, used = 0;
    for (ts_str rest = text; rest.n;) {
        ts_str word = ts_str_cut(&rest, ' ');
        size_t n = ts_cells(word);
        if (used && used + 1 + n > room) {
            ts_buf_fmt(b, "\n%*s", (int)from, "");
            used = 0;
        }
        if (used) ts_buf_c(b, ' '), used++;
        ts_cell_put(b, word, n, false);
        used += n;
    }
    ts_buf_c(b, '\n');
}

enum { NAME = 14, ANSWER = 13 };

static void step_line(ts_buf *b, cli *c, const char *name, const ts_verdict *v) {
    ts_buf key = ts_buf_new(&c->arena, 64);
    ts_buf_fmt(&key, "verify.step.%s", name);
    ts_buf_lit(b, "  ");
    ts_cell_put(b, ts_say(&c->catalogue, ts_str_z(&c->arena, ts_buf_str(&key))), NAME, false);
    ts_cell_put(b, answer_text(c, v->answer), ANSWER, false);
    wrapped(b, v->reason, 2 + NAME + ANSWER);
    const ts_fill fill[] = {{"place", v->at}, {"cure", v->cure}};
    for (int i = 0; i < 2; i++) {
        if (!fill[i].value.n) continue;
        ts_buf_fmt(b, "%*s", 2 + NAME + ANSWER, "");
        wrapped(b,
                ts_say_with(&c->arena, &c->catalogue, i ? "verify.cure" : "verify.place", fill, 2),
                2 + NAME + ANSWER);
    }
}

static void heading(ts_buf *b, cli *c, const ts_checked *k) {
    ts_str type = k->type ? ts_str_c(ts_untp_type_name(k->type)) : TS_S("VerifiableCredential");
    const ts_fill fill[] = {{"type", type},
                            {"id", k->credential.id.n ? k->credential.id : TS_S("-")},
                            {"issuer", k->credential.issuer},
                            {"name", k->credential.issuer_name},
                            {"secured", k->secured_by.n ? k->secured_by : TS_S("-")}};
    ts_str line = ts_say_with(
        &c->arena, &c->catalogue,
        k->credential.issuer_name.n ? "verify.credential_named" : "verify.credential", fill, 5);
    ts_cell_put(b, line, ts_cells(line), false);
    ts_buf_c(b, '\n');
}

static void edge_line(ts_buf *b, cli *c, const ts_trust_edge *x) {
    static const char *const keys[] = {"verify.edge.claims", "verify.edge.attests",
                                       "verify.edge.accredits", "verify.edge.identifies"};
    const ts_fill fill[] = {{"from", x->from}, {"to", x->to}, {"what", x->what}};
    ts_str line = ts_say_with(&c->arena, &c->catalogue, keys[x->kind], fill, 3);
    ts_buf_lit(b, "  ");
    ts_cell_put(b, answer_text(c, x->verdict.answer), ANSWER, false);
    wrapped(b, line, 2 + ANSWER);
    if (x->verdict.answer != TS_YES && x->verdict.reason.n) {
        ts_buf_fmt(b, "%*s", 2 + ANSWER, "");
        wrapped(b, x->verdict.reason, 2 + ANSWER);
    }
}

void passport_report(ts_buf *b, cli *c, const ts_report *r) {
    if (r->credentials.n && r->credentials.v[0].credential.issuer.n)
        heading(b, c, &r->credentials.v[0]);
    for (int i = 0; i < TS_STEPS; i++) step_line(b, c, ts_step_name((ts_step)i), &r->step[i]);
    if (r->edges.n) {
        ts_buf_c(b, '\n');
        ts_buf_put(b, ts_say(&c->catalogue, "verify.trust"));
        ts_buf_c(b, '\n');
    }
    for (size_t i = 0; i < r->edges.n; i++) edge_line(b, c, &r->edges.v[i]);
    for (size_t k = 1; k < r->credentials.n; k++) {
        ts_buf_c(b, '\n');
        heading(b, c, &r->credentials.v[k]);
        for (int i = 0; i < TS_STEP_ATTESTATIONS; i++)
            step_line(b, c, ts_step_name((ts_step)i), &r->credentials.v[k].step[i]);
    }
}

exit_status passport_report_status(const ts_report *r) {
    exit_status st = EXIT_DONE;
    for (int i = 0; i < TS_STEPS; i++)
        if (r->step[i].answer != TS_YES)
            st = worse(st, r->step[i].answer == TS_NO ? EXIT_FAILED : EXIT_UNDETERMINED);
    for (size_t n = 1; n < r->credentials.n; n++) /* a dossier with a bad part is no good dossier */
        for (int i = 0; i < TS_STEPS; i++)
            if (r->credentials.v[n].step[i].answer == TS_NO) st = EXIT_FAILED;
    return st;
}
