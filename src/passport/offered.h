/* offered.h - the passport that an offer shows: where an offer names one, and whether what the
 * passport says and what the offer says are one thing. Pure.
 *
 * A genuine passport says that the passport is genuine. Whether the goods offered are its goods
 * stays not checked, because codes can be copied: it is no praise of an offer, and what is found
 * here never speaks for one.
 */
#ifndef TS_PASSPORT_OFFERED_H
#define TS_PASSPORT_OFFERED_H

#include "affected.h"
#include "document.h"
#include "verify.h"

/* A place in an offer that names a passport, or a product by identity. */
typedef struct ts_offered_mark {
    ts_str given;      /* as it stands there */
    const char *where; /* "passport", "identifiers", "attributes", "title", "description" */
    bool stated;       /* the offer calls it a passport or Digital Link, or it is a valid one; else
                          an address of which nothing is known */
    bool address;      /* http or https */
    ts_str product;    /* canonical identifier (product_id.h); empty = it is none */
    ts_str above[2];   /* canonical identifiers of the batch and the model it belongs to */
    ts_grain grain;
    ts_str gtin;        /* 14 digits */
    ts_str lot, serial; /* upper case, no blanks, as scopes are written */
    bool one_thing;     /* names one single article */
} ts_offered_mark;
typedef struct ts_offered_marks {
    ts_offered_mark *v;
    size_t n, cap;
} ts_offered_marks;

enum { TS_OFFERED_MARKS = 8 }; /* of one offer */
/* Adds what the offer shows: its field for a passport, whatever it says; elsewhere valid Digital
 * Links and AIs in brackets that name trade items or assets, and addresses (not stated). Each
 * product once, at most TS_OFFERED_MARKS, those that are stated first. Texts are looked at to their
 * first 20,000 bytes. Strings live in `a` and the offer. */
void ts_offered_marks_read(ts_arena *a, const ts_offer *o, ts_offered_marks *out);

/* What is wrong with the passport an offer shows. */
typedef enum {
    TS_OFFERED_FORGED,   /* its signature failed, or the key is not its issuer's */
    TS_OFFERED_FOREIGN,  /* of another product than the link names, or issued by another than the
                            operator it names */
    TS_OFFERED_REVOKED,  /* status list, out of date, or no longer active */
    TS_OFFERED_MISMATCH, /* what it says contradicts the offer: GTIN, brand, model, item or batch */
    TS_OFFERED_RECALLED, /* it, or what it belongs to, was recalled, withdrawn or warned of */
    TS_OFFERED_TWICE,    /* one item's serial in two offers */
    TS_OFFERED_KINDS
} ts_offered_kind;
const char *ts_offered_name(ts_offered_kind k); /* "passport_forged", … */

typedef struct ts_offered_finding {
    ts_offered_kind kind;
    const char *what;       /* a reason: "passport_X" is said as "offered.X" */
    ts_str offer, passport; /* the words on either side; may be empty */
} ts_offered_finding;
typedef struct ts_offered_findings {
    ts_offered_finding *v;
    size_t n, cap;
} ts_offered_findings;

/* Where the offer contradicts the passport: MISMATCH findings. Compared is what both state: trusted
 * trade item numbers (packaging levels of one item count as one; an offer with several agrees when
 * one does), brands and model numbers as they are folded (none contradicts another that it holds,
 * or that the offer's title names), lots and serials (`stated`: read from the offer's text). */
void ts_offered_compare(ts_arena *a, const ts_offer *o, const ts_scope *stated,
                        const ts_known *passport, ts_offered_findings *out);

/* A notice that hits the product. */
typedef struct ts_offered_hit {
    uint32_t notice; /* number in the index */
    ts_affected found;
    bool named;             /* a safety status of the passport names this notice */
    ts_str through;         /* passport by which it is hit; empty = by itself */
    const char *through_as; /* "batch", "model", "component", "predecessor"; NULL */
} ts_offered_hit;

typedef enum {
    TS_OFFERED_NOT_CHECKED, /* no passport was had: `why` */
    TS_OFFERED_HERE,        /* kept in a store at hand */
    TS_OFFERED_FETCHED,
} ts_offered_source;
const char *ts_offered_source_name(ts_offered_source s); /* "not_checked", "here", "fetched" */

/* What was found behind one mark. */
typedef struct ts_offered {
    ts_offered_mark mark;
    ts_offered_source source;
    ts_str why;         /* not checked: why not */
    ts_str id, product; /* of the passport */
    ts_grain grain;
    ts_str name, operator_id, operator_name, issuer;
    ts_verdict step[TS_STEPS];
    ts_str status, safety; /* "active" …, "recalled" …; empty: not known */
    ts_offered_findings findings;
    struct {
        ts_offered_hit *v;
        size_t n, cap;
    } hits; /* surest first */
} ts_offered;
typedef struct ts_offereds {
    ts_offered *v;
    size_t n, cap;
} ts_offereds;
/* Whether anything of it could not be looked at: no passport, or signature, issuer or status open.
 */
bool ts_offered_open(const ts_offered *o);

#endif
