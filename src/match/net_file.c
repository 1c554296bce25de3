/* The network as bytes:
 *
 *   header | dense weights, ts_net_dense floats | rows, ts_net_row each, and zeros to 8 bytes
 */
#include <math.h>

#include "net_shape.h"

#define NET_MAGIC "TSNET\r\n\1"

typedef struct net_header {
    char magic[8];
    uint32_t byte_order; /* 0x01020304 as the writer saw it */
    uint32_t dim, facts, in, hidden, out;
    uint32_t features, buckets;
    uint64_t size; /* of all */
} net_header;

static net_header header_of(uint32_t features, uint32_t buckets) {
    uint64_t size = sizeof(net_header) + ts_net_dense(features) * sizeof(float) +
                    (uint64_t)buckets * sizeof(ts_net_row);
    return (net_header){.magic = NET_MAGIC,
                        .byte_order = 0x01020304,
                        .dim = TS_NET_DIM,
                        .facts = TS_NET_FACTS,
                        .in = TS_NET_IN,
                        .hidden = TS_NET_HIDDEN,
                        .out = TS_NET_OUT,
                        .features = features,
                        .buckets = buckets,
                        .size = (size + 7) / 8 * 8};
}

void ts_net_write(ts_buf *b, const ts_net *net) {
    net_header h = header_of(net->features, net->buckets);
    while (b->n % 8 && !b->full) ts_buf_c(b, 0);
    size_t start = b->n;
    ts_buf_put(b, (ts_str){(const char *)&h, sizeof h});
    ts_buf_put(b, (ts_str){(const char *)net->w, ts_net_dense(net->features) * sizeof(float)});
    ts_buf_put(b, (ts_str){(const char *)net->rows, net->buckets * sizeof(ts_net_row)});
    while (b->n - start < h.size && !b->full) ts_buf_c(b, 0);
}

/* Not a number is not within anything. */
static bool within(const float *v, size_t n, float most) {
    bool ok = true;
    for (size_t i = 0; i < n; i++) ok &= fabsf(v[i]) <= most;
    return ok;
}

static bool numbers_sound(const ts_net *net) {
    const float *w = net->w;
    bool ok = within(w, ts_net_dense(net->features), TS_NET_WEIGHT_MAX) && w[TS_NET_TEMP] >= 0 &&
              w[TS_NET_TEMP] <= TS_NET_TEMP_MAX;
    for (size_t i = 0; i < net->buckets; i++)
        ok &= net->rows[i].scale >= 0 && net->rows[i].scale <= TS_NET_SCALE_MAX;
    return ok;
}

bool ts_net_read(ts_arena *a, ts_str bytes, const ts_net **out, ts_error *e) {
    net_header h;
    if (bytes.n < sizeof h) return ts_fail(e, TS_E_INPUT, "the network is cut short");
    memcpy(&h, bytes.p, sizeof h);
    if (memcmp(h.magic, NET_MAGIC, sizeof h.magic) != 0 || h.byte_order != 0x01020304)
        return ts_fail(e, TS_E_INPUT, "is no network of this version of touchstone");
    if (h.features > TS_NET_FEATURES || h.buckets == 0 || h.buckets > TS_NET_BUCKETS ||
        (h.buckets & (h.buckets - 1)))
        return ts_fail(e, TS_E_INPUT,
                       "the network has %u features and %u buckets; at most %d and %d "
                       "(a power of two) are possible",
                       h.features, h.buckets, TS_NET_FEATURES, TS_NET_BUCKETS);
    net_header want = header_of(h.features, h.buckets);
    if (memcmp(&h, &want, sizeof h) != 0 || h.size != bytes.n)
        return ts_fail(e, TS_E_INPUT, "the sizes of the network do not fit together");
    size_t dense = ts_net_dense(h.features);
    float *w = ts_alloc_raw(a, sizeof *w, 64, dense); /* rows of weights on lines of the cache */
    memcpy(w, bytes.p + sizeof h, dense * sizeof *w);
    ts_net *net = ts_new(a, ts_net);
    *net = (ts_net){.features = h.features,
                    .buckets = h.buckets,
                    .rows = (const void *)(bytes.p + sizeof h + dense * sizeof *w),
                    .w = w};
    if (!numbers_sound(net))
        return ts_fail(e, TS_E_INPUT, "the network holds numbers that no training gives");
    *out = net;
    return true;
}
