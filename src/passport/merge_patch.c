#include "merge_patch.h"

#include "tape.h"
#include "trust/trust.h"

typedef struct merging {
    tape t;
    unsigned depth;
    bool deep;
} merging;

static bool enter(merging *m) {
    if (++m->depth <= TS_MERGE_DEPTH) return true;
    m->deep = true;
    return false;
}

/* ---- merge patches ---- */

/* Names of an object with what they stand for: places on its tape. */
static ts_map names_of(ts_arena *a, const ts_json *v) {
    ts_map m = {0};
    TS_JSON_EACH_MEMBER(name, value, v) {
        *ts_map_put(a, &m, ts_json_str(name), 0) = (uint64_t)(value - v);
    }
    return m;
}

static const ts_json *find(const ts_map *m, const ts_json *v, ts_str name) {
    const uint64_t *at = ts_map_get(m, name);
    return at ? v + *at : 0;
}

static unsigned depth_of(const ts_json *v) {
    unsigned most = 0;
    bool object = v->type == TS_JSON_OBJECT;
    if (!object && v->type != TS_JSON_ARRAY) return 0;
    for (const ts_json *c = v + 1 + object; c < v + v->span; c += c->span + object) {
        unsigned inner = depth_of(c);
        if (inner > most) most = inner;
    }
    return most + 1;
}

static void copy(merging *m, const ts_json *v) {
    m->deep |= m->depth + depth_of(v) > TS_MERGE_DEPTH;
    if (!m->deep) tape_copy(&m->t, v);
}

static void merge(merging *m, const ts_json *target, const ts_json *patch);

/* Members of the target, in its order: as they are, merged, or not at all. */
static void kept(merging *m, const ts_json *target, const ts_json *patch) {
    ts_map names = names_of(m->t.a, patch);
    TS_JSON_EACH_MEMBER(name, value, target) {
        const ts_json *change = find(&names, patch, ts_json_str(name));
        if (ts_json_is(change, TS_JSON_NULL)) continue;
        tape_key(&m->t, ts_json_str(name));
        if (change)
            merge(m, value, change);
        else
            copy(m, value);
    }
}

static void added(merging *m, const ts_json *target, const ts_json *patch) {
    ts_map names = names_of(m->t.a, target);
    TS_JSON_EACH_MEMBER(name, change, patch) {
        if (change->type == TS_JSON_NULL || find(&names, target, ts_json_str(name))) continue;
        tape_key(&m->t, ts_json_str(name));
        merge(m, 0, change);
    }
}

static void merge(merging *m, const ts_json *target, const ts_json *patch) {
    if (patch->type != TS_JSON_OBJECT) {
        copy(m, patch);
        return;
    }
    if (!enter(m)) return;
    if (!ts_json_is(target, TS_JSON_OBJECT)) target = 0;
    tape_object(&m->t);
    kept(m, target, patch);
    added(m, target, patch);
    tape_end(&m->t);
    m->depth--;
}

static const ts_json *done(const merging *m, ts_error *e) {
    if (!m->deep) return m->t.v;
    ts_fail(e, TS_E_LIMIT, "the change makes values nested deeper than %d", TS_MERGE_DEPTH);
    return 0;
}

const ts_json *ts_merge_patch(ts_arena *a, const ts_json *target, const ts_json *patch,
                              ts_error *e) {
    merging m = {.t = {.a = a}};
    merge(&m, target, patch);
    return done(&m, e);
}

/* ---- one value ---- */

static bool inside(const ts_json *v, const ts_json *at) { return at >= v && at < v + v->span; }

static void put(merging *m, const ts_json *v, const ts_json *at, const ts_json *value);

static void put_object(merging *m, const ts_json *v, const ts_json *at, const ts_json *value) {
    tape_object(&m->t);
    TS_JSON_EACH_MEMBER(name, one, v) {
        if (one == at && !value) continue;
        tape_key(&m->t, ts_json_str(name));
        put(m, one, at, value);
    }
    tape_end(&m->t);
}

static void put_array(merging *m, const ts_json *v, const ts_json *at, const ts_json *value) {
    tape_array(&m->t);
    TS_JSON_EACH(one, v) {
        if (one != at || value) put(m, one, at, value);
    }
    tape_end(&m->t);
}

static void put(merging *m, const ts_json *v, const ts_json *at, const ts_json *value) {
    if (v == at || !inside(v, at)) {
        copy(m, v == at ? value : v);
    } else if (enter(m)) {
        (v->type == TS_JSON_OBJECT ? put_object : put_array)(m, v, at, value);
        m->depth--;
    }
}

const ts_json *ts_json_put_at(ts_arena *a, const ts_json *root, const ts_json *at,
                              const ts_json *value, ts_error *e) {
    merging m = {.t = {.a = a}};
    if (at == root && !value) {
        ts_fail(e, TS_E_USAGE, "the whole cannot be taken away");
        return 0;
    }
    put(&m, root, at, value);
    return done(&m, e);
}

/* ---- what is seen in part ---- */

static bool is_object(const ts_json *v) { return ts_json_is(v, TS_JSON_OBJECT); }

static void weave(merging *m, const ts_json *full, const ts_json *seen, const ts_json *next);

/* One member of what is there: hidden, shown whole, or shown in part. */
static void weave_member(merging *m, ts_str name, const ts_json *full, const ts_json *seen,
                         const ts_json *next) {
    bool hidden = !seen, whole = seen && ts_json_same(*m->t.a, full, seen);
    if (whole && !next) return;
    tape_key(&m->t, name);
    if (!whole && is_object(full) && (!next || is_object(next)))
        weave(m, full, seen, next);
    else
        copy(m, hidden || !next ? full : next);
}

static void weave(merging *m, const ts_json *full, const ts_json *seen, const ts_json *next) {
    ts_map shown = names_of(m->t.a, seen), to = names_of(m->t.a, next),
           there = names_of(m->t.a, full);
    if (!enter(m)) return;
    tape_object(&m->t);
    TS_JSON_EACH_MEMBER(name, value, full) {
        ts_str s = ts_json_str(name);
        weave_member(m, s, value, find(&shown, seen, s), find(&to, next, s));
    }
    TS_JSON_EACH_MEMBER(name, value, next) {
        if (find(&there, full, ts_json_str(name))) continue;
        tape_key(&m->t, ts_json_str(name));
        copy(m, value);
    }
    tape_end(&m->t);
    m->depth--;
}

const ts_json *ts_json_weave(ts_arena *a, const ts_json *full, const ts_json *seen,
                             const ts_json *next, ts_error *e) {
    merging m = {.t = {.a = a}};
    weave(&m, full, seen, next);
    return done(&m, e);
}

bool ts_json_same(ts_arena scratch, const ts_json *x, const ts_json *y) {
    ts_error ignored;
    ts_buf one = ts_buf_new(&scratch, SIZE_MAX / 4);
    if (!ts_canonical(&one, scratch, x, &ignored)) return false;
    ts_arena rest = scratch;
    ts_buf two = ts_buf_new(&rest, SIZE_MAX / 4);
    return ts_canonical(&two, rest, y, &ignored) && ts_str_eq(ts_buf_str(&one), ts_buf_str(&two));
}
