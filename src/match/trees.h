/* trees.h - boosted decision trees, evaluated flat.
 *
 * A tree asks at each node whether x[feature] < split (yes: the left child) and adds the value of
 * the leaf it ends in. The score of all trees is a log-odds. Features are finite numbers; what is
 * not known has a number of its own (-1 or 0), so there is no missing value.
 *
 * The two children of a node stand side by side, so a step is: distance to the left child, plus
 * whether the answer was no. A leaf is a node whose answer is never no (x >= NaN) and whose left
 * child is itself. So a walk of as many steps as the tree is deep ends in the right leaf without a
 * branch and without asking whether it is there; the leaf's value is its mean.
 */
#ifndef TS_MATCH_TREES_H
#define TS_MATCH_TREES_H

#include "base/base.h"

enum { TS_TREES_DEPTH = 8, TS_TREES_MAX = 4096, TS_TREES_FEATURES = 512 };

typedef struct ts_tree_node {
    float split;      /* of a leaf: NaN */
    uint16_t feature; /* of a leaf: 0 */
    uint16_t child;   /* distance to the left child (of a leaf: 0); the right child is behind it */
} ts_tree_node;

/* Read-only; the arrays live in a mapped model or an arena. */
typedef struct ts_trees {
    const ts_tree_node *nodes; /* [nodes_n] tree after tree, each breadth first */
    const float *means;        /* [nodes_n] what the tree adds on average to the training rows that
                                  came by; of a leaf: its value */
    const uint32_t *roots;     /* [count], ascending, roots[0] == 0 */
    const uint8_t *depths;     /* [count] questions on the longest way from the root to a leaf */
    uint32_t count, nodes_n;
    uint32_t features; /* at least 1 */
    float base;        /* log-odds before the first tree */
} ts_trees;

/* The log-odds of a row x[t->features]. */
float ts_trees_score(const ts_trees *t, const float *x);
/* The same, to the bit, for n rows, `stride` floats apart; several rows walk a tree side by side.
 */
void ts_trees_score_many(const ts_trees *t, const float *x, size_t stride, size_t n, float *out);
/* Which features carried the score: along the path through each tree, the change of the node means
 * is put to the feature that was asked. Adds to part[t->features]; returns what is left over, so
 * that the returned value and the parts sum to ts_trees_score (up to rounding). */
float ts_trees_explain(const ts_trees *t, const float *x, float *part);

/* Appends the trees as bytes: little-endian, a multiple of 8 of them. Where the buffer's end is not
 * 8-byte aligned relative to its start, zeros come first, which ts_trees_read is not to be given.
 */
void ts_trees_write(ts_buf *b, const ts_trees *t);
/* Reads what ts_trees_write wrote, without copying (bytes are 8-byte aligned and outlive *out).
 * Checks every index, depth and number, so that any row, whatever its numbers, is scored inside the
 * arrays; TS_E_INPUT when something does not hold, TS_E_USAGE when the bytes are not aligned. */
bool ts_trees_read(ts_str bytes, ts_trees *out, ts_error *e);

#endif
