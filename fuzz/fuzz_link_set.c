/* Link sets as they come from others. What is read is written again and reads the same; whatever a
 * request wishes, a choice is one of the links. */
#include <assert.h>

#include "product/product.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ts_str written(ts_arena *a, const ts_link_set *s) {
    ts_buf b = ts_buf_new(a, 16 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_link_set_write(&w, s);
    return ts_buf_str(&b);
}

static void use(ts_arena *a, const ts_link_set *s, ts_str wish) {
    ts_link_set again;
    ts_error e = {0};
    const ts_link_wish w = {.accept = wish, .accept_language = wish, .context = wish};
    ts_str text = written(a, s);
    ts_buf plain = ts_buf_new(a, 16 << 20);
    ts_link_set_text(&plain, s);
    if (text.n > TS_LINK_SET_MAX) return; /* signs that are written as U+FFFD take more room */
    assert(ts_link_set_read(a, text, TS_LINKS_RFC9264, &again, &e));
    assert(again.contexts.n == s->contexts.n && ts_str_eq(written(a, &again), text));
    for (size_t i = 0; i < s->contexts.n; i++)
        for (size_t k = 0; k < s->contexts.v[i].links.n && k < 8; k++) {
            ts_link_choice c = ts_link_choose(s, s->contexts.v[i].links.v[k].relation, &w);
            assert(c.link && c.from && c.link >= c.from->links.v &&
                   c.link < c.from->links.v + c.from->links.n);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena arena;
    if (!arena.beg) arena = ts_arena_new((size_t)256 << 20);
    ts_arena a = arena;
    /* A block of its own, of the exact size, so that the sanitizer sees a read behind it. */
    char *copy = malloc(size ? size : 1);
    if (!copy) return 0;
    if (size) memcpy(copy, data, size);
    ts_str text = {copy, size}, wish = text;
    size_t line = ts_str_chr(text, '\n'); /* a first line of fields, then the set */
    if (line != TS_NPOS) {
        wish = ts_str_to(text, line);
        text = ts_str_from(text, line + 1);
    }
    int q = ts_accept_quality(wish, TS_S("text/html"), false);
    int l = ts_language_quality(wish, TS_S("de"));
    assert(q >= -1 && q <= 1000 && l >= -1 && l <= 1000);
    ts_link_set s;
    ts_error e = {0};
    bool strict = ts_link_set_read(&a, text, TS_LINKS_GS1, &s, &e);
    assert(strict || e.msg[0]);
    bool loose = ts_link_set_read(&a, text, TS_LINKS_RFC9264, &s, &e);
    assert(loose || !strict); /* what keeps to GS1's rules keeps to those of RFC 9264 */
    if (loose) use(&a, &s, wish);
    free(copy);
    return 0;
}
