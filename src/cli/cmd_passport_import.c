#include "passport.h"

/* ---- our own forms ---- */

static exit_status import_own(cli *c, ts_str bytes) {
    ts_error e = {0};
    ts_verify_job job = {0};
    ts_imported in;
    const char *path = option(c, "store");
    if (!passport_verify_job(c, &job, &e)) return failed(&e);
    ts_resolver *r = ts_resolver_new(&c->arena, &job.resolve, &e);
    if (!r) return failed(&e);
    ts_store *s = path ? ts_store_open(&c->arena, path, TS_STORE_WRITE, &e) : 0;
    if (path && !s) return failed(&e);
    const ts_verify_options o = {.now = job.now,
                                 .source = ts_resolver_source(r),
                                 .trusted = job.trusted,
                                 .trusted_n = job.trusted_n};
    bool ok = ts_import_passport(&c->arena, s, bytes, &o, &in, &e);
    ts_store_close(s);
    if (!ok) {
        if (!e.where[0]) ts_fail_at(&e, c->operand[0], 0, 0);
        return failed(&e);
    }
    if (path)
        ts_log_note("%.*s: version %lld, %s", TS_P(in.passport), (long long)in.version,
                    in.new_version ? "new" : "there already");
    exit_status st = EXIT_DONE;
    if (in.is_signed && in.report.step[TS_STEP_SIGNATURE].answer != TS_YES) {
        ts_log_problem("the signature was not checked: %.*s",
                       TS_P(in.report.step[TS_STEP_SIGNATURE].reason));
        st = EXIT_UNDETERMINED;
    }
    return worse(st, path ? EXIT_DONE : passport_output(c, in.document, true));
}

/* ---- other data models ---- */

static void write_leaf(ts_jsonw *w, const cli *c, const ts_foreign_leaf *x) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "file", ts_str_c(c->operand[x->text]));
    ts_jsonw_kstr(w, "from", x->from);
    ts_jsonw_kstr_opt(w, "to", x->to);
    ts_jsonw_kstr_opt(w, "why", x->why);
    ts_jsonw_end(w);
}

/* Every value: where it went, or why it has no place. */
static bool write_report(cli *c, const ts_foreign *f, const char *path, ts_error *e) {
    ts_buf b = ts_buf_new(&c->arena, (size_t)64 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    w.pretty = true;
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "format", TS_S("touchstone-import-report-1"));
    ts_jsonw_kstrs_opt(&w, "shapes", &f->shapes);
    ts_jsonw_key(&w, "values");
    ts_jsonw_i64(&w, (int64_t)f->leaves.n);
    ts_jsonw_key(&w, "placed");
    ts_jsonw_i64(&w, (int64_t)f->placed);
    ts_jsonw_key(&w, "leaves");
    ts_jsonw_array(&w);
    for (size_t i = 0; i < f->leaves.n; i++) write_leaf(&w, c, &f->leaves.v[i]);
    ts_jsonw_end(&w);
    ts_jsonw_end(&w);
    ts_buf_c(&b, '\n');
    return ts_file_replace(path, ts_buf_str(&b), e);
}

/* The first few that have no place; the report has all. */
static exit_status tell(cli *c, const ts_foreign *f, ts_error *e) {
    enum { SHOWN = 12 };
    const char *path = option(c, "report");
    size_t left = f->leaves.n - f->placed, shown = 0;
    ts_str shapes = ts_str_join(&c->arena, f->shapes.v, f->shapes.n, TS_S(", "));
    if (path && !write_report(c, f, path, e)) return failed(e);
    ts_log_note("%.*s: %zu of %zu values have a place", TS_P(shapes), f->placed, f->leaves.n);
    if (!left) return EXIT_DONE;
    for (size_t i = 0; i < f->leaves.n && shown < SHOWN; i++) {
        const ts_foreign_leaf *x = &f->leaves.v[i];
        if (x->to.n) continue;
        shown++;
        ts_log_note("  %s%s%.*s: %.*s", c->operands_n > 1 ? c->operand[x->text] : "",
                    c->operands_n > 1 ? " " : "", TS_P(x->from), TS_P(x->why));
    }
    if (left > shown)
        ts_log_note("  and %zu more%s", left - shown, path ? "" : "; --report FILE lists them all");
    return EXIT_PARTLY;
}

static exit_status record_event(cli *c, const ts_foreign *f, ts_str event, ts_error *e) {
    const char *path = option(c, "store");
    ts_life_done done;
    ts_store *s = ts_store_open(&c->arena, path, TS_STORE_WRITE, e);
    if (!s) return failed(e);
    const ts_life_job job = {.store = s,
                             .by = {.who = 1u << TS_AUD_LEGITIMATE_INTEREST,
                                    .name = f->event.by.n ? f->event.by : TS_S("import")},
                             .events = event,
                             .now = ts_now()};
    bool ok = ts_life_record(&c->arena, &job, &done, e);
    ts_store_close(s);
    if (!ok) return failed(e);
    for (size_t i = 0; i < done.notes.n; i++) ts_log_note("%.*s", TS_P(done.notes.v[i]));
    ts_log_note("%s: %s", ts_life_name(f->event.kind), done.fresh ? "recorded" : "there already");
    return EXIT_DONE;
}

