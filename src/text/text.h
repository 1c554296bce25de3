/* text.h - from what people write to what can be compared: folding, tokens, quantities, model keys,
 * the lexicon, mentions of codes and dates, language.
 *
 * The room's one public header.
 */
#ifndef TS_TEXT_TEXT_H
#define TS_TEXT_TEXT_H

#include "date.h"
#include "language.h"
#include "lexicon.h"
#include "mention.h"
#include "model.h"
#include "quantity.h"
#include "token.h"
#include "view.h"

#endif
