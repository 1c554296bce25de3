/* trees.c - walking boosted trees, and their bytes.
 *
 * The bytes: header | nodes (8 each) | roots (4 each) | means (4 per node) | depths (1 per tree) |
 * zeros up to a multiple of 8. The counts in the header say where everything lies.
 */
#include "trees.h"

#include <assert.h>
#include <math.h>

/* ---- Walking ---- */

enum {
    LANES = 8, /* walks side by side: each waits for memory while the others go on */
    BLOCK = 64 /* rows that stay in the first cache while tree after tree passes */
};

/* One step; a leaf steps onto itself. Without a branch: which child it is going to be cannot be
 * predicted. */
static inline const ts_tree_node *step(const ts_tree_node *n, const float *x) {
    return n + n->child + (x[n->feature] >= n->split);
}

/* Lane k walks with the row at x + k * stride. */
static inline void walk(const ts_tree_node *at[LANES], const float *x, size_t stride,
                        unsigned depth) {
    for (unsigned d = 0; d < depth; d++)
#pragma GCC unroll 8
        for (int k = 0; k < LANES; k++) at[k] = step(at[k], x + k * stride);
}

static inline float value_at(const ts_trees *t, const ts_tree_node *leaf) {
    return t->means[leaf - t->nodes];
}

/* Here the lanes are trees, all of one row. Lanes beyond the last tree walk it again and count for
 * nothing. */
float ts_trees_score(const ts_trees *t, const float *x) {
    float sum = t->base;
    for (uint32_t i = 0; i < t->count; i += LANES) {
        const ts_tree_node *at[LANES];
        unsigned depth = 0, n = t->count - i < LANES ? t->count - i : LANES;
        for (unsigned k = 0; k < LANES; k++) {
            uint32_t tree = i + (k < n ? k : n - 1);
            at[k] = t->nodes + t->roots[tree];
            depth = t->depths[tree] > depth ? t->depths[tree] : depth;
        }
        walk(at, x, 0, depth);
        for (unsigned k = 0; k < n; k++) sum += value_at(t, at[k]);
    }
    return sum;
}

/* LANES rows go down one tree. */
static inline void add_tree(const ts_trees *t, uint32_t tree, const float *x, size_t stride,
                            float *out) {
    const ts_tree_node *at[LANES];
    for (int k = 0; k < LANES; k++) at[k] = t->nodes + t->roots[tree];
    walk(at, x, stride, t->depths[tree]);
    for (int k = 0; k < LANES; k++) out[k] += value_at(t, at[k]);
}

void ts_trees_score_many(const ts_trees *t, const float *x, size_t stride, size_t n, float *out) {
    size_t full = n - n % LANES;
    for (size_t from = 0; from < full; from += BLOCK) {
        size_t end = full - from < BLOCK ? full : from + BLOCK;
        for (size_t i = from; i < end; i++) out[i] = t->base;
        for (uint32_t tree = 0; tree < t->count; tree++)
            for (size_t i = from; i < end; i += LANES)
                add_tree(t, tree, x + i * stride, stride, out + i);
    }
    for (size_t i = full; i < n; i++) out[i] = ts_trees_score(t, x + i * stride);
}

float ts_trees_explain(const ts_trees *t, const float *x, float *part) {
    double rest = t->base;
    for (uint32_t tree = 0; tree < t->count; tree++) {
        const ts_tree_node *n = t->nodes + t->roots[tree];
        rest += value_at(t, n);
        while (n->child) {
            const ts_tree_node *next = step(n, x);
            part[n->feature] += value_at(t, next) - value_at(t, n);
            n = next;
        }
    }
    return (float)rest;
}

/* ---- Bytes ---- */

#define TREES_MAGIC 0x31525454u /* "TTR1"; read by a machine of the other byte order, it is not */
#define TREE_NODES ((2u << TS_TREES_DEPTH) - 1)
#define TREES_VALUE 1e6f /* what a tree adds at most: no sum of such values overflows */

typedef struct trees_header {
    uint32_t magic, count, nodes_n, features;
    float base;
    uint32_t zero[3];
} trees_header;

static_assert(sizeof(trees_header) == 32 && sizeof(ts_tree_node) == 8, "bytes without gaps");

static size_t trees_bytes(const trees_header *h) {
    size_t n = sizeof *h + h->nodes_n * (sizeof(ts_tree_node) + sizeof(float)) +
               h->count * (sizeof(uint32_t) + 1);
    return (n + 7) & ~(size_t)7;
}

static void put_zeros(ts_buf *b) {
    while (b->n % 8 && !b->full) ts_buf_c(b, 0);
}

