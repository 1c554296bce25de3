/* A second provider takes over; a first one that lies, forks, lags or is silent is named. */
#include "host/log_part.h"

#include "maker.h"
#include "net/server.h"

#include <sqlite3.h>
#include <unistd.h>

static ts_arena a;
static ts_key *key, *other;
static test_server *server;

static int setup(void **state) {
    (void)state;
    ts_error e = {0};
    a = test_arena();
    key = maker_key(&a, "follow.pem", TS_KEY_ED25519);
    other = maker_key(&a, "other.pem", TS_KEY_P256);
    assert_true(ts_net_init(&e));
    server = test_server_start(&a);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    test_server_stop(server);
    ts_key_free(key);
    ts_key_free(other);
    return 0;
}

static ts_issued issue(ts_store *s, const char *serial, const char *colour, const char *list,
                       int64_t now) {
    const ts_issue_job job = {.store = s,
                              .by = {.key = key},
                              .document = kettle(&a, serial, colour),
                              .list = ts_str_c(list),
                              .now = now,
                              .until = TS_NO_TIME};
    return must_issue(&a, &job);
}

/* What an office says beside the maker. */
static void state_something(ts_store *s, ts_str passport) {
    const ts_safety_job job = {.store = s,
                               .by = {.key = other, .name = TS_S("Amt für \"Dinge\"")},
                               .passport = passport,
                               .status = TS_SAFETY_WARNING,
                               .notice_id = TS_S("office:1"),
                               .now = NOW + 5};
    const ts_verify_options o = {.now = NOW + 5};
    ts_statement_row row;
    ts_str credential;
    ts_error e = {0};
    bool fresh;
    if (!ts_statement_make(&a, &job, &credential, &e) ||
        !ts_statement_add(&a, s, credential, &o, &row, &fresh, &e))
        fail_msg("%s", e.msg);
    assert_true(fresh);
}

/* A log of 12 entries: a list, two kettles, one of them in two versions, an event, a statement, two
 * registrations, and the list again. */
static ts_store *first_provider(const char *name) {
    static const char list[] = "https://m.example/status/1";
    ts_store *s = maker_store(&a, name);
    ts_error e = {0};
    bool fresh;
    ts_str text;
    issue(s, "K1K1K1K1K1K1", "red", list, NOW);
    issue(s, "K2K2K2K2K2K2", "red", 0, NOW + 1);
    ts_issued last = issue(s, "K1K1K1K1K1K1", "blue", list, NOW + 2);
    ts_event_row event = {.id = TS_S("urn:uuid:00000000-0000-4000-8000-000000000001"),
                          .kind = TS_S("repair"),
                          .at = NOW + 3,
                          .recorded = NOW + 4,
                          .by = TS_S("did:web:m.example"),
                          .body = TS_S("{\"eventID\":\"x \\\"quoted\\\"\"}")};
    *ts_push(&a, &event.about) = (__typeof__(*event.about.v)){
        TS_S("https://id.gs1.org/01/09521234543213/21/K2K2K2K2K2K2"), TS_S("subject")};
    *ts_push(&a, &event.about) = (__typeof__(*event.about.v)){
        TS_S("https://id.gs1.org/01/09521234543213/21/K1K1K1K1K1K1"), TS_S("input")};
    const ts_registration_row registration = {.passport = last.passport,
                                              .version = 2,
                                              .hash = TS_S("00"),
                                              .number = TS_S("R-1"),
                                              .at = NOW + 6,
                                              .until = NOW + 7,
                                              .proof = TS_S("{\n}")};
    assert_true(ts_store_begin(s, &e));
    assert_true(ts_store_add_event(s, &event, &fresh, &e) && fresh);
    assert_true(ts_store_add_registration(s, &registration, &fresh, &e) && fresh);
    ts_registration_row later = registration;
    later.number = TS_S("R-2");
    assert_true(ts_store_add_registration(s, &later, &fresh, &e) && fresh);
    assert_true(ts_store_commit(s, &e));
    state_something(s, last.passport);
    if (!ts_set_status(&a, s, &(ts_signer){.key = key}, last.credential, true, NOW + 8, &text, &e))
        fail_msg("%s", e.msg);
    return s;
}

static ts_log_head head_of(ts_store *s) {
    ts_log_head h;
    ts_error e = {0};
    assert_true(ts_store_log_head(s, &h, &e));
    return h;
}

