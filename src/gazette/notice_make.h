/* notice_make.h - from the columns of a feed to a notice: what all formats have in common. Private
 * to gazette/.
 *
 * Every function takes text as record.h gives it and puts what it says where it belongs. The first
 * value of a field stands; lists grow. Nothing is dropped because two columns say different things.
 */
#ifndef TS_GAZETTE_NOTICE_MAKE_H
#define TS_GAZETTE_NOTICE_MAKE_H

#include "gazette.h"
#include "record.h"
#include "text/text.h"

typedef struct maker {
    ts_arena *a;
    ts_notice *n;
    const record *r;
    bool us;        /* 03/04 is 4 March */
    int year, week; /* of the report the record stands in; 0 = not known */
} maker;

/* Which format names like these belong to: see the tables in notices.c. Each reader fills a notice
 * from one record; false with the reason when the record is no notice. */
typedef bool notice_reader(maker *m, ts_error *e);
notice_reader read_safety_gate_xml, read_safety_gate_ods, read_safety_gate_portal,
    read_rapex_weekly, read_safety_gate_table, read_cpsc_rest, read_cpsc_export, read_cpsc_archive,
    read_rappelconso, read_template, read_aggregate;

/* The template's columns (notice_template.c): whether the name is one of them, in any language, and
 * whether a set of names is a template's. */
bool template_name(ts_str name);
bool template_fits(const ts_strs *names);

/* ---- identity ---- */

/* Sets source, number and id ("source:number"; the number of a Safety Gate alert with five digits).
 * Without a number make_finish makes the id of who, what, when and where, as written:
 * "samr:~0123456789abcdef". */
void make_id(maker *m, const char *source, ts_str number);
/* "24726" and "24-726" are one recall: "24-726". */
ts_str cpsc_number(ts_arena *a, ts_str s);
/* "A12//0862/12" → "A12/0862/12", upper case. */
ts_str safety_gate_number(ts_arena *a, ts_str s);
/* A number of 2009 to 2012 as a spreadsheet has garbled it: "35 1/10" of 2010 is 0351/10,
 * "1/5/0105" is 0105.2 × 10. As it stands when it was not garbled; empty when it cannot be put
 * right. */
ts_str rapex_number(ts_arena *a, ts_str s, int year);

/* ---- names ---- */

void make_text(ts_str *slot, ts_str s); /* unless it has text, or s says "unknown" */
/* A brand field: a list of brands, with remarks. What it says besides goes where it belongs. */
void make_brands(maker *m, ts_str s);
void make_brand(maker *m, ts_str s); /* one brand, as it stands */
/* "Travel adaptor "Conversion Plugs"": product and name. */
void make_product(maker *m, ts_str s);
bool make_unknown(maker *m, ts_str s); /* "unknown", "n/a", "-" … */
void make_operator(maker *m, ts_str s);
/* Web addresses and shops named in prose about where it was sold. */
void make_sellers(maker *m, ts_str s);

/* ---- codes ---- */

void make_model(maker *m, ts_str s); /* one code, as it stands */
/* A field of type, model or article numbers; text without any becomes the name. */
void make_models(maker *m, ts_str s);
/* Running prose: labelled codes and dates only. */
void make_prose(maker *m, ts_str s);
void make_lots(maker *m, ts_str s);
void make_made(maker *m, ts_str s);
void make_sold(maker *m, ts_str s);
void make_barcodes(maker *m, ts_str s);
/* Moves what mentions hold into the scope. */
void scope_add(ts_arena *a, const ts_mentions *mentions, ts_scope *s);

/* ---- the rest ---- */

int32_t make_day(ts_str s, bool us);        /* any spelling; TS_NO_DAY */
int32_t friday_of_week(int year, int week); /* ISO 8601 */
ts_str make_country(maker *m, ts_str name); /* its code, else as written */
void make_countries(maker *m, ts_strs *out, ts_str list);
void make_risks(maker *m, ts_str list);
void make_risk_level(maker *m, ts_str s);
void make_kind(maker *m, ts_str s);
void make_compulsion(maker *m, ts_str s);
void make_counterfeit(maker *m, ts_str column);
void make_state(maker *m, ts_str column);
bool says_yes(ts_str s);
bool says_no(ts_str s);
/* Reads what the texts imply, and seals. */
void make_finish(maker *m);

#endif
