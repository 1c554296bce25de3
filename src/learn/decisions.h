/* decisions.h - what officers decided about leads: reading it. Private to learn/.
 *
 * A file of decisions has one lead per line, as `screen --format jsonl` writes it (docs/formats.md,
 * "lead"), with one member more: "decision": "confirmed" or "rejected". A lead without a decision,
 * or with another one ("deferred"), is passed over. Of several decisions on the same offer and
 * notice the last one counts.
 */
#ifndef TS_LEARN_DECISIONS_H
#define TS_LEARN_DECISIONS_H

#include "match/match.h"

enum { DECISION_LINE_MAX = 4 << 20 /* bytes */, DECISION_PROBLEMS = 20 };

typedef struct decision {
    ts_offer offer;
    ts_notice notice; /* as far as the lead tells of it */
    bool confirmed;
} decision;

typedef struct decisions {
    struct {
        decision *v;
        size_t n, cap;
    } list;
    size_t passed_over, changed; /* leads without a decision that counts; decided again later */
    size_t bad;                  /* lines left out; the first DECISION_PROBLEMS of them: */
    struct {
        ts_error *v;
        size_t n, cap;
    } problems;
    ts_map known; /* source, offer and notice -> place in the list */
} decisions;

/* Reads a file ("-" is standard input; gzip and zstd seen through; blank lines are passed over).
 * Adds to *out, which begins zeroed. A line that is no decided lead is left out, counted and named
 * with file and line. False when the file cannot be read: TS_E_IO, TS_E_LIMIT. Strings live in
 * `a`. */
bool decisions_read(ts_arena *a, const char *path, decisions *out, ts_error *e);

/* Adds the decision of one line (without its end), which must live as long as *out. TS_E_INPUT,
 * TS_E_LIMIT: it is not one, and *out is as before. */
bool decisions_add_line(ts_arena *a, ts_str line, decisions *out, ts_error *e);

#endif
