#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool ts_fd_write(int fd, ts_str s, const char *name, ts_error *e) {
    while (s.n) {
        ssize_t k = write(fd, s.p, s.n);
        if (k < 0 && errno == EINTR) continue;
        if (k < 0) {
            ts_fail_errno(e, TS_E_IO, errno, "cannot write");
            return ts_fail_at(e, name, 0, 0);
        }
        s = ts_str_from(s, (size_t)k);
    }
    return true;
}

/* ---- whole files ---- */

bool ts_file_read(ts_arena *a, const char *path, size_t max, ts_str *out, ts_error *e) {
    ts_arena scratch = *a;
    ts_input *in = ts_input_open(a, path, e);
    if (!in) return *a = scratch, false;
    ts_buf b = ts_buf_new(a, max + 1);
    ptrdiff_t k = 0;
    enum { STEP = 1 << 16 };
    do {
        size_t want = max + 1 - b.n < STEP ? max + 1 - b.n : STEP;
        char *w = want ? ts_buf_room(&b, want) : 0;
        if (!w) break;
        k = ts_input_read(in, w, want, e);
        if (k > 0) b.n += (size_t)k;
    } while (k > 0);
    ts_input_close(in);
    if (k < 0) return false;
    if (b.n > max) {
        ts_fail(e, TS_E_LIMIT, "is larger than the %zu bytes allowed here", max);
        return ts_fail_at(e, path, 0, 0);
    }
    *out = ts_buf_str(&b);
    return true;
}

/* ---- replacing ---- */

bool ts_replace_begin(ts_replacement *r, const char *path, ts_error *e) {
    r->fd = -1;
    r->temp[0] = 0;
    if (strlen(path) >= sizeof r->path) return ts_fail(e, TS_E_IO, "the path is too long");
    snprintf(r->path, sizeof r->path, "%s", path);
    struct stat st;
    bool device = stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
    if (!device) snprintf(r->temp, sizeof r->temp, "%s.tmp-%ld", path, (long)getpid());
    r->fd = device ? open(path, O_WRONLY | O_CLOEXEC)
                   : open(r->temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (r->fd >= 0) return true;
    ts_fail_errno(e, TS_E_IO, errno, "cannot create the file");
    return ts_fail_at(e, path, 0, 0);
}

static bool sync_folder_of(const char *path) {
    char dir[1024];
    const char *slash = strrchr(path, '/');
    if (slash == path)
        snprintf(dir, sizeof dir, "/");
    else if (slash)
        snprintf(dir, sizeof dir, "%.*s", (int)(slash - path), path);
    else
        snprintf(dir, sizeof dir, ".");
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

bool ts_replace_commit(ts_replacement *r, ts_error *e) {
    bool device = !r->temp[0], ok = device || fsync(r->fd) == 0;
    int err = errno;
    if (close(r->fd) != 0 && ok) ok = false, err = errno;
    r->fd = -1;
    if (ok && device) return true;
    if (ok && rename(r->temp, r->path) != 0) ok = false, err = errno;
    if (!ok) {
        ts_fail_errno(e, TS_E_IO, err, "cannot put the file in place");
        return ts_fail_at(e, r->path, 0, 0);
    }
    r->temp[0] = 0;
    sync_folder_of(r->path);
    return true;
}

void ts_replace_abandon(ts_replacement *r) {
    if (r->fd >= 0) close(r->fd);
    if (r->temp[0]) unlink(r->temp);
    r->fd = -1;
    r->temp[0] = 0;
}

bool ts_file_replace(const char *path, ts_str bytes, ts_error *e) {
    ts_replacement r;
    bool ok = ts_replace_begin(&r, path, e) && ts_fd_write(r.fd, bytes, path, e) &&
              ts_replace_commit(&r, e);
    ts_replace_abandon(&r);
    return ok;
}

/* ---- mapping ---- */

bool ts_mapping_open(ts_mapping *m, const char *path, ts_error *e) {
    *m = (ts_mapping){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        ts_fail_errno(e, errno == ENOENT ? TS_E_NOT_FOUND : TS_E_IO, errno, "cannot open");
        if (fd >= 0) close(fd);
        return ts_fail_at(e, path, 0, 0);
    }
    void *p = st.st_size > 0 ? mmap(0, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0) : 0;
    close(fd);
    if (p == MAP_FAILED) {
        ts_fail_errno(e, TS_E_IO, errno, "cannot map");
        return ts_fail_at(e, path, 0, 0);
    }
    m->bytes = (ts_str){p, p ? (size_t)st.st_size : 0};
    return true;
}

void ts_mapping_close(ts_mapping *m) {
    if (m->bytes.p) munmap((void *)(uintptr_t)m->bytes.p, m->bytes.n);
    *m = (ts_mapping){0};
}

/* ---- places ---- */

bool ts_share_find(ts_arena *a, const char *name, const char **path, ts_error *e) {
    const char *env = getenv("TOUCHSTONE_SHARE");
    const char *dirs[3];
    size_t n = 0;
    if (env && *env) dirs[n++] = env;
    dirs[n++] = TS_PREFIX "/share/touchstone";
    dirs[n++] = TS_SOURCE_DIR;
    ts_buf tried = ts_buf_new(a, 4096);
    for (size_t i = 0; i < n; i++) {
        ts_buf b = ts_buf_new(a, 4096);
        ts_buf_fmt(&b, "%s/%s", dirs[i], name);
        const char *p = ts_str_z(a, ts_buf_str(&b));
        if (access(p, R_OK) == 0) return *path = p, true;
        ts_buf_fmt(&tried, "%s%s", i ? ", " : "", dirs[i]);
    }
    return ts_fail(e, TS_E_NOT_FOUND,
                   "'%s' is missing; looked in %.*s (name the folder with --share)", name,
                   TS_P(ts_buf_str(&tried)));
}
