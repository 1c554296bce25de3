#include "shim.h"

#include <sqlite3.h>
#include <unistd.h>

enum { FILES_MAX = 16, CHANGES_MAX = 65536 };

/* A write (bytes at an offset) or, with data NULL, a truncation to an offset. */
typedef struct change {
    uint64_t offset;
    char *data;
    size_t n;
} change;

/* What is known of one file: what would survive, and what has been done to it since. */
typedef struct tracked {
    char path[512];
    char *synced;
    size_t n;
    change changes[CHANGES_MAX];
    size_t changes_n;
} tracked;

typedef struct shim_file {
    sqlite3_file base;
    tracked *t; /* NULL: a temporary file, of no interest */
    sqlite3_file *real;
} shim_file;

static struct {
    sqlite3_vfs vfs, *below;
    shim_mode mode;
    uint64_t at, operations;
    bool struck;
    ts_random random;
    tracked *files[FILES_MAX];
} shim;

/* ---- what would survive ---- */

static void load(tracked *t) {
    FILE *f = fopen(t->path, "rb");
    t->n = 0;
    if (!f) return;
    fseek(f, 0, SEEK_END);
    t->n = (size_t)ftell(f);
    rewind(f);
    t->synced = realloc(t->synced, t->n + 1);
    assert_int_equal(fread(t->synced, 1, t->n, f), t->n);
    fclose(f);
}

static tracked *track(const char *path) {
    size_t i = 0;
    for (; i < FILES_MAX && shim.files[i]; i++)
        if (strcmp(shim.files[i]->path, path) == 0) return shim.files[i];
    assert_true(i < FILES_MAX);
    tracked *t = shim.files[i] = calloc(1, sizeof *t);
    snprintf(t->path, sizeof t->path, "%s", path);
    load(t);
    return t;
}

static void apply(tracked *t, const change *c) {
    size_t end = (size_t)c->offset + c->n;
    if (!c->data) {
        if (c->offset < t->n) t->n = (size_t)c->offset;
        return;
    }
    if (end > t->n) {
        t->synced = realloc(t->synced, end + 1);
        memset(t->synced + t->n, 0, end - t->n);
        t->n = end;
    }
    memcpy(t->synced + c->offset, c->data, c->n);
}

static void forget_changes(tracked *t) {
    for (size_t i = 0; i < t->changes_n; i++) free(t->changes[i].data);
    t->changes_n = 0;
}

static void synced(tracked *t) {
    for (size_t i = 0; i < t->changes_n; i++) apply(t, &t->changes[i]);
    forget_changes(t);
}

static void note(tracked *t, uint64_t offset, const void *data, size_t n) {
    if (!t) return;
    assert_true(t->changes_n < CHANGES_MAX);
    change *c = &t->changes[t->changes_n++];
    *c = (change){offset, data ? malloc(n + 1) : 0, n};
    if (data) memcpy(c->data, data, n);
}

/* The disk as it is found when the power is back. */
static void restore(tracked *t) {
    bool some = shim.at % 2 == 1; /* every other cut keeps a part of what was on its way */
    for (size_t i = 0; some && i < t->changes_n; i++)
        if (ts_random_below(&shim.random, 2)) apply(t, &t->changes[i]);
    if (!t->n) {
        unlink(t->path);
        return;
    }
    FILE *f = fopen(t->path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(t->synced, 1, t->n, f), t->n);
    fclose(f);
}

/* Counts an operation; true when it must not happen. */
static bool cut(void) {
    if (shim.mode == SHIM_FULL) return false;
    shim.operations += !shim.struck;
    if (shim.mode == SHIM_POWER_CUT && shim.operations == shim.at) shim.struck = true;
    return shim.struck;
}

/* ---- files ---- */

static sqlite3_file *real(sqlite3_file *f) { return ((shim_file *)f)->real; }
static tracked *of(sqlite3_file *f) { return ((shim_file *)f)->t; }

