/* Reading and finding. */
#include "change_part.h"

enum { TREE_DEPTH = 256, ELEMENT_MAX = 8 << 20 };

ts_dpp_result change_result(const ts_error *e) {
    switch (e->code) {
    case TS_E_USAGE:
    case TS_E_INPUT:
    case TS_E_LIMIT: return TS_DPP_BAD;
    case TS_E_NOT_FOUND: return TS_DPP_NOT_HERE;
    default: return TS_DPP_FAILED;
    }
}

ts_audiences ts_asker_sees(const ts_asker *by, ts_str operator_id) {
    bool own = by->operator_id.n && ts_str_eq(by->operator_id, operator_id);
    return (by->who & ~(own ? 0u : 1u << TS_AUD_OPERATOR)) | 1u << TS_AUD_PUBLIC;
}

ts_str ts_dpp_tag(ts_arena *a, const ts_passport_row *row) {
    ts_buf b = ts_buf_new(a, 64);
    ts_buf_fmt(&b, "%lld-%llx", (long long)row->version, (unsigned long long)row->at);
    return ts_buf_str(&b);
}

/* ---- the passport ---- */

/* What is in the store was read before: that it cannot be is the store's fault. */
static bool of_store(ts_error *e) {
    if (e->code != TS_E_MEMORY) e->code = TS_E_STORE;
    return false;
}

bool change_open(ts_arena *a, const ts_asker *by, ts_dpp *out, ts_error *e) {
    if (!ts_document_read(a, out->row.document, &out->document, e) ||
        !ts_document_packs(a, &out->document, ts_pack_find_shared, by->packs, &out->packs, e))
        return of_store(e);
    out->who = ts_asker_sees(by, out->document.operator_id);
    return true;
}

bool change_write(ts_arena *a, ts_en_form form, ts_dpp *out, ts_error *e) {
    return ts_en18223_write(a, &out->document, &out->packs, out->who, form, out->row.at, &out->json,
                            e) ||
           of_store(e);
}

const ts_json *change_tree(ts_arena *a, const ts_dpp *d, ts_audiences who, ts_error *e) {
    ts_str text;
    if (!ts_en18223_write(a, &d->document, &d->packs, who, TS_EN_COMPRESSED, d->row.at, &text, e))
        return 0;
    return ts_json_parse(a, text, (ts_json_options){.strict = true, .max_depth = TREE_DEPTH}, e);
}

/* ---- one element ---- */

/* The step from v towards the place: the child, and its name, or its index. */
static const ts_json *step(const ts_json *v, const ts_json *at, ts_str *name, size_t *index) {
    *name = TS_NONE;
    *index = 0;
    TS_JSON_EACH_MEMBER(key, value, v) {
        if (at < value + value->span) return *name = ts_json_str(key), value;
    }
    TS_JSON_EACH(one, v) {
        if (at < one + one->span) return one;
        ++*index;
    }
    return 0;
}

static void name_element(ts_arena *a, change_element *x) {
    ts_buf path = ts_buf_new(a, 1000), index = ts_buf_new(a, 24);
    bool named = true;
    for (const ts_json *v = x->root; v != x->at;) {
        size_t i;
        bool list = v->type == TS_JSON_ARRAY;
        v = step(v, x->at, &x->id, &i);
        ts_buf_reset(&index);
        ts_buf_u64(&index, i);
        named &= !list && !(path.n && ts_str_chr(x->id, '.') != TS_NPOS);
        if (path.n) ts_buf_c(&path, '.');
        ts_buf_put(&path, x->id);
        if (list) x->id = ts_buf_str(&index);
    }
    x->path = named && !path.full ? ts_buf_str(&path) : TS_NONE;
}

const ts_json *change_same_place(const change_element *x, const ts_json *other) {
    for (const ts_json *v = x->root; v != x->at && other;) {
        ts_str name;
        size_t index;
        bool list = v->type == TS_JSON_ARRAY;
        v = step(v, x->at, &name, &index);
        other = list ? ts_json_at(other, index) : ts_json_get(other, name);
    }
    return other;
}

