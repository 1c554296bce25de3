#include "status_list.h"

#include <zlib.h>

enum {
    STEP = 1 << 16,
    STATE = 1 << 16,
    GZIP_WINDOW = 16 + MAX_WBITS,
    TEXT_MAX = 2 * TS_STATUS_LIST_MAX
};

/* zlib's state lives in the arena: nothing has to be given back when an allocation does not fit. */
static voidpf from_arena(voidpf arena, uInt items, uInt size) {
    return ts_alloc_raw(arena, size, 16, items);
}
static void to_arena(voidpf arena, voidpf p) {
    (void)arena;
    (void)p;
}

/* ---- Reading ---- */

static bool not_gzip(const z_stream *z, ts_error *e) {
    return ts_fail(e, TS_E_INPUT, "encodedList does not unpack: %s",
                   z->msg ? z->msg : "it is no gzip stream, or ends early");
}

/* One gzip member and nothing behind it. */
static bool unpack(ts_arena *a, ts_str packed, ts_str *out, ts_error *e) {
    /* The state has its room before the output begins, so that the output grows in place. */
    char *room = ts_alloc_raw(a, 1, 16, STATE);
    ts_arena state = {room, room + STATE, a->land};
    z_stream z = {.zalloc = from_arena, .zfree = to_arena, .opaque = &state};
    ts_buf b = ts_buf_new(a, TS_STATUS_LIST_MAX + STEP);
    z.next_in = (Bytef *)(uintptr_t)packed.p;
    z.avail_in = (uInt)packed.n;
    int rc = inflateInit2(&z, GZIP_WINDOW);
    while (rc == Z_OK) {
        char *p = ts_buf_room(&b, STEP);
        if (!p) break;
        z.next_out = (Bytef *)p;
        z.avail_out = STEP;
        rc = inflate(&z, Z_NO_FLUSH);
        b.n += STEP - z.avail_out;
        if (b.n > TS_STATUS_LIST_MAX)
            return ts_fail(e, TS_E_LIMIT, "encodedList unpacks to more than %d bytes",
                           TS_STATUS_LIST_MAX);
    }
    if (rc != Z_STREAM_END) return not_gzip(&z, e);
    if (z.avail_in)
        return ts_fail(e, TS_E_INPUT, "encodedList has %u bytes behind the end of its gzip stream",
                       z.avail_in);
    *out = ts_buf_str(&b);
    return true;
}

static bool decode(ts_arena *a, ts_str text, ts_str *bits, ts_error *e) {
    ts_error why = {0};
    ts_str packed;
    if (!text.n || text.p[0] != 'u')
        return ts_fail(e, TS_E_INPUT,
                       "encodedList does not begin with \"u\", multibase's sign for base64url");
    if (!ts_base64url_decode(a, ts_str_from(text, 1), &packed, &why))
        return ts_fail(e, why.code, "encodedList is not base64url: %s", why.msg);
    if (!unpack(a, packed, bits, e)) return false;
    if (bits->n * 8 < TS_STATUS_LIST_BITS)
        return ts_fail(e, TS_E_INPUT,
                       "the list has %zu entries; fewer than %d tell who is asked about",
                       bits->n * 8, TS_STATUS_LIST_BITS);
    return true;
}

/* Keeps the bits alone: what led to them lies in front of them and is written over. */
static bool decode_into(ts_arena *a, ts_str text, ts_str *bits, ts_error *e) {
    ts_arena work = *a;
    ts_str found = TS_NONE;
    if (!decode(&work, text, &found, e)) return false;
    *bits = (ts_str){memmove(a->beg, found.p, found.n), found.n};
    a->beg += found.n;
    return true;
}

static bool read_purposes(ts_arena *a, const ts_json *v, ts_strs *out, ts_error *e) {
    if (ts_json_is(v, TS_JSON_STRING)) *ts_push(a, out) = ts_json_str(v);
    TS_JSON_EACH(item, v) {
        if (item->type != TS_JSON_STRING)
            return ts_fail(e, TS_E_INPUT,
                           "the list's statusPurpose holds something else than text");
        *ts_push(a, out) = ts_json_str(item);
    }
    return out->n || ts_fail(e, TS_E_INPUT, "the list has no statusPurpose");
}

static bool read_ttl(const ts_json *v, uint64_t *out, ts_error *e) {
    if (!v || ts_u64_parse(ts_json_text(v), out)) return true;
    return ts_fail(e, TS_E_INPUT, "the list's ttl is no number of milliseconds");
}

static bool is_list(const ts_json *subject) {
    const ts_json *type = ts_json_member(subject, "type");
    if (ts_str_is(ts_json_str(type), "BitstringStatusList")) return true;
    TS_JSON_EACH(t, type)
    if (ts_str_is(ts_json_str(t), "BitstringStatusList")) return true;
    return false;
}

bool ts_status_list_read(ts_arena *a, const ts_credential *c, ts_status_list *out, ts_error *e) {
    ts_status_list l = {.id = c->id, .issuer = c->issuer, .from = c->from, .until = c->until};
    if (!ts_credential_is(c, "BitstringStatusListCredential"))
        return ts_fail(e, TS_E_INPUT, "it is no BitstringStatusListCredential");
    if (c->subjects.n != 1 || !is_list(c->subjects.v[0]))
        return ts_fail(e, TS_E_INPUT, "its subject is not one BitstringStatusList");
    const ts_json *subject = c->subjects.v[0];
    if (!read_purposes(a, ts_json_member(subject, "statusPurpose"), &l.purposes, e) ||
        !read_ttl(ts_json_member(subject, "ttl"), &l.ttl_ms, e) ||
        !decode_into(a, ts_json_str(ts_json_member(subject, "encodedList")), &l.bits, e))
        return false;
    *out = l;
    return true;
}

