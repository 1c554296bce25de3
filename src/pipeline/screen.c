#include "screen.h"

#include <stdio.h>

enum { WORKERS_MAX = 64, CHUNKS_PER_WORKER = 3, NAMED_MAX = 20 };

/* A lead waiting for its turn, with its own copy of what it points to (all of it in the chunk's
 * arena). */
typedef struct found {
    ts_offer offer;
    ts_notice notice;
    ts_lead lead;
    ts_scope_verdict scope;
    ts_legal_effect effect;
} found;

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
    uint64_t read; /* chunks handed out */
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

/* Keeps an offer's leads in the chunk; gives whether there was any (then the offer's memory must
 * stay). */
static bool keep_leads(screening *s, chunk *c, const ts_offer *o, const ts_leads *leads) {
    bool kept = false;
    for (size_t i = 0; i < leads->n; i++) {
        ts_error e;
        found f = {.offer = *o, .lead = leads->v[i]};
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

static void problem(chunk *c, const ts_error *e) {
    c->bad++;
    *ts_push(&c->c.arena, &c->problems) = *e;
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
        if (!(leads.n && keep_leads(s, c, &o, &leads)) && !keep) *a = mark;
    }
    c->mended = r.mended;
    return true;
}

static void begin_chunk(chunk *c) {
    c->leads.v = 0, c->leads.n = c->leads.cap = 0;
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

static bool write_chunk(screening *s, chunk *c, ts_error *e) {
    ts_screen_summary *sum = s->sum;
    ts_screen_source *src = &sum->sources[c->source];
    name_problems(s, c);
    src->offers += c->offers;
    src->bad += c->bad;
    src->mended += c->mended;
    sum->outside += c->outside;
    ts_str source = ts_str_c(src->name);
    for (size_t i = 0; i < c->leads.n; i++) {
        found *f = &c->leads.v[i];
        ts_lead_record r = {.source = source,
                            .offer = &f->offer,
                            .notice = &f->notice,
                            .lead = &f->lead,
                            .scope = f->scope,
                            .effect = f->effect};
        ts_lead_id(source, f->offer.id, f->notice.id, r.id);
        sum->leads++;
        sum->strong += f->lead.grade == TS_GRADE_STRONG;
        if (!s->job->sink->lead(s->job->sink, &r, e)) return false;
    }
    return true;
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
    if (ok) ok = job->sink->finish(job->sink, sum, e);
    for (size_t i = 0; i < s->chunks_n; i++) ts_offer_chunk_free(&s->chunks[i].c);
    for (size_t i = 0; i < job->offers_n; i++) /* given up half-way: close what is still open */
        if (s->inputs[i].users > 0) s->inputs[i].users = 1, input_release(&s->inputs[i]);
    return ok;
}
