#include <unistd.h>
#include <zlib.h>

#include "passport/dossier.h"

#define LIST "https://a.example/lists/1"

/* ---- Validity ---- */

static void validity(void **state) {
    (void)state;
    static const struct {
        const char *more, *steps, *said;
    } cases[] = {
        {",\"validFrom\":\"2026-11-22T12:05:00Z\"", "yy?y?", "names no status list"},
        {",\"validFrom\":\"2026-11-22T12:05:01Z\"", "yyny?",
         "valid from 2026-11-22T12:05:01Z only"},
        {",\"validUntil\":\"2026-11-22T12:00:01Z\"", "yy?y?", "names no status list"},
        {",\"validUntil\":\"2026-11-22T12:00:00Z\"", "yyny?", "expired on 2026-11-22T12:00:00Z"},
        {",\"validUntil\":\"2026-11-22T13:59:59+02:00\"", "yyny?", "expired"},
        {",\"validUntil\":\"never\"", "yy?n?", "validUntil cannot be read"},
        {",\"validUntil\":\"9999-12-31T23:59:59Z\"", "yy?y?", "names no status list"},
        {",\"credentialStatus\":{\"type\":\"StatusList2021Entry\"}", "yy?y?",
         "\"StatusList2021Entry\" is not read here"},
    };
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_report r = checked(&a, signed_by(&a, &p, plain(&a, p.did, cases[i].more)), &o);
        assert_steps(r, cases[i].steps);
        assert_step(r, TS_STEP_STATUS, cases[i].steps[2], cases[i].said);
    }
}

/* ---- Status lists ---- */

#define ENTRY(purpose, index)                                                                      \
    "{\"type\":\"BitstringStatusListEntry\",\"statusPurpose\":\"" purpose                          \
    "\",\"statusListIndex\":" index ",\"statusListCredential\":\"" LIST "\"}"
#define STATUS(v) ",\"credentialStatus\":" v

typedef struct world {
    ts_arena a;
    web w;
    party issuer;
    ts_verify_options o;
} world;

static world *new_world(void) {
    static world x;
    x = (world){.a = test_arena()};
    x.issuer = web_party(&x.a, &x.w, "a.example", TS_KEY_ED25519);
    x.o = options(&x.w);
    return &x;
}

static ts_str credential(world *x, const char *status) {
    return signed_by(&x->a, &x->issuer, plain(&x->a, x->issuer.did, status));
}

static ts_str list_of(world *x, const party *p, const char *purpose, size_t one, int64_t until) {
    return status_list(&x->a, p, LIST, purpose, &one, one == SIZE_MAX ? 0 : 1, NOW - 86400, until);
}

static void revoked_and_suspended(void **state) {
    (void)state;
    static const struct {
        const char *purpose, *status;
        char answer;
        const char *said;
    } cases[] = {
        {"revocation", STATUS(ENTRY("revocation", "\"7\"")), 'n', "it is revoked, says the list"},
        {"revocation", STATUS(ENTRY("revocation", "7")), 'n', "it is revoked"},
        {"revocation", STATUS(ENTRY("revocation", "\"8\"")), 'y', "not revoked, says the list"},
        {"suspension", STATUS(ENTRY("suspension", "7")), 'n', "it is suspended"},
        {"suspension", STATUS(ENTRY("suspension", "6")), 'y', "not suspended"},
        {"suspension", STATUS(ENTRY("revocation", "6")), '?', "not for the purpose"},
        {"revocation", STATUS(ENTRY("revocation", "131072")), '?', "outside the list"},
        {"revocation", STATUS(ENTRY("revocation", "\"-1\"")), '?', "statusListIndex"},
        {"message", STATUS(ENTRY("message", "8")), '?', "names no list that would tell"},
        {"refresh", STATUS(ENTRY("refresh", "7")), '?', "refresh: set"},
        {"revocation", STATUS("[" ENTRY("revocation", "8") "," ENTRY("revocation", "7") "]"), 'n',
         "it is revoked"},
        {"revocation", STATUS("[" ENTRY("revocation", "8") "," ENTRY("suspension", "8") "]"), '?',
         "not for the purpose"},
        {"revocation", STATUS("[" ENTRY("revocation", "7") "," ENTRY("suspension", "8") "]"), 'n',
         "it is revoked"},
        {"revocation", STATUS("[" ENTRY("revocation", "8") "," ENTRY("revocation", "9") "]"), 'y',
         "not revoked"},
    };
    world *x = new_world();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_str list = list_of(x, &x->issuer, cases[i].purpose, 7, TS_NO_TIME);
        for (int token = 0; token < 2; token++) {
            web_put(&x->w, TS_S(LIST),
                    token ? token_by(&x->a, &x->issuer, list) : signed_by(&x->a, &x->issuer, list));
            ts_report r = checked(&x->a, credential(x, cases[i].status), &x->o);
            assert_step(r, TS_STEP_STATUS, cases[i].answer, cases[i].said);
            assert_int_equal(r.step[TS_STEP_SIGNATURE].answer, TS_YES);
        }
    }
}

