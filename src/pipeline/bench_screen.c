#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench.h"

double ts_tally_recall(const ts_tally *t) {
    return t->positives ? (double)t->found / (double)t->positives : NAN;
}
double ts_tally_precision(const ts_tally *t) {
    uint64_t listed = t->found + t->listed;
    return listed ? (double)t->found / (double)listed : NAN;
}
double ts_tally_strict_precision(const ts_tally *t) {
    uint64_t listed = t->found + t->listed + t->astray;
    return listed ? (double)t->found / (double)listed : NAN;
}

/* ---- what was listed: a set of (offer, notice) and of offers, by hash ---- */

typedef struct lead_set {
    ts_sink base;
    ts_arena room, arena;
    uint64_t *slot;
    size_t n, cap;
    ts_arena *a;
} lead_set;

static bool set_has(const lead_set *s, uint64_t key) {
    for (size_t i = key & (s->cap - 1); s->slot[i]; i = (i + 1) & (s->cap - 1))
        if (s->slot[i] == key) return true;
    return false;
}

static void set_put(lead_set *s, uint64_t key) {
    if (s->n * 2 >= s->cap) {
        size_t old_cap = s->cap;
        uint64_t *old = s->slot;
        s->cap *= 2;
        s->slot = ts_new_n(&s->arena, uint64_t, s->cap);
        s->n = 0;
        for (size_t i = 0; i < old_cap; i++)
            if (old[i]) set_put(s, old[i]);
    }
    size_t i = key & (s->cap - 1);
    for (; s->slot[i]; i = (i + 1) & (s->cap - 1))
        if (s->slot[i] == key) return;
    s->slot[i] = key;
    s->n++;
}

static uint64_t offer_key(ts_str offer) { return ts_mix(ts_hash(offer)) | 1; }
static uint64_t pair_key(ts_str offer, ts_str notice) {
    return ts_mix(ts_hash_seed(notice, ts_hash(offer))) | 1;
}

static bool take_lead(ts_sink *sink, const ts_lead_record *r, ts_error *e) {
    lead_set *s = (lead_set *)sink;
    (void)e;
    set_put(s, offer_key(r->offer->id));
    set_put(s, pair_key(r->offer->id, r->notice->id));
    return true;
}

static bool no_finish(ts_sink *sink, const ts_screen_summary *sum, ts_error *e) {
    (void)sink, (void)sum, (void)e;
    return true;
}

#define SET_RESERVE ((size_t)4 << 30)
static void set_init(lead_set *s) {
    *s = (lead_set){.base = {take_lead, no_finish, 0}, .cap = 1 << 12};
    s->room = s->arena = ts_arena_new(SET_RESERVE);
    s->slot = ts_new_n(&s->arena, uint64_t, s->cap);
}

/* ---- truths ---- */

static int named(const char *(*name)(unsigned), unsigned n, ts_str s) {
    for (unsigned i = 0; i < n; i++)
        if (ts_str_is(s, name(i))) return (int)i;
    return -1;
}
static const char *kind_name(unsigned k) { return ts_derive_kind_name((ts_derive_kind)k); }

static void count(ts_tally *t, bool match, bool listed, bool right) {
    if (match)
        t->positives++, t->found += right;
    else
        t->negatives++, t->listed += right;
    t->astray += listed && !right;
}

typedef struct judging {
    const lead_set *leads;
    ts_bench_result *out;
    ts_buf errors;
    int errors_fd;
} judging;

