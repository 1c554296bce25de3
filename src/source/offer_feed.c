/* Offers from Google Merchant feeds: RSS 2.0 items and Atom entries, one after the other in
 * constant memory.
 *
 * libxml2's push parser calls back for each element; an item is put together in the feed's own
 * memory and copied into the chunk when it ends. So an item may lie across chunks, and everything
 * in front of an error is delivered. Elements are known by their local name, whatever their prefix:
 * shops declare http://base.google.com/ns/1.0 as "g", as something else, or forget to.
 */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "offer_fields.h"

enum {
    PIECE = 8 << 10,        /* bytes given to the parser at once */
    OFFERS_PER_CHUNK = 200, /* and what one more piece holds */
    PROBLEMS_PER_CHUNK = 1000,
    DEPTH_MAX = 256,
    TEXT_MAX = 256 << 10, /* bytes of one element's text; more is cut */
    ITEM_MAX = 24 << 20,  /* bytes of one item's texts */
};

/* The item that is being read. */
typedef struct item {
    ts_offer o;
    ts_str name, called, address; /* the member: its name, its name="…", its href or url */
    bool grouped;                 /* the member has elements inside */
    ts_str detail_name;           /* of a product_detail */
    bool too_long;
} item;

typedef struct feed {
    ts_xml_input in;
    ts_offer_source *s;
    ts_offer_chunk *c; /* being filled */
    xmlParserCtxtPtr xml;
    ts_error failure;
    bool ended;
    uint64_t number;       /* items so far */
    int depth, item_depth; /* open elements; of the item's (0: outside of any) */
    item it;
    ts_arena memory, mark; /* of the item, and its beginning */
    char *text;            /* TEXT_MAX bytes: of the element being read */
    size_t text_n;
    char language[40];
    size_t language_n;
} feed;

/* ---- names ---- */

static bool one_of(ts_str s, const char *words) {
    ts_str l = ts_str_c(words);
    while (l.p)
        if (ts_str_ieq(ts_str_cut(&l, ' '), s)) return true;
    return false;
}

static bool is_item(ts_str name) { return one_of(name, "item entry product offer shopitem"); }

/* Names that mean this in feeds alone. */
static offer_field field_of(const feed *f, ts_str name) {
    if (one_of(name, "guid")) return OF_ID;
    if (one_of(name, "encoded content summary long_description")) return OF_DESCRIPTION;
    if (one_of(name, "enclosure thumbnail")) return OF_IMAGE;
    if (one_of(name, "pubDate updated published identifier_exists quantity")) return OF_IGNORE;
    return offer_names_find(&f->s->names, name);
}

/* Groups whose parts say nothing of the product. */
static bool is_beside(ts_str group) {
    return one_of(group, "shipping tax installment subscription_cost loyalty_points "
                         "loyalty_program author source contributor "
                         "free_shipping_threshold carrier_shipping related");
}

/* Members whose markup, if it is not escaped, is part of their text. */
static bool is_prose(const feed *f) {
    offer_field field = field_of(f, f->it.name);
    return field == OF_DESCRIPTION || field == OF_TITLE;
}

/* ---- members of an item ---- */

/* SAX2 attributes: five pointers each, local name, prefix, URI, beginning and end of the value. */
typedef struct attributes {
    const xmlChar **v;
    int n;
} attributes;

static ts_str attribute(const feed *f, attributes l, const char *name) {
    for (int i = 0; i < l.n; i++) {
        const xmlChar **x = l.v + (ptrdiff_t)5 * i;
        if (!ts_str_is(ts_str_c((const char *)x[0]), name)) continue;
        ts_str v = {(const char *)x[3], (size_t)(x[4] - x[3])};
        return ts_str_trim(ts_str_clip(v, sizeof f->in.raw));
    }
    return TS_NONE;
}

typedef struct event { /* what a callback was given */
    feed *f;
    ts_str name;
    attributes attributes;
} event;

static bool member_begins(void *ctx, ts_arena *a, ts_error *e) {
    event *v = ctx;
    item *it = &v->f->it;
    (void)e;
    it->name = ts_str_dup(a, v->name);
    it->called = ts_str_dup(a, attribute(v->f, v->attributes, "name"));
    it->detail_name = it->address = TS_NONE;
    it->grouped = false;
    v->f->text_n = 0;
    if (one_of(v->name, "link")) {
        ts_str rel = attribute(v->f, v->attributes, "rel");
        if (!rel.n || ts_str_is(rel, "alternate"))
            it->address = ts_str_dup(a, attribute(v->f, v->attributes, "href"));
    } else if (one_of(v->name, "enclosure content thumbnail")) {
        it->address = ts_str_dup(a, attribute(v->f, v->attributes, "url"));
    }
    return true;
}