static bool modified_of(const cli *c, ts_modified *out, ts_error *e) {
    const char *v = option(c, "modified");
    return !v || ts_modified_by_name(ts_str_c(v), out) ||
           ts_fail(e, TS_E_USAGE,
                   "--modified is not_substantial, substantial or cannot_be_told, not '%s'", v);
}

static exit_status import_event(cli *c, ts_foreign *f, ts_error *e) {
    ts_str event;
    if (!modified_of(c, &f->event.modified, e)) return usage(c, e);
    if (!ts_life_event_make(&c->arena, &f->event, &event, e)) return failed(e);
    exit_status told = tell(c, f, e);
    exit_status st =
        option(c, "store") ? record_event(c, f, event, e) : passport_output(c, event, true);
    return worse(told, st);
}

static exit_status import_foreign(cli *c, const ts_strs *texts) {
    ts_error e = {0};
    ts_foreign f;
    ts_foreign_job job = {.texts = texts->v,
                          .n = texts->n,
                          .id = ts_str_c(option(c, "id")),
                          .product = ts_str_c(option(c, "product")),
                          .name = ts_str_c(option(c, "name")),
                          .operator_id = ts_str_c(option(c, "operator")),
                          .operator_name = ts_str_c(option(c, "operator-name")),
                          .category = ts_str_c(option(c, "category")),
                          .as = ts_str_c(option(c, "as"))};
    if (!ts_foreign_read(&c->arena, &job, &f, &e))
        return e.code == TS_E_USAGE ? usage(c, &e) : failed(&e);
    if (f.is_event) return import_event(c, &f, &e);
    return worse(tell(c, &f, &e), import_own(c, f.document));
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_strs texts = {0};
    bool foreign = option(c, "as");
    if (!c->operands_n) {
        ts_fail(&e, TS_E_USAGE, "name the passport to import (- is standard input)");
        return usage(c, &e);
    }
    for (size_t i = 0; i < c->operands_n; i++) {
        ts_str *text = ts_push(&c->arena, &texts);
        if (!ts_file_read(&c->arena, c->operand[i], PASSPORT_FILE_MAX, text, &e)) return failed(&e);
        foreign |= c->operands_n > 1 || ts_foreign_known(c->arena, *text);
    }
    return foreign ? import_foreign(c, &texts) : import_own(c, texts.v[0]);
}

static const option_spec options[] = {
    {"store", "FILE",
     "record it here as a version, with its signature; else the document is printed", false},
    PASSPORT_VERIFY_OPTIONS,
    {"as", "SHAPE", "another data model: which certificate it is, where several look alike", false},
    {"product", "ID", "… the product it is about: Digital Link, IEC 61406 link or DID", false},
    {"id", "ID", "… the passport's id", false},
    {"name", "TEXT", "… the product's name", false},
    {"operator", "ID", "… DID or address of the economic operator responsible", false},
    {"operator-name", "TEXT", "… its name", false},
    {"category", "NAME", "… the pack's category, e.g. lmt", false},
    {"modified", "ANSWER",
     "… of work on a used product: was it a substantial modification? not_substantial, substantial "
     "or cannot_be_told",
     false},
    {"report", "FILE", "… write here as JSON where each value went, and what has no place", false},
    {"out", "FILE", "without a store: write the document or event here", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport import --store passports.db received.jwt",
    "Takes over a signed passport of somebody else, as it was signed.",
    "touchstone passport import en18223.json --out kettle.json",
    "Turns EN 18223 JSON into a document that can be edited and issued.",
    "touchstone passport import --product ID --operator DID --report report.json General.json",
    "Aspects of the Battery Pass model, made into one document.",
    "touchstone passport import --store passports.db --product ID --as catena-x-repair-certificate "
    "RepairCertificate.json",
    "A certificate of Catena-X, recorded as an event of the product's life.",
    0,
};
const command cmd_passport_import = {
    "passport import",
    "FILE…",
    "take a passport over, signed or not, also from another data model",
    "Reads a passport in any form that export writes. A signed one whose signature fails is "
    "refused, "
    "and one whose signature could not be checked is taken and said (exit status 3); the signed "
    "bytes are kept "
    "as they came. Aspects of the Battery Pass model (1.2) and of Catena-X (Battery Pass 6, "
    "product "
    "passport 5 to 7, certificates of the circular economy) are recognised by their shape; several "
    "aspects of one passport are named together. What of them has no place here is listed with "
    "the reason (exit status 4); nothing about persons is taken.",
    options,
    examples,
    run};
