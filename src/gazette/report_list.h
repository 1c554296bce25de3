/* report_list.h - the Safety Gate's list of its weekly reports (XML). */
#ifndef TS_GAZETTE_REPORT_LIST_H
#define TS_GAZETTE_REPORT_LIST_H

#include "base/base.h"

typedef struct ts_report_ref {
    ts_str reference;  /* "Report-2024-10" */
    ts_str url;        /* as the list has it, without the comma that it puts behind */
    int32_t published; /* TS_NO_DAY = not stated, or no date */
} ts_report_ref;

typedef struct ts_report_refs {
    ts_report_ref *v;
    size_t n, cap;
} ts_report_refs;

/* Reads the list in the file `path`: repeated <weeklyReport> elements with <reference>,
 * <publicationDate> (dd/mm/yyyy) and <URL>; other elements are passed over. Entries without an
 * address are counted in *bad. Strings live in `a`. False with TS_E_INPUT (no such list, damaged or
 * cut off; a DOCTYPE is refused and no entity is read), TS_E_LIMIT (more than 20,000 entries), or
 * TS_E_IO. */
bool ts_report_list_read(ts_arena *a, const char *path, ts_report_refs *out, uint64_t *bad,
                         ts_error *e);
/* The same from memory; errors call it `name`. */
bool ts_report_list_memory(ts_arena *a, ts_str bytes, const char *name, ts_report_refs *out,
                           uint64_t *bad, ts_error *e);

#endif
