/* pace.h - what the fetch needs of a pace. */
#ifndef TS_NET_PACE_H
#define TS_NET_PACE_H

#include "net.h"

/* Counts a request to `host` and says when it may start (*at, in ts_nanos). False with TS_E_LIMIT
 * when the run's allowance is used up. */
bool net_pace_take(ts_pace *p, ts_str host, uint64_t *at, ts_error *e);

/* No request to `host` before `until`: what a Retry-After asks of every thread. */
void net_pace_hold(ts_pace *p, ts_str host, uint64_t until);

#endif
