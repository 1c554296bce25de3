/* Queries and what they select, most of them the examples of RFC 9535; what is refused; how much
 * work a query may take. */
#include "passport/json_path.h"
#include "support/support.h"

static ts_arena a;

typedef struct example {
    const char *query, *found; /* normalized paths, joined by blanks */
} example;

static ts_str select_all(const char *query, const char *json) {
    ts_error e = {0};
    ts_json_nodes nodes;
    ts_buf b = ts_buf_new(&a, 1 << 20);
    const ts_json *root = ts_json_parse(&a, ts_str_c(json), (ts_json_options){.strict = true}, &e);
    const ts_json_path *p = root ? ts_json_path_read(&a, ts_str_c(query), &e) : 0;
    if (!p || !ts_json_path_select(&a, p, root, &nodes, &e)) fail_msg("%s: %s", query, e.msg);
    for (size_t i = 0; i < nodes.n; i++) {
        if (i) ts_buf_c(&b, ' ');
        ts_buf_put(&b, ts_json_path_of(&a, root, nodes.v[i]));
    }
    return ts_buf_str(&b);
}

static void check(const char *json, const example *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        ts_arena mark = a;
        ts_str got = select_all(x[i].query, json);
        if (!ts_str_is(got, x[i].found))
            fail_msg("%s: got %.*s\n  not %s", x[i].query, TS_P(got), x[i].found);
        a = mark;
    }
}
#define CHECK(json, ...)                                                                           \
    do {                                                                                           \
        static const example examples[] = {__VA_ARGS__};                                           \
        check((json), examples, sizeof examples / sizeof *examples);                               \
    } while (0)

/* Section 1.5, with a shop of our own. */
static void the_shop(void **state) {
    (void)state;
    static const char shop[] =
        "{\"shop\":{\"lamp\":[{\"kind\":\"desk\",\"name\":\"A\",\"price\":8.95},"
        "{\"kind\":\"wall\",\"name\":\"B\",\"price\":12.99},"
        "{\"kind\":\"wall\",\"name\":\"C\",\"ean\":\"1\",\"price\":8.99},"
        "{\"kind\":\"wall\",\"name\":\"D\",\"ean\":\"2\",\"price\":22.99}],"
        "\"kettle\":{\"colour\":\"red\",\"price\":399}}}";
#define L(i) "$['shop']['lamp'][" #i "]"
    CHECK(
        shop,
        {"$.shop.lamp[*].name", L(0) "['name'] " L(1) "['name'] " L(2) "['name'] " L(3) "['name']"},
        {"$..name", L(0) "['name'] " L(1) "['name'] " L(2) "['name'] " L(3) "['name']"},
        {"$.shop.*", "$['shop']['lamp'] $['shop']['kettle']"},
        {"$.shop..price", L(0) "['price'] " L(1) "['price'] " L(2) "['price'] " L(
                              3) "['price'] $['shop']['kettle']['price']"},
        {"$..lamp[2]", L(2)}, {"$..lamp[2].name", L(2) "['name']"}, {"$..lamp[2].maker", ""},
        {"$..lamp[-1]", L(3)}, {"$..lamp[0,1]", L(0) " " L(1)}, {"$..lamp[:2]", L(0) " " L(1)},
        {"$..lamp[?@.ean]", L(2) " " L(3)}, {"$..lamp[?@.price<10]", L(0) " " L(2)},
        {"$..*[?@.colour]", "$['shop']['kettle']"}, {"$.shop[?@.colour]", "$['shop']['kettle']"},
        {"$..lamp[?@.kind=='desk'||@.price>20]", L(0) " " L(3)},
        {"$..lamp[?@.price < $.shop.kettle.price && !@.ean]", L(0) " " L(1)}, {"$", "$"});
#undef L
}

