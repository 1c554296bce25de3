/* bench_part.h - what the makers of derived offers share. Private to pipeline/. */
#ifndef TS_PIPELINE_BENCH_PART_H
#define TS_PIPELINE_BENCH_PART_H

#include "bench.h"

/* Notices in memory. */
typedef struct bench_notices {
    ts_arena room, arena;
    struct {
        ts_notice *v;
        size_t n, cap;
    } list;
    ts_arena list_room, list_arena;
} bench_notices;
/* TS_E_INPUT when the files hold none. Give back with bench_unload in any case. */
bool bench_load(bench_notices *l, const char *const *files, size_t n, ts_notice_options o,
                ts_error *e);
void bench_unload(bench_notices *l);
bool bench_in_half(const ts_notice *n, ts_half h);

/* An offer of the notice's product; where the damage left nothing to know it by, another one. */
bool bench_positive(ts_arena *a, const ts_notice *n, uint64_t seed, ts_offer *o, ts_truth *t);
/* A hard negative of a random kind that the notice allows. */
bool bench_hard_negative(ts_arena *a, const bench_notices *l, const ts_notice *n, ts_random *r,
                         uint64_t seed, ts_offer *o, ts_truth *t);

#endif
