/* Labelled pairs: reading, products and folds. All brands and numbers are invented. */
#include "support/support.h"

#include <sys/stat.h>
#include <unistd.h>

#include "learn/pairs.h"

/* ---- helpers ---- */

/* A folder of its own for each test; files of earlier tests do not count. */
static const char *folder(ts_arena *a, const char *name) {
    const char *dir = ts_str_z(a, ts_str_c(test_temp(name)));
    mkdir(dir, 0755);
    return dir;
}

static void put(const char *dir, const char *name, ts_str bytes) {
    char path[1200];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    test_write(path, bytes);
}

static bool add(ts_arena *a, pairs *p, const char *line, ts_error *e) {
    ts_arena scratch = ts_arena_new(64 << 20);
    bool good = pairs_add_line(a, scratch, ts_str_c(line), p, e);
    ts_arena_free(&scratch, 64 << 20);
    return good;
}

static void must_add(ts_arena *a, pairs *p, const char *line) {
    ts_error e = {0};
    if (!add(a, p, line, &e)) fail_msg("%s", e.msg);
}

static void must_refuse(const char *line, ts_error_code code, const char *msg) {
    ts_arena a = test_arena();
    pairs p = {0};
    ts_error e = {0};
    assert_false(add(&a, &p, line, &e));
    assert_int_equal(e.code, code);
    assert_str(ts_str_c(e.msg), msg);
    assert_int_equal(e.line, 0);
    assert_int_equal(p.list.n, 0);
    assert_int_equal(p.records.n, 0);
    ts_arena_free(&a, (size_t)1 << 32);
}

static void must_read(ts_arena *a, const char *dir, const char *split, bool tables, pairs *p) {
    ts_error e = {0};
    if (!pairs_read(a, dir, split, tables, p, &e)) fail_msg("%s: %s", e.where, e.msg);
}

/* ---- one line ---- */

static void test_members(void **state) {
    (void)state;
    ts_arena a = test_arena();
    pairs p = {0};
    must_add(&a, &p,
             "{\"left\":{\"id\":7,\"title\":\"Kelvano \\u00fc\\n80\",\"brand\":\"Kelvano\","
             "\"desc\":\"d\",\"price\":12.50,\"model\":\"KV\",\"cat\":\"c\",\"cur\":\"EUR\","
             "\"gtin\":4006381333931,\"lang\":\"de\",\"img\":\"x\",\"hard\":true},"
             "\"right\":{\"title\":null,\"brand\":[1],\"price\":false},"
             "\"label\":1,\"kind\":\"near\",\"hard\":true}");
    assert_int_equal(p.list.n, 1);
    assert_int_equal(p.records.n, 2);
    const pair_record *l = &p.records.v[p.list.v[0].left], *r = &p.records.v[p.list.v[0].right];
    assert_str(l->title, "Kelvano \xc3\xbc\n80");
    assert_str(l->brand, "Kelvano");
    assert_str(l->desc, "d");
    assert_str(l->price, "12.50");
    assert_str(l->model, "KV");
    assert_str(l->cat, "c");
    assert_str(l->cur, "EUR");
    assert_str(l->gtin, "4006381333931");
    assert_str(l->lang, "de");
    assert_str(r->title, "");
    assert_str(r->brand, "");
    assert_str(r->price, "");
    assert_int_equal(p.list.v[0].label, 1);
    assert_str(p.list.v[0].kind, "near");
}

/* What only a notice, or only an offer, says. */
static void test_notices(void **state) {
    (void)state;
    ts_arena a = test_arena();
    pairs p = {0};
    must_add(&a, &p,
             "{\"left\":{\"title\":\"a\",\"number\":\"A12/1/25\",\"counterfeit\":true},"
             "\"right\":{\"title\":\"b\",\"notices\":[\"A12/1/25\",null,7]}}");
    must_add(&a, &p,
             "{\"left\":{\"title\":\"a\",\"number\":\"A12/1/25\",\"counterfeit\":\"yes\"},"
             "\"right\":{\"title\":\"b\",\"notices\":\"A12/1/25\"}}");
    assert_int_equal(p.records.n, 4); /* none of the four says the same */
    assert_str(p.records.v[0].number, "A12/1/25");
    assert_true(p.records.v[0].counterfeit);
    assert_str(p.records.v[1].notices, "A12/1/25 | 7");
    assert_false(p.records.v[2].counterfeit);
    assert_str(p.records.v[3].notices, "A12/1/25");
}

