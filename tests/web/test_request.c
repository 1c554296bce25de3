#include "web/route.h"

#include "asking.h"

static ts_arena a;
static ts_server *server;
static web_exchange x;

/* Says what it was given: "NAME=VALUE;…". */
static bool echo(web_exchange *y, ts_error *e) {
    (void)e;
    ts_buf b = ts_buf_new(y->a, 1 << 16);
    ts_buf_fmt(&b, "%s:", y->route->help);
    for (size_t i = 0; i < y->parameters_n; i++)
        ts_buf_fmt(&b, "%s=%.*s;", y->parameter[i].name, TS_P(y->parameter[i].value));
    web_reply(y, 200, "text/plain", ts_buf_str(&b));
    return true;
}

static bool language(web_exchange *y, ts_error *e) {
    (void)e;
    web_reply(y, 200, "text/plain", ts_str_c(y->language));
    return true;
}

static bool accepts(web_exchange *y, ts_error *e) {
    (void)e;
    static const char *const offered[] = {"text/html", "application/json",
                                          "application/linkset+json;profile=x", 0};
    const char *type = web_accepts(y, offered);
    web_reply(y, type ? 200 : 406, "text/plain", ts_str_c(type ? type : "none"));
    return true;
}

static const char *const forms[] = {"compressed", "full", 0};
static const web_parameter in_query[] = {{"id", "", true, 0}, {"form", "", false, forms}, {0}};
static const web_parameter in_path[] = {{"form", "", true, forms}, {0}};
static const web_route routes[] = {
    {"GET", "/v1/things/{id}", 0, 0, 0, "one", echo},
    {"PATCH", "/v1/things/{id}", 0, 0, 0, "change", echo},
    {"GET", "/v1/things/{id}/parts/{part}", 0, 0, 0, "part", echo},
    {"GET", "/files/{name*}", 0, 0, 0, "file", echo},
    {"GET", "/query", 0, 0, in_query, "query", echo},
    {"GET", "/as/{form}", 0, 0, in_path, "as", echo},
    {"GET", "/language", 0, 0, 0, "", language},
    {"GET", "/accepts", 0, 0, 0, "", accepts},
    {"POST", "/only/post", 0, 0, 0, "post", echo},
    {0},
};
static const web_route last[] = {{"GET", "/{rest*}", 0, 0, 0, "rest", echo}, {0}};
static const web_route *const tables[] = {routes, last, 0}, *const without_rest[] = {routes, 0};

static int setup(void **state) {
    (void)state;
    a = test_arena();
    server = asking_server(&a, (ts_server_options){0}, "request.db");
    return 0;
}
static int teardown(void **state) {
    (void)state;
    web_close(server);
    return 0;
}

#define SAYS(target_, status_, text_)                                                              \
    do {                                                                                           \
        assert_int_equal(ASK(.target = (target_)), (status_));                                     \
        assert_str(x.answer, (text_));                                                             \
    } while (0)
#define REFUSES(target_, status_, part_)                                                           \
    do {                                                                                           \
        assert_int_equal(ASK(.target = (target_)), (status_));                                     \
        assert_says(x.answer, (part_));                                                            \
    } while (0)

