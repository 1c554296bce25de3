/* Hostile and damaged files through the real program: one clear error with its place, the rest is
 * looked at, the documented exit status, no crash, bounded memory and time.
 */
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include "cli/run.h"
#include "world.h"

enum { DEPTH = 100000, LONG_LINE = 10000000 };

typedef struct scene {
    ts_arena a;
    ts_str offers, notices; /* good ones: 8 offers with 5 leads; 5 notices */
    const char *good_offers, *good_notices;
} scene;

static scene *set_scene(void) {
    static scene s;
    ts_error e;
    if (s.good_offers) return &s;
    s.a = ts_arena_new((size_t)4 << 30);
    s.good_offers = here(&s.a, "cli/data/offers.jsonl");
    s.good_notices = here(&s.a, "cli/data/notices.csv");
    assert_true(ts_file_read(&s.a, s.good_offers, 1 << 20, &s.offers, &e));
    assert_true(ts_file_read(&s.a, s.good_notices, 1 << 20, &s.notices, &e));
    return &s;
}

/* ---- making bytes ---- */

static ts_str joined(ts_arena *a, ts_str x, ts_str y, ts_str z) {
    return ts_str_join(a, (ts_str[]){x, y, z}, 3, TS_NONE);
}

static ts_str repeated(ts_arena *a, const char *what, size_t n) {
    size_t k = strlen(what);
    char *p = ts_new_raw(a, char, k *n + 1);
    for (size_t i = 0; i < n; i++) memcpy(p + i * k, what, k);
    return (ts_str){p, k * n};
}

static ts_str nested(ts_arena *a) {
    return joined(a, repeated(a, "[", DEPTH), repeated(a, "]", DEPTH), TS_NONE);
}

/* Entities that grow tenfold nine times, one long entity used often, and one from outside. */
static ts_str bomb(ts_arena *a, int kind, const char *before, const char *after) {
    ts_buf b = ts_buf_new(a, 1 << 22);
    ts_buf_lit(&b, "<?xml version=\"1.0\"?><!DOCTYPE x [");
    if (kind == 0) {
        ts_buf_lit(&b, "<!ENTITY e0 \"lol\">");
        for (int i = 1; i < 10; i++) {
            ts_buf_fmt(&b, "<!ENTITY e%d \"", i);
            for (int k = 0; k < 10; k++) ts_buf_fmt(&b, "&e%d;", i - 1);
            ts_buf_lit(&b, "\">");
        }
    } else if (kind == 1) {
        ts_buf_lit(&b, "<!ENTITY e9 \"");
        ts_buf_put(&b, repeated(a, "a", 5000));
        ts_buf_lit(&b, "\">");
    } else {
        ts_buf_lit(&b, "<!ENTITY e9 SYSTEM \"file:///etc/passwd\">");
    }
    ts_buf_fmt(&b, "]>%s", before);
    ts_buf_put(&b, kind == 1 ? repeated(a, "&e9;", 50000) : TS_S("&e9;"));
    ts_buf_fmt(&b, "%s", after);
    return ts_buf_str(&b);
}

static ts_str gzipped(ts_arena *a, ts_str s) {
    z_stream z = {0};
    char *out = ts_new_raw(a, char, s.n + 1000);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)s.p;
    z.avail_in = (uInt)s.n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)s.n + 1000;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    ts_str r = {out, z.total_out};
    deflateEnd(&z);
    return r;
}

static ts_str zstandard(ts_arena *a, ts_str s) {
    size_t max = ZSTD_compressBound(s.n);
    char *out = ts_new_raw(a, char, max);
    return (ts_str){out, ZSTD_compress(out, max, s.p, s.n, 3)};
}

static ts_str noise(ts_arena *a, size_t n) {
    ts_random r = ts_random_seed(7);
    char *p = ts_new_raw(a, char, n);
    for (size_t i = 0; i < n; i++) p[i] = (char)ts_random_below(&r, 256);
    return (ts_str){p, n};
}

