/* Many documents issued in group commits. */
#include "issue_part.h"
#include "lines.h"

enum { GROUP = 1000, LINE_MAX_BYTES = 8 << 20 };

typedef struct group {
    ts_issued_lines in; /* of the transaction that runs */
    ts_pack_shelf *shelf;
    unsigned size;
    bool open;
} group;

static bool commit(const ts_issue_lines_job *job, group *g, ts_issued_lines *out, ts_error *e) {
    if (!g->open) return true;
    g->open = false;
    if (!ts_store_end(job->issue.store, true, e)) return false;
    out->lines += g->in.lines;
    out->fresh += g->in.fresh;
    out->again += g->in.again;
    g->in = (ts_issued_lines){0};
    if (job->committed) job->committed(job->ctx, out->lines);
    return true;
}

static bool one(ts_arena *a, const ts_issue_lines_job *job, ts_str line, group *g, ts_error *e) {
    ts_issue_job issue = job->issue;
    ts_issued done;
    issue.document = line;
    issue.packs = g->shelf;
    if (!g->open && !ts_store_begin(issue.store, e)) return false;
    g->open = true;
    if (!issue_within(a, &issue, &done, e)) return false;
    g->in.lines++;
    g->in.fresh += !done.again;
    g->in.again += done.again;
    return true;
}

static bool each(ts_arena *a, const ts_issue_lines_job *job, lines *l, group *g,
                 ts_issued_lines *out, ts_error *e) {
    ts_arena held = *a;
    held.end = a->beg + (a->end - a->beg) / 4;
    ts_arena work = {held.end, a->end, a->land};
    for (;;) {
        ts_arena w = work;
        ts_str line;
        if (!lines_next(&held, l, &line, e)) return false;
        if (!line.p) return commit(job, g, out, e);
        line = ts_str_trim(line);
        if (line.n && !one(&w, job, line, g, e)) return false;
        if (g->in.lines >= g->size && !commit(job, g, out, e)) return false;
    }
}

bool ts_issue_lines(ts_arena *a, const ts_issue_lines_job *job, ts_issued_lines *out, ts_error *e) {
    enum { HELD = 3 }; /* a third of the room is for packs, the rest for lines and work */
    ts_arena packs = *a, work = *a;
    packs.end = work.beg = a->beg + (a->end - a->beg) / HELD;
    ts_pack_shelf shelf = {.a = &packs};
    group g = {.size = job->group ? job->group : GROUP, .shelf = &shelf};
    *out = (ts_issued_lines){0};
    if (!job->issue.store)
        return ts_fail(e, TS_E_USAGE, "many passports are issued into a store: name one");
    lines l = {.in = ts_input_open(&work, job->path, e), .max = LINE_MAX_BYTES};
    if (!l.in) return false;
    bool ok = each(&work, job, &l, &g, out, e);
    if (!ok) {
        if (g.open) ts_store_rollback(job->issue.store);
        ts_fail_at(e, ts_input_name(l.in), l.number, 0);
        if (e && !ts_str_is(ts_str_c(e->where), ts_store_path(job->issue.store)))
            e->line = l.number; /* not that within the document */
    }
    ts_input_close(l.in);
    return ok;
}
