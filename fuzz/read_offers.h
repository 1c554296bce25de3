/* read_offers.h - reads bytes as offers of one format and checks what must hold of any offer. */
#ifndef TS_FUZZ_READ_OFFERS_H
#define TS_FUZZ_READ_OFFERS_H

#include "source/source.h"

static inline void must(bool holds) {
    if (!holds) abort();
}

/* Every string is text, and the offer as JSON is JSON without anything to mend. */
static inline void check_offer(ts_arena scratch, const ts_offer *o) {
    ts_buf b = ts_buf_new(&scratch, 64 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    uint32_t mended = 0;
    ts_error e;
    must(o->id.n > 0);
    must(ts_utf8_bad(o->title) == TS_NPOS && ts_utf8_bad(o->description) == TS_NPOS &&
         ts_utf8_bad(o->url) == TS_NPOS);
    must(o->title.n <= 2000 && o->description.n <= 64 << 10 && o->attributes.n <= 200);
    for (size_t i = 0; i < o->attributes.n; i++)
        must(ts_utf8_bad(o->attributes.v[i].name) == TS_NPOS &&
             ts_utf8_bad(o->attributes.v[i].value) == TS_NPOS);
    ts_offer_write(&w, o);
    must(!b.full && w.depth == 0);
    must(ts_json_parse(&scratch, ts_buf_str(&b), (ts_json_options){.mended = &mended}, &e) != 0);
}

static inline void read_as(ts_offer_format format, const uint8_t *data, size_t size) {
    static ts_arena whole;
    static ts_offer_chunk c;
    if (!whole.beg) {
        whole = ts_arena_new((size_t)2 << 30);
        ts_offer_chunk_init(&c);
    }
    ts_arena a = whole;
    ts_error e = {0};
    ts_str bytes = {(const char *)data, size};
    ts_offer_source *s =
        ts_offers_memory(&a, bytes, "fuzz", (ts_offer_options){.format = format}, &e);
    if (!s) return;
    while (ts_offers_fill(s, &c, &e) == TS_READ_RECORD) {
        ts_offer_reader r = ts_offers_read(s, &c);
        ts_arena job = a;
        ts_offer o;
        for (ts_read_result rc; (rc = ts_offers_next(&r, &job, &o, &e)) != TS_READ_END;)
            if (rc == TS_READ_RECORD)
                check_offer(job, &o);
            else
                must(rc == TS_READ_BAD && e.code != TS_OK && e.msg[0]);
    }
    ts_offers_close(s);
}

#endif
