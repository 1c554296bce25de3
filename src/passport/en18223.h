/* en18223.h - a passport in the JSON of EN 18223, as public sources give it (the standard's own
 * text was not read): header and data elements, compressed or full. */
#ifndef TS_PASSPORT_EN18223_H
#define TS_PASSPORT_EN18223_H

#include "credential.h"
#include "document.h"

typedef enum { TS_EN_COMPRESSED, TS_EN_FULL } ts_en_form;

enum { TS_EN_MAX = 8 << 20 }; /* bytes, in and out */

/* What `who` may see, as canonical JSON. `updated`: UTC seconds of the version. Elements stand at
 * the top (compressed) or in "elements" (full), as SingleValuedDataElement,
 * MultiValuedDataElement, MultiLanguageDataElement, DataElementCollection or RelatedResource. What
 * neither header nor elements hold (product, names of the parties, links, packs, classes, safety,
 * predecessors, components, bill of materials) stands in a collection "touchstone" beside them; a
 * pack is named in contentSpecificationIds as urn:x-touchstone:pack:ID:VERSION. TS_E_LIMIT above
 * TS_EN_MAX bytes; TS_E_USAGE when `updated` lies outside the years 1970 to 9999. */
bool ts_en18223_write(ts_arena *a, const ts_document *d, const ts_packs *packs, ts_audiences who,
                      ts_en_form form, int64_t updated, ts_str *out, ts_error *e);

/* The unsigned credential whose subject is the compressed form, as a tree; `updated` is the time
 * from which it is valid. NULL where it is refused. */
const ts_json *ts_en18223_build(ts_arena *a, const ts_document *d, const ts_packs *packs,
                                ts_audiences who, const ts_credential_terms *o, ts_error *e);
/* Back: a document (touchstone-passport-1 text, read by ts_document_read without fault) from either
 * form. Of what others write, names that begin with "@" and contentSpecificationIds that are not of
 * this program are left out, as a document has no place for them, and a product without a name is
 * called by its identifier. */
bool ts_en18223_read(ts_arena *a, ts_str text, ts_str *document, ts_error *e);

/* One data element in the full form, as a member of "elements" has it. `value` is what the
 * compressed form has; `path` the element's id among the passport's elements ("light.power"),
 * which says what packs know of it, or empty. */
bool ts_en18223_element_write(ts_arena *a, const ts_packs *packs, ts_str id, ts_str path,
                              const ts_json *value, ts_str *out, ts_error *e);
/* Back: what the compressed form has for a data element in the full form; null where it has no
 * value. The id may be missing. */
const ts_json *ts_en18223_element_read(ts_arena *a, const ts_json *element, ts_error *e);
/* A part of a passport in the full form as the same part in the compressed one: what stands in
 * "elements" comes to the top, the rest stays as it is. NULL where it is refused. */
const ts_json *ts_en18223_fold(ts_arena *a, const ts_json *part, ts_error *e);

#endif
