/* life.h - the life of a product as events (EPCIS 2.0, CBV 2.0): what happened, who may say so, and
 * what it changes in passports.
 */
#ifndef TS_PASSPORT_LIFE_H
#define TS_PASSPORT_LIFE_H

#include "access.h"
#include "document.h"

typedef enum {
    TS_LIFE_OTHER, /* kept as it came, no meaning of ours */
    TS_LIFE_MAKE,
    TS_LIFE_SELL,
    TS_LIFE_INSPECT,
    TS_LIFE_REPAIR,
    TS_LIFE_REFURBISH,
    TS_LIFE_REMANUFACTURE, /* a new passport, responsibility moves */
    TS_LIFE_REPURPOSE,     /* the same */
    TS_LIFE_HARVEST,       /* parts taken out: they become components of another */
    TS_LIFE_RESELL,
    TS_LIFE_RECALL,  /* disposition recalled */
    TS_LIFE_LIFT,    /* no longer */
    TS_LIFE_RECYCLE, /* the passport ceases to be active */
    TS_LIFE_DESTROY, /* the same */
    TS_LIVES
} ts_life_kind;
const char *ts_life_name(ts_life_kind k); /* "other", "make", … */
bool ts_life_by_name(ts_str name, ts_life_kind *k);

/* Whether a change to a used product may make it another product in law: Regulation (EU) 2023/988
 * Article 13. Asked for where the kind can be one; what was answered is recorded. */
typedef enum {
    TS_MODIFIED_NOT_ASKED,
    TS_MODIFIED_NO,
    TS_MODIFIED_SUBSTANTIAL,
    TS_MODIFIED_OPEN
} ts_modified;
const char *ts_modified_name(ts_modified m); /* "not_asked", "not_substantial", "substantial",
                                                "cannot_be_told" */
bool ts_modified_by_name(ts_str name, ts_modified *m);
bool ts_life_asks_modified(ts_life_kind k);

/* Who may record an event of that kind: the responsible operator, one with a legitimate interest
 * (repairers, recyclers), an authority … */
ts_audiences ts_life_open_to(ts_life_kind k);

typedef struct ts_life_about {
    ts_str product; /* canonical identifier (product_id.h), or as it stood where it is none */
    ts_str given;
    ts_str role; /* "subject", "input", "output", "parent", "child" */
} ts_life_about;
typedef struct ts_life_event {
    const ts_json *node; /* the event as it was read, with the @context that it needs */
    ts_str body;         /* its canonical text (RFC 8785) */
    ts_str id;           /* eventID; empty = none was given */
    ts_str type;         /* "ObjectEvent" … */
    ts_life_kind kind;
    ts_modified modified;
    int64_t at;
    ts_str action, step, disposition; /* short names of the CBV */
    ts_str place;                     /* read point or business location */
    ts_str by, note;                  /* of our own extension; may be empty */
    bool wrong; /* it has an errorDeclaration: what it says is withdrawn. Its kind is other */
    struct {
        ts_life_about *v;
        size_t n, cap;
    } about;
} ts_life_event;
typedef struct ts_life_events {
    ts_life_event *v;
    size_t n, cap;
} ts_life_events;

/* Terms of our own stand under this IRI, as "touchstone:" (docs/formats.md, "life events"). */
#define TS_LIFE_PREFIX "urn:x-touchstone:life:"
#define TS_EPCIS_CONTEXT "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"

enum { TS_EPCIS_MAX = 16 << 20, TS_EPCIS_EVENTS = 100000 };
/* An EPCISDocument, EPCISQueryDocument or a single event in JSON-LD (EPCIS 2.0 section 10), read
 * strictly. What an event uses of the document's @context goes into its node and body, so that each
 * is an event by itself; header and other members of the document are not kept. Errors name the
 * JSON pointer. EPCs as Digital Links or as urn:epc:id:sgtin|sscc|grai|giai|…,
 * urn:epc:class:lgtin|… and urn:epc:idpat:sgtin|… are brought to product identifiers. Refused
 * besides what EPCIS refuses: integers that a double cannot hold; a kind of our own that
 * contradicts a disposition recalled. `text` must live as long as the events. */
bool ts_epcis_read(ts_arena *a, ts_str text, ts_life_events *out, ts_error *e);
/* One event as its body has it, without what it stood in. */
bool ts_epcis_read_event(ts_arena *a, ts_str body, ts_life_event *out, ts_error *e);
/* Under which id it is kept: its eventID, the same with "#errorDeclaration" where it withdraws
 * itself; where it has none, its hash id (CBV 2.0 section 8.9), or a urn:uuid (RFC 9562 version 8)
 * made of the body's SHA-256 where it holds what is not normalised here (sensor data, ilmd, nested
 * extensions). So the same event has the same id again. */
ts_str ts_life_event_id(ts_arena *a, const ts_life_event *v);

/* What a kind says in CBV terms and the product it is about, as one canonical EPCIS event of our
 * own with a hash id (CBV 2.0 section 8.9: "ni:///sha-256;…?ver=CBV2.0"), or a urn:uuid as above.
 * Of what it is about, `given` is written where it is a URI, else `product`. */
typedef struct ts_life_make {
    ts_life_kind kind;
    ts_modified modified;
    ts_str id; /* empty: one is made */
    int64_t at;
    ts_str zone; /* "+01:00"; empty = "+00:00" */
    struct {
        ts_life_about *v;
        size_t n, cap;
    } about;
    ts_str by, note, place; /* DID or name of who did it; free text; may be empty */
} ts_life_make;
bool ts_life_event_make(ts_arena *a, const ts_life_make *m, ts_str *event, ts_error *e);

/* What `who` may see of an event. The public: what happened when to which products; who recorded
 * it, where, for whom and with what words, and what others added, is for all who are more than the
 * public. An event seen in part keeps its eventID; `out` is empty for
 * one of which nothing is left. */
bool ts_epcis_view(ts_arena *a, ts_str body, ts_audiences who, ts_str *out, ts_error *e);

/* Events (bodies as stored) as one EPCISDocument. What they need of a @context is put together in
 * the document's where that changes none of them, else each keeps its own: read again they are the
 * same. */
bool ts_epcis_write(ts_arena *a, const ts_str *events, size_t n, int64_t created, ts_str *out,
                    ts_error *e);

#endif
