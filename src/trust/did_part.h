/* did_part.h - what the two files about DIDs share. */
#ifndef TS_TRUST_DID_PART_H
#define TS_TRUST_DID_PART_H

#include "did.h"

/* A DID URL that is a DID and nothing more. */
bool did_parse_bare(ts_str text, ts_did_url *out, ts_error *e);

#endif
