/* issue_part.h - issuing as one of several steps of a transaction. Private to host/. */
#ifndef TS_HOST_ISSUE_PART_H
#define TS_HOST_ISSUE_PART_H

#include "issue.h"

/* ts_issue within a transaction of the caller's. */
bool issue_within(ts_arena *a, const ts_issue_job *job, ts_issued *out, ts_error *e);

/* The same for a change of a passport that is here: every form and audience in which the issuer had
 * signed the version before is signed again, so that nobody is left with an older word. `out` is of
 * job->form and job->who; where they had been signed for nobody, of these alone. */
bool issue_change(ts_arena *a, const ts_issue_job *job, ts_issued *out, ts_error *e);

#endif
