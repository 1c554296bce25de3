/* Putting AIs into the order that a Digital Link has. */
#include "digital_link.h"
#include "gs1_message.h"

bool gs1_in_way(const gs1_key *key, unsigned way, gs1_code code) {
    for (unsigned i = 0; i < key->way[way].n; i++)
        if (key->way[way].ai[i] == code) return true;
    return false;
}

static void look_up_all(const ts_gs1 *g, gs1_known *k) {
    for (size_t i = 0; i < g->n; i++) {
        k->entry[i] = gs1_find(g->v[i].ai, &k->code[i]);
        if (!k->entry[i]) k->code[i] = UINT16_MAX;
    }
}

static bool find_key(const ts_gs1 *g, const gs1_known *k, size_t *at, ts_error *e) {
    size_t found = g->n;
    for (size_t i = 0; i < g->n; i++) {
        if (!k->entry[i] || !k->entry[i]->key) continue;
        if (found < g->n && k->code[i] != k->code[found])
            return ts_fail(e, TS_E_INPUT,
                           "AI (%.*s) and AI (%.*s) are both keys of a link; keep the one that it "
                           "is about",
                           TS_P(g->v[found].ai), TS_P(g->v[i].ai));
        if (found == g->n) found = i;
    }
    if (found == g->n)
        return ts_fail(e, TS_E_INPUT,
                       "there is no key that a link could be about; add one, such as (01) or "
                       "(8004)");
    *at = found;
    return true;
}

/* How many qualifiers of this sequence are there; -1 when something is left over that may not stand
 * in a query, named in *left. */
static int way_fits(const gs1_known *k, size_t n, size_t key_at, int way, size_t *left) {
    const gs1_key *key = k->entry[key_at]->key;
    int qualifiers = 0;
    for (size_t i = 0; i < n; i++) {
        if (k->code[i] == k->code[key_at]) continue;
        if (way >= 0 && gs1_in_way(key, (unsigned)way, k->code[i]))
            qualifiers++;
        else if (!k->entry[i] || !k->entry[i]->attribute)
            return *left = i, -1;
    }
    return qualifiers;
}

/* The sequence of qualifiers to use, -1 for none. */
static bool choose_way(const ts_gs1 *g, const gs1_known *k, size_t key_at, bool strict, int *way,
                       ts_error *e) {
    const gs1_key *key = k->entry[key_at]->key;
    size_t left = 0;
    int best = key->ways ? -1 : way_fits(k, g->n, key_at, -1, &left);
    *way = -1;
    for (int w = 0; w < key->ways; w++) {
        int n = way_fits(k, g->n, key_at, w, &left);
        if (n > best) best = n, *way = w;
    }
    if (best < 0 && strict)
        return ts_fail(e, TS_E_INPUT,
                       "AI (%.*s) has no place in a link about AI (%.*s); leave it out",
                       TS_P(g->v[left].ai), TS_P(g->v[key_at].ai));
    if (best < 0 && key->ways) *way = 0;
    return true;
}

static bool has(const ts_gs1 *g, ts_str ai) {
    for (size_t i = 0; i < g->n; i++)
        if (ts_str_eq(g->v[i].ai, ai)) return true;
    return false;
}

static void add_once(ts_gs1 *g, const ts_gs1_ai *v) {
    if (!has(g, v->ai)) g->v[g->n++] = *v;
}

/* The rest by AI, compared as text. */
static void add_rest(ts_gs1 *out, const ts_gs1 *g) {
    size_t path_n = out->n;
    for (size_t i = 0; i < g->n; i++) {
        if (has(out, g->v[i].ai)) continue;
        size_t k = out->n++;
        for (; k > path_n && ts_str_cmp(out->v[k - 1].ai, g->v[i].ai) > 0; k--)
            out->v[k] = out->v[k - 1];
        out->v[k] = g->v[i];
    }
}

bool gs1_arrange(const ts_gs1 *g, bool strict, ts_gs1 *out, size_t *path_n, ts_error *e) {
    gs1_known k;
    size_t key_at = 0;
    int way = -1;
    look_up_all(g, &k);
    if (!find_key(g, &k, &key_at, e) || !choose_way(g, &k, key_at, strict, &way, e)) return false;
    const gs1_key *key = k.entry[key_at]->key;
    out->n = 0;
    add_once(out, &g->v[key_at]);
    for (unsigned q = 0; way >= 0 && q < key->way[way].n; q++)
        for (size_t i = 0; i < g->n; i++)
            if (k.code[i] == key->way[way].ai[q]) add_once(out, &g->v[i]);
    *path_n = out->n;
    add_rest(out, g);
    return true;
}

/* ---- granularity ---- */

static const char *const grain_names[] = {"model", "batch", "item"};

const char *ts_grain_name(ts_grain g) { return grain_names[g]; }

bool ts_grain_by_name(ts_str name, ts_grain *g) {
    for (int i = 0; i < 3; i++)
        if (ts_str_is(name, grain_names[i])) return *g = (ts_grain)i, true;
    return false;
}

ts_grain ts_gs1_grain(const ts_gs1 *g) {
    static const struct {
        const char *ai;
        size_t more_than; /* characters: then a serial number is part of the value */
    } instances[] = {{"21", 0},   {"235", 0},  {"8011", 0}, {"00", 0},   {"401", 0},
                     {"402", 0},  {"414", 0},  {"415", 0},  {"417", 0},  {"8004", 0},
                     {"8017", 0}, {"8018", 0}, {"253", 13}, {"255", 13}, {"8003", 14}};
    for (size_t i = 0; i < sizeof instances / sizeof *instances; i++)
        if (ts_gs1_get(g, instances[i].ai).n > instances[i].more_than) return TS_GRAIN_ITEM;
    return ts_gs1_get(g, "10").n ? TS_GRAIN_BATCH : TS_GRAIN_MODEL;
}
