/* pipeline.h - the use cases of floors below: notices in, offers screened, leads out.
 *
 * The room's one public header. Every use case is one function that the command line, a server or a
 * test calls alike.
 */
#ifndef TS_PIPELINE_PIPELINE_H
#define TS_PIPELINE_PIPELINE_H

#include "bench.h"
#include "feeds.h"
#include "import.h"
#include "lead_out.h"
#include "notice_index.h"
#include "screen.h"
#include "sink.h"
#include "sync.h"

#endif