static void test_labels(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int label;
    } good[] = {{",\"label\":0", 0},
                {",\"label\":1", 1},
                {",\"label\":1.0", 1},
                {",\"label\":null", 2},
                {"", 2}};
    static const char *const bad[] = {"2", "-1", "0.5", "\"1\"", "true", "[1]", "1e999"};
    char line[200];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ts_arena a = test_arena();
        pairs p = {0};
        snprintf(line, sizeof line, "{\"left\":{},\"right\":{}%s}", good[i].text);
        must_add(&a, &p, line);
        assert_int_equal(p.list.v[0].label, good[i].label);
        ts_arena_free(&a, (size_t)1 << 32);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(line, sizeof line, "{\"left\":{},\"right\":{},\"label\":%s}", bad[i]);
        must_refuse(line, TS_E_INPUT, "\"label\" must be 0 or 1");
    }
}

static void test_no_pair(void **state) {
    (void)state;
    must_refuse("{\"right\":{},\"label\":1}", TS_E_INPUT, "\"left\" is missing");
    must_refuse("{\"left\":{\"title\":\"t\"},\"label\":1}", TS_E_INPUT, "\"right\" is missing");
    must_refuse("{\"left\":\"t\",\"right\":{}}", TS_E_INPUT, "\"left\" must be an object");
    must_refuse("{\"left\":{},\"right\":null}", TS_E_INPUT, "\"right\" must be an object");
    must_refuse("[1]", TS_E_INPUT, "one JSON object per line is expected");
    ts_arena a = test_arena();
    pairs p = {0};
    ts_error e = {0};
    assert_false(add(&a, &p, "{\"left\":{},", &e));
    assert_int_equal(e.code, TS_E_INPUT);
    assert_true(ts_str_starts(ts_str_c(e.msg), TS_S("JSON: ")));
    assert_int_equal(e.line, 0);
}

/* Adds "left" and "right" as given; returns the pair. */
static labelled_pair add_two(ts_arena *a, pairs *p, const char *left, const char *right) {
    char line[600];
    int n = snprintf(line, sizeof line, "{\"left\":%s,\"right\":%s}", left, right);
    assert_true(n > 0 && (size_t)n < sizeof line);
    must_add(a, p, line);
    return p->list.v[p->list.n - 1];
}

/* A record is known by all it says, whatever it is called. */
static void test_identity(void **state) {
    (void)state;
    ts_arena a = test_arena();
    pairs p = {0};
    labelled_pair x = add_two(&a, &p, "{\"id\":\"1\",\"title\":\"a\"}", "{\"title\":\"b\"}"),
                  y = add_two(&a, &p, "{\"id\":\"1\",\"title\":\"b\"}", /* one id, another text */
                              "{\"id\":2,\"title\":\"a\"}"),            /* one text, another id */
        z = add_two(&a, &p,
                    "{\"cluster\":5,\"hard\":true,\"img\":\"i\",\"url\":\"u\",\"title\":\"a\"}",
                    "{\"title\":\"b\",\"id\":[1],\"cluster\":6}");
    assert_int_equal(p.records.n, 2);
    assert_int_not_equal(x.left, x.right);
    assert_int_equal(y.left, x.right);
    assert_int_equal(y.right, x.left);
    assert_int_equal(z.left, x.left);
    assert_int_equal(z.right, x.right);
    x = add_two(&a, &p, "{\"id\":8}", "{\"id\":9,\"title\":null,\"counterfeit\":false}");
    assert_int_equal(p.records.n, 3); /* nothing said is one record, too */
    assert_int_equal(x.left, x.right);
    assert_str(p.records.v[0].title, "a");
    assert_str(p.records.v[1].title, "b");
}

