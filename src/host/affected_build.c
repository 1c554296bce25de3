/* The table of passports is made: rows are read, what they name is looked up, and all is put in
 * order. */
#include <stdlib.h>

#include "affected_index.h"
#include "place.h"

typedef struct row {
    ax_class c; /* model and batch: words until they are looked up, then 1 + row */
    ax_record r;
    uint32_t class;
} row;

typedef struct link {
    uint32_t from, to; /* rows */
    uint32_t predecessor;
} link;

typedef struct building {
    ts_arena *a;
    ts_arena work; /* taken by value */
    ts_store *s;
    ts_error *e;
    ts_map by_text, by_fact, parts, by_class;
    struct {
        ax_word *v;
        size_t n, cap;
    } words;
    struct {
        ax_fact *v;
        size_t n, cap;
    } facts;
    struct {
        row *v;
        size_t n, cap;
    } rows;
    struct {
        link *v;
        size_t n, cap;
    } links;
    struct {
        ax_class *v;
        size_t n, cap;
    } classes;
    uint32_t *found; /* by word, as a model and as a batch: 1 + what it is; 0 = not looked up */
    ts_buf text, serials;
    size_t passports;
    bool full, failed;
} building;

/* ---- Words ---- */

static uint32_t word(building *b, ts_str text) {
    bool fresh;
    if (!text.n) return 0;
    uint64_t *v = ts_map_get(&b->by_text, text);
    if (v) return (uint32_t)*v;
    size_t at = b->text.n;
    ts_buf_put(&b->text, text);
    b->full |= b->text.full;
    v = ts_map_put(b->a, &b->by_text, ts_str_dup(b->a, text), &fresh);
    *v = b->words.n;
    *ts_push(b->a, &b->words) = (ax_word){(uint32_t)at, (uint32_t)text.n};
    return (uint32_t)*v;
}

static ts_str word_text(const building *b, uint32_t w) {
    return (ts_str){b->text.p + b->words.v[w].at, b->words.v[w].n};
}

static uint32_t fact(building *b, const ts_place *p) {
    ax_fact f = {word(b, p->gtin), word(b, p->brand), word(b, p->model_name), word(b, p->name),
                 word(b, p->operator_name)};
    ts_str key = {(const char *)&f, sizeof f};
    uint64_t *v = ts_map_get(&b->by_fact, key);
    if (v) return (uint32_t)*v;
    bool fresh;
    v = ts_map_put(b->a, &b->by_fact, ts_str_dup(b->a, key), &fresh);
    *v = b->facts.n;
    *ts_push(b->a, &b->facts) = f;
    return (uint32_t)*v;
}

static uint32_t serial(building *b, ts_str s) {
    if (!s.n) return 0;
    size_t at = b->serials.n, n = s.n < UINT16_MAX ? s.n : UINT16_MAX;
    ts_buf_c(&b->serials, (char)(n & 255));
    ts_buf_c(&b->serials, (char)(n >> 8));
    ts_buf_put(&b->serials, ts_str_to(s, n));
    b->full |= b->serials.full;
    return (uint32_t)at;
}

/* ---- Rows ---- */

static row *add_row(building *b, const ts_place *p, uint32_t number) {
    row *r = ts_push(b->a, &b->rows);
    *r = (row){.c = {.fact = fact(b, p),
                     .lot = word(b, p->lot),
                     .made = p->made,
                     .model = word(b, p->model),
                     .batch = word(b, p->batch),
                     .grain = (uint8_t)p->grain,
                     .sealed = p->sealed},
               .r = {number, serial(b, p->serial)}};
    return r;
}

static bool one_place(void *ctx, int64_t number, const ts_place *p) {
    building *b = ctx;
    b->full |= number > UINT32_MAX || b->rows.n >= UINT32_MAX / 2;
    if (!b->full) add_row(b, p, (uint32_t)number);
    return !b->full;
}

/* Row of the passport with a number; rows of passports stand in the order of their numbers. */
static uint32_t row_numbered(const building *b, int64_t number) {
    size_t lo = 0, hi = b->passports;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (b->rows.v[mid].r.number < number)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < b->passports && b->rows.v[lo].r.number == number ? (uint32_t)lo : UINT32_MAX;
}

/* 1 + the row of the passport with this id that is of a given level; 0 when it is not here. */
static bool look_up(building *b, ts_str id, ts_grain grain, uint32_t *out) {
    ts_arena work = b->work;
    ts_place_numbers found = {0};
    *out = 0;
    if (!ts_store_place_numbers(b->s, &work, id, &found, b->e)) return false;
    for (size_t i = 0; i < found.n && !*out; i++) {
        uint32_t at = row_numbered(b, found.v[i]);
        if (at != UINT32_MAX && b->rows.v[at].c.grain == grain) *out = at + 1;
    }
    return true;
}

static bool resolve_word(building *b, uint32_t *ref, ts_grain grain) {
    if (!*ref) return true;
    uint32_t *known = &b->found[2 * *ref + (grain == TS_GRAIN_BATCH)];
    if (!*known) {
        uint32_t at;
        if (!look_up(b, word_text(b, *ref), grain, &at)) return false;
        *known = 1 + at;
    }
    *ref = *known - 1;
    return true;
}

