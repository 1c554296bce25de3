/* epcis_part.h - what the readers and writers of life events share. Private to passport/. */
#ifndef TS_PASSPORT_EPCIS_PART_H
#define TS_PASSPORT_EPCIS_PART_H

#include "life.h"
#include "tape.h"
#include "trust/trust.h"

enum {
    EPCIS_DEPTH = 48,
    EPCIS_CONTEXTS = 32,          /* parts of one */
    EPCIS_TERMS = 1000,           /* in all of them */
    EPCIS_CONTEXT_MAX = 64 << 10, /* bytes of all their names and values */
    EPCIS_EVENT_MAX = 1 << 20,    /* bytes of one event's body */
    EPCIS_BODIES_MAX = 64 << 20   /* of all in one document: each carries its context */
};

/* A CBV name out of its short form, its web vocabulary address, its "cbv:" form or its URN
 * ("urn:epcglobal:cbv:bizstep:repairing"); `family` is "BizStep-" or "Disp-". Others as they stand.
 */
ts_str epcis_short(ts_str given, const char *family);
/* An EPC, EPC class or pattern as the canonical identifier of a product, batch or item; as it stood
 * where it is none of those. */
ts_str epcis_product(ts_arena *a, ts_str given);

/* What an event says of itself, before its kind is told. */
typedef struct epcis_signs {
    ts_str type, action, step, disposition, declared; /* declared: kind of our own; may be empty */
    bool set_recalled, unset_recalled;                /* persistent disposition */
    bool wrong;
} epcis_signs;
bool life_kind_of(const epcis_signs *s, ts_life_kind *out, ts_error *e);

/* How a kind is said in EPCIS. */
typedef struct life_saying {
    const char *type, *action, *step, *disposition, *set, *unset; /* NULL = left out */
} life_saying;
const life_saying *life_saying_of(ts_life_kind k);

/* A location (SGLN) or party (PGLN) as GS1 Digital Link, else what epcis_product gives. */
ts_str epcis_place(ts_arena *a, ts_str given);
/* The hash id of an event (CBV 2.0 section 8.9), its eventID left out of account. False where it
 * holds something whose normal form is not made here: sensor data, ilmd, certificates, extensions
 * that are more than plain text, links in extensions. */
bool epcis_hash_id(ts_arena *a, const ts_life_event *v, ts_str *id);

/* The parts of a JSON-LD @context in their order: addresses, and objects whose terms are merged
 * where they stand beside each other. The standard one is left out. */
typedef struct epcis_term {
    ts_str name;
    const ts_json *value;
    bool used;
} epcis_term;
typedef struct epcis_terms {
    epcis_term *v;
    size_t n, cap;
    ts_map at; /* index by name */
} epcis_terms;
typedef struct epcis_context {
    struct {
        const ts_json *address; /* NULL: terms */
        epcis_terms terms;
    } part[EPCIS_CONTEXTS];
    size_t n, terms_n, bytes;
    bool standard; /* the standard one was there */
} epcis_context;
/* Appends what `node` (string, object or array; NULL = nothing) holds. */
bool epcis_context_add(ts_arena *a, epcis_context *c, const ts_json *node, ts_error *e);
/* Whether a name without a colon may mean something: it is a term, or whether it is one stands in
 * an address that is not fetched. */
bool epcis_context_knows(const epcis_context *c, ts_str name);
/* Of a context what an event uses, as the value of its @context: the standard one first. */
const ts_json *epcis_context_used(ts_arena *a, epcis_context *c, const ts_json *event);
/* A compact IRI ("touchstone:kind") written out by the prefixes of a context that the function
 * above made; what is none as it stands. */
ts_str epcis_expand(ts_arena *a, const ts_json *context, ts_str s);
/* Names that the standard gives: nobody else may define them. */
bool epcis_is_member(ts_str name);

#endif
