#include "passport.h"

typedef struct draft {
    cli *c;
    ts_grain grain;
    ts_product_id product;
    ts_str serial;
    struct {
        ts_str id, category;
        ts_pack pack;
    } pack[8];
    size_t packs;
    const ts_pack_element *asked[1024];
    size_t asked_n;
} draft;

/* ---- what is asked of the user ---- */

static ts_str digital_link(draft *d, ts_str gtin, ts_error *e) {
    cli *c = d->c;
    ts_gs1 g = {0};
    char fourteen[14], serial[21] = {0};
    ts_str link = TS_NONE;
    const char *batch = option(c, "batch"), *stem = option(c, "stem"), *own = option(c, "serial");
    if (!ts_gtin_as_14(gtin, fourteen, e) ||
        !ts_gs1_add(&g, TS_S("01"), ts_str_dup(&c->arena, (ts_str){fourteen, 14}), e))
        return TS_NONE;
    if (batch && d->grain != TS_GRAIN_MODEL && !ts_gs1_add(&g, TS_S("10"), ts_str_c(batch), e))
        return TS_NONE;
    if (d->grain == TS_GRAIN_ITEM) {
        if (!own && !ts_serial_new(14, serial, e)) return TS_NONE;
        d->serial = own ? ts_str_c(own) : ts_str_dup(&c->arena, ts_str_c(serial));
        if (!ts_gs1_add(&g, TS_S("21"), d->serial, e)) return TS_NONE;
    }
    if (!ts_gs1_validate(&g, e)) return TS_NONE;
    return ts_digital_link_build(&c->arena, ts_str_c(stem), &g, &link, e) ? link : TS_NONE;
}

static bool read_product(draft *d, ts_error *e) {
    cli *c = d->c;
    const char *grain = option(c, "granularity"), *product = option(c, "product"),
               *gtin = option(c, "gtin");
    d->grain = TS_GRAIN_ITEM;
    if (grain && !ts_grain_by_name(ts_str_c(grain), &d->grain))
        return ts_fail(e, TS_E_USAGE, "--granularity is model, batch or item, not '%s'", grain);
    if (!product == !gtin)
        return ts_fail(e, TS_E_USAGE,
                       "say which product it is: --gtin NUMBER, or --product with a "
                       "Digital Link, an IEC 61406 link or a DID");
    if (gtin && d->grain == TS_GRAIN_BATCH && !option(c, "batch"))
        return ts_fail(e, TS_E_USAGE, "a passport of a batch needs --batch");
    ts_str id = product ? ts_str_c(product) : digital_link(d, ts_str_c(gtin), e);
    return id.n && ts_product_id_read(&c->arena, id, &d->product, e);
}

static bool read_packs(draft *d, ts_error *e) {
    ts_strs names = option_strs(d->c, "pack");
    if (!names.n) *ts_push(&d->c->arena, &names) = TS_S("generic");
    for (size_t i = 0; i < names.n; i++) {
        if (d->packs == sizeof d->pack / sizeof *d->pack)
            return ts_fail(e, TS_E_USAGE, "more than %zu packs", d->packs);
        ts_str rest = names.v[i], id = ts_str_cut(&rest, ':');
        ts_pack *p = &d->pack[d->packs].pack;
        d->pack[d->packs].id = id;
        d->pack[d->packs].category = rest;
        if (!ts_pack_read(&d->c->arena, id, ts_pack_find_shared, 0, p, e)) return false;
        bool known = !rest.n && !p->categories.n;
        for (size_t k = 0; k < p->categories.n; k++) known |= ts_str_eq(p->categories.v[k], rest);
        if (!known) {
            ts_str all = ts_str_join(&d->c->arena, p->categories.v, p->categories.n, TS_S(", "));
            return ts_fail(e, TS_E_USAGE, "the pack %.*s is for %.*s: write --pack %.*s:CATEGORY",
                           TS_P(id), TS_P(all.n ? all : TS_S("no categories")), TS_P(id));
        }
        d->packs++;
    }
    return true;
}

/* ---- the elements asked for, as nested objects of nulls ---- */

static bool for_category(const ts_pack_element *x, ts_str category) {
    for (size_t i = 0; i < x->categories.n; i++)
        if (ts_str_eq(x->categories.v[i], category)) return true;
    return !x->categories.n;
}

static void collect(draft *d) {
    for (size_t p = 0; p < d->packs; p++)
        for (size_t i = 0; i < d->pack[p].pack.elements.n; i++) {
            const ts_pack_element *x = &d->pack[p].pack.elements.v[i];
            bool wanted = x->need == TS_NEED_REQUIRED || flag(d->c, "all");
            if (!wanted || !(x->grains & 1u << d->grain) || !for_category(x, d->pack[p].category))
                continue;
            bool again = false;
            for (size_t k = 0; k < d->asked_n; k++) again |= ts_str_eq(d->asked[k]->id, x->id);
            if (!again && d->asked_n < sizeof d->asked / sizeof *d->asked)
                d->asked[d->asked_n++] = x;
        }
}

/* The elements whose id begins with `prefix`, once for each next name. */
static void write_level(ts_jsonw *w, const draft *d, ts_str prefix) {
    ts_jsonw_object(w);
    for (size_t i = 0; i < d->asked_n; i++) {
        if (!ts_str_starts(d->asked[i]->id, prefix)) continue;
        ts_str rest = ts_str_from(d->asked[i]->id, prefix.n), name = ts_str_cut(&rest, '.');
        ts_str path = ts_str_to(d->asked[i]->id, prefix.n + name.n);
        bool first = true;
        for (size_t k = 0; k < i && first; k++) {
            ts_str other = ts_str_to(d->asked[k]->id, path.n + 1);
            first = !ts_str_starts(other, path) || (other.n > path.n && other.p[path.n] != '.');
        }
        if (!first) continue;
        ts_jsonw_key_str(w, name);
        if (rest.n)
            write_level(w, d, ts_str_to(d->asked[i]->id, path.n + 1));
        else
            ts_jsonw_null(w);
    }
    ts_jsonw_end(w);
}

