#include <png.h>
#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h> /* needs stdio.h before it */

#include "part.h"

enum { PIXELS_MAX = 64 << 20, SIDE_MAX = 20000 };

static bool room(unsigned wide, unsigned high, ts_error *e) {
    if (!wide || !high) return ts_fail(e, TS_E_INPUT, "the picture has no size");
    if (wide > SIDE_MAX || high > SIDE_MAX || (uint64_t)wide * high > PIXELS_MAX)
        return ts_fail(e, TS_E_LIMIT,
                       "the picture has %u x %u pixels, more than 64 million: make it smaller",
                       wide, high);
    return true;
}

static bool read_png(ts_arena *a, ts_str bytes, gray *out, ts_error *e) {
    png_image image = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_memory(&image, bytes.p, bytes.n))
        return ts_fail(e, TS_E_INPUT, "the picture is damaged: %s", image.message);
    if (!room(image.width, image.height, e)) return png_image_free(&image), false;
    image.format = PNG_FORMAT_GRAY;
    uint8_t *v = ts_new_raw(a, uint8_t, (size_t)image.width * image.height);
    const png_color white = {255, 255, 255};
    *out = (gray){v, image.width, image.height};
    if (png_image_finish_read(&image, &white, v, (png_int_32)image.width, 0)) return true;
    ts_fail(e, TS_E_INPUT, "the picture is damaged: %s", image.message);
    png_image_free(&image);
    return false;
}

typedef struct jpeg_trouble {
    struct jpeg_error_mgr mgr;
    jmp_buf out;
    char text[JMSG_LENGTH_MAX];
} jpeg_trouble;

static void jpeg_fail(j_common_ptr j) {
    jpeg_trouble *t = (jpeg_trouble *)j->err;
    t->mgr.format_message(j, t->text);
    longjmp(t->out, 1);
}
static void jpeg_hush(j_common_ptr j) { (void)j; }

static bool read_jpeg(ts_arena *a, ts_str bytes, gray *out, ts_error *e) {
    struct jpeg_decompress_struct j = {0};
    jpeg_trouble trouble = {.text = ""};
    j.err = jpeg_std_error(&trouble.mgr);
    trouble.mgr.error_exit = jpeg_fail;
    trouble.mgr.output_message = jpeg_hush;
    if (setjmp(trouble.out)) {
        jpeg_destroy_decompress(&j);
        return ts_fail(e, TS_E_INPUT, "the picture is damaged: %s", trouble.text);
    }
    jpeg_create_decompress(&j);
    jpeg_mem_src(&j, (const unsigned char *)bytes.p, (unsigned long)bytes.n);
    jpeg_read_header(&j, TRUE);
    if (!room(j.image_width, j.image_height, e)) return jpeg_destroy_decompress(&j), false;
    j.out_color_space = JCS_GRAYSCALE;
    uint8_t *v = ts_new_raw(a, uint8_t, (size_t)j.image_width * j.image_height);
    jpeg_start_decompress(&j);
    while (j.output_scanline < j.output_height) {
        JSAMPROW row = v + (size_t)j.output_scanline * j.output_width;
        jpeg_read_scanlines(&j, &row, 1);
    }
    *out = (gray){v, j.output_width, j.output_height};
    jpeg_finish_decompress(&j);
    jpeg_destroy_decompress(&j);
    return true;
}

bool gray_read(ts_arena *a, ts_str picture, gray *out, ts_error *e) {
    return ts_str_starts(picture, TS_S("\x89PNG")) ? read_png(a, picture, out, e)
                                                   : read_jpeg(a, picture, out, e);
}
