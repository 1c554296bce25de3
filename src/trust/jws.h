/* jws.h - JSON Web Signatures in compact form (RFC 7515 section 3.1), for vc+jwt and vp+jwt (W3C
 * VC-JOSE-COSE section 3.1).
 *
 * EdDSA, ES256 and ES384 and nothing else. The algorithm in the header is only compared with the
 * kind of the key that was found by other means; it never chooses.
 */
#ifndef TS_TRUST_JWS_H
#define TS_TRUST_JWS_H

#include "key.h"

typedef struct ts_jws {
    const ts_json *header; /* the protected header, read strictly */
    ts_str alg, kid, typ, cty;
    ts_str iss;           /* header parameter, VC-JOSE-COSE section 3.3.2; may be empty */
    ts_str signing_input; /* header '.' payload, as received */
    ts_str payload;       /* decoded */
    ts_str signature;     /* decoded */
} ts_jws;

/* Takes a token apart; nothing is verified. Refused by name: the JSON forms, not three parts, an
 * empty part (detached payloads are not taken), parts that are not base64url, white space anywhere,
 * a header that is no strict JSON object, alg that is missing, "none" or made with a shared secret
 * (TS_E_INPUT) or another one than the three (TS_E_VERSION: cannot be told), crit (RFC 7515 section
 * 4.1.11) in any form, as no extension is understood here, "b64": false (RFC 7797), header
 * parameters of the wrong type. Keys brought along (jwk, jku, x5u, x5c) are not refused but never
 * used. At most `max` bytes and a header of 64 KiB: else TS_E_LIMIT. */
bool ts_jws_parse(ts_arena *a, ts_str compact, size_t max, ts_jws *out, ts_error *e);
/* Whether the header's typ is this media type, "vc+jwt" for "application/vc+jwt": the prefix may be
 * left out and case does not count (RFC 7515 section 4.1.9). */
bool ts_jws_typ_is(const ts_jws *j, const char *type);
/* Whether the signature fits the key, and the header's alg the kind of key. */
bool ts_jws_verify(const ts_jws *j, const ts_key *k, ts_error *e);

typedef struct ts_jws_header {
    ts_str typ; /* "vc+jwt" */
    ts_str cty; /* may be empty: "vc" */
    ts_str kid; /* may be empty: the verification method */
} ts_jws_header;
/* The compact token; alg is that of the key. TS_E_USAGE for an empty payload or header text that is
 * not UTF-8. */
bool ts_jws_sign(ts_arena *a, const ts_jws_header *h, ts_str payload, const ts_key *k, ts_str *out,
                 ts_error *e);

#endif
