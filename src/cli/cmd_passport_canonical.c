#include "passport.h"

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_str text;
    if (!passport_input(c, "the JSON to read", &text, &e))
        return e.code == TS_E_USAGE ? usage(c, &e) : failed(&e);
    const ts_json_options strict = {.strict = true, .max_depth = 1000};
    const ts_json *root = ts_json_parse(&c->arena, text, strict, &e);
    ts_buf b = ts_buf_new(&c->arena, text.n * 6 + 64);
    if (!root || !ts_canonical(&b, c->arena, root, &e)) {
        ts_fail_at(&e, c->operand[0], e.line, e.byte);
        return failed(&e);
    }
    return passport_output(c, ts_buf_str(&b), false);
}

static const option_spec options[] = {
    {"out", "FILE", "write here instead of to standard output", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport canonical kettle.json | sha256sum",
    "The digest by which a store tells versions apart.",
    0,
};
const command cmd_passport_canonical = {
    "passport canonical",
    "FILE",
    "print the canonical text of a JSON document (RFC 8785)",
    "Reads JSON strictly (repeated names, lone surrogates and bytes behind the value are refused) "
    "and "
    "writes it in canonical form, without a line feed at the end. For comparing with other "
    "implementations.",
    options,
    examples,
    run};