static void names_and_wildcards(void **state) {
    (void)state;
    CHECK("{\"o\":{\"j j\":{\"k.k\":3}},\"'\":{\"@\":2}}", {"$.o['j j']", "$['o']['j j']"},
          {"$.o['j j']['k.k']", "$['o']['j j']['k.k']"},
          {"$.o[\"j j\"][\"k.k\"]", "$['o']['j j']['k.k']"}, {"$[\"'\"][\"@\"]", "$['\\'']['@']"},
          {"$['\\'']['\\u0040']", "$['\\'']['@']"});
    CHECK("{\"o\":{\"j\":1,\"k\":2},\"a\":[5,3]}", {"$[*]", "$['o'] $['a']"},
          {"$.o[*]", "$['o']['j'] $['o']['k']"},
          {"$.o[*,*]", "$['o']['j'] $['o']['k'] $['o']['j'] $['o']['k']"},
          {"$.a[*]", "$['a'][0] $['a'][1]"}, {"$.a.o", ""}, {"$.o[0]", ""}, {"$.o.j.x", ""},
          {"$ .o\n[ 'j' , \"k\" ]", "$['o']['j'] $['o']['k']"});
    CHECK("{\"\\u00e9\":{\"\\ud83d\\ude00\":1},\"\\u0000\\n\":2,\"\":3}",
          {"$.\u00e9.\U0001F600", "$['\u00e9']['\U0001F600']"},
          {"$['\\u00E9'][\"\\uD83D\\uDE00\"]", "$['\u00e9']['\U0001F600']"},
          {"$['\\u0000\\n']", "$['\\u0000\\n']"}, {"$['']", "$['']"});
}

static void indexes_and_slices(void **state) {
    (void)state;
    CHECK("[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\"]", {"$[1]", "$[1]"}, {"$[-2]", "$[5]"},
          {"$[7]", ""}, {"$[-8]", ""}, {"$[1:3]", "$[1] $[2]"}, {"$[5:]", "$[5] $[6]"},
          {"$[1:5:2]", "$[1] $[3]"}, {"$[5:1:-2]", "$[5] $[3]"},
          {"$[::-1]", "$[6] $[5] $[4] $[3] $[2] $[1] $[0]"},
          {"$[:]", "$[0] $[1] $[2] $[3] $[4] $[5] $[6]"}, {"$[::0]", ""}, {"$[3:3]", ""},
          {"$[-2 : ]", "$[5] $[6]"}, {"$[:-5]", "$[0] $[1]"}, {"$[ 1 : 2 : 1 ]", "$[1]"},
          {"$[-100:2]", "$[0] $[1]"}, {"$[2:-100:-1]", "$[2] $[1] $[0]"},
          {"$[9007199254740991]", ""}, {"$[-9007199254740991:1]", "$[0]"},
          {"$[1:9007199254740991:9007199254740991]", "$[1]"},
          {"$[6:-9007199254740991:-9007199254740991]", "$[6]"}, {"$[0,3]", "$[0] $[3]"},
          {"$[0:2,5]", "$[0] $[1] $[5]"}, {"$[0,0]", "$[0] $[0]"});
    CHECK("[]", {"$[0]", ""}, {"$[-1]", ""}, {"$[::-1]", ""}, {"$[:]", ""}, {"$.*", ""});
}

static void descendants(void **state) {
    (void)state;
    CHECK("{\"o\":{\"j\":1,\"k\":2},\"a\":[5,3,[{\"j\":4},{\"k\":6}]]}",
          {"$..j", "$['o']['j'] $['a'][2][0]['j']"}, {"$..[0]", "$['a'][0] $['a'][2][0]"},
          {"$..o", "$['o']"}, {"$.o..[*, *]", "$['o']['j'] $['o']['k'] $['o']['j'] $['o']['k']"},
          {"$.a..[0, 1]", "$['a'][0] $['a'][1] $['a'][2][0] $['a'][2][1]"},
          {"$..*", "$['o'] $['a'] $['o']['j'] $['o']['k'] $['a'][0] $['a'][1] $['a'][2] "
                   "$['a'][2][0] $['a'][2][1] $['a'][2][0]['j'] $['a'][2][1]['k']"});
}

