/* A file that is on its way: PATH.part and PATH.part.json. */
#include "part.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coding.h"

enum { NOTE_FORMAT = 1, NOTE_MAX = 8192, SYNC_EVERY = 16 << 20 };

static bool disk(const net_part *p, const char *what, ts_error *e) {
    ts_fail_errno(e, TS_E_IO, errno, "%s", what);
    return ts_fail_at(e, p->part, 0, 0);
}

void net_origin(const net_url *u, char out[NET_ORIGIN_MAX + 1]) {
    snprintf(out, NET_ORIGIN_MAX + 1, "%s://%s:%u", u->https ? "https" : "http", u->host,
             (unsigned)u->port);
}

/* A file's name, or its removal, is on disk when its folder is. */
static void sync_folder(const char *path) {
    char folder[NET_PATH_MAX + 2];
    const char *slash = strrchr(path, '/');
    if (slash)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path);
    else
        snprintf(folder, sizeof folder, ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    fsync(fd);
    close(fd);
}

/* ---- the note ---- */

static void take(char *out, size_t cap, const ts_json *note, const char *name) {
    ts_str s = ts_json_str(ts_json_get(note, ts_str_c(name)));
    if (s.n >= cap || (s.n && memchr(s.p, 0, s.n))) s.n = 0;
    if (s.n) memcpy(out, s.p, s.n);
    out[s.n] = 0;
}

static uint64_t number(const ts_json *note, const char *name) {
    int64_t v = 0;
    return ts_json_i64(ts_json_get(note, ts_str_c(name)), &v) && v > 0 ? (uint64_t)v : 0;
}

/* These go out again as header fields: nothing but printable ASCII. */
static bool sendable(const char *s) {
    for (; *s; s++)
        if (*s < 0x20 || *s > 0x7e) return false;
    return true;
}

bool net_part_note_read(net_part *p, ts_str text, ts_arena scratch) {
    const ts_json *note = ts_json_parse(&scratch, text, (ts_json_options){.strict = true}, 0);
    char hex[32];
    if (number(note, "format") != NOTE_FORMAT) return false;
    if (!ts_str_eq(ts_json_str(ts_json_member(note, "request")), ts_digest_hex(p->request, hex)))
        return false;
    take(p->etag, sizeof p->etag, note, "etag");
    take(p->last_modified, sizeof p->last_modified, note, "last_modified");
    take(p->type, sizeof p->type, note, "type");
    take(p->place, sizeof p->place, note, "place");
    take(p->origin, sizeof p->origin, note, "origin");
    p->coding =
        ts_json_is(ts_json_member(note, "gzip"), TS_JSON_TRUE) ? NET_CODING_GZIP : NET_CODING_NONE;
    p->total = number(note, "total");
    p->size = number(note, "size");
    bool validator =
        net_etag_strong(p->etag) || (!p->etag[0] && net_http_date(ts_str_c(p->last_modified)) >= 0);
    p->resumable = validator && sendable(p->etag) && sendable(p->last_modified) && p->size > 0 &&
                   (!p->total || p->size <= p->total);
    return p->resumable;
}

/* On the stack: this runs inside libcurl's callbacks, where an arena must not give out. */
static bool write_note(const net_part *p, ts_error *e) {
    char room[4 * NOTE_MAX], hex[32];
    ts_arena a = {room, room + sizeof room, 0};
    ts_buf b = ts_buf_new(&a, NOTE_MAX);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "format"), ts_jsonw_i64(&w, NOTE_FORMAT);
    ts_jsonw_kstr(&w, "request", ts_digest_hex(p->request, hex));
    ts_jsonw_kstr(&w, "place", ts_str_c(p->place));
    ts_jsonw_kstr(&w, "origin", ts_str_c(p->origin));
    ts_jsonw_kstr(&w, "etag", ts_str_c(p->etag));
    ts_jsonw_kstr(&w, "last_modified", ts_str_c(p->last_modified));
    ts_jsonw_kstr(&w, "type", ts_str_c(p->type));
    ts_jsonw_key(&w, "gzip"), ts_jsonw_bool(&w, p->coding == NET_CODING_GZIP);
    ts_jsonw_key(&w, "total"), ts_jsonw_i64(&w, (int64_t)p->total);
    ts_jsonw_key(&w, "size"), ts_jsonw_i64(&w, (int64_t)p->synced);
    ts_jsonw_end(&w);
    ts_buf_c(&b, '\n');
    return ts_file_replace(p->note, ts_buf_str(&b), e);
}

/* Gone for certain before bytes of another version are written: an old note must never come back
 * to vouch for them. */
static void remove_note(const net_part *p) {
    if (unlink(p->note) == 0) sync_folder(p->note);
}

/* ---- opening ---- */

typedef struct note_reading {
    net_part *p;
    ts_str text;
} note_reading;

static bool parse_note(void *ctx, ts_arena *a, ts_error *e) {
    note_reading *n = ctx;
    (void)e;
    return net_part_note_read(n->p, n->text, *a);
}

/* Read without an arena, which might give out while the file is open. A note cut off by the size
 * of the buffer is no JSON. */
