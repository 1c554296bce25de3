/* read_offers.h - reads a whole source of offers into lists, for the tests of its readers. */
#ifndef TS_TESTS_READ_OFFERS_H
#define TS_TESTS_READ_OFFERS_H

#include "source/source.h"
#include "support/support.h"

typedef struct all_offers {
    ts_offer_format format; /* UNKNOWN: could not be opened, see failed */
    struct {
        ts_offer *v;
        size_t n, cap;
    } ok;
    struct {
        ts_error *v;
        size_t n, cap;
    } bad;
    ts_error failed; /* code 0: it was read to its end */
    uint32_t mended, repeated;
    size_t chunks;
} all_offers;

static inline void take_chunk(ts_arena *a, all_offers *l, const ts_offer_source *s,
                              const ts_offer_chunk *c) {
    ts_offer_reader r = ts_offers_read(s, c);
    for (;;) {
        ts_offer o = {0};
        ts_error e = {0};
        ts_read_result rc = ts_offers_next(&r, a, &o, &e);
        if (rc == TS_READ_RECORD) {
            assert_int_equal(e.code, 0);
            *ts_push(a, &l->ok) = o;
        } else if (rc == TS_READ_BAD) {
            assert_int_not_equal(e.code, 0);
            *ts_push(a, &l->bad) = e;
        } else {
            assert_int_equal(rc, TS_READ_END);
            break;
        }
    }
    l->mended += r.mended;
    l->repeated += r.repeated;
}

/* The chunks' memory is kept: offers point into it. */
static inline all_offers take_all(ts_arena *a, ts_offer_source *s, const ts_error *why) {
    all_offers l = {0};
    if (!s) {
        l.failed = *why;
        return l;
    }
    l.format = ts_offers_format(s);
    for (;;) {
        ts_offer_chunk c;
        ts_offer_chunk_init(&c);
        ts_error e = {0};
        ts_read_result rc = ts_offers_fill(s, &c, &e);
        if (rc == TS_READ_RECORD) take_chunk(a, &l, s, &c);
        if (rc == TS_READ_RECORD && c.bytes.n + c.offers.n > 0) {
            l.chunks++;
            continue;
        }
        ts_offer_chunk_free(&c);
        if (rc == TS_READ_FAILED) l.failed = e;
        if (rc != TS_READ_RECORD) break;
    }
    ts_offers_close(s);
    return l;
}

static inline all_offers read_bytes(ts_arena *a, ts_str bytes, ts_offer_options o) {
    ts_error e = {0};
    return take_all(a, ts_offers_memory(a, bytes, "test", o, &e), &e);
}

static inline all_offers read_text(ts_arena *a, const char *text) {
    return read_bytes(a, ts_str_c(text), (ts_offer_options){0});
}

static inline all_offers read_path(ts_arena *a, const char *path) {
    ts_error e = {0};
    return take_all(a, ts_offers_open(a, path, (ts_offer_options){0}, &e), &e);
}

/* A file of the project's own samples. */
static inline all_offers read_sample(ts_arena *a, const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/data/offers/%s", TS_SOURCE_DIR, name);
    return read_path(a, path);
}

/* Exactly one offer and nothing wrong. */
static inline const ts_offer *only(const all_offers *l) {
    if (l->failed.code) print_error("%s\n", l->failed.msg);
    if (l->bad.n) print_error("%s\n", l->bad.v[0].msg);
    assert_int_equal(l->failed.code, 0);
    assert_int_equal(l->bad.n, 0);
    assert_int_equal(l->ok.n, 1);
    return &l->ok.v[0];
}

static inline ts_str attribute_of(const ts_offer *o, const char *name) {
    for (size_t i = 0; i < o->attributes.n; i++)
        if (ts_str_is(o->attributes.v[i].name, name)) return o->attributes.v[i].value;
    return TS_NONE;
}

static inline bool has_identifier(const ts_offer *o, ts_id_kind kind, const char *text) {
    for (size_t i = 0; i < o->identifiers.n; i++)
        if (o->identifiers.v[i].kind == kind && ts_str_is(o->identifiers.v[i].text, text))
            return true;
    return false;
}

static inline void says(const ts_error *e, const char *part, uint64_t line) {
    if (!strstr(e->msg, part)) fail_msg("'%s' does not say '%s'", e->msg, part);
    assert_int_equal(e->line, line);
}

#endif
