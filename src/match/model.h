/* model.h - the trained judge of pairs: one read-only file, mapped and shared by all threads.
 *
 *   header | token evidence | trees | network | card
 *
 * A pair's features go to the trees; the token-evidence model's log-odds is one of them. Where the
 * trees' log-odds lies inside the open band, the network is asked, too. A combiner (logistic
 * regression) makes of both the log-odds that is shown; outside the band another one makes it of
 * the trees alone. The combiners were fitted on products that neither part had seen, so they
 * calibrate as well.
 *
 * All numbers are little-endian; sections are aligned to 64 bytes; a checksum (XXH3) covers
 * everything. No text that the model was trained on is in it, only weights of hashed words.
 */
#ifndef TS_MATCH_MODEL_H
#define TS_MATCH_MODEL_H

#include "net.h"
#include "records.h"
#include "trees.h"

enum { TS_MODEL_NAME = 48, TS_MODEL_FILE_MAX = 64 << 20 };

/* Log-odds = bias + trees * T + net * N. */
typedef struct ts_combiner {
    double bias, trees, net;
} ts_combiner;

typedef struct ts_model {
    char name[TS_MODEL_NAME]; /* "touchstone-matcher-1", zero-terminated */
    uint32_t groups;          /* bit per ts_feature_group that it was trained with */
    double threshold;         /* probability from which a pair is called a match */
    ts_combiner alone, both;  /* outside the band; inside it */
    double open_from,
        open_to;       /* the band, in the trees' log-odds; from > to: the network is never asked */
    const int8_t *cue; /* [TS_CUE_SLOTS], or NULL */
    float cue_scale, cue_bias;
    ts_trees trees;
    const ts_net *net; /* NULL: none */
    ts_str card;       /* JSON: what it was trained on, and with which result */
    ts_digest digest;  /* of the file */
    ts_mapping mapping;
} ts_model;

/* Maps and checks a file; small tables are made in `a`. TS_E_INPUT when it is none or damaged,
 * TS_E_VERSION when it was made for other features or another format. */
bool ts_model_open(ts_arena *a, ts_model *m, const char *path, ts_error *e);
void ts_model_close(ts_model *m);
/* The model that comes with the program: models/matcher-1.bin (ts_share_find). */
bool ts_model_shipped(ts_arena *a, ts_model *m, ts_error *e);
/* Which judgement this is, for records: "touchstone-matcher-1@5f3a09c2", name and start of the
 * digest.
 */
ts_str ts_model_id(ts_arena *a, const ts_model *m);
/* The same from bytes in memory (8-byte aligned), which must outlive *m. */
bool ts_model_read(ts_arena *a, ts_model *m, ts_str bytes, ts_error *e);
/* Appends the file's bytes to an empty buffer. */
void ts_model_write(ts_buf *b, const ts_model *m);

/* The parts of a judgement, cheap ones first. */
float ts_model_evidence(const ts_model *m, const ts_cue *v, size_t n);
static inline bool ts_model_is_open(const ts_model *m, double trees) {
    return m->net && trees >= m->open_from && trees <= m->open_to;
}
static inline double ts_combine(ts_combiner c, double trees, double net) {
    return c.bias + c.trees * trees + c.net * net;
}
double ts_probability(double log_odds);

#endif
