/* synthetic.h - a folder of labelled pairs of invented products, for tests of learning. The same
 * pairs can be written again with other ids, clusters and further members, none of which may
 * matter.
 */
#ifndef TS_TESTS_LEARN_SYNTHETIC_H
#define TS_TESTS_LEARN_SYNTHETIC_H

#include <sys/stat.h>
#include <unistd.h>

#include "support/support.h"

enum {
    PRODUCTS = 60,
    OFFERS = 120, /* right records, two of each product */
    TWINS = 6,    /* of them say the very same as another offer of their product */
    RECORDS = PRODUCTS + OFFERS,
    PAIRS = 2 * OFFERS,
    PAIRS_TRAIN = 200 /* train.jsonl; the rest is valid.jsonl */
};

typedef enum {
    AS_IT_IS,
    IDS_PERMUTED,
    IDS_RANDOM, /* on each line; they collide */
    IDS_REMOVED,
    CLUSTERS_PERMUTED,
    CLUSTERS_REMOVED,
    OTHERS_CHANGED, /* hard and img, and where in the object the members stand */
    CHANGES
} synthetic_change;

typedef struct synthetic {
    ts_str record[RECORDS]; /* the texts, as members of an object */
    unsigned product[RECORDS];
    struct {
        unsigned left, right;
        bool match;
    } pair[PAIRS];
    ts_random dice;
} synthetic;

static inline const char *synthetic_pick(ts_random *r, const char *const *v, size_t n) {
    return v[ts_random_below(r, (uint32_t)n)];
}
#define SYNTHETIC_PICK(r, v) synthetic_pick((r), (v), sizeof(v) / sizeof *(v))

/* A number with the right check digit. */
static inline void synthetic_gtin(unsigned product, char out[16]) {
    snprintf(out, 16, "40%010u", product * 7919 + 1234567);
    unsigned sum = 0;
    for (size_t i = 0; i < 12; i++) sum += (unsigned)(out[i] - '0') * (i % 2 ? 3 : 1);
    out[12] = (char)('0' + (10 - sum % 10) % 10);
    out[13] = 0;
}

/* Products of neighbouring numbers share brand or type. An offer leaves something out. */
static inline ts_str synthetic_texts(ts_arena *a, ts_random *r, unsigned product, bool offer) {
    static const char *const
        brands[] = {"Kelvano",  "Torrevik", "Musanda", "Brellux",
                    "Oskarine", "Fintholm", "Quarvel", "Zumeira"},
        *const types[] = {"hair dryer",    "Wasserkocher", "kettle",
                          "phone charger", "toy robot",    "LED-Lampe",
                          "angle grinder", "Kinderwagen",  "helmet"},
        *const words[] = {"black", "white",   "rot",     "new",       "2024",
                          "set",   "faltbar", "compact", "USB",       "for children",
                          "80 W",  "1,5 l",   "leise",   "with cable"},
        *const cats[] = {"Electronics", "Toys", "Haushalt", ""}, *const langs[] = {"en", "de", ""};
    const char *brand = brands[product / 3 % 8], *type = types[product % 9];
    char model[24], gtin[16] = "", price[16] = "";
    bool with_model = !offer || !ts_random_below(r, 3),
         with_brand = !offer || ts_random_below(r, 4);
    snprintf(model, sizeof model, "%c%c-%u%c", brand[0], brand[2], 1000 + product * 37 % 900,
             (char)('A' + product % 5));
    if (ts_random_below(r, 5) == 0) synthetic_gtin(product, gtin);
    if (ts_random_below(r, 4))
        snprintf(price, sizeof price, "%u.%u9", 10 + product % 20 * 3 + ts_random_below(r, 9),
                 ts_random_below(r, 10));
    char *s = ts_new_n(a, char, 700);
    int n =
        snprintf(s, 700,
                 "\"title\":\"%s %s %s %s %s\",\"brand\":\"%s\",\"desc\":\"%s %s, %s %s\","
                 "\"price\":\"%s\",\"model\":\"%s\",\"cat\":\"%s\",\"cur\":\"EUR\","
                 "\"gtin\":\"%s\",\"lang\":\"%s\"",
                 brand, type, with_model ? model : "", SYNTHETIC_PICK(r, words),
                 SYNTHETIC_PICK(r, words), with_brand ? brand : "", type, SYNTHETIC_PICK(r, words),
                 SYNTHETIC_PICK(r, words), SYNTHETIC_PICK(r, words), price, with_model ? model : "",
                 SYNTHETIC_PICK(r, cats), gtin, SYNTHETIC_PICK(r, langs));
    assert_true(n > 0 && n < 700);
    return (ts_str){s, (size_t)n};
}

