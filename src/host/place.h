/* place.h - by which marks of a passport's document a notice finds it. */
#ifndef TS_HOST_PLACE_H
#define TS_HOST_PLACE_H

#include "passport/passport.h"
#include "store/store.h"

/* What the document states that everybody may know: from the product's identifier (GS1 AIs 01, 10,
 * 11, 21), UNTP's members of the product (batchNumber, itemNumber, modelNumber, productionDate,
 * relatedParty) and the packs' elements (identification.*, manufacturer.name, manufacturingDate),
 * the first that states it. An element that the document closes to the public is left out: what a
 * notice finds is told to others. Edges are its components and predecessors; an id that is a
 * product's identifier stands in its canonical form. Strings live in `a` or the document. */
void ts_place_of(ts_arena *a, const ts_document *d, ts_place *out, ts_place_edges *edges);

/* What the identifier of a product alone says of it: trade item number, lot, serial, and the day of
 * production where AI 11 gives one. */
void ts_place_of_id(ts_arena *a, const ts_product_id *id, ts_place *out);

/* A lot or serial as scopes are written: upper case (ASCII), no blanks. */
ts_str ts_place_code(ts_arena *a, ts_str code);

#endif
