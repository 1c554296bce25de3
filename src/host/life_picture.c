/* The picture of a life: the family above and below the product, then a line of time. One column as
 * wide as a phone; nothing but shapes and text, no styles and no script, so that it can stand in a
 * page of any policy. What the shapes say the words say, too. */
#include <stdio.h>

#include "life.h"

enum {
    WIDE = 360,
    EDGE = 12,
    STEP = 20,      /* a generation is set in by */
    STEPS_MAX = 6,  /* and no further */
    LINE = 18,      /* from line to line of text */
    SIZE = 14,      /* of letters */
    RELATIVES = 60, /* drawn; the lists have all */
    EVENTS = 120,
    LINES_MAX = 4
};

typedef struct drawing {
    ts_arena *a;
    const ts_life *l;
    const ts_catalogue *c;
    ts_buf b;
    int64_t y;
    size_t drawn;
} drawing;

static ts_str say(const drawing *d, const char *group, ts_str name) {
    char key[100];
    snprintf(key, sizeof key, "life.%s.%.*s", group, TS_P(name)); /* trusted: a key */
    return ts_say(d->c, key);
}

static ts_str say_named(drawing *d, const char *key, ts_str name) {
    const ts_fill fill = {"name", name};
    return ts_say_with(d->a, d->c, key, &fill, 1);
}

/* ---- Text ---- */

/* A cell is taken to be wider than most letters are, in hundredths of their size; bold ones are
 * wide.
 */
static size_t cells_in(int64_t width, bool bold) {
    return (size_t)(width * 100 / (bold ? SIZE * 68L : SIZE * 59L));
}

/* The next piece of at most `cells`, cut behind a blank or between Chinese characters where that is
 * possible. */
static ts_str piece(ts_str *rest, size_t cells) {
    size_t used = 0, cut = 0, end = 0;
    for (size_t i = 0; i < rest->n; end = i) {
        size_t at = i;
        ts_utf8_next(*rest, &i);
        size_t k = ts_cells((ts_str){rest->p + at, i - at});
        if (used + k > cells && end > 0) break;
        used += k;
        if (rest->p[at] == ' ' || rest->p[at] == '-' || rest->p[at] == '/' || k == 2) cut = i;
    }
    if (end == rest->n || !cut) cut = end; /* all of it; or a word longer than the line */
    ts_str out = ts_str_to(*rest, cut);
    *rest = ts_str_trim(ts_str_from(*rest, cut));
    return ts_str_trim(out);
}

/* At x from d->y on, wrapped to the width; moves d->y. */
static void text(drawing *d, int64_t x, int64_t width, ts_str s, bool bold, const char *colour) {
    s = ts_str_trim(s);
    for (int n = 0; s.n && n < LINES_MAX; n++) {
        ts_str line = piece(&s, cells_in(width, bold));
        d->y += LINE;
        ts_html(&d->b, "<text x=\"%d\" y=\"%d\" font-weight=\"%k\" fill=\"#%k\">%h%h</text>\n", x,
                d->y - LINE / 2 + 5, bold ? "bold" : "normal", colour, line,
                s.n && n == LINES_MAX - 1 ? TS_S("…") : TS_NONE);
    }
}

static const char *const ink = "1a1a1a", *const pale = "595959", *const grave = "a40000",
                         *const blue = "00407a";

static bool is_grave(ts_str safety) {
    return ts_str_is(safety, "recalled") || ts_str_is(safety, "withdrawn") ||
           ts_str_is(safety, "warning");
}

static void heading(drawing *d, const char *key) {
    d->y += 10;
    text(d, EDGE, WIDE - 2 * EDGE, ts_say(d->c, key), true, blue);
    d->y += 4;
}

/* ---- Family ---- */

typedef struct box {
    ts_str label, name, safety, status;
    bool here, self;
} box;

static int64_t left_of(unsigned depth) {
    return EDGE + STEP * (int64_t)(depth < STEPS_MAX ? depth : STEPS_MAX);
}

/* The frame is written behind its text, which says how high it is; it has no filling. Returns the
 * middle of the box. */
