#include "affected.h"

#include "affected_index.h"
#include "affected_part.h"

/* What is known of a record so far: its answer and how it came by it. */
enum {
    ANSWER = 3,
    THROUGH = 4,
    WEAK = 8,      /* open, since nothing could be compared */
    PARTS_IN = 16, /* of a batch or model: a part or origin of it is inside, so its items are */
    PARTS_OPEN = 32
};

typedef struct via {
    uint32_t record; /* 1 + the next on the way; 0 = by itself */
    uint32_t as;     /* affected_as */
} via;

typedef struct query {
    ts_arena *a;
    const ts_affected_job *job;
    const ax_index *x;
    const ts_affect *affect;
    uint8_t *state;                                   /* by record */
    via *via;                                         /* by record; NULL where nothing is linked */
    uint32_t *member, *next_of_batch, *next_of_model; /* 1 + class; made when first asked for */
    struct {
        uint32_t *v;
        size_t n, cap;
    } queue, groups;
    /* the product whose identity was looked at last */
    uint32_t fact, batch, model;
    bool has_identity;
    ts_identity identity;
    ts_error *e;
} query;

static const char *const as_names[] = {"batch", "model", "component", "predecessor"};
const char *affected_as_name(affected_as as) { return as_names[as]; }

/* ---- What a class states ---- */

static ts_known known_of(const ax_index *x, const ax_class *c, ts_str serial) {
    const ax_fact *f = &x->facts[c->fact];
    return (ts_known){.gtin = ax_text(x, f->gtin),
                      .lot = ax_text(x, c->lot),
                      .serial = serial,
                      .made = c->made,
                      .brand = ax_text(x, f->brand),
                      .model = ax_text(x, f->model),
                      .name = ax_text(x, f->name),
                      .operator_name = ax_text(x, f->maker),
                      .sealed = c->sealed};
}

typedef struct levels {
    ts_known v[TS_KNOWN_LEVELS];
    uint32_t record[TS_KNOWN_LEVELS]; /* 1 + record of the batch or model; 0 = itself */
    affected_as as[TS_KNOWN_LEVELS];
    size_t n;
} levels;

static void add_level(const ax_index *x, uint32_t record, affected_as as, levels *l) {
    if (!record) return;
    l->v[l->n] = known_of(x, &x->classes[ax_class_of(x, record - 1)], TS_NONE);
    l->as[l->n] = as;
    l->record[l->n++] = record;
}

static levels levels_of(const ax_index *x, const ax_class *c, ts_str serial) {
    levels l = {.n = 1};
    l.v[0] = known_of(x, c, serial);
    add_level(x, c->batch, AFFECTED_BATCH, &l);
    add_level(x, c->model, AFFECTED_MODEL, &l);
    return l;
}

/* ---- Each class by itself ---- */

static const ts_identity *identity_of(query *q, const ax_class *c, const ts_known *p) {
    if (!q->has_identity || q->fact != c->fact || q->batch != c->batch || q->model != c->model)
        q->identity = ts_affect_identity(q->affect, p);
    q->has_identity = true;
    q->fact = c->fact;
    q->batch = c->batch;
    q->model = c->model;
    return &q->identity;
}

static uint8_t state_of(const ts_affected *r) {
    bool weak = r->inside == TS_OPEN && r->touch == TS_TOUCH_NO;
    return (uint8_t)((unsigned)r->inside | (weak ? WEAK : 0));
}

static void judge_serials(query *q, const ax_class *c, levels *l, const ts_identity *who,
                          ts_known *p) {
    for (uint32_t i = c->first; i < c->first + c->n; i++) {
        ts_arena work = *q->a;
        ts_affected r;
        size_t ignored;
        p->serial = l->v[0].serial = ax_serial(q->x, q->x->records[i].serial);
        r = who ? ts_affect_fit(q->affect, who, p)
                : ts_affect_levels(&work, q->affect, l->v, l->n, &ignored);
        q->state[i] = state_of(&r);
    }
}

static void judge_class(query *q, const ax_class *c) {
    ts_arena work = *q->a;
    ts_known p;
    levels l = levels_of(q->x, c, TS_NONE);
    size_t ignored;
    bool plain = ts_known_merge(q->affect, l.v, l.n, &p);
    const ts_identity *who = plain ? identity_of(q, c, &p) : 0;
    ts_affected r = plain ? ts_affect_fit(q->affect, who, &p)
                          : ts_affect_levels(&work, q->affect, l.v, l.n, &ignored);
    /* A serial cannot bring back what lot, day or identity exclude. */
    bool serials = ts_affect_has_serials(q->affect) && c->grain == TS_GRAIN_ITEM;
    if (serials && r.inside != TS_NO)
        judge_serials(q, c, &l, who, &p);
    else
        memset(q->state + c->first, state_of(&r), c->n);
}

/* ---- Through batches, models, components and predecessors ---- */