/* What has been read of the current element's text, copied. */
static ts_str taken_text(feed *f, ts_arena *a) {
    ts_str t = ts_str_trim((ts_str){f->text, f->text_n});
    f->text_n = 0;
    return ts_str_dup(a, t);
}

static bool member_ends(void *ctx, ts_arena *a, ts_error *e) {
    feed *f = ((event *)ctx)->f;
    item *it = &f->it;
    (void)e;
    ts_str text = taken_text(f, a);
    bool link = one_of(it->name, "link");
    if (it->address.n) offer_put(a, &it->o, link ? OF_URL : OF_IMAGE, TS_NONE, it->address);
    if (it->address.n && !link) return true;
    if (it->grouped && !is_prose(f)) return true; /* its parts were put one by one */
    bool pair =
        it->called.n &&
        one_of(it->name, "attribute param parameter attr property feature spec specification");
    if (pair)
        offer_put_pair(a, &f->s->names, &it->o, it->called, text);
    else
        offer_put(a, &it->o, field_of(f, it->name), it->name, text);
    return true;
}

/* An element inside a member: <g:product_detail><g:attribute_name>… or a part under its own name.
 */
static bool part_ends(void *ctx, ts_arena *a, ts_error *e) {
    event *v = ctx;
    feed *f = v->f;
    item *it = &f->it;
    (void)e;
    if (it->address.n || is_beside(it->name) || is_prose(f)) return true;
    ts_str text = taken_text(f, a);
    if (one_of(v->name, "section_name")) return true;
    if (one_of(v->name, "attribute_name name key"))
        it->detail_name = text;
    else if (it->detail_name.n && one_of(v->name, "attribute_value value"))
        offer_put_pair(a, &f->s->names, &it->o, it->detail_name, text);
    else
        offer_put(a, &it->o, OF_ATTRIBUTE, ts_str_dup(a, v->name), text);
    return true;
}

static void part_begins(feed *f) {
    f->it.grouped = true;
    if (!is_prose(f))
        f->text_n = 0;
    else if (f->text_n && f->text_n < TEXT_MAX)
        f->text[f->text_n++] = ' ';
}

/* ---- items ---- */

static void name_item(feed *f, ts_error_code code, const char *what) {
    ts_error *e = ts_push(&f->c->arena, &f->c->problems);
    ts_fail(e, code, "%s", what);
    ts_fail_at(e, ts_input_name(f->s->in), f->number, 0);
}

static bool item_ends(void *ctx, ts_arena *a, ts_error *e) {
    feed *f = ctx;
    const ts_offer *o = &f->it.o;
    (void)e;
    if (f->it.too_long) {
        name_item(f, TS_E_LIMIT, "an item longer than 24 MiB is left out");
    } else if (!o->title.n && !o->description.n && !o->model.n && !o->identifiers.n) {
        name_item(f, TS_E_INPUT, "the item has no title, description, model or identifier");
    } else {
        ts_offer *kept = ts_push(a, &f->c->offers);
        *kept = offer_copy(a, o);
        offer_put(a, kept, OF_LANGUAGE, TS_NONE,
                  ts_str_dup(a, (ts_str){f->language, f->language_n}));
        offer_finish(a, kept, ts_input_name(f->s->in), f->number, f->s->o.market);
    }
    return true;
}

static void item_begins(feed *f) {
    f->number++;
    f->item_depth = f->depth;
    f->it = (item){0};
    f->memory = f->mark;
}

/* ---- what the parser calls ---- */

/* An allocation that does not fit must not leave the parser by a jump: it ends here. */
static void in_item(event *v, bool (*fn)(void *, ts_arena *, ts_error *)) {
    feed *f = v->f;
    if (!f->it.too_long) f->it.too_long = !ts_arena_guard(fn, v, &f->memory, 0);
}

/* The name without its prefix, also where the prefix was never declared. */
static ts_str local(const xmlChar *name) {
    ts_str s = ts_str_c((const char *)name);
    size_t colon = ts_str_chr(s, ':');
    return colon == TS_NPOS ? s : ts_str_from(s, colon + 1);
}

static void keep_language(feed *f, ts_str l) {
    if (!l.n || f->language_n || l.n > sizeof f->language) return;
    memcpy(f->language, l.p, l.n);
    f->language_n = l.n;
}

