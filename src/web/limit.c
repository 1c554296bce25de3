#include "limit.h"

#include <pthread.h>

enum { SHARDS = 64, WAYS = 8, SETS = 256 };
enum { WHOLE = 60000 }; /* a request in units that refill `rate` times a millisecond */

typedef struct bucket {
    uint64_t key;  /* 0 = free */
    uint64_t used; /* units taken that have not come back yet, at `at` */
    uint64_t at;
} bucket;

struct web_limit {
    uint64_t seed;
    unsigned rate;
    struct shard {
        pthread_mutex_t lock;
        bucket (*set)[WAYS]; /* SETS of them */
    } shard[SHARDS];
};

web_limit *web_limit_new(ts_arena *a, unsigned rate, ts_error *e) {
    web_limit *l = ts_new(a, web_limit);
    l->rate = rate;
    if (!ts_random_secret(&l->seed, sizeof l->seed, e)) return 0;
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_init(&l->shard[i].lock, 0);
        l->shard[i].set = ts_alloc(a, sizeof(bucket[WAYS]), _Alignof(bucket), SETS);
    }
    return l;
}

void web_limit_free(web_limit *l) {
    for (size_t i = 0; l && i < SHARDS; i++) pthread_mutex_destroy(&l->shard[i].lock);
}

/* What is still used up at `now`. */
static uint64_t used_at(const web_limit *l, const bucket *b, uint64_t now) {
    uint64_t back = now > b->at ? (now - b->at) * l->rate : 0;
    return b->used > back ? b->used - back : 0;
}

/* The address's own bucket, a free one, or that of the address that asked least. */
static bucket *bucket_of(const web_limit *l, bucket *set, uint64_t key, uint64_t now) {
    bucket *best = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == key) return &set[i];
        if (best->key && (!set[i].key || used_at(l, &set[i], now) < used_at(l, best, now)))
            best = &set[i];
    }
    *best = (bucket){.key = key, .at = now};
    return best;
}

bool web_limit_take(web_limit *l, ts_str address, uint64_t now) {
    uint64_t h = ts_hash_seed(address, l->seed);
    struct shard *s = &l->shard[h % SHARDS];
    pthread_mutex_lock(&s->lock);
    bucket *b = bucket_of(l, s->set[h / SHARDS % SETS], h | 1, now);
    uint64_t used = used_at(l, b, now);
    bool may = used + WHOLE <= (uint64_t)l->rate * WHOLE;
    b->used = may ? used + WHOLE : used;
    b->at = now;
    pthread_mutex_unlock(&s->lock);
    return may;
}