ts_dpp_result change_select(ts_arena *a, const ts_json *tree, ts_str path, change_element *out,
                            ts_error *e) {
    ts_json_nodes found = {0};
    const ts_json_path *p = ts_json_path_read(a, path, e);
    if (!p || !ts_json_path_select(a, p, tree, &found, e)) return change_result(e);
    for (size_t i = 1; i < found.n; i++)
        if (found.v[i] != found.v[0])
            return ts_fail(e, TS_E_USAGE,
                           "the path selects several values, %.*s and %.*s among them: name one",
                           TS_P(ts_json_path_of(a, tree, found.v[0])),
                           TS_P(ts_json_path_of(a, tree, found.v[i]))),
                   TS_DPP_BAD;
    if (!found.n)
        return ts_fail(e, TS_E_NOT_FOUND, "the passport shows no element at %.*s",
                       TS_P(ts_str_clip(path, 200))),
               TS_DPP_NOT_HERE;
    if (found.v[0] == tree)
        return ts_fail(e, TS_E_USAGE, "the path selects the whole passport, which is no element"),
               TS_DPP_BAD;
    *out = (change_element){.root = tree, .at = found.v[0]};
    name_element(a, out);
    return TS_DPP_DONE;
}

bool change_write_element(ts_arena *a, ts_en_form form, const change_element *x, ts_dpp *out,
                          ts_error *e) {
    if (form == TS_EN_FULL && x->at)
        return ts_en18223_element_write(a, &out->packs, x->id, x->path, x->at, &out->json, e);
    ts_buf value = ts_buf_new(a, ELEMENT_MAX);
    if (x->at && !ts_canonical(&value, *a, x->at, e)) return false;
    ts_buf b = ts_buf_new(a, ELEMENT_MAX);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "elementId", x->id);
    if (x->at) {
        ts_jsonw_key(&w, "value");
        ts_jsonw_raw(&w, ts_buf_str(&value));
    }
    ts_jsonw_end(&w);
    out->json = ts_buf_str(&b);
    return !b.full || ts_fail(e, TS_E_LIMIT, "the element takes more than %d bytes", ELEMENT_MAX);
}

/* ---- by id, by product ---- */

static ts_dpp_result not_here(const ts_dpp_query *q, ts_error *e) {
    ts_fail(e, TS_E_NOT_FOUND, "there is no passport %s%.*s here%s",
            q->is_product ? "of the product " : "", TS_P(ts_str_clip(q->id, 300)),
            q->at == TS_NO_TIME ? "" : " that was there at that time");
    return TS_DPP_NOT_HERE;
}

/* The newest active passport of a product; all of them are looked through, page by page. */
static ts_dpp_result of_product(ts_arena *a, const ts_dpp_query *q, ts_str *id, ts_error *e) {
    enum { PAGE = 200 };
    ts_product_id product;
    ts_str after = TS_NONE, other = TS_NONE, status = TS_NONE;
    int64_t newest = INT64_MIN;
    ts_passport_rows rows;
    *id = TS_NONE;
    if (!ts_product_id_read(a, q->id, &product, e)) return change_result(e);
    do {
        rows = (ts_passport_rows){0};
        if (!ts_store_passports(q->store, a, product.text, after, PAGE, &rows, e))
            return TS_DPP_FAILED;
        for (size_t i = 0; i < rows.n; i++) {
            const ts_passport_row *r = &rows.v[i];
            if (!ts_str_is(r->status, "active"))
                other = r->id, status = r->status;
            else if (r->at >= newest)
                newest = r->at, *id = r->id;
            after = r->id;
        }
    } while (rows.n == PAGE);
    if (id->n) return TS_DPP_DONE;
    if (!other.n) return not_here(q, e);
    ts_fail(e, TS_E_NOT_FOUND,
            "no passport of the product %.*s is active; %.*s is %.*s and can be read by its id",
            TS_P(ts_str_clip(q->id, 300)), TS_P(other), TS_P(status));
    return TS_DPP_NOT_HERE;
}

static ts_dpp_result find_row(ts_arena *a, const ts_dpp_query *q, ts_dpp *out, ts_error *e) {
    bool found;
    ts_str id = q->id;
    if (q->is_product) {
        ts_dpp_result r = of_product(a, q, &id, e);
        if (r != TS_DPP_DONE) return r;
    }
    bool ok = q->at == TS_NO_TIME
                  ? ts_store_passport(q->store, a, id, &out->row, &found, e)
                  : ts_store_passport_at(q->store, a, id, q->at, &out->row, &found, e);
    if (!ok) return TS_DPP_FAILED;
    return found ? TS_DPP_DONE : not_here(q, e);
}