static void judge(judging *j, const ts_json *offer, ts_str line) {
    const ts_json *truth = ts_json_member(offer, "_truth");
    if (!truth) return;
    ts_str id = ts_json_text(ts_json_member(offer, "id")),
           notice = ts_json_text(ts_json_member(truth, "notice"));
    bool match = ts_json_is(ts_json_member(truth, "match"), TS_JSON_TRUE);
    bool listed = set_has(j->leads, offer_key(id)), right = set_has(j->leads, pair_key(id, notice));
    if (!notice.n) right = listed; /* of no notice's product: any lead is wrong */
    ts_bench_result *r = j->out;
    bool identifier = false, brand = false, model = false;
    TS_JSON_EACH(x, ts_json_member(truth, "survives")) {
        identifier |= ts_str_is(ts_json_str(x), "identifier");
        brand |= ts_str_is(ts_json_str(x), "brand");
        model |= ts_str_is(ts_json_str(x), "model");
    }
    r->with_truth++;
    count(&r->all, match, listed, right);
    if (match && (identifier || (brand && model))) count(&r->survives, match, listed, right);
    int k = named(kind_name, TS_DERIVE_KINDS, ts_json_str(ts_json_member(truth, "kind")));
    if (k >= 0) count(&r->kind[k], match, listed, right);
    ts_str lang = ts_json_str(ts_json_member(truth, "language"));
    count(&r->language[ts_str_is(lang, "de")   ? 1
                       : ts_str_is(lang, "zh") ? 2
                                               : 0],
          match, listed, right);
    TS_JSON_EACH_MEMBER(name, value, ts_json_member(truth, "perturbations")) {
        int p = named(ts_perturbation_name, TS_PERTURBATIONS, ts_json_str(name));
        int64_t strength;
        if (p >= 0 && ts_json_i64(value, &strength) && strength >= 1 && strength <= 3)
            count(&r->perturbation[p][strength], match, listed, right);
    }
    bool wrong = match ? !right : right;
    if (wrong && j->errors_fd >= 0) {
        ts_buf_put(&j->errors, line);
        ts_buf_c(&j->errors, '\n');
    }
}

/* Reads the offers' file again, line by line, for the truths. */
static bool judge_file(judging *j, const char *path, ts_arena *a, ts_error *e) {
    enum { STEP = 1 << 20, LINE_MAX_BYTES = 16 << 20 };
    ts_input *in = ts_input_open(a, path, e);
    if (!in) return false;
    ts_buf b = ts_buf_new(a, LINE_MAX_BYTES + STEP);
    ts_buf_room(&b, LINE_MAX_BYTES + STEP);
    ptrdiff_t k;
    while ((k = ts_input_read(in, b.p + b.n, STEP, e)) > 0) {
        b.n += (size_t)k;
        ts_str rest = ts_buf_str(&b);
        for (size_t nl; (nl = ts_str_chr(rest, '\n')) != TS_NPOS;
             rest = ts_str_from(rest, nl + 1)) {
            ts_arena scratch = *a;
            ts_str line = ts_str_to(rest, nl);
            const ts_json *v = ts_json_parse(&scratch, line, (ts_json_options){0}, 0);
            if (v) judge(j, v, line);
        }
        memmove(b.p, rest.p, rest.n);
        b.n = rest.n > LINE_MAX_BYTES ? 0 : rest.n;
    }
    ts_input_close(in);
    return k == 0;
}

/* ---- retrieval against scoring every notice ---- */

typedef struct checking {
    const ts_index *ix;
    ts_match_options o;
    uint64_t left, *leads, *same, *checked;
    ts_matcher *all, *quick;
    ts_arena arena;
} checking;

static bool check_file(checking *c, const char *path, ts_arena *a, ts_offer_options options,
                       ts_error *e) {
    ts_offer_source *src = ts_offers_open(a, path, options, e);
    if (!src) return false;
    ts_offer_chunk chunk;
    ts_offer_chunk_init(&chunk);
    while (c->left && ts_offers_fill(src, &chunk, e) == TS_READ_RECORD) {
        ts_offer_reader r = ts_offers_read(src, &chunk);
        for (;;) {
            ts_arena scratch = c->arena;
            ts_offer o;
            ts_error bad;
            ts_leads full = {0}, quick = {0};
            ts_read_result rc = ts_offers_next(&r, &scratch, &o, &bad);
            if (rc == TS_READ_END || !c->left) break;
            if (rc != TS_READ_RECORD) continue;
            c->left--;
            ++*c->checked;
            ts_match(c->all, &scratch, &o, &full);
            ts_match(c->quick, &scratch, &o, &quick);
            *c->leads += full.n;
            for (size_t i = 0; i < full.n; i++)
                for (size_t k = 0; k < quick.n; k++)
                    if (quick.v[k].notice == full.v[i].notice &&
                        quick.v[k].probability == full.v[i].probability) {
                        ++*c->same;
                        break;
                    }
        }
    }
    ts_offer_chunk_free(&chunk);
    ts_offers_close(src);
    return true;
}

