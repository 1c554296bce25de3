/* shown.h - text from outside inside a message for a person. */
#ifndef TS_TRUST_SHOWN_H
#define TS_TRUST_SHOWN_H

#include "base/base.h"

typedef struct shown {
    char text[84];
} shown;

/* The first 80 bytes; what is not printable ASCII is '?', what is left out "...". */
static inline shown shown_of(ts_str s) {
    shown out = {""};
    size_t n = s.n < 80 ? s.n : 80;
    for (size_t i = 0; i < n; i++) out.text[i] = s.p[i] >= ' ' && s.p[i] <= '~' ? s.p[i] : '?';
    if (n < s.n) memcpy(out.text + n, "...", 3);
    return out;
}
/* For "%s" in a call: the text lives to the end of the expression. */
#define SHOWN(s) (shown_of(s).text)

#endif