/* Ends the reading for a reason of our own. */
static void stop(feed *f, const char *what) {
    if (f->failure.code) return;
    ts_fail(&f->failure, TS_E_INPUT, "XML: %s; what came before was read", what);
    f->failure.line = (uint64_t)xmlSAX2GetLineNumber(f->xml);
    xmlStopParser(f->xml);
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int ns_n, const xmlChar **ns, int n, int defaulted, const xmlChar **v) {
    feed *f = ctx;
    event ev = {f, local(name), {v, n}};
    (void)prefix, (void)uri, (void)ns_n, (void)ns, (void)defaulted;
    if (++f->depth > DEPTH_MAX) {
        stop(f, "elements are nested deeper than 256");
    } else if (!f->item_depth) {
        f->text_n = 0;
        if (is_item(ev.name))
            item_begins(f);
        else
            keep_language(f, attribute(f, ev.attributes, "lang"));
    } else if (f->depth == f->item_depth + 1) {
        in_item(&ev, member_begins);
    } else {
        part_begins(f);
    }
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    feed *f = ctx;
    event ev = {f, local(name), {0, 0}};
    (void)prefix, (void)uri;
    int depth = f->depth--;
    if (!f->item_depth) {
        if (one_of(ev.name, "language"))
            keep_language(f, ts_str_trim((ts_str){f->text, f->text_n}));
        f->text_n = 0;
    } else if (depth == f->item_depth) {
        f->item_depth = 0;
        if (!ts_arena_guard(item_ends, f, &f->c->arena, &f->failure)) xmlStopParser(f->xml);
    } else {
        in_item(&ev, depth == f->item_depth + 1 ? member_ends : part_ends);
    }
}

static void on_text(void *ctx, const xmlChar *text, int n) {
    feed *f = ctx;
    if (f->item_depth && f->depth == f->item_depth) return; /* between members */
    ts_str t = ts_str_clip((ts_str){(const char *)text, (size_t)n}, TEXT_MAX - f->text_n);
    if (t.n) memcpy(f->text + f->text_n, t.p, t.n);
    f->text_n += t.n;
}

/* A name that nothing in the file can have declared. */
static void on_reference(void *ctx, const xmlChar *name) {
    char what[160];
    snprintf(what, sizeof what, "entity declarations are not accepted, so &%.*s; is not known",
             TS_P(ts_str_clip(ts_str_c((const char *)name), 60)));
    stop(ctx, what);
}

/* Keeps the first fatal error; what libxml2 can go on from is none of ours. */
static void on_error(void *ctx, xmlErrorPtr x) {
    feed *f = ctx;
    if (!x || x->level != XML_ERR_FATAL || f->failure.code) return;
    ts_str why = ts_str_trim(ts_str_c(x->message));
    ts_fail(&f->failure, TS_E_INPUT, "XML: %.*s; what came before was read",
            TS_P(ts_str_clip(why, 200)));
    f->failure.line = x->line > 0 ? (uint64_t)x->line : 0;
}

/* ---- opening, closing, filling ---- */

bool feed_open(ts_arena *a, ts_offer_source *s, ts_error *e) {
    feed *f = ts_new(a, feed);
    f->s = s;
    f->text = ts_new_raw(a, char, TEXT_MAX);
    char *memory = ts_new_raw(a, char, ITEM_MAX);
    f->memory = f->mark = (ts_arena){memory, memory + ITEM_MAX, 0};
    ts_xml_input_start(&f->in, s->split);
    xmlInitParser(); /* once a process; libxml2 keeps the lock */
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .cdataBlock = on_text,
                         .ignorableWhitespace = on_text,
                         .reference = on_reference,
                         .serror = on_error};
    f->xml = xmlCreatePushParserCtxt(&sax, f, 0, 0, 0);
    if (!f->xml) {
        ts_fail(e, TS_E_MEMORY, "no memory for an XML parser");
        return ts_fail_at(e, ts_input_name(s->in), 0, 0);
    }
    xmlCtxtUseOptions(f->xml, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    xmlSwitchEncoding(f->xml, XML_CHAR_ENCODING_UTF8);
    s->state = f;
    return true;
}

void feed_close(ts_offer_source *s) {
    feed *f = s->state;
    if (!f) return;
    xmlFreeParserCtxt(f->xml);
    ts_xml_input_close(&f->in);
    s->state = 0;
}

/* Gives the parser one more piece. False when there is nothing more to come. */
static bool step(feed *f) {
    char piece[PIECE];
    if (f->ended) return false;
    int n = ts_xml_input_read(&f->in, piece, PIECE);
    if (n > 0)
        xmlParseChunk(f->xml, piece, n, 0);
    else if (!f->in.why.code)
        xmlParseChunk(f->xml, piece, 0, 1);
    f->ended = n <= 0 || f->failure.code;
    return !f->ended;
}

ts_read_result feed_fill(ts_offer_source *s, ts_offer_chunk *c, ts_error *e) {
    feed *f = s->state;
    f->c = c;
    while (c->offers.n < OFFERS_PER_CHUNK && c->problems.n < PROBLEMS_PER_CHUNK && step(f)) {}
    if (c->offers.n) c->first_record = c->offers.v[0].record;
    if (c->offers.n || c->problems.n) return TS_READ_RECORD;
    *e = f->failure.code ? f->failure : f->in.why;
    if (!e->code) return TS_READ_END;
    ts_fail_at(e, ts_input_name(s->in), 0, 0);
    return TS_READ_FAILED;
}
