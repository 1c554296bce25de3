#include <dirent.h>

#include "passport.h"

typedef struct checking {
    cli *c;
    ts_document d;
    ts_packs packs;
    const ts_document *above[2];
    size_t above_n;
    ts_element_answers answers;
    bool software; /* an SBOM was given */
    ts_sbom sbom;
    ts_vulnerables vulnerable;
    size_t advisories;
    int64_t day;
} checking;

/* ---- what it leans on ---- */

static bool read_above(checking *x, ts_error *e) {
    const char *path = option(x->c, "store");
    const ts_str id[] = {x->d.batch, x->d.model};
    if (!path) return true;
    ts_store *s = ts_store_open(&x->c->arena, path, TS_STORE_READ, e);
    if (!s) return false;
    bool ok = true;
    for (int i = 0; ok && i < 2; i++) {
        ts_passport_row row;
        bool found = false;
        ts_document *d = ts_new(&x->c->arena, ts_document);
        ok = !id[i].n || ts_store_passport(s, &x->c->arena, id[i], &row, &found, e);
        if (ok && found && (ok = ts_document_read(&x->c->arena, row.document, d, e)))
            x->above[x->above_n++] = d;
        if (ok && id[i].n && !found)
            ts_log_problem("%.*s is not in the store: what it carries was not counted",
                           TS_P(id[i]));
    }
    ts_store_close(s);
    return ok;
}

/* ---- the software in it ---- */

static const ts_json *read_json(cli *c, const char *path, ts_error *e) {
    ts_str text;
    if (!ts_file_read(&c->arena, path, (size_t)256 << 20, &text, e)) return 0;
    const ts_json *root = ts_json_parse(&c->arena, text, (ts_json_options){.strict = true}, e);
    if (!root) ts_fail_at(e, path, e->line, e->byte);
    return root;
}

/* The SBOM must be the one that the passport names. */
static bool same_sbom(checking *x, const char *path, ts_error *e) {
    ts_str text, wanted = ts_json_str(ts_json_member(x->d.sbom, "digest"));
    if (!wanted.n) return true;
    if (!ts_file_read(&x->c->arena, path, (size_t)256 << 20, &text, e)) return false;
    ts_hash_value h = ts_sha_of(TS_SHA256, text);
    if (ts_str_ieq(ts_hash_hex(&x->c->arena, &h), wanted)) return true;
    ts_fail(e, TS_E_INPUT, "is not the SBOM that the passport names: its SHA-256 is another");
    return ts_fail_at(e, path, 0, 0);
}

static bool add_osv(checking *x, ts_advisories *all, const char *folder, ts_error *e) {
    DIR *dir = opendir(folder);
    if (!dir) return ts_fail(e, TS_E_IO, "cannot read the folder"), ts_fail_at(e, folder, 0, 0);
    bool ok = true;
    for (struct dirent *f; ok && (f = readdir(dir));) {
        ts_str name = ts_str_c(f->d_name);
        ts_error why = {0};
        if (!ts_str_ends(name, TS_S(".json"))) continue;
        ts_str parts[] = {ts_str_c(folder), name};
        const char *path = ts_str_z(&x->c->arena, ts_str_join(&x->c->arena, parts, 2, TS_S("/")));
        const ts_json *root = read_json(x->c, path, &why);
        if (root && ts_advisories_add_osv(all, root, &why)) continue;
        ts_fail_at(&why, path, 0, 0);
        ts_log_error(&why);
        ok = ts_fail(e, TS_E_INPUT, "an advisory could not be read: the answer would not be whole");
    }
    closedir(dir);
    return ok;
}

