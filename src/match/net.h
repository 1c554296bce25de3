/* net.h - the token-alignment network: which word of one side answers which word of the other?
 *
 * Each token is a bag of hashed pieces (the word itself, its 3- and 4-grams of characters); its
 * vector is the sum of the pieces' vectors, scaled to length 1. Every token of one side looks for
 * its counterpart among the other side's (soft alignment: softmax over similarities, with a bonus
 * for the same word); a small dense network compares token and counterpart, and a gate says how
 * much the comparison matters. The gated sum and the maximum over the tokens, made symmetric over
 * the two sides, go with the pair's features through a last dense network to one log-odds.
 *
 * After A. Parikh et al., "A Decomposable Attention Model", EMNLP 2016 (attend, compare,
 * aggregate), with gates and max pooling.
 */
#ifndef TS_MATCH_NET_H
#define TS_MATCH_NET_H

#include "base/base.h"

enum {
    TS_NET_TOKENS = 32, /* tokens of a side; the rest is not looked at */
    TS_NET_DIM = 48,    /* of a token's vector */
    TS_NET_PIECES = 14, /* of a token */
    TS_NET_BUCKETS = 1 << 17,
    TS_NET_FACTS = 8,     /* numbers said of a token */
    TS_NET_FEATURES = 256 /* of a pair, at most */
};

typedef struct ts_net_token {
    uint32_t piece[TS_NET_PIECES]; /* buckets */
    uint8_t pieces;
    float fact[TS_NET_FACTS]; /* about 0 to 1 each */
} ts_net_token;

/* Fills in the pieces of a folded word (UTF-8): the word, then its 3-grams and 4-grams of
 * characters with '<' and '>' around it, as many as fit. `extra` != 0 is a piece of its own, first.
 */
void ts_net_pieces(ts_str word, uint64_t extra, ts_net_token *out);

/* One side, ready to be compared many times. */
typedef struct ts_net_side {
    uint8_t n;
    float v[TS_NET_TOKENS][TS_NET_DIM]; /* unit vectors */
    float fact[TS_NET_TOKENS][TS_NET_FACTS];
} ts_net_side;

/* What is compared. `same[i]` has bit k set when token i of a and token k of b are the same word
 * (or name the same type of product); `found_a` has bit i set when token i of a is found anywhere
 * in b's text, `found_b` the other way round. */
typedef struct ts_net_pair {
    const ts_net_side *a, *b;
    const uint32_t *same;
    uint32_t found_a, found_b;
    const float *x; /* features of the pair */
} ts_net_pair;

/* Read-only: in a mapped model, or in an arena. Opaque outside net.c and learn/net_fit.c. */
typedef struct ts_net ts_net;

void ts_net_embed(const ts_net *net, const ts_net_token *t, size_t n, ts_net_side *out);
/* The log-odds that the two sides are the same product. Uses no memory but the stack. */
float ts_net_score(const ts_net *net, const ts_net_pair *p);

/* What carried it: token_a[a->n], token_b[b->n] and feature[] receive parts of the log-odds; the
 * returned value is what is left (biases), so that all of them sum to ts_net_score. The last dense
 * network is piecewise linear, so its gradient at the pair splits its output exactly; a token's
 * part is what its gated comparison, and its share of the maxima, contributed. */
float ts_net_explain(const ts_net *net, const ts_net_pair *p, float *token_a, float *token_b,
                     float *feature);

unsigned ts_net_features(const ts_net *net);
/* Appends the network as bytes (little-endian, 8-byte aligned relative to the buffer's start):
 * token vectors as int8 with one scale per bucket row or per table, dense weights as float. */
void ts_net_write(ts_buf *b, const ts_net *net);
/* Reads what ts_net_write wrote without copying the tables (bytes are 8-byte aligned and outlive
 * *out, which is allocated in `a`). Checks sizes and that every number is finite and within bounds;
 * TS_E_INPUT when something does not hold. */
bool ts_net_read(ts_arena *a, ts_str bytes, const ts_net **out, ts_error *e);

#endif
