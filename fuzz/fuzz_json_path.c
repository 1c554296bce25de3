/* A query in the first line, a tree in the rest: what is selected is found again by its normalized
 * path, whatever the two are. */
#include "passport/passport.h"

static void must(bool holds) {
    if (!holds) __builtin_trap();
}

static void found_again(ts_arena a, const ts_json *root, const ts_json *at) {
    ts_error e = {0};
    ts_json_nodes nodes;
    ts_str path = ts_json_path_of(&a, root, at);
    if (path.n > TS_JSON_PATH_MAX) return;
    const ts_json_path *p = ts_json_path_read(&a, path, &e);
    must(p && ts_json_path_singular(p) && ts_json_path_select(&a, p, root, &nodes, &e));
    must(nodes.n == 1 && nodes.v[0] == at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena first;
    if (!first.beg) first = ts_arena_new((size_t)1 << 32);
    ts_arena a = first;
    ts_error e = {0};
    ts_json_nodes nodes;
    ts_str rest = {(const char *)data, size}, query = ts_str_cut(&rest, '\n');
    const ts_json_path *p = ts_json_path_read(&a, query, &e);
    must(p || (e.msg[0] && e.code));
    const ts_json *root = ts_json_parse(&a, rest, (ts_json_options){.strict = true}, &e);
    if (!p || !root) return 0;
    if (!ts_json_path_select(&a, p, root, &nodes, &e)) {
        must(e.code == TS_E_LIMIT);
        return 0;
    }
    must(nodes.n <= 1 || !ts_json_path_singular(p));
    for (size_t i = 0; i < nodes.n && i < 100; i++) found_again(a, root, nodes.v[i]);
    return 0;
}
