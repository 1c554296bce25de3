/* kill -9 at seeded random instants while passports are issued, in groups, too, changed, given
 * events, revoked, followed from another provider, restored: what was acknowledged is there, no
 * version is without its seal, and the log proves it all. TS_KILLS says how often. */
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/change.h"
#include "host/maker.h"
#include "net/server.h"

static ts_arena a;
static ts_key *key;
static test_server *server;
static ts_random dice;

/* ---- what is done until it is killed ---- */

/* One thing done, by number; afterwards `said` is what a user was told. False: there is no more to
 * do. */
typedef bool deed(ts_arena *w, ts_store *s, uint64_t n, char said[200]);

static void must(bool ok, const ts_error *e) {
    if (ok) return;
    fprintf(stderr, "%s: %s\n", e->where, e->msg);
    _exit(9);
}

static ts_issue_job job_of(ts_store *s, ts_str document, const char *list) {
    return (ts_issue_job){.store = s,
                          .by = {.key = key},
                          .document = document,
                          .list = ts_str_c(list),
                          .now = ts_now(),
                          .until = TS_NO_TIME};
}

static const char list_url[] = "https://m.example/status/1";

static void fresh_serial(char serial[13], uint64_t n) {
    snprintf(serial, 13, "%04X%08X", (unsigned)getpid() & 0xFFFF, (unsigned)n);
}

static bool issues(ts_arena *w, ts_store *s, uint64_t n, char said[200]) {
    char serial[13];
    ts_error e = {0};
    ts_issued done;
    fresh_serial(serial, n);
    const ts_issue_job job = job_of(s, kettle(w, serial, "red"), n & 1 ? list_url : 0);
    must(ts_issue(w, &job, &done, &e), &e);
    snprintf(said, 200, "version %.*s %lld", TS_P(done.passport), (long long)done.version);
    return true;
}

static bool changes(ts_arena *w, ts_store *s, uint64_t n, char said[200]) {
    char colour[120];
    ts_error e = {0};
    ts_dpp out;
    if (n == 0) {
        ts_issued done;
        const ts_issue_job job = job_of(s, kettle(w, "CHANGECHANGE", "red"), 0);
        must(ts_issue(w, &job, &done, &e), &e);
    }
    snprintf(colour, sizeof colour, "{\"identification\":{\"model\":\"%d-%llu\"}}", (int)getpid(),
             (unsigned long long)n);
    const ts_dpp_change c = {
        .store = s,
        .sign = {.key = key},
        .by = {.who = 1u << TS_AUD_PUBLIC, .operator_id = TS_S("did:web:m.example")},
        .id = TS_S("urn:kettle:CHANGECHANGE"),
        .body = ts_str_c(colour),
        .now = ts_now()};
    must(ts_dpp_patch(w, &c, &out, &e) == TS_DPP_DONE, &e);
    snprintf(said, 200, "version %.*s %lld", TS_P(out.row.id), (long long)out.row.version);
    return true;
}

static bool happens(ts_arena *w, ts_store *s, uint64_t n, char said[200]) {
    ts_error e = {0};
    ts_life_done done;
    ts_buf b = ts_buf_new(w, 4000);
    ts_buf_fmt(&b,
               "{\"@context\":[\"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld\"],"
               "\"type\":\"ObjectEvent\",\"eventID\":\"urn:uuid:00000000-0000-4000-8000-%06x%06x\","
               "\"eventTime\":\"2025-11-01T10:00:00Z\",\"eventTimeZoneOffset\":\"+00:00\","
               "\"epcList\":[\"https://id.gs1.org/01/09521234543213/21/CHANGECHANGE\"],\"action\":"
               "\"OBSERVE\",\"bizStep\":\"inspecting\",\"disposition\":\"active\"}",
               (unsigned)getpid() & 0xFFFFFF, (unsigned)n);
    const ts_life_job job = {.store = s,
                             .by = {.who = 1u << TS_AUD_OPERATOR | 1u << TS_AUD_PUBLIC,
                                    .name = TS_S("did:web:m.example"),
                                    .operator_id = TS_S("did:web:m.example")},
                             .sign = {.key = key},
                             .events = ts_buf_str(&b),
                             .now = ts_now()};
    must(ts_life_record(w, &job, &done, &e), &e);
    snprintf(said, 200, "event urn:uuid:00000000-0000-4000-8000-%06x%06x 0",
             (unsigned)getpid() & 0xFFFFFF, (unsigned)n);
    return true;
}

