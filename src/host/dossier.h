/* dossier.h - passports carried out of a store and into one. */
#ifndef TS_HOST_DOSSIER_H
#define TS_HOST_DOSSIER_H

#include "issue.h"
#include "passport/passport.h"
#include "store/store.h"

/* What is carried out. */
typedef enum {
    TS_OUT_DOCUMENT, /* touchstone-passport-1 of what the audience may see */
    TS_OUT_EN18223,  /* EN 18223, compressed */
    TS_OUT_EN18223_FULL,
    TS_OUT_SIGNED,  /* the signed credential, as it was signed */
    TS_OUT_DOSSIER, /* a presentation with all one needs to verify it without a network */
    TS_OUT_KINDS
} ts_export_kind;
const char *ts_export_kind_name(ts_export_kind k); /* "document", "en18223", … */
bool ts_export_kind_by_name(const char *name, ts_export_kind *k);

typedef struct ts_export_job {
    ts_store *store;
    ts_str passport; /* its id, or the id of its product */
    ts_export_kind kind;
    ts_audiences who; /* 0 = public */
    int64_t at;       /* as it stood then; TS_NO_TIME = now */
    const ts_str
        *with; /* dossier: further credentials (attestations, accreditations), as received */
    size_t with_n;
    const ts_signer
        *holder; /* dossier: who signs the presentation; NULL = nobody, it is a bundle */
    ts_str challenge, domain;
    int64_t now;
    ts_pack_shelf *packs; /* read before and kept; NULL = none are */
} ts_export_job;
/* TS_E_NOT_FOUND when there is no such passport, or no signed form for this audience. */
bool ts_export(ts_arena *a, const ts_export_job *job, ts_str *out, ts_error *e);

/* A credential as a member of a presentation: the object itself, or an
 * EnvelopedVerifiableCredential around a token. */
bool ts_envelope(ts_arena *a, ts_str bytes, ts_str *object, ts_error *e);

typedef struct ts_imported {
    ts_str document; /* touchstone-passport-1 */
    ts_str passport; /* its id */
    int64_t version; /* in the store; 0 without one */
    bool new_version;
    bool is_signed; /* it came as a credential; `report` says what was found */
    ts_report report;
} ts_imported;
/* Reads a passport in any of the forms above into a document and, with a store, records it as a
 * version together with the signed bytes as received. A signed one whose signature failed is
 * refused; one that could not be checked is taken and said. */
bool ts_import_passport(ts_arena *a, ts_store *store, ts_str bytes, const ts_verify_options *o,
                        ts_imported *out, ts_error *e);

/* The current or past version of a passport by its id or its product's, read. */
bool ts_find_passport(ts_arena *a, ts_store *store, ts_str id, int64_t at, ts_passport_row *row,
                      ts_document *d, ts_packs *packs, ts_error *e);

#endif
