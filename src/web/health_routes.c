#include "route.h"

/* For whatever watches the server: that it answers, and that its store can be read. */
static bool health(web_exchange *x, ts_error *e) {
    ts_passport_rows one = {0};
    if (!ts_store_passports(x->store, x->a, TS_NONE, TS_NONE, 1, &one, e)) {
        x->status = 503;
        return false;
    }
    web_set(x, "Cache-Control", TS_S("no-store"));
    web_json(x, 200, TS_S("{\"status\":\"ok\"}\n"));
    return true;
}

const web_route health_routes[] = {
    {"GET", "/healthz", 0, 0, 0, "whether the server answers and its store can be read", health},
    {0},
};