static bool read_software(checking *x, ts_error *e) {
    const char *sbom = option(x->c, "sbom"), *kev = option(x->c, "kev"), *osv = option(x->c, "osv");
    ts_advisories *all = ts_advisories_new(&x->c->arena);
    const ts_json *root;
    if (!sbom)
        return (!kev && !osv) ||
               ts_fail(e, TS_E_USAGE, "--kev and --osv are held against an SBOM: --sbom FILE");
    if (!same_sbom(x, sbom, e) || !(root = read_json(x->c, sbom, e))) return false;
    if (!ts_sbom_read(&x->c->arena, root, &x->sbom, e)) return ts_fail_at(e, sbom, 0, 0);
    if (kev && !((root = read_json(x->c, kev, e)) && ts_advisories_add_kev(all, root, e)))
        return ts_fail_at(e, kev, 0, 0);
    if (osv && !add_osv(x, all, osv, e)) return false;
    x->software = true;
    x->advisories = ts_advisories_count(all);
    ts_vulnerables_find(&x->c->arena, &x->sbom, all, &x->vulnerable);
    return true;
}

/* ---- for people ---- */

static int language(const cli *c) {
    return strcmp(c->catalogue.language, "de") == 0   ? 1
           : strcmp(c->catalogue.language, "zh") == 0 ? 2
                                                      : 0;
}

static ts_str answer_text(cli *c, const ts_element_answer *x) {
    static const char *const keys[] = {"passport.undetermined", "passport.present",
                                       "passport.absent"};
    return ts_say(&c->catalogue,
                  x->asked || x->present == TS_YES ? keys[x->present] : "passport.not_asked");
}

/* Why an element is not simply there or missing. */
static ts_str why(cli *c, const ts_element_answer *x) {
    char from[16], to[16];
    const ts_fill fill[] = {{"detail", x->detail},
                            {"condition", x->element->condition[language(c)]},
                            {"from", ts_day_iso(x->element->from, from)},
                            {"to", ts_day_iso(x->element->to, to)}};
    if (ts_str_is(x->reason, "passport.present") || ts_str_is(x->reason, "passport.absent"))
        return TS_NONE;
    const char *key = ts_str_z(&c->arena, x->reason);
    return ts_say_with(&c->arena, &c->catalogue, key, fill, 4);
}

static void element_table(ts_buf *b, checking *x) {
    cli *c = x->c;
    enum { COLUMNS = 5 };
    ts_str *cells = ts_new_n(&c->arena, ts_str, x->answers.n * COLUMNS + COLUMNS);
    size_t rows = 0;
    for (size_t i = 0; i < x->answers.n; i++) {
        const ts_element_answer *v = &x->answers.v[i];
        if (!v->asked && !flag(c, "all")) continue;
        ts_str *cell = cells + COLUMNS * rows++;
        ts_str article[] = {v->element->act, v->element->article};
        cell[0] = answer_text(c, v);
        cell[1] = v->element->name[language(c)];
        cell[2] = ts_str_join(&c->arena, article, article[1].n ? 2 : 1, TS_S(", "));
        cell[3] = ts_say(
            &c->catalogue,
            ts_str_z(&c->arena,
                     ts_str_join(&c->arena,
                                 (ts_str[]){TS_S("passport.source"),
                                            ts_str_c(ts_source_status_name(v->element->status))},
                                 2, TS_S("."))));
        cell[4] = why(c, v);
    }
    const ts_column columns[] = {{ts_say(&c->catalogue, "passport.column.answer"), 0, 14, false},
                                 {ts_say(&c->catalogue, "passport.column.element"), 0, 44, false},
                                 {ts_say(&c->catalogue, "passport.column.article"), 0, 48, false},
                                 {ts_say(&c->catalogue, "passport.column.source"), 0, 16, false},
                                 {ts_say(&c->catalogue, "passport.column.remark"), 0, 80, false}};
    ts_table(b, columns, COLUMNS, cells, rows);
    char present[24], absent[24], open[24];
    snprintf(present, sizeof present, "%zu", x->answers.present);
    snprintf(absent, sizeof absent, "%zu", x->answers.absent);
    snprintf(open, sizeof open, "%zu", x->answers.open);
    const ts_fill fill[] = {
        {"present", ts_str_c(present)}, {"absent", ts_str_c(absent)}, {"open", ts_str_c(open)}};
    ts_buf_c(b, '\n');
    ts_buf_put(b, ts_say_with(&c->arena, &c->catalogue, "passport.sum", fill, 3));
    ts_buf_c(b, '\n');
}

