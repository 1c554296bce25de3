/* format.h - from bytes of any container to records, pages and clean text. The room's public
 * header.
 *
 * Nothing here knows what a notice or an offer is: streams are cut into whole records, HTML becomes
 * a tree and text, XML becomes bytes that a parser can be trusted with.
 */
#ifndef TS_FORMAT_FORMAT_H
#define TS_FORMAT_FORMAT_H

#include "html_text.h"
#include "html_tree.h"
#include "split.h"
#include "xml_input.h"

/* What reading one record came to. */
typedef enum {
    TS_READ_RECORD, /* one was read */
    TS_READ_BAD,    /* this record is wrong and left out (see the error); go on */
    TS_READ_END,    /* no more */
    TS_READ_FAILED, /* cannot go on (see the error) */
} ts_read_result;

#endif