/* Each text tells records apart, and so does the member that it stands in. */
static void test_each_text_counts(void **state) {
    (void)state;
    static const char *const names[] = {"title", "brand", "desc", "price",  "model",  "cat",
                                        "cur",   "gtin",  "lang", "number", "notices"};
    enum { NAMES = sizeof names / sizeof *names };
    ts_arena a = test_arena();
    pairs p = {0};
    char left[200];
    add_two(&a, &p, "{}", "{\"counterfeit\":true}");
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(left, sizeof left, "{\"%s\":\"x\"}", names[i]);
        add_two(&a, &p, left, "{}");
        add_two(&a, &p, left, "{}");
        assert_int_equal(p.records.n, 3 + i);
    }
    /* Where one text ends and the next begins is seen. */
    labelled_pair x = add_two(&a, &p, "{\"title\":\"ab\",\"brand\":\"c\"}",
                              "{\"title\":\"a\",\"brand\":\"bc\"}"),
                  y = add_two(&a, &p, "{\"title\":\"a1:b\"}", "{\"title\":\"a\",\"brand\":\"b\"}");
    assert_int_not_equal(x.left, x.right);
    assert_int_not_equal(y.left, y.right);
    assert_int_equal(p.records.n, 2 + NAMES + 4);
}

/* With tables, a record is known on its own side only. */
static void test_sides(void **state) {
    (void)state;
    ts_arena a = test_arena();
    pairs p = {.tables = true};
    labelled_pair x = add_two(&a, &p, "{\"id\":1,\"title\":\"a\"}", "{\"id\":1,\"title\":\"a\"}"),
                  y = add_two(&a, &p, "{\"id\":2,\"title\":\"a\"}", "{\"id\":3,\"title\":\"a\"}");
    assert_int_equal(p.records.n, 2);
    assert_int_not_equal(x.left, x.right);
    assert_int_equal(x.left, y.left);
    assert_int_equal(x.right, y.right);
}

static void test_nothing_kept(void **state) {
    (void)state;
    ts_arena a = test_arena();
    pairs p = {0};
    char line[] = "{\"left\":{\"cluster\":\"c7\",\"title\":\"abc\"},\"right\":{\"title\":\"d\"},"
                  "\"kind\":\"k\"}";
    must_add(&a, &p, line);
    memset(line, 'x', sizeof line - 1);
    assert_str(p.records.v[0].title, "abc");
    assert_str(p.records.v[1].title, "d");
    assert_str(p.list.v[0].kind, "k");
    add_two(&a, &p, "{\"title\":\"abc\"}", "{\"title\":\"e\",\"cluster\":\"c7\"}");
    assert_int_equal(p.records.n, 3);
    pairs_products(&a, &p);
    assert_int_equal(p.product.v[2], p.product.v[0]);
}

/* ---- files ---- */

static void test_file(void **state) {
    (void)state;
    ts_arena a = test_arena();
    pairs p = {0};
    const char *dir = folder(&a, "crlf");
    put(dir, "train.jsonl",
        TS_S("\xEF\xBB\xBF{\"left\":{\"title\":1},\"right\":{\"title\":2},\"label\":1}\r\n"
             "\r\n"
             "{\"left\":{\"title\":1},\"right\":{\"title\":3},\"label\":0}"));
    must_read(&a, dir, "train", true, &p);
    assert_int_equal(p.list.n, 2);
    assert_int_equal(p.records.n, 3);
    assert_false(p.tables);
    assert_int_equal(p.table_a + p.table_b, 0);
    put(dir, "valid.jsonl", TS_S("{\"left\":{\"title\":3},\"right\":{\"title\":4},\"label\":0}\n"));
    must_read(&a, dir, "valid", true, &p); /* adds */
    assert_int_equal(p.list.n, 3);
    assert_int_equal(p.records.n, 4);
    assert_int_equal(p.list.v[2].left, p.list.v[1].right);
}

