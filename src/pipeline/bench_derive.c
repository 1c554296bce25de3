#include <stdio.h>

#include "bench_part.h"

enum { CHUNK = 1 << 20 };
#define ALL_RESERVE ((size_t)32 << 30)

bool bench_load(bench_notices *l, const char *const *files, size_t n, ts_notice_options o,
                ts_error *e) {
    l->room = l->arena = ts_arena_new(ALL_RESERVE);
    l->list_room = l->list_arena = ts_arena_new(ALL_RESERVE);
    for (size_t i = 0; i < n; i++) {
        ts_notice_reader *r = ts_notices_open(&l->arena, files[i], o, e);
        if (!r) return false;
        for (;;) {
            ts_notice x;
            ts_error bad = {0};
            ts_read_result rc = ts_notices_next(r, &l->arena, &x, &bad);
            if (rc == TS_READ_END) break;
            if (rc == TS_READ_RECORD) *ts_push(&l->list_arena, &l->list) = x;
            if (rc != TS_READ_FAILED) continue;
            ts_notices_close(r);
            *e = bad;
            return false;
        }
        ts_notices_close(r);
    }
    return l->list.n > 0 || ts_fail(e, TS_E_INPUT, "the files hold no notices");
}

void bench_unload(bench_notices *l) {
    ts_arena_free(&l->room, ALL_RESERVE);
    ts_arena_free(&l->list_room, ALL_RESERVE);
}

bool bench_in_half(const ts_notice *n, ts_half h) {
    return h == TS_HALF_ALL || ts_derive_in_tuning_half(n) == (h == TS_HALF_TUNE);
}

/* Another notice whose brand may be borrowed. */
static const ts_notice *another(const bench_notices *l, ts_random *r, const ts_notice *n) {
    const ts_notice *o = &l->list.v[ts_random_below(r, (uint32_t)l->list.n)];
    return o == n ? 0 : o;
}

typedef struct writer {
    ts_buf b;
    int fd;
} writer;

static bool write_offer(writer *w, const ts_offer *o, const ts_truth *t, ts_str notice, bool flush,
                        ts_error *e) {
    if (o) {
        ts_jsonw j = ts_jsonw_to(&w->b);
        ts_derive_write(&j, o, t, notice);
        ts_buf_c(&w->b, '\n');
    }
    if (w->b.n < CHUNK && !flush) return true;
    bool ok = ts_fd_write(w->fd, ts_buf_str(&w->b), "output", e);
    ts_buf_reset(&w->b);
    return ok;
}

bool bench_positive(ts_arena *a, const ts_notice *n, uint64_t seed, ts_offer *o, ts_truth *t) {
    for (unsigned tries = 0; tries < 8; tries++)
        if (ts_derive_offer(a, n, 0, TS_DERIVE_POSITIVE, seed + tries * 1000003ull, o, t))
            return true;
    return false;
}

bool bench_hard_negative(ts_arena *a, const bench_notices *l, const ts_notice *n, ts_random *r,
                         uint64_t seed, ts_offer *o, ts_truth *t) {
    for (int tries = 0; tries < 24; tries++) {
        ts_derive_kind k =
            (ts_derive_kind)(TS_DERIVE_OTHER_MODEL +
                             ts_random_below(r, TS_DERIVE_UNRELATED - TS_DERIVE_OTHER_MODEL));
        if (ts_derive_offer(a, n, another(l, r, n), k, seed + (uint64_t)tries * 1000003ull, o, t))
            return true;
    }
    return false;
}