/* A list that does not tell leaves the step open, whatever its bits are. */
static void lists_that_do_not_tell(void **state) {
    (void)state;
    world *x = new_world();
    ts_arena *a = &x->a;
    party other = web_party(a, &x->w, "b.example", TS_KEY_ED25519), posing = other;
    posing.method = x->issuer.method;
    ts_str vc = credential(x, STATUS(ENTRY("revocation", "8")));
    ts_str good = list_of(x, &x->issuer, "revocation", 7, TS_NO_TIME);
    ts_str moved = status_list(a, &x->issuer, "https://a.example/lists/2", "revocation", 0, 0,
                               NOW - 86400, TS_NO_TIME);
    ts_str tampered = ts_str_dup(a, signed_by(a, &x->issuer, good));
    ((char *)(uintptr_t)tampered.p)[ts_str_find(tampered, TS_S("uH4sI")) + 40] ^= 1;
    const struct {
        ts_str list;
        const char *said;
    } cases[] = {
        {good, "the list's signature failed: it carries no signature"},
        {tampered, "the list's signature failed"},
        {signed_by(a, &posing, good), "the list's signature failed"},
        {signed_by(a, &other, good), "the list's issuer failed"},
        {signed_by(a, &other, list_of(x, &other, "revocation", 7, TS_NO_TIME)),
         "is by did:web:b.example, not by the credential's issuer"},
        {signed_by(a, &x->issuer, moved), "has the id \"https://a.example/lists/2\""},
        {signed_by(a, &x->issuer, list_of(x, &x->issuer, "revocation", 7, NOW - 1)),
         "the list tells nothing now: it expired on 2026-11-22T11:59:59Z"},
        {vc, "has the id \"urn:example:1\""},
        {signed_by(a, &x->issuer,
                   text_of(a,
                           "{\"@context\":[" V2 "],\"type\":\"VerifiableCredential\",\"id\":\"" LIST
                           "\",\"issuer\":\"did:web:a.example\",\"credentialSubject\":{\"a\":1}}")),
         "it is no BitstringStatusListCredential"},
        {TS_S("<html>"), "the token has 1 part"},
        {TS_S(""), "there is nothing in it"},
        {BUNDLE(a, signed_by(a, &x->issuer, good)), "has the id \"\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        web_put(&x->w, TS_S(LIST), cases[i].list);
        ts_report r = checked(a, vc, &x->o);
        assert_steps(r, "yy?y?");
        assert_step(r, TS_STEP_STATUS, '?', cases[i].said);
    }
    x->w.page[x->w.n - 1].url = TS_S("gone");
    ts_report r = checked(a, vc, &x->o);
    assert_step(r, TS_STEP_STATUS, '?', "is not at hand: nobody answers");
    assert_true(r.step[TS_STEP_STATUS].cure.n > 0);
    x->o.source.get = 0;
    assert_step(checked(a, vc, &x->o), TS_STEP_STATUS, '?', ""); /* the issuer is not, either */
}

/* encodedList made by hand: too short, or one that unpacks without end. */
static ts_str list_with(world *x, ts_str packed) {
    return text_of(&x->a,
                   "{\"@context\":[" V2 "],\"type\":[\"VerifiableCredential\","
                   "\"BitstringStatusListCredential\"],\"id\":\"" LIST "\",\"issuer\":\"%.*s\","
                   "\"credentialSubject\":{\"type\":\"BitstringStatusList\","
                   "\"statusPurpose\":\"revocation\",\"encodedList\":\"u%.*s\"}}",
                   TS_P(x->issuer.did), TS_P(ts_base64url(&x->a, packed)));
}

static ts_str zeros_packed(ts_arena *a, size_t n) {
    static char block[1 << 16], out[1 << 22];
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, 0), Z_OK);
    z.next_out = (Bytef *)out;
    z.avail_out = sizeof out;
    for (size_t left = n; left; left -= z.avail_in) {
        z.next_in = (Bytef *)block;
        z.avail_in = (uInt)(left < sizeof block ? left : sizeof block);
        uInt k = z.avail_in;
        assert_int_equal(deflate(&z, Z_NO_FLUSH), Z_OK);
        z.avail_in = k;
    }
    z.avail_in = 0;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    ts_str s = {out, sizeof out - z.avail_out};
    deflateEnd(&z);
    return ts_str_dup(a, s);
}