/* Puts the answers that a rightful server gives to whoever asks for `limit` entries at a time. */
static void serve_from(ts_store *s, const ts_key *by, const char *log, uint64_t from, size_t limit,
                       int64_t now) {
    const ts_signer signer = {.key = by};
    ts_error e = {0};
    uint64_t size = head_of(s).size;
    for (uint64_t n = from; n <= size; n++) {
        char path[80];
        ts_buf b = ts_buf_new(&a, 8 << 20);
        ts_str token;
        const ts_log_slice slice = {.after = n, .limit = limit, .bytes = 1 << 20};
        if (!ts_log_write(&a, s, &slice, &signer, ts_str_c(log), now, &b, &e))
            fail_msg("%s", e.msg);
        snprintf(path, sizeof path, "/log?after=%llu&limit=%zu", (unsigned long long)n, limit);
        test_server_put(server, path, (serve_file){.body = ts_buf_str(&b)});
        if (!ts_log_checkpoint_at(&a, s, &signer, ts_str_c(log), n, now, &token, &e))
            fail_msg("%s", e.msg);
        snprintf(path, sizeof path, "/log/checkpoint?size=%llu", (unsigned long long)n);
        test_server_put(server, path, (serve_file){.body = token});
    }
}

static ts_follow_job job_to(ts_store *s, size_t limit, int64_t now) {
    ts_follow_job job = {.store = s, .url = test_server_url(server, "/log"), .now = now};
    *ts_push(&a, &job.fetch.allow_private) = test_server_place(server);
    job.fetch.retries = -1;
    job.limit = limit;
    return job;
}

static ts_followed follow(ts_store *s, size_t limit, int64_t now) {
    const ts_follow_job job = job_to(s, limit, now);
    ts_followed f;
    ts_error e = {0};
    if (!ts_follow(&a, &job, &f, &e)) fail_msg("%s", e.msg);
    return f;
}

static void finds(const ts_followed *f, ts_peer_state state, const char *why) {
    if (f->state != state)
        fail_msg("%s instead of %s: %.*s", ts_peer_state_name(f->state), ts_peer_state_name(state),
                 TS_P(f->why));
    if (!why)
        assert_int_equal(f->why.n, 0);
    else if (ts_str_find(f->why, ts_str_c(why)) == TS_NPOS)
        fail_msg("'%.*s' does not say '%s'", TS_P(f->why), why);
}

static ts_log_proof proven(ts_store *s) {
    ts_log_proof p;
    ts_error e = {0};
    if (!ts_log_prove(a, s, &p, &e)) fail_msg("%s", e.msg);
    return p;
}

/* The bodies of both, one after the other, are the same; the order is that of the first. */
static void same_bodies(ts_store *x, ts_store *y) {
    ts_log_rows u = {0}, v = {0};
    ts_error e = {0};
    assert_true(ts_store_log(x, &a, 0, 1000, 1 << 24, &u, &e));
    assert_true(ts_store_log(y, &a, 0, 1000, 1 << 24, &v, &e));
    assert_int_equal(u.n, v.n);
    for (size_t i = 0; i < u.n; i++) {
        assert_int_equal(u.v[i].kind, v.v[i].kind);
        if (!ts_str_eq(u.v[i].body, v.v[i].body))
            fail_msg("%.*s\n%.*s", TS_P(u.v[i].body), TS_P(v.v[i].body));
    }
}

static void check_sealed(ts_store *s, const char *id, bool sealed) {
    ts_place place;
    ts_error e = {0};
    int64_t number;
    bool found;
    assert_true(ts_store_place(s, &a, ts_str_c(id), &number, &place, &found, &e) && found);
    assert_int_equal(place.sealed, sealed);
}