static const char *inside_key(const ts_vulnerable *v) {
    return v->inside == TS_YES  ? "passport.software.affected"
           : v->inside == TS_NO ? "passport.software.outside"
                                : "passport.software.open";
}

static void software_table(ts_buf *b, checking *x) {
    cli *c = x->c;
    ts_str *cells = ts_new_n(&c->arena, ts_str, x->vulnerable.n * 4 + 4);
    size_t rows = 0;
    for (size_t i = 0; i < x->vulnerable.n; i++) {
        const ts_vulnerable *v = &x->vulnerable.v[i];
        if (v->inside == TS_NO && !flag(c, "all")) continue;
        ts_str name[] = {v->component->name, v->component->version};
        ts_str *cell = cells + 4 * rows++;
        cell[0] = ts_say(&c->catalogue, inside_key(v));
        cell[1] = ts_str_join(&c->arena, name, name[1].n ? 2 : 1, TS_S(" "));
        cell[2] = v->advisory->id;
        cell[3] = v->reason;
    }
    char components[24], known[24], hits[24];
    snprintf(components, sizeof components, "%zu", x->sbom.components.n);
    snprintf(known, sizeof known, "%zu", x->advisories);
    snprintf(hits, sizeof hits, "%zu", rows);
    const ts_fill fill[] = {{"components", ts_str_c(components)},
                            {"advisories", ts_str_c(known)},
                            {"hits", ts_str_c(hits)}};
    ts_buf_c(b, '\n');
    ts_buf_put(b, ts_say_with(&c->arena, &c->catalogue, "passport.software.sum", fill, 3));
    ts_buf_c(b, '\n');
    const ts_column columns[] = {
        {ts_say(&c->catalogue, "passport.column.answer"), 0, 22, false},
        {ts_say(&c->catalogue, "passport.software.component"), 0, 40, false},
        {ts_say(&c->catalogue, "passport.software.advisory"), 0, 24, false},
        {ts_say(&c->catalogue, "passport.column.remark"), 0, 100, false}};
    if (rows) ts_table(b, columns, 4, cells, rows);
}

/* ---- for programs ---- */

static void write_json(ts_jsonw *w, checking *x) {
    static const char *const labels[] = {"undetermined", "present", "absent"};
    static const char *const inside[] = {"cannot_be_excluded", "inside", "outside"};
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "passport", x->d.id);
    ts_jsonw_kstr(w, "product", x->d.product.text);
    ts_jsonw_key(w, "present"), ts_jsonw_i64(w, (int64_t)x->answers.present);
    ts_jsonw_key(w, "absent"), ts_jsonw_i64(w, (int64_t)x->answers.absent);
    ts_jsonw_key(w, "undetermined"), ts_jsonw_i64(w, (int64_t)x->answers.open);
    ts_jsonw_key(w, "elements");
    ts_jsonw_array(w);
    for (size_t i = 0; i < x->answers.n; i++) {
        const ts_element_answer *v = &x->answers.v[i];
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "pack", v->pack->id);
        ts_jsonw_kstr(w, "element", v->element->id);
        ts_jsonw_kstr(w, "answer", ts_str_c(labels[v->present]));
        ts_jsonw_key(w, "asked"), ts_jsonw_bool(w, v->asked);
        ts_jsonw_kstr(w, "act", v->element->act);
        ts_jsonw_kstr_opt(w, "article", v->element->article);
        ts_jsonw_kstr(w, "source_status", ts_str_c(ts_source_status_name(v->element->status)));
        ts_jsonw_kstr(w, "class", v->element->class->name);
        ts_jsonw_kstr_opt(w, "remark", why(x->c, v));
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
    if (x->software) {
        ts_jsonw_key(w, "components"), ts_jsonw_i64(w, (int64_t)x->sbom.components.n);
        ts_jsonw_key(w, "vulnerabilities");
        ts_jsonw_array(w);
        for (size_t i = 0; i < x->vulnerable.n; i++) {
            const ts_vulnerable *v = &x->vulnerable.v[i];
            ts_jsonw_object(w);
            ts_jsonw_kstr(w, "component", v->component->name);
            ts_jsonw_kstr_opt(w, "version", v->component->version);
            ts_jsonw_kstr(w, "advisory", v->advisory->id);
            ts_jsonw_kstr(w, "source", v->kev ? TS_S("kev") : TS_S("osv"));
            ts_jsonw_kstr(w, "answer", ts_str_c(inside[v->inside]));
            ts_jsonw_kstr(w, "reason", v->reason);
            ts_jsonw_end(w);
        }
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
}

