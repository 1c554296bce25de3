/* derived.h - a small world for tests of learning: notices that are copies of the samples under
 * fresh brands and numbers, and offers derived from them. */
#ifndef TS_TESTS_LEARN_DERIVED_H
#define TS_TESTS_LEARN_DERIVED_H

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "match/samples.h"
#include "pipeline/bench.h"

/* The i-th of any number of notices. */
static inline ts_notice derived_notice(ts_arena *a, uint32_t i) {
    ts_notice from, n;
    char id[32];
    sample_notice(a, &samples[i % SAMPLES], &from);
    ts_derive_notice(a, &from, i, &n);
    int k = snprintf(id, sizeof id, "test:%u", i);
    n.id = ts_str_dup(a, (ts_str){id, (size_t)k});
    n.number = ts_str_from(n.id, 5);
    n.source = TS_S("test");
    ts_notice_seal(*a, &n);
    return n;
}

/* A file of the first `n` notices. */
static inline const char *derived_notices(ts_arena *a, const char *name, uint32_t n) {
    const char *path = ts_str_z(a, ts_str_c(test_temp(name)));
    ts_buf b = ts_buf_new(a, 64 << 20);
    for (uint32_t i = 0; i < n; i++) {
        ts_notice x = derived_notice(a, i);
        ts_jsonw w = ts_jsonw_to(&b);
        ts_notice_write(&w, &x);
        ts_buf_c(&b, '\n');
    }
    test_write(path, ts_buf_str(&b));
    return path;
}

/* A folder with train.jsonl: about `most` labelled pairs. */
static inline const char *derived_pairs(ts_arena *a, const char *name, uint32_t notices,
                                        uint64_t most) {
    const char *dir = ts_str_z(a, ts_str_c(test_temp(name)));
    const char *file = derived_notices(a, "derived-notices.jsonl", notices);
    char path[1200];
    mkdir(dir, 0755);
    snprintf(path, sizeof path, "%s/train.jsonl", dir);
    ts_pairs_job job = {.notices = &file,
                        .notices_n = 1,
                        .half = TS_HALF_ALL,
                        .seed = 1,
                        .most = most,
                        .positives = 3,
                        .fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644)};
    ts_pairs_counts counts;
    ts_error e = {0};
    assert_true(job.fd >= 0);
    if (!ts_bench_pairs(a, &job, &counts, &e)) fail_msg("%s", e.msg);
    close(job.fd);
    assert_true(counts.pairs > most * 9 / 10);
    return dir;
}

#endif
