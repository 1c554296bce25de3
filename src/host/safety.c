/* What is to be said of a passport's safety: its own and what it takes part in. */
#include "statement_part.h"

#include <stdlib.h>

enum { DEPTH_MAX = 16, PASSPORTS_MAX = 2000 };

typedef struct step {
    ts_str id; /* of a passport or product */
    const char *through;
    unsigned depth;
} step;

typedef struct walk {
    ts_arena *a;
    ts_store *s;
    ts_standings *out;
    ts_map seen; /* passports, and what was not found */
    struct {
        step *v;
        size_t n, cap;
    } todo;
    size_t read;
} walk;

static ts_safety_status status_of(ts_str name) {
    for (int s = TS_SAFETY_WARNING; s <= TS_SAFETY_LIFTED; s++)
        if (ts_str_is(name, ts_safety_status_name((ts_safety_status)s))) return (ts_safety_status)s;
    return TS_SAFETY_NONE_KNOWN;
}

/* ---- What was said of one passport ---- */

static void add_own(walk *w, const ts_document *d, const char *through) {
    for (size_t i = 0; i < d->safety.n; i++) {
        const ts_safety_entry *x = &d->safety.v[i], *end = ts_document_safety_end(d, i);
        ts_standing *to = ts_push(w->a, w->out);
        *to = (ts_standing){.kind = ts_str_c(ts_safety_status_name(x->status)),
                            .passport = d->id,
                            .through = through,
                            .by_issuer = true,
                            .by = x->by_id,
                            .by_name = x->by_name,
                            .notice = x->notice,
                            .at = x->at,
                            .text = x->text};
        if (!end) continue;
        to->lifted = end->status == TS_SAFETY_LIFTED;
        to->replaced = !to->lifted;
        if (to->lifted) to->lifted_at = end->at;
    }
}

/* What was said of a statement, later: contested by anybody, lifted by its maker. */
static void add_answers(walk *w, const ts_statement_rows *rows, const statement_facts *f,
                        ts_standing *to) {
    for (size_t i = 0; i < rows->n; i++) {
        statement_facts x;
        ts_error ignored = {0};
        if (!ts_str_eq(rows->v[i].about, f->id) ||
            !statement_of_bytes(w->a, rows->v[i].bytes, &x, &ignored) || !ts_str_eq(x.about, f->id))
            continue;
        if (ts_str_is(x.kind, "lifted") && ts_str_eq(x.by, f->by)) {
            to->lifted = true;
            to->lifted_at = x.at;
        } else if (ts_str_is(x.kind, "contested")) {
            to->contested = true;
            to->contest = x.reason;
            to->contest_by = x.by_name.n ? x.by_name : x.by;
            to->contest_did = x.by;
        }
    }
}

/* The issuer's own word that a credential repeats; NULL where there is none. */
static ts_standing *repeated(walk *w, const ts_document *d, const statement_facts *f) {
    for (size_t i = w->out->n; ts_str_eq(f->by, d->operator_id) && i-- > 0;) {
        ts_standing *x = &w->out->v[i];
        if (x->by_issuer && !x->id.n && ts_str_eq(x->passport, d->id) &&
            ts_str_eq(x->kind, f->kind) && ts_str_eq(x->notice, f->notice) && x->at == f->at)
            return x;
    }
    return 0;
}

static ts_standing stated(const statement_facts *f, const char *through) {
    return (ts_standing){.kind = f->kind,
                         .passport = f->passport,
                         .through = through,
                         .by = f->by,
                         .by_name = f->by_name,
                         .notice = f->notice,
                         .at = f->at,
                         .text = f->text};
}

