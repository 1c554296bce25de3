/* affected - which of a million item passports does a notice hit?
 *
 *   bench_affected STORE [COUNT]
 *
 * Makes a store with COUNT items (default 1,000,000) in batches of a thousand of ten models, and
 * 1,000 second-life products made of some of them, unless STORE is there; builds the table of
 * passports; asks 100 notices and holds every answer against what the numbers of the items say.
 * Only what a notice is held against is written: documents are empty and nothing is signed.
 * Everything runs on one thread; the times of the notices are the processor's, so that what else
 * runs on the machine does not count.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/host.h"

enum { MODELS = 10, BATCH = 1000, SECOND_LIVES = 1000, PARTS = 3, SCOPES = 100, DAY = 20500 };

typedef struct world {
    ts_arena *a;
    ts_store *s;
    uint64_t items, batches;
} world;

static int stop(const ts_error *e) {
    ts_log_error(e);
    return 1;
}

/* ---- the world: everything follows from an item's number ---- */

static ts_str text(ts_arena *a, const char *format, unsigned long long n) {
    char room[128];
    snprintf(room, sizeof room, format, n);
    return ts_str_dup(a, ts_str_c(room));
}

static ts_str gtin_of(ts_arena *a, uint64_t model) {
    char d[15];
    unsigned sum = 0;
    snprintf(d, sizeof d, "0401234%06llu", (unsigned long long)model);
    for (int i = 0; i < 13; i++) sum += (unsigned)(d[i] - '0') * (i % 2 ? 1 : 3);
    d[13] = (char)('0' + (10 - sum % 10) % 10);
    return ts_str_dup(a, (ts_str){d, 14});
}

static uint64_t batch_of(uint64_t item) { return item / BATCH; }
static uint64_t model_of(uint64_t batch) { return batch % MODELS; }
/* Of every 97th item nobody knows the batch, of every fifth the day. */
static bool lot_known(uint64_t item) { return item % 97 != 0; }
static int32_t day_of(uint64_t item) {
    return item % 5 ? DAY + (int32_t)(batch_of(item) % 700 + item % BATCH / 250) : TS_NO_DAY;
}
static uint64_t part_of(const world *w, uint64_t second, unsigned nth) {
    return (second * 7919 + nth * 104729) % w->items;
}

static bool add(world *w, ts_place *p, const ts_place_edge *edges, size_t n, ts_error *e) {
    p->operator_name = TS_S("Voltara GmbH");
    p->operator_id = TS_S("did:web:voltara.example");
    p->sealed = true;
    ts_passport_row row = {.id = p->id,
                           .product = p->product,
                           .grain = ts_str_c(ts_grain_name((ts_grain)p->grain)),
                           .model = p->model,
                           .batch = p->batch,
                           .status = TS_S("active"),
                           .safety = TS_S("none_known"),
                           .operator_id = p->operator_id,
                           .digest = TS_S("00"),
                           .document = TS_S("{}"),
                           .place = p,
                           .edges = edges,
                           .edges_n = n};
    return ts_store_add_passport(w->s, &row, DAY * 86400ll, e);
}

static ts_place place(ts_arena *a, uint64_t model, ts_grain grain) {
    return (ts_place){.gtin = gtin_of(a, model),
                      .name = TS_S("Traction battery"),
                      .brand = TS_S("Voltara"),
                      .model_name = text(a, "KX-%04llu", 100 + model),
                      .made = TS_NO_DAY,
                      .grain = (int)grain};
}

static bool add_model(world *w, ts_arena a, uint64_t m, ts_error *e) {
    ts_place p = place(&a, m, TS_GRAIN_MODEL);
    p.id = text(&a, "https://id.example.com/m/%llu", m);
    p.product = text(&a, "https://id.gs1.org/01/%014llu", strtoull(p.gtin.p, 0, 10));
    return add(w, &p, 0, 0, e);
}

static bool add_batch(world *w, ts_arena a, uint64_t b, ts_error *e) {
    ts_place p = place(&a, model_of(b), TS_GRAIN_BATCH);
    p.id = text(&a, "https://id.example.com/b/%llu", b);
    p.product = text(&a, "https://id.gs1.org/01/x/10/B%06llu", b);
    p.model = text(&a, "https://id.example.com/m/%llu", model_of(b));
    p.lot = text(&a, "B%06llu", b);
    return add(w, &p, 0, 0, e);
}