/* Lines that do not compress away, so that half of the compressed bytes is half of the records. */
static ts_str many_offers(ts_arena *a) {
    ts_str s;
    ts_error e;
    const char *path = temp_path(a, "many.jsonl");
    world_offers(path, 20000, 100, 50);
    assert_true(ts_file_read(a, path, 1 << 28, &s, &e));
    return s;
}
static ts_str many_notices(ts_arena *a) {
    ts_str s;
    ts_error e;
    const char *path = temp_path(a, "many.csv");
    world_notices(path, 4000, 0);
    assert_true(ts_file_read(a, path, 1 << 28, &s, &e));
    return s;
}
static ts_str half(ts_str s) { return ts_str_to(s, s.n / 2); }

/* ---- running ---- */

static void bounded(const ran *r, const char *name) {
    if (r->status >= 128) fail_msg("%s: ended by signal %d", name, r->status - 128);
    if (!sanitized() && r->peak_kib > 400 * 1024) fail_msg("%s: %ld KiB", name, r->peak_kib);
    if (r->cpu_seconds > 30) fail_msg("%s: %.1f s", name, r->cpu_seconds);
    assert_silent_on(r->err, "ERROR: ");
    assert_silent_on(r->err, "root:x:0"); /* /etc/passwd */
    for (ts_str rest = r->err; rest.n;) assert_true(ts_str_cut(&rest, '\n').n < 2000);
    for (size_t i = 0; i < r->err.n; i++)
        assert_true((unsigned char)r->err.p[i] >= 32 || r->err.p[i] == '\n');
}

typedef struct hostile {
    const char *name;
    ts_str bytes;
    int status;
    unsigned kept;       /* leads, or notices, of the hostile file itself */
    const char *says[3]; /* parts of what is said */
} hostile;

static void screened(scene *s, const char *path, const hostile *h) {
    ts_arena a = s->a;
    ran r = RUN(&a, "screen", "--quiet", "--notices", s->good_notices, "--offers", path, "--offers",
                s->good_offers);
    bounded(&r, h->name);
    if (r.status != h->status) print_error("%s\n", h->name);
    assert_status(r, h->status);
    for (int i = 0; i < 3 && h->says[i]; i++) assert_says(r.err, h->says[i]);
    assert_says(r.err, path);
    if (run_count(r.out, "\n") != h->kept + 5)
        fail_msg("%s: %zu leads", h->name, run_count(r.out, "\n"));
}

static void imported(scene *s, const char *path, const hostile *h) {
    ts_arena a = s->a;
    const char *store = temp_path(&a, "hostile.db");
    ran r = RUN(&a, "import", "--quiet", "--store", store, path, s->good_notices);
    bounded(&r, h->name);
    if (r.status != h->status) print_error("%s\n", h->name);
    assert_status(r, h->status);
    for (int i = 0; i < 3 && h->says[i]; i++) assert_says(r.err, h->says[i]);
    assert_says(r.err, path);
    ts_str dump = world_dump(&a, store);
    assert_says(ts_str_to(dump, 3), "ok|");
    assert_says(dump, "test_office:K-5|");
    size_t n = run_count(dump, "|test_office|") + run_count(dump, "|world_office|") +
               run_count(dump, "|t|");
    bool some = strncmp(h->name, "cut.", 4) == 0; /* what came before the cut: about a half */
    if (some ? n < 300 : n != h->kept + 5) fail_msg("%s: %zu notices", h->name, n);
    static const char *const tails[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        char file[600];
        snprintf(file, sizeof file, "%s%s", store, tails[i]);
        remove(file);
    }
    ran index = RUN(&a, "screen", "--quiet", "--notices", path, "--notices", s->good_notices,
                    "--offers", s->good_offers);
    bounded(&index, h->name); /* the same file as notices of a run without a store */
    assert_status(index, h->status);
    for (int i = 0; i < 2 && h->says[i]; i++)
        if (!strstr(h->says[i], "imported") && !strstr(h->says[i], "left out") &&
            !strstr(h->says[i], "UNDET"))
            assert_says(index.err, h->says[i]);
    assert_true(run_count(index.out, "\n") >= 5);
}

static void each(scene *s, const hostile *list, size_t n,
                 void (*run)(scene *, const char *, const hostile *)) {
    for (size_t i = 0; i < n; i++) {
        ts_arena mark = s->a;
        const char *path = temp_path(&s->a, list[i].name);
        test_write(path, list[i].bytes);
        run(s, path, &list[i]);
        remove(path);
        s->a = mark;
    }
}