static void refuse_file(const char *dir, const char *split, ts_error_code code, const char *text) {
    ts_arena a = test_arena();
    pairs p = {0};
    ts_error e = {0};
    char got[2000], want[2000];
    assert_false(pairs_read(&a, dir, split, true, &p, &e));
    assert_int_equal(e.code, code);
    snprintf(want, sizeof want, "%s/%s", dir, text);
    assert_str(ts_str_c(ts_error_text(&e, got, sizeof got)), want);
    ts_arena_free(&a, (size_t)1 << 32);
}

static void test_bad_files(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *dir = folder(&a, "bad");
    put(dir, "a.jsonl", TS_S("{\"left\":{},\"right\":{}}\n\n{\"left\":{}}\n"));
    refuse_file(dir, "a", TS_E_INPUT, "a.jsonl:3: \"right\" is missing");
    put(dir, "b.jsonl", TS_S("{\"left\":{},\"right\":{}}\n{\"left\":{}\n"));
    refuse_file(dir, "b", TS_E_INPUT, "b.jsonl:2: JSON: ',' or '}' expected at byte 10");
    put(dir, "c.jsonl", TS_S(""));
    refuse_file(dir, "c", TS_E_INPUT, "c.jsonl: holds no pairs");
    put(dir, "d.jsonl", TS_S("\xEF\xBB\xBF\r\n \n"));
    refuse_file(dir, "d", TS_E_INPUT, "d.jsonl: holds no pairs");
    refuse_file(dir, "e", TS_E_IO, "e.jsonl: cannot open: No such file or directory");
    put(dir, "tableB.jsonl", TS_S("{\"id\":1}\n3\n"));
    refuse_file(dir, "a", TS_E_INPUT, "tableB.jsonl:2: one JSON object per line is expected");
    put(dir, "tableB.jsonl", TS_S("\n"));
    refuse_file(dir, "a", TS_E_INPUT, "tableB.jsonl: holds no records");
}

static void test_long_line(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *dir = folder(&a, "long"), *head = "{\"left\":{},\"right\":{\"title\":\"";
    ts_str tail = TS_S("\"}}");
    ts_buf b = ts_buf_new(&a, 8 << 20);
    ts_buf_put(&b, ts_str_c(head));
    while (b.n < PAIR_LINE_MAX - tail.n) ts_buf_c(&b, '\xff'); /* each is mended to three bytes */
    ts_buf_put(&b, tail);
    put(dir, "just.jsonl", ts_buf_str(&b));
    pairs p = {0};
    must_read(&a, dir, "just", false, &p);
    assert_int_equal(p.records.v[1].title.n, 3 * (PAIR_LINE_MAX - tail.n - strlen(head)));
    ts_buf_c(&b, ' ');
    put(dir, "over.jsonl", ts_buf_str(&b));
    refuse_file(dir, "over", TS_E_LIMIT, "over.jsonl:1: the line is longer than 1024 KiB");
    memset(b.p, ' ', b.n);
    put(dir, "blank.jsonl", ts_buf_str(&b));
    refuse_file(dir, "blank", TS_E_LIMIT, "blank.jsonl:1: the line is longer than 1024 KiB");
}

