/* texts - the common ground of all peers: notices and a sample of offers as plain text.
 *
 *   texts notices NOTICES.jsonl > notices.tsv               id, text
 *   texts sample OFFERS.jsonl N SEED DIR                    two samples of N offers each
 *
 * Samples: mix (the offers as they come) and true (offers of a notice's product). DIR/mix.jsonl and
 * DIR/true.jsonl hold the offers themselves, DIR/mix.tsv and DIR/true.tsv one line each: true
 * notice or "-", language, text.
 *
 * The text of an offer is its brand, model, GTIN and title; of a notice its brands, models,
 * identifiers, name, product and title. With PEER_FIELDS=all in the environment the descriptions of
 * both follow.
 */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>

static ts_arena arena;
static bool with_descriptions;

static void die(const char *what, const char *why) {
    fprintf(stderr, "texts: %s: %s\n", what, why);
    exit(1);
}

static ts_str map_file(const char *path) {
    ts_mapping m;
    ts_error e;
    if (!ts_mapping_open(&m, path, &e)) die(path, e.msg);
    return m.bytes;
}

/* One line of text: no tabs, line ends or backslashes, which some loaders would read as their own.
 */
static void put(ts_buf *b, ts_str s) {
    if (!s.n) return;
    if (b->n) ts_buf_c(b, ' ');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        ts_buf_c(b, c < 0x20 || c == '\\' ? ' ' : (char)c);
    }
}

static ts_str notice_text(ts_arena *a, const ts_json *n) {
    ts_buf b = ts_buf_new(a, 4 << 20);
    TS_JSON_EACH(x, ts_json_member(n, "brands")) put(&b, ts_json_str(x));
    TS_JSON_EACH(x, ts_json_member(n, "models")) put(&b, ts_json_str(x));
    TS_JSON_EACH(x, ts_json_member(n, "identifiers"))
    put(&b, ts_json_str(ts_json_member(x, "value")));
    put(&b, ts_json_str(ts_json_member(n, "name")));
    put(&b, ts_json_str(ts_json_member(n, "product")));
    put(&b, ts_json_str(ts_json_member(n, "title")));
    if (with_descriptions) put(&b, ts_json_str(ts_json_member(n, "description")));
    return ts_buf_str(&b);
}

static ts_str offer_text(ts_arena *a, const ts_json *o) {
    ts_buf b = ts_buf_new(a, 4 << 20);
    put(&b, ts_json_str(ts_json_member(o, "brand")));
    put(&b, ts_json_str(ts_json_member(o, "model")));
    put(&b, ts_json_text(ts_json_member(o, "gtin")));
    put(&b, ts_json_str(ts_json_member(o, "title")));
    if (with_descriptions) put(&b, ts_json_str(ts_json_member(o, "description")));
    return ts_buf_str(&b);
}

static const ts_json *parse(ts_arena *a, const char *path, ts_str line) {
    ts_error e;
    const ts_json *v = ts_json_parse(a, line, (ts_json_options){0}, &e);
    if (!v) die(path, e.msg);
    return v;
}

static void notices(const char *path) {
    ts_str rest = map_file(path);
    while (rest.n) {
        ts_arena scratch = arena;
        ts_str line = ts_str_cut(&rest, '\n');
        const ts_json *n = parse(&scratch, path, line);
        ts_str id = ts_json_str(ts_json_member(n, "id")), text = notice_text(&scratch, n);
        printf("%.*s\t%.*s\n", TS_P(id), TS_P(text));
    }
}

/* ---- sampling ---- */

typedef struct lines {
    ts_str *v;
    size_t n, cap;
} lines;

/* Moves a random choice of `count` lines to the front. */
static void choose(lines *l, size_t count, uint64_t seed) {
    ts_random r = ts_random_seed(seed);
    for (size_t i = 0; i < count; i++) {
        size_t k = i + ts_random_below(&r, (uint32_t)(l->n - i));
        ts_str t = l->v[i];
        l->v[i] = l->v[k];
        l->v[k] = t;
    }
}

static FILE *create(const char *dir, const char *name, const char *ending) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s", dir, name, ending);
    FILE *f = fopen(path, "w");
    if (!f) die(path, "cannot be written");
    return f;
}

static void write_sample(const char *dir, const char *name, const lines *l, size_t count) {
    FILE *raw = create(dir, name, "jsonl"), *tsv = create(dir, name, "tsv");
    for (size_t i = 0; i < count; i++) {
        ts_arena scratch = arena;
        const ts_json *o = parse(&scratch, name, l->v[i]), *truth = ts_json_member(o, "_truth");
        bool match = ts_json_is(ts_json_member(truth, "match"), TS_JSON_TRUE);
        ts_str notice = match ? ts_json_str(ts_json_member(truth, "notice")) : TS_S("-");
        ts_str lang = ts_json_str(ts_json_member(truth, "language")),
               text = offer_text(&scratch, o);
        fprintf(raw, "%.*s\n", TS_P(l->v[i]));
        fprintf(tsv, "%.*s\t%.*s\t%.*s\n", TS_P(notice), TS_P(lang), TS_P(text));
    }
    if (fclose(raw) || fclose(tsv)) die(dir, "cannot be written");
}

static void sample(const char *path, size_t count, uint64_t seed, const char *dir) {
    lines all = {0}, positive = {0};
    ts_arena lists[2] = {ts_arena_new((size_t)8 << 30), ts_arena_new((size_t)8 << 30)};
    ts_str rest = map_file(path);
    while (rest.n) {
        ts_arena scratch = arena;
        ts_str line = ts_str_cut(&rest, '\n');
        const ts_json *truth = ts_json_member(parse(&scratch, path, line), "_truth");
        *ts_push(&lists[0], &all) = line;
        if (ts_json_is(ts_json_member(truth, "match"), TS_JSON_TRUE))
            *ts_push(&lists[1], &positive) = line;
    }
    if (all.n < count || positive.n < count) die(path, "too few offers for the sample");
    choose(&all, count, seed);
    choose(&positive, count, seed);
    write_sample(dir, "mix", &all, count);
    write_sample(dir, "true", &positive, count);
}

int main(int argc, char **argv) {
    uint64_t count, seed;
    const char *fields = getenv("PEER_FIELDS");
    with_descriptions = fields && strcmp(fields, "all") == 0;
    arena = ts_arena_new((size_t)1 << 30);
    if (argc == 3 && strcmp(argv[1], "notices") == 0) {
        notices(argv[2]);
    } else if (argc == 6 && strcmp(argv[1], "sample") == 0 &&
               ts_u64_parse(ts_str_c(argv[3]), &count) && ts_u64_parse(ts_str_c(argv[4]), &seed)) {
        sample(argv[2], count, seed, argv[5]);
    } else {
        fprintf(stderr, "usage: texts notices FILE | texts sample OFFERS N SEED DIR\n");
        return 2;
    }
    return 0;
}