static int64_t draw_box(drawing *d, const box *v, unsigned depth) {
    int64_t x = left_of(depth), top = d->y, width = WIDE - EDGE - x;
    d->y += 4;
    text(d, x + 8, width - 16, v->label, false, pale);
    text(d, x + 8, width - 16, v->name, true, ink);
    if (!v->here) text(d, x + 8, width - 16, ts_say(d->c, "life.absent"), false, pale);
    if (is_grave(v->safety)) text(d, x + 8, width - 16, say(d, "safety", v->safety), true, grave);
    if (v->status.n && !ts_str_is(v->status, "active"))
        text(d, x + 8, width - 16, say(d, "status", v->status), false, pale);
    d->y += 6;
    ts_html(&d->b,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"none\" "
            "stroke=\"#%k\" stroke-width=\"%d\" stroke-dasharray=\"%k\"/>\n",
            x, top, width, d->y - top,
            is_grave(v->safety) ? grave
            : v->self           ? blue
                                : pale,
            (int64_t)(v->self ? 3 : 1), v->here ? "none" : "4");
    int64_t middle = (top + d->y) / 2;
    d->y += 8;
    return middle;
}

static box box_of(const drawing *d, const ts_relative *x) {
    return (box){.label = say(d, "rel", x->relation),
                 .name = x->name.n      ? x->name
                         : x->product.n ? x->product
                                        : x->passport,
                 .safety = x->safety,
                 .status = x->status,
                 .here = x->passport.n > 0};
}

static void line(drawing *d, int64_t x1, int64_t y1, int64_t x2, int64_t y2) {
    ts_html(&d->b,
            "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#%k\" stroke-width=\"2\"/>\n",
            x1, y1, x2, y2, pale);
}

static bool is_one_of(const ts_relative *x, const char *first, const char *second) {
    return ts_str_is(x->relation, first) || ts_str_is(x->relation, second);
}

static bool leads(const ts_relative *x, ts_str to, bool above) {
    return ts_str_eq(x->through, to) && (above ? is_one_of(x, "predecessor", "component")
                                               : is_one_of(x, "successor", "part_of"));
}

/* What came before stands above, one generation further in for each; a spine leads down to what it
 * became. `depth` is that of the ones drawn. Returns the middle of the highest, or -1. */
static int64_t draw_before(drawing *d, ts_str to, unsigned depth) {
    int64_t first = -1;
    for (size_t i = 0; i < d->l->family.n && depth <= TS_LIFE_DEPTH; i++) {
        const ts_relative *x = &d->l->family.v[i];
        if (!leads(x, to, true) || d->drawn >= RELATIVES) continue;
        d->drawn++;
        int64_t higher = x->passport.n ? draw_before(d, x->passport, depth + 1) : -1;
        box v = box_of(d, x);
        int64_t top = d->y, middle = draw_box(d, &v, depth);
        int64_t spine = left_of(depth) - STEP + 8;
        if (higher >= 0) line(d, left_of(depth) + 8, higher, left_of(depth) + 8, top);
        line(d, spine, middle, left_of(depth), middle);
        if (first < 0) first = middle;
    }
    return first;
}

static void draw_after(drawing *d, ts_str from, unsigned depth, int64_t bottom) {
    int64_t last = -1, spine = left_of(depth) - STEP + 8;
    for (size_t i = 0; i < d->l->family.n && depth <= TS_LIFE_DEPTH; i++) {
        const ts_relative *x = &d->l->family.v[i];
        if (!leads(x, from, false) || d->drawn >= RELATIVES) continue;
        d->drawn++;
        box v = box_of(d, x);
        last = draw_box(d, &v, depth);
        line(d, spine, last, left_of(depth), last);
        if (x->passport.n) draw_after(d, x->passport, depth + 1, d->y - 8);
    }
    if (last >= 0) line(d, spine, bottom, spine, last);
}

static void draw_wider(drawing *d) {
    for (size_t i = 0; i < d->l->family.n; i++) {
        const ts_relative *x = &d->l->family.v[i];
        if (!is_one_of(x, "batch", "model")) continue;
        box v = box_of(d, x);
        draw_box(d, &v, 0);
        d->drawn++;
    }
}

static void draw_family(drawing *d) {
    heading(d, "life.family");
    draw_wider(d);
    size_t wider = d->drawn;
    int64_t first = draw_before(d, d->l->passport.id, 1);
    box self = {.label = say(d, "self", d->l->passport.grain),
                .name = ts_life_name_of(d->l, TS_NONE),
                .safety = d->l->passport.safety,
                .status = d->l->passport.status,
                .here = true,
                .self = true};
    int64_t top = d->y;
    draw_box(d, &self, 0);
    if (first >= 0) line(d, left_of(0) + 8, first, left_of(0) + 8, top);
    draw_after(d, d->l->passport.id, 1, d->y - 8);
    if (d->drawn == wider) text(d, EDGE, WIDE - 2 * EDGE, ts_say(d->c, "life.alone"), false, pale);
}

/* ---- Time ---- */

