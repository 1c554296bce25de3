#include "screen_passports.h"

static void *open_checker(void *ctx, unsigned worker, ts_error *e) {
    (void)worker;
    return ts_offered_checker_new(ctx, e);
}

static void close_checker(void *checker) { ts_offered_checker_free(checker); }

static bool check(void *checker, ts_arena *a, const ts_offer *o, ts_offereds *out, ts_error *e) {
    return ts_offered_check(checker, a, o, out, e);
}

static bool holds_passports(cli *c, ts_store *s, bool *holds, ts_error *e) {
    ts_passport_rows rows = {0};
    *holds = false;
    if (!s) return true;
    if (!ts_store_passports(s, &c->arena, TS_NONE, TS_NONE, 1, &rows, e)) return false;
    *holds = rows.n > 0;
    return true;
}

/* Passports of an older store are given their places first, which takes somebody who may write. */
static bool ready(cli *c, const char *path, ts_store *kept, ts_error *e) {
    if (!path) return true;
    bool own = kept && strcmp(path, ts_store_path(kept)) == 0;
    ts_strs missing = {0};
    ts_store *s = own ? kept : ts_store_open(&c->arena, path, TS_STORE_READ, e);
    bool ok = s && (own || ts_store_missing_places(s, &c->arena, 1, &missing, e));
    if (!own) ts_store_close(s);
    if (!ok || (!own && !missing.n)) return ok && (!own || ts_places_complete(&c->arena, s, e));
    if (!(s = ts_store_open(&c->arena, path, TS_STORE_WRITE, e))) return false;
    ok = ts_places_complete(&c->arena, s, e);
    ts_store_close(s);
    return ok;
}

static bool make_job(cli *c, const char *path, const ts_index *ix, ts_offered_job *job,
                     ts_error *e) {
    *job = (ts_offered_job){.store = path, .index = ix, .fetch = flag(c, "fetch-passports")};
    if (!option_number(c, "fetch-most", 1, 1000000, 0, &job->fetch_most, e)) return false;
    return passport_verify_job(c, &job->verify, e);
}

bool screen_passports_open(cli *c, ts_store *kept, const ts_index *ix, screen_passports *out,
                           ts_error *e) {
    const char *path = option(c, "passports");
    ts_offered_job job;
    bool holds;
    *out = (screen_passports){0};
    if (!holds_passports(c, kept, &holds, e)) return false;
    if (!path && holds) path = ts_store_path(kept);
    if (!path && !flag(c, "fetch-passports")) return true;
    if (!ready(c, path, kept, e) || !make_job(c, path, ix, &job, e)) return false;
    if (!(out->desk = ts_offered_desk_new(&c->arena, &job, e))) return false;
    out->hooks = (ts_screen_passports){.ctx = out->desk,
                                       .open = open_checker,
                                       .close = close_checker,
                                       .check = check,
                                       .seen = kept};
    return true;
}

void screen_passports_close(screen_passports *p) { ts_offered_desk_free(p->desk); }

exit_status screen_passports_tell(const screen_passports *p, const ts_screen_summary *sum) {
    unsigned long long shown = sum->shown, open = sum->shown_open, leads = sum->shown_leads,
                       out = p->desk ? ts_offered_desk_left_out(p->desk) : 0;
    if (!p->desk) return EXIT_DONE;
    if (shown)
        ts_log_note("offers show %llu %s; %llu %s on %s", shown,
                    plural(shown, "passport or Digital Link", "passports and Digital Links"), leads,
                    plural(leads, "lead rests", "leads rest"), plural(shown, "it", "them"));
    if (open)
        ts_log_problem("%llu of %llu passports shown: NOT CHECKED or not wholly: none was at hand, "
                       "or signature, issuer or status could not be told",
                       open, shown);
    if (sum->items_full)
        ts_log_problem("too many items to remember: whether one of the later ones was offered "
                       "twice cannot be told; with --store it can");
    if (out)
        ts_log_problem("%llu %s could not be held against passports", out,
                       plural(out, "notice", "notices"));
    return open || sum->items_full || out ? EXIT_UNDETERMINED : EXIT_DONE;
}
