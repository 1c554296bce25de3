/* stages.h - finished parts of a training, kept in a file so that an interrupted one goes on where
 * it stopped. Private to learn/.
 *
 * The file belongs to one training: another set of pairs, other options or another version of the
 * program begin anew. It goes away when training is done. Every record has a checksum; what was cut
 * off is dropped.
 */
#ifndef TS_LEARN_STAGES_H
#define TS_LEARN_STAGES_H

#include "train.h"

typedef struct stages {
    int fd; /* 0 = none */
    const char *path;
    ts_arena *a;
    struct {
        struct stage {
            uint64_t key;
            ts_str bytes;
        } * v;
        size_t n, cap;
    } kept;
} stages;

void stages_open(stages *s, ts_arena *a, const char *path, const dataset *d,
                 const train_options *o);
/* What was kept of that stage; empty when nothing was. */
ts_str stages_get(const stages *s, const char *what, unsigned part);
void stages_put(stages *s, const char *what, unsigned part, ts_str bytes);
/* Closes; removes the file when training is done. */
void stages_close(stages *s, bool done);

#endif
