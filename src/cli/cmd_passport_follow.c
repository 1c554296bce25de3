#include <signal.h>

#include "passport.h"

enum { ROOM_BITS = 32 };

/* Whether a signal to end came within `seconds`. The signals are held back meanwhile, so that none
 * comes in the middle of a batch. */
static bool ended_within(uint64_t seconds) {
    sigset_t ends;
    const struct timespec wait = {.tv_sec = (time_t)seconds};
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, 0);
    return sigtimedwait(&ends, 0, &wait) > 0;
}

static exit_status status_of(ts_peer_state s) {
    switch (s) {
    case TS_PEER_TRUE: return EXIT_DONE;
    case TS_PEER_LAGS:
    case TS_PEER_SILENT: return EXIT_UNDETERMINED;
    default: return EXIT_FAILED;
    }
}

static void tell(const char *url, const ts_followed *f) {
    ts_log_note("%s: %llu %s taken over, %llu of them new; its log has %llu", url,
                (unsigned long long)f->taken, plural(f->taken, "entry", "entries"),
                (unsigned long long)f->fresh, (unsigned long long)f->size);
    if (f->state != TS_PEER_TRUE)
        ts_log_problem("%s %s: %.*s", url, ts_peer_state_name(f->state), TS_P(f->why));
    if (f->proof[1].n)
        ts_log_problem("the proof, two checkpoints it signed:\n%.*s\n%.*s", TS_P(f->proof[0]),
                       TS_P(f->proof[1]));
}

static bool read_token(cli *c, ts_str *token, ts_error *e) {
    const char *path = option(c, "token-file");
    *token = TS_NONE;
    if (!path) return true;
    if (!ts_file_read(&c->arena, path, 4096, token, e)) return false;
    *token = ts_str_trim(*token);
    return token->n || ts_fail(e, TS_E_INPUT, "%s holds no token", path);
}

static exit_status once(cli *c, ts_follow_job *job, const ts_resolve_options *resolve,
                        ts_arena work) {
    ts_error e = {0};
    ts_followed f;
    job->now = ts_now();
    ts_resolver *r = ts_resolver_new(&work, resolve, &e);
    if (!r) return failed(&e);
    job->source = ts_resolver_source(r);
    if (!ts_follow(&work, job, &f, &e)) return failed(&e);
    tell(c->operand[0], &f);
    return status_of(f.state);
}

static exit_status follow(cli *c, ts_follow_job *job, const ts_resolve_options *resolve,
                          uint64_t every) {
    ts_arena work = ts_arena_new((size_t)1 << ROOM_BITS);
    exit_status st;
    if (every) ended_within(0);
    do {
        st = once(c, job, resolve, work);
        ts_arena_trim(work);
    } while (every && !ended_within(every));
    ts_arena_free(&work, (size_t)1 << ROOM_BITS);
    return st;
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_verify_job verify = {0};
    ts_follow_job job = {0};
    uint64_t every, stale, limit;
    const char *path = option(c, "store");
    if (!path || c->operands_n != 1)
        ts_fail(&e, TS_E_USAGE,
                path ? "name one log: https://HOST/log" : "name the store: --store FILE");
    else if (option_number(c, "every", 1, 86400, 0, &every, &e) &&
             option_number(c, "stale", 1, 1000000000, 0, &stale, &e))
        option_number(c, "limit", 1, 10000, 0, &limit, &e);
    if (e.code) return usage(c, &e);
    if (!passport_verify_job(c, &verify, &e) || !read_token(c, &job.token, &e)) return failed(&e);
    job.url = ts_str_c(c->operand[0]);
    job.issuer = ts_str_c(option(c, "log-issuer"));
    job.stale = (int64_t)stale;
    job.limit = (size_t)limit;
    job.fetch = verify.resolve.fetch;
    job.store = ts_store_open(&c->arena, path, TS_STORE_WRITE, &e);
    exit_status st = job.store ? follow(c, &job, &verify.resolve, every) : failed(&e);
    ts_store_close(job.store);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "where to take it over; made when missing", false},
    {"token-file", "FILE", "file with the bearer token that the other provider gave out", false},
    {"log-issuer", "DID", "who must sign its checkpoints (default: who does at first sight)",
     false},
    {"every", "SECONDS", "go on, and look again so often, until a signal ends it", false},
    {"stale", "SECONDS", "a checkpoint older than this lags (172800)", false},
    {"limit", "N", "entries asked for at a time (1000)", false},
    PASSPORT_VERIFY_OPTIONS,
    {0},
};
static const char *const examples[] = {
    "touchstone passport follow --store copy.db --token-file token https://maker.example/log",
    "Takes over what is new since the last time.",
    "touchstone passport follow --store copy.db --token-file token --every 60 "
    "https://maker.example/log",
    "Keeps the copy up to date; `touchstone serve --store copy.db` serves it beside.",
    0,
};
const command cmd_passport_follow = {
    .name = "passport follow",
    .operands = "URL",
    .summary = "take over another provider's log: the back-up provider",
    .text =
        "Takes the entries of another provider's log over, batch by batch, into a store of one's "
        "own: versions, signed forms, events, statements, status lists. Nothing is taken that a "
        "signed checkpoint does not prove. The key that signs is pinned at first sight. A peer "
        "that lies, forks (signs two histories), lags or is silent is named, and what proves it "
        "is kept: exit status 1 for the first two, 3 for the others. What was taken over stays, "
        "and the same command goes on from there.",
    .options = options,
    .examples = examples,
    .run = run};
