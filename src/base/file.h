/* file.h - bytes in (gzip and zstd seen through), bytes out (whole or not at all), mapped files. */
#ifndef TS_BASE_FILE_H
#define TS_BASE_FILE_H

#include "buf.h"

/* ---- Reading a stream ---- */

/* A file, pipe or standard input, read once from front to back. gzip (RFC 1952, also several
 * members) and zstd (RFC 8878) are recognised by their first bytes. */
typedef struct ts_input ts_input;

/* path "-" is standard input. The stream's state lives in `a`; what it holds of the system is given
 * back by ts_input_close. NULL with TS_E_IO when it cannot be opened or is a folder. */
ts_input *ts_input_open(ts_arena *a, const char *path, ts_error *e);
/* Reads from memory that outlives the input; for tests and fetched bytes. */
ts_input *ts_input_memory(ts_arena *a, ts_str bytes, const char *name);
void ts_input_close(ts_input *in); /* NULL is allowed */

/* Up to n bytes into buf. Returns how many (0 = end), or -1 with the reason: unreadable, or
 * compressed data that ends early or is damaged. */
ptrdiff_t ts_input_read(ts_input *in, char *buf, size_t n, ts_error *e);
const char *ts_input_name(const ts_input *in);
/* Compressed bytes taken so far and in all (0 when not known: a pipe), for progress. */
uint64_t ts_input_position(const ts_input *in);
uint64_t ts_input_size(const ts_input *in);

/* The whole (uncompressed) file, at most `max` bytes; else TS_E_LIMIT. */
bool ts_file_read(ts_arena *a, const char *path, size_t max, ts_str *out, ts_error *e);

/* ---- Writing ---- */

/* Writes all of s to the descriptor, going on after interruptions and partial writes. */
bool ts_fd_write(int fd, ts_str s, const char *name, ts_error *e);

/* A file that appears whole or not at all: written beside its place as PATH.tmp-PID, synced,
 * renamed over PATH, and the folder synced. What is there and is no file (/dev/stdout, a pipe) is
 * written into, and never replaced. */
typedef struct ts_replacement {
    int fd;
    char path[1024], temp[1060];
} ts_replacement;
bool ts_replace_begin(ts_replacement *r, const char *path, ts_error *e);
bool ts_replace_commit(ts_replacement *r, ts_error *e);
void ts_replace_abandon(ts_replacement *r); /* also after a failed commit; harmless twice */
bool ts_file_replace(const char *path, ts_str bytes, ts_error *e);

/* ---- Mapping ---- */

/* A file mapped read-only and shared. The file must be replaced, never rewritten, while mapped. */
typedef struct ts_mapping {
    ts_str bytes;
} ts_mapping;
bool ts_mapping_open(ts_mapping *m, const char *path, ts_error *e);
void ts_mapping_close(ts_mapping *m);

/* ---- Places ---- */

/* Finds read-only data shipped with the program: `name` is a path such as "i18n/de.json".
 * Looked for, in order: $TOUCHSTONE_SHARE (`--share DIR` sets it), the installed
 * PREFIX/share/touchstone, the source tree. False with TS_E_NOT_FOUND that says where it looked. */
bool ts_share_find(ts_arena *a, const char *name, const char **path, ts_error *e);

#endif
