#include "import.h"

enum { GROUP = 500, ROOM_GIB = 2, NAMED_MAX = 20 };

bool ts_source_silent(uint64_t now, bool known_before, uint64_t before) {
    return now == 0 || (known_before && now * 2 < before);
}

/* ---- one file ---- */

typedef struct importing {
    const ts_import_piece *p;
    ts_import_file *f;
    ts_notice_reader *reader;
    bool store_failed;
    uint64_t in_group; /* notices in the open transaction */
} importing;

static bool store_error(importing *im) {
    im->store_failed = true;
    ts_store_rollback(im->p->store);
    return false;
}

static bool put(importing *im, const ts_notice *n, ts_error *e) {
    ts_put what;
    if (!im->in_group && !ts_store_begin(im->p->store, e)) return false;
    im->in_group++;
    if (!ts_store_put_notice(im->p->store, n, ts_now(), &what, e)) return false;
    im->f->notices++;
    im->f->fresh += what == TS_PUT_NEW;
    im->f->updated += what == TS_PUT_UPDATED;
    im->f->unchanged += what == TS_PUT_UNCHANGED;
    im->f->withdrawn += n->state == TS_NOTICE_WITHDRAWN;
    if (im->in_group < GROUP || im->p->whole) return true;
    im->in_group = 0;
    return ts_store_commit(im->p->store, e);
}

/* The place is the file as the caller calls it. */
static void placed(const importing *im, ts_error *e) {
    if (im->p->place) snprintf(e->where, sizeof e->where, "%s", im->p->place);
}

static void give_up(importing *im, const ts_error *why) {
    im->f->why = *why;
    im->f->failed = true;
    placed(im, &im->f->why);
}

static bool read_all(importing *im, ts_arena *a, ts_error *e) {
    ts_progress p = ts_progress_start("imported", "notices");
    uint64_t done, total;
    for (ts_arena mark = *a;; *a = mark) {
        ts_notice n;
        ts_error bad = {0};
        ts_read_result rc = ts_notices_next(im->reader, a, &n, &bad);
        if (rc == TS_READ_END) break;
        if (rc == TS_READ_FAILED) {
            give_up(im, &bad);
            break;
        }
        if (rc == TS_READ_BAD) {
            placed(im, &bad);
            if (im->f->bad++ < NAMED_MAX) ts_log_error(&bad);
            continue;
        }
        if (!put(im, &n, e)) return store_error(im);
        ts_notices_progress(im->reader, &done, &total);
        ts_progress_show(&p, im->f->notices, done, total);
    }
    ts_progress_clear(&p);
    uint64_t line, mended = ts_notices_mended(im->reader, &line);
    if (mended)
        ts_log_problem(
            "%s:%llu: text here is not UTF-8; malformed bytes were replaced (records so: %llu)",
            im->p->place ? im->p->place : im->p->path, (unsigned long long)line,
            (unsigned long long)mended);
    im->f->mended += mended;
    return true;
}

static bool read_file(void *ctx, ts_arena *a, ts_error *e) {
    importing *im = ctx;
    ts_error why = {0};
    im->reader = ts_notices_open(a, im->p->path, im->p->options, &why);
    if (!im->reader) return give_up(im, &why), true;
    im->f->format = ts_notices_format(im->reader);
    if (!im->p->place && im->f->format)
        ts_log_note("%s: %s", im->p->path, ts_notice_format_says(im->f->format));
    return read_all(im, a, e);
}

static bool finish(importing *im, ts_error *e) {
    ts_store *s = im->p->store;
    if (im->f->failed && im->p->whole) {
        ts_store_rollback(s);
        return true;
    }
    if (!im->in_group && !ts_store_begin(s, e)) return false;
    return im->p->seal(im->p->ctx, im->f, e) && ts_store_commit(s, e);
}

bool ts_import_piece_read(const ts_import_piece *p, ts_import_file *f, ts_error *e) {
    ts_arena room = ts_arena_new((size_t)ROOM_GIB << 30), mine = room;
    importing im = {.p = p, .f = f};
    ts_error why = {0};
    bool ok = ts_arena_guard(read_file, &im, &mine, &why);
    ts_notices_close(im.reader);
    ts_arena_free(&room, (size_t)ROOM_GIB << 30);
    if (im.store_failed) return *e = why, false;
    if (!ok) { /* one record needed more memory than there is */
        ts_store_rollback(p->store);
        im.in_group = 0;
        ts_fail_at(&why, p->path, 0, 0);
        give_up(&im, &why);
    }
    return finish(&im, e) || store_error(&im);
}

/* ---- several files, in runs: one per file, or one for all under the name that the user gave ----
 */

typedef struct source_run {
    ts_store *store;
    ts_run run;
    uint64_t before;
    bool known_before;
    bool last; /* the file at hand is the source's last one */
} source_run;

/* The beginning of a run is committed by itself, so that an interrupted import can be seen. */
static bool start_run(source_run *r, const char *source, ts_error *e) {
    r->run = (ts_run){
        .kind = TS_RUN_IMPORT, .source = ts_str_c(source), .started = ts_now(), .complete = true};
    bool ok = ts_store_begin(r->store, e) && ts_store_run_start(r->store, &r->run, e) &&
              ts_store_last_count(r->store, TS_RUN_IMPORT, r->run.source, r->run.id, &r->before,
                                  &r->known_before, e);
    return ts_store_end(r->store, ok, e);
}

static bool add_file(void *ctx, ts_import_file *f, ts_error *e) {
    source_run *r = ctx;
    if (f->format) r->run.format = ts_str_c(ts_notice_format_name(f->format));
    r->run.records += f->notices;
    r->run.bad += f->bad;
    r->run.fresh += f->fresh;
    r->run.changed += f->updated;
    r->run.complete &= !f->failed;
    f->source_notices = r->run.records;
    f->before = r->before;
    f->known_before = r->known_before;
    if (!r->last) return true;
    f->silent = r->run.complete && ts_source_silent(r->run.records, r->known_before, r->before);
    r->run.finished = ts_now();
    return ts_store_run_finish(r->store, &r->run, e);
}

static void add_up(ts_import_summary *sum, const ts_import_file *f) {
    sum->notices += f->notices;
    sum->fresh += f->fresh;
    sum->updated += f->updated;
    sum->unchanged += f->unchanged;
    sum->withdrawn += f->withdrawn;
    sum->bad += f->bad;
    sum->mended += f->mended;
    sum->failed |= f->failed;
    sum->silent |= f->silent;
}

static const char *called(const char *path) {
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

bool ts_import(ts_arena *a, const ts_import_job *job, ts_import_summary *sum, ts_error *e) {
    source_run r = {.store = job->store};
    *sum = (ts_import_summary){.n = job->files_n};
    sum->files = ts_new_n(a, ts_import_file, job->files_n ? job->files_n : 1);
    for (size_t i = 0; i < job->files_n; i++) {
        ts_import_file *f = &sum->files[i];
        ts_import_piece p = {.path = job->files[i],
                             .options = job->options,
                             .store = job->store,
                             .seal = add_file,
                             .ctx = &r};
        f->name = job->source ? job->source : called(job->files[i]);
        if ((i == 0 || !job->source) && !start_run(&r, f->name, e)) return false;
        r.last = !job->source || i + 1 == job->files_n;
        if (!ts_import_piece_read(&p, f, e)) return false;
        if (f->failed) ts_log_error(&f->why);
        add_up(sum, f);
    }
    return ts_store_leads_without_basis(job->store, &sum->leads_without_basis, e);
}