static bool read_note(net_part *p, uint64_t on_disk, ts_arena scratch) {
    char buf[NOTE_MAX];
    int fd = open(p->note, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return false;
    ssize_t k = read(fd, buf, sizeof buf);
    close(fd);
    note_reading n = {p, {buf, k > 0 ? (size_t)k : 0}};
    return k > 0 && ts_arena_guard(parse_note, &n, &scratch, 0) && p->size <= on_disk;
}

static void forget(net_part *p) {
    p->size = p->synced = p->total = 0;
    p->resumable = false;
    p->coding = NET_CODING_NONE;
    p->etag[0] = p->last_modified[0] = p->type[0] = p->place[0] = p->origin[0] = 0;
}

/* Opens and locks PATH.part; a part that another call has put in place meanwhile is left alone. */
static bool open_locked(net_part *p, struct stat *st, ts_error *e) {
    for (int round = 0; round < 8; round++) {
        p->fd = open(p->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (p->fd < 0) return disk(p, "cannot create the file", e);
        struct stat there;
        bool locked = flock(p->fd, LOCK_EX | LOCK_NB) == 0;
        if (locked && fstat(p->fd, st) == 0 && stat(p->part, &there) == 0 &&
            st->st_ino == there.st_ino && st->st_dev == there.st_dev)
            return true;
        close(p->fd);
        p->fd = -1;
        if (!locked) break;
    }
    ts_fail(e, TS_E_IO, "another fetch is writing this file; wait until it has ended");
    return ts_fail_at(e, p->path, 0, 0);
}

bool net_part_open(net_part *p, const char *path, ts_digest request, ts_arena scratch,
                   ts_error *e) {
    *p = (net_part){.fd = -1, .request = request};
    if (strlen(path) > NET_PATH_MAX)
        return ts_fail(e, TS_E_IO, "the path is longer than %d bytes", NET_PATH_MAX);
    snprintf(p->path, sizeof p->path, "%s", path);
    snprintf(p->part, sizeof p->part, "%s.part", path);
    snprintf(p->note, sizeof p->note, "%s.part.json", path);
    struct stat st;
    if (!open_locked(p, &st, e)) return false;
    uint64_t on_disk = S_ISREG(st.st_mode) && st.st_size > 0 ? (uint64_t)st.st_size : 0;
    bool found = read_note(p, on_disk, scratch);
    if (!found) forget(p);
    p->synced = p->size;
    if (found && (ftruncate(p->fd, (off_t)p->size) != 0 || lseek(p->fd, 0, SEEK_END) < 0))
        forget(p);
    return true;
}

/* ---- filling ---- */

bool net_part_start(net_part *p, const net_response *r, const net_url *url, ts_error *e) {
    forget(p);
    remove_note(p);
    if (ftruncate(p->fd, 0) != 0 || lseek(p->fd, 0, SEEK_SET) < 0)
        return disk(p, "cannot empty the file", e);
    snprintf(p->etag, sizeof p->etag, "%s", r->etag);
    snprintf(p->last_modified, sizeof p->last_modified, "%s", r->last_modified);
    snprintf(p->type, sizeof p->type, "%s", r->type);
    snprintf(p->place, sizeof p->place, "%s", url->show);
    net_origin(url, p->origin);
    p->coding = r->coding;
    p->total = r->has_length && !r->chunked ? r->length : 0;
    p->resumable = net_response_validator(r)[0] != 0;
    return true;
}

bool net_part_sync(net_part *p, ts_error *e) {
    if (!p->resumable || p->synced == p->size) return true;
    if (fdatasync(p->fd) != 0) return disk(p, "cannot write", e);
    p->synced = p->size;
    return write_note(p, e);
}

bool net_part_write(net_part *p, ts_str bytes, ts_error *e) {
    if (!ts_fd_write(p->fd, bytes, p->part, e)) return false;
    p->size += bytes.n;
    return p->size - p->synced < SYNC_EVERY || net_part_sync(p, e);
}

void net_part_drop(net_part *p) {
    forget(p);
    remove_note(p);
    if (ftruncate(p->fd, 0) == 0) lseek(p->fd, 0, SEEK_SET);
}

/* ---- ending ---- */

static bool unpack(net_part *p, uint64_t max_bytes, uint64_t *bytes, ts_arena scratch,
                   ts_error *e) {
    ts_mapping m;
    ts_replacement r = {.fd = -1};
    if (!ts_mapping_open(&m, p->part, e)) return false;
    net_coded coded = {m.bytes, p->place, max_bytes};
    bool ok = ts_replace_begin(&r, p->path, e) &&
              net_decode_fd(&coded, r.fd, p->path, bytes, scratch, e) && ts_replace_commit(&r, e);
    ts_replace_abandon(&r);
    ts_mapping_close(&m);
    if (ok) unlink(p->part);
    return ok;
}

bool net_part_finish(net_part *p, uint64_t max_bytes, uint64_t *bytes, ts_arena scratch,
                     ts_error *e) {
    *bytes = p->size;
    if (p->coding == NET_CODING_GZIP) {
        ts_error why = {0};
        if (!unpack(p, max_bytes, bytes, scratch, &why)) {
            /* Whole, and yet damaged or too large: there is nothing to complete. */
            if (why.code == TS_E_INPUT || why.code == TS_E_LIMIT) net_part_drop(p);
            *e = why;
            return false;
        }
    } else {
        if (fsync(p->fd) != 0) return disk(p, "cannot write", e);
        if (rename(p->part, p->path) != 0) return disk(p, "cannot put the file in its place", e);
        sync_folder(p->path);
    }
    p->done = true;
    remove_note(p);
    return true;
}

void net_part_close(net_part *p) {
    if (p->fd < 0) return;
    bool keep = !p->done && p->resumable && p->size > 0 && net_part_sync(p, 0);
    if (!p->done && !keep) {
        remove_note(p);
        unlink(p->part);
    }
    close(p->fd);
    p->fd = -1;
}
