#include "notice_index.h"

#include <stdio.h>

static bool add_one(void *ctx, const ts_notice *n) {
    ts_notice_index *out = ctx;
    out->notices++;
    ts_index_add(out->builder, n);
    return true;
}

typedef struct file_job {
    const char *path;
    ts_notice_options o;
    ts_notice_index *out;
    ts_notice_reader *reader;
} file_job;

static void bad_record(file_job *job, uint64_t nth, const ts_error *e) {
    enum { NAMED_MAX = 20 };
    if (nth < NAMED_MAX)
        ts_log_error(e);
    else if (nth == NAMED_MAX)
        ts_log_problem("%s: more records are wrong; they are counted and not named", job->path);
    job->out->bad++;
}

static bool read_file(void *ctx, ts_arena *a, ts_error *e) {
    file_job *job = ctx;
    ts_notice_reader *r = job->reader = ts_notices_open(a, job->path, job->o, e);
    if (!r) return false;
    if (ts_notices_format(r))
        ts_log_note("%s: %s", job->path, ts_notice_format_says(ts_notices_format(r)));
    ts_progress p = ts_progress_start("read", "notices");
    uint64_t before = job->out->notices, bad_before = job->out->bad, done, total;
    ts_read_result rc;
    for (ts_arena mark = *a;; *a = mark) {
        ts_notice n;
        ts_error bad;
        rc = ts_notices_next(r, a, &n, &bad);
        if (rc == TS_READ_END) break;
        if (rc == TS_READ_FAILED) {
            *e = bad;
            break;
        }
        if (rc == TS_READ_BAD) {
            bad_record(job, job->out->bad - bad_before, &bad);
            continue;
        }
        add_one(job->out, &n);
        ts_notices_progress(r, &done, &total);
        ts_progress_show(&p, job->out->notices - before, done, total);
    }
    ts_progress_clear(&p);
    uint64_t line, mended = ts_notices_mended(r, &line);
    if (mended)
        ts_log_problem(
            "%s:%llu: text here is not UTF-8; malformed bytes were replaced (records so: %llu)",
            job->path, (unsigned long long)line, (unsigned long long)mended);
    job->out->mended += mended;
    if (rc == TS_READ_END && job->out->notices == before) job->out->silent = true;
    return rc == TS_READ_END;
}

bool ts_notice_index_from_files(ts_arena *a, const char *const *files, size_t n,
                                ts_notice_options o, ts_notice_index *out, ts_error *e) {
    enum { ROOM_GIB = 2 };
    *out = (ts_notice_index){.builder = ts_index_builder_new(a)};
    uint64_t start = ts_nanos();
    for (size_t i = 0; i < n; i++) {
        ts_arena room = ts_arena_new((size_t)ROOM_GIB << 30), job_arena = room;
        file_job job = {.path = files[i], .o = o, .out = out};
        ts_error why = {0};
        if (!ts_arena_guard(read_file, &job, &job_arena, &why)) {
            ts_fail_at(&why, files[i], 0, 0);
            if (out->failed || out->notices || i + 1 < n) ts_log_error(&why);
            *e = why;
            out->failed = true;
        }
        ts_notices_close(job.reader);
        ts_arena_free(&room, (size_t)ROOM_GIB << 30);
    }
    bool ok = !out->failed || out->notices > 0;
    if (!ok && n > 1)
        ts_fail(e, TS_E_INPUT, "no notice could be read: there is nothing to compare with");
    out->withdrawn = ts_index_withdrawn(out->builder);
    out->notices =
        ts_index_added(out->builder) + out->withdrawn; /* several versions of one are one */
    ok = ok && ts_index_finish(out->builder, &out->index, e);
    out->seconds = (double)(ts_nanos() - start) / 1e9;
    if (!ok) ts_notice_index_close(out);
    return ok;
}

static bool build_from_store(ts_arena *a, ts_store *s, const char *path, ts_notice_index *out,
                             ts_error *e) {
    enum { ROOM_MIB = 256 };
    out->builder = ts_index_builder_new(a);
    ts_arena room = ts_arena_new((size_t)ROOM_MIB << 20);
    bool ok = ts_store_each_notice(s, room, add_one, out, e);
    out->withdrawn = ts_index_withdrawn(out->builder);
    ok = ok && ts_index_finish(out->builder, &out->index, e);
    ts_arena_free(&room, (size_t)ROOM_MIB << 20);
    ts_error ignored = {0};
    if (ok &&
        !ts_index_write(&out->index, path,
                        &ignored)) /* a read-only folder: the index in memory serves as well */
        ts_log_note("the index could not be kept in a file: %s", ignored.msg);
    out->rebuilt = true;
    return ok;
}

/* The digest of the notices an index of this store would hold: all but the withdrawn ones. */
static bool subtract_withdrawn(void *ctx, const ts_notice *n) {
    ts_digest *d = ctx;
    if (n->state == TS_NOTICE_WITHDRAWN) *d = ts_notice_set_toggle(*d, n);
    return true;
}

bool ts_notice_index_from_store(ts_arena *a, ts_store *s, bool force, ts_notice_index *out,
                                ts_error *e) {
    char path[1100];
    snprintf(path, sizeof path, "%s.notices.idx", ts_store_path(s));
    *out = (ts_notice_index){0};
    uint64_t start = ts_nanos();
    ts_notice_set set;
    if (!ts_store_notice_set(s, &set, e)) return false;
    ts_error why = {0};
    bool ok = !force && ts_index_open(&out->index, path, &why);
    if (ok) {
        ts_digest want = set.digest;
        ok = ts_store_each_withdrawn(s, *a, subtract_withdrawn, &want, e);
        if (ok && !ts_digest_eq(want, ts_index_digest(&out->index))) {
            ts_index_close(&out->index);
            ok = false;
            ts_log_note("the notices have changed since the index was made: making it anew");
        }
        out->notices = set.count;
        out->withdrawn = set.count - (ok ? ts_index_notices(&out->index) : 0);
    } else if (why.code == TS_E_VERSION || why.code == TS_E_INPUT) {
        ts_log_note("%s %s", path, why.msg);
    }
    if (!ok) {
        *out = (ts_notice_index){0};
        ok = build_from_store(a, s, path, out, e);
    }
    out->silent = ok && out->notices == 0;
    out->seconds = (double)(ts_nanos() - start) / 1e9;
    if (!ok) ts_notice_index_close(out);
    return ok;
}

bool ts_notice_index_from_file(const char *path, ts_notice_index *out, ts_error *e) {
    *out = (ts_notice_index){0};
    uint64_t start = ts_nanos();
    if (!ts_index_open(&out->index, path, e)) return false;
    out->notices = ts_index_notices(&out->index);
    out->silent = out->notices == 0;
    out->seconds = (double)(ts_nanos() - start) / 1e9;
    return true;
}

void ts_notice_index_close(ts_notice_index *ix) {
    if (ix->builder)
        ts_index_builder_free(ix->builder);
    else
        ts_index_close(&ix->index);
    *ix = (ts_notice_index){0};
}
