/* affected_part.h - the ways by which a notice reaches a product. Private to host/. */
#ifndef TS_HOST_AFFECTED_PART_H
#define TS_HOST_AFFECTED_PART_H

typedef enum {
    AFFECTED_BATCH,
    AFFECTED_MODEL,
    AFFECTED_COMPONENT,
    AFFECTED_PREDECESSOR,
} affected_as;
const char *affected_as_name(affected_as as); /* "batch", … */

#endif
