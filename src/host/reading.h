/* reading.h - all that a person reads of one passport, gathered with the reader's eyes: what it
 * says, what is said of its safety, its life, and what of all that was checked.
 */
#ifndef TS_HOST_READING_H
#define TS_HOST_READING_H

#include "dossier.h"
#include "life.h"
#include "links.h"
#include "safety.h"

typedef struct ts_reading_job {
    ts_store *store;
    ts_str id;                /* of a passport or of a product */
    ts_audiences who;         /* whose eyes */
    ts_audiences as_operator; /* whose eyes on the passports of … */
    ts_str operator_id;       /* … this operator; empty = there are no others */
    int64_t at;               /* as it stood then; TS_NO_TIME = now. Its safety is told as of now */
    int64_t now;
    ts_str did; /* the house's own DID document, so that its signature can be checked here; may be
                   empty */
    ts_pack_shelf *packs; /* read before and kept; NULL = none are */
} ts_reading_job;

typedef struct ts_reading {
    ts_passport_row row;       /* of the version that is read; its document is left out */
    int64_t newest;            /* the newest version's number */
    ts_document document;      /* what the reader may see of it */
    ts_packs packs;            /* which it names */
    size_t omitted;            /* elements for other eyes */
    bool closest;              /* asked for by product: this is the passport of what it is one of */
    ts_standings safety;       /* of the passport and all it hangs on */
    ts_life life;              /* what happened to it */
    ts_passport_rows versions; /* newest first */
    ts_secured_row seal;       /* the version's public signed form, its bytes left out … */
    bool sealed;               /* … where there is one */
    ts_str seal_digest;        /* SHA-256 of those bytes, hexadecimal */
    ts_report checked;         /* that form, checked with what is at hand in this house alone */
} ts_reading;

/* TS_E_NOT_FOUND where there is no such passport, or was none then. */
bool ts_reading_of(ts_arena *a, const ts_reading_job *job, ts_reading *out, ts_error *e);

/* The id of the passport that is meant: the id itself, or that of the product's passport, or of
 * what the product is one of. TS_E_NOT_FOUND. */
bool ts_reading_which(ts_arena *a, const ts_reading_job *job, ts_str *id, ts_error *e);

#endif
