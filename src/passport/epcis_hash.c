/* The hash id of an event (CBV 2.0 section 8.9): its values in a fixed order and one spelling,
 * hashed, so that whoever has the event can make the id again. */
#include <stdio.h>
#include <stdlib.h>

#include "epcis_part.h"

typedef struct hashing {
    ts_arena *a;
    ts_buf b;
    const ts_json *event, *context;
    bool ok;
} hashing;

static const ts_json *member(const hashing *h, const char *name) {
    return ts_json_get(h->event, ts_str_c(name));
}

static void put(hashing *h, const char *name, ts_str value) {
    ts_buf_put(&h->b, ts_str_c(name));
    ts_buf_c(&h->b, '=');
    ts_buf_put(&h->b, value);
}

/* UTC in milliseconds, the fourth digit rounded. */
static void put_time(hashing *h, const char *name) {
    int64_t at;
    uint32_t nanos;
    char text[24];
    if (!ts_stamp_parse_exact(ts_json_str(member(h, name)), &at, &nanos)) {
        h->ok = false;
        return;
    }
    uint32_t millis = (nanos + 500000) / 1000000;
    if (millis == 1000) at++, millis = 0;
    ts_str s = ts_instant_iso(at, text);
    ts_buf_fmt(&h->b, "%s=%.*s.%03uZ", name, TS_P(ts_str_to(s, s.n - 1)), millis);
}

/* A word of the CBV by its web address, one of somebody else's written out. */
static ts_str word(hashing *h, ts_str s, const char *family) {
    ts_str iri = epcis_expand(h->a, h->context, s), name = epcis_short(iri, family);
    if (ts_str_chr(name, ':') != TS_NPOS) return name;
    return ts_str_join(h->a,
                       (const ts_str[]){TS_S("https://ref.gs1.org/cbv/"), ts_str_c(family), name},
                       3, TS_NONE);
}

static int by_bytes(const void *x, const void *y) {
    return ts_str_cmp(*(const ts_str *)x, *(const ts_str *)y);
}

static void put_sorted(hashing *h, const char *name, ts_strs *l) {
    if (l->n == 0) return;
    qsort(l->v, l->n, sizeof *l->v, by_bytes);
    ts_buf_put(&h->b, ts_str_c(name));
    for (size_t i = 0; i < l->n; i++) ts_buf_put(&h->b, l->v[i]);
}

static ts_str pair(hashing *h, const char *name, ts_str value) {
    return ts_str_join(h->a, (const ts_str[]){ts_str_c(name), TS_S("="), value}, 3, TS_NONE);
}

static void put_things(hashing *h, const char *name) {
    ts_strs l = {0};
    TS_JSON_EACH(v, member(h, name))
    *ts_push(h->a, &l) = pair(h, "epc", epcis_product(h->a, ts_json_str(v)));
    put_sorted(h, name, &l);
}

static void put_quantities(hashing *h, const char *name) {
    ts_strs l = {0};
    TS_JSON_EACH(v, member(h, name)) {
        double n;
        char room[32];
        ts_buf b = ts_buf_new(h->a, 4096);
        ts_buf_lit(&b, "quantityElementepcClass=");
        ts_buf_put(&b, epcis_product(h->a, ts_json_str(ts_json_member(v, "epcClass"))));
        if (ts_json_f64(ts_json_member(v, "quantity"), &n)) {
            ts_buf_lit(&b, "quantity=");
            ts_buf_put(&b, ts_es6_number(n, room));
        }
        ts_str uom = ts_json_str(ts_json_member(v, "uom"));
        if (uom.n) ts_buf_put(&b, pair(h, "uom", uom));
        h->ok &= !b.full;
        *ts_push(h->a, &l) = ts_buf_str(&b);
    }
    put_sorted(h, name, &l);
}

/* Documents, sources and destinations: the type first. */
static void put_typed(hashing *h, const char *name, const char *key, const char *family) {
    ts_strs l = {0};
    TS_JSON_EACH(v, member(h, name)) {
        ts_str type = ts_json_str(ts_json_member(v, "type")),
               value = pair(h, key, epcis_place(h->a, ts_json_str(ts_json_get(v, ts_str_c(key)))));
        if (type.n)
            value = ts_str_join(h->a, (const ts_str[]){TS_S("type="), word(h, type, family), value},
                                3, TS_NONE);
        *ts_push(h->a, &l) = value;
    }
    put_sorted(h, name, &l);
}

