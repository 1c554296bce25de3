#include "packed.h"

#include <zstd.h>

#include "trust/trust.h"

enum {
    LEVEL = 6,
    WORK = 1 << 30,       /* address space for what one call works with */
    RECENT = 32,          /* texts kept at hand … */
    RECENT_MAX = 64 << 10 /* … of at most so many bytes */
};

typedef struct recent {
    store_text_kind kind;
    int64_t row; /* 0 = free */
    uint64_t used;
    size_t n;
    char *text;
} recent;

struct store_packing {
    ZSTD_CCtx *pack;
    ZSTD_DCtx *unpack;
    ts_arena whole; /* the first mark, to give it back */
    uint64_t clock;
    recent recent[RECENT];
};

bool store_packing_open(ts_store *s, ts_error *e) {
    ts_arena w = ts_arena_new(WORK), first = w;
    struct store_packing *p = s->packing = ts_new(&w, struct store_packing);
    p->whole = first;
    for (size_t i = 0; i < RECENT; i++) p->recent[i].text = ts_new_raw(&w, char, RECENT_MAX);
    p->pack = ZSTD_createCCtx();
    p->unpack = ZSTD_createDCtx();
    s->work = w;
    if (!p->pack || !p->unpack)
        return ts_fail(e, TS_E_MEMORY,
                       "there is no memory to pack and unpack what the store holds");
    ZSTD_CCtx_setParameter(p->pack, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(p->pack, ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(p->pack, ZSTD_c_dictIDFlag, 0);
    ZSTD_DCtx_setParameter(p->unpack, ZSTD_d_windowLogMax, 27);
    return true;
}

void store_packing_close(ts_store *s) {
    if (!s->packing) return;
    ts_arena whole = s->packing->whole;
    ZSTD_freeCCtx(s->packing->pack);
    ZSTD_freeDCtx(s->packing->unpack);
    ts_arena_free(&whole, WORK);
    s->packing = 0;
}

/* ---- Texts at hand ---- */

bool store_recent(ts_store *s, store_text_kind kind, int64_t row, ts_str *text) {
    struct store_packing *p = s->packing;
    for (size_t i = 0; i < RECENT; i++) {
        recent *r = &p->recent[i];
        if (r->row != row || r->kind != kind) continue;
        r->used = ++p->clock;
        *text = (ts_str){r->text, r->n};
        return true;
    }
    return false;
}

void store_keep_recent(ts_store *s, store_text_kind kind, int64_t row, ts_str text) {
    struct store_packing *p = s->packing;
    recent *oldest = p->recent;
    ts_str there;
    if (text.n > RECENT_MAX || store_recent(s, kind, row, &there)) return;
    for (size_t i = 1; i < RECENT; i++)
        if (p->recent[i].used < oldest->used) oldest = &p->recent[i];
    oldest->kind = kind;
    oldest->row = row;
    oldest->used = ++p->clock;
    oldest->n = text.n;
    if (text.n) memcpy(oldest->text, text.p, text.n);
}

void store_forget_recent(ts_store *s) {
    for (size_t i = 0; s->packing && i < RECENT; i++) {
        s->packing->recent[i].row = 0;
        s->packing->recent[i].used = 0;
    }
}

/* ---- Tokens ---- */

typedef struct token {
    ts_str header, payload, signature;
} token;

/* A text in three parts of base64url that give it again when they are written anew. */
static bool token_of(ts_arena *a, ts_str text, token *out) {
    ts_str rest = text, part[3];
    for (int i = 0; i < 3; i++) part[i] = ts_str_cut(&rest, '.');
    if (rest.p || text.n < 5 || text.p[text.n - 1] == '.' || text.p[0] == '{') return false;
    return ts_base64url_decode(a, part[0], &out->header, 0) && out->header.n &&
           ts_base64url_decode(a, part[1], &out->payload, 0) && out->payload.n &&
           ts_base64url_decode(a, part[2], &out->signature, 0) && out->signature.n;
}

static ts_str joined(ts_arena *a, ts_str x, ts_str y) {
    char *p = ts_new_raw(a, char, x.n + y.n);
    if (x.n) memcpy(p, x.p, x.n);
    if (y.n) memcpy(p + x.n, y.p, y.n);
    return (ts_str){p, x.n + y.n};
}

ts_str store_signed_prefix(ts_arena *a, ts_str like, ts_str document) {
    token t;
    if (like.n && token_of(a, like, &t)) like = joined(a, t.header, t.payload);
    return like.n ? joined(a, like, document) : document;
}

/* ---- Packing ---- */

/* A packed text: a byte for what it is, lengths, a zstd frame, and a token's signature. */
enum { PLAIN = 1, TOKEN = 2, VARINT = 5 };

static size_t put_length(char *p, size_t v) {
    size_t n = 0;
    for (; v >= 128; v >>= 7) p[n++] = (char)(v | 128);
    p[n++] = (char)v;
    return n;
}

static bool take_length(ts_str *s, size_t *v) {
    *v = 0;
    for (size_t i = 0; i < VARINT && i < s->n; i++) {
        *v |= (size_t)(s->p[i] & 127) << (7 * i);
        if ((unsigned char)s->p[i] < 128) {
            *s = ts_str_from(*s, i + 1);
            return *v <= STORE_TEXT_MAX;
        }
    }
    return false;
}

static ts_str packed_with(struct store_packing *z, ts_arena *a, ts_str text, ts_str prefix) {
    token t = {0};
    bool is_token = token_of(a, text, &t);
    ts_str plain = is_token ? joined(a, t.header, t.payload) : text;
    size_t cap = ZSTD_compressBound(plain.n) + 1 + 3 * VARINT + t.signature.n, n = 0;
    char *p = ts_new_raw(a, char, cap);
    p[n++] = is_token ? TOKEN : PLAIN;
    n += put_length(p + n, plain.n);
    if (is_token) {
        n += put_length(p + n, t.header.n);
        n += put_length(p + n, t.signature.n);
        memcpy(p + n, t.signature.p, t.signature.n);
        n += t.signature.n;
    }
    ZSTD_CCtx_reset(z->pack, ZSTD_reset_session_only);
    ZSTD_CCtx_refPrefix(z->pack, prefix.p, prefix.n);
    size_t rc = ZSTD_compress2(z->pack, p + n, cap - n, plain.p, plain.n);
    return ZSTD_isError(rc) ? TS_NONE : (ts_str){p, n + rc};
}

ts_str store_pack(ts_store *s, ts_arena *a, ts_str text, ts_str prefix) {
    enum { TOO_SHORT = 64 };
    ts_str again;
    if (text.n < TOO_SHORT || text.n > STORE_TEXT_MAX || prefix.n > 2 * (size_t)STORE_TEXT_MAX)
        return TS_NONE;
    ts_str packed = packed_with(s->packing, a, text, prefix);
    ts_arena w = *a;
    if (!packed.n || packed.n >= text.n) return TS_NONE;
    bool same = store_unpack(s, &w, packed, prefix, &again, 0) && ts_str_eq(again, text);
    return same ? packed : TS_NONE;
}

bool store_damaged(ts_store *s, ts_error *e) {
    ts_fail(
        e, TS_E_STORE,
        "a packed text of a passport cannot be unpacked: the file is damaged; restore a back-up "
        "or follow the provider that has a copy");
    return ts_fail_at(e, s->path, 0, 0);
}

bool store_unpack(ts_store *s, ts_arena *a, ts_str packed, ts_str prefix, ts_str *text,
                  ts_error *e) {
    struct store_packing *z = s->packing;
    size_t size, header = 0, signature = 0;
    char kind = packed.n ? packed.p[0] : 0;
    ts_str rest = ts_str_from(packed, 1);
    if ((kind != PLAIN && kind != TOKEN) || !take_length(&rest, &size) ||
        (kind == TOKEN && (!take_length(&rest, &header) || !take_length(&rest, &signature))) ||
        header > size || signature > rest.n)
        return store_damaged(s, e);
    ts_arena keep = *a;
    ts_str seal = ts_str_to(rest, signature), frame = ts_str_from(rest, signature);
    char *plain = ts_new_raw(a, char, size + 1);
    ZSTD_DCtx_reset(z->unpack, ZSTD_reset_session_only);
    ZSTD_DCtx_refPrefix(z->unpack, prefix.p, prefix.n);
    size_t rc = ZSTD_decompressDCtx(z->unpack, plain, size, frame.p, frame.n);
    if (ZSTD_isError(rc) || rc != size) {
        *a = keep;
        return store_damaged(s, e);
    }
    *text = (ts_str){plain, size};
    if (kind == PLAIN) return true;
    ts_str part[3] = {ts_base64url(a, (ts_str){plain, header}),
                      ts_base64url(a, (ts_str){plain + header, size - header}),
                      ts_base64url(a, seal)};
    *text = ts_str_join(a, part, 3, TS_S("."));
    return true;
}