static int x_close(sqlite3_file *f) { return real(f)->pMethods->xClose(real(f)); }
static int x_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at) {
    return real(f)->pMethods->xRead(real(f), p, n, at);
}
static int x_size(sqlite3_file *f, sqlite3_int64 *n) {
    return real(f)->pMethods->xFileSize(real(f), n);
}
static int x_lock(sqlite3_file *f, int level) { return real(f)->pMethods->xLock(real(f), level); }
static int x_unlock(sqlite3_file *f, int level) {
    return real(f)->pMethods->xUnlock(real(f), level);
}
static int x_check(sqlite3_file *f, int *out) {
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}
static int x_sector(sqlite3_file *f) { return real(f)->pMethods->xSectorSize(real(f)); }
static int x_device(sqlite3_file *f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
static int x_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **p) {
    return real(f)->pMethods->xShmMap(real(f), page, size, extend, p);
}
static int x_shm_lock(sqlite3_file *f, int at, int n, int flags) {
    return real(f)->pMethods->xShmLock(real(f), at, n, flags);
}
static void x_shm_barrier(sqlite3_file *f) { real(f)->pMethods->xShmBarrier(real(f)); }
static int x_shm_unmap(sqlite3_file *f, int remove) {
    return real(f)->pMethods->xShmUnmap(real(f), remove);
}

static int x_control(sqlite3_file *f, int op, void *arg) {
    if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE)
        return SQLITE_NOTFOUND; /* would grow the file unseen */
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int write_full(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) {
    bool first = ++shim.operations == shim.at;
    if (shim.operations < shim.at) return real(f)->pMethods->xWrite(real(f), p, n, at);
    shim.struck = true;
    if (first) real(f)->pMethods->xWrite(real(f), p, n / 2, at);
    return SQLITE_FULL;
}

static int x_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) {
    if (!of(f)) return real(f)->pMethods->xWrite(real(f), p, n, at);
    if (shim.mode == SHIM_FULL) return write_full(f, p, n, at);
    if (!shim.struck)
        note(of(f), (uint64_t)at, p, (size_t)n); /* the one that is cut short may still arrive */
    if (cut()) return SQLITE_IOERR_WRITE;
    return real(f)->pMethods->xWrite(real(f), p, n, at);
}

static int x_truncate(sqlite3_file *f, sqlite3_int64 size) {
    if (of(f) && cut()) return SQLITE_IOERR_TRUNCATE;
    note(of(f), (uint64_t)size, 0, 0);
    return real(f)->pMethods->xTruncate(real(f), size);
}

static int x_sync(sqlite3_file *f, int flags) {
    if (of(f) && cut()) return SQLITE_IOERR_FSYNC;
    if (of(f)) synced(of(f));
    return (void)flags, SQLITE_OK; /* the system is not asked: what would survive is kept here */
}

static const sqlite3_io_methods methods = {
    2,          x_close,       x_read,      x_write,   x_truncate, x_sync,   x_size,
    x_lock,     x_unlock,      x_check,     x_control, x_sector,   x_device, x_shm_map,
    x_shm_lock, x_shm_barrier, x_shm_unmap, 0,         0,
};

static int x_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out) {
    (void)v;
    shim_file *s = (shim_file *)f;
    s->real = (sqlite3_file *)(s + 1);
    bool keep =
        name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL));
    s->t = keep ? track(name) : 0;
    int rc = shim.below->xOpen(shim.below, name, s->real, flags, out);
    s->base.pMethods = s->real->pMethods ? &methods : 0;
    return rc;
}

static int x_delete(sqlite3_vfs *v, const char *name, int sync) {
    (void)v;
    if (cut()) return SQLITE_IOERR_DELETE;
    tracked *t = track(name);
    forget_changes(t);
    t->n = 0;
    return shim.below->xDelete(shim.below, name, sync);
}

/* ---- on and off ---- */

void shim_on(shim_mode mode, uint64_t at, uint64_t seed) {
    sqlite3_vfs *below = sqlite3_vfs_find("unix");
    assert_non_null(below);
    memset(&shim, 0, sizeof shim);
    shim.below = below;
    shim.vfs = *below;
    shim.vfs.zName = "touchstone-test-shim";
    shim.vfs.szOsFile = (int)sizeof(shim_file) + below->szOsFile;
    shim.vfs.pNext = 0;
    shim.vfs.xOpen = x_open;
    shim.vfs.xDelete = x_delete;
    shim.mode = mode;
    shim.at = at;
    shim.random = ts_random_seed(seed);
    assert_int_equal(sqlite3_vfs_register(&shim.vfs, 1), SQLITE_OK);
}

uint64_t shim_off(void) {
    sqlite3_vfs_unregister(&shim.vfs);
    sqlite3_vfs_register(shim.below, 1);
    for (size_t i = 0; i < FILES_MAX && shim.files[i]; i++) {
        tracked *t = shim.files[i];
        if (shim.mode == SHIM_POWER_CUT && shim.struck) restore(t);
        forget_changes(t);
        free(t->synced);
        free(t);
    }
    return shim.operations;
}

bool shim_struck(void) { return shim.struck; }
