/* completeness.h - does a passport carry what its packs ask for? Per element: present, absent, or
 * undetermined (its condition is for a person to judge, or its value cannot be read). Never
 * "compliant". */
#ifndef TS_PASSPORT_COMPLETENESS_H
#define TS_PASSPORT_COMPLETENESS_H

#include "document.h"

typedef struct ts_element_answer {
    const ts_pack *pack;
    const ts_pack_element *element;
    ts_answer present; /* yes = present, no = absent, open = undetermined */
    bool asked;        /* required, or required under a condition, for this category, level, day */
    /* Key of the message catalogue. Present: passport.present, passport.present_above (in a
     * passport of `above`). Absent: passport.absent. Undetermined: passport.unreadable (with
     * `detail`), passport.conditional (with the element's condition), passport.elsewhere (the model
     * or batch is linked, but not among `above`), passport.category_open (the document names no
     * category). Absent and not asked for: passport.optional, passport.not_this_category,
     * passport.not_this_level, passport.not_yet, passport.no_longer (with from, to). */
    ts_str reason;
    ts_str detail; /* what is wrong with the value, e.g. "unit is Wh, kWh is asked for"; may be
                      empty */
} ts_element_answer;
typedef struct ts_element_answers {
    ts_element_answer *v;
    size_t n, cap;
    size_t present, absent, open; /* among those asked for */
} ts_element_answers;

/* Every element of every pack once, in their order. `day`: days since 1970-01-01, for what is in
 * force. An item may lean on its model's and batch's passports: `above`, `above_n` of them (may be
 * NULL and 0); an element that is asked for at the level of one of them may stand there. An element
 * that is null, or an empty text, list or object, is absent. */
void ts_completeness(ts_arena *a, const ts_document *d, const ts_packs *packs,
                     const ts_document *const *above, size_t above_n, int32_t day,
                     ts_element_answers *out);

#endif
