#include "passport.h"

/* ---- An event made of options ---- */

static void add_about(cli *c, ts_life_make *m, const char *role) {
    const char *const *v;
    size_t n = option_all(c, strcmp(role, "subject") ? role : "product", &v);
    for (size_t i = 0; i < n; i++)
        *ts_push(&c->arena, &m->about) =
            (ts_life_about){.given = ts_str_c(v[i]), .role = ts_str_c(role)};
}

/* Names that are no URIs, such as AIs in brackets, in their canonical form. */
static void name_products(cli *c, ts_life_make *m) {
    for (size_t i = 0; i < m->about.n; i++) {
        ts_product_id id;
        ts_error ignored = {0};
        if (ts_product_id_read(&c->arena, m->about.v[i].given, &id, &ignored))
            m->about.v[i].product = id.text;
    }
}

static bool modified_of(const cli *c, ts_modified *out, ts_error *e) {
    const char *v = option(c, "modified");
    *out = TS_MODIFIED_NOT_ASKED;
    return !v || (ts_modified_by_name(ts_str_c(v), out) && *out != TS_MODIFIED_NOT_ASKED) ||
           ts_fail(e, TS_E_USAGE,
                   "--modified is not_substantial, substantial or cannot_be_told, not '%s'", v);
}

static bool make(cli *c, const char *kind, ts_str *event, ts_error *e) {
    static const char *const roles[] = {"subject", "input", "output", "parent", "child"};
    ts_life_make m = {.zone = ts_str_c(option(c, "zone")),
                      .by = ts_str_c(option(c, "by")),
                      .note = ts_str_c(option(c, "note")),
                      .place = ts_str_c(option(c, "place"))};
    if (!ts_life_by_name(ts_str_c(kind), &m.kind))
        return ts_fail(e, TS_E_USAGE,
                       "--kind is make, sell, inspect, repair, refurbish, remanufacture, "
                       "repurpose, harvest, resell, recall, lift, recycle, destroy or other, not "
                       "'%s'",
                       kind);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) add_about(c, &m, roles[i]);
    name_products(c, &m);
    if (!modified_of(c, &m.modified, e)) return false;
    if (option(c, "store") && ts_life_asks_modified(m.kind) && m.modified == TS_MODIFIED_NOT_ASKED)
        return ts_fail(e, TS_E_USAGE,
                       "is this %s a substantial modification (Regulation (EU) 2023/988 Article "
                       "13)? --modified not_substantial, substantial or cannot_be_told",
                       kind);
    return passport_instant(c, "at", ts_now(), &m.at, e) &&
           ts_life_event_make(&c->arena, &m, event, e);
}

/* ---- Recording ---- */

static bool audiences(cli *c, ts_audiences *who, ts_error *e) {
    const char *const *v;
    size_t n = option_all(c, "as", &v);
    *who = 0;
    for (size_t i = 0; i < n; i++) {
        ts_audience one;
        if (!ts_audience_by_name(ts_str_c(v[i]), &one))
            return ts_fail(e, TS_E_USAGE,
                           "--as is operator, legitimate_interest, authority or notified_body, not "
                           "'%s'",
                           v[i]);
        *who |= 1u << one;
    }
    return true;
}

/* Whoever holds the key of an operator records as that operator; without one as somebody with a
 * legitimate interest, who may not change a passport. */
static bool recorder(cli *c, ts_life_job *job, ts_error *e) {
    ts_str name = ts_str_c(option(c, "by")), operator_id = ts_str_c(option(c, "operator"));
    if (!audiences(c, &job->by.who, e)) return false;
    if (option(c, "key")) {
        if (!passport_signer(c, &job->sign, e)) return false;
        const ts_signer whole = ts_signer_complete(&c->arena, job->sign);
        if (!operator_id.n) operator_id = whole.issuer;
        if (!name.n) name = whole.issuer;
    }
    if (!job->by.who)
        job->by.who =
            1u << TS_AUD_LEGITIMATE_INTEREST | (operator_id.n ? 1u << TS_AUD_OPERATOR : 0);
    job->by.operator_id = operator_id;
    job->by.name = name.n ? name : operator_id;
    return job->by.name.n ||
           ts_fail(e, TS_E_USAGE, "who records it? --by NAME, or --key KEY of an operator");
}

static bool read_second(cli *c, ts_life_job *job, ts_error *e) {
    const char *path = option(c, "passport");
    return !path || ts_file_read(&c->arena, path, PASSPORT_FILE_MAX, &job->passport, e);
}

static bool read_job(cli *c, ts_life_job *job, ts_error *e) {
    const char *kind = option(c, "kind"), *form = option(c, "form");
    *job = (ts_life_job){.now = ts_now()};
    if (form && !ts_form_by_name(form, &job->form))
        return ts_fail(e, TS_E_USAGE,
                       "--form is untp-jose, untp-di, en18223-jose or en18223-di, not '%s'", form);
    if (!kind == !c->operands_n)
        return ts_fail(e, TS_E_USAGE, "name either a FILE with EPCIS events, or a --kind");
    return kind ? make(c, kind, &job->events, e)
                : passport_input(c, "the file with EPCIS events", &job->events, e);
}

