/* ts_input: one stream, plain or compressed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "file.h"

enum { RAW = 1 << 16 };
typedef enum { UNKNOWN, PLAIN, GZIP, ZSTD } packing;

struct ts_input {
    int fd;        /* -1: memory */
    ts_str memory; /* what is left of it */
    char name[256];
    uint64_t size, position;
    packing kind;
    bool inside; /* in the middle of a gzip member or zstd frame */
    bool eof;    /* no more raw bytes */
    z_stream z;
    ZSTD_DStream *zs;
    size_t beg, end; /* raw bytes not used yet: raw[beg, end) */
    char raw[RAW];
};

static ts_input *new_input(ts_arena *a, const char *name) {
    ts_input *in = ts_new(a, ts_input);
    in->fd = -1;
    snprintf(in->name, sizeof in->name, "%s", name);
    return in;
}

ts_input *ts_input_open(ts_arena *a, const char *path, ts_error *e) {
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        ts_fail_errno(e, TS_E_IO, errno, "cannot open");
        if (fd >= 0) close(fd);
        ts_fail_at(e, standard ? "standard input" : path, 0, 0);
        return 0;
    }
    if (S_ISDIR(st.st_mode)) {
        close(fd);
        ts_fail(e, TS_E_IO, "is a folder; name the files in it");
        ts_fail_at(e, path, 0, 0);
        return 0;
    }
    ts_input *in = new_input(a, standard ? "standard input" : path);
    in->fd = fd;
    in->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
#ifdef POSIX_FADV_SEQUENTIAL
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
    return in;
}

ts_input *ts_input_memory(ts_arena *a, ts_str bytes, const char *name) {
    ts_input *in = new_input(a, name);
    in->memory = bytes;
    in->size = bytes.n;
    return in;
}

void ts_input_close(ts_input *in) {
    if (!in) return;
    if (in->kind == GZIP) inflateEnd(&in->z);
    if (in->zs) ZSTD_freeDStream(in->zs);
    if (in->fd >= 0) close(in->fd);
    in->fd = -1;
}

const char *ts_input_name(const ts_input *in) { return in->name; }
uint64_t ts_input_position(const ts_input *in) { return in->position; }
uint64_t ts_input_size(const ts_input *in) { return in->size; }

/* Raw bytes from the descriptor or memory: count, 0 at the end, -1 on error. */
static ptrdiff_t take(ts_input *in, char *buf, size_t n, ts_error *e) {
    if (in->fd < 0) {
        if (n > in->memory.n) n = in->memory.n;
        if (n) memcpy(buf, in->memory.p, n);
        in->memory = ts_str_from(in->memory, n);
        in->position += n;
        return (ptrdiff_t)n;
    }
    for (;;) {
        ssize_t k = read(in->fd, buf, n);
        if (k >= 0) {
            in->position += (uint64_t)k;
            return k;
        }
        if (errno == EINTR) continue;
        ts_fail_errno(e, TS_E_IO, errno, "cannot read after byte %llu",
                      (unsigned long long)in->position);
        ts_fail_at(e, in->name, 0, 0);
        return -1;
    }
}

static bool refill(ts_input *in, ts_error *e) {
    if (in->beg < in->end || in->eof) return true;
    ptrdiff_t k = take(in, in->raw, RAW, e);
    if (k < 0) return false;
    in->beg = 0;
    in->end = (size_t)k;
    in->eof = k == 0;
    return true;
}

static bool detect(ts_input *in, ts_error *e) {
    while (in->end < 4 && !in->eof) { /* a pipe may hand out single bytes */
        ptrdiff_t k = take(in, in->raw + in->end, RAW - in->end, e);
        if (k < 0) return false;
        in->end += (size_t)k;
        in->eof = k == 0;
    }
    ts_str head = {in->raw, in->end};
    in->kind = PLAIN;
    if (ts_str_starts(head, TS_S("\x1f\x8b"))) {
        in->kind = GZIP;
        inflateInit2(&in->z, 16 + MAX_WBITS);
    } else if (ts_str_starts(head, TS_S("\x28\xb5\x2f\xfd"))) {
        in->kind = ZSTD;
        in->zs = ZSTD_createDStream();
        ZSTD_DCtx_setParameter(in->zs, ZSTD_d_windowLogMax, 27);
    }
    return true;
}

static bool damaged(ts_input *in, const char *format, const char *why, ts_error *e) {
    ts_fail(e, TS_E_INPUT,
            "the %s data is damaged after %llu bytes (%s); what came before was read", format,
            (unsigned long long)in->position, why);
    return ts_fail_at(e, in->name, 0, in->position);
}

static bool ends_early(ts_input *in, const char *format, ts_error *e) {
    ts_fail(
        e, TS_E_INPUT,
        "the %s data ends early, after %llu bytes: fetch the file again; what came before was read",
        format, (unsigned long long)in->position);
    return ts_fail_at(e, in->name, 0, in->position);
}

static ptrdiff_t read_gzip(ts_input *in, char *buf, size_t n, ts_error *e) {
    in->z.next_out = (Bytef *)buf;
    in->z.avail_out = (uInt)(n < 1u << 30 ? n : 1u << 30);
    uInt room = in->z.avail_out;
    while (in->z.avail_out == room) {
        if (!refill(in, e)) return -1;
        if (in->beg == in->end) {
            if (in->inside) return ends_early(in, "gzip", e), -1;
            return 0;
        }
        if (!in->inside && in->position > in->end && in->raw[in->beg] != '\x1f')
            return in->beg = in->end, 0; /* padding behind the last member */
        in->inside = true;
        in->z.next_in = (Bytef *)in->raw + in->beg;
        in->z.avail_in = (uInt)(in->end - in->beg);
        int rc = inflate(&in->z, Z_NO_FLUSH);
        in->beg = in->end - in->z.avail_in;
        if (rc == Z_STREAM_END) {
            in->inside = false;
            inflateReset(&in->z);
        } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
            return damaged(in, "gzip", in->z.msg ? in->z.msg : "not gzip", e), -1;
        }
    }
    return (ptrdiff_t)(room - in->z.avail_out);
}

static ptrdiff_t read_zstd(ts_input *in, char *buf, size_t n, ts_error *e) {
    ZSTD_outBuffer out = {buf, n, 0};
    while (out.pos == 0) {
        if (!refill(in, e)) return -1;
        if (in->beg == in->end) {
            if (in->inside) return ends_early(in, "zstd", e), -1;
            return 0;
        }
        ZSTD_inBuffer src = {in->raw, in->end, in->beg};
        size_t rc = ZSTD_decompressStream(in->zs, &out, &src);
        in->beg = src.pos;
        if (ZSTD_isError(rc)) return damaged(in, "zstd", ZSTD_getErrorName(rc), e), -1;
        in->inside = rc != 0;
    }
    return (ptrdiff_t)out.pos;
}

ptrdiff_t ts_input_read(ts_input *in, char *buf, size_t n, ts_error *e) {
    if (n == 0) return 0;
    if (in->kind == UNKNOWN && !detect(in, e)) return -1;
    if (in->kind == GZIP) return read_gzip(in, buf, n, e);
    if (in->kind == ZSTD) return read_zstd(in, buf, n, e);
    if (in->beg == in->end) return in->eof ? 0 : take(in, buf, n, e);
    size_t k = in->end - in->beg < n ? in->end - in->beg : n;
    memcpy(buf, in->raw + in->beg, k);
    in->beg += k;
    return (ptrdiff_t)k;
}