static bool add_item(world *w, ts_arena a, uint64_t i, ts_error *e) {
    uint64_t b = batch_of(i);
    ts_place p = place(&a, model_of(b), TS_GRAIN_ITEM);
    p.id = text(&a, "https://id.example.com/i/%llu", i);
    p.product = text(&a, "https://id.gs1.org/01/x/21/S%08llu", i);
    p.model = text(&a, "https://id.example.com/m/%llu", model_of(b));
    if (lot_known(i)) p.batch = text(&a, "https://id.example.com/b/%llu", b);
    p.brand = p.model_name = TS_NONE; /* its model states them */
    p.serial = text(&a, "S%08llu", i);
    p.made = day_of(i);
    return add(w, &p, 0, 0, e);
}

static bool add_second_life(world *w, ts_arena a, uint64_t k, ts_error *e) {
    ts_place p = place(&a, 77, TS_GRAIN_ITEM);
    ts_place_edge edges[PARTS];
    p.id = text(&a, "https://id.example.com/s/%llu", k);
    p.product = text(&a, "https://id.gs1.org/01/y/21/%llu", k);
    p.brand = TS_S("Revolta");
    p.model_name = TS_S("SH-50");
    p.serial = text(&a, "R%08llu", k);
    for (unsigned i = 0; i < PARTS; i++)
        edges[i] = (ts_place_edge){
            p.id, text(&a, "https://id.example.com/i/%llu", part_of(w, k, i)), i == 0};
    return add(w, &p, edges, PARTS, e);
}

typedef bool adder(world *w, ts_arena a, uint64_t n, ts_error *e);
static bool add_all(world *w, adder *fn, uint64_t n, ts_error *e) {
    enum { AT_ONCE = 20000 };
    bool ok = true;
    for (uint64_t i = 0; ok && i < n;) {
        if (!ts_store_begin(w->s, e)) return false;
        for (uint64_t k = 0; ok && k < AT_ONCE && i < n; k++, i++) ok = fn(w, *w->a, i, e);
        ok = ts_store_end(w->s, ok, e);
    }
    return ok;
}

static bool make(world *w, ts_error *e) {
    uint64_t start = ts_nanos();
    bool ok = add_all(w, add_model, MODELS, e) && add_all(w, add_batch, w->batches, e) &&
              add_all(w, add_item, w->items, e) && add_all(w, add_second_life, SECOND_LIVES, e);
    printf("made %llu items, %llu batches, %d models, %d second-life products in %.0f s\n",
           (unsigned long long)w->items, (unsigned long long)w->batches, MODELS, SECOND_LIVES,
           (double)(ts_nanos() - start) / 1e9);
    return ok;
}

/* ---- notices, and what they must find ---- */

typedef struct scope {
    uint64_t model; /* MODELS: another brand's */
    bool by_gtin;
    uint64_t lot_from, lot_to, lot_step; /* batches; step 0: none */
    bool lot_range;
    int32_t from, to;                /* days; TS_NO_DAY: none */
    uint64_t serial_from, serial_to; /* items; to 0: none */
    bool serial_list;
} scope;

static uint64_t seed = 1;
static uint64_t draw(uint64_t n) { return ts_mix(seed++) % n; }

static scope make_scope(const world *w, unsigned kind) {
    scope s = {.model = draw(MODELS), .by_gtin = kind < 6 || kind == 9, .from = TS_NO_DAY};
    if (kind == 8) s.model = MODELS;
    if (kind == 1 || kind == 6 || kind == 9) {
        s.lot_from = s.model + MODELS * draw(w->batches / MODELS + 1);
        s.lot_step = MODELS;
        s.lot_to = s.lot_from + MODELS * draw(20);
    }
    if (kind == 2) {
        s.lot_from = draw(w->batches);
        s.lot_to = s.lot_from + draw(200);
        s.lot_step = 1;
        s.lot_range = true;
    }
    if (kind == 3 || kind == 9) {
        s.from = DAY + (int32_t)draw(600);
        s.to = s.from + (int32_t)draw(60);
    }
    if (kind == 4 || kind == 5) {
        s.serial_from = draw(w->items);
        s.serial_to = s.serial_from + (kind == 4 ? 1000 : 50000);
        s.serial_list = kind == 4;
    }
    return s;
}

