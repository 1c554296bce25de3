/* verify_part.h - what the files that verify share: one credential under examination, the run that
 * examines it, and the kept documents.
 */
#ifndef TS_PASSPORT_VERIFY_PART_H
#define TS_PASSPORT_VERIFY_PART_H

#include "verify.h"

enum { VERIFY_SKEW = 300 }; /* seconds that a signer's clock may be ahead */

/* The texts of a credential that a digest may have been made of. */
typedef enum { VERIFY_BYTES, VERIFY_FILE, VERIFY_CANONICAL } verify_spelling;

/* One credential or presentation. */
typedef struct verify_item {
    ts_checked c;
    ts_str bytes;         /* the token, or the object's text */
    ts_str raw;           /* a file's with the blanks around it; else empty */
    bool whole;           /* bytes are a file or token of their own, not a part of a presentation */
    ts_str url;           /* fetched from; empty: it was in the dossier */
    ts_str broken;        /* why it cannot be read; the rest is empty then */
    ts_answer breakage;   /* no: it is wrong; open: it may be right, but is not understood here */
    const ts_jws *token;  /* NULL: JSON with proofs */
    ts_str rule, rule_at; /* the rule of VCDM 2.0 that it breaks and where; empty: none */
    bool secured, stated, formed; /* steps that were looked at */
    ts_hash_value hash[3][3];     /* by spelling and hash; n = 0: there is none */
    unsigned hashed;              /* which were made */
    bool weighed;                 /* its accreditation was looked for: */
    ts_verdict accredited;
} verify_item;

typedef struct verify_run {
    ts_arena *a;
    const ts_verify_options *o;
    ts_key_ring *ring;
    struct {
        verify_item **v;
        size_t n, cap;
    } items;                   /* credentials, in the order in which they were found */
    verify_item *presentation; /* NULL: none */
    ts_map seen;               /* bytes of credentials that were taken already */
    ts_map memos;              /* what this run asked for (verify_known.c) */
    size_t bytes, fetches, unpacked;
    uint64_t compared; /* steps of the graph, which are bounded */
    ts_map products;   /* product identifiers against the passport's (verify_sound.c) */
    ts_report *report;
} verify_run;

/* ---- verify_report.c: words ---- */

/* A text from outside for a message: at most 120 bytes, control characters as '?'. */
typedef struct verify_text {
    char c[128];
} verify_text;
verify_text verify_show(ts_str s);
#define SHOW(s) verify_show(s).c
ts_str verify_say(ts_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Sets answer and reason, and takes cure and place away. */
void verify_set(ts_arena *a, ts_verdict *d, ts_answer answer, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Of two answers the worse one: failed, not checked, verified. */
bool verify_worse(ts_answer x, ts_answer than);
/* "2026-11-22T10:00:00Z" */
typedef struct verify_when {
    char c[24];
} verify_when;
verify_when verify_date(int64_t t);
#define WHEN(t) verify_date(t).c

/* ---- verify_take.c: bytes to items ---- */

/* Takes what was handed in: fills items and presentation. */
void verify_take(verify_run *r, ts_str bytes);
/* Reads a credential, as text, envelope or token, without adding it to the dossier. */
verify_item *verify_read(verify_run *r, ts_str bytes);
/* One more credential of the dossier; the same bytes again give the item that is there. NULL with
 * the reason: the dossier is full. */
verify_item *verify_add(verify_run *r, ts_str bytes, ts_error *e);

/* ---- verify_known.c: documents and lists from elsewhere ---- */

typedef struct verify_document {
    const ts_did_document *document; /* NULL: not at hand */
    ts_str why, cure;                /* then */
} verify_document;
verify_document verify_did(verify_run *r, ts_str did);

/* A status list that was judged. */
typedef struct verify_list {
    const ts_status_list *list; /* NULL: not usable */
    ts_str why, cure;           /* then */
    bool old;                   /* brought along: it tells what is revoked, not what is not */
} verify_list;
/* The list of that address: from the dossier when it is there and still tells, else fetched. */
verify_list verify_status_list(verify_run *r, ts_str url, ts_str issuer);
/* The credential behind an evidence link, fetched and added; NULL with the reason. */
verify_item *verify_fetch_credential(verify_run *r, ts_str url, ts_error *why);
/* Between two runs: makes room in the cache where little is left. */
void verify_known_begin(ts_verify_cache *c);

/* ---- verify_secured.c: signature and issuer; verify_stated.c: status and schema ---- */

void verify_secured(verify_run *r, verify_item *it);
/* Whether it is valid at this time, and the token around it. False: *d says why not. */
bool verify_in_time(verify_run *r, const verify_item *it, ts_verdict *d);
/* The times of a token's claims, TS_NO_TIME where they are not there; false when one is none. */
bool verify_token_times(const verify_item *it, int64_t *iat, int64_t *nbf, int64_t *exp);
void verify_stated(verify_run *r, verify_item *it);
void verify_formed(verify_run *r, verify_item *it);
const ts_schema *verify_schema_of(const ts_schemas *s, ts_untp_type type); /* NULL: not at hand */

/* ---- verify_sound.c: whom and what to believe ---- */

/* Whether a credential can be leaned on: signature and issuer verified, neither revoked, suspended,
 * expired nor malformed; where it names a status list, that list was read. */
ts_verdict verify_sound(verify_run *r, verify_item *it);
bool verify_trusted(const verify_run *r, ts_str did);
/* Whether the bytes of an item have the digest that a link gives (a multihash in multibase). */
ts_verdict verify_digest(verify_run *r, verify_item *it, ts_str multibase);
/* Whether what is said of `of` is said of `one`: the same product, or the model or batch that `one`
 * belongs to. Open when `of` is the more particular of the two, or one of them cannot be read. */
ts_answer verify_covers(verify_run *r, ts_str of, const ts_product_id *one);
bool verify_product(verify_run *r, ts_str text, ts_product_id *out);
/* A link of UNTP: the items of the dossier that it leads to, `nth` of them; what is not there is
 * fetched. NULL: no more, with the reason when there was none at all. */
verify_item *verify_follow(verify_run *r, const ts_json *link, size_t nth, ts_error *why);
ts_trust_edge *verify_edge(verify_run *r, ts_trust_edge_kind kind, ts_str from, ts_str to,
                           const verify_item *by);

/* ---- verify_accredited.c ---- */

/* Whether the issuer of a conformity credential is trusted, or accredited by somebody trusted. The
 * ids of the credentials that say so are put into it->c.below. */
ts_verdict verify_accredited(verify_run *r, verify_item *it);
/* Who an issuer is, by the identity anchors in the dossier: adds to the issuer step. */
void verify_identity(verify_run *r, verify_item *it);

/* ---- trust_graph.c ---- */

/* The attestations of a passport's claims. */
void verify_claims(verify_run *r, verify_item *passport);

#endif