static void hostile_lists(void **state) {
    (void)state;
    world *x = new_world();
    ts_str vc = credential(x, STATUS(ENTRY("revocation", "8")));
    const struct {
        size_t bytes;
        const char *said;
        char answer;
    } cases[] = {
        {TS_STATUS_LIST_BITS / 8, "not revoked", 'y'},
        {TS_STATUS_LIST_BITS / 8 - 1, "fewer than 131072", '?'},
        {1, "fewer than 131072", '?'},
        {(size_t)1 << 30, "unpacks to more than 16777216 bytes", '?'},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_str list = list_with(x, zeros_packed(&x->a, cases[i].bytes));
        web_put(&x->w, TS_S(LIST), signed_by(&x->a, &x->issuer, list));
        ts_report r = checked(&x->a, vc, &x->o);
        assert_step(r, TS_STEP_STATUS, cases[i].answer, cases[i].said);
    }
}

/* What a presentation brings along may be old. */
static void lists_brought_along(void **state) {
    (void)state;
    world *x = new_world();
    ts_arena *a = &x->a;
    ts_str vc = credential(x, STATUS(ENTRY("revocation", "7")));
    ts_str clear = signed_by(a, &x->issuer, list_of(x, &x->issuer, "revocation", 9, TS_NO_TIME)),
           bounded = signed_by(a, &x->issuer, list_of(x, &x->issuer, "revocation", 9, NOW + 86400)),
           lapsed = signed_by(a, &x->issuer, list_of(x, &x->issuer, "revocation", 9, NOW - 1)),
           set = signed_by(a, &x->issuer, list_of(x, &x->issuer, "revocation", 7, TS_NO_TIME));
    ts_report r = checked(a, BUNDLE(a, vc, bounded), &x->o);
    assert_step(r, TS_STEP_STATUS, 'y', "not revoked");
    assert_int_equal(x->w.asked, 1); /* the issuer's document, no list */
    r = checked(a, BUNDLE(a, vc, clear), &x->o);
    assert_step(r, TS_STEP_STATUS, '?', "it was not revoked on 2026-11-21T12:00:00Z");
    assert_true(r.step[TS_STEP_STATUS].cure.n > 0);
    assert_step(checked(a, BUNDLE(a, vc, set), &x->o), TS_STEP_STATUS, 'n', "it is revoked");
    assert_step(checked(a, BUNDLE(a, vc, lapsed), &x->o), TS_STEP_STATUS, '?', "");

    /* Where the list itself can be had, it decides. */
    web_put(&x->w, TS_S(LIST), set);
    assert_step(checked(a, BUNDLE(a, vc, clear), &x->o), TS_STEP_STATUS, 'n', "it is revoked");
    assert_step(checked(a, BUNDLE(a, vc, lapsed), &x->o), TS_STEP_STATUS, 'n', "it is revoked");
    web_put(&x->w, TS_S(LIST), clear);
    assert_step(checked(a, BUNDLE(a, vc, clear), &x->o), TS_STEP_STATUS, 'y', "not revoked");

    /* Of two the newer one, wherever it stands. */
    size_t nine = 9, seven = 7;
    ts_str newer = signed_by(
               a, &x->issuer,
               status_list(a, &x->issuer, LIST, "revocation", &seven, 1, NOW - 60, NOW + 60)),
           older = signed_by(
               a, &x->issuer,
               status_list(a, &x->issuer, LIST, "revocation", &nine, 1, NOW - 86400, NOW + 60));
    assert_step(checked(a, BUNDLE(a, vc, newer, older), &x->o), TS_STEP_STATUS, 'n', "revoked");
    assert_step(checked(a, BUNDLE(a, vc, older, newer), &x->o), TS_STEP_STATUS, 'n', "revoked");
}

