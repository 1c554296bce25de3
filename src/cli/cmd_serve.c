#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "passport.h"
#include "web/web.h"

enum { PORT = 8080, RATE = 600, STOP_SECONDS = 20 };

/* ADDRESS:PORT, [ADDRESS]:PORT, ADDRESS or PORT. */
static bool read_listen(cli *c, ts_server_options *o, ts_error *e) {
    ts_str v = ts_str_c(option(c, "listen")), host = v, port = TS_NONE;
    uint64_t n = PORT;
    size_t colon = TS_NPOS;
    for (size_t i = 0; i < v.n; i++)
        if (v.p[i] == ':') colon = i;
    bool six = ts_str_starts(v, TS_S("[")) || ts_str_chr(v, ':') != colon;
    size_t bracket = ts_str_chr(v, ']');
    if (ts_u64_parse(v, &n)) {
        host = TS_NONE;
    } else if (colon != TS_NPOS && (!six || (bracket != TS_NPOS && colon == bracket + 1))) {
        host = ts_str_to(v, colon);
        port = ts_str_from(v, colon + 1);
    }
    if (ts_str_starts(host, TS_S("[")) && ts_str_ends(host, TS_S("]")))
        host = (ts_str){host.p + 1, host.n - 2};
    if ((port.p && !ts_u64_parse(port, &n)) || n > UINT16_MAX)
        return ts_fail(e, TS_E_USAGE,
                       "--listen is an address and a port, such as 127.0.0.1:8080 or [::1]:8080, "
                       "not '%s'",
                       option(c, "listen"));
    o->port = (uint16_t)n;
    o->address = host.n ? ts_str_z(&c->arena, host) : "127.0.0.1";
    return true;
}

static bool number(const cli *c, const char *name, unsigned least, unsigned most,
                   unsigned otherwise, unsigned *out, ts_error *e) {
    uint64_t n;
    if (!option_number(c, name, least, most, otherwise, &n, e)) return false;
    *out = (unsigned)n;
    return true;
}

static bool read_options(cli *c, ts_server_options *o, ts_error *e) {
    const char *form = option(c, "form");
    uint64_t body;
    *o = (ts_server_options){.store = option(c, "store"),
                             .base = ts_str_c(option(c, "base")),
                             .status_list = ts_str_c(option(c, "status-list")),
                             .did = option(c, "did-document"),
                             .log = ts_str_c(option(c, "log")),
                             .behind_front = flag(c, "behind-front"),
                             .verbose = flag(c, "verbose")};
    if (!o->store) return ts_fail(e, TS_E_USAGE, "name the store: --store FILE");
    if (form && !ts_form_by_name(form, &o->form))
        return ts_fail(e, TS_E_USAGE,
                       "--form is untp-jose, untp-di, en18223-jose or en18223-di, not '%s'", form);
    if (!option_number(c, "body-max", 1, 256, 16, &body, e)) return false;
    o->body_max = (size_t)body << 20;
    return read_listen(c, o, e) && number(c, "threads", 1, 1024, 0, &o->threads, e) &&
           number(c, "connections", 1, 1000000, 0, &o->connections, e) &&
           number(c, "per-address", 1, 1000000, 0, &o->per_address, e) &&
           number(c, "timeout", 1, 3600, 0, &o->timeout_seconds, e) &&
           number(c, "rate", 0, 100000000, RATE, &o->rate, e);
}

/* The signals that end the server are taken by the one thread that waits for them. */
static sigset_t ending(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

/* Connections are open files: as many as this process may have. */
static void raise_files(void) {
    struct rlimit l;
    if (getrlimit(RLIMIT_NOFILE, &l) != 0) return;
    l.rlim_cur = l.rlim_max;
    setrlimit(RLIMIT_NOFILE, &l);
}

static exit_status serve(cli *c, const ts_server_options *o) {
    ts_error e = {0};
    sigset_t set = ending();
    int got = 0;
    pthread_sigmask(SIG_BLOCK, &set, 0);
    raise_files();
    ts_server *s = ts_server_start(&c->arena, o, &e);
    if (!s) return failed(&e);
    ts_log_note("listening on http://%s%s%s:%u%s", strchr(o->address, ':') ? "[" : "", o->address,
                strchr(o->address, ':') ? "]" : "", ts_server_port(s),
                o->sign.key ? "" : "; without --key nothing can be written");
    sigwait(&set, &got);
    ts_log_note("ending");
    ts_server_stop(s, STOP_SECONDS);
    return EXIT_DONE;
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_server_options o;
    if (!read_options(c, &o, &e)) return usage(c, &e);
    if (option(c, "key") && !passport_signer(c, &o.sign, &e)) return failed(&e);
    if (!ts_net_init(&e)) return failed(&e);
    exit_status st = serve(c, &o);
    ts_key_free((ts_key *)(uintptr_t)o.sign.key);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the passports; made when it does not exist", false},
    {"listen", "ADDRESS:PORT",
     "where to listen (default: 127.0.0.1:8080); port 0 takes any that is free", false},
    {"base", "URL",
     "public address without '/' at the end, such as https://id.example.com (default: where it "
     "listens)",
     false},
    PASSPORT_SIGNER_OPTIONS,
    {"form", "FORM",
     "what is signed on every write: untp-jose, untp-di, en18223-jose or en18223-di (default: "
     "untp-jose)",
     false},
    {"status-list", "URL", "enter what is signed in this status list", false},
    {"did-document", "FILE", "the did:web document to serve (default: one of the key)", false},
    {"log", "ID", "identifier of the log (default: the issuer, else the public address)", false},
    {"threads", "N", "threads that answer (default: as many as processors)", false},
    {"connections", "N", "at most so many at once (default: 4096)", false},
    {"per-address", "N", "at most so many from one address (default: no such limit)", false},
    {"timeout", "SECONDS", "a connection that stands still for so long is closed (default: 30)",
     false},
    {"body-max", "MIB", "largest body of a request (default: 16)", false},
    {"rate", "N",
     "requests a minute from one address without a token; 0 is no limit (default: 600)", false},
    {"behind-front", 0,
     "requests come through a front on this machine that says for whom (X-Forwarded-For)", false},
    {"verbose", 0, "note each request: method, path, status, bytes and time, never who asked",
     false},
    {0},
};
static const char *const examples[] = {
    "touchstone serve --store passports.db",
    "Serves the passports of a store to read, on this machine alone.",
    "touchstone serve --store passports.db --base https://id.example.com --key maker.pem --issuer "
    "did:web:id.example.com --behind-front",
    "The same in public, behind a front for TLS (packaging/nginx), and open for writing with "
    "tokens.",
    0,
};
const command cmd_serve = {
    "serve",
    0,
    "serve passports over HTTP",
    "Serves the passports of a store: the EN 18222 interface, a resolver for GS1 Digital Links, "
    "pages "
    "for people, life events, statements on safety, and the log that another provider follows. "
    "What a "
    "caller sees depends on the token it shows (`touchstone token`). Speaks HTTP/1.1; TLS and "
    "HTTP/2 "
    "are the business of a front before it. Ends on SIGTERM after the requests that are running.",
    options,
    examples,
    run};