/* Each offer with its own product and with another one, a near one half of the time. */
static inline synthetic *synthetic_new(ts_arena *a, uint64_t seed) {
    synthetic *s = ts_new(a, synthetic);
    s->dice = ts_random_seed(seed);
    for (unsigned i = 0; i < RECORDS; i++) {
        s->product[i] = i % PRODUCTS;
        s->record[i] = i >= RECORDS - TWINS
                           ? s->record[i - PRODUCTS]
                           : synthetic_texts(a, &s->dice, s->product[i], i >= PRODUCTS);
    }
    for (unsigned i = 0; i < PAIRS; i++) {
        unsigned right = PRODUCTS + i * 7 % OFFERS, own = s->product[right],
                 far = ts_random_below(&s->dice, 2) ? 1 : 1 + ts_random_below(&s->dice, 50);
        s->pair[i].match = i >= OFFERS;
        s->pair[i].right = right;
        s->pair[i].left = s->pair[i].match ? own : (own + far) % PRODUCTS;
    }
    for (unsigned i = PAIRS - 1; i; i--) { /* both kinds in each split */
        unsigned k = ts_random_below(&s->dice, i + 1);
        __typeof__(s->pair[0]) x = s->pair[i];
        s->pair[i] = s->pair[k];
        s->pair[k] = x;
    }
    return s;
}

/* What is written beside the texts. */
typedef struct synthetic_names {
    synthetic_change change;
    unsigned id[RECORDS], cluster[RECORDS];
    ts_random dice;
} synthetic_names;

static inline void synthetic_shuffle(ts_random *r, unsigned *v, unsigned n) {
    for (unsigned i = n - 1; i; i--) {
        unsigned k = ts_random_below(r, i + 1), x = v[i];
        v[i] = v[k];
        v[k] = x;
    }
}

/* With tables, ids count on each side from 0. */
static inline synthetic_names synthetic_names_for(const synthetic *s, synthetic_change c,
                                                  bool tables) {
    synthetic_names n = {.change = c, .dice = ts_random_seed(77 + c)};
    for (unsigned i = 0; i < RECORDS; i++) {
        n.id[i] = tables && i >= PRODUCTS ? i - PRODUCTS : i;
        n.cluster[i] = s->product[i];
    }
    if (c == IDS_PERMUTED && tables) {
        synthetic_shuffle(&n.dice, n.id, PRODUCTS);
        synthetic_shuffle(&n.dice, n.id + PRODUCTS, OFFERS);
    } else if (c == IDS_PERMUTED)
        synthetic_shuffle(&n.dice, n.id, RECORDS);
    if (c == CLUSTERS_PERMUTED) synthetic_shuffle(&n.dice, n.cluster, RECORDS);
    return n;
}