/* ---- the whole ---- */

static exit_status status_of(const checking *x) {
    exit_status st = x->answers.absent ? EXIT_FAILED
                     : x->answers.open ? EXIT_UNDETERMINED
                                       : EXIT_DONE;
    for (size_t i = 0; i < x->vulnerable.n; i++) {
        ts_answer inside = x->vulnerable.v[i].inside;
        if (inside != TS_NO) st = worse(st, inside == TS_YES ? EXIT_FAILED : EXIT_UNDETERMINED);
    }
    return st;
}

static exit_status run(cli *c) {
    static const char *const formats[] = {"table", "json", 0};
    ts_error e = {0};
    ts_str bytes;
    checking *x = ts_new(&c->arena, checking);
    x->c = c;
    const char *format = passport_format(c, formats, &e);
    if (!format || !passport_instant(c, "day", ts_now(), &x->day, &e)) return usage(c, &e);
    if (!passport_input(c, "the passport to check", &bytes, &e))
        return e.code == TS_E_USAGE ? usage(c, &e) : failed(&e);
    if (!ts_document_read(&c->arena, bytes, &x->d, &e) ||
        !ts_document_packs(&c->arena, &x->d, ts_pack_find_shared, 0, &x->packs, &e)) {
        if (!e.where[0]) ts_fail_at(&e, c->operand[0], 0, 0);
        return failed(&e);
    }
    if (!read_above(x, &e) || !read_software(x, &e)) return failed(&e);
    ts_completeness(&c->arena, &x->d, &x->packs, x->above, x->above_n, (int32_t)(x->day / 86400),
                    &x->answers);
    ts_buf b = ts_buf_new(&c->arena, (size_t)64 << 20);
    if (strcmp(format, "json") == 0) {
        ts_jsonw w = ts_jsonw_to(&b);
        w.pretty = true;
        write_json(&w, x);
        ts_buf_c(&b, '\n');
    } else {
        element_table(&b, x);
        if (x->software) software_table(&b, x);
    }
    return worse(print(&b), status_of(x));
}

static const option_spec options[] = {
    {"format", "FORMAT", "table or json (default: table)", false},
    {"store", "FILE", "where the passports of its model and batch are: what they carry counts",
     false},
    {"day", "DATE", "what is in force on that day (default: today)", false},
    {"all", 0, "show what is not asked for, too", false},
    {"sbom", "FILE", "the CycloneDX bill of materials of its software", false},
    {"kev", "FILE", "CISA's catalogue of known exploited vulnerabilities, for the SBOM", false},
    {"osv", "DIR", "a folder of OSV advisories (JSON), for the SBOM", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport check kettle.json",
    "Which elements that its packs ask for are present, absent, or for a person to judge.",
    "touchstone passport check --day 2027-02-18 --store passports.db pack-0815.json",
    "A battery, with its model's passport, on the day its law applies.",
    "touchstone passport check --sbom bom.json --kev known_exploited_vulnerabilities.json "
    "router.json",
    "The software in it against what is known to be exploited.",
    0,
};
const command cmd_passport_check = {
    "passport check",
    "FILE",
    "does a passport carry what its packs ask for?",
    "Reads a passport document and answers for each element its packs ask for, with the article: "
    "present, absent, or undetermined where a person must judge whether it is asked for. With an "
    "SBOM, names the "
    "components that an advisory covers; the KEV catalogue names vendor and product alone, so that "
    "a hit "
    "there cannot be excluded, but is not established. Exit status 0 when all is present, 1 when "
    "something is "
    "absent or a component is affected, else 3. Nothing here says that a product complies.",
    options,
    examples,
    run};
