/* screen_passports.h - `screen` joined with the passports that offers show. Private to cli/. */
#ifndef TS_CLI_SCREEN_PASSPORTS_H
#define TS_CLI_SCREEN_PASSPORTS_H

#include "passport.h"

typedef struct screen_passports {
    ts_screen_passports hooks;
    ts_offered_desk *desk; /* NULL: offers' passports are not looked at */
} screen_passports;

/* By --passports and --fetch-passports, or because the store that is written to holds passports.
 * `kept`: that store, or NULL. */
bool screen_passports_open(cli *c, ts_store *kept, const ts_index *ix, screen_passports *out,
                           ts_error *e);
void screen_passports_close(screen_passports *p);
/* What was shown and what of it is open, to standard error; and what that means for the exit
 * status. */
exit_status screen_passports_tell(const screen_passports *p, const ts_screen_summary *sum);

#define SCREEN_PASSPORTS_OPTIONS                                                                   \
    {"passports", "FILE",                                                                          \
     "a store of passports: what offers show, a passport or a Digital Link, is checked by "        \
     "identity (default: the --store, where it holds passports)",                                  \
     false},                                                                                       \
        {"fetch-passports", 0, "fetch passports that are not in a store, at a slow pace", false},  \
        {"fetch-most", "N", "at most so many requests for them (1000)", false},                    \
        {"with", "FILE", "a DID document, credential or status list at hand; repeat as needed",    \
         true},                                                                                    \
        {"trust", "DID", "whom you trust to accredit and to register; repeat as needed", true},    \
        {"cache", "DIR", "keep what is fetched, and pin the keys of issuers, in this folder",      \
         false},                                                                                   \
        {"allow-private", "HOST:PORT", "an in-house place that may be asked", true},               \
        {"proxy", "URL", "ask through this proxy", false}, {                                       \
        "ca-file", "FILE", "certificate authorities to trust instead of the system's (PEM)", false \
    }

#endif
