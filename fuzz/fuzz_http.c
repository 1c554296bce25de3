/* A whole request, from its bytes to the answer: target, routes, rights, parameters, body, and the
 * routes themselves over a store with passports, without sockets. */
#include <stdlib.h>
#include <unistd.h>

#include "web/exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __lsan_is_turned_off(void);

/* The server that lives from run to run is found through arenas only, where the leak checker does
 * not look. */
int __lsan_is_turned_off(void) { return 1; }

enum { HEADERS_MAX = 40, RUNS_OF_A_STORE = 5000 };

typedef struct parsed {
    web_request request; /* first */
    struct {
        ts_str name, value;
    } header[HEADERS_MAX];
    size_t n;
} parsed;

static ts_str header_of(const web_request *r, const char *name) {
    const parsed *p = (const parsed *)(const void *)r;
    for (size_t i = 0; i < p->n; i++)
        if (ts_str_ieq(p->header[i].name, ts_str_c(name))) return p->header[i].value;
    return TS_NONE;
}

/* METHOD TARGET HTTP/1.1, lines of NAME: VALUE, an empty line, the body. */
static bool parse(ts_arena *a, ts_str in, parsed *p) {
    *p = (parsed){.request = {.header = header_of, .from = TS_S("fuzz")}};
    ts_str line = ts_str_cut(&in, '\n');
    p->request.method = ts_str_z(a, ts_str_cut(&line, ' '));
    p->request.target = ts_str_cut(&line, ' ');
    while (in.n) {
        ts_str value = ts_str_cut(&in, '\n');
        if (ts_str_ends(value, TS_S("\r"))) value.n--;
        if (!value.n) break;
        ts_str name = ts_str_cut(&value, ':');
        /* the library ends a value where there is a zero byte */
        value = ts_str_trim(ts_str_c(ts_str_z(a, value)));
        if (p->n == HEADERS_MAX) return false;
        p->header[p->n].name = name;
        p->header[p->n++].value = value;
    }
    p->request.body = in;
    return ts_str_chr(p->request.target, '\0') == TS_NPOS;
}

#define ID "https://id.gs1.org/01/09521234543213"
#define HEAD "{\"format\":\"touchstone-passport-1\",\"id\":"
#define REST                                                                                       \
    "\"name\":\"Kettle\",\"productCategory\":[{\"code\":\"1\",\"name\":\"Kettles\",\"schemeId\":"  \
    "\"https://c.example\",\"schemeName\":\"C\"}],\"producedAtFacility\":{\"id\":"                 \
    "\"https://m.example/1\",\"name\":\"One\"},\"countryOfProduction\":{\"countryCode\":\"DE\"}}," \
    "\"operator\":{\"id\":\"did:web:m.example\",\"name\":\"Maker\"},\"packs\":[{\"id\":"           \
    "\"generic\"}],\"status\":\"active\",\"elements\":{\"identification\":{\"model\":\"KX\"}}}"

static void must(bool ok, const ts_error *e) {
    if (ok) return;
    fprintf(stderr, "fuzz_http: %s\n", e->msg);
    abort();
}

static void fill(ts_arena *a, ts_server *s) {
    static const char *const documents[] = {
        HEAD "\"urn:kettle:model\",\"granularity\":\"model\",\"product\":{\"id\":\"" ID "\"," REST,
        HEAD "\"urn:kettle:1\",\"granularity\":\"item\",\"product\":{\"id\":\"" ID "/21/A1\"," REST,
    };
    ts_error e = {0};
    for (size_t i = 0; i < 2; i++) {
        ts_issued out;
        ts_issue_job job = {.store = s->writer,
                            .by = s->o.sign,
                            .document = ts_str_c(documents[i]),
                            .now = ts_now(),
                            .until = TS_NO_TIME};
        must(ts_issue(a, &job, &out, &e), &e);
    }
    ts_hash_value h = ts_sha_of(TS_SHA256, TS_S("fuzz"));
    const ts_token_row token = {.id = TS_S("fuzz"),
                                .digest = ts_hash_hex(a, &h),
                                .name = TS_S("fuzz"),
                                .audiences = ~0u >> 26,
                                .scopes = (1u << TS_RIGHTS) - 1,
                                .operator_id = TS_S("did:web:m.example"),
                                .expires = INT64_MAX};
    must(ts_store_begin(s->writer, &e), &e);
    must(ts_store_end(s->writer, ts_store_put_token(s->writer, &token, &e), &e), &e);
}

static ts_server *begin(ts_arena *a, const ts_key *key, const char *folder) {
    ts_error e = {0};
    ts_server *s;
    ts_buf b = ts_buf_new(a, 300);
    ts_buf_fmt(&b, "%s/s.db", folder);
    const char *path = ts_str_z(a, ts_buf_str(&b));
    static const char *const ends[] = {"", "-wal", "-shm", ".passports.idx"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        ts_str parts[] = {ts_str_c(path), ts_str_c(ends[i])};
        unlink(ts_str_z(a, ts_str_join(a, parts, 2, TS_NONE)));
    }
    const ts_server_options o = {.store = path,
                                 .base = TS_S("https://id.example.com"),
                                 .sign = {.key = key, .issuer = TS_S("did:web:m.example")},
                                 .threads = 1};
    must(web_open(a, &o, &s, &e), &e);
    fill(a, s);
    return s;
}

/* What an answer must never be, whatever was asked. */
static void check(const web_exchange *x) {
    if (x->status < 200 || x->status > 599 || x->writing) __builtin_trap();
    if ((x->status == 204 || x->status == 304) && x->answer.n) __builtin_trap();
    for (size_t i = 0; i < x->headers_n; i++)
        for (size_t k = 0; k < x->header[i].value.n; k++)
            if ((unsigned char)x->header[i].value.p[k] < ' ') __builtin_trap();
    if (x->answer.n > (size_t)256 << 20) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char folder[] = "/dev/shm/fuzz-http-XXXXXX";
    static ts_arena first, a;
    static ts_server *s;
    static ts_key *key;
    static unsigned runs;
    ts_error e = {0};
    parsed p;
    if (!first.beg) {
        first = ts_arena_new((size_t)1 << 30);
        ts_log_quiet(true);
        if (!mkdtemp(folder)) abort();
        ts_str parts[] = {ts_str_c(folder), TS_S("/key.pem")};
        key = ts_key_generate(&first, TS_KEY_ED25519,
                              ts_str_z(&first, ts_str_join(&first, parts, 2, TS_NONE)), &e);
        must(key != 0, &e);
    }
    if (runs++ % RUNS_OF_A_STORE == 0) { /* what was written does not pile up */
        if (s) web_close(s);
        a = first;
        s = begin(&a, key, folder);
    }
    ts_arena work = a;
    if (!parse(&work, (ts_str){(const char *)data, size}, &p)) return 0;
    for (int follows = 0; follows < 2; follows++) {
        web_exchange x;
        web_worker *w = web_worker_take(s);
        p.request.body_follows = follows;
        if (web_answer(s, w, &p.request, &x))
            check(&x);
        else if (!follows)
            __builtin_trap();
        web_worker_give(s, w);
    }
    return 0;
}