static void paths(void **state) {
    (void)state;
    server->tables = tables;
    SAYS("/v1/things/a", 200, "one:id=a;");
    /* a coded '/' is part of the name, and decoded once */
    SAYS("/v1/things/https%3A%2F%2Fid.example%2F01%2F0952", 200,
         "one:id=https://id.example/01/0952;");
    SAYS("/v1/things/%252F", 200, "one:id=%2F;");
    SAYS("/v1/things/a+b", 200, "one:id=a+b;");
    SAYS("/v1/things/%C3%A4%E9%92%B2", 200, "one:id=\xc3\xa4\xe9\x92\xb2;");
    SAYS("/v1/things/a/parts/$.x%5B0%5D", 200, "part:id=a;part=$.x[0];");
    SAYS("/v1/things/a?b=c", 200, "one:id=a;");
    SAYS("/v1/things/a?", 200, "one:id=a;");
    SAYS("http://host.example:80/v1/things/a?b", 200, "one:id=a;");
    /* a tail comes as it was sent */
    SAYS("/files/a/b%2Fc//d/", 200, "file:name=a/b%2Fc//d/;");
    SAYS("/files/", 200, "file:name=;");
    /* what nobody else takes */
    SAYS("/v1/things/", 200, "rest:rest=v1/things/;");
    SAYS("/v1/things/a/", 200, "rest:rest=v1/things/a/;");
    SAYS("//v1/things/a", 200, "rest:rest=/v1/things/a;");
    SAYS("/files", 200, "rest:rest=files;");
    SAYS("/", 200, "rest:rest=;");
    SAYS("http://host.example", 200, "rest:rest=;");
    REFUSES("/v1/things/%2", 400, "the parameter id in the path is not percent-encoded");
    REFUSES("/v1/things/%zz", 400, "the parameter id");
    REFUSES("/v1/things/%00", 400, "the parameter id");
    REFUSES("/v1/things/%0A", 400, "the parameter id");
    REFUSES("/v1/things/%FF", 400, "the parameter id");
    REFUSES("/v1/things/a#b", 400, "(byte 12): percent-encode it");
    REFUSES("/\xc3\xa4", 400, "percent-encode it");
    REFUSES("", 400, "does not begin with '/'");
    REFUSES("things", 400, "does not begin with '/'");
    char *large = ts_new_raw(&a, char, WEB_TARGET_MAX + 2);
    memset(large, '/', WEB_TARGET_MAX + 1);
    large[WEB_TARGET_MAX + 1] = 0;
    REFUSES(large, 414, "more than 8000 bytes");
    large[WEB_TARGET_MAX] = 0;
    assert_int_equal(ASK(.target = large), 200);
}

static void methods(void **state) {
    (void)state;
    server->tables = tables;
    assert_int_equal(ASK(.method = "HEAD", .target = "/v1/things/a"), 200);
    assert_int_equal(ASK(.method = "PATCH", .target = "/v1/things/a"), 200);
    assert_str(x.answer, "change:id=a;");
    assert_int_equal(ASK(.method = "DELETE", .target = "/v1/things/a"), 405);
    assert_str(asking_has(&x, "Allow"), "GET, HEAD, PATCH, OPTIONS");
    /* an address that is there is not taken by the route for the rest */
    assert_int_equal(ASK(.target = "/only/post"), 405);
    assert_str(asking_has(&x, "Allow"), "POST, OPTIONS");
    assert_int_equal(ASK(.method = "get", .target = "/v1/things/a"), 405);
    assert_int_equal(ASK(.method = "OPTIONS", .target = "/v1/things/a"), 204);
    assert_str(asking_has(&x, "Access-Control-Allow-Methods"), "GET, HEAD, PATCH, OPTIONS");
    assert_str(asking_has(&x, "Access-Control-Allow-Origin"), "*");
    assert_int_equal(ASK(.method = "OPTIONS", .target = "*"), 204);
    assert_int_equal(ASK(.target = "*"), 404);
    server->tables = without_rest;
    assert_int_equal(ASK(.target = "/nowhere"), 404);
    assert_int_equal(ASK(.method = "OPTIONS", .target = "/nowhere"), 404);
    assert_str(x.type, "application/problem+json");
    assert_int_equal(ASK(.target = "/v1/nowhere"), 404);
    assert_str(x.type, "application/json");
    assert_says(x.answer, "\"statusCode\":\"ClientErrorResourceNotFound\"");
}

