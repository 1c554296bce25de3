/* version.h - versions in order: Semantic Versioning 2.0.0 section 11, read tolerantly. Private to
 * passport/. */
#ifndef TS_PASSPORT_VERSION_H
#define TS_PASSPORT_VERSION_H

#include "base/base.h"

/* -1, 0, 1 in *order. "v1.2" is 1.2.0; more than three numbers are compared as far as they go;
 * build data behind '+' does not count. False when either is no such version: the order cannot be
 * told. */
bool version_compare(ts_str x, ts_str y, int *order);

#endif
