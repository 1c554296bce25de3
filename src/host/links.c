#include "links.h"

#include "place.h"

static const char *const languages[] = {"en", "de", "zh"};
enum { SAME_MAX = 8, ADDRESS_MAX = 16000 };

/* ---- Finding ---- */

/* The parts of a canonical identifier: "https://id.gs1.org", then "/01/0952…", "/10/A1", …: an AI
 * with its value, which holds no '/'. */
typedef struct code_parts {
    ts_str part[8];
    size_t n;
} code_parts;

static code_parts cut_parts(const ts_product_id *id) {
    code_parts p = {0};
    ts_str rest = ts_str_from(id->text, sizeof "https://id.gs1.org" - 1);
    while (rest.n && p.n < sizeof p.part / sizeof *p.part) {
        size_t ai = ts_str_chr(ts_str_from(rest, 1), '/');
        if (ai == TS_NPOS) break;
        size_t value = ts_str_chr(ts_str_from(rest, ai + 2), '/');
        size_t n = value == TS_NPOS ? rest.n : ai + 2 + value;
        p.part[p.n++] = ts_str_to(rest, n);
        rest = ts_str_from(rest, n);
    }
    return p;
}

static bool is_serial(ts_str part) {
    return ts_str_starts(part, TS_S("/21/")) || ts_str_starts(part, TS_S("/235/")) ||
           ts_str_starts(part, TS_S("/8011/"));
}

/* The identifier with the qualifiers whose bits are set. */
static ts_str with_parts(ts_arena *a, const code_parts *p, unsigned set) {
    ts_buf b = ts_buf_new(a, ADDRESS_MAX);
    ts_buf_lit(&b, "https://id.gs1.org");
    ts_buf_put(&b, p->part[0]);
    for (size_t i = 1; i < p->n; i++)
        if (set >> (i - 1) & 1) ts_buf_put(&b, p->part[i]);
    return ts_buf_str(&b);
}

/* Closer is what keeps the serial, then what keeps more. */
static int closeness(const code_parts *p, unsigned set) {
    int n = 0;
    for (size_t i = 1; i < p->n; i++)
        if (set >> (i - 1) & 1) n += is_serial(p->part[i]) ? 100 : 1;
    return n;
}

/* The set that comes next: the closest below `last` in the order of closeness, then of numbers. */
static bool next_set(const code_parts *p, unsigned *last, bool first) {
    unsigned sets = 1u << (p->n - 1), best = sets;
    for (unsigned s = 0; s < sets; s++) {
        bool behind = first || closeness(p, s) < closeness(p, *last) ||
                      (closeness(p, s) == closeness(p, *last) && s < *last);
        if (!behind) continue;
        if (best == sets || closeness(p, s) > closeness(p, best) ||
            (closeness(p, s) == closeness(p, best) && s > best))
            best = s;
    }
    *last = best;
    return best != sets;
}

/* Active ones first, then the newest. */
static bool better(const ts_passport_row *x, const ts_passport_row *y) {
    bool xa = ts_str_is(x->status, "active"), ya = ts_str_is(y->status, "active");
    return xa != ya ? xa : x->at > y->at;
}

static bool known(const ts_passport_rows *rows, ts_str id) {
    for (size_t i = 0; i < rows->n; i++)
        if (ts_str_eq(rows->v[i].id, id)) return true;
    return false;
}

static bool look_up(ts_arena *a, ts_store *s, ts_str product, ts_link_levels *out, ts_error *e) {
    ts_passport_rows rows = {0};
    if (!ts_store_passports(s, a, product, TS_NONE, SAME_MAX, &rows, e)) return false;
    for (size_t i = 1; i < rows.n; i++) /* insertion: a handful */
        for (size_t k = i; k > 0 && better(&rows.v[k], &rows.v[k - 1]); k--) {
            ts_passport_row row = rows.v[k];
            rows.v[k] = rows.v[k - 1];
            rows.v[k - 1] = row;
        }
    bool first = !out->rows.n;
    for (size_t i = 0; i < rows.n; i++)
        if (!known(&out->rows, rows.v[i].id)) *ts_push(a, &out->rows) = rows.v[i];
    if (first) out->same = out->rows.n;
    return true;
}

