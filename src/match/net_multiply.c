/* Products of small matrices and sums of vectors, in the widest vectors that the processor at hand
 * has. */
#include "net_shape.h"

#define NET_JOIN(a, b) a##b

#if defined __x86_64__ && defined __GNUC__
#define NET_LANES 16
#define NET_TARGET __attribute__((target("avx512f,fma")))
#define NET_FN(name) NET_JOIN(avx512_, name)
#include "net_multiply_rows.h"

#define NET_LANES 8
#define NET_TARGET __attribute__((target("avx2,fma")))
#define NET_FN(name) NET_JOIN(avx2_, name)
#include "net_multiply_rows.h"
#endif

#define NET_LANES 4
#define NET_TARGET
#define NET_FN(name) NET_JOIN(plain_, name)
#include "net_multiply_rows.h"

void ts_net_multiply(const ts_net_product *q) {
#if defined __x86_64__ && defined __GNUC__
    if (__builtin_cpu_supports("avx512f")) {
        avx512_multiply(q);
        return;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        avx2_multiply(q);
        return;
    }
#endif
    plain_multiply(q);
}

void ts_net_sum(const ts_net_row *rows, const uint32_t *piece, size_t n, uint32_t mask, float *v) {
#if defined __x86_64__ && defined __GNUC__
    if (__builtin_cpu_supports("avx512f")) {
        avx512_sum(rows, piece, n, mask, v);
        return;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        avx2_sum(rows, piece, n, mask, v);
        return;
    }
#endif
    plain_sum(rows, piece, n, mask, v);
}
