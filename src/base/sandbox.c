#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "time.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* What comes over the pipe: this, then the answer. */
typedef struct head {
    uint64_t n; /* bytes that follow */
    bool ok;
    ts_error e;
} head;

/* ---- the child ---- */

/* Memory, its own pipe, the clock, locks, and leaving. */
static bool filter(int pipe) {
    static const int calls[] = {
        SCMP_SYS(exit),
        SCMP_SYS(exit_group),
        SCMP_SYS(brk),
        SCMP_SYS(munmap),
        SCMP_SYS(mremap),
        SCMP_SYS(madvise),
        SCMP_SYS(mprotect),
        SCMP_SYS(futex),
        SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(rt_sigaction),
        SCMP_SYS(clock_gettime),
        SCMP_SYS(gettimeofday),
        SCMP_SYS(getpid),
        SCMP_SYS(gettid),
        SCMP_SYS(tgkill),
        SCMP_SYS(sched_yield),
        SCMP_SYS(sigaltstack),
        SCMP_SYS(restart_syscall),
        SCMP_SYS(getrandom),
        SCMP_SYS(sched_getaffinity),
        SCMP_SYS(sysinfo),
    };
    static const struct {
        uint32_t action;
        int call;
        struct scmp_arg_cmp argument;
    } some[] = {
        /* memory of its own only: no file is mapped */
        {SCMP_ACT_ALLOW, SCMP_SYS(mmap), {4, SCMP_CMP_EQ, 0xFFFFFFFF, 0}},
        {SCMP_ACT_ALLOW, SCMP_SYS(mmap), {4, SCMP_CMP_EQ, (scmp_datum_t)-1, 0}},
        /* what libraries say about damaged pictures goes nowhere */
        {SCMP_ACT_ERRNO(EBADF), SCMP_SYS(write), {0, SCMP_CMP_EQ, 2, 0}},
    };
    const struct scmp_arg_cmp answer = {0, SCMP_CMP_EQ, (scmp_datum_t)pipe, 0};
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!f) return false;
    int rc = seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, &answer);
    for (size_t i = 0; !rc && i < sizeof calls / sizeof *calls; i++)
        rc = seccomp_rule_add_array(f, SCMP_ACT_ALLOW, calls[i], 0, 0);
    for (size_t i = 0; !rc && i < sizeof some / sizeof *some; i++)
        rc = seccomp_rule_add_array(f, some[i].action, some[i].call, 1, &some[i].argument);
    if (!rc) /* nor do the tables of character sets come that the C library would look for */
        rc = seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0, 0);
    if (!rc) rc = seccomp_load(f);
    seccomp_release(f);
    return rc == 0;
}

static void limit(int what, rlim_t value) {
    /* the hard limit on time is later, so that the signal tells what happened */
    const struct rlimit r = {value, what == RLIMIT_CPU ? value + 1 : value};
    setrlimit(what, &r);
}

/* What the parent does about signals is not for the child. */
static void default_signals(void) {
    for (int i = 1; i < 32; i++) signal(i, SIG_DFL);
}

/* Everything but the pipe is closed. */
static void close_others(int pipe) {
    if (pipe > 3) syscall(SYS_close_range, 3u, (unsigned)pipe - 1, 0u);
    syscall(SYS_close_range, (unsigned)pipe + 1, ~0u, 0u);
    close(0);
    close(1);
}

static size_t address_space(void) {
    FILE *f = fopen("/proc/self/statm", "re");
    unsigned long pages = 0;
    if (f && fscanf(f, "%lu", &pages) != 1) pages = 0;
    if (f) fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static bool confine(int pipe, ts_sandbox_limits l) {
    size_t now = address_space();
    default_signals();
    close_others(pipe);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CPU, l.seconds);
    if (!SANITIZED && now) limit(RLIMIT_AS, now + l.memory);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && (SANITIZED || filter(pipe));
}

static bool put(int fd, const void *p, size_t n) {
    const char *from = p;
    while (n) {
        ssize_t k = write(fd, from, n);
        if (k < 0 && errno == EINTR) continue;
        if (k <= 0) return false;
        from += k;
        n -= (size_t)k;
    }
    return true;
}

typedef struct work {
    bool (*fn)(void *ctx, ts_str input, ts_buf *out, ts_error *e);
    void *ctx;
    ts_str input;
    ts_buf *out;
} work;