ts_dpp_result ts_dpp_read(ts_arena *a, const ts_dpp_query *q, ts_dpp *out, ts_error *e) {
    change_element x;
    *out = (ts_dpp){0};
    ts_dpp_result r = find_row(a, q, out, e);
    if (r != TS_DPP_DONE) return r;
    if (!change_open(a, &q->by, out, e)) return TS_DPP_FAILED;
    if (!q->path.n) return change_write(a, q->form, out, e) ? TS_DPP_DONE : TS_DPP_FAILED;
    const ts_json *tree = change_tree(a, out, out->who, e);
    if (!tree) return of_store(e), TS_DPP_FAILED;
    r = change_select(a, tree, q->path, &x, e);
    if (r != TS_DPP_DONE) return r;
    return change_write_element(a, q->form, &x, out, e) ? TS_DPP_DONE : change_result(e);
}

/* ---- many ---- */

static int by_text(const void *x, const void *y) {
    return ts_str_cmp(*(const ts_str *)x, *(const ts_str *)y);
}

/* The canonical texts of the products, sorted, each once. */
static ts_dpp_result read_products(ts_arena *a, const ts_str *products, size_t n, ts_strs *out,
                                   ts_error *e) {
    ts_error why = {0};
    if (!n || n > TS_DPP_PRODUCTS)
        return ts_fail(e, TS_E_LIMIT, "productIds: 1 to %d of them are asked for at once, not %zu",
                       TS_DPP_PRODUCTS, n),
               TS_DPP_BAD;
    for (size_t i = 0; i < n; i++) {
        ts_product_id id;
        if (!ts_product_id_read(a, products[i], &id, &why))
            return ts_fail(e, TS_E_INPUT, "/productIds/%zu: %s", i, why.msg), TS_DPP_BAD;
        *ts_push(a, out) = id.text;
    }
    qsort(out->v, out->n, sizeof *out->v, by_text);
    size_t k = 1;
    for (size_t i = 1; i < out->n; i++)
        if (!ts_str_eq(out->v[i], out->v[k - 1])) out->v[k++] = out->v[i];
    out->n = k;
    return TS_DPP_DONE;
}

/* A cursor is "product LF passport" in base64url: the last one that was given. */
static bool read_cursor(ts_arena *a, ts_str cursor, ts_str *product, ts_str *passport,
                        ts_error *e) {
    ts_str text;
    ts_error ignored;
    if (!cursor.n) return true;
    if (cursor.n > 12000 || !ts_base64url_decode(a, cursor, &text, &ignored) ||
        ts_str_chr(text, '\n') == TS_NPOS)
        return ts_fail(e, TS_E_INPUT,
                       "the cursor is none that was given here; begin again without one");
    *product = ts_str_cut(&text, '\n');
    *passport = text;
    return true;
}

static ts_str write_cursor(ts_arena *a, ts_str product, ts_str passport) {
    return ts_base64url(a, ts_str_join(a, (ts_str[]){product, passport}, 2, TS_S("\n")));
}

ts_dpp_result ts_dpp_find(ts_arena *a, ts_store *s, const ts_str *products, size_t products_n,
                          ts_str cursor, size_t limit, ts_strs *ids, ts_str *next, ts_error *e) {
    ts_strs all = {0};
    ts_str product = TS_NONE, after = TS_NONE, last = TS_NONE;
    if (!limit || limit > TS_DPP_PAGE) limit = TS_DPP_PAGE;
    *next = TS_NONE;
    ts_dpp_result r = read_products(a, products, products_n, &all, e);
    if (r != TS_DPP_DONE) return r;
    if (!read_cursor(a, cursor, &product, &after, e)) return TS_DPP_BAD;
    for (size_t i = 0; i < all.n; i++) {
        int order = cursor.n ? ts_str_cmp(all.v[i], product) : 1;
        ts_passport_rows rows = {0};
        if (order < 0) continue;
        /* One more than fits says whether there is another page. */
        if (!ts_store_passports(s, a, all.v[i], order ? TS_NONE : after, limit - ids->n + 1, &rows,
                                e))
            return TS_DPP_FAILED;
        for (size_t k = 0; k < rows.n; k++) {
            if (ids->n == limit)
                return *next = write_cursor(a, last, ids->v[limit - 1]), TS_DPP_DONE;
            *ts_push(a, ids) = rows.v[k].id;
            last = all.v[i];
        }
    }
    return TS_DPP_DONE;
}
