/* passport.h - what the commands about passports share. Private to cli/. */
#ifndef TS_CLI_PASSPORT_H
#define TS_CLI_PASSPORT_H

#include "cli.h"
#include "host/host.h"

enum { PASSPORT_FILE_MAX = 16 << 20 };

/* The one operand's bytes, "-" for standard input; usage error where there is none or several. */
bool passport_input(cli *c, const char *what, ts_str *bytes, ts_error *e);
/* --key, --issuer, --issuer-name, --method. The key is given back with ts_key_free(by->key). */
bool passport_signer(cli *c, ts_signer *by, ts_error *e);
/* --audience, repeated; 0 where it is not given. */
bool passport_audiences(cli *c, ts_audiences *who, ts_error *e);
/* An instant such as 2026-11-23 or 2026-11-23T10:00:00Z; `otherwise` where the option is not given.
 */
bool passport_instant(const cli *c, const char *name, int64_t otherwise, int64_t *out, ts_error *e);
/* To --out FILE, whole or not at all, else to standard output. `line`: end it with a line feed. */
exit_status passport_output(cli *c, ts_str bytes, bool line);
/* --format among those that the command knows, "table" first; NULL with the error. */
const char *passport_format(cli *c, const char *const *known, ts_error *e);
/* Files, trust and network for verification, and the rows for their options. */
bool passport_verify_job(cli *c, ts_verify_job *job, ts_error *e);
#define PASSPORT_VERIFY_OPTIONS                                                                    \
    {"with", "FILE", "a DID document, credential or status list at hand; repeat as needed", true}, \
        {"schemas", "DIR",                                                                         \
         "folder with UNTP's schema files (default: $TOUCHSTONE_UNTP, where it is set)", false},   \
        {"trust", "DID", "whom you trust to accredit and to register; repeat as needed", true},    \
        {"cache", "DIR", "keep what is fetched, and pin the keys of issuers, in this folder",      \
         false},                                                                                   \
        {"accept-did", "DID", "take its changed document and pin the new keys", true},             \
        {"offline", 0, "fetch nothing", false},                                                    \
        {"allow-private", "HOST:PORT", "an in-house place that may be asked", true},               \
        {"proxy", "URL", "ask through this proxy", false}, {                                       \
        "ca-file", "FILE", "certificate authorities to trust instead of the system's (PEM)", false \
    }
#define PASSPORT_SIGNER_OPTIONS                                                                    \
    {"key", "KEY", "private key: a PEM file of mode 0600, or a PKCS#11 URI", false},               \
        {"issuer", "DID", "who issues (default: the did:key of the key)", false},                  \
        {"issuer-name", "NAME", "its name for people (default: the passport's operator)", false},  \
    {                                                                                              \
        "method", "DID-URL", "verification method (default: the issuer and the key)", false        \
    }

/* The notice that --notice ID (in the store) or --notices FILE names; of a file with several,
 * --notice says which. *given false: none was named, or it is not in the store. */
bool passport_notice(cli *c, ts_store *s, ts_notice *out, bool *given, ts_error *e);
/* A repeated option LANG=TEXT as an object; NULL where it is not given. */
bool passport_texts(cli *c, const char *name, const ts_json **out, ts_error *e);
/* --status, --notice, --notices, --text and --form. `notice` holds what job->notice points to. */
bool passport_safety_job(cli *c, ts_store *s, ts_notice *notice, ts_safety_job *job, ts_error *e);

/* A report for people. */
void passport_report(ts_buf *b, cli *c, const ts_report *r);
exit_status passport_report_status(const ts_report *r);

#endif
