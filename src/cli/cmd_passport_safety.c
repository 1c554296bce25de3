#include "passport.h"

/* ---- what is said ---- */

static ts_str say(cli *c, const char *group, const char *name) {
    ts_buf key = ts_buf_new(&c->arena, 80);
    ts_buf_fmt(&key, "%s.%s", group, name);
    return ts_say(&c->catalogue, ts_str_z(&c->arena, ts_buf_str(&key)));
}

static void line(ts_buf *b, unsigned indent, ts_str text) {
    ts_buf_fmt(b, "%*s", (int)indent, "");
    ts_cell_put(b, text, ts_cells(text), false);
    ts_buf_c(b, '\n');
}

static ts_str words_of(cli *c, const ts_json *text) {
    ts_str words = ts_json_str(ts_json_get(text, ts_str_c(c->catalogue.language)));
    if (!words.n) words = ts_json_str(ts_json_member(text, "en"));
    if (!words.n && text && text->n) words = ts_json_str(text + 2);
    return words;
}

static const char *state_of(const ts_standing *x) {
    if (x->lifted) return x->contested ? "lifted_contested" : "lifted";
    if (x->replaced) return "replaced";
    return x->contested ? "contested" : "stands";
}

static void standing(ts_buf *b, cli *c, const ts_standing *x) {
    char at[24], lifted[24];
    const ts_fill fill[] = {
        {"status", say(c, "safety.status", ts_str_z(&c->arena, x->kind))},
        {"by", x->by_name.n ? x->by_name : x->by},
        {"id", x->by},
        {"who", ts_say(&c->catalogue, x->by_issuer ? "safety.issuer" : "safety.third_party")},
        {"at", ts_instant_iso(x->at, at)},
        {"notice", x->notice.n ? x->notice : TS_S("-")},
        {"passport", x->passport},
        {"through", say(c, "safety.through", x->through)},
        {"lifted", ts_instant_iso(x->lifted_at, lifted)},
        {"contest_by", x->contest_by},
        {"reason", x->contest}};
    const size_t n = sizeof fill / sizeof *fill;
    line(b, 2, ts_say_with(&c->arena, &c->catalogue, "safety.entry", fill, n));
    line(b, 4, ts_say_with(&c->arena, &c->catalogue, "safety.about", fill, n));
    ts_str words = words_of(c, x->text);
    if (words.n) line(b, 4, words);
    if (x->lifted) line(b, 4, ts_say_with(&c->arena, &c->catalogue, "safety.was_lifted", fill, n));
    if (x->replaced) line(b, 4, ts_say(&c->catalogue, "safety.was_replaced"));
    if (x->contested)
        line(b, 4, ts_say_with(&c->arena, &c->catalogue, "safety.was_contested", fill, n));
    if (x->id.n) {
        ts_str parts[] = {x->id, say(c, "safety.state", state_of(x))};
        line(b, 4, ts_str_join(&c->arena, parts, 2, TS_S(" · ")));
    }
}

static void as_table(ts_buf *b, cli *c, const ts_standings *s) {
    line(b, 0, say(c, "passport.safety", ts_safety_status_name(ts_safety_worst(s))));
    for (size_t i = 0; i < s->n; i++) standing(b, c, &s->v[i]);
    for (size_t i = 0; i < s->unknown.n; i++) {
        const ts_fill fill = {"id", s->unknown.v[i]};
        line(b, 2, ts_say_with(&c->arena, &c->catalogue, "safety.unknown", &fill, 1));
    }
    if (s->cut) line(b, 2, ts_say(&c->catalogue, "safety.cut"));
}

