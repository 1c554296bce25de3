/* touchstone.h - all of libtouchstone: notices and offers in, leads out.
 *
 *   cc shop.c $(pkg-config --cflags --libs touchstone)
 *
 * The rooms can be included one by one, too: "match/match.h", "gazette/gazette.h". There is no promise about the ABI
 * before version 1.0.
 */
#ifndef TOUCHSTONE_H
#define TOUCHSTONE_H

#include "net/net.h"
#include "pipeline/pipeline.h"

#endif
