#include "sink.h"

#include <unistd.h>

#include "screen.h"

enum { FLUSH_AT = 1 << 18, ROOM_MIB = 512, TABLE_TOP = 200, HTML_TOP = 5000 };

bool ts_out_format_by_name(const char *s, ts_out_format *f) {
    static const char *const names[] = {"jsonl", "json", "csv", "table", "html"};
    for (int i = 0; i < 5; i++)
        if (strcmp(s, names[i]) == 0) return *f = (ts_out_format)i, true;
    return false;
}

/* ---- to a descriptor ---- */

/* A lead kept for a ranked output: its JSON, which the renderer reads again. */
typedef struct kept {
    double probability;
    uint64_t order;
    ts_str json;
} kept;

typedef struct out_sink {
    ts_sink base;
    ts_out_format format;
    int fd;
    const ts_catalogue *c;
    ts_arena room, out_arena; /* buffer; scratch behind it */
    ts_buf b;
    ts_arena kept_room, kept_arena;
    struct {
        kept *v;
        size_t n, cap;
    } kept;
    size_t top;
    uint64_t leads;
    bool passports; /* CSV: columns for them */
} out_sink;

static bool spill(out_sink *s, ts_error *e) {
    bool ok = ts_fd_write(s->fd, ts_buf_str(&s->b), "output", e);
    ts_buf_reset(&s->b);
    return ok;
}

static void lead_json(out_sink *s, const ts_lead_record *r, ts_buf *b) {
    ts_jsonw w = ts_jsonw_to(b);
    ts_lead_write(&w, s->out_arena, r, s->c);
}

static bool lead_jsonl(ts_sink *sink, const ts_lead_record *r, ts_error *e) {
    out_sink *s = (out_sink *)sink;
    if (s->format == TS_OUT_JSON) ts_buf_put(&s->b, s->leads ? TS_S(",\n") : TS_S("[\n"));
    lead_json(s, r, &s->b);
    if (s->format == TS_OUT_JSONL) ts_buf_c(&s->b, '\n');
    s->leads++;
    return s->b.n < FLUSH_AT || spill(s, e);
}

static ts_str joined_texts(ts_arena *a, const ts_catalogue *c, const ts_evidences *l) {
    ts_buf b = ts_buf_new(a, 4000);
    for (size_t i = 0; i < l->n; i++) {
        if (i) ts_buf_lit(&b, "; ");
        ts_buf_put(&b, ts_evidence_text(a, c, &l->v[i]));
    }
    return ts_buf_str(&b);
}

static const char *const csv_header[] = {"lead",
                                         "probability",
                                         "grade",
                                         "rung",
                                         "scope_fit",
                                         "legal_effect",
                                         "source",
                                         "offer_id",
                                         "offer_title",
                                         "offer_brand",
                                         "offer_seller",
                                         "offer_price",
                                         "offer_currency",
                                         "offer_url",
                                         "notice_id",
                                         "notice_label",
                                         "notice_risk_level",
                                         "notice_published",
                                         "notice_url",
                                         "agree",
                                         "conflict",
                                         "model",
                                         "passport_source",
                                         "passport_given",
                                         "passport_id",
                                         "passport_signature",
                                         "passport_issuer",
                                         "passport_status",
                                         "passport_findings"};
enum { CSV_COLUMNS = sizeof csv_header / sizeof *csv_header, CSV_SHOWN = 7 };

static ts_str joined_findings(ts_arena *a, const ts_offered *o) {
    ts_strs names = {0};
    for (size_t i = 0; i < o->findings.n; i++)
        ts_strs_add(a, &names, ts_str_c(ts_offered_name(o->findings.v[i].kind)));
    return ts_str_join(a, names.v, names.n, TS_S("; "));
}

