#include "passport.h"

static void write_ais(ts_jsonw *w, const ts_gs1 *g) {
    ts_jsonw_key(w, "ais");
    ts_jsonw_array(w);
    for (size_t i = 0; i < g->n; i++) {
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "ai", g->v[i].ai);
        ts_jsonw_kstr(w, "value", g->v[i].value);
        ts_jsonw_kstr_opt(w, "title", ts_gs1_title(g->v[i].ai));
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
}

/* One object a line. */
static void write_id(ts_buf *b, cli *c, const ts_product_id *p) {
    ts_jsonw w = ts_jsonw_to(b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "given", p->given);
    ts_jsonw_key(&w, "valid"), ts_jsonw_bool(&w, true);
    ts_jsonw_kstr(&w, "kind", ts_str_c(ts_product_id_kind_name(p->kind)));
    ts_jsonw_kstr_opt(&w, "canonical", p->text);
    if (p->kind == TS_PID_GS1) {
        ts_jsonw_kstr(&w, "granularity", ts_str_c(ts_grain_name(ts_gs1_grain(&p->link.ais))));
        ts_jsonw_kstr(&w, "brackets", ts_gs1_brackets(&c->arena, &p->link.ais));
        ts_jsonw_kstr(&w, "element_string", ts_gs1_element_string(&c->arena, &p->link.ais));
        write_ais(&w, &p->link.ais);
    }
    ts_jsonw_end(&w);
    ts_buf_c(b, '\n');
}

static void write_refusal(ts_buf *b, ts_str given, const ts_error *e) {
    ts_jsonw w = ts_jsonw_to(b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "given", given);
    ts_jsonw_key(&w, "valid"), ts_jsonw_bool(&w, false);
    ts_jsonw_kstr(&w, "reason", ts_str_c(e->msg));
    ts_jsonw_end(&w);
    ts_buf_c(b, '\n');
}

/* GS1 data that is valid, but of which no one link can be made: it holds several keys, or none. */
static bool read_message(ts_arena *a, ts_str text, ts_product_id *p) {
    ts_error ignored;
    *p = (ts_product_id){.kind = TS_PID_GS1, .given = text};
    if (!text.n || ts_is_alpha(text.p[0])) return false;
    return text.p[0] == '(' ? ts_gs1_from_brackets(a, text, &p->link.ais, &ignored)
                            : ts_gs1_from_element_string(a, text, &p->link.ais, &ignored);
}

static bool identify(ts_buf *b, cli *c, ts_str text) {
    ts_arena mark = c->arena;
    ts_product_id p;
    ts_error e = {0};
    bool ok = ts_product_id_read(&c->arena, text, &p, &e) || read_message(&c->arena, text, &p);
    if (ok)
        write_id(b, c, &p);
    else
        write_refusal(b, text, &e);
    c->arena = mark;
    return ok;
}

static exit_status run(cli *c) {
    enum { LINES_MAX = 64 << 20 };
    ts_error e = {0};
    ts_str lines;
    bool ok = true;
    if (!c->operands_n) {
        ts_fail(&e, TS_E_USAGE,
                "name identifiers, or - to read them from standard input, one a line");
        return usage(c, &e);
    }
    ts_arena out = ts_arena_new((size_t)1 << 30);
    ts_buf b = ts_buf_new(&out, (size_t)1 << 29);
    for (size_t i = 0; i < c->operands_n; i++) {
        if (strcmp(c->operand[i], "-") != 0) {
            ok &= identify(&b, c, ts_str_c(c->operand[i]));
            continue;
        }
        if (!ts_file_read(&c->arena, "-", LINES_MAX, &lines, &e)) return failed(&e);
        while (lines.n) {
            ts_str line = ts_str_cut(&lines, '\n');
            if (line.n && line.p[line.n - 1] == '\r') line.n--;
            if (line.n) ok &= identify(&b, c, line);
        }
    }
    return worse(print(&b), ok ? EXIT_DONE : EXIT_FAILED);
}

static const option_spec options[] = {{0}};
static const char *const examples[] = {
    "touchstone passport identify '(01)09521234543213(10)A1'",
    "The same as element string and Digital Link, with the name of each part.",
    "touchstone passport identify https://id.example.com/01/09521234543213/21/7Q2MX9HDKCW4",
    "What the code on a product says.",
    0,
};
const command cmd_passport_identify = {
    "passport identify",
    "ID…",
    "take a product identifier apart, and say what is wrong with it",
    "Reads GS1 Digital Links, AIs in brackets, element strings as a scanner gives them, "
    "identification "
    "links (IEC 61406) and DIDs against the GS1 syntax dictionary, and prints one JSON object a "
    "line: "
    "its kind, its canonical form, and for GS1 every AI. Exit status 1 when one is not valid.",
    options,
    examples,
    run};
