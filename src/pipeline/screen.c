#include "screen.h"

#include <stdio.h>

#include "shown.h"

enum { WORKERS_MAX = 64, CHUNKS_PER_WORKER = 3, NAMED_MAX = 20 };

/* A lead waiting for its turn, with its own copy of what it points to (all of it in the chunk's
 * arena). */
typedef struct found {
    ts_offer offer;
    ts_notice notice;
    ts_lead lead;
    ts_scope_verdict scope;
    ts_legal_effect effect;
    const ts_offered *shown; /* the passport it rests on; NULL = none */
    bool unjudged;
    uint64_t number; /* of the offer in its chunk */
} found;

/* An offer that shows passports, until the writer has asked whether others show them, too. */
typedef struct shower {
    ts_offer offer;
    ts_offereds shown;
    uint64_t number;
} shower;

/* An input file being read or with chunks still on their way; closed when the last of them has been
 * written. */
typedef struct input {
    ts_arena room, arena;
    ts_offer_source *source;
    int users; /* the reader, and each chunk on its way */
} input;
enum { INPUT_ROOM_MIB = 1024 };

typedef struct chunk {
    ts_offer_chunk c;
    input *from;
    size_t source; /* number in the summary */
    uint64_t sequence;
    struct {
        found *v;
        size_t n, cap;
    } leads;
    struct {
        shower *v;
        size_t n, cap;
    } showers;
    struct {
        ts_error *v;
        size_t n, cap;
    } problems;
    uint64_t offers, bad, mended, outside;
} chunk;

typedef struct screening {
    const ts_screen_job *job;
    ts_arena *a;
    ts_screen_summary *sum;
    input *inputs; /* one per file */
    ts_queue free, filled, done;
    chunk *chunks;
    size_t chunks_n;
    chunk **waiting; /* finished chunks whose turn has not come */
    unsigned workers;
    ts_match_counts counts[WORKERS_MAX];
    bool reader_failed;
    ts_error failures[64];
    size_t failures_n;
    uint64_t read;               /* chunks handed out */
    void *checkers[WORKERS_MAX]; /* of passports */
    shown_items items;
} screening;

typedef struct worker {
    screening *s;
    unsigned number;
} worker;

/* ---- reader ---- */

static void failed(screening *s, size_t source, const ts_error *e) {
    s->sum->sources[source].failed = true;
    if (s->failures_n < 64) s->failures[s->failures_n++] = *e;
}

static void input_release(input *in) {
    if (__atomic_sub_fetch(&in->users, 1, __ATOMIC_ACQ_REL) != 0) return;
    ts_offers_close(in->source);
    ts_arena_free(&in->room, (size_t)INPUT_ROOM_MIB << 20);
}

/* Fills chunks until the file ends. False when the others have gone home. */
static bool read_chunks(screening *s, size_t i) {
    input *in = &s->inputs[i];
    for (;;) {
        ts_error e = {0};
        chunk *c = ts_queue_take(&s->free);
        if (!c) return false;
        ts_read_result rc = ts_offers_fill(in->source, &c->c, &e);
        c->from = in;
        c->source = i;
        if (rc == TS_READ_FAILED) failed(s, i, &e);
        if (rc != TS_READ_RECORD) return ts_queue_put(&s->free, c);
        c->sequence = s->read++;
        __atomic_add_fetch(&in->users, 1, __ATOMIC_ACQ_REL);
        if (!ts_queue_put(&s->filled, c)) return false;
    }
}

static const char *format_says(ts_offer_format f) {
    static const char *const says[TS_OF_COUNT] = {
        "unknown",           "JSON, one offer per line",   "JSON",
        "table (CSV)",       "product feed (RSS or Atom)", "HTML page",
        "web archive (WARC)"};
    return says[f];
}