/* An item that names its batch alone is of the batch's model. */
static bool resolve_rows(building *b) {
    b->found = ts_new_n(b->a, uint32_t, 2 * b->words.n);
    for (size_t i = 0; i < b->rows.n; i++) {
        ax_class *c = &b->rows.v[i].c;
        if (!resolve_word(b, &c->model, TS_GRAIN_MODEL) ||
            !resolve_word(b, &c->batch, TS_GRAIN_BATCH))
            return false;
    }
    for (size_t i = 0; i < b->rows.n; i++) {
        ax_class *c = &b->rows.v[i].c;
        if (!c->model && c->batch) c->model = b->rows.v[c->batch - 1].c.model;
    }
    return true;
}

/* ---- What products are made of and come from ---- */

bool affected_above(ts_arena *a, const ts_place *p, ts_str *model, ts_str *batch) {
    ts_buf id = ts_buf_new(a, 4000);
    *model = *batch = TS_NONE;
    if (!p->gtin.n) return false;
    ts_buf_lit(&id, "https://id.gs1.org/01/");
    ts_buf_put(&id, p->gtin);
    *model = ts_buf_str(&id);
    size_t end = ts_str_find(p->product, TS_S("/21/"));
    if (p->lot.n) *batch = ts_str_to(p->product, end == TS_NPOS ? p->product.n : end);
    return true;
}

bool affected_part(ts_arena *a, ts_str id, ts_place *out) {
    ts_product_id read = {0};
    ts_error ignored = {0};
    if (!ts_product_id_read(a, id, &read, &ignored)) return false;
    ts_place_of_id(a, &read, out);
    out->sealed = true; /* who made the whole signed what it was made of */
    return out->gtin.n > 0;
}

/* The row of a part without a passport here; UINT32_MAX where its identifier says nothing. */
static bool part_row(building *b, ts_str to, uint32_t *out) {
    ts_place p;
    ts_str model, batch;
    uint32_t up[2] = {0};
    *out = UINT32_MAX;
    if (!affected_part(&b->work, to, &p) || !affected_above(&b->work, &p, &model, &batch))
        return true;
    if (!look_up(b, model, TS_GRAIN_MODEL, &up[0]) ||
        (batch.n && !look_up(b, batch, TS_GRAIN_BATCH, &up[1])))
        return false;
    uint32_t name = word(b, to);
    row *r = add_row(b, &p, 0);
    r->c.part = name;
    r->c.model = up[0];
    r->c.batch = up[1];
    *out = (uint32_t)(b->rows.n - 1);
    return true;
}

static void add_link(building *b, uint32_t from, uint32_t to, bool predecessor) {
    if (from != to) *ts_push(b->a, &b->links) = (link){from, to, predecessor};
}

static bool one_edge(void *ctx, int64_t from_number, ts_str to, bool predecessor) {
    building *b = ctx;
    ts_arena mark = b->work;
    ts_place_numbers found = {0};
    uint32_t from = row_numbered(b, from_number), part = UINT32_MAX;
    uint64_t *known = ts_map_get(&b->parts, to);
    if (from == UINT32_MAX) return true;
    if (known) return add_link(b, from, (uint32_t)*known, predecessor), true;
    b->failed |= !affected_meant(&b->work, b->s, to, &found, b->e);
    for (size_t i = 0; i < found.n; i++) {
        uint32_t at = row_numbered(b, found.v[i]);
        if (at != UINT32_MAX) add_link(b, from, at, predecessor);
    }
    b->failed |= !found.n && !b->failed && !part_row(b, to, &part);
    if (!found.n && !b->failed && part != UINT32_MAX) {
        *ts_map_put(b->a, &b->parts, word_text(b, b->rows.v[part].c.part), 0) = part;
        add_link(b, from, part, predecessor);
    }
    b->work = mark;
    return !b->full && !b->failed;
}

/* ---- Classes ---- */

/* Rows that state the same are of one class; classes stand in the order of their first row. */
static void group_rows(building *b) {
    for (size_t i = 0; i < b->rows.n; i++) {
        row *r = &b->rows.v[i];
        bool fresh = true, again = i && memcmp(&r->c, &b->rows.v[i - 1].c, sizeof r->c) == 0;
        if (again) {
            r->class = b->rows.v[i - 1].class;
        } else {
            ts_str key = {(const char *)&r->c, sizeof r->c};
            uint64_t *class = ts_map_put(b->a, &b->by_class, key, &fresh);
            if (fresh) {
                *class = b->classes.n;
                *ts_push(b->a, &b->classes) = r->c;
            }
            r->class = (uint32_t) * class;
        }
    }
}

/* ---- Bytes ---- */

typedef struct section {
    const void *p;
    size_t n, size;
} section;

