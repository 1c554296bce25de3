/* Changing: what is asked for is merged into the compressed form, read back as a document, held
 * against what may not change, and recorded and signed in one transaction. */
#include "change_part.h"
#include "issue_part.h"

enum { BODY_DEPTH = 256, BODY_MEMBERS = 20000, TEXT_MAX = 8 << 20 };

/* Trees of the compressed form. */
typedef struct changing {
    const ts_dpp_change *c;
    ts_dpp *out;
    const ts_json *body, *full, *seen; /* as it came; all there is, and what is shown of it */
    const ts_json *next;               /* what is shown, changed */
    change_element element;            /* in `seen`; of one element alone */
} changing;

static ts_dpp_result refuse(ts_dpp_result r, ts_error *e, const char *why) {
    ts_fail(e, TS_E_USAGE, "%s", why);
    return r;
}

/* ---- the passport that is there ---- */

static ts_str next_tag(ts_str *list) {
    for (;;) {
        ts_str one = ts_str_trim(ts_str_cut(list, ','));
        if (one.n || !list->p) return one;
    }
}

/* If-Match (RFC 9110 section 13.1.1): "*", or tags in quotes, whose part before the second '-'
 * names the version. A weak one matches nothing. */
static bool matches(ts_arena *a, ts_str list, const ts_passport_row *row) {
    ts_str tag = ts_dpp_tag(a, row);
    if (!list.n || ts_str_is(ts_str_trim(list), "*")) return true;
    for (ts_str one = next_tag(&list); one.n; one = next_tag(&list)) {
        ts_str text = ts_str_from(one, 1);
        if (one.p[0] == '"' && ts_str_starts(text, tag) && text.n > tag.n &&
            (text.p[tag.n] == '"' || text.p[tag.n] == '-'))
            return true;
    }
    return false;
}

static ts_dpp_result has_key(const ts_dpp_change *c, ts_error *e) {
    if (c->sign.key) return TS_DPP_DONE;
    return refuse(TS_DPP_UNSIGNED, e,
                  "this server has no key to sign with, so that nothing can be changed here");
}

static bool own(const ts_dpp_change *c, const ts_document *d) {
    return c->by.operator_id.n && ts_str_eq(c->by.operator_id, d->operator_id);
}

/* The newest version, where it may be changed by who asks. */
static ts_dpp_result current(ts_arena *a, changing *x, ts_error *e) {
    bool found;
    const ts_dpp_change *c = x->c;
    if (!ts_store_passport(c->store, a, c->id, &x->out->row, &found, e)) return TS_DPP_FAILED;
    if (!found) {
        ts_fail(e, TS_E_NOT_FOUND, "there is no passport %.*s here", TS_P(ts_str_clip(c->id, 300)));
        return TS_DPP_NOT_HERE;
    }
    if (!change_open(a, &c->by, x->out, e)) return TS_DPP_FAILED;
    if (!own(c, &x->out->document))
        return refuse(TS_DPP_NOT_YOURS, e,
                      "the passport is another operator's: it is changed for the one that is "
                      "responsible for it alone");
    if (!matches(a, c->match, &x->out->row))
        return refuse(TS_DPP_STALE, e,
                      "the passport is not that version any more; read it again, and change that");
    return has_key(c, e);
}

static ts_dpp_result trees(ts_arena *a, changing *x, ts_error *e) {
    if (x->out->document.status == TS_DPP_ARCHIVED)
        return refuse(TS_DPP_CONFLICT, e, "the passport is archived; it is not changed any more");
    x->full = x->seen = change_tree(a, x->out, 1u << TS_AUD_OPERATOR, e);
    if (x->full && !(x->out->who >> TS_AUD_OPERATOR & 1))
        x->seen = change_tree(a, x->out, x->out->who, e);
    return x->full && x->seen ? TS_DPP_DONE : TS_DPP_FAILED;
}

static const ts_json *read_body(ts_arena *a, ts_str text, ts_error *e) {
    const ts_json_options strict = {
        .strict = true, .max_depth = BODY_DEPTH, .max_members = BODY_MEMBERS};
    return ts_json_parse(a, text, strict, e);
}

/* ---- a new version ---- */