static inline void synthetic_put_names(ts_buf *b, synthetic_names *n, unsigned i) {
    ts_random *r = &n->dice;
    if (n->change == IDS_RANDOM)
        ts_buf_fmt(b, ts_random_below(r, 2) ? "\"id\":%u," : "\"id\":\"%u\",",
                   ts_random_below(r, 40));
    else if (n->change != IDS_REMOVED)
        ts_buf_fmt(b, "\"id\":\"%u\",", n->id[i]);
    if (n->change != CLUSTERS_REMOVED) ts_buf_fmt(b, "\"cluster\":\"c%u\",", n->cluster[i]);
    if (n->change != OTHERS_CHANGED)
        ts_buf_fmt(b, "\"img\":\"https://img.example/%u.jpg\"", n->cluster[i]);
    else if (ts_random_below(r, 2))
        ts_buf_fmt(b, "\"img\":[\"%u\"],\"hard\":%u", ts_random_below(r, 1000),
                   ts_random_below(r, 2));
    else
        ts_buf_fmt(b, "\"hard\":true");
}

static inline void synthetic_put(ts_buf *b, const synthetic *s, synthetic_names *n, unsigned i) {
    ts_buf_c(b, '{');
    if (n->change == OTHERS_CHANGED) ts_buf_put(b, s->record[i]), ts_buf_c(b, ',');
    synthetic_put_names(b, n, i);
    if (n->change != OTHERS_CHANGED) ts_buf_c(b, ','), ts_buf_put(b, s->record[i]);
    ts_buf_c(b, '}');
}

static inline void synthetic_put_pairs(ts_buf *b, const synthetic *s, synthetic_names *n,
                                       unsigned from, unsigned to) {
    for (unsigned i = from; i < to; i++) {
        ts_buf_lit(b, "{\"left\":");
        synthetic_put(b, s, n, s->pair[i].left);
        ts_buf_lit(b, ",\"right\":");
        synthetic_put(b, s, n, s->pair[i].right);
        ts_buf_fmt(b, ",\"label\":%d,\"kind\":\"%s\"", s->pair[i].match,
                   s->pair[i].match ? "own" : "other");
        if (n->change == OTHERS_CHANGED)
            ts_buf_fmt(b, ",\"hard\":%u", ts_random_below(&n->dice, 2));
        ts_buf_lit(b, "}\n");
    }
}

static inline void synthetic_file(const char *dir, const char *name, ts_str bytes) {
    char path[1200];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    test_write(path, bytes);
}

static inline void synthetic_table(ts_arena scratch, const char *dir, const char *name,
                                   const synthetic *s, synthetic_names *n, unsigned from,
                                   unsigned to) {
    ts_buf b = ts_buf_new(&scratch, 8 << 20);
    for (unsigned i = from; i < to; i++) {
        synthetic_put(&b, s, n, i);
        ts_buf_c(&b, '\n');
    }
    synthetic_file(dir, name, ts_buf_str(&b));
}

/* Writes train.jsonl and valid.jsonl, and tableA.jsonl and tableB.jsonl when they are asked for, to
 * a folder of this name. */
static inline const char *synthetic_write(ts_arena *a, const synthetic *s, const char *name,
                                          bool tables, synthetic_change c) {
    const char *dir = ts_str_z(a, ts_str_c(test_temp(name)));
    ts_arena scratch = *a;
    synthetic_names n = synthetic_names_for(s, c, tables);
    ts_buf train = ts_buf_new(&scratch, 8 << 20), valid = ts_buf_new(&scratch, 8 << 20);
    mkdir(dir, 0755);
    synthetic_put_pairs(&train, s, &n, 0, PAIRS_TRAIN);
    synthetic_put_pairs(&valid, s, &n, PAIRS_TRAIN, PAIRS);
    synthetic_file(dir, "train.jsonl", ts_buf_str(&train));
    synthetic_file(dir, "valid.jsonl", ts_buf_str(&valid));
    static const char *const names[] = {"tableA.jsonl", "tableB.jsonl"};
    for (size_t i = 0; i < 2 && !tables; i++) { /* of what was written here before */
        char path[1200];
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    if (!tables) return dir;
    synthetic_table(scratch, dir, names[0], s, &n, 0, PRODUCTS);
    synthetic_table(scratch, dir, names[1], s, &n, PRODUCTS, RECORDS);
    return dir;
}

#endif