/* A pair's record that says what a table's record says is that one; ids do not count. */
static void test_tables(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *dir = folder(&a, "tables");
    put(dir, "tableA.jsonl",
        TS_S("{\"id\":\"1\",\"title\":\"a1\"}\n{\"id\":\"2\",\"title\":\"a2\"}\n"
             "{\"id\":\"3\",\"title\":\"a1\"}\n"));
    put(dir, "tableB.jsonl", TS_S("{\"id\":\"1\",\"title\":\"b1\"}\n{\"title\":\"a1\"}\n"));
    put(dir, "train.jsonl",
        TS_S("{\"left\":{\"id\":\"1\",\"title\":\"a2\"},\"right\":{\"title\":\"b1\"},\"label\":1}\n"
             "{\"left\":{\"title\":\"a1\"},\"right\":{\"id\":\"1\",\"title\":\"b9\"},\"label\":0}\n"
             "{\"left\":{\"title\":\"b1\"},\"right\":{\"title\":\"a1\"},\"label\":0}\n"));
    pairs p = {0}, bare = {0};
    must_read(&a, dir, "train", true, &p);
    must_read(&a, dir, "train", true, &p); /* the tables are not read again */
    assert_true(p.tables);
    assert_int_equal(p.table_a, 2); /* each text once */
    assert_int_equal(p.table_b, 2);
    assert_int_equal(p.records.n, 6);
    assert_int_equal(p.list.n, 6);
    for (size_t i = 0; i < p.list.n; i += 3) {
        assert_int_equal(p.list.v[i].left, 1);
        assert_int_equal(p.list.v[i].right, 2);
        assert_int_equal(p.list.v[i + 1].left, 0);
        assert_int_equal(p.list.v[i + 1].right, 4); /* in neither table */
        assert_int_equal(p.list.v[i + 2].left, 5);  /* in the other side's table only */
        assert_int_equal(p.list.v[i + 2].right, 3);
    }
    assert_str(p.records.v[1].title, "a2");
    assert_str(p.records.v[3].title, "a1");
    assert_str(p.records.v[5].title, "b1");
    must_read(&a, dir, "train", false, &bare); /* there are two sides all the same */
    assert_true(bare.tables);
    assert_int_equal(bare.table_a + bare.table_b, 0);
    assert_int_equal(bare.records.n, 6);
    ts_error e = {0};
    assert_false(pairs_read(&a, dir, "train", true, &bare, &e));
    assert_int_equal(e.code, TS_E_USAGE);
}

static void test_splits(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *dir = folder(&a, "splits");
    assert_str(pairs_splits(&a, dir), "");
    put(dir, "valid.jsonl", TS_S("x"));
    put(dir, "train_small.jsonl", TS_S("x"));
    put(dir, "tableA.jsonl", TS_S("x"));
    put(dir, "tableB.jsonl", TS_S("x"));
    put(dir, "notes.txt", TS_S("x"));
    put(dir, ".jsonl", TS_S("x"));
    folder(&a, "splits/folder.jsonl");
    assert_str(pairs_splits(&a, dir), "train_small, valid");
    assert_str(pairs_splits(&a, "/nowhere/at/all"), "");
    assert_true(pairs_has_split(dir, "valid"));
    assert_false(pairs_has_split(dir, "train"));
    assert_false(pairs_has_split(dir, "folder"));
    assert_false(pairs_has_split(dir, "tableA"));
}

/* ---- products and folds ---- */

static void must_be_products(const pairs *p, const uint32_t *product, size_t n) {
    assert_int_equal(p->records.n, n);
    assert_int_equal(p->product.n, n);
    for (size_t i = 0; i < n; i++) assert_int_equal(p->product.v[i], product[i]);
}

static void test_products(void **state) {
    (void)state;
    ts_arena a = test_arena();
    pairs p = {0};
    must_add(&a, &p, "{\"left\":{\"title\":0},\"right\":{\"title\":1},\"label\":0}");
    must_add(&a, &p, "{\"left\":{\"title\":2,\"cluster\":9},\"right\":{\"title\":3},\"label\":1}");
    must_add(&a, &p, "{\"left\":{\"title\":3},\"right\":{\"title\":1},\"label\":1}");
    must_add(&a, &p,
             "{\"left\":{\"title\":4,\"cluster\":\"9\"},\"right\":{\"title\":5,\"cluster\":\"8\"},"
             "\"label\":0}");
    add_two(&a, &p, "{\"title\":0}", "{\"title\":5}"); /* no label joins nothing */
    pairs_products(&a, &p);
    must_be_products(&p, (const uint32_t[]){0, 1, 1, 1, 1, 5}, 6);
    must_add(&a, &p, "{\"left\":{\"title\":0,\"cluster\":8},\"right\":{\"title\":6},\"label\":1}");
    pairs_products(&a, &p); /* a cluster that is said later counts */
    must_be_products(&p, (const uint32_t[]){0, 1, 1, 1, 1, 0, 0}, 7);
}

