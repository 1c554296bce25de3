/* symbol.h - two-dimensional codes: QR Code (ISO/IEC 18004) and Data Matrix ECC 200 (ISO/IEC
 * 16022), encoded by libzint, drawn by us.
 */
#ifndef TS_RENDER_SYMBOL_H
#define TS_RENDER_SYMBOL_H

#include "base/base.h"

typedef enum {
    TS_SYMBOL_QR,             /* text, error correction M or better */
    TS_SYMBOL_DATA_MATRIX,    /* text */
    TS_SYMBOL_GS1_DATA_MATRIX /* AIs in square brackets: "[01]09521234543213[10]A1" */
} ts_symbol_kind;
const char *ts_symbol_kind_name(ts_symbol_kind k); /* "qr", "data-matrix", "gs1-data-matrix" */
bool ts_symbol_kind_by_name(const char *name, ts_symbol_kind *k);

typedef struct ts_symbol {
    ts_symbol_kind kind;
    unsigned wide, high; /* modules, without the quiet zone */
    unsigned quiet;      /* modules on each side: QR 4, Data Matrix 1 at least */
    const uint8_t *dark; /* [high][wide], 1 = dark */
} ts_symbol;

/* TS_E_LIMIT when the text does not fit into the largest symbol, TS_E_INPUT when the encoder
 * refuses it; square symbols only. */
bool ts_symbol_encode(ts_arena *a, ts_symbol_kind kind, ts_str text, ts_symbol *out, ts_error *e);

#endif