static bool read_source(screening *s, size_t i) {
    ts_error e = {0};
    input *in = &s->inputs[i];
    in->room = in->arena = ts_arena_new((size_t)INPUT_ROOM_MIB << 20);
    in->users = 1;
    in->source = ts_offers_open(&in->arena, s->job->offers[i], s->job->options, &e);
    bool go_on = true;
    if (in->source) {
        s->sum->sources[i].format = ts_offers_format(in->source);
        ts_log_note("%s: %s", s->sum->sources[i].name, format_says(s->sum->sources[i].format));
        go_on = read_chunks(s, i);
    } else {
        failed(s, i, &e);
    }
    input_release(in);
    return go_on;
}

static void *reader_main(void *arg) {
    screening *s = arg;
    for (size_t i = 0; i < s->job->offers_n && read_source(s, i); i++) {}
    ts_queue_close(&s->filled);
    return 0;
}

/* ---- workers ---- */

static ts_scope_verdict scope_of(ts_arena scratch, const ts_offer *o, const ts_notice *n) {
    ts_scope item = {0};
    if (ts_scope_limited(&n->scope)) {
        ts_scope_read(&scratch, o->title, false, &item);
        ts_scope_read(&scratch, ts_str_clip(o->description, 20000), false, &item);
        for (size_t i = 0; i < o->attributes.n; i++) {
            ts_str parts[2] = {o->attributes.v[i].name, o->attributes.v[i].value};
            ts_scope_read(&scratch, ts_str_join(&scratch, parts, 2, TS_S(": ")), false, &item);
        }
    }
    return ts_scope_fit(&n->scope, &item);
}

/* Whether a lead with this notice was kept for the offer because of what it shows. */
static bool kept_by_identity(const chunk *c, uint32_t notice) {
    for (size_t i = c->leads.n; i-- > 0 && c->leads.v[i].number == c->offers;)
        if (c->leads.v[i].shown && c->leads.v[i].lead.notice == notice) return true;
    return false;
}

static const ts_lead *matched_with(const ts_leads *leads, uint32_t notice) {
    for (size_t i = 0; i < leads->n; i++)
        if (leads->v[i].notice == notice) return &leads->v[i];
    return 0;
}

static void keep_hit(screening *s, chunk *c, const ts_offer *o, const ts_offered *shown,
                     const ts_offered_hit *h, const ts_leads *leads) {
    ts_error e;
    const ts_lead *matched = matched_with(leads, h->notice);
    found f = {.offer = *o, .shown = shown, .unjudged = !matched, .number = c->offers};
    if (!ts_index_notice(s->job->index, h->notice, &c->c.arena, &f.notice, &e)) return;
    shown_hit_lead(&c->c.arena, shown, h, matched, &f.lead);
    f.scope = shown_scope(h, scope_of(c->c.arena, o, &f.notice));
    f.effect = ts_legal_effect_of(&f.notice, o->market);
    *ts_push(&c->c.arena, &c->leads) = f;
}

/* What an offer shows: leads with the notices that hit it, and the offer itself for the writer.
 * Gives whether it shows anything. */
static bool keep_shown(screening *s, chunk *c, const ts_offer *o, const ts_offereds *shown,
                       const ts_leads *leads) {
    unsigned most = s->job->match.per_offer ? s->job->match.per_offer : 8, n = 0;
    if (!shown->n) return false;
    for (size_t i = 0; i < shown->n; i++)
        for (size_t k = 0; k < shown->v[i].hits.n && n < most; k++) {
            const ts_offered_hit *h = &shown->v[i].hits.v[k];
            if (!shown_hits(h) || kept_by_identity(c, h->notice)) continue;
            keep_hit(s, c, o, &shown->v[i], h, leads);
            n++;
        }
    *ts_push(&c->c.arena, &c->showers) =
        (shower){.offer = *o, .shown = *shown, .number = c->offers};
    return true;
}

static void problem(chunk *c, const ts_error *e) {
    c->bad++;
    *ts_push(&c->c.arena, &c->problems) = *e;
}

/* Before the leads by likeness: those by identity come first. */
static bool look_at_shown(screening *s, unsigned by, chunk *c, const ts_offer *o,
                          const ts_leads *leads) {
    ts_offereds shown = {0};
    ts_error e = {0};
    if (s->job->passports->check(s->checkers[by], &c->c.arena, o, &shown, &e))
        return keep_shown(s, c, o, &shown, leads);
    ts_fail_at(&e, ts_offers_name(c->from->source), o->record, 0);
    problem(c, &e);
    return false;
}

