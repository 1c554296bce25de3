/* image.h - pictures from outside: reading the codes on them. Decoding happens in a child that can
 * reach neither files nor the network.
 *
 * The room's one public header.
 */
#ifndef TS_IMAGE_IMAGE_H
#define TS_IMAGE_IMAGE_H

#include "base/base.h"

#include "codes.h"

#endif
