#include "import.h"

enum { GROUP = 500, ROOM_GIB = 2, NAMED_MAX = 20 };

bool ts_source_silent(uint64_t now, bool known_before, uint64_t before) {
    return now == 0 || (known_before && now * 2 < before);
}

typedef struct importing {
    const ts_import_job *job;
    ts_import_file *f;
    const char *path;
    ts_run run;
    bool store_failed;
    uint64_t in_group;
} importing;

static bool put(importing *im, const ts_notice *n, ts_error *e) {
    ts_put what;
    if (!im->in_group && !ts_store_begin(im->job->store, e)) return false;
    im->in_group++;
    if (!ts_store_put_notice(im->job->store, n, ts_now(), &what, e)) return false;
    im->f->notices++;
    im->f->fresh += what == TS_PUT_NEW;
    im->f->updated += what == TS_PUT_UPDATED;
    im->f->unchanged += what == TS_PUT_UNCHANGED;
    im->f->withdrawn += n->state == TS_NOTICE_WITHDRAWN;
    if (im->in_group < GROUP) return true;
    im->in_group = 0;
    return ts_store_commit(im->job->store, e);
}

static bool store_error(importing *im) {
    im->store_failed = true;
    ts_store_rollback(im->job->store);
    im->in_group = 0;
    return false;
}

static bool read_all(importing *im, ts_notice_reader *r, ts_arena *a, ts_error *e) {
    ts_progress p = ts_progress_start("imported", "notices");
    uint64_t done, total;
    for (ts_arena mark = *a;; *a = mark) {
        ts_notice n;
        ts_error bad = {0};
        ts_read_result rc = ts_notices_next(r, a, &n, &bad);
        if (rc == TS_READ_END) break;
        if (rc == TS_READ_FAILED) {
            ts_log_error(&bad);
            im->f->failed = true;
            break;
        }
        if (rc == TS_READ_BAD) {
            if (im->f->bad++ < NAMED_MAX) ts_log_error(&bad);
            continue;
        }
        if (!put(im, &n, e)) return store_error(im);
        ts_notices_progress(r, &done, &total);
        ts_progress_show(&p, im->f->notices, done, total);
    }
    ts_progress_clear(&p);
    return true;
}

/* The file's run: its beginning is committed by itself, so that an interrupted import can be seen. */
static bool start_run(importing *im, ts_error *e) {
    im->run = (ts_run){.kind = TS_RUN_IMPORT, .source = ts_str_c(im->f->name), .started = ts_now()};
    return ts_store_begin(im->job->store, e) && ts_store_run_start(im->job->store, &im->run, e) &&
           ts_store_last_count(im->job->store, TS_RUN_IMPORT, im->run.source, im->run.id, &im->f->before, &im->f->known_before, e) &&
           ts_store_commit(im->job->store, e);
}

static bool finish_run(importing *im, ts_error *e) {
    ts_import_file *f = im->f;
    im->run.format = ts_str_c(ts_notice_format_name(f->format));
    im->run.finished = ts_now();
    im->run.records = f->notices;
    im->run.bad = f->bad;
    im->run.fresh = f->fresh;
    im->run.changed = f->updated;
    im->run.complete = !f->failed;
    if (!im->in_group && !ts_store_begin(im->job->store, e)) return false;
    im->in_group = 0;
    return ts_store_run_finish(im->job->store, &im->run, e) && ts_store_commit(im->job->store, e);
}

static bool import_file(void *ctx, ts_arena *a, ts_error *e) {
    importing *im = ctx;
    ts_error why = {0};
    if (!start_run(im, e)) return store_error(im);
    ts_notice_reader *r = ts_notices_open(a, im->path, im->job->options, &why);
    if (r) {
        im->f->format = ts_notices_format(r);
        ts_log_note("%s: %s", im->path, ts_notice_format_says(im->f->format));
        bool ok = read_all(im, r, a, e);
        ts_notices_close(r);
        if (!ok) return false;
    } else {
        ts_log_error(&why);
        im->f->failed = true;
    }
    im->f->silent = !im->f->failed && ts_source_silent(im->f->notices, im->f->known_before, im->f->before);
    return finish_run(im, e) || store_error(im);
}

static void add_up(ts_import_summary *sum, const ts_import_file *f) {
    sum->notices += f->notices;
    sum->fresh += f->fresh;
    sum->updated += f->updated;
    sum->unchanged += f->unchanged;
    sum->withdrawn += f->withdrawn;
    sum->bad += f->bad;
    sum->failed |= f->failed;
    sum->silent |= f->silent;
}

bool ts_import(ts_arena *a, const ts_import_job *job, ts_import_summary *sum, ts_error *e) {
    *sum = (ts_import_summary){.n = job->files_n};
    sum->files = ts_new_n(a, ts_import_file, job->files_n ? job->files_n : 1);
    for (size_t i = 0; i < job->files_n; i++) {
        ts_arena room = ts_arena_new((size_t)ROOM_GIB << 30), mine = room;
        importing im = {.job = job, .f = &sum->files[i], .path = job->files[i]};
        im.f->name = job->source ? job->source : job->files[i];
        bool ok = ts_arena_guard(import_file, &im, &mine, e);
        ts_arena_free(&room, (size_t)ROOM_GIB << 30);
        if (!ok && !im.store_failed) { /* one record needed more memory than there is */
            ts_store_rollback(job->store);
            ts_fail_at(e, job->files[i], 0, 0);
            ts_log_error(e);
            im.f->failed = ok = true;
        }
        add_up(sum, im.f);
        if (!ok) return false;
    }
    return ts_store_leads_without_basis(job->store, &sum->leads_without_basis, e);
}
