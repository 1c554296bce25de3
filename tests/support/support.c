#include "support.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

ts_arena test_arena(void) { return ts_arena_new((size_t)1 << 32); }

void test_assert_str(ts_str s, const char *lit, const char *file, int line) {
    if (ts_str_is(s, lit)) return;
    print_error("%s:%d: '%.*s' is not '%s'\n", file, line, TS_P(s), lit);
    _fail(file, line);
}

const char *test_data(const char *name) {
    static char path[1024];
    const char *dir = getenv("TOUCHSTONE_DATA");
    if (dir && *dir)
        snprintf(path, sizeof path, "%s/%s", dir, name);
    else
        snprintf(path, sizeof path, "%s/../shared/data/%s", TS_SOURCE_DIR, name);
    if (access(path, R_OK) == 0) return path;
    print_message("skipped: %s is not at hand (docs/data.md says how to get it)\n", name);
    return 0;
}

static char temp_dir[] = "/tmp/touchstone-test-XXXXXX";
static bool temp_made;

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *f) {
    (void)st, (void)flag, (void)f;
    return remove(path);
}

static void remove_temp(void) { nftw(temp_dir, remove_one, 8, FTW_DEPTH | FTW_PHYS); }

const char *test_temp(const char *name) {
    static char path[1024];
    if (!temp_made) {
        assert_non_null(mkdtemp(temp_dir));
        temp_made = true;
        atexit(remove_temp);
    }
    snprintf(path, sizeof path, "%s/%s", temp_dir, name);
    return path;
}

void test_write(const char *path, ts_str bytes) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ts_error e;
    assert_true(fd >= 0);
    assert_true(ts_fd_write(fd, bytes, path, &e));
    close(fd);
}
