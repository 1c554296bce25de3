/* codes.h - QR and Data Matrix symbols on a photograph or scan (ISO/IEC 18004, ISO/IEC 16022). */
#ifndef TS_IMAGE_CODES_H
#define TS_IMAGE_CODES_H

#include "base/base.h"

typedef struct ts_code {
    const char *symbology; /* "qr", "data_matrix" */
    ts_str text;           /* as encoded; FNC1 as ASCII 29 */
} ts_code;
typedef struct ts_codes {
    ts_code *v;
    size_t n, cap;
} ts_codes;

/* Whether the bytes begin like a picture that can be read here: PNG or JPEG. */
bool ts_is_picture(ts_str bytes);

/* All codes on a picture of at most 20 MB and 64 megapixels, each once, in reading order as far as
 * the decoders give it. None found: true with n = 0. TS_E_INPUT: no picture, or a damaged one;
 * TS_E_LIMIT: too large, or the child took too long or too much memory. */
bool ts_codes_read(ts_arena *a, ts_str picture, ts_codes *out, ts_error *e);

#endif
