/* retrieve - touchstone's own library on the retrieval task, on one thread.
 *
 *   retrieve top INDEX MIX.jsonl TRUE.jsonl RESULTS SECONDS     the ten likeliest notices of each
 * offer retrieve walk INDEX OFFERS.jsonl N                          what the first N offers cost at
 * the default threshold
 *
 * `top` asks for ten leads of any likelihood, so that it ranks as the other engines do. Parsing the
 * offers' JSON, comparing with every candidate and giving the reasons are part of the time. `walk`
 * prints, per offer: postings walked, notices whose exact score was taken, pairs compared in full;
 * and the share of offers that left without a candidate.
 */
#include "match/match.h"
#include "source/source.h"

#include "peer.h"

enum { ROOM_GIB = 4 };

typedef struct pass {
    ts_matcher *m;
    ts_arena arena;
    const ts_index *ix;
    FILE *results; /* may be NULL */
    uint64_t most; /* stop after so many offers; 0 = never */
    uint64_t offers;
} pass;

static void die(const char *what, const ts_error *e) { peer_die(what, e->msg); }

static void write_best(pass *p, uint64_t number, const ts_leads *l, ts_arena scratch) {
    for (size_t i = 0; i < l->n; i++) {
        ts_notice n;
        ts_error e;
        if (!ts_index_notice(p->ix, l->v[i].notice, &scratch, &n, &e)) die("notice", &e);
        fprintf(p->results, "%llu\t%.*s\n", (unsigned long long)number, TS_P(n.id));
    }
}

static void one_chunk(pass *p, const ts_offer_source *s, const ts_offer_chunk *c) {
    ts_offer_reader r = ts_offers_read(s, c);
    while (!p->most || p->offers < p->most) {
        ts_arena scratch = p->arena;
        ts_offer o;
        ts_error e;
        ts_leads l = {0};
        ts_read_result rc = ts_offers_next(&r, &scratch, &o, &e);
        if (rc == TS_READ_END) break;
        if (rc != TS_READ_RECORD) die("offers", &e);
        p->offers++;
        ts_match(p->m, &scratch, &o, &l);
        if (p->results) write_best(p, p->offers, &l, scratch);
    }
}

/* Reads the file once from front to back. */
static void one_pass(pass *p, const char *path) {
    ts_error e;
    ts_arena scratch = p->arena;
    ts_offer_source *s =
        ts_offers_open(&scratch, path, (ts_offer_options){.format = TS_OF_JSON_LINES}, &e);
    if (!s) die(path, &e);
    ts_offer_chunk c;
    ts_offer_chunk_init(&c);
    pass mine = *p;
    mine.arena = scratch;
    mine.offers = 0;
    while ((!p->most || mine.offers < p->most) && ts_offers_fill(s, &c, &e) == TS_READ_RECORD)
        one_chunk(&mine, s, &c);
    p->offers += mine.offers;
    ts_offer_chunk_free(&c);
    ts_offers_close(s);
}

static void timed(pass *p, const char *name, const char *path, const char *results,
                  double seconds) {
    p->results = results ? fopen(results, "w") : NULL;
    if (results && !p->results) peer_die(results, "cannot be written");
    one_pass(p, path);
    if (p->results) fclose(p->results);
    p->results = NULL;
    p->offers = 0;
    double start = peer_cpu();
    do one_pass(p, path);
    while (p->offers && peer_cpu() - start < seconds);
    double spent = peer_cpu() - start;
    printf("%s_offers\t%llu\n", name, (unsigned long long)p->offers);
    char key[32];
    snprintf(key, sizeof key, "%s_cpu_s", name);
    peer_figure(key, spent);
}

static const ts_model *judge_of(pass *p) {
    static ts_model m;
    ts_error e = {0};
    if (!m.threshold && !ts_model_shipped(&p->arena, &m, &e)) die("model", &e);
    return &m;
}

static void top(pass *p, char **argv) {
    double seconds = strtod(argv[6], 0);
    p->m = ts_matcher_new(
        &p->arena, p->ix,
        (ts_match_options){
            .model = judge_of(p), .threshold = 0.5, .floor = 1e-300, .per_offer = PEER_TOP});
    ts_str model = ts_model_id(&p->arena, judge_of(p));
    printf("version\t%.*s\n", TS_P(model));
    timed(p, "mix", argv[3], 0, seconds);
    timed(p, "true", argv[4], argv[5], seconds);
}

static void walk(pass *p, char **argv) {
    p->m = ts_matcher_new(&p->arena, p->ix, (ts_match_options){.model = judge_of(p)});
    p->most = strtoull(argv[4], 0, 10);
    one_pass(p, argv[3]);
    ts_match_counts c = ts_matcher_counts(p->m);
    double n = c.offers ? (double)c.offers : 1;
    peer_figure("walk_offers", (double)c.offers);
    peer_figure("postings_per_offer", (double)c.postings / n);
    peer_figure("verified_per_offer", (double)c.verified / n);
    peer_figure("judged_per_offer", (double)c.judged / n);
    peer_figure("left_early_share", (double)c.left_early / n);
    peer_figure("terms", ts_index_terms(p->ix));
}

int main(int argc, char **argv) {
    bool is_top = argc == 7 && strcmp(argv[1], "top") == 0,
         is_walk = argc == 5 && strcmp(argv[1], "walk") == 0;
    if (!is_top && !is_walk)
        peer_die("usage",
                 "retrieve top INDEX MIX TRUE RESULTS SECONDS | retrieve walk INDEX OFFERS N");
    ts_error e;
    ts_index ix;
    if (!ts_index_open(&ix, argv[2], &e)) die(argv[2], &e);
    pass p = {.arena = ts_arena_new((size_t)ROOM_GIB << 30), .ix = &ix};
    if (is_top)
        top(&p, argv);
    else
        walk(&p, argv);
    ts_matcher_free(p.m);
    ts_index_close(&ix);
    return 0;
}
