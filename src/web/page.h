/* page.h - pages for people, and what else has an address of its own here. Private to web/.
 */
#ifndef TS_WEB_PAGE_H
#define TS_WEB_PAGE_H

#include "route.h"

/* ---- page.c: a passport in the form that is wanted ---- */

/* The passport of that id or product: the page, or the data, by ?format= or Accept. */
bool page_show(web_exchange *x, ts_str id, ts_error *e);
/* Whether whoever asks would rather read a page than data. */
bool page_wanted(const web_exchange *x);
/* An error as a page; false as it was where data is wanted. */
bool page_refuse(web_exchange *x, int status, const char *title, ts_str what, ts_error *e);

/* A link set as a page. */
ts_str page_links(web_exchange *x, const ts_link_set *s);

/* ---- page_frame.c, page_words.c ---- */

typedef struct page {
    web_exchange *x;
    ts_arena *a;
    ts_buf *b;
    const ts_catalogue *c;
    const ts_reading *r; /* NULL on pages that show no passport */
} page;

/* From <!doctype> to <main>, and from there to the end. */
void page_open(page *p, ts_str title);
void page_close(page *p);
ts_str page_say(const page *p, const char *key);
/* With the words for up to three names put in. */
ts_str page_say1(const page *p, const char *key, const char *name, ts_str value);
ts_str page_say2(const page *p, const char *key, const char *name1, ts_str value1,
                 const char *name2, ts_str value2);
/* A day as it is written in the page's language; UTC. */
ts_str page_day(const page *p, int64_t at);
/* The address of the page that is read now, with another language. */
ts_str page_here(const page *p, const char *language);
/* The page of another passport. */
ts_str page_of(const page *p, ts_str passport);
/* The page of a version of the passport that is read. */
ts_str page_version(const page *p, const ts_passport_row *v);
/* "postalCode" as "Postal code": names inside values have no translation. */
ts_str page_humanised(const page *p, ts_str name);
/* A key of the catalogue that is put together: "page.kind." and "recalled". */
const char *page_key(const page *p, const char *before, const char *name);

/* ---- parts ---- */

void page_alert(page *p);    /* page_safety.c: what stands, before anything else */
void page_safety(page *p);   /* the same in full, with what was lifted */
void page_elements(page *p); /* page_elements.c */
void page_life(page *p);     /* page_life.c: events, and what belongs together */
void page_trust(page *p);    /* page_evidence.c: what was checked and what was not */
void page_evidence(page *p); /* signatures, downloads, versions */

/* ---- did_routes.c ---- */

/* This house's DID document; empty where it has none. */
bool web_did_document(web_exchange *x, ts_str *bytes, ts_error *e);
/* Whether the document has its address at the request's path. */
bool web_is_did_path(web_exchange *x);
bool web_show_did(web_exchange *x, ts_error *e);
/* The signed status list of that address. *found false: there is none. */
bool web_show_list(web_exchange *x, ts_str url, bool *found, ts_error *e);

/* Quotes and the first half of the SHA-256 of what is answered. */
ts_str web_tag(ts_arena *a, ts_str body);

#endif
