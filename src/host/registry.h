/* registry.h - the EU registry of passports: what is registered goes out as files and its proof
 * comes back in (Implementing Regulation (EU) 2026/1778, as public sources give it; the registry's
 * interface for programs is not published).
 *
 * An entry has the names of EN 18222 table 11 (uniqueProductIdentifier, digitalProductPassportId,
 * uniqueEconomicOperatorIdentifier, backupUniqueEconomicOperatorIdentifier, dppApiEndpoint), and
 * what the regulation asks for beside them: granularity, the links to batch and model (Art. 8(4),
 * 8(5)), the commodity code, and the SHA-256 of the version (Art. 9).
 */
#ifndef TS_HOST_REGISTRY_H
#define TS_HOST_REGISTRY_H

#include "passport/passport.h"
#include "store/store.h"

enum { TS_REGISTRY_FILE_MAX = 100 }; /* passports in one file */
typedef struct ts_registry_job {
    ts_store *store;
    const ts_str *passports; /* ids; none: all that have no proof for their newest version */
    size_t passports_n;
    bool xml;         /* else JSON */
    ts_str endpoint;  /* dppApiEndpoint: where the passports are served */
    ts_str backup;    /* operator identifier of the back-up provider; may be empty */
    ts_str commodity; /* commodity code for those that state none; may be empty */
    /* Gets each file's text, with at most TS_REGISTRY_FILE_MAX entries; numbers are from 1. */
    bool (*file)(void *ctx, size_t number, ts_str bytes, ts_error *e);
    void *ctx;
} ts_registry_job;
typedef struct ts_registry_exported {
    size_t files, entries;
    ts_strs notes; /* whom the registry would refuse, and why: a sentence each, at most 1,000 */
} ts_registry_exported;
/* Those whose links are missing (an item's batch and model, a batch's model) are left out. */
bool ts_registry_export(ts_arena *a, const ts_registry_job *job, ts_registry_exported *out,
                        ts_error *e);

/* Proofs of registration: JSON (one object, an array of them, or {"registrations": […]}), a token
 * around that (whose seal is kept and not judged here), or XML with the same names. Each is kept
 * when its hash is that of a version here. */
typedef struct ts_registered {
    size_t kept, known; /* new, and here before */
    ts_strs refused;    /* a sentence each */
} ts_registered;
bool ts_registry_proof(ts_arena *a, ts_store *s, ts_str bytes, int64_t now, ts_registered *out,
                       ts_error *e);

#endif