void ts_trees_write(ts_buf *b, const ts_trees *t) {
    trees_header h = {.magic = TREES_MAGIC,
                      .count = t->count,
                      .nodes_n = t->nodes_n,
                      .features = t->features,
                      .base = t->base};
    put_zeros(b);
    ts_buf_put(b, (ts_str){(const char *)&h, sizeof h});
    ts_buf_put(b, (ts_str){(const char *)t->nodes, t->nodes_n * sizeof *t->nodes});
    ts_buf_put(b, (ts_str){(const char *)t->roots, t->count * sizeof *t->roots});
    ts_buf_put(b, (ts_str){(const char *)t->means, t->nodes_n * sizeof *t->means});
    ts_buf_put(b, (ts_str){(const char *)t->depths, t->count * sizeof *t->depths});
    put_zeros(b);
}

static bool bad(ts_error *e, const char *what) {
    return ts_fail(e, TS_E_INPUT, "the trees of the model are damaged: %s; fetch the model again",
                   what);
}

static bool in_range(float v) { return v >= -TREES_VALUE && v <= TREES_VALUE; }

static bool header_holds(const trees_header *h, size_t bytes, ts_error *e) {
    if (h->magic != TREES_MAGIC) return bad(e, "they do not begin with the mark of this format");
    if (h->count > TS_TREES_MAX) return bad(e, "too many trees");
    if (h->nodes_n > h->count * TREE_NODES) return bad(e, "too many nodes");
    if (h->features < 1 || h->features > TS_TREES_FEATURES)
        return bad(e, "the number of features is out of range");
    if (!in_range(h->base)) return bad(e, "the base score is out of range");
    if (h->zero[0] || h->zero[1] || h->zero[2]) return bad(e, "the header's spare bytes are set");
    if (bytes != trees_bytes(h)) return bad(e, "their size is not what the counts in front say");
    return true;
}

static bool node_holds(const ts_trees *t, uint32_t i, ts_error *e) {
    const ts_tree_node *n = &t->nodes[i];
    if (!in_range(t->means[i])) return bad(e, "a value is out of range");
    if (!n->child) {
        const float nan = NAN;
        return (memcmp(&n->split, &nan, sizeof nan) == 0 && n->feature == 0) ||
               bad(e, "a leaf asks a question");
    }
    if (!isfinite(n->split)) return bad(e, "a split is not a finite number");
    if (n->feature >= t->features) return bad(e, "a node asks for a feature that does not exist");
    return true;
}

/* Goes through one tree from front to back. Breadth first, the children of each node come right
 * behind those of the nodes before it; so every node but the root has one parent, in front of it.
 */
static bool tree_holds(const ts_trees *t, uint32_t tree, uint32_t end, ts_error *e) {
    uint32_t root = t->roots[tree], next = root + 1;
    uint8_t depth[TREE_NODES] = {0};
    if (end - root > TREE_NODES) return bad(e, "a tree has too many nodes");
    for (uint32_t i = root; i < end; i++) {
        if (!node_holds(t, i, e)) return false;
        if (!t->nodes[i].child) continue;
        if (i + t->nodes[i].child != next || end - next < 2)
            return bad(e, "a child is in the wrong place");
        if (depth[i - root] == TS_TREES_DEPTH) return bad(e, "a tree is too deep");
        depth[next - root] = depth[next + 1 - root] = (uint8_t)(depth[i - root] + 1);
        next += 2;
    }
    if (next != end) return bad(e, "a node has no parent");
    return t->depths[tree] == depth[end - 1 - root] || bad(e, "the depth of a tree is wrong");
}

bool ts_trees_read(ts_str bytes, ts_trees *out, ts_error *e) {
    if ((uintptr_t)bytes.p % 8)
        return ts_fail(e, TS_E_USAGE, "trees are read from 8-byte aligned memory only");
    if (bytes.n < sizeof(trees_header)) return bad(e, "they end before their header does");
    const trees_header *h = (const void *)bytes.p;
    if (!header_holds(h, bytes.n, e)) return false;
    const char *nodes = bytes.p + sizeof *h, *roots = nodes + h->nodes_n * sizeof(ts_tree_node);
    const char *means = roots + h->count * sizeof(uint32_t);
    const char *depths = means + h->nodes_n * sizeof(float);
    ts_trees t = {.nodes = (const void *)nodes,
                  .means = (const void *)means,
                  .roots = (const void *)roots,
                  .depths = (const void *)depths,
                  .count = h->count,
                  .nodes_n = h->nodes_n,
                  .features = h->features,
                  .base = h->base};
    for (const char *p = depths + t.count; p < bytes.p + bytes.n; p++)
        if (*p) return bad(e, "there is something behind the last tree");
    if (t.count ? t.roots[0] != 0 : t.nodes_n) return bad(e, "the first tree is missing");
    for (uint32_t i = 0; i < t.count; i++) {
        uint32_t end = i + 1 < t.count ? t.roots[i + 1] : t.nodes_n;
        if (end > t.nodes_n || !(end > t.roots[i])) return bad(e, "a tree has no nodes");
        if (!tree_holds(&t, i, end, e)) return false;
    }
    *out = t;
    return true;
}
