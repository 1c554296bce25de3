/* thread.h - a bounded queue of pointers between threads, and threads that are always joined. */
#ifndef TS_BASE_THREAD_H
#define TS_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "error.h"

/* Many producers, many consumers, first in first out. */
typedef struct ts_queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void **v;
    size_t head, n, cap;
    bool closed;
} ts_queue;
/* `slots` is storage for `cap` pointers that outlives the queue. */
void ts_queue_init(ts_queue *q, void **slots, size_t cap);
void ts_queue_destroy(ts_queue *q);
/* Waits while full. False when the queue was closed: the item was not taken. */
bool ts_queue_put(ts_queue *q, void *item);
/* Waits while empty. NULL when closed and drained. */
void *ts_queue_take(ts_queue *q);
/* No more items: producers are refused, consumers drain what is left. */
void ts_queue_close(ts_queue *q);

/* Starts fn(arg). False with TS_E_IO when the system refuses. */
bool ts_thread_start(pthread_t *t, void *(*fn)(void *), void *arg, ts_error *e);
unsigned ts_cpu_count(void); /* processors this process may use, at least 1 */

#endif