/* The same text under several clusters joins all of them; no cluster, or an empty one, none. */
static void test_several_clusters(void **state) {
    (void)state;
    ts_arena a = test_arena();
    pairs p = {0};
    add_two(&a, &p, "{\"title\":0,\"cluster\":7}", "{\"title\":1,\"cluster\":8}");
    add_two(&a, &p, "{\"title\":2,\"cluster\":9}", "{\"title\":3,\"cluster\":\"\"}");
    add_two(&a, &p, "{\"title\":4}", "{\"title\":5,\"cluster\":null}");
    add_two(&a, &p, "{\"title\":6,\"cluster\":\"\"}", "{\"title\":7,\"cluster\":[7]}");
    pairs_products(&a, &p);
    must_be_products(&p, (const uint32_t[]){0, 1, 2, 3, 4, 5, 6, 7}, 8);
    add_two(&a, &p, "{\"title\":1,\"cluster\":9}", "{\"title\":1,\"cluster\":8}");
    pairs_products(&a, &p);
    must_be_products(&p, (const uint32_t[]){0, 1, 1, 3, 4, 5, 6, 7}, 8);
    add_two(&a, &p, "{\"title\":5,\"cluster\":7}", "{\"title\":2,\"cluster\":7}");
    pairs_products(&a, &p);
    must_be_products(&p, (const uint32_t[]){0, 0, 0, 3, 4, 0, 6, 7}, 8);
}

/* Tables say clusters, too, and a cluster has both sides. */
static void test_clusters_of_tables(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *dir = folder(&a, "clusters");
    put(dir, "tableA.jsonl",
        TS_S("{\"title\":0,\"cluster\":\"x\"}\n{\"title\":1}\n"
             "{\"title\":0,\"cluster\":\"y\"}\n"));
    put(dir, "tableB.jsonl", TS_S("{\"title\":0,\"cluster\":\"y\"}\n{\"title\":1}\n"));
    put(dir, "train.jsonl",
        TS_S("{\"left\":{\"title\":9,\"cluster\":\"x\"},\"right\":{\"title\":1}"
             ",\"label\":0}\n"));
    pairs p = {0};
    must_read(&a, dir, "train", true, &p);
    pairs_products(&a, &p);
    must_be_products(&p, (const uint32_t[]){0, 1, 0, 3, 0}, 5);
}

enum { PRODUCTS = 300, OF_EACH = 4, FOLDS = 5 };

/* Pair i: neighbours in a chain of OF_EACH records match, the last does not match the next product.
 */
static void add_chain(ts_arena *a, pairs *p, int i) {
    char line[200];
    snprintf(line, sizeof line,
             "{\"left\":{\"id\":%d,\"title\":\"thing %d\"},\"right\":{\"id\":%d,\"title\":\"thing "
             "%d\"},\"label\":%d}",
             i, i, i + 1, i + 1, i % OF_EACH != OF_EACH - 1);
    must_add(a, p, line);
}