/* A token around a list bounds it, too. */
static void lists_in_tokens(void **state) {
    (void)state;
    world *x = new_world();
    ts_arena *a = &x->a;
    ts_str vc = credential(x, STATUS(ENTRY("revocation", "7")));
    ts_str list = list_of(x, &x->issuer, "revocation", 9, TS_NO_TIME);
    static const struct {
        int64_t exp;
        char answer;
        const char *said;
    } cases[] = {{NOW, '?', "tells nothing now: it expired"}, {NOW + 60, 'y', "not revoked"}};
    for (size_t i = 0; i < 2; i++) {
        ts_str payload = text_of(a, "%.*s,\"exp\":%lld}", TS_P(ts_str_to(list, list.n - 1)),
                                 (long long)cases[i].exp);
        ts_str token = token_by(a, &x->issuer, payload);
        web_put(&x->w, TS_S(LIST), token);
        assert_step(checked(a, vc, &x->o), TS_STEP_STATUS, cases[i].answer, cases[i].said);
        x->w.page[x->w.n - 1].url = TS_S("gone");
        ts_report r = checked(a, BUNDLE(a, vc, enveloped(a, token)), &x->o);
        assert_step(r, TS_STEP_STATUS, cases[i].answer, "");
    }
}

static void messages(void **state) {
    (void)state;
    world *x = new_world();
    ts_str bits = {ts_new_n(&x->a, char, TS_STATUS_LIST_BITS / 4), TS_STATUS_LIST_BITS / 4}, text;
    ts_str purpose = TS_S("message");
    ((char *)(uintptr_t)bits.p)[1] = (char)0x80; /* entry 4 of two bits: 10 */
    ts_status_list l = {.id = TS_S(LIST),
                        .issuer = x->issuer.did,
                        .purposes = {&purpose, 1, 0},
                        .bits = bits,
                        .from = NOW - 5,
                        .until = TS_NO_TIME};
    assert_true(ts_status_list_write(&x->a, &l, &text, 0));
    web_put(&x->w, TS_S(LIST), signed_by(&x->a, &x->issuer, text));
    static const char entry[] = STATUS(
        "{\"type\":\"BitstringStatusListEntry\",\"statusPurpose\":\"message\","
        "\"statusListIndex\":\"4\",\"statusListCredential\":\"" LIST "\",\"statusSize\":2,"
        "\"statusMessage\":[{\"status\":\"0x0\",\"message\":\"made\"},"
        "{\"status\":\"0x1\",\"message\":\"sent\"},{\"status\":\"0x2\",\"message\":\"late\"},"
        "{\"status\":\"0x3\",\"message\":\"lost\"}]}");
    ts_report r = checked(&x->a, credential(x, entry), &x->o);
    assert_step(r, TS_STEP_STATUS, '?', "message: late");
}