/* Keeps an offer's leads in the chunk; gives whether there was any (then the offer's memory must
 * stay). */
static bool keep_leads(screening *s, chunk *c, const ts_offer *o, const ts_leads *leads) {
    bool kept = false;
    for (size_t i = 0; i < leads->n; i++) {
        ts_error e;
        found f = {.offer = *o, .lead = leads->v[i], .number = c->offers};
        if (c->showers.n && kept_by_identity(c, f.lead.notice)) continue;
        if (!ts_index_notice(s->job->index, leads->v[i].notice, &c->c.arena, &f.notice, &e))
            continue;
        f.scope = scope_of(c->c.arena, o, &f.notice);
        f.effect = ts_legal_effect_of(&f.notice, o->market);
        if (f.scope.inside == TS_NO && !s->job->include_outside) {
            c->outside++;
            continue;
        }
        *ts_push(&c->c.arena, &c->leads) = f;
        kept = true;
    }
    return kept;
}

typedef struct chunk_job {
    worker *w;
    chunk *c;
    ts_matcher *m;
} chunk_job;

static bool work_chunk(void *ctx, ts_arena *a, ts_error *e) {
    chunk_job *job = ctx;
    chunk *c = job->c;
    screening *s = job->w->s;
    ts_offer_reader r = ts_offers_read(c->from->source, &c->c);
    (void)e;
    for (;;) {
        ts_arena mark = *a;
        bool keep = ts_offers_pending(&r);
        ts_offer o;
        ts_error bad = {0};
        ts_leads leads = {0};
        ts_read_result rc = ts_offers_next(&r, a, &o, &bad);
        if (rc == TS_READ_END) break;
        if (rc == TS_READ_BAD) {
            problem(c, &bad);
            continue;
        }
        c->offers++;
        ts_match(job->m, a, &o, &leads);
        if (s->job->watch) s->job->watch(s->job->watch_ctx, job->w->number, &o, &leads);
        keep |= ts_offers_pending(&r);
        if (s->job->passports) keep |= look_at_shown(s, job->w->number, c, &o, &leads);
        if (!(leads.n && keep_leads(s, c, &o, &leads)) && !keep) *a = mark;
    }
    c->mended = r.mended;
    return true;
}

static void begin_chunk(chunk *c) {
    c->leads.v = 0, c->leads.n = c->leads.cap = 0;
    c->showers.v = 0, c->showers.n = c->showers.cap = 0;
    c->problems.v = 0, c->problems.n = c->problems.cap = 0;
    c->offers = c->bad = c->mended = c->outside = 0;
}

static void *worker_main(void *arg) {
    enum { ROOM_MIB = 512 };
    worker *w = arg;
    ts_arena room = ts_arena_new((size_t)ROOM_MIB << 20), mine = room;
    ts_matcher *m = ts_matcher_new(&mine, w->s->job->index, w->s->job->match);
    for (chunk *c; (c = ts_queue_take(&w->s->filled));) {
        ts_error e = {0};
        begin_chunk(c);
        chunk_job job = {w, c, m};
        if (!ts_arena_guard(work_chunk, &job, &c->c.arena, &e)) {
            begin_chunk(c); /* what the chunk had found went with its memory */
            ts_fail_at(&e, ts_offers_name(c->from->source), c->c.first_record, 0);
            problem(c, &e);
        }
        if (!ts_queue_put(&w->s->done, c)) break;
    }
    w->s->counts[w->number] = ts_matcher_counts(m);
    ts_matcher_free(m);
    ts_arena_free(&room, (size_t)ROOM_MIB << 20);
    return 0;
}

/* ---- writer (the calling thread) ---- */

