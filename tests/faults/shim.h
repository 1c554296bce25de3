/* shim.h - a disk under SQLite that loses power or runs full at a chosen moment.
 *
 * The shim is a VFS in front of the system's own and, while it is on, the default one. It counts
 * writes, truncations, syncs and deletions. A power cut keeps what was synced and, of what was not,
 * either nothing or a seeded choice; everything after it fails until shim_off, which leaves the
 * files as the cut left them. One thread at a time.
 */
#ifndef TS_TESTS_SHIM_H
#define TS_TESTS_SHIM_H

#include "support/support.h"

typedef enum {
    SHIM_COUNT,     /* only counts */
    SHIM_POWER_CUT, /* at operation `at` */
    SHIM_FULL,      /* from the write `at` on, none fits; that one is written by half */
} shim_mode;

void shim_on(shim_mode mode, uint64_t at, uint64_t seed);
/* Ends it; call it when the store is closed. Gives how many operations (SHIM_FULL: writes) there
 * were. */
uint64_t shim_off(void);
bool shim_struck(void); /* since shim_on the moment has come */

#endif
