/* issue.h - a version of a passport is recorded and signed in one transaction: never a signed
 * version without its record, or the reverse.
 */
#ifndef TS_HOST_ISSUE_H
#define TS_HOST_ISSUE_H

#include "passport/passport.h"
#include "store/store.h"

/* What is signed, and how. */
typedef enum {
    TS_FORM_UNTP_JOSE, /* UNTP DigitalProductPassport as vc+jwt */
    TS_FORM_UNTP_DI,   /* the same with a Data Integrity proof */
    TS_FORM_EU_JOSE,   /* EN 18223 compressed JSON as the subject of a credential, vc+jwt */
    TS_FORM_EU_DI,
    TS_FORMS
} ts_form;
const char *ts_form_name(ts_form f); /* "untp-jose", "untp-di", "en18223-jose", "en18223-di" */
bool ts_form_by_name(const char *name, ts_form *f);

/* Who signs. */
typedef struct ts_signer {
    const ts_key *key;
    ts_str issuer; /* DID; empty: the did:key of the key */
    ts_str name;   /* of the issuer, for people; empty: the passport's operator */
    ts_str method; /* verification method; empty: the issuer and the key's Multikey as fragment */
} ts_signer;

typedef struct ts_issue_job {
    ts_store *store; /* NULL: nothing is recorded, the signed bytes are all there is */
    ts_signer by;
    ts_str document; /* touchstone-passport-1 */
    ts_form form;
    ts_audiences who; /* whose view is signed; 0 = the public one */
    ts_str list;      /* address of the status list to enter it in; empty = none. Needs a store */
    int64_t now;      /* UTC seconds */
    int64_t until;    /* TS_NO_TIME = no end */
    ts_pack_shelf *packs; /* kept from one to the next; NULL: read anew */
} ts_issue_job;

typedef struct ts_issued {
    ts_str passport, credential; /* ids */
    ts_str bytes;                /* the signed credential */
    int64_t version;             /* 0 without a store */
    bool new_version;            /* the content differs from the version before */
    bool again;                  /* it had been signed like this before: the same bytes */
    size_t omitted;              /* elements that this audience does not see */
} ts_issued;

/* Signs the document, after recording it as a new version where its content is new (what is
 * canonical alike is alike). Asked again with the same content, form, audience and issuer it gives
 * the credential that is there. */
bool ts_issue(ts_arena *a, const ts_issue_job *job, ts_issued *out, ts_error *e);

/* Many documents, one in each line, in group commits: a million of them one by one would be a
 * million times waiting for the disk. */
typedef struct ts_issue_lines_job {
    ts_issue_job issue; /* as above; its document is taken from the lines */
    const char *path;   /* "-" is standard input; gzip and zstd are seen through */
    unsigned group;     /* documents in one transaction; 0 = 1,000 */
    /* Told of each group that is committed; may be NULL. */
    void (*committed)(void *ctx, uint64_t lines);
    void *ctx;
} ts_issue_lines_job;
typedef struct ts_issued_lines {
    uint64_t lines, fresh, again; /* committed; newly signed; signed before */
} ts_issued_lines;
/* Stops at the first line that is refused, with its number (e->line); what was committed before
 * stands, and the same command again goes on: what was signed is not signed again. */
bool ts_issue_lines(ts_arena *a, const ts_issue_lines_job *job, ts_issued_lines *out, ts_error *e);

/* Records a document as a version unless the newest has the same content (what is canonical alike
 * is alike); refuses one that may not follow it (ts_document_may_follow). Within a transaction. */
typedef struct ts_version_put {
    int64_t version;
    bool is_new;
} ts_version_put;
bool ts_put_version(ts_arena *a, ts_store *s, const ts_document *d, int64_t now,
                    ts_version_put *out, ts_error *e);

/* Sets or clears the entry of a credential in its status list, and signs the list anew, in one
 * transaction. `purpose` of the list decides what it means; a revocation is not taken back. `list`
 * gets the signed list. */
bool ts_set_status(ts_arena *a, ts_store *s, const ts_signer *by, ts_str credential, bool set,
                   int64_t now, ts_str *list, ts_error *e);
/* The list, signed anew: its validity goes on from now. */
bool ts_sign_list(ts_arena *a, ts_store *s, const ts_signer *by, ts_str url, int64_t now,
                  ts_str *list, ts_error *e);

/* An unsigned credential secured as `jose` (vc+jwt) or with a Data Integrity proof: from its tree,
 * whose canonical text is what a token carries, or from its text. */
bool ts_secure_tree(ts_arena *a, const ts_json *credential, const ts_signer *by, bool jose,
                    int64_t now, ts_str *out, ts_error *e);
bool ts_secure(ts_arena *a, ts_str credential, const ts_signer *by, bool jose, int64_t now,
               ts_str *out, ts_error *e);
/* Fills what is empty in `by` from its key. */
ts_signer ts_signer_complete(ts_arena *a, ts_signer by);
/* "urn:uuid:…", version 4 (RFC 9562 section 5.4), from the system's random source. */
bool ts_urn_new(ts_arena *a, ts_str *out, ts_error *e);

#endif
