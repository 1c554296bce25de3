#include "run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

bool sanitized(void) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

static ts_str printed(ts_arena *a, const char *fmt, const char *x, const char *y) {
    ts_buf b = ts_buf_new(a, 2000);
    ts_buf_fmt(&b, fmt, x, y);
    ts_buf_c(&b, 0);
    return ts_buf_str(&b);
}

const char *temp_path(ts_arena *a, const char *name) {
    return printed(a, "%s%s", test_temp(name), "").p;
}
const char *here(ts_arena *a, const char *name) {
    return printed(a, "%s/tests/%s", TS_SOURCE_DIR, name).p;
}

static const char *program(ts_arena *a) {
    const char *p = getenv("TOUCHSTONE");
    if (p && *p) return p;
    char self[1024]; /* run by hand: BUILD/tests/test_X beside BUILD/touchstone */
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(n > 0);
    self[n] = 0;
    for (int up = 0; up < 2; up++) *strrchr(self, '/') = 0;
    return printed(a, "%s%s", self, "/touchstone").p;
}

static void set_limits(void) {
    struct rlimit cpu = {120, 130}, file = {2u << 30, 2u << 30};
    setrlimit(RLIMIT_CPU, &cpu);
    setrlimit(RLIMIT_FSIZE, &file);
}

static void point(int fd, int to) {
    if (fd < 0) _exit(126);
    dup2(fd, to);
    if (fd > 2) close(fd);
}

/* In the child. */
static void become(const run_how *how, const char *path, const char *const *args, const char *in,
                   const char *out, const char *err) {
    int ends[2];
    point(open(in, O_RDONLY | O_CLOEXEC), 0);
    point(open(err, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), 2);
    if (how->broken_pipe) {
        if (pipe(ends) != 0) _exit(126);
        close(ends[0]);
        point(ends[1], 1);
    } else {
        point(open(how->out ? how->out : out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), 1);
    }
    if (how->close_out) close(1);
    set_limits();
    if (how->folder && chdir(how->folder) != 0) _exit(126);
    setenv("LC_ALL", "C", 1);
    setenv("COLUMNS", "100", 1);
    unsetenv("TOUCHSTONE_SHARE");
    if (how->uid && (setresgid(how->uid, how->uid, how->uid) != 0 ||
                     setresuid(how->uid, how->uid, how->uid) != 0))
        _exit(126);
    execv(path, (char *const *)(uintptr_t)args);
    _exit(126);
}

static void signal_later(pid_t child, const run_how *how) {
    if (!how->signal_at) return;
    struct timespec t = {(time_t)(how->signal_at / 1000000000u),
                         (long)(how->signal_at % 1000000000u)};
    nanosleep(&t, 0);
    kill(child, how->signal);
}

ran run_list(ts_arena *a, run_how how, const char *const *args) {
    static int count;
    char name[64];
    const char *files[3];
    static const char *const kinds[] = {"in", "out", "err"};
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "run-%d.%s", count, kinds[i]);
        files[i] = temp_path(a, name);
    }
    count++;
    if (how.input.n)
        test_write(files[0], how.input);
    else
        files[0] = "/dev/null";
    test_write(files[1], TS_NONE); /* they exist even when the program is killed at once */
    test_write(files[2], TS_NONE);
    const char *path = program(a);
    ran r = {0};
    struct rusage used;
    int st;
    uint64_t start = ts_nanos();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) become(&how, path, args, files[0], files[1], files[2]);
    signal_later(child, &how);
    assert_int_equal(wait4(child, &st, 0, &used), child);
    r.seconds = (double)(ts_nanos() - start) / 1e9;
    r.status = WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
    r.cpu_seconds = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    r.peak_kib = used.ru_maxrss;
    ts_error e;
    if (!how.out && !how.broken_pipe) assert_true(ts_file_read(a, files[1], 1u << 30, &r.out, &e));
    assert_true(ts_file_read(a, files[2], 1u << 28, &r.err, &e));
    for (int i = 0; i < 3; i++)
        if (strcmp(files[i], "/dev/null") != 0) unlink(files[i]);
    assert_int_not_equal(r.status, 126);
    return r;
}

ran run_program(ts_arena *a, run_how how, ...) {
    const char *args[64] = {"touchstone"};
    size_t n = 1;
    va_list ap;
    va_start(ap, how);
    while (n < 63 && (args[n] = va_arg(ap, const char *))) n++;
    va_end(ap);
    args[n] = 0;
    return run_list(a, how, args);
}

void run_assert_status(const ran *r, int want, const char *file, int line) {
    if (r->status == want) return;
    print_error("%s:%d: exit status %d, not %d; it said:\n%.*s\n", file, line, r->status, want,
                TS_P(ts_str_clip(r->err, 4000)));
    _fail(file, line);
}

void run_assert_says(ts_str s, const char *part, bool want, const char *file, int line) {
    if ((ts_str_find(s, ts_str_c(part)) != TS_NPOS) == want) return;
    print_error("%s:%d: '%s' is %s in:\n%.*s\n", file, line, part, want ? "not" : "there",
                TS_P(ts_str_clip(s, 4000)));
    _fail(file, line);
}

size_t run_count(ts_str s, const char *part) {
    size_t n = 0, at;
    while ((at = ts_str_find(s, ts_str_c(part))) != TS_NPOS)
        s = ts_str_from(s, at + strlen(part)), n++;
    return n;
}
