/* passport_bench.h - the subcommands of bench_passport that have a file of their own. */
#ifndef TS_BENCH_PASSPORT_BENCH_H
#define TS_BENCH_PASSPORT_BENCH_H

#include "base/base.h"

int run_verify(ts_arena *a, double seconds);
int run_issue(ts_arena *a, double seconds);

#endif