/* What the offer shows: CSV_SHOWN cells. */
static void shown_cells(ts_arena *a, const ts_offered *o, ts_str *cells) {
    static const char *const answers[] = {"not_checked", "verified", "failed"};
    if (!o) return;
    cells[0] = ts_str_c(ts_offered_source_name(o->source));
    cells[1] = o->mark.given;
    cells[2] = o->id;
    for (int s = TS_STEP_SIGNATURE; s <= TS_STEP_STATUS; s++)
        cells[3 + s] = ts_str_c(answers[o->step[s].answer]);
    cells[6] = joined_findings(a, o);
}

static bool lead_csv(ts_sink *sink, const ts_lead_record *r, ts_error *e) {
    out_sink *s = (out_sink *)sink;
    ts_arena a = s->out_arena;
    const size_t columns = s->passports ? CSV_COLUMNS : CSV_COLUMNS - CSV_SHOWN;
    const ts_notice *n = r->notice;
    ts_str cells[CSV_COLUMNS];
    if (!s->leads++) {
        for (size_t i = 0; i < columns; i++) cells[i] = ts_str_c(csv_header[i]);
        ts_csv_row(&s->b, cells, columns);
    }
    char iso[16];
    ts_buf p = ts_buf_new(&a, 16);
    if (!r->unjudged) ts_buf_fmt(&p, "%.4f", r->lead->probability);
    ts_str row[CSV_COLUMNS] = {
        {r->id, 10},
        ts_buf_str(&p),
        ts_str_c(ts_grade_name(r->lead->grade)),
        ts_str_c(ts_rung_name(r->lead->rung)),
        n ? ts_str_c(ts_scope_fit_name(r->scope.inside)) : TS_NONE,
        n ? ts_str_c(ts_legal_effect_name(r->effect)) : TS_NONE,
        r->source,
        r->offer->id,
        r->offer->title,
        r->offer->brand,
        r->offer->seller,
        r->offer->price,
        r->offer->currency,
        r->offer->url,
        n ? n->id : TS_NONE,
        n ? ts_notice_label(&a, n) : TS_NONE,
        n ? ts_str_c(ts_risk_level_name(n->risk_level)) : TS_NONE,
        n ? ts_day_iso(n->published, iso) : TS_NONE,
        n ? n->url : TS_NONE,
        joined_texts(&a, s->c, &r->lead->agree),
        joined_texts(&a, s->c, &r->lead->conflict),
        r->lead->model,
    };
    shown_cells(&a, r->shown, row + CSV_COLUMNS - CSV_SHOWN);
    ts_csv_row(&s->b, row, columns);
    return s->b.n < FLUSH_AT || spill(s, e);
}

/* Ranked outputs keep the likeliest `top`: when twice as many are there, the lower half goes. */
static int by_rank(const void *x, const void *y) {
    const kept *a = x, *b = y;
    if (a->probability != b->probability) return a->probability < b->probability ? 1 : -1;
    return (a->order > b->order) - (a->order < b->order);
}

static void keep_best(out_sink *s) {
    if (s->kept.n) qsort(s->kept.v, s->kept.n, sizeof *s->kept.v, by_rank);
    if (s->kept.n > s->top) s->kept.n = s->top;
}

static bool lead_ranked(ts_sink *sink, const ts_lead_record *r, ts_error *e) {
    out_sink *s = (out_sink *)sink;
    (void)e;
    ts_buf_reset(&s->b);
    lead_json(s, r, &s->b);
    kept *k = ts_push(&s->kept_arena, &s->kept);
    *k = (kept){ts_lead_rank(r), s->leads++, TS_NONE};
    k->json = ts_str_dup(&s->kept_arena, ts_buf_str(&s->b));
    if (s->kept.n < s->top * 2) return true;
    keep_best(s);
    /* Give the room of what was dropped back: copy what stays to the front through the scratch
     * buffer. */
    ts_arena a = s->out_arena;
    kept *stay = ts_new_n(&a, kept, s->kept.n);
    for (size_t i = 0; i < s->kept.n; i++)
        stay[i] = s->kept.v[i], stay[i].json = ts_str_dup(&a, s->kept.v[i].json);
    size_t n = s->kept.n;
    s->kept_arena = s->kept_room;
    s->kept.v = 0, s->kept.n = s->kept.cap = 0;
    for (size_t i = 0; i < n; i++) {
        kept *slot = ts_push(&s->kept_arena, &s->kept);
        *slot = stay[i];
        slot->json = ts_str_dup(&s->kept_arena, stay[i].json);
    }
    return true;
}

