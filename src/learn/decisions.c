#include "decisions.h"

#include "format/format.h"

enum { FILE_MAX = 1 << 30 };

static void texts_of(ts_arena *a, const ts_json *list, ts_strs *out) {
    TS_JSON_EACH(x, list) ts_strs_add(a, out, ts_json_text(x));
}

/* What is compared of an offer, and what it is known by. */
static ts_offer offer_of(ts_arena *a, const ts_json *v) {
    ts_offer o = {.id = ts_json_text(ts_json_member(v, "id")),
                  .title = ts_json_text(ts_json_member(v, "title")),
                  .brand = ts_json_text(ts_json_member(v, "brand")),
                  .model = ts_json_text(ts_json_member(v, "model")),
                  .category = ts_json_text(ts_json_member(v, "category")),
                  .description = ts_json_text(ts_json_member(v, "description")),
                  .price = ts_json_text(ts_json_member(v, "price")),
                  .currency = ts_json_text(ts_json_member(v, "currency"))};
    ts_identifiers_read(a, ts_json_member(v, "identifiers"), &o.identifiers);
    texts_of(a, ts_json_member(v, "notices"), &o.notices);
    return o;
}

static bool object_of(const ts_json *v, const char *name, const ts_json **out, ts_error *e) {
    *out = ts_json_get(v, ts_str_c(name));
    if (ts_json_is(*out, TS_JSON_OBJECT)) return true;
    return ts_fail(e, TS_E_INPUT, *out ? "\"%s\" must be an object" : "\"%s\" is missing", name);
}

/* Both sides of a lead, with something on each to compare. */
static bool sides_of(ts_arena *a, const ts_json *v, decision *d, ts_error *e) {
    const ts_json *offer, *notice;
    if (!object_of(v, "offer", &offer, e) || !object_of(v, "notice", &notice, e)) return false;
    d->offer = offer_of(a, offer);
    const ts_offer *o = &d->offer;
    if (!o->title.n && !o->description.n && !o->model.n && !o->identifiers.n)
        return ts_fail(e, TS_E_INPUT, "the offer has no title, description, model or identifier");
    if (!ts_notice_read(a, notice, &d->notice, e)) return false;
    const ts_notice *n = &d->notice;
    if (!n->product.n && !n->name.n && !n->title.n && !n->brands.n && !n->models.n)
        return ts_fail(e, TS_E_INPUT, "the notice has no product, name, brands or models");
    return true;
}

/* A passport led to it and no model was asked: what is decided tells nothing of likeness. */
static bool by_identity(const ts_json *v) {
    return ts_str_is(ts_json_str(ts_json_member(v, "basis")), "passport") &&
           ts_json_is(ts_json_member(v, "probability"), TS_JSON_NULL);
}

/* Sets *decided to false for what is passed over. */
static bool decision_of(const ts_json *v, bool *decided, decision *d, ts_error *e) {
    const ts_json *word = ts_json_member(v, "decision");
    *decided = word && word->type != TS_JSON_NULL;
    if (!*decided) return true;
    if (word->type != TS_JSON_STRING)
        return ts_fail(e, TS_E_INPUT, "\"decision\" must be text: \"confirmed\" or \"rejected\"");
    d->confirmed = ts_str_is(ts_json_str(word), "confirmed");
    *decided = !by_identity(v) && (d->confirmed || ts_str_is(ts_json_str(word), "rejected"));
    return true;
}

/* An offer without an id of its own is like no other. */
static uint64_t *place_of(ts_arena *a, const ts_json *v, const decision *d, decisions *out,
                          bool *fresh) {
    ts_str parts[] = {ts_json_text(ts_json_member(v, "source")), d->offer.id, d->notice.id};
    *fresh = true;
    if (!d->offer.id.n) return 0;
    return ts_map_put(a, &out->known, ts_str_join(a, parts, 3, TS_S("\n")), fresh);
}

bool decisions_add_line(ts_arena *a, ts_str line, decisions *out, ts_error *e) {
    ts_arena mark = *a;
    decision d = {0};
    bool decided;
    if (line.n > DECISION_LINE_MAX)
        return ts_fail(e, TS_E_LIMIT, "the line is longer than %d MiB", DECISION_LINE_MAX >> 20);
    const ts_json *v = ts_json_parse(a, line, (ts_json_options){0}, e);
    if (!v && e) e->line = 0; /* it counts within the line; the file's reader knows better */
    bool ok = v != 0;
    if (ok && v->type != TS_JSON_OBJECT)
        ok = ts_fail(e, TS_E_INPUT, "one lead per line is expected, as a JSON object");
    ok = ok && decision_of(v, &decided, &d, e) && (!decided || sides_of(a, v, &d, e));
    if (!ok || !decided) {
        *a = mark;
        out->passed_over += ok;
        return ok;
    }
    bool fresh;
    uint64_t *place = place_of(a, v, &d, out, &fresh);
    if (!fresh) {
        out->changed++;
        out->list.v[*place] = d;
        return true;
    }
    if (place) *place = out->list.n;
    *ts_push(a, &out->list) = d;
    return true;
}

bool decisions_read(ts_arena *a, const char *path, decisions *out, ts_error *e) {
    ts_str rest, line;
    if (!ts_file_read(a, path, FILE_MAX, &rest, e)) return ts_fail_at(e, path, 0, 0);
    if (ts_str_starts(rest, TS_S("\xEF\xBB\xBF"))) rest = ts_str_from(rest, 3);
    for (uint64_t n = 1; ts_split_line(&rest, &line); n++) {
        ts_error bad = {0};
        if (line.n <= DECISION_LINE_MAX && !ts_str_trim(line).n) continue;
        if (decisions_add_line(a, line, out, &bad)) continue;
        ts_fail_at(&bad, strcmp(path, "-") == 0 ? "standard input" : path, n, 0);
        if (out->bad++ < DECISION_PROBLEMS) *ts_push(a, &out->problems) = bad;
    }
    return true;
}