/* A passport that another one links as its batch or model. */
static bool add_linked(ts_arena *a, ts_store *s, ts_str id, ts_link_levels *out, ts_error *e) {
    ts_passport_row row;
    bool found;
    if (!id.n || known(&out->rows, id)) return true;
    if (!ts_store_passport(s, a, id, &row, &found, e)) return false;
    row.document = TS_NONE;
    if (found) *ts_push(a, &out->rows) = row;
    return true;
}

static int level(const ts_passport_row *r) {
    return ts_str_is(r->grain, "item") ? 0 : ts_str_is(r->grain, "batch") ? 1 : 2;
}

static bool add_above(ts_arena *a, ts_store *s, ts_link_levels *out, ts_error *e) {
    for (size_t i = 0; i < out->rows.n && i < 16; i++) {
        const ts_passport_row r = out->rows.v[i];
        if (!add_linked(a, s, r.batch, out, e) || !add_linked(a, s, r.model, out, e)) return false;
    }
    for (size_t i = 1; i < out->rows.n; i++)
        for (size_t k = i; k > out->same && level(&out->rows.v[k]) < level(&out->rows.v[k - 1]);
             k--) {
            ts_passport_row row = out->rows.v[k];
            out->rows.v[k] = out->rows.v[k - 1];
            out->rows.v[k - 1] = row;
        }
    return true;
}

/* A serial number is one of its trade item number, whatever the lot: a code without the lot names
 * the same item as an identifier with it (GS1 General Specifications, AI 21). */
static bool look_up_serial(ts_arena *a, ts_store *s, const ts_product_id *id, ts_link_levels *out,
                           ts_error *e) {
    const ts_gs1 *asked = &id->link.ais;
    ts_str serial = ts_gs1_get(asked, "21");
    ts_place place;
    ts_strs products = {0};
    ts_error ignored;
    if (!serial.n || ts_gs1_get(asked, "10").n) return true;
    ts_place_of_id(a, id, &place);
    if (!ts_store_items(s, a, place.gtin, place.serial, SAME_MAX, &products, e)) return false;
    for (size_t i = 0; i < products.n; i++) {
        ts_product_id found;
        if (ts_product_id_read(a, products.v[i], &found, &ignored) &&
            ts_str_eq(ts_gs1_get(&found.link.ais, "21"), serial) &&
            !look_up(a, s, products.v[i], out, e))
            return false;
    }
    return true;
}

bool ts_links_find(ts_arena *a, ts_store *s, const ts_product_id *id, bool all, ts_link_levels *out,
                   ts_error *e) {
    *out = (ts_link_levels){0};
    if (!look_up(a, s, id->text, out, e)) return false;
    if (!out->rows.n && id->kind == TS_PID_GS1 && !look_up_serial(a, s, id, out, e)) return false;
    out->exact = out->rows.n > 0;
    if (id->kind == TS_PID_GS1 && (all || !out->rows.n)) {
        code_parts p = cut_parts(id);
        unsigned set = 0;
        for (bool first = true; p.n && next_set(&p, &set, first); first = false) {
            bool none = !out->rows.n;
            if (!look_up(a, s, with_parts(a, &p, set), out, e)) return false;
            if (none && out->rows.n) out->exact = closeness(&p, set) >= 100;
            if (!all && out->rows.n) break;
        }
    }
    return !all || add_above(a, s, out, e);
}

/* ---- Addresses ---- */

/* Whether a path begins like a Digital Link: what is asked there is a product, not a passport. */
static bool is_code(ts_str path) {
    ts_str rest = ts_str_from(path, 1), first = ts_str_cut(&rest, '/');
    for (size_t i = 0; i < first.n; i++)
        if (!ts_is_digit(first.p[i]) && first.p[i] != '%') return false;
    return true;
}

/* Whether the id is an address of ours that may be asked as it stands. One that is the code of a
 * product leads here by itself: sent there, a reader would go round in a circle. */