static bool finish_out(ts_sink *sink, const ts_screen_summary *sum, ts_error *e) {
    out_sink *s = (out_sink *)sink;
    bool ranked = s->format == TS_OUT_TABLE || s->format == TS_OUT_HTML;
    if (s->format == TS_OUT_JSON) ts_buf_put(&s->b, s->leads ? TS_S("\n]\n") : TS_S("[]\n"));
    if (ranked) {
        keep_best(s);
        ts_buf_reset(&s->b);
        ts_str *json = ts_new_n(&s->kept_arena, ts_str, s->kept.n ? s->kept.n : 1);
        for (size_t i = 0; i < s->kept.n; i++) json[i] = s->kept.v[i].json;
        if (s->format == TS_OUT_TABLE)
            ts_leads_table(&s->b, s->out_arena, json, s->kept.n, s->leads, s->c);
        else
            ts_leads_report(&s->b, s->out_arena, json, s->kept.n, s->leads, sum, s->c);
    }
    bool ok = spill(s, e);
    if (ok && s->b.full)
        ok = ts_fail(e, TS_E_LIMIT, "the report is larger than it may be; use --format jsonl");
    ts_arena_free(&s->room, (size_t)ROOM_MIB << 20);
    ts_arena_free(&s->kept_room, (size_t)ROOM_MIB << 20);
    return ok;
}

ts_sink *ts_sink_out(ts_arena *a, ts_out_format f, int fd, const ts_catalogue *c, size_t top) {
    out_sink *s = ts_new(a, out_sink);
    bool ranked = f == TS_OUT_TABLE || f == TS_OUT_HTML;
    s->base.lead = ranked ? lead_ranked : f == TS_OUT_CSV ? lead_csv : lead_jsonl;
    s->base.finish = finish_out;
    s->format = f;
    s->fd = fd;
    s->c = c;
    s->room = s->out_arena = ts_arena_new((size_t)ROOM_MIB << 20);
    s->kept_room = s->kept_arena = ts_arena_new((size_t)ROOM_MIB << 20);
    s->b = ts_buf_new(&s->out_arena,
                      (size_t)ROOM_MIB << 18); /* a quarter of the room; the rest is scratch */
    ts_buf_room(&s->b, (size_t)ROOM_MIB << 18);
    s->top = top ? top : f == TS_OUT_HTML ? HTML_TOP : TABLE_TOP;
    return &s->base;
}

void ts_sink_show_passports(ts_sink *sink) { ((out_sink *)sink)->passports = true; }

/* ---- to the store ---- */

typedef struct store_sink {
    ts_sink base;
    ts_store *store;
    int64_t run;
    const ts_catalogue *c;
    ts_arena room, scratch;
    uint64_t fresh, waiting, begun; /* leads since the last commit; when it began */
} store_sink;

static bool flush_store(store_sink *s, ts_error *e) {
    if (!s->waiting) return true;
    s->waiting = 0;
    return ts_store_commit(s->store, e);
}

/* One more row of the group that is committed together. */
static bool begin_row(store_sink *s, ts_error *e) {
    if (!s->waiting) {
        if (!ts_store_begin(s->store, e)) return false;
        s->begun = ts_nanos();
    }
    s->waiting++;
    return true;
}

