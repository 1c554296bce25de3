/* notice_cpsc.h - names out of texts that have no column for them. Private to gazette/. */
#ifndef TS_GAZETTE_NOTICE_CPSC_H
#define TS_GAZETTE_NOTICE_CPSC_H

#include "notice_make.h"

/* The CPSC publishes no brand column. Adds brands (and sellers) to a notice whose title, product,
 * description and operators are filled: names that stand before the product type and are confirmed
 * elsewhere, "X-branded", names that are said to be printed on the product. */
void cpsc_names(maker *m);
/* The same where only a short description and the makers' names are known. */
void cpsc_archive_names(maker *m, const ts_strs *makers);

#endif