static void tell(const ts_life_done *done) {
    for (size_t i = 0; i < done->notes.n; i++) ts_log_problem("%.*s", TS_P(done->notes.v[i]));
    ts_log_note("%zu %s, %zu new; %zu %s of passports written", done->events,
                plural(done->events, "event", "events"), done->fresh, done->changed,
                plural(done->changed, "version", "versions"));
}

static exit_status record(cli *c, ts_life_job *job, ts_error *e) {
    ts_life_done done;
    ts_buf b = ts_buf_new(&c->arena, 64 << 20);
    if (!recorder(c, job, e) || !read_second(c, job, e))
        return e->code == TS_E_USAGE ? usage(c, e) : failed(e);
    job->store = ts_store_open(&c->arena, option(c, "store"), TS_STORE_WRITE, e);
    bool ok = job->store && ts_life_record(&c->arena, job, &done, e);
    ts_store_close(job->store);
    ts_key_free((ts_key *)(uintptr_t)job->sign.key);
    if (!ok) return failed(e);
    tell(&done);
    for (size_t i = 0; i < done.ids.n; i++) {
        ts_buf_put(&b, done.ids.v[i]);
        ts_buf_c(&b, '\n');
    }
    return print(&b);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_life_job job;
    if (!read_job(c, &job, &e)) return e.code == TS_E_USAGE ? usage(c, &e) : failed(&e);
    if (option(c, "store")) return record(c, &job, &e);
    ts_life_events all;
    if (!ts_epcis_read(&c->arena, job.events, &all, &e)) return failed(&e);
    ts_buf b = ts_buf_new(&c->arena, 80 << 20);
    for (size_t i = 0; i < all.n; i++) {
        ts_buf_put(&b, all.v[i].body);
        ts_buf_c(&b, '\n');
    }
    return print(&b);
}

static const option_spec options[] = {
    {"store", "FILE", "record it here (default: print the event and record nothing)", false},
    {"kind", "KIND",
     "make, sell, inspect, repair, refurbish, remanufacture, repurpose, harvest, resell, recall, "
     "lift, recycle, destroy or other",
     false},
    {"product", "ID", "what it happened to; repeat", true},
    {"input", "ID", "what went in (remanufacture, repurpose, harvest, recycle); repeat", true},
    {"output", "ID", "what came of it; repeat", true},
    {"parent", "ID", "what parts were taken from (harvest)", true},
    {"child", "ID", "a part that was taken (harvest); repeat", true},
    {"modified", "ANSWER",
     "whether it is a substantial modification (Regulation (EU) 2023/988 Article 13): "
     "not_substantial, substantial or cannot_be_told; asked for repair, refurbish, remanufacture "
     "and repurpose",
     false},
    {"at", "TIME", "when it happened (default: now)", false},
    {"zone", "OFFSET", "time zone of the place, +01:00 (default: +00:00)", false},
    {"place", "URI", "where", false},
    {"note", "TEXT", "a few words; not shown to the public", false},
    {"passport", "FILE", "passport of what came of it, with its predecessors or components", false},
    {"by", "NAME", "who records it (default: the issuer)", false},
    {"as", "AUDIENCE",
     "in which capacity: operator, legitimate_interest, authority, notified_body; repeat (default: "
     "legitimate_interest, with --key also operator)",
     true},
    {"operator", "DID", "whose passports may change (default: the issuer)", false},
    PASSPORT_SIGNER_OPTIONS,
    {"form", "FORM", "form of the versions that are signed (default: untp-jose)", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport event --store passports.db --by did:web:fix.example --kind repair "
    "--modified not_substantial --product https://id.gs1.org/01/09521234543213/21/7Q2M",
    "A repairer records a repair.",
    "touchstone passport event --store passports.db --key second.pem --issuer "
    "did:web:second.example "
    "--kind repurpose --modified substantial --input OLD --output NEW --passport new.json",
    "A second life: the new passport is signed and stored together with the event.",
    "touchstone passport event --store passports.db --by did:web:carrier.example events.jsonld",
    "Events out of an EPCIS 2.0 document.",
    0,
};
const command cmd_passport_event = {
    "passport event",
    "[FILE]",
    "record what happened to a product",
    "Records events of products' lives: out of an EPCIS 2.0 document (JSON-LD; - is standard "
    "input), or one made of options. What an event changes is changed in the same step: "
    "a recycled or destroyed item's passport is archived, what is remanufactured or repurposed "
    "gets "
    "a "
    "new passport that names its predecessors, whose passports become inactive. A passport is "
    "changed by its own operator only; an event that somebody else recorded changes it once the "
    "operator records the same. Prints the ids of the events.",
    options,
    examples,
    run};
