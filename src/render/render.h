/* render.h - output for people and programs: HTML, CSV and terminal tables with the escaping in the
 * formatter, and the message catalogues.
 *
 * The room's one public header.
 */
#ifndef TS_RENDER_RENDER_H
#define TS_RENDER_RENDER_H

#include "catalogue.h"
#include "csv.h"
#include "html.h"
#include "label.h"
#include "symbol.h"
#include "table.h"

#endif
