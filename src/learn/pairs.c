#include "pairs.h"

#include <dirent.h>
#include <sys/stat.h>

#include "format/format.h"

enum {
    FILE_MAX = 1 << 30,
    WORK = 32 << 20,   /* holds the tape of the longest line and its texts */
    KEY_MAX = 4 << 20, /* mending makes three bytes of one at most */
    SPLITS_MAX = 64,
    NAME_ROOM = 256,
};

/* ---- records ---- */

enum { FIELDS = 11 };
static const char *const field_names[FIELDS] = {"title", "brand", "desc", "price",  "model",  "cat",
                                                "cur",   "gtin",  "lang", "number", "notices"};

static void fields_of(pair_record *r, ts_str *f[FIELDS]) {
    ts_str *const all[FIELDS] = {&r->title, &r->brand, &r->desc, &r->price,  &r->model,  &r->cat,
                                 &r->cur,   &r->gtin,  &r->lang, &r->number, &r->notices};
    memcpy(f, all, sizeof all);
}

/* Text, or the texts of a list. */
static ts_str value_of(ts_arena *scratch, const ts_json *v) {
    ts_strs parts = {0};
    TS_JSON_EACH(x, v) {
        ts_str part = ts_json_text(x);
        if (part.n) *ts_push(scratch, &parts) = part;
    }
    return parts.n ? ts_str_join(scratch, parts.v, parts.n, TS_S(" | ")) : ts_json_text(v);
}

/* What the record is known by: all it says, each text behind its length. */
static ts_str identity(ts_arena *scratch, ts_str *const f[FIELDS], bool counterfeit) {
    ts_buf b = ts_buf_new(scratch, KEY_MAX);
    ts_buf_c(&b, counterfeit ? 'c' : 't');
    for (size_t i = 0; i < FIELDS; i++) {
        ts_buf_u64(&b, f[i]->n);
        ts_buf_c(&b, ':');
        ts_buf_put(&b, *f[i]);
    }
    return ts_buf_str(&b);
}

/* Remembers that the record is of this cluster, beside others that it may be of. */
static void note_cluster(ts_arena *a, uint32_t record, ts_str cluster, pairs *out) {
    if (!cluster.n) return;
    uint64_t *first = ts_map_get(&out->cluster, cluster);
    if (!first)
        *ts_map_put(a, &out->cluster, ts_str_dup(a, cluster), 0) = record;
    else if (*first != record)
        *ts_push(a, &out->same) = (record_pair){(uint32_t)*first, record};
}

/* The number of the record that says `r`, whose texts are `f`; a new one is added. */
static uint32_t number_of(ts_arena *a, ts_arena scratch, pair_record *r, ts_str *const f[FIELDS],
                          unsigned side, pairs *out) {
    ts_map *known = &out->known[out->tables ? side : 0];
    ts_str key = identity(&scratch, f, r->counterfeit);
    uint64_t *number = ts_map_get(known, key);
    if (number) return (uint32_t)*number;
    size_t n = out->records.n;
    for (size_t i = 0; i < FIELDS; i++) *f[i] = ts_str_dup(a, *f[i]);
    *ts_map_put(a, known, ts_str_dup(a, key), 0) = n;
    *ts_push(a, &out->records) = *r;
    return (uint32_t)n;
}

/* The number of the record that `v` (an object) tells of. */
static uint32_t add_record(ts_arena *a, ts_arena scratch, const ts_json *v, unsigned side,
                           pairs *out) {
    pair_record r = {0};
    ts_str *f[FIELDS];
    fields_of(&r, f);
    for (size_t i = 0; i < FIELDS; i++) {
        const ts_json *x = ts_json_get(v, ts_str_c(field_names[i]));
        *f[i] = f[i] == &r.notices ? value_of(&scratch, x) : ts_json_text(x);
    }
    r.counterfeit = ts_json_is(ts_json_member(v, "counterfeit"), TS_JSON_TRUE);
    uint32_t n = number_of(a, scratch, &r, f, side, out);
    note_cluster(a, n, ts_json_text(ts_json_member(v, "cluster")), out);
    return n;
}

/* ---- lines ---- */

static const ts_json *object_of(ts_arena *scratch, ts_str line, ts_error *e) {
    if (line.n > PAIR_LINE_MAX) {
        ts_fail(e, TS_E_LIMIT, "the line is longer than %d KiB", PAIR_LINE_MAX >> 10);
        return 0;
    }
    const ts_json *v = ts_json_parse(scratch, line, (ts_json_options){0}, e);
    if (!v && e) e->line = 0; /* it counts within the line; the file's reader knows better */
    if (!v || v->type == TS_JSON_OBJECT) return v;
    ts_fail(e, TS_E_INPUT, "one JSON object per line is expected");
    return 0;
}

static bool label_of(const ts_json *v, uint8_t *label, ts_error *e) {
    double x;
    *label = PAIR_NO_LABEL;
    if (!v || v->type == TS_JSON_NULL) return true;
    if (!ts_json_f64(v, &x) || (x != 0 && x != 1))
        return ts_fail(e, TS_E_INPUT, "\"label\" must be 0 or 1");
    *label = x != 0;
    return true;
}

static bool has_record(const ts_json *v, const char *name, const ts_json **record, ts_error *e) {
    *record = ts_json_get(v, ts_str_c(name));
    if (ts_json_is(*record, TS_JSON_OBJECT)) return true;
    return ts_fail(e, TS_E_INPUT, *record ? "\"%s\" must be an object" : "\"%s\" is missing", name);
}