static void nulls(void **state) {
    (void)state;
    CHECK("{\"a\":null,\"b\":[null],\"c\":[{}],\"null\":1}", {"$.a", "$['a']"}, {"$.a[0]", ""},
          {"$.a.d", ""}, {"$.b[0]", "$['b'][0]"}, {"$.b[*]", "$['b'][0]"}, {"$.b[?@]", "$['b'][0]"},
          {"$.b[?@==null]", "$['b'][0]"}, {"$.c[?@.d==null]", ""}, {"$.null", "$['null']"});
}

static void filters(void **state) {
    (void)state;
    static const char json[] =
        "{\"a\":[3,5,1,2,4,6,{\"b\":\"j\"},{\"b\":\"k\"},{\"b\":{}},{\"b\":\"kilo\"}],"
        "\"o\":{\"p\":1,\"q\":2,\"r\":3,\"s\":5,\"t\":{\"u\":6}},\"e\":\"f\"}";
    CHECK(json, {"$.a[?@.b == 'kilo']", "$['a'][9]"}, {"$.a[?(@.b == 'kilo')]", "$['a'][9]"},
          {"$.a[?@>3.5]", "$['a'][1] $['a'][4] $['a'][5]"},
          {"$.a[?@.b]", "$['a'][6] $['a'][7] $['a'][8] $['a'][9]"}, {"$[?@.*]", "$['a'] $['o']"},
          {"$[?@[?@.b]]", "$['a']"},
          {"$.o[?@<3, ?@<3]", "$['o']['p'] $['o']['q'] $['o']['p'] $['o']['q']"},
          {"$.a[?@<2 || @.b == \"k\"]", "$['a'][2] $['a'][7]"},
          {"$.a[?match(@.b, \"[jk]\")]", "$['a'][6] $['a'][7]"},
          {"$.a[?search(@.b, \"[jk]\")]", "$['a'][6] $['a'][7] $['a'][9]"},
          {"$.o[?@>1 && @<4]", "$['o']['q'] $['o']['r']"}, {"$.o[?@.u || @.x]", "$['o']['t']"},
          {"$.a[?@.b == $.x]", "$['a'][0] $['a'][1] $['a'][2] $['a'][3] $['a'][4] $['a'][5]"},
          {"$.a[?@ == @]", "$['a'][0] $['a'][1] $['a'][2] $['a'][3] $['a'][4] $['a'][5] $['a'][6] "
                           "$['a'][7] $['a'][8] $['a'][9]"},
          {"$.o[? !(@ > 1) && ! @.u]", "$['o']['p']"}, {"$.e[?@]", ""});
}

/* Section 2.3.5.3, table 12: whether a comparison holds, asked of a list of one element. */
static void comparisons(void **state) {
    (void)state;
    static const char json[] = "[{\"obj\":{\"x\":\"y\"},\"arr\":[2,3]}]";
    static const struct {
        const char *comparison;
        bool holds;
    } list[] = {
        {"@.absent1 == @.absent2", true},
        {"@.absent1 <= @.absent2", true},
        {"@.absent == 'g'", false},
        {"@.absent1 != @.absent2", false},
        {"@.absent != 'g'", true},
        {"1 <= 2", true},
        {"1 > 2", false},
        {"13 == '13'", false},
        {"'a' <= 'b'", true},
        {"'a' > 'b'", false},
        {"@.obj == @.arr", false},
        {"@.obj != @.arr", true},
        {"@.obj == @.obj", true},
        {"@.obj != @.obj", false},
        {"@.arr == @.arr", true},
        {"@.arr != @.arr", false},
        {"@.obj == 17", false},
        {"@.obj != 17", true},
        {"@.obj <= @.arr", false},
        {"@.obj < @.arr", false},
        {"@.obj <= @.obj", true},
        {"@.arr <= @.arr", true},
        {"1 <= @.arr", false},
        {"1 >= @.arr", false},
        {"1 > @.arr", false},
        {"1 < @.arr", false},
        {"true <= true", true},
        {"true > true", false},
        {"null == @.absent", false},
        {"-0 == 0", true},
        {"1e2 == 100.0", true},
        {"0.1e1 == 1", true},
        {"'' < 'a'", true},
        {"'a' < 'ab'", true},
        {"'Z' < 'a'", true},
        {"'\\uFFFF' < '\\uD83D\\uDE00'", true},
        {"@.arr[0] == 2", true},
        {"@.arr[-1] == 3", true},
        {"@['obj']['x'] == 'y'", true},
        {"$[0].obj.x == \"y\"", true},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        char query[200];
        snprintf(query, sizeof query, "$[?%s]", list[i].comparison);
        assert_str(select_all(query, json), list[i].holds ? "$[0]" : "");
    }
}