static void offers(void **state) {
    (void)state;
    scene *s = set_scene();
    ts_arena *a = &s->a;
    ts_str after = TS_S("{\"title\":\"Velmora VK-1700 kettle\",\"brand\":\"Velmora\"}\n"),
           many = many_offers(a);
    ts_str line = joined(a, TS_S("{\"title\":\""), repeated(a, "x", LONG_LINE), TS_S("\"}\n"));
    ts_str deep = joined(a, TS_S("{\"title\":\"x\",\"a\":"), nested(a), TS_S("}\n"));
    ts_str rows =
        joined(a, TS_S("title,brand\nLamp,V\n\"Chair,W\n"), repeated(a, "Stool,X\n", 300), TS_NONE);
    ts_str endless = joined(a, TS_S("title,brand\nVelmora VK-1700 kettle,Velmora\n\"Chair,W\n"),
                            repeated(a, "Stool,X\n", 300000), TS_NONE);
    static const char
        feed[] = "<rss><channel><item><title>Lamp ",
        end[] = "</title></item><item><title>Velmora VK-1700 kettle</title></item></channel></rss>";
    const hostile list[] = {
        {"cut.jsonl.gz",
         half(gzipped(a, many)),
         1,
         0,
         {": the gzip data ends early, after ", ": fetch the file again; what came before was read",
          "was not read to its end; what came behind was not looked at"}},
        {"cut.jsonl.zst",
         half(zstandard(a, many)),
         1,
         0,
         {": the zstd data ends early, after ", ": fetch the file again",
          "was not read to its end; what came behind was not looked at"}},
        {"long.jsonl",
         joined(a, after, line, after),
         4,
         2,
         {"long.jsonl:2: a line longer than 8192 KiB is left out",
          "1 record could not be read and was not looked at"}},
        {"nul.jsonl",
         joined(a, after, ts_str_dup(a, (ts_str){"{\"title\":\"a\0b\"}\n\0\0\n", 19}), after),
         4,
         2,
         {"nul.jsonl:2: JSON: control character in a string at byte 11",
          "nul.jsonl:3: JSON: not a value", "2 records could not be read"}},
        {"nul.csv",
         ts_str_dup(a, (ts_str){"title,brand\nLa\0mp,V\nVelmora VK-1700 kettle,Velmora\n", 51}),
         4,
         1,
         {"nul.csv:2: a NUL byte stands in the row: the file is damaged"}},
        {"nuls",
         ts_str_dup(a, (ts_str){ts_new_n(a, char, 100000), 100000}),
         1,
         0,
         {"this is none of the formats offers come in (jsonl, json, csv, feed, html, warc)",
          "name it with --offer-format", "nothing of it was looked at"}},
        {"utf8.jsonl",
         joined(a, TS_S("{\"title\":\"La\xFF\xFEmp \xC0\xAF \xED\xA0\x80\"}\n"), after, TS_NONE),
         4,
         1,
         {"utf8.jsonl:1: text here or a little below is not UTF-8; malformed bytes were replaced"}},
        {"utf8.csv",
         TS_S("title,brand\nLa\xFFmp,V\nVelmora VK-1700 kettle,Velmora\n"),
         4,
         1,
         {"is not UTF-8; malformed bytes were replaced"}},
        {"deep.jsonl",
         joined(a, after, deep, after),
         4,
         2,
         {"deep.jsonl:2: JSON: nested too deeply at byte "}},
        {"deep.json", nested(a), 4, 0, {"deep.json:1: JSON: nested too deeply at byte "}},
        {"laughs.xml",
         bomb(a, 0, feed, end),
         1,
         0,
         {"laughs.xml:1: XML: entity declarations are not accepted"}},
        {"quadratic.xml",
         bomb(a, 1, feed, end),
         1,
         0,
         {"quadratic.xml:1: XML: entity declarations are not accepted"}},
        {"outside.xml",
         bomb(a, 2, feed, end),
         1,
         0,
         {"outside.xml:1: XML: entity declarations are not accepted"}},
        {"quote.csv",
         rows,
         4,
         0,
         {"quote.csv:3: the row has 1 fields where the header has 2, over several lines: is a "
          "quote not closed?"}},
        {"endless.csv",
         endless,
         4,
         1,
         {"endless.csv:3: a row (or an open quote) longer than 1024 KiB is left out"}},
        {"empty.jsonl",
         TS_NONE,
         3,
         0,
         {"UNDETERMINED: not a single offer; the source may be silent"}},
        {"wrong.pdf",
         TS_S("%PDF-1.4 nothing\nhello\n"),
         1,
         0,
         {"this is none of the formats offers come in"}},
        {"noise.bin", noise(a, 50000), 1, 0, {"this is none of the formats offers come in"}},
        {"columns.csv",
         TS_S("colour,weight\nred,5\n"),
         1,
         0,
         {"this is none of the formats offers come in", "for a table the columns with --map"}},
        {"broken.json",
         TS_S("[{\"title\":\"Velmora VK-1700 kettle\",\"brand\":\"Velmora\"},{\"title\":"),
         4,
         1,
         {"broken.json:2: "}},
    };
    each(s, list, sizeof list / sizeof *list, screened);
    const hostile folder = {"folder",
                            TS_NONE,
                            1,
                            0,
                            {"is a folder; name the files in it", "nothing of it was looked at"}};
    mkdir(temp_path(a, "folder"), 0755);
    screened(s, temp_path(a, "folder"), &folder);
}

