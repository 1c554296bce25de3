/* xml_input.h - a feed's bytes as UTF-8 that an XML parser can be trusted with.
 *
 * libxml2's limits do not bound everything: it compares each attribute of a tag with every other,
 * and it keeps to the character set that the document names. So the bytes are converted here, and
 * while they pass, the few things are watched that no feed needs: declarations inside a DOCTYPE,
 * and tags with hundreds of attributes.
 */
#ifndef TS_FORMAT_XML_INPUT_H
#define TS_FORMAT_XML_INPUT_H

#include <iconv.h>

#include "split.h"

enum { TS_XML_ATTRIBUTES_MAX = 200, TS_XML_RAW = 1 << 16 };

typedef struct ts_xml_input {
    ts_splitter *split;
    iconv_t cd; /* (iconv_t)-1: the feed is UTF-8 */
    bool opened, end;
    bool stopped; /* nothing more is handed out; why is set when this is an error */
    ts_error why;
    /* what the watch knows: see ts_xml_input.c */
    unsigned state, matched, attributes;
    char quote, name[8];
    uint64_t line;
    size_t raw_n, held_at, out_at, out_n;
    char raw[TS_XML_RAW], out[TS_XML_RAW * 3 + 16];
} ts_xml_input;

/* Takes what `split` holds and then its input. */
void ts_xml_input_start(ts_xml_input *f, ts_splitter *split);
void ts_xml_input_close(ts_xml_input *f);
/* Up to n bytes of clean UTF-8; 0 at the end, -1 when f->why says why not. Malformed bytes become
 * U+FFFD, control characters that XML does not allow become blanks. */
int ts_xml_input_read(ts_xml_input *f, char *buf, int n);

#endif
