/* host.h - passports kept and served: issued and stored in one step, revoked, carried out and in,
 * verified with what has to be fetched for it; their lives and safety, who is hit by a notice, and
 * the log that another provider follows.
 *
 * The room's one public header.
 */
#ifndef TS_HOST_HOST_H
#define TS_HOST_HOST_H

#include "passport/passport.h"
#include "store/store.h"

#include "affected.h"
#include "change.h"
#include "dossier.h"
#include "issue.h"
#include "keys.h"
#include "life.h"
#include "links.h"
#include "log.h"
#include "offered.h"
#include "reading.h"
#include "registry.h"
#include "resolve.h"
#include "safety.h"
#include "tokens.h"
#include "verifying.h"

#endif
