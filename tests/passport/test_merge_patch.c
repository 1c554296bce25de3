/* The examples of RFC 7396, appendix A; one value in another's place; what is seen in part. */
#include "passport/merge_patch.h"
#include "support/support.h"
#include "trust/trust.h"

static ts_arena a;

static const ts_json *tree(const char *text) {
    ts_error e = {0};
    if (!text) return 0;
    const ts_json_options strict = {.strict = true, .max_depth = 1000};
    const ts_json *v = ts_json_parse(&a, ts_str_c(text), strict, &e);
    if (!v) fail_msg("%s: %s", text, e.msg);
    return v;
}

static ts_str text(const ts_json *v) {
    ts_error e = {0};
    ts_buf b = ts_buf_new(&a, 1 << 24);
    assert_non_null(v);
    assert_true(ts_canonical(&b, a, v, &e));
    return ts_buf_str(&b);
}

static void examples(void **state) {
    (void)state;
    static const char *const list[][3] = {
        {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
        {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
        {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
        {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
        {"[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"},
        {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
        {"{\"a\":\"foo\"}", "null", "null"},
        {"{\"a\":\"foo\"}", "\"bar\"", "\"bar\""},
        {"{\"e\":null}", "{\"a\":1}", "{\"a\":1,\"e\":null}"},
        {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
        {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
        /* and others: nothing yet, nulls in lists stay, an object over a list */
        {0, "{\"a\":null,\"b\":{\"c\":null,\"d\":[null]}}", "{\"b\":{\"d\":[null]}}"},
        {"{\"a\":[1,null]}", "{\"a\":{\"x\":1}}", "{\"a\":{\"x\":1}}"},
        {"{\"a\":{\"b\":{\"c\":1,\"d\":2}},\"z\":[{\"y\":null}]}", "{\"a\":{\"b\":{\"c\":null}}}",
         "{\"a\":{\"b\":{\"d\":2}},\"z\":[{\"y\":null}]}"},
        {"{\"a\":1}", "{}", "{\"a\":1}"},
        {"{\"\\u0061b\":1}", "{\"ab\":2}", "{\"ab\":2}"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        ts_error e = {0};
        const ts_json *v = ts_merge_patch(&a, tree(list[i][0]), tree(list[i][1]), &e);
        if (!ts_str_is(text(v), list[i][2]))
            fail_msg("%s + %s = %.*s", list[i][0] ? list[i][0] : "nothing", list[i][1],
                     TS_P(text(v)));
        /* again makes no difference */
        if (!ts_str_is(text(ts_merge_patch(&a, v, tree(list[i][1]), &e)), list[i][2]))
            fail_msg("not the same again: %s", list[i][1]);
    }
}

static const char *nested(size_t n, const char *open, const char *close, const char *core) {
    ts_buf b = ts_buf_new(&a, 1 << 20);
    for (size_t i = 0; i < n; i++) ts_buf_put(&b, ts_str_c(open));
    ts_buf_put(&b, ts_str_c(core));
    for (size_t i = 0; i < n; i++) ts_buf_put(&b, ts_str_c(close));
    return ts_str_z(&a, ts_buf_str(&b));
}

static void limits(void **state) {
    (void)state;
    ts_error e = {0};
    const char *most = nested(TS_MERGE_DEPTH, "[", "]", ""),
               *objects = nested(TS_MERGE_DEPTH, "{\"a\":", "}", "1");
    assert_true(ts_str_is(text(ts_merge_patch(&a, 0, tree(most), &e)), most));
    assert_true(ts_str_is(text(ts_merge_patch(&a, 0, tree(objects), &e)), objects));
    assert_null(ts_merge_patch(&a, 0, tree(nested(TS_MERGE_DEPTH + 1, "[", "]", "")), &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_string_equal(e.msg, "the change makes values nested deeper than 256");
    assert_null(ts_merge_patch(&a, 0, tree(nested(TS_MERGE_DEPTH + 1, "{\"a\":", "}", "1")), &e));
    assert_null(
        ts_merge_patch(&a, 0, tree(nested(200, "{\"a\":", "}", nested(60, "[", "]", ""))), &e));
    /* also where two that are good come together */
    const ts_json *in = tree("{\"a\":{\"b\":1}}"),
                  *b = ts_json_member(ts_json_member(in, "a"), "b");
    assert_null(ts_json_put_at(&a, in, b, tree(nested(TS_MERGE_DEPTH - 1, "[", "]", "")), &e));
    assert_non_null(ts_json_put_at(&a, in, b, tree(nested(TS_MERGE_DEPTH - 2, "[", "]", "")), &e));
    /* many members, some of each, in no more than a moment */
    ts_buf x = ts_buf_new(&a, 1 << 24), y = ts_buf_new(&a, 1 << 24);
    for (int i = 0; i < 90000; i++) {
        ts_buf_fmt(&x, "%c\"n%d\":%d", i ? ',' : '{', i, i);
        ts_buf_fmt(&y, "%c\"n%d\":%s", i ? ',' : '{', i + 45000, i & 1 ? "null" : "{\"a\":1}");
    }
    ts_buf_put(&x, (ts_str){"}", 2});
    ts_buf_put(&y, (ts_str){"}", 2});
    assert_int_equal(ts_merge_patch(&a, tree(x.p), tree(y.p), &e)->n, 90000);
}

static void one_place(void **state) {
    (void)state;
    ts_error e = {0};
    const ts_json *v = tree("{\"a\":[1,{\"b\":2,\"c\":[3]}],\"d\":4}"),
                  *list = ts_json_member(v, "a"), *object = ts_json_at(list, 1),
                  *b = ts_json_member(object, "b"), *new = tree("{\"x\":[5]}");
    assert_str(text(ts_json_put_at(&a, v, b, new, &e)),
               "{\"a\":[1,{\"b\":{\"x\":[5]},\"c\":[3]}],\"d\":4}");
    assert_str(text(ts_json_put_at(&a, v, b, 0, &e)), "{\"a\":[1,{\"c\":[3]}],\"d\":4}");
    assert_str(text(ts_json_put_at(&a, v, list, new, &e)), "{\"a\":{\"x\":[5]},\"d\":4}");
    assert_str(text(ts_json_put_at(&a, v, ts_json_at(list, 0), 0, &e)),
               "{\"a\":[{\"b\":2,\"c\":[3]}],\"d\":4}");
    assert_str(text(ts_json_put_at(&a, v, ts_json_member(v, "d"), 0, &e)),
               "{\"a\":[1,{\"b\":2,\"c\":[3]}]}");
    assert_str(text(ts_json_put_at(&a, v, v, new, &e)), "{\"x\":[5]}");
    assert_null(ts_json_put_at(&a, v, v, 0, &e));
    assert_int_equal(e.code, TS_E_USAGE);
    /* what it was made of is as it was */
    assert_str(text(v), "{\"a\":[1,{\"b\":2,\"c\":[3]}],\"d\":4}");
}

static void seen_in_part(void **state) {
    (void)state;
    static const char *const list[][4] = {
        /* all, what is seen, what that becomes, what all becomes */
        {"{\"a\":1,\"s\":2}", "{\"a\":1}", "{\"a\":3}", "{\"a\":3,\"s\":2}"},
        {"{\"a\":1,\"s\":2}", "{\"a\":1}", "{}", "{\"s\":2}"},
        {"{\"a\":1,\"s\":2}", "{\"a\":1}", "{\"a\":1,\"n\":4}", "{\"a\":1,\"n\":4,\"s\":2}"},
        /* a hidden member is not overwritten */
        {"{\"a\":1,\"s\":2}", "{\"a\":1}", "{\"a\":1,\"s\":9}", "{\"a\":1,\"s\":2}"},
        {"{\"a\":1,\"s\":2}", "{\"a\":1}", "{\"a\":1,\"s\":{\"x\":1}}", "{\"a\":1,\"s\":2}"},
        /* a group shown in part: changed, taken away, not shown at all */
        {"{\"g\":{\"o\":1,\"s\":2}}", "{\"g\":{\"o\":1}}", "{\"g\":{\"o\":5}}",
         "{\"g\":{\"o\":5,\"s\":2}}"},
        {"{\"g\":{\"o\":1,\"s\":2}}", "{\"g\":{\"o\":1}}", "{}", "{\"g\":{\"s\":2}}"},
        {"{\"g\":{\"o\":1,\"s\":2}}", "{\"g\":{\"o\":1}}", "{\"g\":{}}", "{\"g\":{\"s\":2}}"},
        {"{\"g\":{\"s\":2}}", "{}", "{\"g\":{\"o\":1}}", "{\"g\":{\"o\":1,\"s\":2}}"},
        {"{\"g\":{\"s\":{\"t\":2}}}", "{}", "{\"g\":{\"s\":{\"o\":1}}}",
         "{\"g\":{\"s\":{\"o\":1,\"t\":2}}}"},
        /* shown whole: replaced whole */
        {"{\"g\":{\"o\":1}}", "{\"g\":{\"o\":1}}", "{\"g\":[7]}", "{\"g\":[7]}"},
        {"{\"g\":[1,2]}", "{\"g\":[1,2]}", "{\"g\":[2]}", "{\"g\":[2]}"},
        {"{\"g\":1.0}", "{\"g\":1}", "{}", "{}"},
        {"{}", "{}", "{\"a\":1}", "{\"a\":1}"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        ts_error e = {0};
        ts_str got =
            text(ts_json_weave(&a, tree(list[i][0]), tree(list[i][1]), tree(list[i][2]), &e));
        if (!ts_str_is(got, list[i][3])) fail_msg("%zu: %.*s", i, TS_P(got));
    }
    ts_error e = {0};
    assert_str(text(ts_json_weave(&a, tree("{\"a\":1}"), 0, 0, &e)), "{\"a\":1}");
}

static void same(void **state) {
    (void)state;
    assert_true(ts_json_same(a, tree("{\"a\":1,\"b\":[1e2]}"), tree("{\"b\":[100.0],\"a\":1.0}")));
    assert_true(ts_json_same(a, tree("\"\\u0061\""), tree("\"a\"")));
    assert_false(ts_json_same(a, tree("[1,2]"), tree("[2,1]")));
    assert_false(ts_json_same(a, tree("{\"a\":null}"), tree("{}")));
    assert_false(ts_json_same(a, tree("1"), tree("\"1\"")));
    assert_false(ts_json_same(a, tree("[[]]"), tree("[{}]")));
}

int main(void) {
    a = test_arena();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples),     cmocka_unit_test(limits), cmocka_unit_test(one_place),
        cmocka_unit_test(seen_in_part), cmocka_unit_test(same),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
