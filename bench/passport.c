/* passport - how fast the parts of the digital product passport are, on one core.
 *
 *   bench_passport SUBCOMMAND [SECONDS]
 *
 * Each figure is the fastest of the rounds that fit into SECONDS (default 1 for each figure), since
 * what disturbs a round only ever makes it slower. The documents are made here, the same every
 * time.
 */
#include "product/product.h"
#include "trust/trust.h"

#include "passport_bench.h"

typedef struct subcommand {
    const char *name, *what;
    int (*run)(ts_arena *a, double seconds);
} subcommand;

/* ---- documents ---- */

static void word(ts_buf *b, ts_random *r) {
    static const char *const words[] = {"lithium",     "cathode", "housing",   "recycled",
                                        "electrolyte", "carrier", "assembly",  "certificate",
                                        "verified",    "content", "Zellmodul", "Gehäuse",
                                        "Rücknahme",   "电池",    "回收",      "material"};
    ts_buf_put(b, ts_str_c(words[ts_random_below(r, sizeof words / sizeof *words)]));
}

static void sentence(ts_jsonw *w, ts_random *r, uint32_t words) {
    char room[1024];
    ts_arena here = {room, room + sizeof room, 0};
    ts_buf b = ts_buf_new(&here, sizeof room / 2);
    for (uint32_t i = 0; i < words; i++) {
        if (i) ts_buf_c(&b, ' ');
        word(&b, r);
    }
    ts_jsonw_str(w, ts_buf_str(&b));
}

static void address(ts_jsonw *w, ts_random *r, const char *path) {
    char t[128];
    int n = snprintf(t, sizeof t, "https://id.example.com/%s/%016llx", path,
                     (unsigned long long)ts_random_next(r));
    ts_jsonw_str(w, (ts_str){t, (size_t)n});
}

static void party(ts_jsonw *w, ts_random *r) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "type", TS_S("Party"));
    ts_jsonw_key(w, "id"), address(w, r, "parties");
    ts_jsonw_key(w, "name"), sentence(w, r, 3);
    ts_jsonw_kstr(w, "registeredId", TS_S("DE 811 234 567"));
    ts_jsonw_kstr(w, "country", TS_S("DE"));
    ts_jsonw_end(w);
}

static void measure(ts_jsonw *w, ts_random *r, const char *unit, int decimals) {
    ts_jsonw_object(w);
    ts_jsonw_key(w, "value");
    if (decimals)
        ts_jsonw_f64(w, (double)(1 + ts_random_below(r, 99999)) * 0.01, decimals);
    else
        ts_jsonw_i64(w, 1 + ts_random_below(r, 5000));
    ts_jsonw_kstr(w, "unit", ts_str_c(unit));
    ts_jsonw_end(w);
}

static void claim(ts_jsonw *w, ts_random *r) {
    ts_jsonw_object(w);
    ts_jsonw_key(w, "type");
    ts_jsonw_array(w);
    ts_jsonw_str(w, TS_S("Claim")), ts_jsonw_str(w, TS_S("Declaration"));
    ts_jsonw_end(w);
    ts_jsonw_key(w, "id"), address(w, r, "claims");
    ts_jsonw_key(w, "assessmentDate"), ts_jsonw_str(w, TS_S("2026-03-15T09:30:00Z"));
    ts_jsonw_key(w, "description"), sentence(w, r, 8 + ts_random_below(r, 8));
    ts_jsonw_key(w, "conformance"), ts_jsonw_bool(w, ts_random_below(r, 8) != 0);
    ts_jsonw_key(w, "declaredValue");
    ts_jsonw_array(w);
    measure(w, r, "KGM", 2), measure(w, r, "P1", 2), measure(w, r, "CEL", 0);
    ts_jsonw_end(w);
    ts_jsonw_key(w, "conformityEvidence"), address(w, r, "evidence");
    ts_jsonw_key(w, "previous"), ts_jsonw_null(w);
    ts_jsonw_end(w);
}

static void material(ts_jsonw *w, ts_random *r) {
    ts_jsonw_object(w);
    ts_jsonw_key(w, "name"), sentence(w, r, 2);
    ts_jsonw_kstr(w, "originCountry", TS_S("CL"));
    ts_jsonw_key(w, "mass"), measure(w, r, "KGM", 2);
    ts_jsonw_key(w, "massFraction"), ts_jsonw_f64(w, ts_random_unit(r), 4);
    ts_jsonw_key(w, "recycledFraction"), ts_jsonw_f64(w, ts_random_unit(r), 3);
    ts_jsonw_key(w, "hazardous"), ts_jsonw_bool(w, false);
    ts_jsonw_kstr(w, "note", TS_S("see \"safety data sheet\"\nsection 3"));
    ts_jsonw_end(w);
}