/* ---- What is kept ---- */

static void kept_while_fresh(void **state) {
    (void)state;
    world *x = new_world();
    ts_arena *a = &x->a;
    ts_str vc = credential(x, STATUS(ENTRY("revocation", "7")));
    ts_str clear = signed_by(a, &x->issuer, list_of(x, &x->issuer, "revocation", 9, TS_NO_TIME)),
           set = signed_by(a, &x->issuer, list_of(x, &x->issuer, "revocation", 7, TS_NO_TIME));
    x->o.cache = ts_verify_cache_new(a);
    web_put(&x->w, TS_S(LIST), clear);
    for (int i = 0; i < 5; i++) assert_steps(checked(a, vc, &x->o), "yyyy?");
    assert_int_equal(x->w.asked, 2);

    web_put(&x->w, TS_S(LIST), set);
    x->o.now = NOW + 299;
    assert_steps(checked(a, vc, &x->o), "yyyy?");
    assert_int_equal(x->w.asked, 2);
    x->o.now = NOW + 300; /* the list is asked for again, the document is not */
    assert_steps(checked(a, vc, &x->o), "yyny?");
    assert_int_equal(x->w.asked, 3);
    publish(a, &x->w, &x->issuer, (listing){.revoked = "2026-11-01T00:00:00Z"});
    x->o.now = NOW + 899;
    assert_int_equal(checked(a, vc, &x->o).step[TS_STEP_ISSUER].answer, TS_YES);
    x->o.now = NOW + 900;
    assert_int_equal(checked(a, vc, &x->o).step[TS_STEP_ISSUER].answer, TS_NO);
    x->o.now = NOW - 1; /* a clock that goes back: what was kept is from later */
    size_t asked = x->w.asked;
    checked(a, vc, &x->o);
    assert_true(x->w.asked > asked);
    ts_verify_cache_free(x->o.cache);
}

/* What could not be had, or does not tell, is asked for again next time, but once in a run. */
static void not_kept(void **state) {
    (void)state;
    world *x = new_world();
    ts_arena *a = &x->a;
    ts_str one =
               credential(x, STATUS("[" ENTRY("revocation", "7") "," ENTRY("revocation", "8") "]")),
           two = credential(x, STATUS(ENTRY("revocation", "9")));
    x->o.cache = ts_verify_cache_new(a);
    x->w.down = true;
    assert_steps(checked(a, BUNDLE(a, one, two), &x->o), "???y?");
    assert_int_equal(x->w.asked, 2);
    x->w.down = false;
    assert_steps(checked(a, BUNDLE(a, one, two), &x->o), "yy?y?");
    assert_int_equal(x->w.asked, 4);
    web_put(&x->w, TS_S(LIST), list_of(x, &x->issuer, "revocation", SIZE_MAX, TS_NO_TIME));
    assert_steps(checked(a, one, &x->o), "yy?y?");
    ts_str list =
        signed_by(a, &x->issuer, list_of(x, &x->issuer, "revocation", SIZE_MAX, TS_NO_TIME));
    web_put(&x->w, TS_S(LIST), list);
    assert_steps(checked(a, one, &x->o), "yyyy?");
    ts_verify_cache_free(x->o.cache);
}

