/* foreign.h - passports and certificates of other data models brought into ours: Battery Pass 1.2
 * and Catena-X (Tractus-X) aspects, by mappings that are data (rules/passport/import/NAME.json,
 * docs/formats.md).
 *
 * Nothing vanishes: every leaf of what was read is either placed or listed with the reason.
 */
#ifndef TS_PASSPORT_FOREIGN_H
#define TS_PASSPORT_FOREIGN_H

#include "document.h"
#include "life.h"

enum { TS_FOREIGN_MAX = 4 << 20, TS_FOREIGN_TEXTS = 32 };

typedef struct ts_foreign_job {
    const ts_str *texts; /* payloads that together make one passport; or one certificate */
    size_t n;
    /* What the payloads do not say, or say in a way that is of no use here. What is given goes
     * before what they say. */
    ts_str id; /* of the passport */
    ts_str product, name, operator_id, operator_name, category;
    ts_str as; /* id of the mapping, where several certificates look alike */
} ts_foreign_job;

typedef struct ts_foreign_leaf {
    size_t text; /* index of the payload */
    ts_str from; /* JSON pointer of a value, or of an empty container */
    ts_str to;   /* element id, or "product", "event" … with its member; empty: it has no place */
    ts_str why;  /* then: the reason */
} ts_foreign_leaf;

typedef struct ts_foreign {
    ts_strs shapes;  /* as what the payloads were recognised: ids of mappings */
    bool is_event;   /* else a passport */
    ts_str document; /* touchstone-passport-1, read without fault */
    ts_life_make event;
    struct {
        ts_foreign_leaf *v;
        size_t n, cap;
    } leaves;
    size_t placed;
} ts_foreign;

/* Whether it is one of the shapes that are known. UTF-8, or UTF-16 with a byte order mark. */
bool ts_foreign_known(ts_arena scratch, ts_str text);
/* TS_E_INPUT where a payload is none of the shapes (with their list), or where what comes of it is
 * no passport: what is missing is named, and how it is given. */
bool ts_foreign_read(ts_arena *a, const ts_foreign_job *job, ts_foreign *out, ts_error *e);

#endif