static bool is_below(ts_str base, ts_str id) {
    return ts_str_starts(id, base) && id.n > base.n + 1 && id.p[base.n] == '/' &&
           ts_str_chr(id, '?') == TS_NPOS && ts_str_chr(id, '#') == TS_NPOS &&
           !is_code(ts_str_from(id, base.n));
}

ts_str ts_passport_address(ts_arena *a, ts_str base, ts_str passport, const char *format,
                           const char *language) {
    ts_buf b = ts_buf_new(a, ADDRESS_MAX);
    char sign = '?';
    if (is_below(base, passport)) {
        ts_buf_put(&b, passport);
    } else {
        ts_buf_put(&b, base);
        ts_buf_lit(&b, "/passport?id=");
        ts_uri_encode(&b, passport);
        sign = '&';
    }
    if (format) {
        ts_buf_fmt(&b, "%cformat=%s", sign, format);
        sign = '&';
    }
    if (language) ts_buf_fmt(&b, "%clang=%s", sign, language);
    return ts_buf_str(&b);
}

ts_str ts_link_anchor(ts_arena *a, ts_str base, ts_str product) {
    ts_str stem = TS_S("https://id.gs1.org/");
    if (!ts_str_starts(product, stem)) return product;
    ts_str parts[] = {base, ts_str_from(product, stem.n - 1)};
    return ts_str_join(a, parts, 2, TS_NONE);
}

/* BASE, the beginning of a query such as "/x?product=", and the product. */
static ts_str query_address(ts_arena *a, ts_str base, const char *query, ts_str product) {
    ts_buf b = ts_buf_new(a, ADDRESS_MAX);
    ts_buf_put(&b, base);
    ts_buf_put(&b, ts_str_c(query));
    ts_uri_encode(&b, product);
    return ts_buf_str(&b);
}

ts_str ts_product_address(ts_arena *a, ts_str base, ts_str product) {
    return query_address(a, base, "/passport?id=", product);
}

/* ---- Links ---- */

typedef struct making {
    ts_arena *a;
    const ts_links_job *job;
    ts_link_context *context;
} making;

static ts_link *add(making *m, const char *relation, ts_str href, const char *title) {
    ts_link *l = ts_push(m->a, &m->context->links);
    ts_str parts[] = {TS_S(TS_GS1_VOC), ts_str_c(relation)};
    ts_buf key = ts_buf_new(m->a, 100);
    ts_buf_fmt(&key, "page.link.%s", title);
    l->relation = ts_str_join(m->a, parts, 2, TS_NONE);
    l->href = href;
    l->title = ts_say(m->job->c, ts_str_z(m->a, ts_buf_str(&key)));
    l->bare = true;
    return l;
}

/* `passport`: its id, or the product that was asked for. */
static void add_variants(making *m, const char *relation, ts_str passport, ts_str signed_media) {
    ts_str base = m->job->base;
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        ts_link *l =
            add(m, relation, ts_passport_address(m->a, base, passport, 0, languages[i]), "page");
        l->media = TS_S("text/html");
        *ts_push(m->a, &l->language) = ts_str_c(languages[i]);
    }
    add(m, relation, ts_passport_address(m->a, base, passport, "en18223", 0), "json")->media =
        TS_S("application/json");
    if (signed_media.n)
        add(m, relation, ts_passport_address(m->a, base, passport, "signed", 0), "signed")->media =
            signed_media;
}

/* The media type of a signed form: by its name, else by its first byte. */
static bool media_of(const making *m, const ts_secured_row *row, ts_str *media, ts_error *e) {
    ts_arena scratch = *m->a;
    ts_secured_row whole;
    bool found = false, json = ts_str_ends(row->form, TS_S("-di"));
    if (!json && !ts_str_ends(row->form, TS_S("-jose"))) {
        if (!ts_store_secured_by_id(m->job->store, &scratch, row->credential, &whole, &found, e))
            return false;
        json = found && ts_str_starts(ts_str_trim(whole.bytes), TS_S("{"));
    }
    *media = json ? TS_S("application/vc") : TS_S("application/vc+jwt");
    return true;
}