static bool spreads(uint8_t state) { return !(state & WEAK) && (state & ANSWER) != TS_NO; }

/* A batch or model of which a part is hit passes it on to its members, whatever it is itself. */
static void mark_group(query *q, uint32_t record, ts_answer inside) {
    unsigned bit = inside == TS_YES ? PARTS_IN : PARTS_OPEN;
    if ((q->state[record] & (PARTS_IN | bit)) ||
        q->x->classes[ax_class_of(q->x, record)].grain == TS_GRAIN_ITEM)
        return;
    q->state[record] = (uint8_t)(q->state[record] | bit);
    *ts_push(q->a, &q->groups) = record;
}

static void mark_through(query *q, uint32_t record, ts_answer inside, uint32_t by, affected_as as) {
    ts_answer now = (ts_answer)(q->state[record] & ANSWER);
    bool weak = q->state[record] & WEAK;
    mark_group(q, record, inside);
    if (now == TS_YES || (now == TS_OPEN && !weak && inside == TS_OPEN)) return;
    unsigned parts = q->state[record] & (PARTS_IN | PARTS_OPEN);
    q->state[record] = (uint8_t)((unsigned)inside | THROUGH | parts);
    q->via[record] = (via){by + 1, as};
    *ts_push(q->a, &q->queue) = record;
}

static void list_members(query *q) {
    const ax_index *x = q->x;
    q->member = ts_new_n(q->a, uint32_t, x->head.n[AX_RECORDS] * 2);
    q->next_of_batch = ts_new_n(q->a, uint32_t, x->head.n[AX_CLASSES]);
    q->next_of_model = ts_new_n(q->a, uint32_t, x->head.n[AX_CLASSES]);
    for (uint32_t i = 0; i < x->head.n[AX_CLASSES]; i++) {
        const ax_class *c = &x->classes[i];
        uint32_t *batch = c->batch ? &q->member[2 * (c->batch - 1)] : 0,
                 *model = c->model ? &q->member[2 * (c->model - 1) + 1] : 0;
        if (batch) q->next_of_batch[i] = *batch, *batch = i + 1;
        if (model) q->next_of_model[i] = *model, *model = i + 1;
    }
}

/* What a batch or a model is made of, its items are. */
static void mark_members(query *q, uint32_t record, ts_answer inside) {
    bool model = q->x->classes[ax_class_of(q->x, record)].grain == TS_GRAIN_MODEL;
    if (!q->member) list_members(q);
    for (uint32_t c = q->member[2 * record + model]; c;
         c = (model ? q->next_of_model : q->next_of_batch)[c - 1]) {
        const ax_class *k = &q->x->classes[c - 1];
        for (uint32_t i = k->first; i < k->first + k->n; i++)
            mark_through(q, i, inside, record, model ? AFFECTED_MODEL : AFFECTED_BATCH);
    }
}

