#include "codes.h"

#include <dmtx.h>
#include <zbar.h>

#include "part.h"

enum { PICTURE_MAX = 20 << 20, CODES_MAX = 64, TEXT_MAX = 4096 };

bool ts_is_picture(ts_str b) {
    return ts_str_starts(b, TS_S("\x89PNG\r\n\x1a\n")) || ts_str_starts(b, TS_S("\xFF\xD8\xFF"));
}

/* Each code goes over the pipe as a letter, its length in digits, a blank, and its bytes. */
static void tell(ts_buf *out, char which, const char *p, size_t n) {
    if (!n || n > TEXT_MAX) return;
    ts_buf_c(out, which);
    ts_buf_u64(out, n);
    ts_buf_c(out, ' ');
    ts_buf_put(out, (ts_str){p, n});
}

static void read_qr(const gray *g, ts_buf *out) {
    zbar_image_scanner_t *s = zbar_image_scanner_create();
    zbar_image_t *image = zbar_image_create();
    zbar_image_scanner_set_config(s, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(s, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    /* bytes as they are: converting character sets would open files */
    zbar_image_scanner_set_config(s, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, g->wide, g->high);
    zbar_image_set_data(image, g->v, (unsigned long)g->wide * g->high, 0);
    zbar_scan_image(s, image);
    for (const zbar_symbol_t *c = zbar_image_first_symbol(image); c; c = zbar_symbol_next(c))
        tell(out, 'q', zbar_symbol_get_data(c), zbar_symbol_get_data_length(c));
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(s);
}

/* libdmtx gives FNC1 as ASCII 29 when told so. */
static void read_data_matrix(const gray *g, ts_buf *out) {
    enum { FNC1 = 29, MILLISECONDS = 1500 };
    DmtxImage *image = dmtxImageCreate((unsigned char *)(uintptr_t)g->v, (int)g->wide, (int)g->high,
                                       DmtxPack8bppK);
    if (!image) return;
    int larger = (int)(g->wide > g->high ? g->wide : g->high),
        shrink = larger > 1600 ? larger / 800 : 1;
    DmtxDecode *d = dmtxDecodeCreate(image, shrink);
    DmtxTime end = dmtxTimeAdd(dmtxTimeNow(), MILLISECONDS);
    dmtxDecodeSetProp(d, DmtxPropFnc1, FNC1);
    for (int i = 0; i < CODES_MAX; i++) {
        DmtxRegion *r = dmtxRegionFindNext(d, &end);
        if (!r) break;
        DmtxMessage *m = dmtxDecodeMatrixRegion(d, r, DmtxUndefined);
        if (m) tell(out, 'd', (const char *)m->output, (size_t)m->outputIdx);
        bool found = m != 0;
        dmtxMessageDestroy(&m);
        dmtxRegionDestroy(&r);
        if (found) break; /* the next regions are mostly the same symbol again */
    }
    dmtxDecodeDestroy(&d);
    dmtxImageDestroy(&image);
}

static bool in_child(void *ctx, ts_str picture, ts_buf *out, ts_error *e) {
    (void)ctx;
    gray g;
    ts_arena a = *out->a;
    ts_arena *rest = out->a;
    ts_buf_room(out, out->max); /* before the picture takes the room behind it */
    a = *rest;
    if (!gray_read(&a, picture, &g, e)) return false;
    read_qr(&g, out);
    read_data_matrix(&g, out);
    return true;
}

static bool known(const ts_codes *l, ts_str text) {
    for (size_t i = 0; i < l->n; i++)
        if (ts_str_eq(l->v[i].text, text)) return true;
    return false;
}

bool ts_codes_read(ts_arena *a, ts_str picture, ts_codes *out, ts_error *e) {
    const ts_sandbox_limits limits = {
        .max_out = CODES_MAX * TEXT_MAX, .memory = (size_t)1 << 30, .seconds = 10};
    ts_str answer;
    if (!ts_is_picture(picture))
        return ts_fail(e, TS_E_INPUT, "is neither a PNG nor a JPEG picture");
    if (picture.n > PICTURE_MAX)
        return ts_fail(e, TS_E_LIMIT, "the picture is larger than %d MB: make it smaller",
                       PICTURE_MAX >> 20);
    if (!ts_sandbox_run(a, in_child, 0, picture, limits, &answer, e)) return false;
    while (answer.n) {
        bool qr = answer.p[0] == 'q';
        uint64_t n;
        ts_str digits = ts_str_from(answer, 1), rest = digits;
        digits = ts_str_cut(&rest, ' ');
        if (!ts_u64_parse(digits, &n) || n > rest.n)
            return ts_fail(e, TS_E_INPUT, "the picture's decoder answered nonsense");
        ts_str text = ts_str_to(rest, n);
        if (!known(out, text)) *ts_push(a, out) = (ts_code){qr ? "qr" : "data_matrix", text};
        answer = ts_str_from(rest, n);
    }
    return true;
}