static void name_problems(screening *s, const chunk *c) {
    ts_screen_source *src = &s->sum->sources[c->source];
    for (size_t i = 0; i < c->problems.n; i++) {
        if (src->bad + i < NAMED_MAX)
            ts_log_error(&c->problems.v[i]);
        else if (src->bad + i == NAMED_MAX)
            ts_log_problem("%s: more records are wrong; they are counted and not named", src->name);
    }
    if (c->mended && !src->mended)
        ts_log_problem(
            "%s:%llu: text here or a little below is not UTF-8; malformed bytes were replaced",
            src->name, (unsigned long long)c->c.first_record);
}

static bool hand_on(screening *s, const ts_lead_record *r, ts_error *e) {
    s->sum->leads++;
    s->sum->strong += r->lead->grade == TS_GRADE_STRONG;
    s->sum->shown_leads += r->shown != 0;
    return s->job->sink->lead(s->job->sink, r, e);
}

static bool write_lead(screening *s, ts_str source, const found *f, ts_error *e) {
    ts_lead_record r = {.source = source,
                        .offer = &f->offer,
                        .notice = &f->notice,
                        .lead = &f->lead,
                        .scope = f->scope,
                        .effect = f->effect,
                        .shown = f->shown,
                        .unjudged = f->unjudged};
    ts_lead_id(source, f->offer.id, f->notice.id, r.id);
    return hand_on(s, &r, e);
}

/* A lead about the passport itself. */
static bool write_own(screening *s, ts_arena *a, ts_str source, const ts_offer *o,
                      const ts_offered *shown, ts_error *e) {
    ts_lead lead;
    ts_lead_record r = {
        .source = source, .offer = o, .lead = &lead, .shown = shown, .unjudged = true};
    ts_str about[2] = {TS_S("passport:"), shown->id.n             ? shown->id
                                          : shown->mark.product.n ? shown->mark.product
                                                                  : shown->mark.given};
    if (!shown_own_lead(a, shown, &lead)) return true;
    ts_lead_id(source, o->id, ts_str_join(a, about, 2, TS_NONE), r.id);
    return hand_on(s, &r, e);
}

/* Asks whether an item was shown by another offer, and keeps that this one shows it. */
static bool see_items(screening *s, ts_arena *a, ts_str source, shower *x, ts_error *e) {
    ts_sink *sink = s->job->sink;
    for (size_t i = 0; i < x->shown.n; i++) {
        ts_offered *o = &x->shown.v[i];
        const ts_sighting now = {shown_item_of(a, o), source,       x->offer.id,
                                 x->offer.seller,     x->offer.url, ts_now()};
        ts_sighting other;
        bool twice;
        s->sum->shown++;
        s->sum->shown_open += ts_offered_open(o);
        if (!now.product.n) continue;
        if (!shown_item_see(&s->items, a, &now, &other, &twice, e)) return false;
        if (twice) shown_add_twice(a, o, &other);
        if (s->job->passports->seen && sink->seen && !sink->seen(sink, &now, e)) return false;
    }
    return true;
}

/* Whether one of the offer's leads rests on what is shown there. */
static bool has_lead(const found *from, size_t n, const ts_offered *shown) {
    for (size_t i = 0; i < n; i++)
        if (from[i].shown == shown) return true;
    return false;
}

/* An offer that shows something: its leads, then those of passports without one. */
static bool write_shower(screening *s, chunk *c, ts_str source, shower *x, size_t *at,
                         ts_error *e) {
    size_t first = *at;
    if (!see_items(s, &c->c.arena, source, x, e)) return false;
    for (; *at < c->leads.n && c->leads.v[*at].number == x->number; ++*at)
        if (!write_lead(s, source, &c->leads.v[*at], e)) return false;
    for (size_t i = 0; i < x->shown.n; i++)
        if (!has_lead(c->leads.v + first, *at - first, &x->shown.v[i]) &&
            !write_own(s, &c->c.arena, source, &x->offer, &x->shown.v[i], e))
            return false;
    return true;
}

