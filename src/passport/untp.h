/* untp.h - the credential types of the UN Transparency Protocol 0.7: passport (DPP), conformity
 * credential (DCC), traceability event (DTE), facility record (DFR), identity anchor (DIA). */
#ifndef TS_PASSPORT_UNTP_H
#define TS_PASSPORT_UNTP_H

#include "credential.h"
#include "document.h"

#define TS_UNTP_CONTEXT "https://vocabulary.uncefact.org/untp/0.7.0/context/"

typedef enum {
    TS_UNTP_NONE,
    TS_UNTP_DPP,
    TS_UNTP_DCC,
    TS_UNTP_DTE,
    TS_UNTP_DFR,
    TS_UNTP_DIA
} ts_untp_type;
ts_untp_type ts_untp_type_of(const ts_credential *c); /* by its types; the first in this order */
const char *ts_untp_type_name(ts_untp_type t);        /* "DigitalProductPassport"; "" for none */
const char *ts_untp_schema_file(
    ts_untp_type t); /* "DigitalProductPassport.json", as UNTP names its schema files */

/* The unsigned DigitalProductPassport credential of what `who` may see, as canonical JSON. The
 * subject is the document's product with its members as they are, and
 *
 *   id                 the product identifier: an address as it was given, because it leads to the
 *                      maker's resolver, else the canonical form; idGranularity with it
 *   idScheme           where the product has none: GS1's for a Digital Link, else the issuer's own
 *   itemNumber, batchNumber   AI 21 and AI 10 of a Digital Link, where the product has none
 *   producedAtFacility the document's facility, where the product has none
 *   characteristics    the product's own; the elements; "safetyStatus": the safety entry as it
 *                      stands, where there is one; "touchstone": what UNTP has no place for
 *                      (status, packs, classes, links, safety, predecessors, components, sbom,
 *                      operator, facility, the passport's id), which characteristics are the
 *                      product's own, and which members were added
 *
 * An issuer that the terms leave empty is the document's operator.
 * Refused, with what is missing, where the document lacks what UNTP's Product wants (name,
 * category, facility, country of production), and what would stand twice. statusListIndex is a
 * number, as UNTP's schema wants it. */
bool ts_untp_write(ts_arena *a, const ts_document *d, const ts_packs *packs, ts_audiences who,
                   const ts_credential_terms *o, ts_str *out, ts_error *e);
/* The same as a tree, whose strings are those of the document; NULL where it is refused. */
const ts_json *ts_untp_build(ts_arena *a, const ts_document *d, const ts_packs *packs,
                             ts_audiences who, const ts_credential_terms *o, ts_error *e);
/* Back: a document (touchstone-passport-1 text) from the subject of a DPP credential; without
 * "touchstone" its id is the credential's, its status active, and it names no packs. The document
 * was read: what is no valid one is refused. */
bool ts_untp_read(ts_arena *a, const ts_credential *c, ts_str *document, ts_error *e);

#endif
