#include "stages.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct stage_head {
    uint64_t key, bytes;
    ts_digest digest; /* of the bytes */
} stage_head;

static uint64_t key_of(const char *what, unsigned part) {
    return ts_hash_seed(ts_str_c(what), part + 1);
}

/* Tells one training from another. */
static uint64_t training_of(const dataset *d, const train_options *o) {
    uint64_t h = ts_hash((ts_str){(const char *)d->x, d->n * TS_FEATURES * sizeof *d->x});
    h = ts_hash_seed((ts_str){(const char *)d->y, d->n * sizeof *d->y}, h);
    for (size_t i = 0; i < d->n; i++) { /* what a fold is asked, and what it must not have seen */
        const dataset_row *r = &d->row[i];
        h = ts_mix(h ^ ((uint64_t)r->fold << 16 | (uint64_t)r->fold_left << 8 | r->fold_right));
    }
    uint64_t options[] = {o->seed, o->without, o->rounds, o->epochs, o->monotone, TS_FEATURES};
    h = ts_hash_seed((ts_str){(const char *)options, sizeof options}, h);
    return ts_hash_seed(TS_S(TS_VERSION), h);
}

/* Takes over the records that are whole; returns where they end. */
static off_t take_over(stages *s, int fd, uint64_t training) {
    stage_head h;
    struct stat st;
    off_t end = 0;
    bool first = true;
    if (fstat(fd, &st) != 0) return 0;
    while (pread(fd, &h, sizeof h, end) == (ssize_t)sizeof h &&
           h.bytes <= (uint64_t)(st.st_size - end) - sizeof h) {
        char *p = ts_alloc_raw(s->a, 1, 8, h.bytes);
        if (pread(fd, p, h.bytes, end + (off_t)sizeof h) != (ssize_t)h.bytes) break;
        ts_str bytes = {p, h.bytes};
        if (!ts_digest_eq(ts_digest_of(bytes), h.digest)) break;
        if (first && (h.key != training || h.bytes)) break;
        if (!first) *ts_push(s->a, &s->kept) = (struct stage){h.key, bytes};
        first = false;
        end += (off_t)(sizeof h + h.bytes);
    }
    return end;
}

static void append(stages *s, uint64_t key, ts_str bytes) {
    stage_head h = {key, bytes.n, ts_digest_of(bytes)};
    ts_error ignored = {0}; /* resuming is a convenience: a full disk does not end a training */
    if (!s->fd) return;
    if (!ts_fd_write(s->fd, (ts_str){(const char *)&h, sizeof h}, s->path, &ignored) ||
        !ts_fd_write(s->fd, bytes, s->path, &ignored)) {
        ts_log_error(&ignored);
        close(s->fd);
        s->fd = 0;
    }
}

void stages_open(stages *s, ts_arena *a, const char *path, const dataset *d,
                 const train_options *o) {
    *s = (stages){.path = path, .a = a};
    if (!path) return;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return;
    uint64_t training = training_of(d, o);
    off_t end = take_over(s, fd, training);
    if (ftruncate(fd, end) != 0 || lseek(fd, end, SEEK_SET) < 0) {
        close(fd);
        return;
    }
    s->fd = fd;
    if (!end) append(s, training, TS_NONE);
    if (s->kept.n) ts_log_note("going on with %zu finished parts of %s", s->kept.n, path);
}

ts_str stages_get(const stages *s, const char *what, unsigned part) {
    uint64_t key = key_of(what, part);
    for (size_t i = 0; i < s->kept.n; i++)
        if (s->kept.v[i].key == key) return s->kept.v[i].bytes;
    return TS_NONE;
}

void stages_put(stages *s, const char *what, unsigned part, ts_str bytes) {
    append(s, key_of(what, part), bytes);
}

void stages_close(stages *s, bool done) {
    if (s->fd) close(s->fd);
    if (s->fd && done) unlink(s->path);
    s->fd = 0;
}
