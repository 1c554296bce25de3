#include "model.h"

#include <math.h>

#include "features.h"

#define MODEL_MAGIC "TSMODEL\n"
enum { MODEL_VERSION = 1 };
#define MODEL_NUMBER 1e12 /* no number of a header is greater: no sum of products overflows */
typedef enum { PART_CUES, PART_TREES, PART_NET, PART_CARD, PARTS } model_part;

typedef struct model_header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t size;
    ts_digest checksum; /* of the file with zeroes in this place */
    uint64_t features;  /* feature_list */
    char name[TS_MODEL_NAME];
    uint32_t groups;
    float cue_scale, cue_bias;
    uint32_t spare;
    double threshold, open_from, open_to;
    ts_combiner alone, both;
    struct {
        uint64_t at, bytes;
    } part[PARTS];
} model_header;

/* Tells one list of features from another: a model is good for the features it was trained with. */
static uint64_t feature_list(void) {
    uint64_t h = FT_COUNT;
    for (unsigned i = 0; i < FT_COUNT; i++)
        h = ts_hash_seed(ts_str_c(features[i].name), h + features[i].group);
    return h;
}

double ts_probability(double z) { return 1 / (1 + exp(-z)); }

float ts_model_evidence(const ts_model *m, const ts_cue *v, size_t n) {
    if (!m->cue) return 0;
    float sum = 0;
    for (size_t i = 0; i < n; i++) sum += (float)m->cue[v[i].slot] * v[i].value;
    return m->cue_bias + m->cue_scale * sum;
}

/* ---- writing ---- */

static void pad(ts_buf *b) {
    while (b->n % 64 && !b->full) ts_buf_c(b, 0);
}

static void begin(ts_buf *b, model_header *h, model_part p) {
    pad(b);
    h->part[p].at = b->n;
}

static ts_digest checksum_of(ts_str bytes) {
    model_header h;
    memcpy(&h, bytes.p, sizeof h);
    h.checksum = ts_digest_of(ts_str_from(bytes, sizeof h));
    return ts_digest_of((ts_str){(const char *)&h, sizeof h});
}

void ts_model_write(ts_buf *b, const ts_model *m) {
    model_header h = {.version = MODEL_VERSION,
                      .byte_order = 0x01020304,
                      .features = feature_list(),
                      .groups = m->groups,
                      .cue_scale = m->cue_scale,
                      .cue_bias = m->cue_bias,
                      .threshold = m->threshold,
                      .open_from = m->open_from,
                      .open_to = m->open_to,
                      .alone = m->alone,
                      .both = m->both};
    memcpy(h.magic, MODEL_MAGIC, 8);
    memcpy(h.name, m->name, sizeof h.name);
    ts_buf_put(b, (ts_str){(const char *)&h, sizeof h});
    begin(b, &h, PART_CUES);
    if (m->cue) ts_buf_put(b, (ts_str){(const char *)m->cue, TS_CUE_SLOTS});
    h.part[PART_CUES].bytes = b->n - h.part[PART_CUES].at;
    begin(b, &h, PART_TREES);
    ts_trees_write(b, &m->trees);
    h.part[PART_TREES].bytes = b->n - h.part[PART_TREES].at;
    begin(b, &h, PART_NET);
    if (m->net) ts_net_write(b, m->net);
    h.part[PART_NET].bytes = b->n - h.part[PART_NET].at;
    begin(b, &h, PART_CARD);
    ts_buf_put(b, m->card);
    h.part[PART_CARD].bytes = m->card.n;
    pad(b);
    h.size = b->n;
    if (b->full) return;
    memcpy(b->p, &h, sizeof h);
    h.checksum = checksum_of(ts_buf_str(b));
    memcpy(b->p, &h, sizeof h);
}

/* ---- reading ---- */

