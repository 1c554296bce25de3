/* life.h - events of products' lives recorded, with what they change, and told again. */
#ifndef TS_HOST_LIFE_H
#define TS_HOST_LIFE_H

#include "render/render.h"

#include "issue.h"

/* Who records. */
typedef struct ts_recorder {
    ts_audiences who;   /* rights: passport/life.h says which kinds they allow */
    ts_str name;        /* DID or token name: goes on record */
    ts_str operator_id; /* whose passports it may change; empty = none */
} ts_recorder;

typedef struct ts_life_job {
    ts_store *store;
    ts_recorder by;
    ts_signer sign; /* key NULL: passports that have to change (status) cannot be, which is an
                       error where the kind changes one */
    ts_form form;
    ts_str events;   /* EPCIS text: document or single event */
    ts_str passport; /* a second-life product's document (touchstone-passport-1), for remanufacture
                        and repurpose and what harvested parts went into; empty: what the EPCIS
                        document's member touchstone:passport holds, if there is one */
    int64_t now;
} ts_life_job;
typedef struct ts_life_done {
    size_t events, fresh, changed; /* taken; new; versions of passports that were written */
    ts_strs passports;             /* whose passports got a new version */
    ts_strs ids;                   /* of the events, as they are kept */
    ts_strs notes;                 /* what was not understood or not known here, a sentence each */
    bool forbidden;                /* it failed because of who records */
} ts_life_done;
/* All or nothing, in one transaction. Refused by name: an event that who records may not add, one
 * that lacks the answer on substantial modification where it is asked for, a second-life product
 * without predecessors or components, responsibility that did not move. */
bool ts_life_record(ts_arena *a, const ts_life_job *job, ts_life_done *out, ts_error *e);

/* A life told: events of the product and of what it was made of and became. */
typedef struct ts_life_line {
    ts_event_row row;
    ts_life_event event;
    ts_str of; /* passport whose event it is, where it is not the passport's own; empty = own */
    ts_str relation; /* how that one is related; empty = own */
} ts_life_line;
typedef struct ts_relative {
    ts_str passport, product; /* passport empty: it is not here; product as its edge names it */
    ts_str name, relation;    /* relation: "model", "batch", "predecessor", "successor",
                                 "component", "part_of" */
    ts_str through;           /* passport that names it, or that it names */
    ts_str operator_id, operator_name; /* name: the id where it has none */
    ts_str safety, status;             /* empty where it is not here */
    unsigned depth;                    /* from 1 */
} ts_relative;
enum { TS_LIFE_FAMILY = 200, TS_LIFE_LINES = 2000, TS_LIFE_DEPTH = 16 };
typedef struct ts_life {
    ts_passport_row passport;
    ts_document document;
    struct {
        ts_life_line *v;
        size_t n, cap;
    } lines; /* by time */
    struct {
        ts_relative *v;
        size_t n, cap;
    } family;  /* nearest first */
    bool more; /* family or events beyond the limits above were left out */
} ts_life;
/* All of it, as its operator may see it: for others ts_life_view leaves out what is not theirs.
 * TS_E_NOT_FOUND where the passport is not here. */
bool ts_life_of(ts_arena *a, ts_store *s, ts_str passport, ts_life *out, ts_error *e);
/* The id of the passport that is named by its own id or by its product's identifier.
 * TS_E_NOT_FOUND. */
bool ts_life_find(ts_arena *a, ts_store *s, ts_str named, ts_str *passport, ts_error *e);
/* The name of the operator whose id it is, where a passport of the family names it; else empty. */
ts_str ts_life_named(const ts_life *l, ts_str operator_id);
/* What a passport of the family is called, by its id; empty = the one whose life it is. The id of
 * the product where it has no name. */
ts_str ts_life_name_of(const ts_life *l, ts_str passport);
/* Leaves of the events what `who` may see (ts_epcis_view), and who recorded them where the
 * passports name them anyway. TS_AUD_OPERATOR is the operator of this passport: for the events of
 * relatives it counts where their operator is the same. */
bool ts_life_view(ts_arena *a, ts_life *l, ts_audiences who, ts_error *e);

/* As JSON, "format": "touchstone-life-1" (docs/formats.md). */
void ts_life_write(ts_jsonw *w, const ts_life *l);
/* Timeline and family tree as SVG for people, `language` as in catalogues. Names who recorded an
 * event only where a passport names that operator already. */
bool ts_life_picture(ts_arena *a, const ts_life *l, const ts_catalogue *c, ts_str *svg,
                     ts_error *e);
/* A page by itself: the picture, and the same in words. */
bool ts_life_page(ts_arena *a, const ts_life *l, const ts_catalogue *c, ts_str *html, ts_error *e);
/* The events as one EPCIS document. */
bool ts_life_epcis(ts_arena *a, const ts_life *l, int64_t now, ts_str *out, ts_error *e);

#endif