/* ---- the draft ---- */

static void write_product(ts_jsonw *w, const draft *d) {
    cli *c = d->c;
    ts_jsonw_key(w, "product");
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", d->product.text);
    ts_jsonw_kstr(w, "name", ts_str_c(option(c, "name")));
    ts_jsonw_kstr_opt(w, "modelNumber", ts_str_c(option(c, "model-number")));
    if (d->grain != TS_GRAIN_MODEL)
        ts_jsonw_kstr_opt(w, "batchNumber", ts_str_c(option(c, "batch")));
    if (d->grain == TS_GRAIN_ITEM) ts_jsonw_kstr_opt(w, "itemNumber", d->serial);
    ts_jsonw_end(w);
}

static void write_links(ts_jsonw *w, const draft *d) {
    const char *model = option(d->c, "of-model"), *batch = option(d->c, "of-batch");
    if (!model && !batch) return;
    ts_jsonw_key(w, "links");
    ts_jsonw_object(w);
    ts_jsonw_kstr_opt(w, "model", ts_str_c(model));
    ts_jsonw_kstr_opt(w, "batch", ts_str_c(batch));
    ts_jsonw_end(w);
}

static void write_draft(ts_jsonw *w, const draft *d, ts_str id) {
    cli *c = d->c;
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "format", TS_S("touchstone-passport-1"));
    ts_jsonw_kstr(w, "id", id);
    ts_jsonw_kstr(w, "granularity", ts_str_c(ts_grain_name(d->grain)));
    write_product(w, d);
    ts_jsonw_key(w, "operator");
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", ts_str_c(option(c, "operator")));
    ts_jsonw_kstr_opt(w, "name", ts_str_c(option(c, "operator-name")));
    ts_jsonw_end(w);
    write_links(w, d);
    ts_jsonw_key(w, "packs");
    ts_jsonw_array(w);
    for (size_t i = 0; i < d->packs; i++) {
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "id", d->pack[i].id);
        ts_jsonw_kstr_opt(w, "category", d->pack[i].category);
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
    ts_jsonw_kstr(w, "status", TS_S("active"));
    ts_jsonw_key(w, "elements");
    write_level(w, d, TS_NONE);
    ts_jsonw_end(w);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    draft *d = ts_new(&c->arena, draft);
    ts_str id = ts_str_c(option(c, "id"));
    d->c = c;
    if (!option(c, "name") || !option(c, "operator")) {
        ts_fail(&e, TS_E_USAGE, "give the product's --name and its --operator (a DID or address)");
        return usage(c, &e);
    }
    if (!read_product(d, &e) || !read_packs(d, &e))
        return e.code == TS_E_USAGE ? usage(c, &e) : failed(&e);
    if (!id.n && !ts_urn_new(&c->arena, &id, &e)) return failed(&e);
    collect(d);
    ts_buf b = ts_buf_new(&c->arena, 4 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    w.pretty = true;
    write_draft(&w, d, id);
    ts_log_note("%zu %s to fill in (null now), and for UNTP the product's productCategory, "
                "producedAtFacility and countryOfProduction; then `touchstone passport check`",
                d->asked_n, plural(d->asked_n, "element", "elements"));
    return passport_output(c, ts_buf_str(&b), true);
}

static const option_spec options[] = {
    {"gtin", "NUMBER", "the product's GTIN (8, 12, 13 or 14 digits); makes a Digital Link", false},
    {"product", "ID", "instead: a Digital Link, an IEC 61406 link, or a DID", false},
    {"granularity", "LEVEL", "model, batch or item (default: item)", false},
    {"batch", "LOT", "batch or lot number", false},
    {"serial", "TEXT",
     "serial number (default: 14 random characters, which tell neither time nor volume)", false},
    {"stem", "URL", "your resolver, for the Digital Link (default: https://id.gs1.org)", false},
    {"name", "TEXT", "the product's name", false},
    {"model-number", "TEXT", "its model or type number", false},
    {"operator", "ID", "DID or address of the economic operator responsible", false},
    {"operator-name", "TEXT", "its name", false},
    {"of-model", "PASSPORT", "passport of the model it belongs to", false},
    {"of-batch", "PASSPORT", "passport of the batch it belongs to", false},
    {"pack", "NAME[:CATEGORY]", "what it must carry, e.g. battery:ev (default: generic); repeat",
     true},
    {"all", 0, "list conditional and optional elements, too", false},
    {"id", "ID", "the passport's id (default: a random urn:uuid)", false},
    {"out", "FILE", "write here instead of to standard output", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport new --gtin 9521234543213 --name 'Kettle 1.7 l' --operator "
    "did:web:maker.example --out kettle.json",
    "A draft for one item, with a serial number made for it.",
    "touchstone passport new --gtin 9521234543213 --granularity model --pack battery:ev --name "
    "'Pack 60' --operator did:web:maker.example",
    "What the passport of a model of traction battery must say.",
    0,
};
const command cmd_passport_new = {"passport new",
                                  0,
                                  "begin a passport: a draft with every element that is asked for",
                                  "Writes a passport document to fill in. The packs say what a "
                                  "product group's passport must carry; "
                                  "each element asked for at this level stands there as null.",
                                  options,
                                  examples,
                                  run};