static size_t first_edge(const ax_index *x, uint32_t target) {
    size_t lo = 0, hi = x->head.n[AX_EDGES];
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (x->edges[mid].target < target)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void mark_wholes(query *q, uint32_t record, ts_answer inside) {
    const ax_index *x = q->x;
    for (size_t i = first_edge(x, record); i < x->head.n[AX_EDGES] && x->edges[i].target == record;
         i++)
        mark_through(q, x->edges[i].source, inside, record,
                     x->edges[i].predecessor ? AFFECTED_PREDECESSOR : AFFECTED_COMPONENT);
}

/* Those inside first, then what is open. Each record is taken up at most twice, so that circles do
 * no harm. */
static void spread(query *q, ts_answer inside) {
    const ax_index *x = q->x;
    q->queue.n = q->groups.n = 0;
    for (size_t i = 0; i < x->head.n[AX_EDGES]; i++) {
        uint32_t t = x->edges[i].target;
        bool first = i == 0 || x->edges[i - 1].target != t;
        uint8_t s = q->state[t];
        if (first && spreads(s) && (s & ANSWER) == inside && !(s & THROUGH))
            mark_wholes(q, t, inside);
    }
    for (size_t i = 0, k = 0; i < q->queue.n || k < q->groups.n;)
        if (i < q->queue.n)
            mark_wholes(q, q->queue.v[i++], inside);
        else
            mark_members(q, q->groups.v[k++], inside);
}

/* ---- What is told ---- */

static bool name_of(query *q, uint32_t record, ts_str *id, ts_str *product) {
    const ax_index *x = q->x;
    uint32_t number = x->records[record].number;
    if (number) return ts_store_place_names(q->job->store, q->a, number, id, product, q->e);
    *id = *product = ax_text(x, x->classes[ax_class_of(x, record)].part);
    return true;
}

static ts_affected own_answer(query *q, uint32_t record, levels *l, size_t *level) {
    const ax_index *x = q->x;
    const ax_class *c = &x->classes[ax_class_of(x, record)];
    *l = levels_of(x, c, ax_serial(x, x->records[record].serial));
    return ts_affect_levels(q->a, q->affect, l->v, l->n, level);
}

/* The answer of where the way begins is how surely it is touched. */
static ts_touch touch_at_origin(query *q, uint32_t record) {
    ts_arena mark = *q->a;
    levels l;
    size_t level;
    while (q->state[record] & THROUGH) record = q->via[record].record - 1;
    ts_touch t = own_answer(q, record, &l, &level).touch;
    *q->a = mark;
    return t;
}

static bool fill_row(query *q, uint32_t record, ts_affected_row *row) {
    levels l;
    size_t level;
    ts_str ignored;
    *row = (ts_affected_row){.grain = (ts_grain)q->x->classes[ax_class_of(q->x, record)].grain};
    if (!name_of(q, record, &row->passport, &row->product)) return false;
    if (q->state[record] & THROUGH) {
        const via *v = &q->via[record];
        row->found = (ts_affected){.inside = (ts_answer)(q->state[record] & ANSWER),
                                   .touch = touch_at_origin(q, record),
                                   .reason = ts_why_name(TS_WHY_THROUGH)};
        row->through_as = affected_as_name((affected_as)v->as);
        return name_of(q, v->record - 1, &row->through, &ignored);
    }
    row->found = own_answer(q, record, &l, &level);
    if (!l.record[level]) return true;
    row->through_as = affected_as_name(l.as[level]);
    return name_of(q, l.record[level] - 1, &row->through, &ignored);
}

/* All records with this answer, but for parts without passports. */
static bool tell(query *q, ts_answer inside, bool *on) {
    const ax_index *x = q->x;
    for (size_t k = 0; *on && k < x->head.n[AX_CLASSES]; k++) {
        const ax_class *c = &x->classes[k];
        for (uint32_t i = c->first; *on && !c->part && i < c->first + c->n; i++) {
            ts_arena mark = *q->a;
            ts_affected_row row;
            if ((q->state[i] & ANSWER) != inside) continue;
            if (!fill_row(q, i, &row)) return false;
            *on = q->job->each(q->job->ctx, &row);
            *q->a = mark;
        }
    }
    return true;
}

static void count(const query *q, ts_affected_counts *out) {
    const ax_index *x = q->x;
    uint64_t n[4] = {0};
    for (size_t k = 0; k < x->head.n[AX_CLASSES]; k++) {
        const ax_class *c = &x->classes[k];
        for (uint32_t i = c->first; !c->part && i < c->first + c->n; i++) n[q->state[i] & ANSWER]++;
    }
    *out = (ts_affected_counts){x->head.passports, n[TS_YES], n[TS_OPEN], n[TS_NO]};
}

static bool ask(query *q, ts_affected_counts *out) {
    const ax_index *x = q->x;
    bool on = true;
    q->state = ts_new_n(q->a, uint8_t, x->head.n[AX_RECORDS]);
    for (size_t i = 0; i < x->head.n[AX_CLASSES]; i++) judge_class(q, &x->classes[i]);
    if (x->head.n[AX_EDGES]) {
        q->via = ts_new_n(q->a, via, x->head.n[AX_RECORDS]);
        spread(q, TS_YES);
        spread(q, TS_OPEN);
    }
    count(q, out);
    if (!q->job->each) return true;
    return tell(q, TS_YES, &on) && tell(q, TS_OPEN, &on) && (!q->job->all || tell(q, TS_NO, &on));
}

typedef struct asking {
    query q;
    ts_arena *work;
    ts_affected_counts *out;
} asking;

/* What is told may be kept in the caller's arena, so the work is done in another. One that is full
 * ends here, where the table is given back. */
static bool ask_guarded(void *ctx, ts_arena *a, ts_error *e) {
    asking *w = ctx;
    w->work->land = a->land;
    w->q.a = w->work;
    w->q.e = e;
    w->q.affect = ts_affect_new(w->work, w->q.job->notice);
    return ask(&w->q, w->out);
}

static bool ask_held(ts_arena *a, const ts_affected_job *job, ts_affected_counts *out,
                     ts_error *e) {
    enum { ROOM_GIB = 4 };
    ax_index x;
    if (!ax_open(job->store, job->no_index, &x, e)) return false;
    ts_arena room = ts_arena_new((size_t)ROOM_GIB << 30), work = room;
    asking w = {.q = {.job = job, .x = &x}, .work = &work, .out = out};
    bool ok = ts_arena_guard(ask_guarded, &w, a, e);
    ts_arena_free(&room, (size_t)ROOM_GIB << 30);
    ax_close(&x);
    return ok;
}

bool ts_passports_affected(ts_arena *a, const ts_affected_job *job, ts_affected_counts *out,
                           ts_error *e) {
    bool held;
    *out = (ts_affected_counts){0};
    if (!ts_places_complete(a, job->store, e) || !ts_store_hold(job->store, &held, e)) return false;
    bool ok = ask_held(a, job, out, e);
    ts_store_release(job->store, held);
    return ok;
}
