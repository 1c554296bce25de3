#include "score.h"

#include <math.h>

static double brand_score(const pair *p) {
    switch (p->brand) {
    case BRAND_SAME: return 0.25 * p->brand_bits;
    case BRAND_NAMED: return 0.20 * p->brand_bits;
    case BRAND_TYPO:
    case BRAND_PART: return 0.15 * p->brand_bits;
    case BRAND_MISSING: return -0.5;
    case BRAND_OTHER: return -5.0;
    case BRAND_MAYBE_OTHER: return -3.0;
    case BRAND_FIELD_OTHER: return -2.0;
    case BRAND_COMPAT: return -4.0;
    default: return 0;
    }
}

static double model_score(const pair *p) {
    switch (p->model) {
    case MODEL_SAME: return 0.30 * p->model_bits;
    case MODEL_MISSING: return -1.0;
    case MODEL_OTHER: return p->other_models > 1 ? -3.4 : -2.4; /* one may be a shop's own */
    case MODEL_NEAR: return -5.5;
    case MODEL_COMPAT: return -4.0;
    default: return 0;
    }
}

static double type_score(const pair *p) {
    static const double w[] = {[TYPE_UNKNOWN] = 0,    [TYPE_SAME] = 1.2,   [TYPE_NAMED] = 0.7,
                               [TYPE_RELATED] = -1.0, [TYPE_OTHER] = -2.6, [TYPE_ACCESSORY] = -4.5};
    if (p->type == TYPE_RELATED && p->model == MODEL_SAME) return 0;
    return w[p->type];
}

double pair_score(const pair *p, double out[SCORE_PARTS]) {
    memset(out, 0, SCORE_PARTS * sizeof *out);
    out[SCORE_BASE] = -3.0;
    out[SCORE_DECLARED] = p->declared ? 8 : 0;
    out[SCORE_IDENTIFIER] = p->ident ? 9 : 0;
    out[SCORE_BRAND] = brand_score(p);
    out[SCORE_MODEL] = model_score(p);
    out[SCORE_TYPE] = type_score(p);
    out[SCORE_NAME] =
        0.08 * fmin(p->name_bits, 20) + (p->name_bits > 4 ? 1.0 * (p->name_share - 0.5) : 0);
    out[SCORE_EXTRA] = -fmin(0.05 * p->extra_bits, 1.5);
    out[SCORE_QUANTITY] = p->quantities_other ? -6.0 : p->quantities_same ? 0.5 : 0;
    out[SCORE_VARIANT] = (p->variants_extra ? -3.0 : 0) + (p->variants_lacking ? -0.7 : 0);
    out[SCORE_SPARE] = p->spare && p->type != TYPE_SAME ? -1.0 : 0;
    out[SCORE_REPLICA] = p->counterfeit && p->replica ? 1.0 : 0;
    double z = 0;
    for (int i = 0; i < SCORE_PARTS; i++) z += out[i];
    return z;
}