static bool revokes(ts_arena *w, ts_store *s, uint64_t n, char said[200]) {
    char serial[13];
    ts_error e = {0};
    ts_issued done;
    ts_str list;
    fresh_serial(serial, n);
    const ts_issue_job job = job_of(s, kettle(w, serial, "blue"), list_url);
    must(ts_issue(w, &job, &done, &e), &e);
    must(ts_set_status(w, s, &(ts_signer){.key = key}, done.credential, true, ts_now(), &list, &e),
         &e);
    snprintf(said, 200, "revoked %.*s 0", TS_P(done.credential));
    return true;
}

/* Told group by group: what is told was committed. */
static void told_lines(void *ctx, uint64_t lines) {
    char said[64];
    snprintf(said, sizeof said, "lines x %llu\n", (unsigned long long)lines);
    ts_error e;
    must(ts_fd_write(*(int *)ctx, ts_str_c(said), "pipe", &e), &e);
}

static const char *lines_path, *backup_path;
static int pipe_out;

static bool in_groups(ts_arena *w, ts_store *s, uint64_t n, char said[200]) {
    ts_error e = {0};
    ts_issued_lines done;
    const ts_issue_lines_job job = {.issue = job_of(s, TS_NONE, 0),
                                    .path = lines_path,
                                    .group = 5,
                                    .committed = told_lines,
                                    .ctx = &pipe_out};
    must(ts_issue_lines(w, &job, &done, &e), &e);
    snprintf(said, 200, "lines x %llu", (unsigned long long)done.lines);
    return n < 2;
}

static ts_follow_job following(ts_arena *w, ts_store *s) {
    ts_follow_job job = {
        .store = s, .url = test_server_url(server, "/log"), .now = NOW, .limit = 7};
    *ts_push(w, &job.fetch.allow_private) = test_server_place(server);
    return job;
}

static bool follows(ts_arena *w, ts_store *s, uint64_t n, char said[200]) {
    ts_error e = {0};
    ts_followed f;
    const ts_follow_job job = following(w, s);
    must(ts_follow(w, &job, &f, &e), &e);
    if (f.state != TS_PEER_TRUE) fprintf(stderr, "%.*s\n", TS_P(f.why)), _exit(9);
    snprintf(said, 200, "followed x %llu", (unsigned long long)f.size);
    return n < 3;
}

static bool restores(ts_arena *w, ts_store *s, uint64_t n, char said[200]) {
    ts_error e = {0};
    ts_restored r;
    must(ts_log_restore(w, s, backup_path, 0, NOW, &r, &e), &e);
    snprintf(said, 200, "followed x %llu", (unsigned long long)r.entries);
    return n < 3;
}

/* ---- killed ---- */

static void child(const char *path, deed *what, int out) {
    ts_error e = {0};
    ts_arena w = ts_arena_new((size_t)2 << 30);
    pipe_out = out;
    ts_store *s = ts_store_open(&w, path, TS_STORE_WRITE, &e);
    must(s != 0, &e);
    bool more = true;
    for (uint64_t n = 0; more; n++) {
        ts_arena mark = w;
        char said[200] = "";
        more = what(&w, s, n, said);
        size_t len = strlen(said);
        said[len] = '\n';
        must(ts_fd_write(out, (ts_str){said, len + 1}, "pipe", &e), &e);
        w = mark;
    }
    ts_store_close(s);
    _exit(0);
}

/* Runs `what` in a process of its own and kills it after `us` microseconds (0 = never). What it
 * said. */
