#include <stdlib.h>

#include "passport.h"

static bool is_address(const char *text) {
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0 ||
           text[0] == '(' || text[0] == ']';
}

static void write_json(ts_buf *b, const ts_verified *v) {
    ts_jsonw w = ts_jsonw_to(b);
    w.pretty = true;
    ts_report_write(&w, &v->report);
    ts_buf_c(b, '\n');
}

static exit_status run(cli *c) {
    static const char *const formats[] = {"table", "json", 0};
    ts_error e = {0};
    ts_verify_job job = {.product = ts_str_c(option(c, "product")),
                         .challenge = ts_str_c(option(c, "challenge")),
                         .domain = ts_str_c(option(c, "domain"))};
    ts_product_id product;
    const char *format = passport_format(c, formats, &e), *store = option(c, "store");
    if (!format) return usage(c, &e);
    if (c->operands_n != 1) {
        ts_fail(
            &e, TS_E_USAGE,
            "name what to verify: a file, an address, a picture of a code, the text of a code, or "
            "- for standard input");
        return usage(c, &e);
    }
    if (!passport_verify_job(c, &job, &e)) return failed(&e);
    if (job.product.n) {
        if (!ts_product_id_read(&c->arena, job.product, &product, &e)) return failed(&e);
        job.product = product.text;
    }
    job.name = c->operand[0];
    job.is_address = is_address(job.name);
    if (job.is_address)
        job.input = ts_str_c(job.name);
    else if (!ts_file_read(&c->arena, job.name, PASSPORT_FILE_MAX, &job.input, &e))
        return failed(&e);
    if (store && !(job.store = ts_store_open(&c->arena, store, TS_STORE_READ, &e)))
        return failed(&e);
    ts_verified v;
    bool ok = ts_verify_input(&c->arena, &job, &v, &e);
    ts_store_close(job.store);
    if (!ok) return failed(&e);
    for (ts_str rest = v.steps; rest.n;) {
        ts_str line = ts_str_cut(&rest, '\n');
        if (line.n) ts_log_note("%.*s", TS_P(line));
    }
    ts_buf b = ts_buf_new(&c->arena, (size_t)64 << 20);
    if (strcmp(format, "json") == 0)
        write_json(&b, &v);
    else
        passport_report(&b, c, &v.report);
    exit_status printed = print(&b);
    return worse(printed, passport_report_status(&v.report));
}

static const option_spec options[] = {
    {"format", "FORMAT", "table or json (default: table)", false},
    {"product", "ID", "the product in your hand: the passport must be about it", false},
    {"store", "FILE", "a store that may hold the passport of a scanned code", false},
    PASSPORT_VERIFY_OPTIONS,
    {"challenge", "TEXT", "the challenge that a presentation must answer", false},
    {"domain", "TEXT", "the domain that a presentation must be meant for", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport verify passport.jwt",
    "A signed passport in a file, with what the network tells of issuer and status.",
    "touchstone passport verify --format json --schemas untp/schema --trust did:web:dakks.example "
    "dossier.json",
    "A dossier with attestations, for a program.",
    "touchstone passport verify photo.jpg",
    "The code on a product.",
    "curl -s URL | touchstone passport verify --offline --with did.json -",
    "From a pipe, with the issuer's document at hand and nothing fetched.",
    0,
};
const command cmd_passport_verify = {
    "passport verify",
    "FILE|ADDRESS|CODE",
    "tell who says it, who attests it, and what could not be checked",
    "Verifies a passport or credential: a signed file (vc+jwt, or JSON with Data Integrity proofs "
    "eddsa-jcs-2022 and ecdsa-jcs-2019), a presentation with several, an address or Digital Link, "
    "a "
    "photograph of a QR code or Data Matrix. Answers five questions, each verified, failed or not "
    "checked, with the reason and what would settle it: does the signature fit; is the key the "
    "issuer's; has it been revoked or suspended, or has it expired; does it keep to its schema; "
    "are "
    "its claims attested by third parties that someone you trust accredits. What could not be "
    "looked at is "
    "never called verified. Exit status 0 when all five are verified, 1 when one failed, else 3.",
    options,
    examples,
    run};
