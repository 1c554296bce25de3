/* document.h - the passport's content: one version of it, as the maker writes it.
 *
 * A JSON object, "format": "touchstone-passport-1" (docs/formats.md). Versions are append-only: a
 * change makes a new version, the one before is kept.
 *
 *   {"format": "touchstone-passport-1",
 *    "id": "https://id.example.com/passports/7Q2M…",
 *    "granularity": "item",
 *    "product": {"id": "https://id.example.com/01/09521234543213/21/7Q2MX9…", "name": "…",
 *                … members of UNTP's Product …},
 *    "operator": {"id": "did:web:example.com", "name": "…"},
 *    "facility": {"id": "…", "name": "…"},
 *    "links": {"model": "PASSPORT ID", "batch": "PASSPORT ID"},
 *    "packs": [{"id": "battery", "category": "ev"}],
 *    "status": "active",
 *    "elements": {"manufacturer": {"name": "…"}, …},
 *    "classes": {"internal.note": "annex_xiii_3"},
 *    "safety": [{"status": "recalled", "by": {"id": "…", "name": "…"},
 *                "at": "2026-11-20T10:00:00Z", "notice": "safety_gate:…", "text": {…}}],
 *    "predecessors": [{"id": "PASSPORT ID", "relation": "repurposed"}],
 *    "components": [{"id": "PASSPORT or PRODUCT ID", "name": "…"}],
 *    "sbom": {"digest": "sha256 hex", "url": "…"}}
 *
 * What stands in elements is seen by whom its class is open to, the software bill of materials
 * ("sbom") by whom the class is open to that "classes" names for "sbom"; all the rest is public.
 */
#ifndef TS_PASSPORT_DOCUMENT_H
#define TS_PASSPORT_DOCUMENT_H

#include "pack.h"
#include "product/product.h"

/* dppStatus of EN 18223, as public sources give it. */
typedef enum { TS_DPP_ACTIVE, TS_DPP_INACTIVE, TS_DPP_ARCHIVED, TS_DPP_INVALID } ts_dpp_status;
const char *ts_dpp_status_name(ts_dpp_status s);

typedef enum {
    TS_SAFETY_NONE_KNOWN, /* nothing was said: no claim that it is safe; no entry says this */
    TS_SAFETY_WARNING,
    TS_SAFETY_RECALLED,
    TS_SAFETY_WITHDRAWN, /* from the market */
    TS_SAFETY_LIFTED,
} ts_safety_status;
const char *ts_safety_status_name(ts_safety_status s); /* "none_known", "warning", … */

typedef struct ts_safety_entry {
    ts_safety_status status;
    ts_str by_id, by_name;
    int64_t at;          /* UTC seconds */
    ts_str notice;       /* id of a notice, or its address; may be empty */
    const ts_json *text; /* by language; may be NULL */
    const ts_json *node; /* the entry; NULL when nothing was said */
} ts_safety_entry;

typedef struct ts_edge {
    ts_str id, name, relation;
} ts_edge;

typedef struct ts_pack_use {
    ts_str id, category;
} ts_pack_use;

typedef struct ts_document {
    const ts_json *root; /* the tree as read: what is signed is made of it */
    ts_str id;
    ts_grain grain;
    ts_product_id product;
    /* NULL where they are not there; product and operator always are. */
    const ts_json *product_node, *operator_node, *facility_node, *elements, *classes, *sbom;
    ts_str operator_id, operator_name;
    ts_str model, batch; /* passports this one belongs to; may be empty */
    struct {
        ts_pack_use *v;
        size_t n, cap;
    } packs;
    ts_dpp_status status;
    struct {
        ts_safety_entry *v;
        size_t n, cap;
    } safety; /* oldest first */
    struct {
        ts_edge *v;
        size_t n, cap;
    } predecessors, components;
    ts_map class_paths; /* the ids in classes */
} ts_document;

enum { TS_DOCUMENT_MAX = 1 << 20 }; /* bytes of a document */

/* Reads and checks form: strict JSON (at most TS_DOCUMENT_MAX bytes, 64 levels, 100,000 members
 * in one object),
 * known members, a valid product identifier whose granularity fits the one stated, item links batch
 * or model and batch links model (Impl. Reg. (EU) 2026/1778 Art. 8(4)-(5)) where the links are
 * there, no link to itself, dates. The error has the JSON pointer of the place and the cure. `text`
 * must live as long as the document. */
bool ts_document_read(ts_arena *a, ts_str text, ts_document *out, ts_error *e);

/* The value of an element by its id ("manufacturer.name"), or NULL. In the document the id is a
 * member's name, or a way through nested objects, or one that begins with a dotted name. */
const ts_json *ts_document_element(const ts_document *d, ts_str id);

/* The safety status as it stands: the gravest entry (recalled, withdrawn, warning, lifted, in this
 * order) that no later one has ended, of several the last. Never NULL: where nothing was said, an
 * entry TS_SAFETY_NONE_KNOWN with a NULL node. */
const ts_safety_entry *ts_document_safety(const ts_document *d);
/* The entry that ended entry i: the next by time that is about the same notice, or that lifts
 * without naming one. NULL: it stands. */
const ts_safety_entry *ts_document_safety_end(const ts_document *d, size_t i);
bool ts_safety_graver(ts_safety_status x, ts_safety_status y);

/* Whether `next` may follow `now`: same id, product and granularity, safety entries and
 * predecessors only added. */
bool ts_document_may_follow(const ts_document *now, const ts_document *next, ts_error *e);

typedef struct ts_packs {
    ts_pack *v;
    size_t n, cap;
} ts_packs;
/* Reads the packs that the document names, in its order, and holds it against them. Refused: a
 * category that the pack has not; an element whose class neither a pack nor the document's own
 * "classes" gives; a class that no pack has; an entry of "classes" for what a pack classes, or
 * inside or around it. */
bool ts_document_packs(ts_arena *a, const ts_document *d, ts_pack_find *find, void *ctx,
                       ts_packs *out, ts_error *e);

/* What `who` may see: the same document with the other elements left out, as canonical JSON;
 * header, status and safety are always there. `omitted` (may be NULL) gets how many elements were
 * left out, the bill of materials among them. An element without a known class is shown to the
 * operator alone; one that several packs class, to whom all of them allow it. */
bool ts_document_view(ts_arena *a, const ts_document *d, const ts_packs *packs, ts_audiences who,
                      ts_str *out, size_t *omitted, ts_error *e);
/* The same as a tree, whose strings are those of the document. */
const ts_json *ts_document_view_tree(ts_arena *a, const ts_document *d, const ts_packs *packs,
                                     ts_audiences who, size_t *omitted);

#endif