static void takes_over(void **state) {
    (void)state;
    ts_store *s = first_provider("first.db");
    assert_int_equal(proven(s).entries, 12);
    for (size_t limit = 1; limit <= 12; limit += 4) {
        char name[20];
        snprintf(name, sizeof name, "copy%zu.db", limit);
        serve_from(s, key, "", 0, limit, NOW + 10);
        ts_store *copy = maker_store(&a, name);
        ts_followed f = follow(copy, limit, NOW + 20);
        finds(&f, TS_PEER_TRUE, 0);
        assert_int_equal(f.taken, 12);
        assert_int_equal(f.fresh, 12);
        assert_int_equal(f.behind, 10);
        same_bodies(s, copy);
        ts_log_proof p = proven(copy);
        ts_log_head h = head_of(s);
        assert_true(ts_chain_hash_eq(&p.hash, &h.hash));
        /* revoked there is revoked here, and the index is taken */
        ts_list_row x, y;
        bool found;
        int64_t used;
        ts_error e = {0};
        ts_str url = TS_S("https://m.example/status/1");
        assert_true(ts_store_list(s, &a, url, &x, &found, &e) && found);
        assert_true(ts_store_list(copy, &a, url, &y, &found, &e) && found);
        assert_true(ts_str_eq(x.bits, y.bits));
        assert_true(ts_store_list_used(copy, url, &used, &e));
        assert_int_equal(used, 2);
        /* so is what a notice may hold on to: what is signed and stands */
        check_sealed(copy, "urn:kettle:K1K1K1K1K1K1", false); /* revoked */
        check_sealed(copy, "urn:kettle:K2K2K2K2K2K2", true);
        /* nothing new: nothing is taken; it goes on from there */
        f = follow(copy, limit, NOW + 30);
        finds(&f, TS_PEER_TRUE, 0);
        assert_int_equal(f.taken, 0);
        ts_store_close(copy);
    }
    ts_store_close(s);
}

static void goes_on(void **state) {
    (void)state;
    ts_store *s = first_provider("growing.db"), *copy = maker_store(&a, "growing-copy.db");
    serve_from(s, key, "", 0, 5, NOW + 10);
    ts_followed f = follow(copy, 5, NOW + 20);
    finds(&f, TS_PEER_TRUE, 0);
    issue(s, "K3K3K3K3K3K3", "green", 0, NOW + 40);
    serve_from(s, key, "", 0, 5, NOW + 50);
    f = follow(copy, 5, NOW + 60);
    finds(&f, TS_PEER_TRUE, 0);
    assert_int_equal(f.taken, 2);
    same_bodies(s, copy);
    ts_store_close(copy);
    ts_store_close(s);
}

/* One byte of what comes is changed, wherever it is: nothing of it is taken, and it is said. */
static void every_byte_counts(void **state) {
    (void)state;
    ts_store *s = first_provider("bytes.db"), *copy = maker_store(&a, "bytes-copy.db");
    const ts_signer signer = {.key = key};
    const ts_log_slice slice = {.after = 0, .limit = 100, .bytes = 1 << 20};
    ts_buf b = ts_buf_new(&a, 8 << 20);
    ts_error e = {0};
    assert_true(ts_log_write(&a, s, &slice, &signer, TS_NONE, NOW, &b, &e));
    ts_random r = ts_random_seed(1);
    for (int i = 0; i < 300; i++) {
        ts_arena mark = a;
        ts_str text = ts_str_dup(&a, ts_buf_str(&b));
        size_t at = ts_random_below(&r, (uint32_t)text.n);
        char *p = (char *)(uintptr_t)text.p, old = p[at];
        p[at] = (char)(old ^ (1 << ts_random_below(&r, 7)));
        if (p[at] == old) continue;
        test_server_put(server, "/log?after=0&limit=100", (serve_file){.body = text});
        ts_followed f = follow(copy, 100, NOW + 20);
        if (f.state == TS_PEER_TRUE) {
            /* what no digest covers: the time of an entry for people, and how much there is */
            ts_str line = ts_str_from(text, at > 60 ? at - 60 : 0);
            fail_msg("byte %zu of %zu (%c to %c) does not show: %.*s", at, text.n, old, p[at], 100,
                     line.p);
        }
        assert_int_equal(head_of(copy).size, 0);
        a = mark;
    }
    ts_store_close(copy);
    ts_store_close(s);
}

