/* learn.h - from labelled pairs to a judge of pairs, and what it is worth.
 *
 * The room's one public header. It is a static library of its own, linked into the program alone:
 * XGBoost and all training stay out of libtouchstone.
 */
#ifndef TS_LEARN_LEARN_H
#define TS_LEARN_LEARN_H

#include "evaluate.h"
#include "explained.h"
#include "relearn.h"
#include "train.h"

#endif