/* Beginnings and turns are circles, ends are squares, recalls triangles. */
static void mark(drawing *d, const ts_life_line *v, int64_t y) {
    int64_t x = EDGE + 8;
    bool is_end = v->event.kind == TS_LIFE_RECYCLE || v->event.kind == TS_LIFE_DESTROY;
    if (v->event.kind == TS_LIFE_RECALL)
        ts_html(&d->b, "<polygon points=\"%d,%d %d,%d %d,%d\" fill=\"#%k\"/>\n", x, y - 8, x - 8,
                y + 6, x + 8, y + 6, grave);
    else if (is_end)
        ts_html(&d->b, "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"#%k\"/>\n", x - 6,
                y - 6, ink);
    else
        ts_html(&d->b,
                "<circle cx=\"%d\" cy=\"%d\" r=\"6\" fill=\"#%k\" stroke=\"#%k\" "
                "stroke-width=\"2\"/>\n",
                x, y, v->of.n ? "ffffff" : blue, blue);
}

static void draw_event(drawing *d, const ts_life_line *v, bool last) {
    int64_t x = EDGE + 26, width = WIDE - x - EDGE, top = d->y;
    char when[24];
    bool recall = v->event.kind == TS_LIFE_RECALL;
    text(d, x, width, ts_str_to(ts_instant_iso(v->row.at, when), 10), false, pale);
    text(d, x, width, say(d, "kind", ts_str_c(ts_life_name(v->event.kind))), true,
         recall ? grave : ink);
    if (v->event.wrong) text(d, x, width, ts_say(d->c, "life.wrong"), true, grave);
    if (v->of.n) {
        ts_str of[] = {say(d, "rel", v->relation), ts_life_name_of(d->l, v->of)};
        text(d, x, width, ts_str_join(d->a, of, 2, TS_S(": ")), false, ink);
    }
    if (v->event.modified != TS_MODIFIED_NOT_ASKED)
        text(d, x, width, say(d, "modified", ts_str_c(ts_modified_name(v->event.modified))), false,
             v->event.modified == TS_MODIFIED_NO ? pale : ink);
    ts_str by = ts_life_named(d->l, v->row.by);
    if (by.n) text(d, x, width, say_named(d, "life.by", by), false, pale);
    d->y += 10;
    if (!last) line(d, EDGE + 8, top + LINE / 2, EDGE + 8, d->y + LINE / 2);
    mark(d, v, top + LINE / 2);
}

static void draw_time(drawing *d) {
    heading(d, "life.timeline");
    size_t n = d->l->lines.n, from = n > EVENTS ? n - EVENTS : 0;
    for (size_t i = from; i < n; i++) draw_event(d, &d->l->lines.v[i], i + 1 == n);
    if (!n) text(d, EDGE, WIDE - 2 * EDGE, ts_say(d->c, "life.none"), false, pale);
    if (from || d->l->more || d->drawn >= RELATIVES)
        text(d, EDGE, WIDE - 2 * EDGE, ts_say(d->c, "life.more"), false, pale);
}

static ts_str number(ts_arena *a, size_t n) {
    ts_buf b = ts_buf_new(a, 32);
    ts_buf_u64(&b, n);
    return ts_buf_str(&b);
}

bool ts_life_picture(ts_arena *a, const ts_life *l, const ts_catalogue *c, ts_str *svg,
                     ts_error *e) {
    drawing d = {.a = a, .l = l, .c = c, .b = ts_buf_new(a, 1 << 20), .y = 8};
    ts_buf out = ts_buf_new(a, 2 << 20);
    const ts_fill counts[] = {{"events", number(a, l->lines.n)},
                              {"relatives", number(a, l->family.n)}};
    ts_str title = say_named(&d, "life.title", ts_life_name_of(l, TS_NONE));
    text(&d, EDGE, WIDE - 2 * EDGE, title, true, ink);
    draw_family(&d);
    draw_time(&d);
    d.y += 8;
    ts_html(&out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
            "aria-labelledby=\"life-title life-desc\" lang=\"%k\" width=\"%d\" height=\"%d\" "
            "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"%d\">\n"
            "<title id=\"life-title\">%h</title>\n<desc id=\"life-desc\">%h</desc>\n"
            "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n"
            "%r</svg>\n", /* trusted: drawn above */
            c->language, (int64_t)WIDE, d.y, (int64_t)WIDE, d.y, (int64_t)SIZE, title,
            ts_say_with(a, c, "life.desc", counts, 2), (int64_t)WIDE, d.y, ts_buf_str(&d.b));
    *svg = ts_buf_str(&out);
    return !(d.b.full || out.full) ||
           ts_fail(e, TS_E_LIMIT, "the picture of this life has grown too large");
}