static void forks_and_lies(void **state) {
    (void)state;
    ts_store *s = first_provider("true.db"), *copy = maker_store(&a, "true-copy.db");
    serve_from(s, key, "", 0, 100, NOW + 10);
    ts_followed f = follow(copy, 100, NOW + 20);
    finds(&f, TS_PEER_TRUE, 0);
    /* another history, signed by the same: shorter, as long, longer */
    ts_store *forked = maker_store(&a, "forked.db");
    issue(forked, "K9K9K9K9K9K9", "red", 0, NOW);
    serve_from(forked, key, "", 0, 100, NOW + 30);
    char path[60];
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_error e = {0};
    const ts_signer signer = {.key = key};
    const ts_log_slice beyond = {.after = 12, .limit = 100, .bytes = 1 << 20};
    assert_true(ts_log_write(&a, forked, &beyond, &signer, TS_NONE, NOW + 30, &b, &e));
    snprintf(path, sizeof path, "/log?after=12&limit=100");
    test_server_put(server, path, (serve_file){.body = ts_buf_str(&b)});
    f = follow(copy, 100, NOW + 40);
    finds(&f, TS_PEER_LAGS, "it shows 2 entries, and 12 before");
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "K8K8K8K8K8%02d", i);
        issue(forked, path, "red", 0, NOW + i);
    }
    serve_from(forked, key, "", 0, 100, NOW + 50); /* twelve entries now */
    assert_int_equal(head_of(forked).size, 12);
    f = follow(copy, 100, NOW + 60);
    finds(&f, TS_PEER_FORKS, "it signed two histories: of its first 12 entries");
    assert_true(f.proof[0].n && f.proof[1].n);
    for (int i = 0; i < 2; i++) { /* whoever has the two can see it */
        ts_checkpoint c;
        assert_true(ts_checkpoint_read(&a, f.proof[i], key, &c, &e));
        assert_int_equal(c.size, 12);
    }
    ts_peer_row peer;
    bool found;
    assert_true(ts_store_peer(copy, &a, test_server_url(server, "/log"), &peer, &found, &e));
    assert_true(ts_str_starts(peer.trouble, TS_S("forks: ")));
    assert_true(ts_str_find(peer.trouble, f.proof[1]) != TS_NPOS);
    issue(forked, "K7K7K7K7K7K7", "red", 0, NOW + 70);
    serve_from(forked, key, "", 0, 100, NOW + 80);
    f = follow(copy, 100, NOW + 90);
    finds(&f, TS_PEER_FORKS, "it signed two histories");
    assert_int_equal(head_of(copy).size, 12);
    /* it cannot show the old state: then it is a lie and no more */
    test_server_put(server, "/log/checkpoint?size=12", (serve_file){.body = TS_S("?")});
    f = follow(copy, 100, NOW + 95);
    finds(&f, TS_PEER_LIES, "does not follow from those before it");
    /* the right one again */
    serve_from(s, key, "", 0, 100, NOW + 100);
    f = follow(copy, 100, NOW + 110);
    finds(&f, TS_PEER_TRUE, 0);
    assert_true(ts_store_peer(copy, &a, test_server_url(server, "/log"), &peer, &found, &e));
    assert_int_equal(peer.trouble.n, 0);
    ts_store_close(forked);
    ts_store_close(copy);
    ts_store_close(s);
}

static void who_signs(void **state) {
    (void)state;
    ts_store *s = first_provider("signers.db"), *copy = maker_store(&a, "signers-copy.db");
    ts_followed f;
    ts_error e = {0};
    /* nobody */
    const ts_log_slice slice = {.after = 0, .limit = 100, .bytes = 1 << 20};
    ts_buf b = ts_buf_new(&a, 8 << 20);
    assert_true(ts_log_write(&a, s, &slice, &(ts_signer){0}, TS_NONE, NOW, &b, &e));
    test_server_put(server, "/log?after=0&limit=100", (serve_file){.body = ts_buf_str(&b)});
    f = follow(copy, 100, NOW);
    finds(&f, TS_PEER_LIES, "nothing is taken without a proof");
    /* somebody else than asked for */
    serve_from(s, other, "", 0, 100, NOW);
    ts_follow_job job = job_to(copy, 100, NOW);
    job.issuer = ts_did_key_of(&a, ts_key_public_of(key));
    assert_true(ts_follow(&a, &job, &f, &e));
    finds(&f, TS_PEER_LIES, "its checkpoint is signed by did:key:");
    assert_int_equal(head_of(copy).size, 0);
    /* somebody else than before; another log than before; a clock that is ahead */
    serve_from(s, key, "", 0, 100, NOW);
    f = follow(copy, 100, NOW);
    finds(&f, TS_PEER_TRUE, 0);
    serve_from(s, other, ts_str_z(&a, job.issuer), 0, 100, NOW);
    f = follow(copy, 100, NOW);
    finds(&f, TS_PEER_LIES, ", not by did:key:");
    serve_from(s, key, "another", 0, 100, NOW);
    f = follow(copy, 100, NOW);
    finds(&f, TS_PEER_LIES, "it serves another log than before: another instead of did:key:");
    serve_from(s, key, "", 0, 100, NOW + 5000);
    f = follow(copy, 100, NOW);
    finds(&f, TS_PEER_LIES, "ahead of our clock");
    serve_from(s, key, "", 0, 100, NOW);
    f = follow(copy, 100, NOW + 3 * 86400);
    finds(&f, TS_PEER_LAGS, "its newest checkpoint is 259200 seconds old");
    ts_store_close(copy);
    ts_store_close(s);
}