static bool add_stated(walk *w, const ts_document *d, const char *through, ts_error *e) {
    ts_statement_rows rows = {0};
    if (!ts_store_statements(w->s, w->a, d->id, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++) {
        statement_facts f;
        ts_error ignored = {0};
        if (rows.v[i].about.n) continue;
        if (!statement_of_bytes(w->a, rows.v[i].bytes, &f, &ignored) ||
            !ts_str_eq(f.passport, d->id) || !ts_str_eq(f.id, rows.v[i].id)) {
            ts_strs_add(w->a, &w->out->unknown, rows.v[i].id);
            continue;
        }
        ts_standing *x = repeated(w, d, &f);
        if (!x) {
            *(x = ts_push(w->a, w->out)) = stated(&f, through);
            x->by_issuer = ts_str_eq(f.by, d->operator_id);
        }
        x->id = f.id;
        x->credential = rows.v[i].bytes;
        add_answers(w, &rows, &f, x);
    }
    return true;
}

/* ---- What it takes part in ---- */

static void later(walk *w, const step *from, ts_str id, const char *through) {
    /* What a component's batch says is said through the component. */
    bool own = strcmp(from->through, "component") == 0 || strcmp(from->through, "predecessor") == 0;
    if (!id.n) return;
    if (from->depth >= DEPTH_MAX)
        w->out->cut = true;
    else
        *ts_push(w->a, &w->todo) = (step){id, own ? from->through : through, from->depth + 1};
}

static bool read_one(walk *w, const step *at, const ts_passport_row *row, ts_error *e) {
    ts_document d;
    bool fresh;
    ts_map_put(w->a, &w->seen, row->id, &fresh);
    if (!fresh) return true;
    if (++w->read > PASSPORTS_MAX) return w->out->cut = true;
    if (!ts_document_read(w->a, row->document, &d, e)) return false;
    add_own(w, &d, at->through);
    if (!add_stated(w, &d, at->through, e)) return false;
    later(w, at, d.batch, "batch");
    later(w, at, d.model, "model");
    for (size_t i = 0; i < d.components.n; i++) later(w, at, d.components.v[i].id, "component");
    for (size_t i = 0; i < d.predecessors.n; i++)
        later(w, at, d.predecessors.v[i].id, "predecessor");
    return true;
}

/* Passports of a product that is named by its own identifier. */
static bool read_product(walk *w, const step *at, bool *found, ts_error *e) {
    ts_product_id product;
    ts_passport_rows rows = {0};
    ts_error ignored = {0};
    if (!ts_product_id_read(w->a, at->id, &product, &ignored)) return true;
    if (!ts_store_passports(w->s, w->a, product.text, TS_NONE, PASSPORTS_MAX, &rows, e))
        return false;
    for (size_t i = 0; i < rows.n; i++) {
        ts_passport_row row;
        if (!ts_store_passport(w->s, w->a, rows.v[i].id, &row, found, e)) return false;
        if (*found && !read_one(w, at, &row, e)) return false;
    }
    return true;
}

static bool take(walk *w, const step *at, ts_error *e) {
    ts_passport_row row;
    bool found, fresh;
    if (w->out->cut || ts_map_get(&w->seen, at->id)) return true;
    if (!ts_store_passport(w->s, w->a, at->id, &row, &found, e)) return false;
    if (found) return read_one(w, at, &row, e);
    if (!read_product(w, at, &found, e)) return false;
    ts_map_put(w->a, &w->seen, at->id, &fresh);
    if (found) return true;
    if (!at->depth)
        return ts_fail(e, TS_E_NOT_FOUND, "the store has no passport '%.*s'", TS_P(at->id));
    ts_strs_add(w->a, &w->out->unknown, at->id);
    return true;
}

/* ---- The whole ---- */

bool ts_standing_stands(const ts_standing *x) {
    return !x->lifted && !x->replaced && !ts_str_is(x->kind, "lifted");
}

static int by_gravity(const void *left, const void *right) {
    const ts_standing *x = left, *y = right;
    bool stands = ts_standing_stands(x);
    if (stands != ts_standing_stands(y)) return stands ? -1 : 1;
    ts_safety_status s = status_of(x->kind), t = status_of(y->kind);
    if (s != t) return ts_safety_graver(s, t) ? -1 : 1;
    if (x->at != y->at) return x->at > y->at ? -1 : 1;
    if (x->by_issuer != y->by_issuer) return x->by_issuer ? -1 : 1;
    int order = ts_str_cmp(x->passport, y->passport);
    return order ? order : ts_str_cmp(x->id, y->id);
}

bool ts_safety_of(ts_arena *a, ts_store *s, ts_str passport, ts_standings *out, ts_error *e) {
    walk w = {.a = a, .s = s, .out = out};
    *out = (ts_standings){0};
    *ts_push(a, &w.todo) = (step){passport, "self", 0};
    for (size_t i = 0; i < w.todo.n; i++) {
        step at = w.todo.v[i];
        if (!take(&w, &at, e)) return false;
    }
    if (out->n) qsort(out->v, out->n, sizeof *out->v, by_gravity);
    return true;
}

ts_safety_status ts_safety_worst(const ts_standings *s) {
    ts_safety_status worst = TS_SAFETY_NONE_KNOWN;
    for (size_t i = 0; i < s->n; i++) {
        ts_safety_status x = status_of(s->v[i].kind);
        if (!ts_standing_stands(&s->v[i])) x = TS_SAFETY_LIFTED;
        if (ts_safety_graver(x, worst)) worst = x;
    }
    return worst;
}

/* ---- As JSON ---- */

static void write_instant(ts_jsonw *w, const char *name, int64_t at) {
    char text[24];
    ts_jsonw_kstr(w, name, ts_instant_iso(at, text));
}

static void write_standing(ts_jsonw *w, const ts_standing *x) {
    ts_jsonw_object(w);
    ts_jsonw_kstr_opt(w, "id", x->id);
    ts_jsonw_kstr(w, "status", x->kind);
    ts_jsonw_key(w, "stands");
    ts_jsonw_bool(w, ts_standing_stands(x));
    ts_jsonw_kstr(w, "passport", x->passport);
    ts_jsonw_kstr(w, "through", ts_str_c(x->through));
    ts_jsonw_kstr(w, "said_by", x->by_issuer ? TS_S("issuer") : TS_S("third_party"));
    ts_jsonw_key(w, "by");
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", x->by);
    ts_jsonw_kstr_opt(w, "name", x->by_name);
    ts_jsonw_end(w);
    write_instant(w, "at", x->at);
    ts_jsonw_kstr_opt(w, "notice", x->notice);
    if (ts_json_is(x->text, TS_JSON_OBJECT)) {
        ts_jsonw_key(w, "text");
        ts_jsonw_object(w);
        TS_JSON_EACH_MEMBER(name, value, x->text) {
            ts_jsonw_key_str(w, ts_json_str(name));
            ts_jsonw_str(w, ts_json_str(value));
        }
        ts_jsonw_end(w);
    }
    if (x->lifted) write_instant(w, "lifted_at", x->lifted_at);
    if (x->replaced) {
        ts_jsonw_key(w, "replaced");
        ts_jsonw_bool(w, true);
    }
    if (x->contested) {
        ts_jsonw_key(w, "contested");
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "by", x->contest_by);
        ts_jsonw_kstr_opt(w, "reason", x->contest);
        ts_jsonw_end(w);
    }
    ts_jsonw_kstr_opt(w, "credential", x->credential);
    ts_jsonw_end(w);
}

void ts_safety_write(ts_jsonw *w, ts_str product, const ts_standings *s) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "format", TS_S("touchstone-recall-status-1"));
    ts_jsonw_kstr(w, "product", product);
    ts_jsonw_kstr(w, "status", ts_str_c(ts_safety_status_name(ts_safety_worst(s))));
    ts_jsonw_key(w, "statements");
    ts_jsonw_array(w);
    for (size_t i = 0; i < s->n; i++) write_standing(w, &s->v[i]);
    ts_jsonw_end(w);
    ts_jsonw_kstrs_opt(w, "cannot_be_told", &s->unknown);
    if (s->cut) {
        ts_jsonw_key(w, "not_all_looked_at");
        ts_jsonw_bool(w, true);
    }
    ts_jsonw_end(w);
}
