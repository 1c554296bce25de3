#include "thread.h"

#include <sched.h>

void ts_queue_init(ts_queue *q, void **slots, size_t cap) {
    *q = (ts_queue){.v = slots, .cap = cap};
    pthread_mutex_init(&q->lock, 0);
    pthread_cond_init(&q->changed, 0);
}

void ts_queue_destroy(ts_queue *q) {
    pthread_cond_destroy(&q->changed);
    pthread_mutex_destroy(&q->lock);
}

bool ts_queue_put(ts_queue *q, void *item) {
    pthread_mutex_lock(&q->lock);
    while (q->n == q->cap && !q->closed) pthread_cond_wait(&q->changed, &q->lock);
    bool ok = !q->closed;
    if (ok) {
        q->v[(q->head + q->n++) % q->cap] = item;
        pthread_cond_broadcast(&q->changed);
    }
    pthread_mutex_unlock(&q->lock);
    return ok;
}

void *ts_queue_take(ts_queue *q) {
    void *item = 0;
    pthread_mutex_lock(&q->lock);
    while (q->n == 0 && !q->closed) pthread_cond_wait(&q->changed, &q->lock);
    if (q->n) {
        item = q->v[q->head];
        q->head = (q->head + 1) % q->cap;
        q->n--;
        pthread_cond_broadcast(&q->changed);
    }
    pthread_mutex_unlock(&q->lock);
    return item;
}

void ts_queue_close(ts_queue *q) {
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->lock);
}

bool ts_thread_start(pthread_t *t, void *(*fn)(void *), void *arg, ts_error *e) {
    int rc = pthread_create(t, 0, fn, arg);
    return rc == 0 || ts_fail_errno(e, TS_E_IO, rc, "cannot start a thread");
}

unsigned ts_cpu_count(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : (unsigned)n;
}
