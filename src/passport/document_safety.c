/* What of a passport's safety entries still stands. */
#include "document.h"

/* Recalled above withdrawn above warning. */
static int gravity(ts_safety_status s) {
    static const int of[] = {[TS_SAFETY_NONE_KNOWN] = 0,
                             [TS_SAFETY_LIFTED] = 1,
                             [TS_SAFETY_WARNING] = 2,
                             [TS_SAFETY_WITHDRAWN] = 3,
                             [TS_SAFETY_RECALLED] = 4};
    return of[s];
}

bool ts_safety_graver(ts_safety_status x, ts_safety_status y) { return gravity(x) > gravity(y); }

/* Whether what `late` says ends what `early` says: it speaks of the same notice, or lifts all. */
static bool ends(const ts_safety_entry *late, const ts_safety_entry *early) {
    return ts_str_eq(late->notice, early->notice) ||
           (late->status == TS_SAFETY_LIFTED && !late->notice.n);
}

const ts_safety_entry *ts_document_safety_end(const ts_document *d, size_t i) {
    for (size_t k = i + 1; k < d->safety.n; k++)
        if (ends(&d->safety.v[k], &d->safety.v[i])) return &d->safety.v[k];
    return 0;
}

const ts_safety_entry *ts_document_safety(const ts_document *d) {
    static const ts_safety_entry none;
    const ts_safety_entry *out = &none;
    for (size_t i = 0; i < d->safety.n; i++) {
        const ts_safety_entry *x = &d->safety.v[i];
        if (!ts_safety_graver(out->status, x->status) && !ts_document_safety_end(d, i)) out = x;
    }
    return out;
}
