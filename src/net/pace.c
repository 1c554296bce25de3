/* How fast one run may ask. */
#include "pace.h"

#include <pthread.h>

/* Hosts share a slot where their hashes meet. Then they wait for each other: slower than need be,
 * never faster than promised, and the table never grows. */
enum { SLOTS = 1024 };

struct ts_pace {
    pthread_mutex_t lock;
    uint64_t gap, max, used;
    uint64_t next[SLOTS]; /* when the next request may start */
};

ts_pace *ts_pace_new(ts_arena *a, unsigned gap_ms, uint64_t max_requests) {
    ts_pace *p = ts_new(a, ts_pace);
    pthread_mutex_init(&p->lock, 0);
    p->gap = (uint64_t)gap_ms * 1000000;
    p->max = max_requests;
    return p;
}

void ts_pace_free(ts_pace *p) {
    if (p) pthread_mutex_destroy(&p->lock);
}

uint64_t ts_pace_used(ts_pace *p) {
    pthread_mutex_lock(&p->lock);
    uint64_t used = p->used;
    pthread_mutex_unlock(&p->lock);
    return used;
}

bool net_pace_take(ts_pace *p, ts_str host, uint64_t *at, ts_error *e) {
    uint64_t *slot = &p->next[ts_hash(host) % SLOTS], now = ts_nanos();
    pthread_mutex_lock(&p->lock);
    bool allowed = !p->max || p->used < p->max;
    if (allowed) {
        p->used++;
        *at = *slot > now ? *slot : now;
        *slot = *at + p->gap;
    }
    pthread_mutex_unlock(&p->lock);
    if (allowed) return true;
    return ts_fail(e, TS_E_LIMIT, "this run's %llu requests are used up; go on in another run",
                   (unsigned long long)p->max);
}

void net_pace_hold(ts_pace *p, ts_str host, uint64_t until) {
    uint64_t *slot = &p->next[ts_hash(host) % SLOTS];
    pthread_mutex_lock(&p->lock);
    if (*slot < until) *slot = until;
    pthread_mutex_unlock(&p->lock);
}