static void silent(void **state) {
    (void)state;
    ts_store *copy = maker_store(&a, "silent-copy.db");
    static const struct {
        serve_step step;
        ts_peer_state state;
        const char *why;
    } rows[] = {
        {{.how = SERVE_CLOSE}, TS_PEER_SILENT, ""},
        {{.how = SERVE_STATUS, .status = 500}, TS_PEER_SILENT, "500"},
        {{.how = SERVE_STATUS, .status = 401},
         TS_PEER_SILENT,
         "a token with the right to replicate"},
        {{.how = SERVE_STATUS, .status = 403}, TS_PEER_SILENT, "it refuses (403)"},
        {{.how = SERVE_STATUS, .status = 404}, TS_PEER_SILENT, ""},
        {{.how = SERVE_TRUNCATE, .bytes = 100}, TS_PEER_SILENT, ""},
        {{.how = SERVE_CHUNKED_TRUNCATE, .bytes = 100}, TS_PEER_SILENT, ""},
        {{.how = SERVE_REDIRECT, .text = "http://127.0.0.1:1/log"}, TS_PEER_SILENT, ""},
    };
    const ts_str long_one = {ts_new_n(&a, char, 4000), 4000};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_server_well(server, "/log?after=0&limit=7");
        test_server_put(server, "/log?after=0&limit=7", (serve_file){.body = long_one});
        test_server_fault(server, "/log?after=0&limit=7", rows[i].step);
        ts_followed f = follow(copy, 7, NOW);
        finds(&f, rows[i].state, rows[i].why);
        test_server_well(server, "/log?after=0&limit=7");
    }
    static const struct {
        const char *body, *why;
    } nonsense[] = {
        {"", "without an end"},
        {"{}\n", "is no entry of a log"},
        {"[]\n", "it is no object"},
        {"{\"head\":1,\"checkpoint\":\"x.y.z\"}\n", ""},
        {"{\"head\":0,\"end\":{\"hash\":\"0\",\"size\":0}}\n", "the end has size and hash"},
        {"{\"digest\":\"\",\"hash\":\"\",\"kind\":\"version\",\"n\":1,\"body\":{}}\n",
         "64 lower-case"},
        {"{\"digest\":\"\",\"hash\":\"\",\"kind\":\"visit\",\"n\":1,\"body\":{}}\n",
         "the kind of entry 1, 'visit', is not known here"},
        {"<html>", ""},
    };
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        test_server_put(server, "/log?after=0&limit=7",
                        (serve_file){.body = ts_str_c(nonsense[i].body)});
        ts_followed f = follow(copy, 7, NOW);
        finds(&f, TS_PEER_LIES, nonsense[i].why);
    }
    assert_int_equal(head_of(copy).size, 0);
    ts_store_close(copy);
}

