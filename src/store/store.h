/* store.h - the rows touchstone keeps: notices with their history, screening runs, leads, how the
 * sources are, and passports with their
 * versions, signatures, log, life events and statements.
 *
 * The room's one public header. SQLite 3 in WAL mode with synchronous=FULL: what was committed
 * survives a crash and a power failure. One writer connection with group commit; any number of
 * read-only ones. No SQL outside this room.
 *
 * Every write is idempotent by key, so that the same command after a crash gives the same store.
 */
#ifndef TS_STORE_STORE_H
#define TS_STORE_STORE_H

#include "product/product.h"

#include "events.h"
#include "leads.h"
#include "log.h"
#include "notices.h"
#include "passports.h"
#include "places.h"
#include "runs.h"
#include "sightings.h"
#include "statements.h"
#include "tokens.h"

#endif