static void event(ts_jsonw *w, ts_random *r) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "eventType", TS_S("repair"));
    ts_jsonw_key(w, "eventID"), address(w, r, "events");
    ts_jsonw_kstr(w, "eventTime", TS_S("2026-05-02T14:07:31Z"));
    ts_jsonw_key(w, "bizLocation"), address(w, r, "414");
    ts_jsonw_key(w, "quantity"), ts_jsonw_i64(w, 1);
    ts_jsonw_key(w, "reason"), sentence(w, r, 5);
    ts_jsonw_end(w);
}

/* A battery's passport as a maker writes it, with `scale` times 12 claims, 8 materials and 8
 * events: 10 kB at 1. */
static ts_str passport(ts_arena *a, unsigned scale, bool indented) {
    ts_random r = ts_random_seed(7);
    ts_buf b = ts_buf_new(a, (size_t)64 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    w.pretty = indented;
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "format", TS_S("touchstone-passport-1"));
    ts_jsonw_key(&w, "id"), address(&w, &r, "passports");
    ts_jsonw_kstr(&w, "granularity", TS_S("item"));
    ts_jsonw_kstr(&w, "status", TS_S("active"));
    ts_jsonw_key(&w, "operator"), party(&w, &r);
    ts_jsonw_key(&w, "facility"), party(&w, &r);
    ts_jsonw_key(&w, "elements");
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "ratedCapacity"), measure(&w, &r, "AMH", 2);
    ts_jsonw_key(&w, "carbonFootprint"), measure(&w, &r, "KGM", 2);
    ts_jsonw_key(&w, "claims");
    ts_jsonw_array(&w);
    for (unsigned i = 0; i < 12 * scale; i++) claim(&w, &r);
    ts_jsonw_end(&w);
    ts_jsonw_key(&w, "materials");
    ts_jsonw_array(&w);
    for (unsigned i = 0; i < 8 * scale; i++) material(&w, &r);
    ts_jsonw_end(&w);
    ts_jsonw_key(&w, "events");
    ts_jsonw_array(&w);
    for (unsigned i = 0; i < 8 * scale; i++) event(&w, &r);
    ts_jsonw_end(&w);
    ts_jsonw_end(&w);
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

/* ---- canonical: strict reading and RFC 8785 ---- */

typedef enum { READ = 1, WRITE = 2 } work;

static const ts_json *strictly(ts_arena *a, ts_str text) {
    ts_error e = {0};
    const ts_json *v = ts_json_parse(a, text, (ts_json_options){.strict = true}, &e);
    if (!v) fprintf(stderr, "bench_passport: %s\n", e.msg), exit(1);
    return v;
}

static ts_str canonical(ts_arena *a, const ts_json *v) {
    ts_error e = {0};
    ts_arena scratch = ts_arena_new((size_t)64 << 20), whole = scratch;
    ts_buf b = ts_buf_new(a, (size_t)64 << 20);
    if (!ts_canonical(&b, scratch, v, &e)) fprintf(stderr, "bench_passport: %s\n", e.msg), exit(1);
    ts_arena_free(&whole, (size_t)64 << 20);
    return ts_buf_str(&b);
}

/* Megabytes of `text` per second. */
static double speed(ts_arena a, ts_str text, work what, double seconds) {
    ts_arena scratch = ts_arena_new((size_t)64 << 20), whole = scratch;
    const ts_json *v = strictly(&a, text);
    uint64_t begin = ts_nanos(), best = UINT64_MAX;
    size_t runs = 1 + (256 << 10) / text.n; /* in one round, so that the clock is not felt */
    do {
        uint64_t t = ts_nanos();
        for (size_t i = 0; i < runs; i++) {
            ts_arena job = a;
            ts_buf b = ts_buf_new(&job, (size_t)64 << 20);
            if (what & READ) v = strictly(&job, text);
            if (what & WRITE && !ts_canonical(&b, scratch, v, 0)) exit(1);
        }
        t = ts_nanos() - t;
        if (t < best) best = t;
    } while ((double)(ts_nanos() - begin) < seconds * 1e9);
    ts_arena_free(&whole, (size_t)64 << 20);
    return (double)(text.n * runs) * 1e3 / (double)best;
}

