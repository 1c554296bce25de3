#include "combine.h"

#include <math.h>

typedef struct equations {
    double h[3][3], g[3];
} equations;

/* Solves h * d = g by elimination; h is positive definite. */
static void solve(equations *s, double d[3]) {
    enum { TERMS = 3 };
    for (int i = 0; i < TERMS; i++)
        for (int k = i + 1; k < TERMS; k++) {
            double f = s->h[k][i] / s->h[i][i];
            for (int m = i; m < TERMS; m++) s->h[k][m] -= f * s->h[i][m];
            s->g[k] -= f * s->g[i];
        }
    for (int i = TERMS - 1; i >= 0; i--) {
        d[i] = s->g[i];
        for (int m = i + 1; m < TERMS; m++) d[i] -= s->h[i][m] * d[m];
        d[i] /= s->h[i][i];
    }
}

static double loss_of(const double *trees, const double *net, const uint8_t *label, size_t n,
                      const double w[3], const double prior[3], double strength) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double z = w[0] + w[1] * trees[i] + (net ? w[2] * net[i] : 0);
        sum += log1p(exp(-fabs(z))) + (label[i] ? fmax(-z, 0) : fmax(z, 0));
    }
    for (int k = 0; k < 3; k++) sum += 0.5 * strength * (w[k] - prior[k]) * (w[k] - prior[k]);
    return sum;
}

/* `held`: bit k set when w[k] must stay as it is. */
static equations newton(const double *trees, const double *net, const uint8_t *label, size_t n,
                        const double w[3], const double prior[3], double strength, unsigned held) {
    equations s = {0};
    for (size_t i = 0; i < n; i++) {
        double x[3] = {1, trees[i], net ? net[i] : 0}, z = w[0] + w[1] * x[1] + w[2] * x[2];
        double p = ts_probability(z), v = p * (1 - p) + 1e-9;
        for (int k = 0; k < 3; k++) {
            s.g[k] += (label[i] - p) * x[k];
            for (int m = 0; m < 3; m++) s.h[k][m] += v * x[k] * x[m];
        }
    }
    for (int k = 0; k < 3; k++) {
        s.g[k] -= strength * (w[k] - prior[k]);
        s.h[k][k] += strength;
        if (!(held >> k & 1)) continue;
        s.g[k] = 0;
        for (int m = 0; m < 3; m++) s.h[k][m] = s.h[m][k] = 0;
        s.h[k][k] = 1;
    }
    return s;
}

/* The best weights, from `w` on, where those held do not move; returns their loss. */
static double descend(const double *trees, const double *net, const uint8_t *label, size_t n,
                      const double prior[3], double strength, unsigned held, double w[3]) {
    double loss = loss_of(trees, net, label, n, w, prior, strength), moved = 1;
    for (int round = 0; round < 60 && moved >= 1e-9; round++) {
        equations s = newton(trees, net, label, n, w, prior, strength, held);
        double d[3], next[3], then = loss, step = 1;
        solve(&s, d);
        for (int half = 0; half < 30; half++, step /= 2) {
            for (int k = 0; k < 3; k++) next[k] = w[k] + step * d[k];
            then = loss_of(trees, net, label, n, next, prior, strength);
            if (then <= loss) break;
        }
        if (then > loss) break;
        moved = fabs(next[0] - w[0]) + fabs(next[1] - w[1]) + fabs(next[2] - w[2]);
        loss = then;
        memcpy(w, next, 3 * sizeof *w);
    }
    return loss;
}

/* The loss is convex: where the best weights are negative, the best ones allowed have a 0 among
 * them, and are the best of those with this 0. */
ts_combiner combiner_fit(const double *trees, const double *net, const uint8_t *label, size_t n,
                         ts_combiner prior, double strength) {
    double p[3] = {prior.bias, prior.trees, net ? prior.net : 0}, least = INFINITY;
    ts_combiner best = {0};
    if (strength < 1e-6) strength = 1e-6;
    for (unsigned zero = 0; zero < 4; zero++) {
        double w[3] = {p[0], zero & 1 ? 0 : p[1], zero & 2 ? 0 : p[2]};
        double loss = descend(trees, net, label, n, p, strength, zero << 1, w);
        if (w[1] < 0 || w[2] < 0 || loss >= least) continue;
        least = loss;
        best = (ts_combiner){w[0], w[1], w[2]};
        if (!zero) break;
    }
    return best;
}