static exit_status show(cli *c, ts_store *s, bool json, ts_error *e) {
    ts_passport_row row;
    ts_document d;
    ts_packs packs = {0};
    ts_standings found;
    if (!ts_find_passport(&c->arena, s, ts_str_c(c->operand[0]), TS_NO_TIME, &row, &d, &packs, e) ||
        !ts_safety_of(&c->arena, s, row.id, &found, e))
        return failed(e);
    ts_buf b = ts_buf_new(&c->arena, (size_t)32 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    w.pretty = true;
    if (json)
        ts_safety_write(&w, row.product, &found), ts_buf_c(&b, '\n');
    else
        as_table(&b, c, &found);
    return worse(print(&b), found.unknown.n || found.cut ? EXIT_UNDETERMINED : EXIT_DONE);
}

/* ---- what is to be said ---- */

static bool status_of(cli *c, ts_safety_status *out, ts_error *e) {
    const char *name = option(c, "status");
    for (int s = TS_SAFETY_WARNING; name && s <= TS_SAFETY_LIFTED; s++)
        if (strcmp(name, ts_safety_status_name((ts_safety_status)s)) == 0)
            return *out = (ts_safety_status)s, true;
    return ts_fail(e, TS_E_USAGE, "--status is recalled, warning, withdrawn or lifted, not '%s'",
                   name ? name : "");
}

bool passport_safety_job(cli *c, ts_store *s, ts_notice *notice, ts_safety_job *job, ts_error *e) {
    bool given;
    const char *form = option(c, "form");
    if (form && !ts_form_by_name(form, &job->form))
        return ts_fail(e, TS_E_USAGE,
                       "--form is untp-jose, untp-di, en18223-jose or en18223-di, not '%s'", form);
    if (!status_of(c, &job->status, e) || !passport_notice(c, s, notice, &given, e) ||
        !passport_texts(c, "text", &job->text, e))
        return false;
    job->store = s;
    job->notice = given ? notice : 0;
    job->notice_id = ts_str_c(option(c, "notice"));
    job->now = ts_now();
    return true;
}

static exit_status set_each(cli *c, ts_safety_job *job, ts_error *e) {
    for (size_t i = 0; i < c->operands_n; i++) {
        ts_issued out;
        job->passport = ts_str_c(c->operand[i]);
        if (!ts_safety_set(&c->arena, job, &out, e)) return failed(e);
        ts_log_note("%.*s: version %lld, %s", TS_P(out.passport), (long long)out.version,
                    out.new_version ? ts_safety_status_name(job->status) : "said already");
    }
    return EXIT_DONE;
}

static exit_status set_affected(cli *c, const ts_safety_job *job, ts_error *e) {
    ts_safety_done done;
    if (!ts_safety_set_affected(&c->arena, job, flag(c, "directly"), &done, e)) return failed(e);
    ts_buf b = ts_buf_new(&c->arena, 4096);
    ts_buf_fmt(&b, "%llu set to %s, %llu had it already\n", (unsigned long long)done.set,
               ts_safety_status_name(job->status), (unsigned long long)done.already);
    if (done.others)
        ts_buf_fmt(&b, "%llu inside, of other operators: each says it itself\n",
                   (unsigned long long)done.others);
    if (done.open)
        ts_buf_fmt(&b, "%llu cannot be excluded: nothing was said of these\n",
                   (unsigned long long)done.open);
    return worse(print(&b), done.open || done.others ? EXIT_UNDETERMINED : EXIT_DONE);
}

static exit_status set(cli *c, ts_store *s, ts_error *e) {
    ts_safety_job job = {0};
    ts_notice notice;
    if (!passport_safety_job(c, s, &notice, &job, e) || !passport_signer(c, &job.by, e))
        return e->code == TS_E_USAGE ? usage(c, e) : failed(e);
    if (flag(c, "affected") && !job.notice && option(c, "notice"))
        ts_fail(e, TS_E_NOT_FOUND, "the store has no notice '%s'; --notices FILE brings one",
                option(c, "notice"));
    exit_status st = e->code               ? failed(e)
                     : flag(c, "affected") ? set_affected(c, &job, e)
                                           : set_each(c, &job, e);
    ts_key_free((ts_key *)(uintptr_t)job.by.key);
    return st;
}

static exit_status run(cli *c) {
    static const char *const formats[] = {"table", "json", 0};
    ts_error e = {0};
    const char *path = option(c, "store"), *format = passport_format(c, formats, &e);
    bool sets = option(c, "status");
    if (format && !path)
        ts_fail(&e, TS_E_USAGE, "name the store: --store FILE");
    else if (format && !sets && c->operands_n != 1)
        ts_fail(&e, TS_E_USAGE, "name one passport, or its product");
    else if (format && sets && !c->operands_n == !flag(c, "affected"))
        ts_fail(&e, TS_E_USAGE, "name the passports, or --affected with a notice");
    if (e.code) return usage(c, &e);
    ts_store *s = ts_store_open(&c->arena, path, sets ? TS_STORE_WRITE : TS_STORE_READ, &e);
    if (!s) return failed(&e);
    exit_status st = sets ? set(c, s, &e) : show(c, s, strcmp(format, "json") == 0, &e);
    ts_store_close(s);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store", false},
    {"format", "FORMAT", "table or json (default: table)", false},
    {"status", "STATUS", "say this: recalled, warning, withdrawn or lifted", false},
    {"notice", "ID", "the notice it is about", false},
    {"notices", "FILE", "a file with the notice", false},
    {"text", "LANG=TEXT", "what people are told, e.g. en=… (default: made of the notice); repeat",
     true},
    {"affected", 0, "for every passport of yours that the notice hits", false},
    {"directly", 0, "with --affected: leave out those hit only through batch, model or component",
     false},
    {"form", "FORM", "untp-jose (default), untp-di, en18223-jose or en18223-di", false},
    PASSPORT_SIGNER_OPTIONS,
    {0},
};
static const char *const examples[] = {
    "touchstone passport safety --store passports.db PASSPORT",
    "All that is said of its safety, by whom, and of what it belongs to or is made of.",
    "touchstone passport safety --store passports.db --key maker.pem --status recalled --notice "
    "safety_gate:A12/00001/27 --affected",
    "Recalls every passport of yours that the notice hits. After an interruption, the same again.",
    "touchstone passport safety --store passports.db --key maker.pem --status lifted --notice "
    "safety_gate:A12/00001/27 PASSPORT",
    "Lifts it; what was said stays in the passport's history.",
    0,
};
const command cmd_passport_safety = {
    "passport safety",
    "[PASSPORT…]",
    "tell what is said of a product's safety, or say it",
    "Without --status, shows what is said of a passport: by its issuer and by others, of itself "
    "and of its batch, model, components and predecessors; exit status 3 where one of these is "
    "not in the store. With --status, adds an entry to passports of your own as a new signed "
    "version, with an EPCIS event (disposition recalled, or that it is unset). A recalled passport "
    "stays readable. A passport of somebody else is spoken of by `passport statement`.",
    options,
    examples,
    run};
