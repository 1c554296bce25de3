#include "rows.h"

#include "trust/trust.h"

/* ---- Words ---- */

static bool find_word(ts_store *s, ts_str text, int64_t *number, ts_error *e) {
    sql q = sql_open(s, "SELECT number FROM word WHERE text = ?", e);
    sql_str(&q, text);
    *number = sql_step(&q) ? sql_get_i64(&q, 0) : 0;
    return sql_done(&q);
}

bool store_word(ts_store *s, ts_str text, int64_t *number, ts_error *e) {
    *number = 0;
    if (!text.n) return true;
    if (!find_word(s, text, number, e)) return false;
    if (*number) return true;
    sql q = sql_open(s, "INSERT INTO word(text) VALUES(?)", e);
    sql_str(&q, text);
    if (!sql_run(&q)) return false;
    *number = sqlite3_last_insert_rowid(s->db);
    return true;
}

/* ---- Identifiers and digests in few bytes ---- */

static const char urn[] = "urn:uuid:";
enum { URN = sizeof urn - 1, UUID = 36, HEX_MAX = 128 };

static int digit(char c) {
    if (ts_is_digit(c)) return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes of the digits; dashes stand behind bytes 4, 6, 8 and 10 where `dashes`. */
static bool bytes_of(ts_str s, bool dashes, uint8_t *out, size_t n) {
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (dashes && (i == 4 || i == 6 || i == 8 || i == 10) && (at >= s.n || s.p[at++] != '-'))
            return false;
        if (at + 2 > s.n) return false;
        int hi = digit(s.p[at]), lo = digit(s.p[at + 1]);
        if (hi < 0 || lo < 0) return false;
        out[i] = (uint8_t)(hi << 4 | lo);
        at += 2;
    }
    return at == s.n;
}

void sql_id(sql *q, ts_str id) {
    uint8_t b[16];
    if (id.n == URN + UUID && ts_str_starts(id, TS_S(urn)) &&
        bytes_of(ts_str_from(id, URN), true, b, sizeof b))
        sql_blob(q, (ts_str){(const char *)b, sizeof b});
    else
        sql_str(q, id);
}

static size_t put_digits(char *p, ts_str bytes, bool dashes) {
    static const char hex[] = "0123456789abcdef";
    size_t n = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        if (dashes && (i == 4 || i == 6 || i == 8 || i == 10)) p[n++] = '-';
        p[n++] = hex[(unsigned char)bytes.p[i] >> 4];
        p[n++] = hex[bytes.p[i] & 15];
    }
    return n;
}

static bool is_blob(sql *q, int column) {
    return sqlite3_column_type(q->stmt, column) == SQLITE_BLOB;
}

ts_str sql_get_id(sql *q, ts_arena *a, int column) {
    if (!is_blob(q, column)) return sql_get_str(q, a, column);
    ts_arena w = *a;
    char text[URN + UUID];
    ts_str b = ts_str_to(sql_get_blob(q, &w, column), 16);
    memcpy(text, urn, URN);
    return ts_str_dup(a, (ts_str){text, URN + put_digits(text + URN, b, true)});
}

void sql_hex(sql *q, ts_str digits) {
    uint8_t b[HEX_MAX / 2];
    if (digits.n && digits.n <= HEX_MAX && bytes_of(digits, false, b, digits.n / 2))
        sql_blob(q, (ts_str){(const char *)b, digits.n / 2});
    else
        sql_str(q, digits);
}

ts_str sql_get_hex(sql *q, ts_arena *a, int column) {
    if (!is_blob(q, column)) return sql_get_str(q, a, column);
    char text[HEX_MAX];
    ts_arena w = *a;
    ts_str b = ts_str_to(sql_get_blob(q, &w, column), HEX_MAX / 2);
    return ts_str_dup(a, (ts_str){text, put_digits(text, b, false)});
}

/* ---- Texts ---- */

void sql_put(sql *q, const store_put *p) {
    sql_i64(q, p->packed.n ? p->base : 0);
    sql_i64(q, p->packed.n ? p->depth : 0);
    if (p->packed.n)
        sql_blob(q, p->packed);
    else
        sql_str(q, p->text);
}

typedef struct kept {
    bool packed;
    ts_str bytes;
    int64_t base, version;
    ts_str digest; /* of a document; 32 bytes, or something else where it was never taken */
} kept;

static bool no_such_row(ts_store *s, ts_error *e) {
    ts_fail(e, TS_E_STORE,
            "a text that another one is packed against is gone: the file is damaged; restore a "
            "back-up or follow the provider that has a copy");
    return ts_fail_at(e, s->path, 0, 0);
}

static bool kept_text(sql *q, ts_arena *a, kept *out, ts_error *e) {
    bool found = sql_step(q);
    if (found)
        *out = (kept){is_blob(q, 0), sql_get_blob(q, a, 0), sql_get_i64(q, 1), sql_get_i64(q, 2),
                      sql_get_blob(q, a, 3)};
    return sql_done(q) && (found || no_such_row(q->s, e));
}

static bool fits(ts_str text, ts_str digest) {
    if (digest.n != 32) return true;
    ts_chain_hash h = ts_chain_digest(text);
    return memcmp(h.b, digest.p, sizeof h.b) == 0;
}

static bool document_at(ts_store *s, ts_arena *a, int64_t row, unsigned depth, ts_str *text,
                        ts_error *e) {
    ts_str at_hand, prefix = TS_NONE;
    kept k = {0};
    if (store_recent(s, STORE_DOCUMENT, row, &at_hand)) return *text = ts_str_dup(a, at_hand), true;
    if (depth > STORE_DEPTH_MAX + 1) return no_such_row(s, e);
    sql q = sql_open(s, "SELECT document, base, 0, digest FROM passport_version WHERE row = ?", e);
    sql_i64(&q, row);
    if (!kept_text(&q, a, &k, e)) return false;
    *text = k.bytes;
    if (k.packed && ((k.base && !document_at(s, a, k.base, depth + 1, &prefix, e)) ||
                     !store_unpack(s, a, k.bytes, prefix, text, e)))
        return false;
    if (k.packed && !fits(*text, k.digest)) return store_damaged(s, e);
    store_keep_recent(s, STORE_DOCUMENT, row, *text);
    return true;
}

bool store_document(ts_store *s, ts_arena *a, int64_t row, ts_str *text, ts_error *e) {
    return document_at(s, a, row, 0, text, e);
}

static bool signed_at(ts_store *s, ts_arena *a, int64_t row, unsigned depth, ts_str *text,
                      ts_error *e) {
    ts_str at_hand, like = TS_NONE, document, prefix;
    kept k = {0};
    if (store_recent(s, STORE_SECURED, row, &at_hand)) return *text = ts_str_dup(a, at_hand), true;
    if (depth > STORE_DEPTH_MAX + 2) return no_such_row(s, e);
    sql q = sql_open(s, "SELECT bytes, base, version, NULL FROM passport_secured WHERE row = ?", e);
    sql_i64(&q, row);
    if (!kept_text(&q, a, &k, e)) return false;
    *text = k.bytes;
    if (k.packed) {
        if ((k.base && !signed_at(s, a, k.base, depth + 1, &like, e)) ||
            !store_document(s, a, k.version, &document, e))
            return false;
        prefix = store_signed_prefix(a, like, document);
        if (!store_unpack(s, a, k.bytes, prefix, text, e)) return false;
    }
    store_keep_recent(s, STORE_SECURED, row, *text);
    return true;
}

bool store_signed(ts_store *s, ts_arena *a, int64_t row, ts_str *text, ts_error *e) {
    return signed_at(s, a, row, 0, text, e);
}