static ts_notice notice_of(const scope *s, ts_arena *a) {
    ts_notice n = {.id = TS_S("bench:1"), .published = DAY, .modified = TS_NO_DAY};
    if (s->by_gtin) {
        ts_identifier *id = ts_push(a, &n.identifiers);
        *id = (ts_identifier){.kind = TS_ID_GTIN, .text = gtin_of(a, s->model), .labelled = true};
        ts_u64_parse(id->text, &id->gtin);
    } else {
        *ts_push(a, &n.brands) = s->model < MODELS ? TS_S("VOLTARA") : TS_S("Corvid");
        *ts_push(a, &n.models) = text(a, "kx %04llu", 100 + s->model % MODELS);
    }
    for (uint64_t b = s->lot_from; s->lot_step && !s->lot_range && b <= s->lot_to; b += s->lot_step)
        *ts_push(a, &n.scope.lots) = text(a, "B%06llu", b);
    if (s->lot_range)
        *ts_push(a, &n.scope.lot_ranges) =
            (ts_code_range){text(a, "B%06llu", s->lot_from), text(a, "B%06llu", s->lot_to)};
    if (s->from != TS_NO_DAY) *ts_push(a, &n.scope.made) = (ts_day_range){s->from, s->to};
    for (uint64_t i = s->serial_from; s->serial_list && i <= s->serial_to; i++)
        *ts_push(a, &n.scope.serials) = text(a, "S%08llu", i);
    if (s->serial_to && !s->serial_list)
        *ts_push(a, &n.scope.serial_ranges) =
            (ts_code_range){text(a, "S%08llu", s->serial_from), text(a, "S%08llu", s->serial_to)};
    return n;
}

/* One product of the given model of which batch, day and item may be known. */
static ts_answer answer_of(const scope *s, uint64_t model, bool lot, uint64_t batch, int32_t day,
                           bool serial, uint64_t item) {
    bool yes = false, limited = s->lot_step || s->from != TS_NO_DAY || s->serial_to;
    if (model != s->model) return TS_NO;
    if (s->lot_step && lot) {
        bool in =
            batch >= s->lot_from && batch <= s->lot_to && (batch - s->lot_from) % s->lot_step == 0;
        if (!in) return TS_NO;
        yes = true;
    }
    if (s->serial_to && serial) {
        if (item < s->serial_from || item > s->serial_to) return TS_NO;
        yes = true;
    }
    if (s->from != TS_NO_DAY && day != TS_NO_DAY) {
        if (day < s->from || day > s->to) return TS_NO;
        yes = true;
    }
    return yes || !limited ? TS_YES : TS_OPEN;
}

static ts_answer item_answer(const scope *s, uint64_t i) {
    uint64_t b = batch_of(i);
    return answer_of(s, model_of(b), lot_known(i), b, day_of(i), true, i);
}

static void expect(const world *w, const scope *s, uint64_t n[3]) {
    for (uint64_t i = 0; i < w->items; i++) n[item_answer(s, i)]++;
    for (uint64_t b = 0; b < w->batches; b++)
        n[answer_of(s, model_of(b), true, b, TS_NO_DAY, false, 0)]++;
    for (uint64_t m = 0; m < MODELS; m++) n[answer_of(s, m, false, 0, TS_NO_DAY, false, 0)]++;
    for (uint64_t k = 0; k < SECOND_LIVES; k++) {
        ts_answer worst = TS_NO;
        for (unsigned i = 0; i < PARTS; i++) {
            ts_answer one = item_answer(s, part_of(w, k, i));
            if (one == TS_YES || (one == TS_OPEN && worst == TS_NO)) worst = one;
        }
        n[worst]++;
    }
}

/* ---- measuring ---- */

static bool told(void *ctx, const ts_affected_row *row) {
    uint64_t *n = ctx;
    *n += row->passport.n > 0;
    return true;
}

