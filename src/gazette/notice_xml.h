/* notice_xml.h - the weekly report of the Safety Gate, read as a stream. Private to gazette/. */
#ifndef TS_GAZETTE_NOTICE_XML_H
#define TS_GAZETTE_NOTICE_XML_H

#include "gazette.h"
#include "record.h"

/* One notification as names and values, in document order; a name may repeat. */
typedef struct xml_record {
    ts_strs names, cells;
    uint64_t line;
} xml_record;

typedef struct xml_reader xml_reader;

/* What the beginning of a document says: its root's name; false with the reason when it is no XML
 * that is read here: a DOCTYPE (entities are never read), or a beginning without a root element. */
bool xml_root(ts_str head, ts_str *root, ts_error *e);
/* Reads on from what the ts_splitter holds. What it takes from libxml2 is given back by xml_close.
 */
xml_reader *xml_open(ts_arena *a, ts_splitter *s, ts_error *e);
void xml_close(xml_reader *x);
/* The next notification, in `a`. The report's date, year and week stand in every one. */
ts_read_result xml_next(xml_reader *x, ts_arena *a, xml_record *out, ts_error *e);

#endif
