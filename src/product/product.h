/* product.h - the nouns: what authorities publish, what shops offer, and how things are told apart.
 *
 * The room's one public header.
 */
#ifndef TS_PRODUCT_PRODUCT_H
#define TS_PRODUCT_PRODUCT_H

#include "digital_link.h"
#include "gs1.h"
#include "identifier.h"
#include "link_set.h"
#include "notice.h"
#include "offer.h"
#include "product_id.h"
#include "scope.h"

#endif