static void put_lasting(hashing *h) {
    const ts_json *v = member(h, "persistentDisposition");
    if (!v) return;
    ts_buf_lit(&h->b, "persistentDisposition");
    for (int unset = 0; unset < 2; unset++) {
        ts_strs l = {0};
        TS_JSON_EACH(one, ts_json_get(v, unset ? TS_S("unset") : TS_S("set")))
        *ts_push(h->a, &l) = pair(h, unset ? "unset" : "set", word(h, ts_json_str(one), "Disp-"));
        put_sorted(h, "", &l);
    }
}

static void put_place(hashing *h, const char *name) {
    const ts_json *v = member(h, name);
    if (!v) return;
    ts_buf_put(&h->b, ts_str_c(name));
    put(h, "id", epcis_place(h->a, ts_json_str(ts_json_member(v, "id"))));
    h->ok &= v->n == 1;
}

/* Names with their namespace in braces; a value that might be a link has a normal form of its own,
 * which is not known here for other people's terms. */
static void put_extensions(hashing *h) {
    ts_strs l = {0};
    TS_JSON_EACH_MEMBER(name, value, h->event) {
        ts_str n = ts_json_str(name), s = ts_str_trim(ts_json_str(value));
        size_t colon = ts_str_chr(n, ':');
        if (epcis_is_member(n)) continue;
        ts_str iri = epcis_expand(h->a, h->context, n);
        bool plain = colon != TS_NPOS && iri.p != n.p && ts_json_is(value, TS_JSON_STRING) &&
                     !ts_str_istarts(s, TS_S("http")) && !ts_str_istarts(s, TS_S("urn:epc"));
        h->ok &= plain;
        if (!plain) return;
        size_t local = n.n - colon - 1;
        *ts_push(h->a, &l) =
            ts_str_join(h->a,
                        (const ts_str[]){TS_S("{"), ts_str_to(iri, iri.n - local), TS_S("}"),
                                         ts_str_from(n, colon + 1), TS_S("="), s},
                        6, TS_NONE);
    }
    put_sorted(h, "", &l);
}

static void put_words(hashing *h) {
    static const struct {
        const char *name, *family;
    } words[] = {{"bizStep", "BizStep-"}, {"disposition", "Disp-"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        ts_str s = ts_json_str(member(h, words[i].name));
        if (s.n) put(h, words[i].name, word(h, s, words[i].family));
    }
}

static void put_event(hashing *h, ts_str type) {
    ts_str s;
    put(h, "eventType", type);
    put_time(h, "eventTime");
    put(h, "eventTimeZoneOffset", ts_json_str(member(h, "eventTimeZoneOffset")));
    put_things(h, "epcList");
    if ((s = ts_json_str(member(h, "parentID"))).n) put(h, "parentID", epcis_product(h->a, s));
    put_things(h, "inputEPCList");
    put_things(h, "childEPCs");
    put_quantities(h, "quantityList");
    put_quantities(h, "childQuantityList");
    put_quantities(h, "inputQuantityList");
    put_things(h, "outputEPCList");
    put_quantities(h, "outputQuantityList");
    if ((s = ts_json_str(member(h, "action"))).n) put(h, "action", s);
    if ((s = ts_json_str(member(h, "transformationID"))).n) put(h, "transformationID", s);
    put_words(h);
    put_lasting(h);
    put_place(h, "readPoint");
    put_place(h, "bizLocation");
    put_typed(h, "bizTransactionList", "bizTransaction", "BTT-");
    put_typed(h, "sourceList", "source", "SDT-");
    put_typed(h, "destinationList", "destination", "SDT-");
    put_extensions(h);
}

bool epcis_hash_id(ts_arena *a, const ts_life_event *v, ts_str *id) {
    static const char *const beyond[] = {"sensorElementList", "ilmd", "certificationInfo",
                                         "errorDeclaration"};
    ts_arena scratch = *a;
    hashing h = {.a = &scratch,
                 .b = ts_buf_new(&scratch, (size_t)4 * EPCIS_EVENT_MAX),
                 .event = v->node,
                 .context = ts_json_member(v->node, "@context"),
                 .ok = ts_str_ends(v->type, TS_S("Event")) && ts_str_chr(v->type, ':') == TS_NPOS};
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) h.ok &= !member(&h, beyond[i]);
    if (h.ok) put_event(&h, v->type);
    if (!h.ok || h.b.full) return false;
    ts_hash_value hash = ts_sha_of(TS_SHA256, ts_buf_str(&h.b));
    ts_str hex = ts_hash_hex(&scratch, &hash);
    char text[100];
    int n = snprintf(text, sizeof text, "ni:///sha-256;%.*s?ver=CBV2.0", TS_P(hex));
    *id = ts_str_dup(a, (ts_str){text, (size_t)n});
    return true;
}