static bool end_row(store_sink *s, bool ok, ts_error *e) {
    enum { GROUP = 1000 };
    if (!ok) return ts_store_rollback(s->store), false;
    return (s->waiting < GROUP && ts_nanos() - s->begun < 1000000000u) || flush_store(s, e);
}

static bool seen_store(ts_sink *sink, const ts_sighting *x, ts_error *e) {
    store_sink *s = (store_sink *)sink;
    return begin_row(s, e) && end_row(s, ts_store_put_sighting(s->store, x, e), e);
}

static bool lead_store(ts_sink *sink, const ts_lead_record *r, ts_error *e) {
    store_sink *s = (store_sink *)sink;
    ts_arena a = s->scratch;
    if (!begin_row(s, e)) return false;
    enum { LEAD_MAX = 1 << 24 };
    ts_buf b = ts_buf_new(&a, LEAD_MAX);
    ts_buf_room(&b, LEAD_MAX); /* all of it now: behind it is scratch */
    ts_jsonw w = ts_jsonw_to(&b);
    ts_lead_write(&w, a, r, s->c);
    int64_t now = ts_now();
    ts_lead_row row = {
        .id = {r->id, 10},
        .source = r->source,
        .offer_id = r->offer->id,
        .notice_id = r->notice ? r->notice->id : TS_NONE,
        .probability = ts_lead_rank(r),
        .grade = ts_str_c(ts_grade_name(r->lead->grade)),
        .rung = ts_str_c(ts_rung_name(r->lead->rung)),
        .scope_fit = r->notice ? ts_str_c(ts_scope_fit_name(r->scope.inside)) : TS_NONE,
        .legal_effect = r->notice ? ts_str_c(ts_legal_effect_name(r->effect)) : TS_NONE,
        .model = r->lead->model,
        .json = ts_buf_str(&b),
        .run = s->run,
        .first_seen = now,
        .last_seen = now,
    };
    bool fresh = false, ok = ts_store_put_lead(s->store, &row, &fresh, e);
    s->fresh += fresh;
    return end_row(s, ok, e);
}

static bool finish_store(ts_sink *sink, const ts_screen_summary *sum, ts_error *e) {
    store_sink *s = (store_sink *)sink;
    (void)sum;
    bool ok = flush_store(s, e);
    ts_arena_free(&s->room, (size_t)ROOM_MIB << 20);
    return ok;
}

ts_sink *ts_sink_store(ts_arena *a, ts_store *store, int64_t run, const ts_catalogue *c) {
    store_sink *s = ts_new(a, store_sink);
    *s = (store_sink){
        .base = {lead_store, finish_store, seen_store}, .store = store, .run = run, .c = c};
    s->room = s->scratch = ts_arena_new((size_t)ROOM_MIB << 20);
    return &s->base;
}

uint64_t ts_sink_store_fresh(const ts_sink *s) { return ((const store_sink *)s)->fresh; }

/* ---- both ---- */

typedef struct both_sink {
    ts_sink base, *first, *second;
} both_sink;

static bool lead_both(ts_sink *s, const ts_lead_record *r, ts_error *e) {
    both_sink *b = (both_sink *)s;
    return b->first->lead(b->first, r, e) && b->second->lead(b->second, r, e);
}
static bool finish_both(ts_sink *s, const ts_screen_summary *sum, ts_error *e) {
    both_sink *b = (both_sink *)s;
    return b->first->finish(b->first, sum, e) && b->second->finish(b->second, sum, e);
}

static bool seen_both(ts_sink *s, const ts_sighting *x, ts_error *e) {
    both_sink *b = (both_sink *)s;
    return (!b->first->seen || b->first->seen(b->first, x, e)) &&
           (!b->second->seen || b->second->seen(b->second, x, e));
}

ts_sink *ts_sink_both(ts_arena *a, ts_sink *first, ts_sink *second) {
    both_sink *b = ts_new(a, both_sink);
    *b = (both_sink){{lead_both, finish_both, seen_both}, first, second};
    return &b->base;
}