static bool write_leads(screening *s, chunk *c, ts_str source, ts_error *e) {
    size_t at = 0;
    for (size_t i = 0; i < c->showers.n; i++) {
        shower *x = &c->showers.v[i];
        for (; at < c->leads.n && c->leads.v[at].number < x->number; at++)
            if (!write_lead(s, source, &c->leads.v[at], e)) return false;
        if (!write_shower(s, c, source, x, &at, e)) return false;
    }
    for (; at < c->leads.n; at++)
        if (!write_lead(s, source, &c->leads.v[at], e)) return false;
    return true;
}

/* What the chunk's own memory cannot hold is an error of the run. */
typedef struct write_job {
    screening *s;
    chunk *c;
    ts_str source;
} write_job;

static bool write_guarded(void *ctx, ts_arena *a, ts_error *e) {
    write_job *job = ctx;
    (void)a;
    return write_leads(job->s, job->c, job->source, e);
}

static bool write_chunk(screening *s, chunk *c, ts_error *e) {
    ts_screen_summary *sum = s->sum;
    ts_screen_source *src = &sum->sources[c->source];
    name_problems(s, c);
    src->offers += c->offers;
    src->bad += c->bad;
    src->mended += c->mended;
    sum->outside += c->outside;
    write_job job = {s, c, ts_str_c(src->name)};
    if (!c->showers.n) return write_leads(s, c, job.source, e);
    return ts_arena_guard(write_guarded, &job, &c->c.arena, e);
}

static bool write_all(screening *s, ts_error *e) {
    chunk **waiting = s->waiting;
    ts_progress p = ts_progress_start("screened", "offers");
    uint64_t next = 0, offers = 0;
    bool ok = true;
    for (chunk *c; (c = ts_queue_take(&s->done));) {
        waiting[c->sequence % s->chunks_n] = c;
        while ((c = waiting[next % s->chunks_n]) && c->sequence == next) {
            waiting[next++ % s->chunks_n] = 0;
            ok = ok && write_chunk(s, c, e);
            offers += c->offers;
            ts_progress_show(&p, offers, c->c.position, c->c.size);
            input_release(c->from);
            ts_queue_put(&s->free, c);
        }
        if (!ok) { /* nothing more can be kept: let everybody go home */
            ts_queue_close(&s->free);
            ts_queue_close(&s->filled);
            ts_queue_close(&s->done);
        }
    }
    ts_progress_clear(&p);
    return ok;
}

/* ---- all together ---- */

static void sum_up(screening *s) {
    ts_screen_summary *sum = s->sum;
    for (size_t i = 0; i < s->failures_n; i++) ts_log_error(&s->failures[i]);
    for (size_t i = 0; i < sum->sources_n; i++) {
        const ts_screen_source *src = &sum->sources[i];
        sum->offers += src->offers;
        sum->bad += src->bad;
        sum->mended += src->mended;
        sum->failed |= src->failed;
        sum->silent |= !src->failed && src->offers == 0;
    }
    for (unsigned i = 0; i < s->workers; i++) {
        sum->screened_early += s->counts[i].left_early;
        sum->judged += s->counts[i].judged;
        sum->asked += s->counts[i].asked;
    }
}

static void make_chunks(screening *s) {
    s->chunks_n = s->workers * CHUNKS_PER_WORKER + 1;
    s->chunks = ts_new_n(s->a, chunk, s->chunks_n);
    s->waiting = ts_new_n(s->a, chunk *, s->chunks_n);
    ts_queue_init(&s->free, ts_new_n(s->a, void *, s->chunks_n), s->chunks_n);
    ts_queue_init(&s->filled, ts_new_n(s->a, void *, s->chunks_n), s->chunks_n);
    ts_queue_init(&s->done, ts_new_n(s->a, void *, s->chunks_n), s->chunks_n);
    for (size_t i = 0; i < s->chunks_n; i++) {
        ts_offer_chunk_init(&s->chunks[i].c);
        ts_queue_put(&s->free, &s->chunks[i]);
    }
}

typedef struct closing {
    screening *s;
    pthread_t *threads;
    unsigned n;
} closing;