/* Signs the document as the next version; out->row becomes that one. */
static ts_dpp_result put(ts_arena *a, const changing *x, ts_str document, ts_error *e) {
    const ts_dpp_change *c = x->c;
    const ts_issue_job job = {.store = c->store,
                              .by = c->sign,
                              .document = document,
                              .packs = c->by.packs,
                              .form = c->sign_form,
                              .list = x->out->row.version ? TS_NONE : c->list,
                              .now = c->now,
                              .until = TS_NO_TIME};
    ts_issued issued;
    bool found;
    if (!(x->out->row.version ? issue_change : issue_within)(a, &job, &issued, e))
        return change_result(e);
    if (!ts_store_passport(c->store, a, issued.passport, &x->out->row, &found, e))
        return TS_DPP_FAILED;
    return change_open(a, &c->by, x->out, e) ? TS_DPP_DONE : TS_DPP_FAILED;
}

/* A changed tree as a document: read, and held against the one before. */
static ts_dpp_result document_of(ts_arena *a, const changing *x, const ts_json *tree, ts_str *text,
                                 ts_dpp *next, ts_error *e) {
    ts_buf b = ts_buf_new(a, TEXT_MAX);
    if (!tree || !change_header_kept(*a, x->full, tree, e) || !ts_canonical(&b, *a, tree, e) ||
        !ts_en18223_read(a, ts_buf_str(&b), text, e) ||
        !ts_document_read(a, *text, &next->document, e) ||
        !ts_document_packs(a, &next->document, ts_pack_find_shared, x->c->by.packs, &next->packs,
                           e) ||
        !ts_document_may_follow(&x->out->document, &next->document, e) ||
        !change_safety_own(*a, &x->out->document, &next->document, e))
        return change_result(e);
    return TS_DPP_DONE;
}

static const char *const hidden =
    "the change touches what is not shown to this token; such elements are changed with one of "
    "their audience";

/* Whether classes are given to what is shown alone: for the rest, whether it took one would tell
 * whether it is there. */
static bool classes_of_shown(const changing *x, const ts_document *part) {
    const ts_json *was = ts_json_member(ts_json_member(x->seen, "touchstone"), "classes");
    TS_JSON_EACH_MEMBER(name, value, part->classes) {
        ts_str s = ts_json_str(name);
        bool sbom = ts_str_is(s, "sbom");
        (void)value;
        if (!ts_json_get(was, s) &&
            !(sbom ? ts_json_member(part->root, "sbom") : ts_document_element(part, s)))
            return false;
    }
    return true;
}

/* The document of a change by who sees a part alone. What is wrong with it is told of that part; a
 * fault that only what is hidden makes is not told. */
static ts_dpp_result document_of_part(ts_arena *a, const changing *x, ts_str *text, ts_dpp *next,
                                      ts_error *e) {
    ts_str part;
    ts_error why = {0};
    ts_dpp_result r = document_of(a, x, x->next, &part, next, e);
    if (r != TS_DPP_DONE) return r;
    if (!classes_of_shown(x, &next->document)) return refuse(TS_DPP_NOT_YOURS, e, hidden);
    const ts_json *alone = change_tree(a, next, x->out->who, e);
    if (!alone) return change_result(e);
    r = document_of(a, x, ts_json_weave(a, x->full, x->seen, x->next, &why), text, next, &why);
    if (r != TS_DPP_DONE)
        return r == TS_DPP_FAILED ? (*e = why, r) : refuse(TS_DPP_NOT_YOURS, e, hidden);
    const ts_json *shown = change_tree(a, next, x->out->who, e);
    if (!shown) return change_result(e);
    return change_shown(*a, x->next, shown) && change_no_more(*a, shown, alone)
               ? TS_DPP_DONE
               : refuse(TS_DPP_NOT_YOURS, e, hidden);
}

/* x->next becomes a version. */
static ts_dpp_result adopt(ts_arena *a, changing *x, ts_error *e) {
    ts_dpp next = {.row = x->out->row};
    ts_str text;
    ts_dpp_result r = x->full == x->seen ? document_of(a, x, x->next, &text, &next, e)
                                         : document_of_part(a, x, &text, &next, e);
    return r == TS_DPP_DONE ? put(a, x, text, e) : r;
}

/* All or nothing. */
static ts_dpp_result in_transaction(ts_arena *a, changing *x,
                                    ts_dpp_result (*steps)(ts_arena *, changing *, ts_error *),
                                    ts_error *e) {
    *x->out = (ts_dpp){0};
    if (!ts_store_begin(x->c->store, e)) return TS_DPP_FAILED;
    ts_dpp_result r = steps(a, x, e);
    return ts_store_end(x->c->store, r == TS_DPP_DONE, e) || r != TS_DPP_DONE ? r : TS_DPP_FAILED;
}

