/* language.h - which language a short text is in, as far as matching cares. */
#ifndef TS_TEXT_LANGUAGE_H
#define TS_TEXT_LANGUAGE_H

#include "view.h"

/* "zh", "de", "en" or "" (none of them, or too little to say), from the script and the lexicon's
 * words in the title. Good enough for statistics and for wording a report; not a check of a legal
 * duty. */
ts_str ts_language_of(const ts_view *v);

#endif
