/* html_text.h - text out of markup: character references, tags inside strings, character sets.
 *
 * Shops put markup where text is wanted: in feeds, in JSON-LD, in table cells. What a person reads
 * on the page is what these functions give.
 */
#ifndef TS_FORMAT_HTML_TEXT_H
#define TS_FORMAT_HTML_TEXT_H

#include "base/base.h"

/* Decodes the character reference at s.p[0] ('&') into out. Returns the bytes of s it takes, 0 when
 * none stands there. A name needs its semicolon, except amp, lt, gt, quot and nbsp. */
size_t ts_html_reference(ts_str s, char out[4], size_t *out_n);
/* Every reference decoded; s itself when it holds none. */
ts_str ts_html_decode(ts_arena *a, ts_str s);

/* Text that is put together from pieces: white space (also U+00A0) collapses to one blank, a break
 * to one line end, both vanish at the ends. */
typedef struct ts_html_flow {
    ts_buf *b;
    bool gap, broken; /* a blank or a line end is due before the next word */
} ts_html_flow;
void ts_html_flow_raw(ts_html_flow *f, ts_str s); /* references are decoded */
static inline void ts_html_flow_break(ts_html_flow *f) { f->broken = true; }

/* Text of a string that may hold markup: tags of HTML's own elements dropped (others are kept as
 * they stand: "<5 kg", "<to>"), script and style left out, references decoded, lines kept where
 * block elements or <br> make them. Markup that is itself written as references is taken off too.
 */
ts_str ts_html_plain(ts_arena *a, ts_str s);
/* The same in one line. Both give s itself when there is nothing to do. */
ts_str ts_html_line(ts_arena *a, ts_str s);

/* The page as UTF-8. The character set is that of the byte order mark; else UTF-8 when the bytes
 * are well-formed; else `declared` (from HTTP, may be empty) or what the page's first 4 KiB declare
 * (HTML Living Standard, 13.2.3.2, with the labels of the Encoding Standard); else windows-1252.
 * Malformed bytes become U+FFFD. */
ts_str ts_html_utf8(ts_arena *a, ts_str bytes, ts_str declared);
/* The C library's name for the superset of the character set that browsers decode under this label;
 * NULL when the label is not one of the Encoding Standard's. Names from outside never reach iconv
 * themselves. */
const char *ts_html_charset(ts_str label);
/* The label behind "charset=" or "encoding=" in the first 4 KiB; empty when there is none. */
ts_str ts_html_declared(ts_str page);

#endif
