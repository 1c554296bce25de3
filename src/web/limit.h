/* limit.h - how often one address may ask: a bucket for each that refills. Private to web/. */
#ifndef TS_WEB_LIMIT_H
#define TS_WEB_LIMIT_H

#include "base/base.h"

typedef struct web_limit web_limit;
/* `rate` requests a minute, all of them at once where the minute before was quiet. Lives in `a`.
 * NULL with TS_E_IO when the system gives no randomness. */
web_limit *web_limit_new(ts_arena *a, unsigned rate, ts_error *e);
void web_limit_free(web_limit *l);
/* Whether the address may ask at `now` (milliseconds of a clock that only goes forward). What is
 * kept of an address is a keyed hash; the memory is fixed: where too many addresses ask at once
 * those that asked least are forgotten. */
bool web_limit_take(web_limit *l, ts_str address, uint64_t now);

#endif