/* ---- create ---- */

static ts_dpp_result document_for(const ts_dpp_change *c, ts_str document, ts_arena *a,
                                  ts_document *d, ts_error *e) {
    ts_packs packs;
    if (!ts_document_read(a, document, d, e)) return change_result(e);
    if (!own(c, d))
        return refuse(TS_DPP_NOT_YOURS, e,
                      "/economicOperatorId: is not the operator this token was given for");
    ts_document none = *d;
    none.safety.n = 0;
    if (!ts_document_packs(a, d, ts_pack_find_shared, c->by.packs, &packs, e) ||
        !change_safety_own(*a, &none, d, e))
        return change_result(e);
    return TS_DPP_DONE;
}

/* A product has one responsible operator: where another one's passport of it is active, that one
 * answers for its code, and a second one would put itself before it. Where responsibility moves,
 * the one before is ended, by its operator or with the event that moves it. */
static ts_dpp_result free_product(ts_arena *a, const ts_dpp_change *c, const ts_document *d,
                                  ts_error *e) {
    enum { PAGE = 200 };
    ts_str after = TS_NONE;
    ts_passport_rows rows;
    do {
        rows = (ts_passport_rows){0};
        if (!ts_store_passports(c->store, a, d->product.text, after, PAGE, &rows, e))
            return TS_DPP_FAILED;
        for (size_t i = 0; i < rows.n; i++) {
            const ts_passport_row *r = &rows.v[i];
            after = r->id;
            if (!ts_str_is(r->status, "active") || ts_str_eq(r->operator_id, d->operator_id))
                continue;
            ts_fail(e, TS_E_USAGE,
                    "/uniqueProductIdentifier: another operator's passport of this product, "
                    "%.*s, is active here",
                    TS_P(ts_str_clip(r->id, 300)));
            return TS_DPP_CONFLICT;
        }
    } while (rows.n == PAGE);
    return TS_DPP_DONE;
}

static ts_dpp_result create(ts_arena *a, changing *x, ts_error *e) {
    const ts_dpp_change *c = x->c;
    ts_document d;
    ts_str document;
    bool found;
    if (!ts_en18223_read(a, c->body, &document, e)) return change_result(e);
    ts_dpp_result r = document_for(c, document, a, &d, e);
    if (r != TS_DPP_DONE) return r;
    if (!ts_store_passport(c->store, a, d.id, &x->out->row, &found, e)) return TS_DPP_FAILED;
    if (found) {
        ts_fail(e, TS_E_USAGE, "there is a passport %.*s already", TS_P(ts_str_clip(d.id, 300)));
        return TS_DPP_CONFLICT;
    }
    x->out->row = (ts_passport_row){0};
    r = free_product(a, c, &d, e);
    if (r == TS_DPP_DONE) r = has_key(c, e);
    return r == TS_DPP_DONE ? put(a, x, document, e) : r;
}

/* The form of a body is told by its member "elements". */
static bool form_fits(const ts_json *body, ts_en_form form, ts_error *e) {
    if (!ts_json_is(body, TS_JSON_OBJECT))
        return ts_fail(e, TS_E_INPUT, "the body must be a JSON object");
    if (form == TS_EN_FULL || !ts_json_member(body, "elements")) return true;
    return ts_fail(e, TS_E_USAGE,
                   "/elements: belongs to the full representation; ask with ?representation=full");
}

static ts_dpp_result written(ts_arena *a, const ts_dpp_change *c, ts_dpp_result r, ts_dpp *out,
                             ts_error *e) {
    if (r != TS_DPP_DONE) return r;
    return change_write(a, c->form, out, e) ? TS_DPP_DONE : TS_DPP_FAILED;
}

ts_dpp_result ts_dpp_create(ts_arena *a, const ts_dpp_change *c, ts_dpp *out, ts_error *e) {
    changing x = {.c = c, .out = out};
    x.body = read_body(a, c->body, e);
    if (!x.body || !form_fits(x.body, c->form, e)) return change_result(e);
    return written(a, c, in_transaction(a, &x, create, e), out, e);
}

/* ---- patch ---- */

static ts_dpp_result merge(ts_arena *a, changing *x, ts_error *e) {
    ts_dpp_result r = current(a, x, e);
    if (r == TS_DPP_DONE) r = trees(a, x, e);
    if (r != TS_DPP_DONE) return r;
    if (x->full != x->seen && !change_nulls_shown(x->body, x->seen))
        return refuse(TS_DPP_NOT_YOURS, e, hidden);
    x->next = ts_merge_patch(a, x->seen, x->body, e);
    return x->next ? adopt(a, x, e) : change_result(e);
}

