/* part.h - a file that is on its way: PATH.part holds its first bytes, PATH.part.json says what
 * they are the first bytes of.
 *
 *   {"format": 1, "request": "<32 hexadecimal digits>", "place": "https://host/path",
 *    "origin": "https://host:443", "etag": "...", "last_modified": "...", "type": "...",
 *    "gzip": false, "total": 1000, "size": 600}
 *
 * `request` is a digest of what was asked (the URL may hold secrets, so it is not stored itself).
 * `size` counts the bytes that were on disk for certain when the note was written; what the file
 * holds beyond them is cut off before going on, so that a loss of power cannot leave a hole.
 * Without a validator there is no note, and the part goes when the fetch ends.
 */
#ifndef TS_NET_PART_H
#define TS_NET_PART_H

#include "response.h"
#include "url.h"

enum { NET_PATH_MAX = 1000, NET_ORIGIN_MAX = NET_HOST_MAX + 16 };

typedef struct net_part {
    int fd;
    char path[NET_PATH_MAX + 1], part[NET_PATH_MAX + 8], note[NET_PATH_MAX + 16];
    ts_digest request;
    bool done;         /* renamed to its place, or given up: nothing is left to keep */
    uint64_t size;     /* bytes that count */
    uint64_t synced;   /* of these, on disk for certain */
    bool resumable;    /* there is a validator, and a note */
    uint64_t total;    /* 0 = not known */
    net_coding coding; /* of the bytes in the part */
    char etag[NET_FIELD_MAX + 1], last_modified[NET_FIELD_MAX + 1], type[NET_FIELD_MAX + 1];
    char place[NET_SHOW_MAX + 1], origin[NET_ORIGIN_MAX + 1];
} net_part;

/* Opens (or makes) the part of `path` and locks it. Afterwards size > 0 says that there is
 * something to go on from, for this very `request`. Holds a descriptor until net_part_close. */
bool net_part_open(net_part *p, const char *path, ts_digest request, ts_arena scratch, ts_error *e);

/* The body of `r` from `url` follows from the first byte on. */
bool net_part_start(net_part *p, const net_response *r, const net_url *url, ts_error *e);
bool net_part_write(net_part *p, ts_str bytes, ts_error *e);

/* Bytes on disk, note up to date. */
bool net_part_sync(net_part *p, ts_error *e);

/* Nothing of the part is of use. */
void net_part_drop(net_part *p);

/* The part is the whole: decoded if it has a coding (at most max_bytes come out), synced and put
 * in its place. *bytes is the size of the file. */
bool net_part_finish(net_part *p, uint64_t max_bytes, uint64_t *bytes, ts_arena scratch,
                     ts_error *e);

/* Ends the work: what can be completed later stays, the rest is removed. */
void net_part_close(net_part *p);

/* "https://host:443" */
void net_origin(const net_url *u, char out[NET_ORIGIN_MAX + 1]);

/* Reads a note into p (validator, total, size ...). False when it is none, or of another request.
 * Separate for the tests and the fuzzer. */
bool net_part_note_read(net_part *p, ts_str text, ts_arena scratch);

#endif
