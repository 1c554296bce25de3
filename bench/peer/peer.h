/* peer.h - what the small programs of bench/ share: reading texts, CPU time, passes, figures.
 *
 * Usable from C and C++. A figure is a line "name<TAB>value" on standard output; `bench/peers`
 * collects them.
 */
#ifndef PEER_H
#define PEER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#ifdef __cplusplus
#define PEER_CAST(T, x) static_cast<T>(x)
#else
#define PEER_CAST(T, x) (x)
#endif

static inline void peer_die(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

/* User and system time of this process so far, all threads, in seconds. */
static inline double peer_cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static inline void peer_figure(const char *name, double v) { printf("%s\t%.6f\n", name, v); }

/* The last column of each line of a tab-separated file, which is the text. */
typedef struct peer_texts {
    char **v;
    size_t n;
} peer_texts;

static inline peer_texts peer_read(const char *path) {
    peer_texts t = {NULL, 0};
    size_t cap = 0, room = 0;
    char *line = NULL;
    FILE *f = fopen(path, "r");
    if (!f) peer_die(path, "cannot be read");
    for (ssize_t k; (k = getline(&line, &room, f)) > 0;) {
        if (line[k - 1] == '\n') line[--k] = 0;
        if (t.n == cap) {
            cap = cap ? cap * 2 : 1024;
            t.v = PEER_CAST(char **, realloc(t.v, cap * sizeof *t.v));
        }
        char *tab = strrchr(line, '\t');
        t.v[t.n] = strdup(tab ? tab + 1 : line);
        if (!t.v[t.n++]) peer_die(path, "out of memory");
    }
    free(line);
    fclose(f);
    return t;
}

/* Function words, one per line; `#` starts a comment. */
static inline peer_texts peer_stopwords(const char *path) {
    peer_texts all = peer_read(path);
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i][0] && all.v[i][0] != '#') all.v[n++] = all.v[i];
    all.n = n;
    return all;
}

static inline int peer_is_stopword(const peer_texts *stop, const char *p, size_t n) {
    for (size_t i = 0; i < stop->n; i++)
        if (strlen(stop->v[i]) == n && memcmp(stop->v[i], p, n) == 0) return 1;
    return 0;
}

/* Writes the numbers (from 1) of the best notices for a text to `out` (at most 10) and returns how
 * many. */
enum { PEER_TOP = 10 };
typedef size_t (*peer_search)(void *engine, const char *text, unsigned out[PEER_TOP]);

/* One pass over the texts that warms everything up and writes "offer<TAB>notice" lines to `results`
 * (may be NULL), then whole passes until `seconds` of CPU have been spent. Prints NAME_offers and
 * NAME_cpu_s. */
static inline void peer_run(const char *name, const char *path, const char *results, double seconds,
                            peer_search search, void *engine) {
    peer_texts t = peer_read(path);
    FILE *f = results ? fopen(results, "w") : NULL;
    unsigned best[PEER_TOP];
    if (results && !f) peer_die(results, "cannot be written");
    for (size_t i = 0; i < t.n; i++) {
        size_t n = search(engine, t.v[i], best);
        for (size_t k = 0; f && k < n; k++) fprintf(f, "%zu\t%u\n", i + 1, best[k]);
    }
    if (f) fclose(f);
    double start = peer_cpu(), spent = 0;
    size_t done = 0;
    do {
        for (size_t i = 0; i < t.n; i++) search(engine, t.v[i], best);
        done += t.n;
        spent = peer_cpu() - start;
    } while (t.n && spent < seconds);
    printf("%s_offers\t%zu\n%s_cpu_s\t%.6f\n", name, done, name, spent);
    fflush(stdout);
}

#endif