static ts_str killed_after(const char *path, deed *what, uint64_t us, bool *killed) {
    enum { SAID_MAX = 1 << 20 };
    int fd[2], status;
    ts_buf said = ts_buf_new(&a, SAID_MAX);
    assert_int_equal(pipe(fd), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        close(fd[0]);
        child(path, what, fd[1]);
    }
    close(fd[1]);
    if (us) {
        usleep((useconds_t)us);
        kill(pid, SIGKILL);
    }
    for (;;) {
        char *room = ts_buf_room(&said, 4096);
        ssize_t got = room ? read(fd[0], room, 4096) : 0;
        if (got <= 0) break;
        said.n += (size_t)got;
    }
    close(fd[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    *killed = WIFSIGNALED(status);
    if (!*killed) assert_int_equal(WEXITSTATUS(status), 0);
    return ts_buf_str(&said);
}

/* ---- what has to hold ---- */

static int64_t count(const char *path, const char *text) {
    sqlite3 *db;
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, 0), SQLITE_OK);
    if (sqlite3_prepare_v2(db, text, -1, &q, 0) != SQLITE_OK) fail_msg("%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return n;
}

static void rows_hold(const char *path, bool sealed) {
    if (sealed)
        assert_int_equal(count(path, "SELECT count(*) FROM passport_version v WHERE NOT EXISTS "
                                     "(SELECT 1 FROM passport_secured s WHERE s.version = v.row)"),
                         0);
    assert_int_equal(count(path, "SELECT count(*) FROM passport_secured s WHERE NOT EXISTS "
                                 "(SELECT 1 FROM passport_version v WHERE v.row = s.version)"),
                     0);
    assert_int_equal(count(path, "SELECT count(*) FROM passport p WHERE p.newest <> (SELECT row "
                                 "FROM passport_version v WHERE v.passport = p.number ORDER BY "
                                 "version DESC LIMIT 1)"),
                     0);
    assert_int_equal(count(path, "SELECT (SELECT count(*) FROM status_entry) - (SELECT count(*) "
                                 "FROM passport_secured WHERE list <> 0)"),
                     0);
    assert_int_equal(
        count(path, "SELECT count(*) - (SELECT count(*) FROM passport_version) - (SELECT count(*) "
                    "FROM passport_secured) - (SELECT count(*) FROM event) - (SELECT count(*) "
                    "FROM status_version) FROM log"),
        0);
}

static bool revoked(ts_store *s, ts_str credential) {
    ts_secured_row r;
    ts_list_row l;
    ts_error e = {0};
    bool found;
    assert_true(ts_store_secured_by_id(s, &a, credential, &r, &found, &e) && found);
    assert_true(ts_store_list(s, &a, r.list, &l, &found, &e) && found);
    return (unsigned char)l.bits.p[r.index / 8] & (0x80 >> (r.index & 7));
}

/* One line of what a user was told, held against the store. */
static void kept(ts_store *s, const char *path, ts_str line) {
    ts_str what = ts_str_cut(&line, ' '), id = ts_str_cut(&line, ' ');
    uint64_t n;
    ts_error e = {0};
    bool found = false;
    if (!ts_u64_parse(line, &n)) return; /* killed while it said so */
    if (ts_str_is(what, "version")) {
        ts_passport_row r;
        assert_true(ts_store_passport_version(s, &a, id, (int64_t)n, &r, &found, &e));
    } else if (ts_str_is(what, "event")) {
        ts_event_row r;
        assert_true(ts_store_event(s, &a, id, &r, &found, &e));
    } else if (ts_str_is(what, "revoked")) {
        found = revoked(s, id);
    } else if (ts_str_is(what, "lines")) {
        found = (uint64_t)count(path, "SELECT count(*) FROM passport") >= n;
    } else if (ts_str_is(what, "followed")) {
        ts_log_head h;
        assert_true(ts_store_log_head(s, &h, &e));
        found = h.size >= n;
    }
    if (!found)
        fail_msg("was told and is lost: %.*s %.*s %llu", TS_P(what), TS_P(id),
                 (unsigned long long)n);
}

static size_t all_kept(const char *path, ts_str said, bool sealed) {
    ts_error e = {0};
    ts_log_proof p;
    size_t n = 0;
    if (access(path, F_OK) != 0) return 0;
    ts_store *s = ts_store_open(&a, path, TS_STORE_WRITE, &e); /* it may be in the making */
    if (!s) fail_msg("%s", e.msg);
    if (!ts_log_prove(a, s, &p, &e)) fail_msg("%s", e.msg);
    while (said.n) {
        kept(s, path, ts_str_cut(&said, '\n'));
        n++;
    }
    ts_store_close(s);
    rows_hold(path, sealed);
    return n;
}

/* ---- the first provider ---- */

static void make_first(ts_arena *w) {
    enum { ITEMS = 25 };
    ts_error e = {0};
    ts_store *s = maker_store(w, "first.db");
    const ts_signer by = {.key = key};
    ts_buf lines = ts_buf_new(w, 1 << 20);
    for (int i = 0; i < ITEMS; i++) {
        char serial[13], said[200];
        snprintf(serial, sizeof serial, "L%011d", i);
        ts_buf_put(&lines, kettle(w, serial, "red"));
        ts_buf_c(&lines, '\n');
        issues(w, s, (uint64_t)i, said);
        if (i == 10) changes(w, s, 0, said);
        if (i > 10) happens(w, s, (uint64_t)i, said);
    }
    lines_path = temp_path(w, "lines.jsonl");
    backup_path = temp_path(w, "first.log");
    test_write(lines_path, ts_buf_str(&lines));
    uint64_t n;
    must(ts_log_backup(w, s, backup_path, &by, TS_NONE, NOW, &n, &e), &e);
    for (uint64_t after = 0; after <= n; after++) {
        char path[60];
        ts_buf b = ts_buf_new(w, 4 << 20);
        const ts_log_slice slice = {.after = after, .limit = 7, .bytes = 1 << 20};
        must(ts_log_write(w, s, &slice, &by, TS_NONE, NOW, &b, &e), &e);
        snprintf(path, sizeof path, "/log?after=%llu&limit=7", (unsigned long long)after);
        test_server_put(server, path, (serve_file){.body = ts_buf_str(&b)});
    }
    ts_store_close(s);
}

static void kills(void **state) {
    (void)state;
    static const struct {
        const char *name;
        deed *what;
        bool sealed; /* a version and its seal are one step; entries that come one by one are not */
        bool afresh; /* into a new store each time */
    } rows[] = {
        {"issue", issues, true, false},     {"change", changes, true, false},
        {"event", happens, true, false},    {"status", revokes, true, false},
        {"groups", in_groups, true, true},  {"follow", follows, false, true},
        {"restore", restores, false, true},
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    uint64_t n = 14, landed = 0, told = 0;
    if (getenv("TS_KILLS")) assert_true(ts_u64_parse(ts_str_c(getenv("TS_KILLS")), &n));
    make_first(&a);
    const char *lasting = temp_path(&a, "lasting.db");
    for (uint64_t i = 0; i < n; i++) {
        ts_arena mark = a;
        size_t r = i % ROWS;
        char name[30];
        bool killed;
        snprintf(name, sizeof name, "afresh%llu.db", (unsigned long long)i);
        const char *path = rows[r].afresh ? temp_path(&a, name) : lasting;
        uint64_t us = 2000 + ts_random_below(&dice, 120000);
        ts_str said = killed_after(path, rows[r].what, us, &killed);
        told += all_kept(path, said, rows[r].sealed);
        landed += killed;
        if (rows[r].afresh) { /* the same again goes on to the end */
            said = killed_after(path, rows[r].what, 0, &killed);
            all_kept(path, said, true);
            unlink(path);
        }
        a = mark;
    }
    print_message("%llu of %llu kills landed; %llu things had been said to be done\n",
                  (unsigned long long)landed, (unsigned long long)n, (unsigned long long)told);
    assert_true(landed * 4 >= n);
}

int main(void) {
    ts_error e = {0};
    const struct CMUnitTest tests[] = {cmocka_unit_test(kills)};
    a = test_arena();
    dice = ts_random_seed(20261123);
    key = maker_key(&a, "kill-log.pem", TS_KEY_ED25519);
    if (!ts_net_init(&e)) return 1;
    server = test_server_start(&a);
    int failed = cmocka_run_group_tests(tests, 0, 0);
    test_server_stop(server);
    ts_key_free(key);
    return failed;
}
