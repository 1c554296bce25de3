/* Models, lots, serials and dates out of running text. The first byte chooses the kind of field. */
#include "gazette/gazette.h"
#include "text/mention.h"

static void must(bool holds) {
    if (!holds) abort();
}

/* Mentions are text, or dates whose ends are in order or open. */
static void check(const ts_mention *m) {
    if (m->kind < TS_MENTION_MADE) {
        must(m->from.n > 0 && ts_utf8_bad(m->from) == TS_NPOS && ts_utf8_bad(m->to) == TS_NPOS);
        return;
    }
    must(m->days.from != TS_NO_DAY || m->days.to != TS_NO_DAY);
    if (m->days.from != TS_NO_DAY && m->days.to != TS_NO_DAY) must(m->days.from <= m->days.to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { KINDS = TS_MENTION_SOLD + 1 };
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new((size_t)2 << 30);
    if (size == 0) return 0;
    ts_arena a = whole;
    ts_str text = ts_utf8_mend(&a, (ts_str){(const char *)data + 1, size - 1});
    ts_mentions out = {0};
    ts_mentions_read(&a, text, (ts_mention_kind)(data[0] % KINDS), data[0] & 0x80, &out);
    for (size_t i = 0; i < out.n; i++) check(&out.v[i]);
    ts_scope s = {0};
    ts_scope_read(&a, text, data[0] & 0x80, &s);
    must(ts_utf8_bad(ts_mojibake_repair(&a, text)) == TS_NPOS);
    return 0;
}