bool pairs_add_line(ts_arena *a, ts_arena scratch, ts_str line, pairs *out, ts_error *e) {
    const ts_json *v = object_of(&scratch, line, e), *left, *right;
    labelled_pair p = {0};
    if (!v || !has_record(v, "left", &left, e) || !has_record(v, "right", &right, e) ||
        !label_of(ts_json_member(v, "label"), &p.label, e))
        return false;
    p.left = add_record(a, scratch, left, 0, out);
    p.right = add_record(a, scratch, right, 1, out);
    p.kind = ts_str_dup(a, ts_json_text(ts_json_member(v, "kind")));
    *ts_push(a, &out->list) = p;
    return true;
}

static bool add_table_line(ts_arena *a, ts_arena scratch, ts_str line, unsigned side, pairs *out,
                           ts_error *e) {
    const ts_json *v = object_of(&scratch, line, e);
    if (v) add_record(a, scratch, v, side, out);
    return v != 0;
}

/* ---- files ---- */

typedef enum { TABLE_A, TABLE_B, PAIRS } content;

static bool read_file(ts_arena *a, ts_arena work, const char *path, content what, pairs *out,
                      ts_error *e) {
    ts_str rest, line;
    if (!ts_file_read(a, path, FILE_MAX, &rest, e)) return ts_fail_at(e, path, 0, 0);
    if (ts_str_starts(rest, TS_S("\xEF\xBB\xBF"))) rest = ts_str_from(rest, 3);
    bool any = false;
    for (uint64_t n = 1; ts_split_line(&rest, &line); n++) {
        if (line.n <= PAIR_LINE_MAX && !ts_str_trim(line).n) continue;
        bool good = what == PAIRS ? pairs_add_line(a, work, line, out, e)
                                  : add_table_line(a, work, line, what == TABLE_B, out, e);
        if (!good) return ts_fail_at(e, path, n, 0);
        any = true;
    }
    if (any) return true;
    ts_fail(e, TS_E_INPUT, "holds no %s", what == PAIRS ? "pairs" : "records");
    return ts_fail_at(e, path, 0, 0);
}

typedef struct file_path {
    char z[1024];
} file_path;

static bool path_of(file_path *p, const char *dir, const char *name) {
    int n = snprintf(p->z, sizeof p->z, "%s/%s.jsonl", dir, name);
    return n > 0 && (size_t)n < sizeof p->z;
}

static bool is_file(const file_path *p) {
    struct stat st;
    return stat(p->z, &st) == 0 && !S_ISDIR(st.st_mode);
}

static bool is_table(const char *name) {
    return ts_str_is(TS_S("tableA"), name) || ts_str_is(TS_S("tableB"), name);
}

static bool read_tables(ts_arena *a, ts_arena work, const file_path *table_a,
                        const file_path *table_b, pairs *out, ts_error *e) {
    if (is_file(table_a) && !read_file(a, work, table_a->z, TABLE_A, out, e)) return false;
    out->table_a = out->records.n;
    if (is_file(table_b) && !read_file(a, work, table_b->z, TABLE_B, out, e)) return false;
    out->table_b = out->records.n - out->table_a;
    return true;
}

bool pairs_read(ts_arena *a, const char *dir, const char *split, bool tables, pairs *out,
                ts_error *e) {
    file_path table_a, table_b, path;
    if (!path_of(&table_a, dir, "tableA") || !path_of(&table_b, dir, "tableB") ||
        !path_of(&path, dir, split))
        return ts_fail(e, TS_E_USAGE, "the path of the split is too long");
    if (!out->records.n) out->tables = is_file(&table_a) || is_file(&table_b);
    bool wanted = tables && out->tables && !out->table_a && !out->table_b;
    if (wanted && out->records.n)
        return ts_fail(e, TS_E_USAGE, "tables must be read with the first split");
    char *room = ts_new_raw(a, char, WORK);
    ts_arena work = {room, room + WORK, a->land};
    if (wanted && !read_tables(a, work, &table_a, &table_b, out, e)) return false;
    return read_file(a, work, path.z, PAIRS, out, e);
}

/* ---- folders ---- */

bool pairs_has_split(const char *dir, const char *split) {
    file_path p;
    return !is_table(split) && path_of(&p, dir, split) && is_file(&p);
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

/* Names are gathered outside the arena: a folder must not be open while an allocation may fail. */
static size_t gather_splits(const char *dir, char names[SPLITS_MAX][NAME_ROOM]) {
    DIR *d = opendir(dir);
    if (!d) return 0;
    size_t n = 0;
    for (struct dirent *x; n < SPLITS_MAX && (x = readdir(d));) {
        ts_str name = ts_str_c(x->d_name), ending = TS_S(".jsonl");
        if (name.n <= ending.n || name.n >= NAME_ROOM || !ts_str_ends(name, ending)) continue;
        memcpy(names[n], name.p, name.n - ending.n);
        names[n][name.n - ending.n] = 0;
        if (pairs_has_split(dir, names[n])) n++;
    }
    closedir(d);
    qsort(names, n, NAME_ROOM, by_name);
    return n;
}

ts_str pairs_splits(ts_arena *a, const char *dir) {
    char names[SPLITS_MAX][NAME_ROOM];
    ts_str v[SPLITS_MAX];
    size_t n = gather_splits(dir, names);
    for (size_t i = 0; i < n; i++) v[i] = ts_str_c(names[i]);
    return ts_str_join(a, v, n, TS_S(", "));
}