/* Each row of a store is changed by hand, in turn: the proof names the entry. */
static void changed_by_hand(void **state) {
    (void)state;
    static const char *const changes[] = {
        "UPDATE passport_version SET document = '{}' WHERE row = 1",
        "UPDATE passport_version SET at = at + 1 WHERE row = 2",
        "UPDATE passport SET id = 'urn:other' WHERE number = 1",
        "UPDATE passport_secured SET bytes = 'x.y.z' WHERE row = 3",
        "UPDATE passport_secured SET idx = idx + 1 WHERE row = 1",
        "UPDATE event SET body = '{}'",
        "UPDATE event SET author = 'me'",
        "UPDATE event_about SET role = 'output'",
        "DELETE FROM event_about WHERE role = 'input'",
        "UPDATE statement SET kind = 'lifted'",
        "DELETE FROM statement",
        "UPDATE status_version SET secured = 'x' WHERE row = 1",
        "UPDATE registration SET until = until + 1",
        "DELETE FROM log WHERE n = 5",
        "DELETE FROM log WHERE n = 1",
        "UPDATE log SET subject = 2 WHERE subject = 1 AND kind = 0",
        "UPDATE log SET digest = (SELECT digest FROM log WHERE n = 2) WHERE n = 4",
    };
    const char *path = temp_path(&a, "hands.db"), *copy = temp_path(&a, "hand.db");
    ts_store_close(first_provider("hands.db"));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sqlite3 *db;
        ts_str bytes;
        ts_error e = {0};
        ts_log_proof p;
        assert_true(ts_file_read(&a, path, 1 << 24, &bytes, &e));
        test_write(copy, bytes);
        assert_int_equal(sqlite3_open(copy, &db), SQLITE_OK);
        if (sqlite3_exec(db, changes[i], 0, 0, 0) != SQLITE_OK)
            fail_msg("%s: %s", changes[i], sqlite3_errmsg(db));
        assert_true(sqlite3_changes(db) > 0);
        sqlite3_close(db);
        ts_store *s = ts_store_open(&a, copy, TS_STORE_READ, &e);
        assert_non_null(s);
        if (ts_log_prove(a, s, &p, &e)) fail_msg("%s does not show", changes[i]);
        assert_int_equal(e.code, TS_E_STORE);
        ts_store_close(s);
        unlink(copy);
    }
}

static void back_up(void **state) {
    (void)state;
    ts_store *s = first_provider("backup.db"), *copy = maker_store(&a, "restored.db");
    const char *path = temp_path(&a, "backup.zst");
    ts_error e = {0};
    ts_restored r;
    ts_str bytes;
    uint64_t n;
    if (!ts_log_backup(&a, s, path, &(ts_signer){.key = key}, TS_NONE, NOW + 10, &n, &e))
        fail_msg("%s", e.msg);
    assert_int_equal(n, 12);
    for (int again = 0; again < 2; again++) { /* twice is once */
        if (!ts_log_restore(&a, copy, path, 0, NOW + 20, &r, &e)) fail_msg("%s", e.msg);
        assert_int_equal(r.entries, 12);
        assert_int_equal(r.fresh, again ? 0 : 12);
        assert_true(ts_str_starts(r.signed_by, TS_S("did:key:")));
    }
    same_bodies(s, copy);
    assert_int_equal(proven(copy).entries, 12);
    /* cut anywhere, or a byte changed, it is refused and nothing is written */
    assert_true(ts_file_read(&a, path, 1 << 24, &bytes, &e)); /* unpacked */
    ts_store *empty = maker_store(&a, "not-restored.db");
    for (size_t i = 1; i < 40; i++) {
        ts_arena mark = a;
        test_write(path, ts_str_to(bytes, bytes.n * i / 40));
        e = (ts_error){0};
        assert_false(ts_log_restore(&a, empty, path, 0, NOW, &r, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        ts_str changed = ts_str_dup(&a, bytes);
        char *p = (char *)(uintptr_t)changed.p + bytes.n * i / 40;
        *p ^= 1;
        test_write(path, changed);
        if (ts_log_restore(&a, empty, path, 0, NOW, &r, &e)) fail_msg("byte %zu", bytes.n * i / 40);
        assert_int_equal(head_of(empty).size, 0);
        a = mark;
    }
    /* without a key it is whole, and nobody answers for it */
    assert_true(ts_log_backup(&a, s, path, &(ts_signer){0}, TS_NONE, NOW + 10, &n, &e));
    assert_true(ts_log_restore(&a, empty, path, 0, NOW + 20, &r, &e));
    assert_int_equal(r.signed_by.n, 0);
    assert_int_equal(r.fresh, 12);
    ts_store_close(empty);
    ts_store_close(copy);
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_over),        cmocka_unit_test(goes_on),
        cmocka_unit_test(every_byte_counts), cmocka_unit_test(forks_and_lies),
        cmocka_unit_test(who_signs),         cmocka_unit_test(silent),
        cmocka_unit_test(changed_by_hand),   cmocka_unit_test(back_up),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