static void functions(void **state) {
    (void)state;
    static const char json[] = "[{\"t\":\"\\u6c34\\u58f6a\",\"l\":[1,2,3],\"o\":{\"x\":1}},"
                               "{\"t\":\"\",\"l\":[],\"n\":5},{\"c\":{\"c\":[7]}}]";
    CHECK(json, {"$[?length(@.t) == 3]", "$[0]"}, {"$[?length(@.l) >= 3]", "$[0]"},
          {"$[?length(@.o) == 1]", "$[0]"}, {"$[?length(@.n) == 0]", ""},
          {"$[?length(@.n) == length(@.absent)]", "$[0] $[1] $[2]"},
          {"$[?length('abc') == 3]", "$[0] $[1] $[2]"}, {"$[?count(@.*) == 3]", "$[0] $[1]"},
          {"$[?count(@..c) == 2]", "$[2]"}, {"$[?count(@.t) == 1]", "$[0] $[1]"},
          {"$[?value(@..x) == 1]", "$[0]"}, {"$[?value(@..c) == 7]", ""},
          {"$[?length(value(@.l)) == 3]", "$[0]"}, {"$[?!search(@.t, '.')]", "$[1] $[2]"},
          {"$[?count( @.* )>count( @.absent )]", "$[0] $[1] $[2]"});
}

/* I-Regexp: `text` is a JSON string's content, as the pattern is written in a JSONPath text. */
static bool pattern_finds(const char *function, const char *pattern, const char *text) {
    ts_buf json = ts_buf_new(&a, 10000), query = ts_buf_new(&a, 10000);
    ts_buf_fmt(&json, "[\"%s\"]%c", text, 0);
    ts_buf_fmt(&query, "$[?%s(@,'%s')]%c", function, pattern, 0);
    return select_all(query.p, json.p).n > 0;
}

