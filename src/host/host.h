/* host.h - passports kept: issued and stored in one step, revoked, carried out and in, and verified
 * with what has to be fetched for it.
 *
 * The room's one public header.
 */
#ifndef TS_HOST_HOST_H
#define TS_HOST_HOST_H

#include "passport/passport.h"
#include "store/store.h"

#include "dossier.h"
#include "issue.h"
#include "keys.h"
#include "resolve.h"
#include "verifying.h"

#endif
