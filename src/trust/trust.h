/* trust.h - what makes bytes believable: digests, keys, canonical JSON, signatures and the
 * identifiers that name keys.
 *
 * The room's one public header. Nothing here fetches, stores or decides whom to trust.
 */
#ifndef TS_TRUST_TRUST_H
#define TS_TRUST_TRUST_H

#include "canonical.h"
#include "chain.h"
#include "did.h"
#include "digest.h"
#include "encoding.h"
#include "integrity.h"
#include "jws.h"
#include "key.h"

#endif
