/* match.h - is this offer one of the products that authorities have published notices about?
 *
 * The room's one public header. Way of an offer: its view (text/) → terms → candidates (retrieve) →
 * comparison with each (pair) → log-odds (score) → rung and grade → evidence in words.
 */
#ifndef TS_MATCH_MATCH_H
#define TS_MATCH_MATCH_H

#include "derive.h"
#include "index.h"
#include "lead.h"
#include "model.h"
#include "net.h"
#include "net_shape.h"
#include "records.h"
#include "trees.h"

#endif