bool ts_bench_derive(ts_arena *a, const ts_derive_job *job, ts_derive_counts *out, ts_error *e) {
    bench_notices l = {0};
    *out = (ts_derive_counts){0};
    bool ok = bench_load(&l, job->notices, job->notices_n, job->options, e);
    ts_random r = ts_random_seed(job->seed);
    writer w = {ts_buf_new(a, (size_t)CHUNK * 8), job->fd};
    ts_buf_room(&w.b, (size_t)CHUNK * 4);
    for (size_t i = 0; ok && i < l.list.n; i++) {
        const ts_notice *n = &l.list.v[i];
        out->notices++;
        if (!bench_in_half(n, job->half) || !ts_derivable(n)) continue;
        out->derivable++;
        for (unsigned k = 0; ok && k < job->positives * 3; k++) {
            ts_arena scratch = l.arena;
            ts_offer o;
            ts_truth t;
            uint64_t seed = job->seed * 0x9e3779b97f4a7c15ull + i * 97 + k;
            bool made = k % 3 == 0 ? bench_positive(&scratch, n, seed, &o, &t)
                                   : bench_hard_negative(&scratch, &l, n, &r, seed, &o, &t);
            if (!made) continue;
            out->by_kind[t.kind]++;
            ok = write_offer(&w, &o, &t, n->id, false, e);
        }
    }
    ok = ok && write_offer(&w, 0, 0, TS_NONE, true, e);
    bench_unload(&l);
    return ok;
}

/* ---- a world ---- */

static bool write_notices(bench_notices *l, const ts_world_job *job, writer *w, ts_error *e) {
    size_t real = l->list.n;
    bool ok = true;
    for (uint64_t i = 0; ok && i < job->count; i++) {
        const ts_notice *n = &l->list.v[i % real];
        if (i >= real) {
            ts_notice copy;
            ts_derive_notice(&l->arena, n, job->seed + i / real, &copy);
            *ts_push(&l->list_arena, &l->list) = copy;
            n = &l->list.v[i];
        }
        ts_jsonw j = ts_jsonw_to(&w->b);
        ts_notice_write(&j, n);
        ts_buf_c(&w->b, '\n');
        ok = write_offer(w, 0, 0, TS_NONE, false, e);
    }
    if (l->list.n > job->count) l->list.n = job->count;
    return ok && write_offer(w, 0, 0, TS_NONE, true, e);
}

static bool write_offers(bench_notices *l, const ts_world_job *job, writer *w, ts_error *e) {
    ts_random r = ts_random_seed(job->seed ^ 0x776f726c64ull);
    ts_progress p = ts_progress_start("wrote", "offers");
    bool ok = true;
    for (uint64_t i = 0; ok && i < job->offers;) {
        ts_arena scratch = l->arena;
        const ts_notice *n = &l->list.v[ts_random_below(&r, (uint32_t)l->list.n)];
        double x = ts_random_unit(&r);
        ts_offer o;
        ts_truth t;
        uint64_t seed = job->seed * 0x9e3779b97f4a7c15ull + i * 131;
        bool made = x < 0.02   ? bench_positive(&scratch, n, seed, &o, &t)
                    : x < 0.12 ? bench_hard_negative(&scratch, l, n, &r, seed, &o, &t)
                               : ts_derive_offer(&scratch, n, 0, TS_DERIVE_UNRELATED, seed, &o, &t);
        if (!made) continue;
        ok = write_offer(w, &o, &t, n->id, false, e);
        i++;
        ts_progress_show(&p, i, i, job->offers);
    }
    ts_progress_clear(&p);
    return ok && write_offer(w, 0, 0, TS_NONE, true, e);
}

bool ts_bench_world(ts_arena *a, const ts_world_job *job, ts_error *e) {
    bench_notices l = {0};
    bool ok = bench_load(&l, job->notices, job->notices_n, job->options, e);
    writer w = {ts_buf_new(a, (size_t)CHUNK * 16), job->notices_fd};
    ts_buf_room(&w.b, (size_t)CHUNK * 8);
    ok = ok && write_notices(&l, job, &w, e);
    w.fd = job->offers_fd;
    ok = ok && write_offers(&l, job, &w, e);
    bench_unload(&l);
    return ok;
}
