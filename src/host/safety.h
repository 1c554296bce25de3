/* safety.h - safety status of passports: the issuer's own, and what others state beside it.
 *
 * The issuer's is an entry of the document ("safety"): a new version, signed. A third party's is a
 * signed credential of its own (a notice credential) that names notice and passport; it stands
 * until it is lifted, it can be contested, and neither takes anything out of history. */
#ifndef TS_HOST_SAFETY_H
#define TS_HOST_SAFETY_H

#include "affected.h"
#include "life.h"

typedef struct ts_safety_job {
    ts_store *store;
    ts_signer by;
    ts_form form;
    ts_str passport;         /* id, of model, batch or item */
    ts_safety_status status; /* recalled, warning, withdrawn or lifted */
    const ts_notice *notice; /* NULL where there is none */
    ts_str notice_id;        /* where the notice itself is not at hand */
    const ts_json *text;     /* by language; NULL: made of the notice */
    int64_t now;
} ts_safety_job;
/* The issuer's own: a new signed version with one more safety entry, and an EPCIS event with
 * (persistent) disposition recalled, or that it is unset, and a signed notice credential (as third
 * parties make them) or the lifting of it, in one transaction. What is said already makes no new
 * version. TS_E_USAGE where the signer is not the passport's operator, and where there
 * is nothing to lift. */
bool ts_safety_set(ts_arena *a, const ts_safety_job *job, ts_issued *out, ts_error *e);
/* The same for every passport of the signer's that the job's notice hits (inside, not what cannot
 * be excluded), or with `directly` for those it hits by themselves: what belongs to them is reached
 * through them. A notice credential goes with those hit by themselves. In transactions of 200; what
 * was committed stands when it breaks off, and the same call goes on from there. */
typedef struct ts_safety_done {
    uint64_t set, already;
    uint64_t others; /* inside, of other operators: each says it itself */
    uint64_t open;   /* cannot be excluded: nothing was said of these */
} ts_safety_done;
bool ts_safety_set_affected(ts_arena *a, const ts_safety_job *job, bool directly,
                            ts_safety_done *out, ts_error *e);

/* A third party's statement as a signed credential (vc+jwt), type
 * ["VerifiableCredential", "SafetyNoticeCredential"]; nothing is stored. */
bool ts_statement_make(ts_arena *a, const ts_safety_job *job, ts_str *credential, ts_error *e);
/* `kind` "contested" or "lifted". A statement is lifted by who made it; it is contested by anybody
 * who signs. */
bool ts_statement_answer(ts_arena *a, const ts_signer *by, ts_str statement, const char *kind,
                         ts_str reason, int64_t now, ts_str *credential, ts_error *e);
/* Verifies a credential made by either of the above and keeps it. Refused: a signature that failed
 * or cannot be told, a passport that is not here, lifting by somebody else. */
bool ts_statement_add(ts_arena *a, ts_store *s, ts_str credential, const ts_verify_options *o,
                      ts_statement_row *out, bool *fresh, ts_error *e);
/* Its two halves, so that nobody waits for a writer while keys are fetched: what a credential says
 * and that it is its issuer's (about an answer, which passport it concerns is open until it is
 * kept); and the keeping. */
bool ts_statement_verify(ts_arena *a, ts_str credential, const ts_verify_options *o,
                         ts_statement_row *out, ts_error *e);
bool ts_statement_keep(ts_arena *a, ts_store *s, ts_statement_row *row, bool *fresh, ts_error *e);
/* What a notice says, by its language, as JSON text: what it is about, the hazard, what to do.
 * Empty where it says nothing. */
bool ts_notice_says(ts_arena *a, const ts_notice *n, ts_str *text, ts_error *e);

/* All that is to be said of a passport's safety, its own and that of batch, model, components and
 * predecessors. */
typedef struct ts_standing {
    ts_str id, kind;     /* "recalled", "warning", "withdrawn", "lifted"; id: of the credential */
    ts_str passport;     /* which passport it was said of */
    const char *through; /* "self", "batch", "model", "component", "predecessor" */
    bool by_issuer;
    ts_str by, by_name, notice;
    int64_t at;
    const ts_json *text; /* by language; may be NULL */
    bool lifted, contested;
    bool replaced; /* its maker said something else about the same notice later */
    int64_t lifted_at;
    ts_str contest, contest_by; /* the reason given, and whose it is; may be empty */
    ts_str contest_did;         /* who signed that */
    ts_str credential; /* a third party's statement as received, or the issuer's notice credential;
                          empty where there is none */
} ts_standing;
typedef struct ts_standings {
    ts_standing *v; /* what stands first, the gravest first, the newest first */
    size_t n, cap;
    ts_strs unknown; /* named as batch, model, component or predecessor, and not kept here: of these
                        nothing can be told */
    bool cut;        /* there were more than are looked at: the rest cannot be told */
} ts_standings;
/* TS_E_NOT_FOUND when there is no such passport. At most 16 steps and 2,000 passports away. What is
 * said of a third party's statement is what its signed bytes say. */
bool ts_safety_of(ts_arena *a, ts_store *s, ts_str passport, ts_standings *out, ts_error *e);
bool ts_standing_stands(const ts_standing *x); /* neither lifted nor replaced, nor a lifting */
/* The gravest that stands: recalled > withdrawn > warning > lifted > none_known. */
ts_safety_status ts_safety_worst(const ts_standings *s);
/* gs1:recallStatus as JSON (docs/formats.md, "recall status"). */
void ts_safety_write(ts_jsonw *w, ts_str product, const ts_standings *s);

#endif