static void parameters(void **state) {
    (void)state;
    server->tables = tables;
    SAYS("/query?id=a", 200, "query:id=a;");
    SAYS("/query?x=1&id=a%26b&y", 200, "query:id=a&b;");
    SAYS("/query?id=a=b&form=full", 200, "query:id=a=b;form=full;");
    SAYS("/query?id=2026-11-23T10:00:00+01:00", 200, "query:id=2026-11-23T10:00:00+01:00;");
    REFUSES("/query", 400, "the parameter id is missing");
    REFUSES("/query?id", 400, "the parameter id is empty");
    REFUSES("/query?id=", 400, "the parameter id is empty");
    REFUSES("/query?ID=a", 400, "the parameter id is missing");
    REFUSES("/query?id=a&id=a", 400, "the parameter id is given more than once");
    REFUSES("/query?id=%", 400, "the parameter id is not percent-encoded");
    REFUSES("/query?id=%7f", 400, "the parameter id is not percent-encoded");
    REFUSES("/query?id=a&form=Full", 400, "the parameter form is one of: compressed, full");
    SAYS("/as/full", 200, "as:form=full;");
    REFUSES("/as/none", 400, "the parameter form is one of: compressed, full");
}

#define LANGUAGE(target_, accept_, want_)                                                          \
    do {                                                                                           \
        assert_int_equal(ASK(.target = (target_), .header = {"Accept-Language", (accept_)}), 200); \
        assert_str(x.answer, (want_));                                                             \
    } while (0)

static void languages(void **state) {
    (void)state;
    server->tables = tables;
    LANGUAGE("/language", "", "en");
    LANGUAGE("/language", "de", "de");
    LANGUAGE("/language", "fr, zh-Hans-CN;q=0.9, de;q=0.8", "zh");
    LANGUAGE("/language", "zh;q=0.2,de-AT;q=0.8,en;q=0.7", "de");
    LANGUAGE("/language", "de;q=0, zh;q=0", "en");
    LANGUAGE("/language", "de;q=7, zh;q=0.1", "zh"); /* no weight at all */
    LANGUAGE("/language", "deutsch", "en");
    LANGUAGE("/language", ",,;q=1,;;", "en");
    LANGUAGE("/language?lang=zh", "de", "zh");
    LANGUAGE("/language?lang=tlh", "de", "de");
}

#define ACCEPTS(accept_, want_)                                                                    \
    do {                                                                                           \
        ASK(.target = "/accepts", .header = {"Accept", (accept_)});                                \
        assert_str(x.answer, (want_));                                                             \
    } while (0)

/* RFC 9110 section 12.5.1 */
static void media(void **state) {
    (void)state;
    server->tables = tables;
    ACCEPTS("", "text/html");
    ACCEPTS("*/*", "text/html");
    ACCEPTS("application/json", "application/json");
    ACCEPTS("APPLICATION/JSON;charset=utf-8", "application/json");
    ACCEPTS("application/*", "application/json");
    ACCEPTS("application/linkset+json", "application/linkset+json;profile=x");
    ACCEPTS("text/html;q=0.5, application/json", "application/json");
    ACCEPTS("text/html;q=0.5, */*;q=0.1, application/json ; q=0.7", "application/json");
    ACCEPTS("*/*, text/html;q=0", "application/json"); /* the closest range decides */
    ACCEPTS("image/png", "none");
    ACCEPTS("text/html;q=0", "none");
    ACCEPTS("text", "none");
    ACCEPTS(",;,q=1", "none");
}

static void encoded(void **state) {
    (void)state;
    assert_str(web_encode(&a, TS_S("https://a/b?c=\xc3\xa4 ~-._")),
               "https%3A%2F%2Fa%2Fb%3Fc%3D%C3%A4%20~-._");
    char all[256];
    ts_str back;
    for (int i = 32; i < 127; i++) all[i - 32] = (char)i;
    assert_true(web_decode(&a, web_encode(&a, (ts_str){all, 95}), &back));
    assert_true(ts_str_eq(back, (ts_str){all, 95}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths),     cmocka_unit_test(methods), cmocka_unit_test(parameters),
        cmocka_unit_test(languages), cmocka_unit_test(media),   cmocka_unit_test(encoded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