ts_dpp_result ts_dpp_patch(ts_arena *a, const ts_dpp_change *c, ts_dpp *out, ts_error *e) {
    changing x = {.c = c, .out = out};
    x.body = read_body(a, c->body, e);
    if (!x.body || !form_fits(x.body, c->form, e)) return change_result(e);
    x.body = ts_en18223_fold(a, x.body, e);
    return x.body ? written(a, c, in_transaction(a, &x, merge, e), out, e) : change_result(e);
}

/* ---- one element ---- */

/* What is merged into the element's value: `body` itself, or what the data element has. */
static const ts_json *element_change(ts_arena *a, const changing *x, ts_error *e) {
    const ts_json *body = x->body, *id = ts_json_member(body, "elementId"),
                  *value = ts_json_member(body, "value");
    if (x->c->bare) return body;
    if (!id || !ts_str_eq(ts_json_str(id), x->element.id)) {
        ts_fail(e, TS_E_USAGE, "/elementId: must be \"%.*s\", as the path says",
                TS_P(ts_str_clip(x->element.id, 200)));
        return 0;
    }
    if (ts_json_member(body, "objectType")) return ts_en18223_element_read(a, body, e);
    if (value && body->n == 2) return value;
    ts_fail(e, TS_E_USAGE,
            "the body must be a data element: {\"elementId\": …, \"value\": …} and no more, or one "
            "of the full form with its \"objectType\"");
    return 0;
}

static ts_dpp_result merge_element(ts_arena *a, changing *x, ts_error *e) {
    change_element *at = &x->element;
    ts_dpp_result r = current(a, x, e);
    if (r == TS_DPP_DONE) r = trees(a, x, e);
    if (r == TS_DPP_DONE) r = change_select(a, x->seen, x->c->path, at, e);
    if (r != TS_DPP_DONE) return r;
    const ts_json *change = element_change(a, x, e), *value = 0;
    if (!change) return change_result(e);
    if (x->full != x->seen && !change_nulls_shown(change, at->at))
        return refuse(TS_DPP_NOT_YOURS, e, hidden);
    if (change->type != TS_JSON_NULL && !(value = ts_merge_patch(a, at->at, change, e)))
        return change_result(e);
    x->next = ts_json_put_at(a, x->seen, at->at, value, e);
    return x->next ? adopt(a, x, e) : change_result(e);
}

/* The element as it is now; its id alone where it was taken away. */
static ts_dpp_result written_element(ts_arena *a, const changing *x, ts_error *e) {
    const ts_json *tree = change_tree(a, x->out, x->out->who, e);
    if (!tree) return change_result(e);
    change_element now = x->element;
    now.at = change_same_place(&x->element, tree);
    now.root = tree;
    return change_write_element(a, x->c->form, &now, x->out, e) ? TS_DPP_DONE : change_result(e);
}

ts_dpp_result ts_dpp_patch_element(ts_arena *a, const ts_dpp_change *c, ts_dpp *out, ts_error *e) {
    changing x = {.c = c, .out = out};
    x.body = read_body(a, c->body, e);
    if (!x.body) return change_result(e);
    ts_dpp_result r = in_transaction(a, &x, merge_element, e);
    return r == TS_DPP_DONE ? written_element(a, &x, e) : r;
}

/* ---- the end ---- */

static ts_dpp_result archive(ts_arena *a, changing *x, ts_error *e) {
    static const ts_json archived = {.p = "archived", .n = 8, .span = 1, .type = TS_JSON_STRING};
    ts_dpp_result r = current(a, x, e);
    const ts_document *d = &x->out->document;
    if (r != TS_DPP_DONE || d->status == TS_DPP_ARCHIVED) return r;
    const ts_json *next =
        ts_json_put_at(a, d->root, ts_json_member(d->root, "status"), &archived, e);
    ts_buf b = ts_buf_new(a, TEXT_MAX);
    if (!next || !ts_canonical(&b, *a, next, e)) return change_result(e);
    return put(a, x, ts_buf_str(&b), e);
}

ts_dpp_result ts_dpp_archive(ts_arena *a, const ts_dpp_change *c, ts_dpp *out, ts_error *e) {
    changing x = {.c = c, .out = out};
    return written(a, c, in_transaction(a, &x, archive, e), out, e);
}