static void test_folds(void **state) {
    (void)state;
    enum { N = PRODUCTS * OF_EACH };
    ts_arena a = test_arena();
    pairs p = {0}, back = {0};
    for (int i = 0; i < N - 1; i++) add_chain(&a, &p, i);
    for (int i = N - 2; i >= 0; i--) add_chain(&a, &back, i);
    pairs_products(&a, &p);
    pairs_products(&a, &back);
    assert_int_equal(p.records.n, N);
    uint8_t fold[N], again[N], other[N];
    size_t in[FOLDS] = {0}, moved = 0;
    pairs_folds(&p, FOLDS, 1, fold);
    pairs_folds(&p, FOLDS, 2, other);
    pairs_folds(&back, FOLDS, 1, again);
    for (size_t i = 0; i < p.list.n; i++) { /* pairs of one product stay together */
        labelled_pair x = p.list.v[i], y = back.list.v[p.list.n - 1 - i];
        if (x.label == 1) assert_int_equal(fold[x.left], fold[x.right]);
        assert_int_equal(fold[x.left], again[y.left]); /* whatever the order */
        assert_int_equal(fold[x.right], again[y.right]);
    }
    for (size_t i = 0; i < N; i++) {
        assert_true(fold[i] < FOLDS);
        assert_int_equal(fold[i], fold[p.product.v[i]]); /* no product in two folds */
        in[fold[i]]++;
        moved += fold[i] != other[i];
    }
    for (size_t f = 0; f < FOLDS; f++) assert_in_range(in[f], N / FOLDS / 2, N / FOLDS * 2);
    assert_in_range(moved, N / 2, N); /* four of five are expected to move */
    pairs_folds(&p, 1, 1, fold);
    for (size_t i = 0; i < N; i++) assert_int_equal(fold[i], 0);
}

/* ---- real data ---- */

static void test_real(void **state) {
    (void)state;
    static const struct {
        const char *dir, *split;
        size_t pairs, matches, table_a, table_b; /* of the tables each different text once */
    } sets[] = {
        {"abt-buy", "train", 5743, 616, 1081, 1080},
        {"abt-buy", "valid", 1916, 206, 1081, 1080},
        {"abt-buy", "test", 1916, 206, 1081, 1080},
        {"amazon-google", "train", 6874, 699, 1356, 3081},
        {"amazon-google", "valid", 2293, 234, 1356, 3081},
        {"walmart-amazon", "train", 6144, 576, 2554, 22066},
        {"walmart-amazon", "valid", 2049, 193, 2554, 22066},
        {"wdc-products-80cc", "train_small", 2500, 500, 0, 0},
        {"wdc-products-80cc", "train_medium", 6000, 1500, 0, 0},
        {"wdc-products-80cc", "valid_small", 2500, 500, 0, 0},
        {"wdc-products-80cc", "valid_medium", 3500, 500, 0, 0},
        {"wdc-products-80cc", "valid_large", 4500, 500, 0, 0},
        {"lspc-shoes", "train_medium", 4505, 940, 0, 0},
        {"lspc-shoes", "valid_medium", 1181, 251, 0, 0},
        {"lspc-computers", "train_medium", 6332, 1378, 0, 0},
        {"lspc-computers", "valid_medium", 1567, 341, 0, 0},
        {"local-only/ember-zh", "train", 7000, 1718, 0, 0},
        {"local-only/ember-zh", "val", 1000, 256, 0, 0},
    };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        char name[200];
        snprintf(name, sizeof name, "pairs/%s", sets[i].dir);
        const char *dir = test_data(name);
        if (!dir) continue;
        ts_arena a = test_arena();
        pairs p = {0};
        must_read(&a, dir, sets[i].split, true, &p);
        size_t matches = 0;
        for (size_t k = 0; k < p.list.n; k++) matches += p.list.v[k].label == 1;
        assert_int_equal(p.list.n, sets[i].pairs);
        assert_int_equal(matches, sets[i].matches);
        assert_int_equal(p.table_a, sets[i].table_a);
        assert_int_equal(p.table_b, sets[i].table_b);
        if (p.tables) assert_int_equal(p.records.n, p.table_a + p.table_b);
        ts_arena_free(&a, (size_t)1 << 32);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_notices),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_no_pair),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_each_text_counts),
        cmocka_unit_test(test_sides),
        cmocka_unit_test(test_nothing_kept),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_splits),
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_several_clusters),
        cmocka_unit_test(test_clusters_of_tables),
        cmocka_unit_test(test_folds),
        cmocka_unit_test(test_real),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
