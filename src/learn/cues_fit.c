#include "cues_fit.h"

#include <math.h>

double cues_score(cue_rows r, const double *w, size_t row) {
    double sum = w[TS_CUE_SLOTS];
    for (uint64_t k = r.at[row]; k < r.at[row + 1]; k++) sum += w[r.cue[k].slot] * r.cue[k].value;
    return sum;
}

static void shuffle(uint32_t *v, size_t n, ts_random *r) {
    for (size_t i = n; i > 1; i--) {
        size_t k = ts_random_below(r, (uint32_t)i);
        uint32_t x = v[i - 1];
        v[i - 1] = v[k];
        v[k] = x;
    }
}

/* The dual variable of one row, given what the others say. With z = c * sigmoid(u) the condition is
 * u + norm * (z - z0) + margin = 0, whose left side grows with u at least as fast as u: Newton. */
static double settle(double u, double z0, double c, double norm, double margin) {
    for (int i = 0; i < 12; i++) {
        double s = 1 / (1 + exp(-u)), f = u + norm * (c * s - z0) + margin,
               step = f / (1 + norm * c * s * (1 - s));
        u -= step;
        if (u > 30) u = 30;
        if (u < -30) u = -30;
        if (fabs(step) < 1e-6) break;
    }
    return u;
}

void cues_fit(ts_arena scratch, cue_rows r, const uint32_t *use, size_t n, double c, uint64_t seed,
              double scale, double *weight) {
    enum { PASSES = 40 };
    double *w = ts_new_n(&scratch, double, TS_CUE_SLOTS + 1), *z = ts_new_n(&scratch, double, n),
           *u = ts_new_n(&scratch, double, n);
    uint32_t *order = ts_new_n(&scratch, uint32_t, n);
    ts_random random = ts_random_seed(seed);
    for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i, u[i] = -30;
    for (int pass = 0; pass < PASSES; pass++) {
        shuffle(order, n, &random);
        double moved = 0;
        for (size_t o = 0; o < n; o++) {
            uint32_t i = order[o], row = use[i];
            double y = r.y[row] > 0.5f ? 1 : -1, norm = 1;
            for (uint64_t k = r.at[row]; k < r.at[row + 1]; k++)
                norm += (double)r.cue[k].value * r.cue[k].value;
            double margin = y * cues_score(r, w, row);
            u[i] = settle(u[i], z[i], c, norm, margin);
            double next = c / (1 + exp(-u[i])), step = (next - z[i]) * y;
            z[i] = next;
            moved += fabs(step);
            w[TS_CUE_SLOTS] += step;
            for (uint64_t k = r.at[row]; k < r.at[row + 1]; k++)
                w[r.cue[k].slot] += step * r.cue[k].value;
        }
        if (moved < 1e-4 * c * (double)n) break;
    }
    for (size_t i = 0; i <= TS_CUE_SLOTS; i++) weight[i] += scale * w[i];
}