/* Head and sections as one piece, each section on a multiple of eight. */
static ts_str join(ts_arena *a, ax_head *h, const section *v) {
    size_t n = sizeof *h;
    for (int i = 0; i < AX_SECTIONS; i++) n += v[i].n * v[i].size + 8;
    char *p = (char *)ts_new_raw(a, uint64_t, n / 8 + 1);
    n = sizeof *h;
    for (int i = 0; i < AX_SECTIONS; i++) {
        while (n % 8) p[n++] = 0;
        h->at[i] = n;
        h->n[i] = v[i].n;
        if (v[i].n) memcpy(p + n, v[i].p, v[i].n * v[i].size);
        n += v[i].n * v[i].size;
    }
    h->size = n;
    h->digest = ts_digest_of((ts_str){p + sizeof *h, n - sizeof *h});
    memcpy(p, h, sizeof *h);
    return (ts_str){p, n};
}

/* Where each row goes: class by class. */
static uint32_t *new_places(building *b, ax_class *classes) {
    uint32_t *to = ts_new_n(b->a, uint32_t, b->rows.n), at = 0;
    for (size_t i = 0; i < b->rows.n; i++) classes[b->rows.v[i].class].n++;
    for (size_t i = 0; i < b->classes.n; i++) {
        classes[i].first = at;
        at += classes[i].n;
        classes[i].n = 0;
    }
    for (size_t i = 0; i < b->rows.n; i++) {
        ax_class *c = &classes[b->rows.v[i].class];
        to[i] = c->first + c->n++;
    }
    return to;
}

static ax_edge *edges_by_target(building *b, const uint32_t *to) {
    uint32_t *at = ts_new_n(b->a, uint32_t, b->rows.n + 1);
    ax_edge *v = ts_new_n(b->a, ax_edge, b->links.n);
    for (size_t i = 0; i < b->links.n; i++) at[to[b->links.v[i].to] + 1]++;
    for (size_t i = 0; i < b->rows.n; i++) at[i + 1] += at[i];
    for (size_t i = 0; i < b->links.n; i++) {
        const link *l = &b->links.v[i];
        v[at[to[l->to]]++] = (ax_edge){to[l->to], to[l->from], l->predecessor};
    }
    return v;
}

static ts_str put_all(building *b, ax_head *h) {
    ax_class *classes = ts_new_n(b->a, ax_class, b->classes.n);
    ax_record *records = ts_new_n(b->a, ax_record, b->rows.n);
    if (b->classes.n) memcpy(classes, b->classes.v, b->classes.n * sizeof *classes);
    uint32_t *to = new_places(b, classes);
    for (size_t i = 0; i < b->rows.n; i++) records[to[i]] = b->rows.v[i].r;
    for (size_t i = 0; i < b->classes.n; i++) {
        if (classes[i].model) classes[i].model = to[classes[i].model - 1] + 1;
        if (classes[i].batch) classes[i].batch = to[classes[i].batch - 1] + 1;
    }
    const section v[AX_SECTIONS] = {
        [AX_WORDS] = {b->words.v, b->words.n, sizeof *b->words.v},
        [AX_TEXT] = {b->text.p, b->text.n, 1},
        [AX_FACTS] = {b->facts.v, b->facts.n, sizeof *b->facts.v},
        [AX_CLASSES] = {classes, b->classes.n, sizeof *classes},
        [AX_RECORDS] = {records, b->rows.n, sizeof *records},
        [AX_EDGES] = {edges_by_target(b, to), b->links.n, sizeof(ax_edge)},
        [AX_SERIALS] = {b->serials.p, b->serials.n, 1}};
    return join(b->a, h, v);
}

static bool state_of(ts_store *s, ax_head *h, ts_error *e) {
    ts_log_head log;
    if (!ts_store_place_mark(s, &h->mark, e) || !ts_store_log_head(s, &log, e)) return false;
    h->log_size = log.size;
    memcpy(h->log_hash, &log.hash, sizeof h->log_hash);
    return true;
}

bool ax_build(ts_arena *a, ts_store *s, ts_str *bytes, ts_error *e) {
    enum { WORK_MIB = 16, SCRATCH_GIB = 4 };
    ax_head h = {.magic = "tsPASSP", .version = AX_VERSION, .sections = AX_SECTIONS};
    building b = {.a = a, .s = s, .e = e};
    b.work.beg = ts_new_raw(a, char, (size_t)WORK_MIB << 20);
    b.work.end = b.work.beg + ((size_t)WORK_MIB << 20);
    b.work.land = a->land;
    b.text = ts_buf_new(a, (size_t)1 << 30);
    b.serials = ts_buf_new(a, (size_t)1 << 30);
    ts_buf_c(&b.serials, 0);
    ts_push(a, &b.words);
    if (!state_of(s, &h, e)) return false;
    ts_arena scratch = ts_arena_new((size_t)SCRATCH_GIB << 30);
    bool ok = ts_store_each_place(s, scratch, 0, one_place, &b, e);
    h.passports = b.passports = b.rows.n;
    ok = ok && resolve_rows(&b) && ts_store_each_edge(s, scratch, one_edge, &b, e);
    ts_arena_free(&scratch, (size_t)SCRATCH_GIB << 30);
    if (!ok || b.failed) return false;
    group_rows(&b);
    if (b.full)
        return ts_fail(e, TS_E_LIMIT, "the store holds more passports than one table takes");
    *bytes = put_all(&b, &h);
    return true;
}
