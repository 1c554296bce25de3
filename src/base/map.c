#include "map.h"

static ts_map_slot *find(const ts_map *m, ts_str key, uint64_t h) {
    for (size_t i = h & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
        ts_map_slot *s = &m->v[i];
        if (!s->key.p || (s->hash == h && ts_str_eq(s->key, key))) return s;
    }
}

uint64_t *ts_map_get(const ts_map *m, ts_str key) {
    if (!m->cap) return 0;
    ts_map_slot *s = find(m, key, ts_hash(key));
    return s->key.p ? &s->value : 0;
}

static void grow(ts_arena *a, ts_map *m) {
    ts_map next = {.cap = m->cap ? m->cap * 2 : 16};
    next.v = ts_new_n(a, ts_map_slot, next.cap);
    for (size_t i = 0; i < m->cap; i++)
        if (m->v[i].key.p) *find(&next, m->v[i].key, m->v[i].hash) = m->v[i];
    next.n = m->n;
    *m = next;
}

uint64_t *ts_map_put(ts_arena *a, ts_map *m, ts_str key, bool *fresh) {
    if (m->n * 4 >= m->cap * 3) grow(a, m);
    uint64_t h = ts_hash(key);
    ts_map_slot *s = find(m, key, h);
    if (fresh) *fresh = !s->key.p;
    if (!s->key.p) {
        *s = (ts_map_slot){.key = {key.p ? key.p : "", key.n}, .hash = h};
        m->n++;
    }
    return &s->value;
}