/* ---- Looking up ---- */

static bool has_purpose(const ts_status_list *l, ts_str purpose) {
    for (size_t i = 0; i < l->purposes.n; i++)
        if (ts_str_eq(l->purposes.v[i], purpose)) return true;
    return false;
}

bool ts_status_list_get(const ts_status_list *l, const ts_status_entry *entry, uint64_t *value,
                        ts_error *e) {
    uint64_t entries = (uint64_t)l->bits.n * 8 / (entry->size ? entry->size : 1), v = 0;
    if (entry->fault.n) return ts_fail(e, TS_E_INPUT, "%.*s", TS_P(entry->fault));
    if (!has_purpose(l, entry->purpose))
        return ts_fail(e, TS_E_INPUT, "the list is not for the purpose that the credential names");
    if (entries < TS_STATUS_LIST_BITS)
        return ts_fail(e, TS_E_INPUT,
                       "the list has %llu entries of %u bits; at least %d are needed",
                       (unsigned long long)entries, entry->size, TS_STATUS_LIST_BITS);
    if (entry->index >= entries)
        return ts_fail(e, TS_E_INPUT, "index %llu is outside the list of %llu entries",
                       (unsigned long long)entry->index, (unsigned long long)entries);
    for (unsigned i = 0; i < entry->size; i++) {
        uint64_t bit = entry->index * entry->size + i;
        v = v << 1 | ((uint8_t)l->bits.p[bit / 8] >> (7 - bit % 8) & 1);
    }
    *value = v;
    return true;
}

/* ---- Writing ---- */

static bool pack(ts_arena *a, ts_str bits, ts_str *out, ts_error *e) {
    z_stream z = {.zalloc = from_arena, .zfree = to_arena, .opaque = a};
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return ts_fail(e, TS_E_MEMORY, "zlib cannot begin");
    size_t room = deflateBound(&z, (uLong)bits.n);
    char *p = ts_new_raw(a, char, room);
    z.next_in = (Bytef *)(uintptr_t)bits.p;
    z.avail_in = (uInt)bits.n;
    z.next_out = (Bytef *)p;
    z.avail_out = (uInt)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        return ts_fail(e, TS_E_MEMORY, "zlib needs more room than it said");
    *out = (ts_str){p, room - z.avail_out};
    return true;
}

bool ts_status_list_encode(ts_arena *a, ts_str bits, ts_str *out, ts_error *e) {
    ts_str packed;
    if (bits.n * 8 < TS_STATUS_LIST_BITS || bits.n > TS_STATUS_LIST_MAX)
        return ts_fail(e, TS_E_USAGE, "a status list has %d entries at least and %d bytes at most",
                       TS_STATUS_LIST_BITS, TS_STATUS_LIST_MAX);
    if (!pack(a, bits, &packed, e)) return false;
    const ts_str parts[] = {TS_S("u"), ts_base64url(a, packed)};
    *out = ts_str_join(a, parts, 2, TS_NONE);
    return true;
}

static void write_time(ts_jsonw *w, const char *name, int64_t t) {
    char text[24];
    if (t != TS_NO_TIME) ts_jsonw_kstr(w, name, ts_instant_iso(t, text));
}

static void write_subject(ts_jsonw *w, const ts_status_list *l, ts_str id, ts_str encoded) {
    ts_jsonw_key(w, "credentialSubject");
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", id);
    ts_jsonw_kstr(w, "type", TS_S("BitstringStatusList"));
    if (l->purposes.n == 1)
        ts_jsonw_kstr(w, "statusPurpose", l->purposes.v[0]);
    else
        ts_jsonw_kstrs_opt(w, "statusPurpose", &l->purposes);
    ts_jsonw_kstr(w, "encodedList", encoded);
    if (l->ttl_ms) {
        ts_jsonw_key(w, "ttl");
        ts_jsonw_i64(w, (int64_t)l->ttl_ms);
    }
    ts_jsonw_end(w);
}

/* Text as canonical JSON. */
static bool canonical(ts_arena *a, ts_str text, ts_str *out, ts_error *e) {
    const ts_json *v = ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
    ts_buf b = ts_buf_new(a, TEXT_MAX);
    if (!v || !ts_canonical(&b, *a, v, e)) return false;
    *out = ts_buf_str(&b);
    return true;
}

bool ts_status_list_write(ts_arena *a, const ts_status_list *l, ts_str *out, ts_error *e) {
    ts_buf b = ts_buf_new(a, TEXT_MAX);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_str encoded;
    const ts_str id[] = {l->id, TS_S("list")};
    if (!l->id.n || !l->issuer.n || !l->purposes.n)
        return ts_fail(e, TS_E_USAGE, "a status list needs an id, an issuer and a purpose");
    if (!ts_status_list_encode(a, l->bits, &encoded, e)) return false;
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "@context");
    ts_jsonw_array(&w);
    ts_jsonw_str(&w, TS_S(TS_VC_CONTEXT));
    ts_jsonw_end(&w);
    ts_jsonw_kstr(&w, "id", l->id);
    ts_jsonw_key(&w, "type");
    ts_jsonw_array(&w);
    ts_jsonw_str(&w, TS_S("VerifiableCredential"));
    ts_jsonw_str(&w, TS_S("BitstringStatusListCredential"));
    ts_jsonw_end(&w);
    ts_jsonw_kstr(&w, "issuer", l->issuer);
    write_time(&w, "validFrom", l->from);
    write_time(&w, "validUntil", l->until);
    write_subject(&w, l, ts_str_join(a, id, 2, TS_S("#")), encoded);
    ts_jsonw_end(&w);
    return canonical(a, ts_buf_str(&b), out, e);
}