static int run_canonical(ts_arena *a, double seconds) {
    printf("%-32s %9s %9s %9s %9s\n", "MB/s", "bytes", "read", "write", "both");
    for (unsigned scale = 1; scale <= 100; scale *= 100) {
        ts_str written = passport(a, scale, false), indented = passport(a, scale, true);
        const struct {
            const char *name;
            ts_str text;
        } rows[] = {{"names sorted, compact", canonical(a, strictly(a, written))},
                    {"names as written, compact", written},
                    {"names as written, indented", indented}};
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            printf("%-32s %9zu %9.0f %9.0f %9.0f\n", rows[i].name, rows[i].text.n,
                   speed(*a, rows[i].text, READ, seconds), speed(*a, rows[i].text, WRITE, seconds),
                   speed(*a, rows[i].text, READ | WRITE, seconds));
    }
    return 0;
}

/* ---- link: GS1 Digital Links ---- */

typedef bool (*link_work)(ts_arena *a, ts_str text);

static bool link_parse(ts_arena *a, ts_str text) {
    ts_digital_link l;
    return ts_digital_link_parse(a, text, &l, 0);
}

static bool link_identify(ts_arena *a, ts_str text) {
    ts_product_id id;
    return ts_product_id_read(a, text, &id, 0);
}

static bool link_build(ts_arena *a, ts_str text) {
    ts_digital_link l;
    ts_str out;
    return ts_digital_link_parse(a, text, &l, 0) &&
           ts_digital_link_build(a, TS_NONE, &l.ais, &out, 0);
}

/* Millions per second. */
static double rate(ts_arena a, ts_str text, link_work what, double seconds) {
    enum { RUNS = 20000 };
    uint64_t begin = ts_nanos(), best = UINT64_MAX;
    do {
        uint64_t t = ts_nanos();
        for (int i = 0; i < RUNS; i++) {
            ts_arena job = a;
            if (!what(&job, text)) exit(1);
        }
        t = ts_nanos() - t;
        if (t < best) best = t;
    } while ((double)(ts_nanos() - begin) < seconds * 1e9);
    return RUNS * 1e3 / (double)best;
}

static int run_link(ts_arena *a, double seconds) {
    static const char *const links[][2] = {
        {"GTIN", "https://id.example.com/01/09521234543213"},
        {"GTIN-13, other parameters", "https://id.example.com/01/9521234543213?linkType=gs1:dpp"},
        {"batch, serial, one attribute",
         "https://id.example.com/01/09521234543213/10/ABC123/21/12345?17=271231"},
        {"the same, percent-encoded",
         "https://id.example.com/01/09521234543213/10/ABC%2F123/21/12%2B45?17=271231"},
    };
    printf("%-32s %9s %9s %9s %9s\n", "million/s", "bytes", "parse", "+ build", "identify");
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        ts_str text = ts_str_c(links[i][1]);
        printf("%-32s %9zu %9.2f %9.2f %9.2f\n", links[i][0], text.n,
               rate(*a, text, link_parse, seconds), rate(*a, text, link_build, seconds),
               rate(*a, text, link_identify, seconds));
    }
    return 0;
}

/* ---- the table ---- */

static const subcommand subcommands[] = {
    {"canonical", "strict JSON reading and RFC 8785, by themselves and together", run_canonical},
    {"verify", "a credential of 10 kB, beside EVP_DigestVerify over the same bytes", run_verify},
    {"issue", "the same, beside EVP_DigestSign", run_issue},
    {"link", "GS1 Digital Links: parsed, built again, read as product identifiers", run_link},
};

int main(int argc, char **argv) {
    double seconds = 1;
    bool known = argc < 3 || (ts_f64_parse(ts_str_c(argv[2]), &seconds) && seconds >= 0);
    ts_arena a = ts_arena_new((size_t)1 << 30);
    for (size_t i = 0; known && argc > 1 && i < sizeof subcommands / sizeof *subcommands; i++)
        if (ts_str_is(ts_str_c(argv[1]), subcommands[i].name))
            return subcommands[i].run(&a, seconds);
    fprintf(stderr, "usage: bench_passport SUBCOMMAND [SECONDS]\n\n");
    for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++)
        fprintf(stderr, "  %-12s %s\n", subcommands[i].name, subcommands[i].what);
    return 2;
}