typedef struct figures {
    double count[SCOPES], list[SCOPES];
    uint64_t rows, most_rows;
} figures;

static bool one(const world *w, unsigned k, figures *f, ts_error *e) {
    ts_arena a = *w->a;
    scope s = make_scope(w, k % 10);
    ts_notice n = notice_of(&s, &a);
    uint64_t want[3] = {0}, rows = 0;
    ts_affected_counts got;
    const ts_affected_job count = {.store = w->s, .notice = &n},
                          list = {.store = w->s, .notice = &n, .each = told, .ctx = &rows};
    double best = INFINITY;
    for (int round = 0; round < 3; round++) {
        uint64_t start = ts_cpu_nanos();
        if (!ts_passports_affected(&a, &count, &got, e)) return false;
        best = fmin(best, (double)(ts_cpu_nanos() - start) / 1e6);
    }
    f->count[k] = best;
    uint64_t start = ts_cpu_nanos();
    if (!ts_passports_affected(&a, &list, &got, e)) return false;
    f->list[k] = (double)(ts_cpu_nanos() - start) / 1e6;
    f->rows += rows;
    if (rows > f->most_rows) f->most_rows = rows;
    expect(w, &s, want);
    if (want[TS_YES] == got.inside && want[TS_OPEN] == got.open && want[TS_NO] == got.outside)
        return true;
    return ts_fail(e, TS_E_STORE,
                   "notice %u: inside %llu, open %llu, outside %llu; they are %llu, %llu, %llu", k,
                   (unsigned long long)got.inside, (unsigned long long)got.open,
                   (unsigned long long)got.outside, (unsigned long long)want[TS_YES],
                   (unsigned long long)want[TS_OPEN], (unsigned long long)want[TS_NO]);
}

static int by_size(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void say(const char *what, double *v) {
    qsort(v, SCOPES, sizeof *v, by_size);
    printf("%-48s median %8.2f ms, worst %8.2f ms\n", what, v[SCOPES / 2], v[SCOPES - 1]);
}

static bool table(world *w, ts_error *e) {
    char path[1100];
    struct stat st = {0};
    ts_notice n = {.id = TS_S("bench:0"), .modified = TS_NO_DAY};
    ts_affected_counts got;
    const ts_affected_job job = {.store = w->s, .notice = &n};
    snprintf(path, sizeof path, "%s.passports.idx", ts_store_path(w->s));
    unlink(path);
    uint64_t start = ts_nanos();
    if (!ts_passports_affected(w->a, &job, &got, e)) return false;
    printf("table of %llu passports made in %.1f s", (unsigned long long)got.looked_at,
           (double)(ts_nanos() - start) / 1e9);
    if (stat(path, &st) == 0) printf(", %.1f MB", (double)st.st_size / 1e6);
    printf("\n");
    return true;
}

static bool measure(world *w, ts_error *e) {
    static figures f;
    if (!table(w, e)) return false;
    for (unsigned k = 0; k < SCOPES; k++)
        if (!one(w, k, &f, e)) return false;
    printf("%d notices, each answer as the items' numbers say\n", SCOPES);
    say("counted, best of three", f.count);
    say("listed with ids", f.list);
    printf("%llu rows listed, at most %llu for one notice\n", (unsigned long long)f.rows,
           (unsigned long long)f.most_rows);
    return true;
}

int main(int argc, char **argv) {
    ts_arena a = ts_arena_new((size_t)8 << 30);
    ts_error e = {0};
    world w = {.a = &a, .items = argc > 2 ? strtoull(argv[2], 0, 10) : 1000000};
    if (argc < 2 || !w.items) {
        fprintf(stderr, "usage: bench_affected STORE [COUNT]\n");
        return 2;
    }
    bool there = access(argv[1], F_OK) == 0;
    w.batches = (w.items + BATCH - 1) / BATCH;
    w.s = ts_store_open(&a, argv[1], TS_STORE_WRITE, &e);
    if (!w.s) return stop(&e);
    bool ok = (there || make(&w, &e)) && measure(&w, &e);
    ts_store_close(w.s);
    return ok ? 0 : stop(&e);
}
