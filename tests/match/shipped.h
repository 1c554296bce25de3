/* shipped.h - the model that comes with the program, for tests that need a judge. */
#ifndef TS_TESTS_MATCH_SHIPPED_H
#define TS_TESTS_MATCH_SHIPPED_H

#include "match/match.h"
#include "support/support.h"

/* Opened once; lives to the end of the test. */
static inline const ts_model *shipped_model(void) {
    static ts_model m;
    static bool opened;
    ts_error e = {0};
    if (opened) return &m;
    ts_arena a = test_arena();
    if (!ts_model_shipped(&a, &m, &e)) fail_msg("%s", e.msg);
    opened = true;
    return &m;
}

#endif