static void patterns(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool whole, part;
    } list[] = {
        {"a.*", "ab", true, true},
        {"a", "ab", false, true},
        {"a|bc", "bc", true, true},
        {"a|bc", "abc", false, true},
        {"(a|b)c", "bc", true, true},
        {"a{2,3}", "aaaa", false, true},
        {"a{2,}", "aaaa", true, true},
        {"a{0}b", "b", true, true},
        {"a?b+c*", "bb", true, true},
        {"", "", true, true},
        {"", "x", false, true},
        {".", "\\n", false, false},
        {".", "\\r", false, false},
        {".", "\\u2028", true, true},
        {".", "\\ud83d\\ude00", true, true},
        {"a[.b]c", "axc", false, false},
        {"a[.b]c", "a.c", true, true},
        {"[^a-c]+", "xyz", true, true},
        {"[^a-c]+", "b", false, false},
        {"[-a]+", "-a", true, true},
        {"[a-]+", "-a", true, true},
        {"[\\\\n\\\\t]", "\\n", true, true},
        {"\\\\p{Lu}\\\\P{Lu}", "\\u0416\\u0436", true, true},
        {"[\\\\p{L}\\\\p{Nd}]+", "\\u6c345", true, true},
        {"\\\\.\\\\(\\\\)\\\\[\\\\]\\\\{\\\\}\\\\*\\\\+\\\\?\\\\|\\\\^\\\\-\\\\\\\\",
         ".()[]{}*+?|^-\\\\", true, true},
        {"^ab.*", "abc", true, true},
        {"^b", "ab", false, false},
        {"b$", "ab", false, true},
        {"a$", "a\\n", false, false},
        {"\u00e9+", "\\u00e9\\u00e9", true, true},
        /* what is no I-Regexp matches nothing */
        {"(", "(", false, false},
        {"a**", "aa", false, false},
        {"a*?", "a", false, false},
        {"a++", "a", false, false},
        {"[b-a]", "a", false, false},
        {"[]", "a", false, false},
        {"[^]", "a", false, false},
        {"[a", "a", false, false},
        {"a]", "a]", false, false},
        {"a{2,1}", "aa", false, false},
        {"a{", "a{", false, false},
        {"{1}", "a", false, false},
        {"\\\\d", "1", false, false},
        {"\\\\w", "a", false, false},
        {"\\\\b", "a", false, false},
        {"(a)\\\\1", "aa", false, false},
        {"(?:a)", "a", false, false},
        {"(?=a)a", "a", false, false},
        {"(*ACCEPT)a", "a", false, false},
        {"\\\\Qa\\\\E", "a", false, false},
        {"\\\\x61", "a", false, false},
        {"\\\\p{Script=Han}", "\\u6c34", false, false},
        {"\\\\p{Lx}", "a", false, false},
        {"\\\\p{}", "a", false, false},
        {"\\\\pL", "a", false, false},
        {"[[:alpha:]]", "a", false, false},
        {"[a&&b]", "&", true, true}, /* no intersection: three characters */
        {"a)", "a", false, false},
        {"\\\\", "a", false, false},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (pattern_finds("match", list[i].pattern, list[i].text) != list[i].whole ||
            pattern_finds("search", list[i].pattern, list[i].text) != list[i].part)
            fail_msg("%s on %s", list[i].pattern, list[i].text);
    }
    /* a pattern of the tree; what is no text */
    CHECK("{\"re\":\"b.?b\",\"no\":\"(\",\"v\":[\"bab\",\"bbab\",1,null,[\"bb\"]]}",
          {"$.v[?match(@, $.re)]", "$['v'][0]"}, {"$.v[?search(@, $.re)]", "$['v'][0] $['v'][1]"},
          {"$.v[?match(@, $.no)]", ""}, {"$.v[?match(@, $.absent)]", ""}, {"$.v[?match(@, 1)]", ""},
          {"$.v[?match('bab', $.re)]", "$['v'][0] $['v'][1] $['v'][2] $['v'][3] $['v'][4]"});
}

/* ---- what is refused ---- */