static bool sound(const model_header *h, uint64_t size) {
    for (int p = 0; p < PARTS; p++)
        if (h->part[p].at % 64 || h->part[p].at < sizeof *h || h->part[p].at > size ||
            h->part[p].bytes > size - h->part[p].at)
            return false;
    double numbers[] = {h->threshold,   h->open_from, h->open_to,   h->alone.bias,
                        h->alone.trees, h->alone.net, h->both.bias, h->both.trees,
                        h->both.net,    h->cue_scale, h->cue_bias};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!(fabs(numbers[i]) <= MODEL_NUMBER)) return false;
    return h->name[TS_MODEL_NAME - 1] == 0 && h->threshold > 0 && h->threshold < 1 &&
           (h->part[PART_CUES].bytes == 0 || h->part[PART_CUES].bytes == TS_CUE_SLOTS);
}

static bool damaged(ts_error *e) {
    return ts_fail(e, TS_E_INPUT,
                   "is damaged (the checksum or a size does not fit); take a fresh copy of the "
                   "model, or train it again");
}

static bool header_of(ts_str bytes, model_header *h, ts_error *e) {
    if (bytes.n < sizeof *h || memcmp(bytes.p, MODEL_MAGIC, 8) != 0)
        return ts_fail(e, TS_E_INPUT,
                       "is no matching model; make one with `touchstone match train`");
    memcpy(h, bytes.p, sizeof *h);
    if (h->version != MODEL_VERSION || h->byte_order != 0x01020304)
        return ts_fail(e, TS_E_VERSION,
                       "was made by another version of touchstone; train it again with "
                       "`touchstone match train`");
    if (h->size != bytes.n) return damaged(e);
    if (!ts_digest_eq(h->checksum, checksum_of(bytes)) || !sound(h, bytes.n)) return damaged(e);
    if (h->features != feature_list())
        return ts_fail(e, TS_E_VERSION,
                       "was trained with other features than this version of touchstone makes; "
                       "train it again with `touchstone match train`");
    return true;
}

static ts_str part_of(ts_str bytes, const model_header *h, model_part p) {
    return (ts_str){bytes.p + h->part[p].at, h->part[p].bytes};
}

bool ts_model_read(ts_arena *a, ts_model *m, ts_str bytes, ts_error *e) {
    model_header h;
    ts_mapping mapping = m->mapping;
    *m = (ts_model){.mapping = mapping};
    if (!header_of(bytes, &h, e)) return false;
    memcpy(m->name, h.name, sizeof m->name);
    m->groups = h.groups;
    m->threshold = h.threshold;
    m->open_from = h.open_from;
    m->open_to = h.open_to;
    m->alone = h.alone;
    m->both = h.both;
    m->cue_scale = h.cue_scale;
    m->cue_bias = h.cue_bias;
    m->digest = h.checksum;
    m->card = part_of(bytes, &h, PART_CARD);
    if (h.part[PART_CUES].bytes) m->cue = (const int8_t *)part_of(bytes, &h, PART_CUES).p;
    if (!ts_trees_read(part_of(bytes, &h, PART_TREES), &m->trees, e)) return false;
    if (h.part[PART_NET].bytes && !ts_net_read(a, part_of(bytes, &h, PART_NET), &m->net, e))
        return false;
    if (m->trees.features > FT_COUNT || (m->net && ts_net_features(m->net) > FT_COUNT))
        return damaged(e);
    return true;
}

bool ts_model_open(ts_arena *a, ts_model *m, const char *path, ts_error *e) {
    *m = (ts_model){0};
    if (!ts_mapping_open(&m->mapping, path, e)) return false;
    if (ts_model_read(a, m, m->mapping.bytes, e)) return true;
    ts_fail_at(e, path, 0, 0);
    ts_model_close(m);
    return false;
}

void ts_model_close(ts_model *m) {
    ts_mapping_close(&m->mapping);
    *m = (ts_model){0};
}

bool ts_model_shipped(ts_arena *a, ts_model *m, ts_error *e) {
    const char *path;
    return ts_share_find(a, "models/matcher-1.bin", &path, e) && ts_model_open(a, m, path, e);
}

ts_str ts_model_id(ts_arena *a, const ts_model *m) {
    char hex[32];
    ts_str digits = ts_digest_hex(m->digest, hex),
           parts[2] = {ts_str_c(m->name), ts_str_to(digits, 8)};
    return ts_str_join(a, parts, 2, TS_S("@"));
}
