/* keys.h - an issuer's DID document: which keys speak for it, since when and until when.
 *
 * Rotation adds a key and ends the others (`expires`); what they signed before stays verifiable. A
 * key that fell into other hands is revoked (`revoked`): W3C Controlled Identifiers 1.0
 * section 2.2.
 */
#ifndef TS_HOST_KEYS_H
#define TS_HOST_KEYS_H

#include "trust/trust.h"

typedef enum {
    TS_KEY_ADD,    /* beside the others */
    TS_KEY_ROTATE, /* the others expire now */
    TS_KEY_REVOKE, /* this one is revoked now */
} ts_key_change;

/* Changes the document in the file `path`, which is made when it is not there (ADD and ROTATE),
 * whole or not at all. `did` is the document's id; it may be empty where the file exists. `method`
 * gets the verification method's id. */
bool ts_did_file_change(ts_arena *a, const char *path, ts_str did, const ts_public_key *key,
                        ts_key_change change, int64_t now, ts_str *method, ts_error *e);

#endif