static void refused(void **state) {
    (void)state;
    static const struct {
        const char *query, *message;
    } list[] = {
        {"", "JSONPath: a query begins with '$': none at byte 0"},
        {"a", "JSONPath: a query begins with '$': none at byte 0"},
        {"@.a", "JSONPath: a query begins with '$': none at byte 0"},
        {" $", "JSONPath: a query begins with '$': none at byte 0"},
        {"$ ", "JSONPath: neither a segment nor the end of the query at byte 1"},
        {"$a", "JSONPath: neither a segment nor the end of the query at byte 1"},
        {"$.", "JSONPath: a name, '*' or '[' is missing at byte 2"},
        {"$. a", "JSONPath: a name, '*' or '[' is missing at byte 2"},
        {"$.1a", "JSONPath: a name, '*' or '[' is missing at byte 2"},
        {"$..", "JSONPath: a name, '*' or '[' is missing at byte 3"},
        {"$...a", "JSONPath: a name, '*' or '[' is missing at byte 3"},
        {"$.a-b", "JSONPath: neither a segment nor the end of the query at byte 3"},
        {"$.&", "JSONPath: a name, '*' or '[' is missing at byte 2"},
        {"$.'a'", "JSONPath: a name, '*' or '[' is missing at byte 2"},
        {"$[]", "JSONPath: a selector is missing at byte 2"},
        {"$[a]", "JSONPath: a selector is missing at byte 2"},
        {"$['a'", "JSONPath: ',' or ']' is missing at byte 5"},
        {"$['a',]", "JSONPath: a selector is missing at byte 6"},
        {"$['a' 'b']", "JSONPath: ',' or ']' is missing at byte 6"},
        {"$['a", "JSONPath: a text that does not end at byte 4"},
        {"$['\\x']", "JSONPath: an escape that JSONPath does not have at byte 4"},
        {"$['\\\"']", "JSONPath: an escape that JSONPath does not have at byte 4"},
        {"$[\"\\'\"]", "JSONPath: an escape that JSONPath does not have at byte 4"},
        {"$['\\u12']", "JSONPath: \\u without four hexadecimal digits at byte 7"},
        {"$['\\uD800']", "JSONPath: half a surrogate pair at byte 9"},
        {"$['\\uD800\\u0041']", "JSONPath: half a surrogate pair at byte 15"},
        {"$['\\uDC00']", "JSONPath: half a surrogate pair at byte 9"},
        {"$['\t']", "JSONPath: a control character at byte 3"},
        {"$[01]",
         "JSONPath: no index: an integer without leading zeros, at most 2^53 - 1, is meant "
         "at byte 2"},
        {"$[-0]",
         "JSONPath: no index: an integer without leading zeros, at most 2^53 - 1, is meant "
         "at byte 2"},
        {"$[-]", "JSONPath: no index: an integer without leading zeros, at most 2^53 - 1, is meant "
                 "at byte 2"},
        {"$[9007199254740992]",
         "JSONPath: no index: an integer without leading zeros, at most 2^53 "
         "- 1, is meant at byte 2"},
        {"$[99999999999999999999]", "JSONPath: no index: an integer without leading zeros, at most "
                                    "2^53 - 1, is meant at byte 2"},
        {"$[1.0]", "JSONPath: ',' or ']' is missing at byte 3"},
        {"$[1:2:3:4]", "JSONPath: ',' or ']' is missing at byte 7"},
        {"$[?]",
         "JSONPath: no value: a query (@…, $…), a literal or a function is meant at byte 3"},
        {"$[?true]", "JSONPath: a value that is neither compared nor a test at byte 3"},
        {"$[?'a']", "JSONPath: a value that is neither compared nor a test at byte 3"},
        {"$[?1]", "JSONPath: a value that is neither compared nor a test at byte 3"},
        {"$[?!1]", "JSONPath: a value that is neither compared nor a test at byte 4"},
        {"$[?@==]",
         "JSONPath: no value: a query (@…, $…), a literal or a function is meant at byte "
         "6"},
        {"$[?@=1]", "JSONPath: ',' or ']' is missing at byte 4"},
        {"$[?@ & @]", "JSONPath: ',' or ']' is missing at byte 5"},
        {"$[?@.a == 01]", "JSONPath: no number as JSON writes it at byte 10"},
        {"$[?@.a == 1.]", "JSONPath: no number as JSON writes it at byte 10"},
        {"$[?@.a == 1e]", "JSONPath: no number as JSON writes it at byte 10"},
        {"$[?@.a == 1e999]", "JSONPath: a number that is too large at byte 10"},
        {"$[?@.a == True]",
         "JSONPath: no value: a query (@…, $…), a literal or a function is meant "
         "at byte 10"},
        {"$[?@.* == 1]", "JSONPath: what is compared is not one value at byte 3"},
        {"$[?@..a == 1]", "JSONPath: what is compared is not one value at byte 3"},
        {"$[?@[0,1] == 1]", "JSONPath: what is compared is not one value at byte 3"},
        {"$[?@[0:1] == 1]", "JSONPath: what is compared is not one value at byte 3"},
        {"$[?1 == $[*]]", "JSONPath: what is compared is not one value at byte 8"},
        {"$[?match(@, 'a') == true]", "JSONPath: what is compared is not one value at byte 3"},
        {"$[?(@.a) == 1]", "JSONPath: ',' or ']' is missing at byte 9"},
        {"$[?!@.a == 1]", "JSONPath: ',' or ']' is missing at byte 8"},
        {"$[?(@.a]", "JSONPath: ')' is missing at byte 7"},
        {"$[?length(@.a)]", "JSONPath: a value that is neither compared nor a test at byte 3"},
        {"$[?!count(@.*)]", "JSONPath: a value that is neither compared nor a test at byte 4"},
        {"$[?length(@.*) == 1]", "JSONPath: the function takes one value at byte 10"},
        {"$[?length(match(@,'a')) == 1]", "JSONPath: the function takes one value at byte 10"},
        {"$[?count(1) == 1]", "JSONPath: the function takes a query at byte 9"},
        {"$[?count('a') == 1]", "JSONPath: the function takes a query at byte 9"},
        {"$[?value(1) == 1]", "JSONPath: the function takes a query at byte 9"},
        {"$[?count() == 1]",
         "JSONPath: no value: a query (@…, $…), a literal or a function is meant "
         "at byte 9"},
        {"$[?count(@.*,@.*) == 1]", "JSONPath: ')' is missing behind the arguments at byte 12"},
        {"$[?match(@)]", "JSONPath: an argument is missing: no ',' at byte 10"},
        {"$[?match(@ 'a')]", "JSONPath: an argument is missing: no ',' at byte 11"},
        {"$[?nosuch(@)]", "JSONPath: a function that is not known at byte 3"},
        {"$[?length (@) == 1]", "JSONPath: no value: a query (@…, $…), a literal or a function is "
                                "meant at byte 3"},
        {"$[?LENGTH(@) == 1]", "JSONPath: no value: a query (@…, $…), a literal or a function is "
                               "meant at byte 3"},
        {"$[?@.a]]", "JSONPath: neither a segment nor the end of the query at byte 7"},
        {"$['\xff']", "JSONPath: bytes that are not UTF-8 at byte 3"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        ts_error e = {0};
        if (ts_json_path_read(&a, ts_str_c(list[i].query), &e))
            fail_msg("taken: %s", list[i].query);
        if (strcmp(e.msg, list[i].message) != 0)
            fail_msg("%s:\n  %s\n  %s", list[i].query, e.msg, list[i].message);
        assert_int_equal(e.code, TS_E_INPUT);
    }
}

static void singular(void **state) {
    (void)state;
    static const char *const one[] = {"$", "$.a", "$['a'][0].b", "$[-1]"},
                             *const many[] = {"$.*",   "$..a",       "$[0,1]",  "$[0:1]",
                                              "$[?@]", "$['a','a']", "$.a[*].b"};
    ts_error e = {0};
    for (size_t i = 0; i < 4; i++)
        assert_true(ts_json_path_singular(ts_json_path_read(&a, ts_str_c(one[i]), &e)));
    for (size_t i = 0; i < 7; i++)
        assert_false(ts_json_path_singular(ts_json_path_read(&a, ts_str_c(many[i]), &e)));
}

/* ---- limits ---- */

static ts_str repeated(const char *first, const char *s, size_t n, const char *last) {
    ts_buf b = ts_buf_new(&a, SIZE_MAX / 4);
    ts_buf_put(&b, ts_str_c(first));
    for (size_t i = 0; i < n; i++) ts_buf_put(&b, ts_str_c(s));
    ts_buf_put(&b, ts_str_c(last));
    return ts_buf_str(&b);
}

static void too_large(void **state) {
    (void)state;
    ts_error e = {0};
    assert_null(ts_json_path_read(&a, repeated("$", ".a", 4000, ""), &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_string_equal(e.msg, "JSONPath: more than 8000 bytes");
    e = (ts_error){0};
    assert_non_null(ts_json_path_read(&a, repeated("$", ".a", 3999, ""), &e));
    /* nested */
    assert_non_null(ts_json_path_read(
        &a, repeated("$", "[?@", 32, ts_str_z(&a, repeated("", "]", 32, ""))), &e));
    assert_null(ts_json_path_read(
        &a, repeated("$", "[?@", 33, ts_str_z(&a, repeated("", "]", 33, ""))), &e));
    assert_non_null(strstr(e.msg, "too much within each other"));
    e = (ts_error){0};
    assert_null(ts_json_path_read(&a, repeated("$[?", "(", 3000, "@"), &e));
    assert_null(ts_json_path_read(&a, repeated("$[?", "length(", 1000, "@"), &e));
    assert_non_null(ts_json_path_read(&a, repeated("$[?@", "||@", 2000, "]"), &e));
    /* patterns */
    e = (ts_error){0};
    assert_null(ts_json_path_read(&a, repeated("$[?match(@,'", "a", 1001, "')]"), &e));
    assert_non_null(strstr(e.msg, "a pattern that is too large"));
    assert_null(ts_json_path_read(&a, TS_S("$[?match(@,'a{65536}')]"), &e));
    assert_null(ts_json_path_read(&a, TS_S("$[?match(@,'((a{999}){999}){999}')]"), &e));
    assert_null(ts_json_path_read(&a, repeated("$[?match(@,'", "(", 51, "')]"), &e));
}

static void takes_too_much(const char *query, ts_str json) {
    ts_error e = {0};
    ts_json_nodes nodes;
    ts_arena mark = a;
    const ts_json *root =
        ts_json_parse(&a, json, (ts_json_options){.strict = true, .max_depth = 1024}, &e);
    assert_non_null(root);
    const ts_json_path *p = ts_json_path_read(&a, ts_str_c(query), &e);
    if (!p) fail_msg("%s", e.msg);
    if (ts_json_path_select(&a, p, root, &nodes, &e)) fail_msg("%s ended", query);
    assert_int_equal(e.code, TS_E_LIMIT);
    a = mark;
}

static void too_much_work(void **state) {
    (void)state;
    ts_str nested = repeated("", "[", 500, ts_str_z(&a, repeated("1", "]", 500, "")));
    ts_str wide = repeated("[0", ",[0,1,2]", 20000, "]");
    takes_too_much("$..*..*..*", nested);
    takes_too_much("$[*]..*..*..*..*..*", nested);
    takes_too_much("$[?count($..*) > @]", wide);
    takes_too_much("$[?$ == $]", wide);
    takes_too_much("$[?@[?$..[?@ == 3]]]", wide);
    takes_too_much("$[*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*"
                   ",*,*,*,*,*,*,"
                   "*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*]",
                   wide);
    /* patterns that try and try again */
    takes_too_much("$[?match(@, '(a*)*(a*)*(a*)*[bd]')]", repeated("[\"", "a", 3000, "\"]"));
    takes_too_much("$[?search(@, '(a|aa)+[bd]')]", repeated("[\"", "a", 3000, "\"]"));
    takes_too_much("$[?search($[0], @)]", repeated(ts_str_z(&a, repeated("[\"", "x", 100000, "\"")),
                                                   ",\"y\"", 20000, "]"));
}

int main(void) {
    a = test_arena();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shop),
        cmocka_unit_test(names_and_wildcards),
        cmocka_unit_test(indexes_and_slices),
        cmocka_unit_test(descendants),
        cmocka_unit_test(nulls),
        cmocka_unit_test(filters),
        cmocka_unit_test(comparisons),
        cmocka_unit_test(functions),
        cmocka_unit_test(patterns),
        cmocka_unit_test(refused),
        cmocka_unit_test(singular),
        cmocka_unit_test(too_large),
        cmocka_unit_test(too_much_work),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
