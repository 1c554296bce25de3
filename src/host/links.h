/* links.h - what leads on from a product whose passport is kept here: the links that a resolver
 * gives, from the item up to its batch and model (GS1-Conformant Resolver Standard 1.2).
 */
#ifndef TS_HOST_LINKS_H
#define TS_HOST_LINKS_H

#include "passport/passport.h"
#include "render/render.h"
#include "store/store.h"

/* The passports that a product's code leads to. */
typedef struct ts_link_levels {
    ts_passport_rows rows; /* the closest first: item, batch, model; without documents. Empty: there
                              is none */
    size_t same;           /* how many at the front are of the same product, the best first */
    bool exact;            /* the closest is of the very thing that was asked for, not of the batch
                              or model above it */
} ts_link_levels;

/* Looks for a passport of the product, then of what it is one of: without one qualifier after the
 * other. `all`: goes on to batch and model, by the identifier and by what the passports link; else
 * the closest alone, which is one look-up for an item with a passport. An item
 * is found by its trade item number and serial number, too, where its passport's identifier names
 * the lot as well. */
bool ts_links_find(ts_arena *a, ts_store *s, const ts_product_id *id, bool all, ts_link_levels *out,
                   ts_error *e);

/* The page of a passport: its id where that is an address below `base`, else BASE/passport?id=… .
 * `format` is what is wanted of it ("signed", see ts_export_kind_name) or NULL, `language` too. */
ts_str ts_passport_address(ts_arena *a, ts_str base, ts_str passport, const char *format,
                           const char *language);

/* The page for a product that was asked for: of its passport, or of the closest, and then it says
 * that there is none of its own. */
ts_str ts_product_address(ts_arena *a, ts_str base, ts_str product);

/* Where a product's code leads on this resolver: `base` in place of https://id.gs1.org. */
ts_str ts_link_anchor(ts_arena *a, ts_str base, ts_str product);

typedef struct ts_links_job {
    ts_store *store;
    ts_str base;           /* public address of the server, no '/' at its end */
    ts_str asked;          /* identifier of the product that was asked for; may be empty */
    const ts_catalogue *c; /* titles */
} ts_links_job;
/* A link set with one context for each level. Every context has exactly one gs1:defaultLink, the
 * page; gs1:dpp and gs1:defaultLinkMulti with the page in each language, EN 18223 JSON and, where
 * there is one, the signed form; gs1:recallStatus, gs1:safetyInfo, gs1:certificationInfo,
 * gs1:traceability. Where what was asked for has no passport of its own, a context of its own comes
 * first, whose default link is the page that says so. */
bool ts_links_of(ts_arena *a, const ts_links_job *job, const ts_link_levels *l, ts_link_set *out,
                 ts_error *e);

#endif
