/* status_list.h - W3C Bitstring Status List 1.0: has a credential been revoked or suspended? */
#ifndef TS_PASSPORT_STATUS_LIST_H
#define TS_PASSPORT_STATUS_LIST_H

#include "credential.h"

enum {
    TS_STATUS_LIST_BITS = 131072,
    TS_STATUS_LIST_MAX = 1 << 24
}; /* least entries; most bytes unpacked */

typedef struct ts_status_list {
    ts_str id, issuer;
    ts_strs purposes;
    ts_str bits;         /* unpacked, most significant bit first */
    int64_t from, until; /* TS_NO_TIME when not stated */
    uint64_t ttl_ms;     /* 0 = not stated */
} ts_status_list;

/* From a BitstringStatusListCredential whose signature was judged already. Refused by name: another
 * type, a list without purpose, an encodedList that is not multibase base64url ("u") of one gzip
 * stream (RFC 1952), one that is shorter than the least size, unpacks to more than
 * TS_STATUS_LIST_MAX bytes (it is read no further), has bytes behind its end. */
bool ts_status_list_read(ts_arena *a, const ts_credential *c, ts_status_list *out, ts_error *e);
/* The entry's value, statusSize bits at index * statusSize. False: the entry's own fault, purpose
 * not among the list's, fewer than the least number of entries of that size, index outside the list
 * (section 3.2). */
bool ts_status_list_get(const ts_status_list *l, const ts_status_entry *entry, uint64_t *value,
                        ts_error *e);

/* For issuers: encodedList ("u" and base64url of the gzip) of a bitstring, the same text for the
 * same bits. TS_E_USAGE when it has fewer than the least number of bits or is too long. */
bool ts_status_list_encode(ts_arena *a, ts_str bits, ts_str *out, ts_error *e);
/* An unsigned BitstringStatusListCredential, as canonical JSON. */
bool ts_status_list_write(ts_arena *a, const ts_status_list *l, ts_str *out, ts_error *e);

#endif
