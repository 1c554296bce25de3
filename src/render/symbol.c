#include "symbol.h"

#include <zint.h>

enum { TEXT_MAX = 4000 };

static const char *const names[] = {"qr", "data-matrix", "gs1-data-matrix"};

const char *ts_symbol_kind_name(ts_symbol_kind k) { return names[k]; }

bool ts_symbol_kind_by_name(const char *name, ts_symbol_kind *k) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) return *k = (ts_symbol_kind)i, true;
    return false;
}

static void set_up(struct zint_symbol *z, ts_symbol_kind kind) {
    enum { LEVEL_M = 2 };
    z->symbology = kind == TS_SYMBOL_QR ? BARCODE_QRCODE : BARCODE_DATAMATRIX;
    z->input_mode = kind == TS_SYMBOL_GS1_DATA_MATRIX ? GS1_MODE : UNICODE_MODE;
    if (kind == TS_SYMBOL_QR)
        z->option_1 = LEVEL_M;
    else
        z->option_3 = DM_SQUARE;
}

static void copy_modules(const struct zint_symbol *z, uint8_t *dark) {
    for (int y = 0; y < z->rows; y++)
        for (int x = 0; x < z->width; x++)
            dark[y * z->width + x] = z->encoded_data[y][x / 8] >> (x % 8) & 1;
}

bool ts_symbol_encode(ts_arena *a, ts_symbol_kind kind, ts_str text, ts_symbol *out, ts_error *e) {
    if (!text.n || text.n > TEXT_MAX)
        return ts_fail(e, text.n ? TS_E_LIMIT : TS_E_INPUT,
                       text.n ? "%zu bytes do not fit into a symbol" : "there is nothing to encode",
                       text.n);
    enum { SIDE_MAX = 177 }; /* the largest QR code; a Data Matrix has up to 144 */
    uint8_t *dark = ts_new_n(a, uint8_t, SIDE_MAX * SIDE_MAX);
    struct zint_symbol *z = ZBarcode_Create();
    if (!z) return ts_fail(e, TS_E_MEMORY, "the encoder could not start");
    set_up(z, kind);
    int rc = ZBarcode_Encode(z, (const unsigned char *)text.p, (int)text.n);
    /* what GS1's rules do not allow is only a warning to the encoder */
    bool ok = rc < ZINT_ERROR && rc != ZINT_WARN_NONCOMPLIANT && z->rows <= SIDE_MAX &&
              z->width <= SIDE_MAX && z->rows > 0;
    if (ok)
        copy_modules(z, dark);
    else
        ts_fail(e, rc == ZINT_ERROR_TOO_LONG ? TS_E_LIMIT : TS_E_INPUT,
                "no %s can be made of it: %s", names[kind], z->errtxt);
    *out = (ts_symbol){.kind = kind,
                       .wide = (unsigned)z->width,
                       .high = (unsigned)z->rows,
                       .quiet = kind == TS_SYMBOL_QR ? 4 : 2,
                       .dark = dark};
    ZBarcode_Delete(z);
    return ok;
}