static void notices(void **state) {
    (void)state;
    scene *s = set_scene();
    ts_arena *a = &s->a;
    static const char head[] = "number,date,authority,product,brand,model,defect\n",
                      good[] = "R-1,2025-01-01,Test Office,kettle,Velmora,VK-1,leaks\n";
#define OURS(n)                                                                                    \
    "{\"format\":\"touchstone-notice-1\",\"id\":\"t:" n "\",\"source\":\"t\",\"number\":\"" n      \
    "\",\"product\":\"kettle\"}\n"
    ts_str table = joined(a, ts_str_c(head), ts_str_c(good), TS_NONE), many = many_notices(a);
    ts_str line =
        joined(a, TS_S("{\"format\":\"touchstone-notice-1\",\"id\":\"t:2\",\"product\":\""),
               repeated(a, "x", LONG_LINE), TS_S("\"}\n"));
    ts_str deep = joined(a, TS_S("{\"format\":\"touchstone-notice-1\",\"id\":\"t:2\",\"a\":"),
                         nested(a), TS_S("}\n"));
    static const char report[] =
        "<report><report_week>1</report_week><notifications><notification><caseNumber>",
                      end[] = "</caseNumber></notification></notifications></report>";
    const hostile list[] = {
        {"cut.csv.gz",
         half(gzipped(a, many)),
         1,
         1,
         {": the gzip data ends early, after ", ": fetch the file again",
          "was not read to its end; what came behind was not imported"}},
        {"cut.csv.zst",
         half(zstandard(a, many)),
         1,
         1,
         {": the zstd data ends early, after ", ": fetch the file again"}},
        {"long.jsonl",
         joined(a, TS_S(OURS("1")), line, TS_S(OURS("3"))),
         4,
         2,
         {"long.jsonl:2: a line longer than 8192 KiB is left out",
          "1 record could not be read and was left out"}},
        {"nul.csv",
         joined(a, table, (ts_str){"R-2,2025-01-01,Test Office,ket\0tle,V,M,d\n", 41},
                TS_S("R-3,2025-01-01,Test Office,kettle,V,M,d\n")),
         4,
         2,
         {"nul.csv:3: a NUL byte stands in the row: the file is damaged"}},
        {"nuls",
         ts_str_dup(a, (ts_str){ts_new_n(a, char, 100000), 100000}),
         1,
         0,
         {"none of the formats notices come in", "Formats known: touchstone",
          "nothing of it was imported"}},
        {"utf8.csv",
         joined(a, table, TS_S("R-2,2025-01-01,Test Office,ket\xFF\xC0\xAFtle,V,M,d\n"), TS_NONE),
         4,
         2,
         {"utf8.csv:3: text here is not UTF-8; malformed bytes were replaced"}},
        {"latin.csv",
         joined(a, TS_S("num\xE9ro,date\n"), table, TS_NONE),
         1,
         0,
         {"this is neither text in UTF-8 nor a format that is known"}},
        {"deep.jsonl",
         joined(a, TS_S(OURS("1")), deep, TS_S(OURS("3"))),
         4,
         2,
         {"deep.jsonl:2: JSON: nested too deeply at byte "}},
        {"deep.json", nested(a), 1, 0, {"none of the formats notices come in"}},
        {"laughs.xml",
         bomb(a, 0, report, end),
         1,
         0,
         {"laughs.xml: the XML declares a DOCTYPE 'x' with the entity 'e0': reports have none, and "
          "it is not read"}},
        {"quadratic.xml",
         bomb(a, 1, report, end),
         1,
         0,
         {"with the entity 'e9': reports have none, and it is not read"}},
        {"outside.xml",
         bomb(a, 2, report, end),
         1,
         0,
         {"with the entity 'e9': reports have none, and it is not read"}},
        {"quote.csv",
         joined(a, table, TS_S("\"R-2,2025\n"), repeated(a, good, 20)),
         4,
         1,
         {"quote.csv:3: the row has 1 fields where the header has 7, over several lines: is a "
          "quote not closed?"}},
        {"endless.csv",
         joined(a, table, TS_S("\"R-2,2025\n"), repeated(a, good, 30000)),
         4,
         1,
         {"endless.csv:3: a row (or an open quote) longer than 1024 KiB is left out"}},
        {"empty.csv",
         TS_NONE,
         3,
         0,
         {"UNDETERMINED: not a single notice; the source may be silent"}},
        {"empty.json",
         TS_S(" [ ]\n"),
         3,
         0,
         {"UNDETERMINED: not a single notice; the source may be silent"}},
        {"wrong.pdf",
         TS_S("%PDF-1.4 nothing\nhello\n"),
         1,
         0,
         {"none of the formats notices come in"}},
        {"noise.bin", noise(a, 50000), 1, 0, {"Formats known: touchstone"}},
        {"wrong.json",
         TS_S("[{\"colour\":\"red\"}]"),
         1,
         0,
         {"none of the formats notices come in. Names seen: colour"}},
    };
    each(s, list, sizeof list / sizeof *list, imported);
    const hostile folder = {"folder2", TS_NONE, 1, 0, {"is a folder; name the files in it"}};
    mkdir(temp_path(a, "folder2"), 0755);
    imported(s, temp_path(a, "folder2"), &folder);
}