/* ttl and validUntil bound how long a list is kept. */
static void kept_as_long_as_it_says(void **state) {
    (void)state;
    static const struct {
        uint64_t ttl_ms;
        int64_t until, kept;
    } cases[] = {
        {0, TS_NO_TIME, 300},        {60000, TS_NO_TIME, 60},
        {3600000, TS_NO_TIME, 3600}, {UINT64_C(1) << 52, TS_NO_TIME, 86400},
        {3600000, NOW + 100, 100},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world *x = new_world();
        ts_str bits = {ts_new_n(&x->a, char, TS_STATUS_LIST_BITS / 8), TS_STATUS_LIST_BITS / 8};
        ts_str purpose = TS_S("revocation"), text;
        ts_status_list l = {.id = TS_S(LIST),
                            .issuer = x->issuer.did,
                            .purposes = {&purpose, 1, 0},
                            .bits = bits,
                            .from = NOW - 5,
                            .until = cases[i].until,
                            .ttl_ms = cases[i].ttl_ms};
        assert_true(ts_status_list_write(&x->a, &l, &text, 0));
        web_put(&x->w, TS_S(LIST), signed_by(&x->a, &x->issuer, text));
        ts_str vc = credential(x, STATUS(ENTRY("revocation", "7")));
        x->o.cache = ts_verify_cache_new(&x->a);
        assert_steps(checked(&x->a, vc, &x->o), "yyyy?");
        size_t asked = x->w.asked;
        x->o.now = NOW + cases[i].kept - 1;
        checked(&x->a, vc, &x->o);
        size_t before = x->w.asked - (x->o.now >= NOW + 900); /* the document's own time is 900 */
        assert_int_equal(before, asked);
        asked = x->w.asked;
        x->o.now = NOW + cases[i].kept;
        checked(&x->a, vc, &x->o);
        assert_int_equal(x->w.asked, asked + 1);
        ts_verify_cache_free(x->o.cache);
    }
}

/* Many more documents than the cache has room for. */
static void more_than_fits(void **state) {
    (void)state;
    ts_arena a = test_arena();
    web w = {0};
    ts_verify_options o = options(&w);
    party p = web_party(&a, &w, "a.example", TS_KEY_ED25519);
    ts_str document = w.page[0].bytes, vc = signed_by(&a, &p, plain(&a, p.did, ""));
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_buf_put(&b, ts_str_to(document, document.n - 1));
    ts_buf_lit(&b, ",\"x\":[0");
    while (b.n < 900000) ts_buf_lit(&b, ",0");
    ts_buf_lit(&b, "]}");
    web_put(&w, w.page[0].url, ts_buf_str(&b));
    o.cache = ts_verify_cache_new(&a);
    for (int i = 0; i < 100; i++) {
        ts_arena mark = a;
        o.now = NOW + i * 1000; /* each time the document is kept anew */
        assert_steps(checked(&a, vc, &o), "yy?y?");
        a = mark;
    }
    ts_verify_cache_free(o.cache);
}

/* ---- Schemas ---- */

static void schemas_of_others(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519);
    ts_str named =
        plain(&a, p.did, ",\"credentialSchema\":{\"id\":\"https://a.example/s\",\"type\":\"A\"}");
    assert_step(checked(&a, signed_by(&a, &p, named), &o), TS_STEP_SCHEMA, '?',
                "the schema https://a.example/s that it names is not fetched");
    ts_report r = checked(&a, signed_by(&a, &p, plain(&a, p.did, ",\"name\":7")), &o);
    assert_steps(r, "yy?n?");
    assert_step(r, TS_STEP_SCHEMA, 'n', "VCDM 2.0 section 4.6");
    assert_str(r.step[TS_STEP_SCHEMA].at, "/name");
}

static ts_str identity_anchor(ts_arena *a, const party *p, const char *contexts) {
    return text_of(
        a,
        "{\"@context\":[%s],\"type\":[\"DigitalIdentityAnchor\",\"VerifiableCredential\"],"
        "\"id\":\"https://r.example/1\",\"issuer\":{\"type\":[\"CredentialIssuer\"],"
        "\"id\":\"%.*s\",\"name\":\"Register\"},\"validFrom\":\"2026-01-01T00:00:00Z\","
        "\"name\":\"Entry\",\"credentialSubject\":{\"type\":[\"RegisteredIdentity\"],"
        "\"id\":\"did:web:a.example\",\"registeredName\":\"Werk A\","
        "\"registeredId\":\"HRB 1\",\"registeredDate\":\"2020-01-01\","
        "\"idScheme\":{\"type\":[\"IdentifierScheme\"],\"id\":\"https://r.example/s\","
        "\"name\":\"HRB\"},\"registerType\":\"business\"}}",
        contexts, TS_P(p->did));
}