static bool guarded(void *ctx, ts_arena *a, ts_error *e) {
    work *w = ctx;
    w->out->a = a;
    return w->fn(w->ctx, w->input, w->out, e);
}

static _Noreturn void child(int pipe, ts_arena a, work w, ts_sandbox_limits l) {
    head h = {.n = 0};
    ts_buf out = ts_buf_new(&a, l.max_out);
    if (!confine(pipe, l)) {
        ts_fail(&h.e, TS_E_IO, "the sandbox could not be set up: it needs seccomp");
        put(pipe, &h, sizeof h);
        _exit(0);
    }
    w.out = &out;
    h.ok = ts_arena_guard(guarded, &w, &a, &h.e);
    if (h.ok && out.full)
        h.ok = ts_fail(&h.e, TS_E_LIMIT, "the answer is larger than %zu bytes", l.max_out);
    h.n = h.ok ? out.n : 0;
    if (put(pipe, &h, sizeof h)) put(pipe, out.p, h.n);
    _exit(0);
}

/* ---- the parent ---- */

/* Reads n bytes before the deadline; 1 done, 0 the other end closed, -1 too late or failed. */
static int get(int fd, void *to, size_t n, uint64_t deadline) {
    char *at = to;
    while (n) {
        uint64_t now = ts_nanos();
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (now >= deadline) return -1;
        int ready = poll(&p, 1, (int)((deadline - now) / 1000000) + 1);
        if (ready < 0 && errno != EINTR) return -1;
        if (ready <= 0) continue;
        ssize_t k = read(fd, at, n);
        if (k < 0 && errno == EINTR) continue;
        if (k <= 0) return (int)k;
        at += k;
        n -= (size_t)k;
    }
    return 1;
}

static bool died(int status, bool late, ts_sandbox_limits l, ts_error *e) {
    int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (late || sig == SIGXCPU)
        return ts_fail(e, TS_E_LIMIT, "took longer than %u seconds and was given up", l.seconds);
    if (sig == SIGSYS)
        return ts_fail(e, TS_E_INPUT, "made its decoder do what it may not, and was stopped");
    if (sig) return ts_fail(e, TS_E_INPUT, "made its decoder crash (signal %d)", sig);
    return ts_fail(e, TS_E_LIMIT, "needed more memory than it may have");
}

static bool receive(ts_arena *a, int fd, uint64_t deadline, head *h, size_t max, ts_str *answer,
                    bool *late) {
    int got = get(fd, h, sizeof *h, deadline);
    *late = got < 0;
    if (got != 1 || h->n > max) return false;
    char *bytes = ts_new_raw(a, char, h->n);
    got = get(fd, bytes, h->n, deadline);
    *late = got < 0;
    *answer = (ts_str){bytes, h->n};
    return got == 1 || h->n == 0;
}

bool ts_sandbox_run(ts_arena *a, bool (*fn)(void *ctx, ts_str input, ts_buf *out, ts_error *e),
                    void *ctx, ts_str input, ts_sandbox_limits l, ts_str *answer, ts_error *e) {
    int fd[2], status = 0;
    bool late;
    head *h = ts_new(a, head);
    if (!l.max_out) l.max_out = 1 << 20;
    if (!l.memory) l.memory = (size_t)1 << 30;
    if (!l.seconds) l.seconds = 10;
    ts_arena mark = *a; /* room for the answer before the pipe is held */
    ts_new_raw(a, char, l.max_out);
    *a = mark;
    if (pipe2(fd, O_CLOEXEC) != 0) return ts_fail_errno(e, TS_E_IO, errno, "cannot make a pipe");
    pid_t pid = fork();
    if (pid == 0) {
        close(fd[0]);
        child(fd[1], *a, (work){fn, ctx, input, 0}, l);
    }
    int why = errno;
    close(fd[1]);
    if (pid < 0) {
        close(fd[0]);
        return ts_fail_errno(e, TS_E_IO, why, "cannot start the sandbox");
    }
    bool ok = receive(a, fd[0], ts_nanos() + (uint64_t)l.seconds * 2000000000u, h, l.max_out,
                      answer, &late);
    close(fd[0]);
    if (!ok) kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    if (!ok) return died(late ? 0 : status, late, l, e);
    if (!h->ok && e) *e = h->e;
    return h->ok;
}
