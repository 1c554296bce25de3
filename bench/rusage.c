/* rusage - runs a command and writes what it cost.
 *
 *   rusage [-m MIB] -o FILE COMMAND [ARGUMENT…]
 *
 * FILE gets the lines wall_s, cpu_s, peak_rss_bytes, status and over_limit. With -m the command is
 * ended when its resident memory passes MIB mebibytes; over_limit is then 1. Exit status: the
 * command's own, 137 when it was ended.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Resident memory of a process in bytes, or 0 when it has gone. */
static double resident(pid_t pid) {
    char path[64];
    long total, pages;
    snprintf(path, sizeof path, "/proc/%ld/statm", (long)pid);
    FILE *f = fopen(path, "r");
    if (!f) return 0;
    int n = fscanf(f, "%ld %ld", &total, &pages);
    fclose(f);
    return n == 2 ? (double)pages * (double)sysconf(_SC_PAGESIZE) : 0;
}

int main(int argc, char **argv) {
    double limit = 0;
    const char *out = NULL;
    for (int c; (c = getopt(argc, argv, "+m:o:")) != -1;) {
        if (c == 'm')
            limit = strtod(optarg, 0) * 1048576;
        else if (c == 'o')
            out = optarg;
        else
            return 2;
    }
    if (!out || optind == argc)
        return fprintf(stderr, "usage: rusage [-m MIB] -o FILE COMMAND…\n"), 2;
    double start = now();
    pid_t pid = fork();
    if (pid < 0) return perror("fork"), 1;
    if (pid == 0) {
        execvp(argv[optind], argv + optind);
        perror(argv[optind]);
        _exit(127);
    }
    int status = 0, over = 0;
    struct rusage u;
    for (pid_t done; (done = wait4(pid, &status, limit > 0 ? WNOHANG : 0, &u)) != pid;) {
        if (done < 0 && errno != EINTR) return perror("wait4"), 1;
        if (limit > 0 && !over && resident(pid) > limit) over = 1, kill(pid, SIGKILL);
        nanosleep(&(struct timespec){0, 2000000}, 0);
    }
    double wall = now() - start, cpu = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                                       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    FILE *f = fopen(out, "w");
    if (!f) return perror(out), 1;
    fprintf(f, "wall_s\t%.3f\ncpu_s\t%.3f\npeak_rss_bytes\t%.0f\nstatus\t%d\nover_limit\t%d\n",
            wall, cpu, (double)u.ru_maxrss * 1024, code, over);
    fclose(f);
    return code;
}