static void schemas_of_untp(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519);
    ts_str good = identity_anchor(&a, &p, V2 "," UNTP);
    assert_step(checked(&a, signed_by(&a, &p, good), &o), TS_STEP_SCHEMA, '?',
                "DigitalIdentityAnchor.json is not at hand");
    const char *file = test_data("passport/untp/schema/DigitalIdentityAnchor.json");
    if (!file) skip();
    ts_error e = {0};
    ts_str folder = ts_str_to(ts_str_c(file), strlen(file) - strlen("/DigitalIdentityAnchor.json"));
    ts_schemas *s = ts_schemas_open(&a, ts_str_z(&a, folder), &e);
    if (!s) print_error("%s\n", e.msg);
    assert_non_null(s);
    o.schemas = s;
    assert_step(checked(&a, signed_by(&a, &p, good), &o), TS_STEP_SCHEMA, 'y',
                "UNTP's schema of DigitalIdentityAnchor");
    char *copy = (char *)(uintptr_t)ts_str_dup(&a, good).p;
    copy[ts_str_find(good, TS_S("registeredId\""))] = 'R';
    ts_report r = checked(&a, signed_by(&a, &p, (ts_str){copy, good.n}), &o);
    assert_steps(r, "yy?n?");
    assert_step(r, TS_STEP_SCHEMA, 'n', "registeredId");
    assert_str(r.step[TS_STEP_SCHEMA].at, "/credentialSubject");
    ts_str old =
        identity_anchor(&a, &p, V2 ",\"https://test.uncefact.org/vocabulary/untp/dia/0.6/\"");
    assert_step(checked(&a, signed_by(&a, &p, old), &o), TS_STEP_SCHEMA, '?', "another version");
    ts_str none = identity_anchor(&a, &p, V2);
    assert_step(checked(&a, signed_by(&a, &p, none), &o), TS_STEP_SCHEMA, 'n', "@context");
    ts_schemas_close(s);
}

static void folders_without_schemas(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_schemas *s = ts_schemas_open(&a, "/nowhere/at/all", &e);
    assert_non_null(s);
    ts_schemas_close(s);
    ts_schemas_close(0);
    const char *path = test_temp("DigitalProductPassport.json");
    test_write(path, TS_S("{\"type\":"));
    ts_str folder =
        ts_str_to(ts_str_c(path), strlen(path) - strlen("/DigitalProductPassport.json"));
    const char *z = ts_str_z(&a, folder);
    assert_null(ts_schemas_open(&a, z, &e));
    assert_non_null(strstr(e.where, "DigitalProductPassport.json"));
    test_write(path, TS_S("{\"$ref\":\"#/nowhere\"}"));
    assert_null(ts_schemas_open(&a, z, &e));
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(validity),
        cmocka_unit_test(revoked_and_suspended),
        cmocka_unit_test(lists_that_do_not_tell),
        cmocka_unit_test(hostile_lists),
        cmocka_unit_test(lists_brought_along),
        cmocka_unit_test(lists_in_tokens),
        cmocka_unit_test(messages),
        cmocka_unit_test(kept_while_fresh),
        cmocka_unit_test(not_kept),
        cmocka_unit_test(kept_as_long_as_it_says),
        cmocka_unit_test(more_than_fits),
        cmocka_unit_test(schemas_of_others),
        cmocka_unit_test(schemas_of_untp),
        cmocka_unit_test(folders_without_schemas),
    };
    return cmocka_run_group_tests(tests, 0, dossier_done);
}
