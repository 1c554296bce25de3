/* integrity_part.h - the texts that proofs are made over, shared by making and verifying. */
#ifndef TS_TRUST_INTEGRITY_PART_H
#define TS_TRUST_INTEGRITY_PART_H

#include "digest.h"
#include "integrity.h"

enum { PROOFS_MAX = 32 };

typedef struct proof_suite {
    const char *name;
    ts_key_kind kind;
    ts_sha sha;
    size_t signature; /* bytes */
} proof_suite;
/* The suite of that name for that kind of key. NULL with TS_E_VERSION when the name is not known,
 * TS_E_INPUT when the suite is for other keys. */
const proof_suite *proof_suite_find(ts_str name, ts_key_kind kind, ts_error *e);
const proof_suite *proof_suite_of(ts_key_kind kind);

/* The second half of the room that is left; the first stays with `a`. So a text may grow in `a`
 * while the other is scratch. */
ts_arena proof_arena_behind(ts_arena *a);
/* A buffer that does not outgrow the arena. */
ts_buf proof_text_in(ts_arena *a);

/* Appends the canonical text of the proof without its value: the proof options of vc-di-eddsa
 * section 3.3.5. */
bool proof_options_text(ts_buf *b, ts_arena scratch, const ts_json *proof, ts_error *e);

/* What a proof's document has in place of its own members. All of it are nodes of the document. */
typedef struct proof_view {
    const ts_json *context;  /* @context; NULL: the document's own */
    const ts_json **covered; /* "proof" is an array of these; none: there is no such member */
    size_t covered_n;
} proof_view;
/* Appends the canonical text of the document, seen so. */
bool proof_document_text(ts_buf *b, ts_arena scratch, const ts_json *document,
                         const proof_view *view, ts_error *e);

/* hash(options) and hash(document), one behind the other: what is signed. */
typedef struct proof_message {
    char b[128];
    size_t n;
} proof_message;
bool proof_message_of(ts_arena scratch, const proof_suite *s, const ts_json *proof,
                      const ts_json *document, const proof_view *view, proof_message *out,
                      ts_error *e);
/* The same where the document's canonical text is at hand. */
bool proof_message_of_text(ts_arena scratch, const proof_suite *s, const ts_json *proof,
                           ts_str document, proof_message *out, ts_error *e);

/* Sets v to the nodes of the proofs that `previous` names, in the document's order, or in that of
 * `previous`. Returns how many were found; v has room for p->n. */
size_t proofs_named(const ts_proofs *p, const ts_strs *previous, bool document_order,
                    const ts_json **v);

#endif