/* Ends the queue of finished chunks when the last worker has left. */
static void *close_when_done(void *arg) {
    closing *c = arg;
    for (unsigned i = 0; i < c->n; i++) pthread_join(c->threads[i], 0);
    ts_queue_close(&c->s->done);
    return 0;
}

/* Ranks among all, and cosines, are for whole collections: a stream of offers has none. */
static bool can_screen(const ts_model *m, ts_error *e) {
    const unsigned whole = 1u << TS_GROUP_RANK | 1u << TS_GROUP_VECTORS;
    if (!(m->groups & whole)) return true;
    return ts_fail(e, TS_E_USAGE,
                   "the model %s was trained with features that only whole collections have; train "
                   "it with `touchstone match train --without rank --without vectors`",
                   m->name);
}

static void close_checkers(screening *s) {
    if (!s->job->passports) return;
    for (unsigned i = 0; i < s->workers; i++)
        if (s->checkers[i]) s->job->passports->close(s->checkers[i]);
    s->sum->items_full = s->items.full;
    shown_items_end(&s->items);
}

/* One for each worker, and what remembers items. */
static bool open_checkers(screening *s, ts_error *e) {
    const ts_screen_passports *p = s->job->passports;
    if (!p) return true;
    shown_items_begin(&s->items, p->seen);
    for (unsigned i = 0; i < s->workers; i++)
        if (!(s->checkers[i] = p->open(p->ctx, i, e))) return close_checkers(s), false;
    return true;
}

bool ts_screen(ts_arena *a, const ts_screen_job *job, ts_screen_summary *sum, ts_error *e) {
    if (!can_screen(job->match.model, e)) return false;
    *sum = (ts_screen_summary){.sources_n = job->offers_n};
    sum->sources = ts_new_n(a, ts_screen_source, job->offers_n ? job->offers_n : 1);
    for (size_t i = 0; i < job->offers_n; i++) {
        bool standard = strcmp(job->offers[i], "-") == 0;
        sum->sources[i].name = job->source ? job->source
                               : standard  ? "standard input"
                                           : job->offers[i];
    }
    screening *s = ts_new(a, screening);
    *s = (screening){.job = job,
                     .a = a,
                     .sum = sum,
                     .inputs = ts_new_n(a, input, job->offers_n ? job->offers_n : 1),
                     .workers = job->threads ? job->threads : ts_cpu_count()};
    if (s->workers > WORKERS_MAX) s->workers = WORKERS_MAX;
    if (!open_checkers(s, e)) return false;
    make_chunks(s);
    uint64_t start = ts_nanos(), cpu = ts_cpu_nanos();
    pthread_t reader, closer, threads[WORKERS_MAX];
    worker w[WORKERS_MAX];
    unsigned started = 0;
    bool ok = ts_thread_start(&reader, reader_main, s, e), have_reader = ok;
    for (; ok && started < s->workers; started += ok) {
        w[started] = (worker){s, started};
        ok = ts_thread_start(&threads[started], worker_main, &w[started], e);
    }
    if (!ok) ts_queue_close(&s->free), ts_queue_close(&s->filled);
    closing c = {s, threads, started};
    bool have_closer = ok && ts_thread_start(&closer, close_when_done, &c, e);
    if (ok && have_closer)
        ok = write_all(s, e);
    else if (started)
        ts_queue_close(&s->done), close_when_done(&c);
    if (have_closer) pthread_join(closer, 0);
    if (have_reader) pthread_join(reader, 0);
    ok = ok && have_closer;
    sum->seconds = (double)(ts_nanos() - start) / 1e9;
    sum->cpu_seconds = (double)(ts_cpu_nanos() - cpu) / 1e9;
    sum_up(s);
    close_checkers(s);
    if (ok) ok = job->sink->finish(job->sink, sum, e);
    for (size_t i = 0; i < s->chunks_n; i++) ts_offer_chunk_free(&s->chunks[i].c);
    for (size_t i = 0; i < job->offers_n; i++) /* given up half-way: close what is still open */
        if (s->inputs[i].users > 0) s->inputs[i].users = 1, input_release(&s->inputs[i]);
    return ok;
}