/* A file that may not be read, as somebody who is not root. */
static void unreadable(void **state) {
    (void)state;
    scene *s = set_scene();
    ts_arena a = s->a;
    const char *secret = temp_path(&a, "secret.jsonl"), *good = temp_path(&a, "good.jsonl"),
               *notes = temp_path(&a, "notes.csv");
    test_write(secret, s->offers);
    test_write(good, s->offers);
    test_write(notes, s->notices);
    chmod(secret, 0);
    char top[1024];
    snprintf(top, sizeof top, "%s", secret);
    *strrchr(top, '/') = 0;
    chmod(top, 0755);
    ran r = RUN_HOW(&a, {.uid = 65534, .folder = "/"}, "--version");
    if (r.status != 0) { /* the program itself is out of that user's reach here */
        print_message("skipped: another user may not run the program\n");
        skip();
    }
    r = RUN_HOW(&a, {.uid = 65534, .folder = "/"}, "screen", "--quiet", "--notices", notes,
                "--offers", secret, "--offers", good);
    assert_status(r, 1);
    assert_says(r.err, "secret.jsonl: cannot open: Permission denied");
    assert_int_equal(run_count(r.out, "\n"), 5);
    r = RUN_HOW(&a, {.uid = 65534, .folder = "/"}, "screen", "--quiet", "--notices", secret,
                "--notices", notes, "--offers", good);
    assert_status(r, 1);
    assert_says(r.err, "secret.jsonl: cannot open: Permission denied");
    assert_int_equal(run_count(r.out, "\n"), 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(offers), cmocka_unit_test(notices),
                                       cmocka_unit_test(unreadable)};
    return cmocka_run_group_tests(tests, 0, 0);
}
