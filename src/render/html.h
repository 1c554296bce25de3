/* html.h - HTML with the escaping in the formatter.
 *
 * ts_html(b, "<td class=\"%k\">%h</td>", …) takes a format that is a literal of ours and these
 * directives only:
 *
 *   %h  ts_str, escaped for text and attribute values
 *   %u  ts_str, an address for href or src: http, https and relative ones; anything else (and a
 * relative one with a backslash or control character) becomes "#" %d  int64_t %k  const char * of
 * ours (a class name, a key): letters, digits, '-' and '_' only, the rest is dropped %r  ts_str
 * that is HTML made by this formatter already
 *   %%  a percent sign
 *
 * There is no way to put text in unescaped but %r. An unknown directive is a broken invariant and
 * aborts.
 */
#ifndef TS_RENDER_HTML_H
#define TS_RENDER_HTML_H

#include "base/base.h"

void ts_html(ts_buf *b, const char *fmt, ...);
void ts_html_text(ts_buf *b, ts_str s); /* %h alone */

#endif
