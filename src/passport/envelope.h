/* envelope.h - what stands around the subject of a credential that is issued: VCDM 2.0 sections 4.3
 * to 4.10. Private to passport/.
 */
#ifndef TS_PASSPORT_ENVELOPE_H
#define TS_PASSPORT_ENVELOPE_H

#include "credential.h"
#include "tape.h"

typedef struct envelope {
    const char *context; /* behind the base context; NULL = none */
    const char *type;    /* before VerifiableCredential; NULL = none */
    const char *issuer_type;
    ts_str name;       /* empty = none */
    bool number_index; /* statusListIndex is a number, as UNTP has it; else a string, as W3C has it
                        */
} envelope;

/* Opens the credential's object and writes all but its subject; the caller closes it. */
bool envelope_open(tape *t, const envelope *v, const ts_credential_terms *o, ts_error *e);

void tape_strings(tape *t, const char *name, const char *const *v, size_t n);
void tape_type(tape *t, const char *type); /* "type": [TYPE] */

#endif
