/* passport.h - the digital product passport: what it says, who may see what, who says it, and what
 * of that could be checked.
 *
 * The room's one public header. Bytes in, verdict out: nothing here fetches or stores; what has to
 * be fetched is asked of a ts_source_of that the caller brings.
 */
#ifndef TS_PASSPORT_PASSPORT_H
#define TS_PASSPORT_PASSPORT_H

#include "product/product.h"
#include "trust/trust.h"

#include "access.h"
#include "affected.h"
#include "completeness.h"
#include "credential.h"
#include "digital.h"
#include "document.h"
#include "en18223.h"
#include "foreign.h"
#include "json_path.h"
#include "life.h"
#include "merge_patch.h"
#include "offered.h"
#include "pack.h"
#include "status_list.h"
#include "untp.h"
#include "verify.h"

#endif