static bool check_retrieval(ts_arena *a, const ts_screen_job *job, uint64_t n, ts_bench_result *out,
                            ts_error *e) {
    enum { ROOM_GIB = 2 };
    ts_arena room = ts_arena_new((size_t)ROOM_GIB << 30);
    checking c = {.ix = job->index,
                  .o = job->match,
                  .left = n,
                  .leads = &out->check_leads,
                  .same = &out->check_same,
                  .checked = &out->checked,
                  .arena = room};
    c.o.floor = 0.01; /* also leads far below the threshold must be the same */
    c.quick = ts_matcher_new(&c.arena, job->index, c.o);
    c.o.exhaustive = true;
    c.all = ts_matcher_new(&c.arena, job->index, c.o);
    bool ok = true;
    for (size_t i = 0; i < job->offers_n && ok && c.left; i++)
        ok = check_file(&c, job->offers[i], a, job->options, e);
    ts_matcher_free(c.quick);
    ts_matcher_free(c.all);
    ts_arena_free(&room, (size_t)ROOM_GIB << 30);
    return ok;
}

/* ---- opening from a file, timed ---- */

static double load_ms(const ts_notice_index *ix) {
    if (!ix->builder) return ix->seconds * 1000;
    char path[64];
    snprintf(path, sizeof path, "/tmp/touchstone-index-%ld", (long)getpid());
    ts_error e;
    ts_index again;
    double ms = NAN;
    if (ts_index_write(&ix->index, path, &e)) {
        uint64_t start = ts_nanos();
        if (ts_index_open(&again, path, &e)) {
            ms = (double)(ts_nanos() - start) / 1e6;
            ts_index_close(&again);
        }
    }
    unlink(path);
    return ms;
}

bool ts_bench_screen(ts_arena *a, ts_screen_job *job, const ts_notice_index *ix, uint64_t check,
                     int errors_fd, ts_bench_result *out, ts_error *e) {
    enum { ROOM_GIB = 2 };
    *out = (ts_bench_result){.notices = ix->notices - ix->withdrawn,
                             .index_seconds = ix->index.mapping.bytes.n ? NAN : ix->seconds,
                             .index_bytes = ix->index.bytes.n};
    lead_set leads;
    set_init(&leads);
    job->index = &ix->index;
    job->sink = &leads.base;
    bool ok = ts_screen(a, job, &out->screen, e);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    out->peak_rss = (uint64_t)usage.ru_maxrss * 1024;
    ts_arena room = ts_arena_new((size_t)ROOM_GIB << 30);
    for (size_t i = 0; ok && i < job->offers_n; i++) {
        ts_arena mine = room;
        judging j = {.leads = &leads,
                     .out = out,
                     .errors_fd = errors_fd,
                     .errors = ts_buf_new(&mine, 512 << 20)};
        ts_buf_room(&j.errors, 500 << 20);
        ok = judge_file(&j, job->offers[i], &mine, e);
        if (ok && errors_fd >= 0) ok = ts_fd_write(errors_fd, ts_buf_str(&j.errors), "errors", e);
    }
    ts_arena_free(&room, (size_t)ROOM_GIB << 30);
    out->index_load_ms = load_ms(ix);
    if (ok && check) ok = check_retrieval(a, job, check, out, e);
    ts_arena_free(&leads.room, SET_RESERVE);
    return ok;
}
