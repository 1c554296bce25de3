/* part.h - a picture as shades of gray. Private to image/; runs in the sandbox. */
#ifndef TS_IMAGE_PART_H
#define TS_IMAGE_PART_H

#include "base/base.h"

typedef struct gray {
    const uint8_t *v; /* [high][wide], 0 = black */
    unsigned wide, high;
} gray;

/* PNG or JPEG of at most 64 megapixels; transparent is white. */
bool gray_read(ts_arena *a, ts_str picture, gray *out, ts_error *e);

#endif
