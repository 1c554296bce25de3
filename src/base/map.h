/* map.h - a hash map from strings to 64-bit values, in an arena. Grows, never shrinks. */
#ifndef TS_BASE_MAP_H
#define TS_BASE_MAP_H

#include "hash.h"

typedef struct ts_map_slot {
    ts_str key; /* key.p == NULL: free */
    uint64_t hash, value;
} ts_map_slot;

typedef struct ts_map {
    ts_map_slot *v; /* cap slots, power of two */
    size_t n, cap;
} ts_map;

/* Address of the value for `key`, or NULL. */
uint64_t *ts_map_get(const ts_map *m, ts_str key);
/* Address of the value for `key`; a new one is 0 and *fresh (may be NULL) is set. The key's bytes
 * are not copied: they must live as long as the map. */
uint64_t *ts_map_put(ts_arena *a, ts_map *m, ts_str key, bool *fresh);

#endif