/* Of the public signed form that ts_export gives, the last; empty when there is none. */
static bool signed_media(const making *m, const ts_passport_row *row, ts_str *media, ts_error *e) {
    ts_secured_rows rows = {0};
    const ts_secured_row *last = 0;
    *media = TS_NONE;
    if (!ts_store_secured_heads(m->job->store, m->a, row->id, row->version, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++)
        if (ts_str_is(rows.v[i].audience, "public")) last = &rows.v[i];
    return !last || media_of(m, last, media, e);
}

/* The product's name, for people; the identifier where it has none. */
static bool describe(making *m, const ts_passport_row *row, ts_error *e) {
    ts_passport_row whole;
    bool found;
    ts_error ignored;
    m->context->description = row->product;
    if (!ts_store_passport(m->job->store, m->a, row->id, &whole, &found, e)) return false;
    const ts_json *root =
        found ? ts_json_parse(m->a, whole.document, (ts_json_options){.strict = true}, &ignored)
              : 0;
    ts_str name = ts_json_str(ts_json_member(ts_json_member(root, "product"), "name"));
    if (name.n) m->context->description = name;
    return true;
}

static void add_page_part(making *m, const char *relation, ts_str passport, const char *part) {
    ts_str pieces[] = {ts_passport_address(m->a, m->job->base, passport, 0, 0), ts_str_c(part)};
    ts_link *l = add(m, relation, ts_str_join(m->a, pieces, 2, TS_S("#")), part);
    l->media = TS_S("text/html");
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        *ts_push(m->a, &l->language) = ts_str_c(languages[i]);
}

static bool add_level(making *m, const ts_passport_row *row, ts_error *e) {
    ts_str media, base = m->job->base;
    m->context->anchor = ts_link_anchor(m->a, base, row->product);
    if (!describe(m, row, e) || !signed_media(m, row, &media, e)) return false;
    add(m, "defaultLink", ts_passport_address(m->a, base, row->id, 0, 0), "page")->bare = false;
    add_variants(m, "defaultLinkMulti", row->id, media);
    add_variants(m, "dpp", row->id, media);
    add(m, "recallStatus", query_address(m->a, base, "/recall-status?product=", row->product),
        "recall")
        ->media = TS_S("application/json");
    add_page_part(m, "safetyInfo", row->id, "safety");
    add_page_part(m, "certificationInfo", row->id, "evidence");
    add(m, "traceability", query_address(m->a, base, "/epcis/events?product=", row->product),
        "events")
        ->media = TS_S("application/ld+json");
    return true;
}

/* Further passports of the same product, such as one of a second life: their pages. */
static void add_others(making *m, const ts_link_levels *l) {
    for (size_t i = 1; i < l->same; i++)
        add(m, "dpp", ts_passport_address(m->a, m->job->base, l->rows.v[i].id, 0, 0), "other")
            ->media = TS_S("text/html");
}

/* What was asked for has nothing of its own but the page that says so. */
static bool add_asked(making *m, const ts_passport_row *closest, ts_error *e) {
    ts_str media, asked = m->job->asked;
    m->context->anchor = ts_link_anchor(m->a, m->job->base, asked);
    if (!describe(m, closest, e) || !signed_media(m, closest, &media, e)) return false;
    add(m, "defaultLink", ts_product_address(m->a, m->job->base, asked), "page")->bare = false;
    add_variants(m, "defaultLinkMulti", asked, media);
    return true;
}

bool ts_links_of(ts_arena *a, const ts_links_job *job, const ts_link_levels *l, ts_link_set *out,
                 ts_error *e) {
    *out = (ts_link_set){0};
    if (!l->exact && job->asked.n && l->rows.n) {
        making m = {.a = a, .job = job, .context = ts_push(a, &out->contexts)};
        if (!add_asked(&m, &l->rows.v[0], e)) return false;
    }
    for (size_t i = 0; i < l->rows.n; i++) {
        if (i > 0 && i < l->same) continue;
        making m = {.a = a, .job = job, .context = ts_push(a, &out->contexts)};
        if (!add_level(&m, &l->rows.v[i], e)) return false;
        if (i == 0) add_others(&m, l);
    }
    return true;
}
