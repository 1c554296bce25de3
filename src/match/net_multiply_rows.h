/* net_multiply_rows.h - the product of two matrices for one instruction set. net_multiply.c
 * includes it once for each, with
 *
 *   NET_TARGET    attribute of the functions
 *   NET_FN(name)  their names, and that of the vector type
 *   NET_LANES     numbers in a register: 4, 8 or 16
 */

typedef float NET_FN(lanes) __attribute__((vector_size(4 * NET_LANES), aligned(4), may_alias));
#define LANES NET_FN(lanes)
#define AT(p) (*(const LANES *)(const void *)(p))
#define PUT(p) (*(LANES *)(void *)(p))
#define EACH(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7)
#define START(r) LANES sum##r = start;
#define ADD(r) sum##r += a[r * rs] * row;
#define STORE(r) PUT(c + r * q->ldc) = sum##r;

/* Rows i to i + 8, columns j to j + NET_LANES: the sums stay in registers. */
NET_TARGET static inline void NET_FN(block)(const ts_net_product *q, size_t i, size_t j) {
    const float *a = q->a + i * q->rs, *b = q->b + j;
    float *c = q->c + i * q->ldc + j;
    size_t rs = q->rs, cs = q->cs, ldb = q->ldb, k = q->k;
    LANES start = {0};
    if (q->bias) start = AT(q->bias + j);
    EACH(START)
    for (size_t p = 0; p < k; p++, a += cs, b += ldb) {
        LANES row = AT(b);
        EACH(ADD)
    }
    EACH(STORE)
}

/* One row, columns j to j + 4 * NET_LANES. */
NET_TARGET static inline void NET_FN(wide)(const ts_net_product *q, size_t i, size_t j) {
    enum { N = NET_LANES };
    const float *a = q->a + i * q->rs, *b = q->b + j;
    float *c = q->c + i * q->ldc + j;
    LANES s0 = {0}, s1 = s0, s2 = s0, s3 = s0;
    if (q->bias) {
        const float *bias = q->bias + j;
        s0 = AT(bias), s1 = AT(bias + N), s2 = AT(bias + 2 * N), s3 = AT(bias + 3 * N);
    }
    for (size_t p = 0, k = q->k; p < k; p++, a += q->cs, b += q->ldb) {
        s0 += *a * AT(b), s1 += *a * AT(b + N);
        s2 += *a * AT(b + 2 * N), s3 += *a * AT(b + 3 * N);
    }
    PUT(c) = s0, PUT(c + N) = s1, PUT(c + 2 * N) = s2, PUT(c + 3 * N) = s3;
}

NET_TARGET static inline void NET_FN(narrow)(const ts_net_product *q, size_t i, size_t j) {
    const float *a = q->a + i * q->rs, *b = q->b + j;
    LANES sum = {0};
    if (q->bias) sum = AT(q->bias + j);
    for (size_t p = 0, k = q->k; p < k; p++, a += q->cs, b += q->ldb) sum += *a * AT(b);
    PUT(q->c + i * q->ldc + j) = sum;
}

/* The last rows are done together with some before them once more rather than one by one. */
NET_TARGET static void NET_FN(multiply)(const ts_net_product *q) {
    if (q->m < 8) {
        for (size_t i = 0; i < q->m; i++) {
            size_t j = 0;
            for (; j + 4 * NET_LANES <= q->n; j += 4 * NET_LANES) NET_FN(wide)(q, i, j);
            for (; j < q->n; j += NET_LANES) NET_FN(narrow)(q, i, j);
        }
        return;
    }
    for (size_t j = 0; j < q->n; j += NET_LANES) {
        for (size_t i = 0; i + 8 <= q->m; i += 8) NET_FN(block)(q, i, j);
        if (q->m % 8) NET_FN(block)(q, q->m - 8, j);
    }
}

typedef signed char NET_FN(bytes) __attribute__((vector_size(NET_LANES), aligned(1), may_alias));

/* The sum of the pieces' vectors. */
NET_TARGET static void NET_FN(sum)(const ts_net_row *rows, const uint32_t *piece, size_t n,
                                   uint32_t mask, float *v) {
    enum { PARTS = TS_NET_DIM / NET_LANES };
    LANES sum[PARTS] = {0};
    for (size_t i = 0; i < n; i++) {
        const ts_net_row *row = &rows[piece[i] & mask];
        for (size_t k = 0; k < PARTS; k++) {
            NET_FN(bytes) b = *(const NET_FN(bytes) *)(const void *)(row->v + k * NET_LANES);
            sum[k] += row->scale * __builtin_convertvector(b, LANES);
        }
    }
    for (size_t k = 0; k < PARTS; k++) PUT(v + k * NET_LANES) = sum[k];
}

#undef LANES
#undef AT
#undef PUT
#undef EACH
#undef START
#undef ADD
#undef STORE
#undef NET_LANES
#undef NET_TARGET
#undef NET_FN
