/* base.h - the ground floor: memory, text, errors, JSON, files, threads, time.
 *
 * The room's one public header; other rooms include this and nothing else of base/.
 */
#ifndef TS_BASE_BASE_H
#define TS_BASE_BASE_H

#include "answer.h"
#include "arena.h"
#include "buf.h"
#include "error.h"
#include "file.h"
#include "hash.h"
#include "json.h"
#include "log.h"
#include "map.h"
#include "random.h"
#include "sandbox.h"
#include "schema.h"
#include "stamp.h"
#include "str.h"
#include "thread.h"
#include "time.h"
#include "uri.h"

#endif
