/* link_set.h - link sets (RFC 9264), and what a GS1-Conformant Resolver adds to them: what leads on
 * from a product, by kind of link, language, media type and context.
 */
#ifndef TS_PRODUCT_LINK_SET_H
#define TS_PRODUCT_LINK_SET_H

#include "base/base.h"

/* Link types of GS1 are addresses below this one: TS_GS1_VOC "dpp". */
#define TS_GS1_VOC "https://ref.gs1.org/voc/"

enum { TS_LINK_SET_MAX = 1 << 20, TS_LINK_SET_LINKS = 4096 }; /* bytes of a text; links in it */

typedef struct ts_link {
    ts_str relation; /* kind of link: a word that IANA registered ("next"), or an address */
    ts_str href, title;
    ts_str media;     /* "text/html"; may be empty, as all that follows */
    ts_strs language; /* "de", "en-GB" */
    ts_strs context;
    bool bare; /* "fwqs": false: the query of whoever asks is not handed on */
} ts_link;

/* What leads on from one thing. */
typedef struct ts_link_context {
    ts_str anchor;      /* the thing's address; empty: the link set's own */
    ts_str description; /* for people; may be empty */
    struct {
        ts_link *v;
        size_t n, cap;
    } links;
} ts_link_context;

typedef struct ts_link_set {
    struct {
        ts_link_context *v;
        size_t n, cap;
    } contexts;
} ts_link_set;

typedef enum {
    TS_LINKS_RFC9264, /* members that are not known here are passed over */
    TS_LINKS_GS1      /* what GS1's schema for resolvers asks for: anchor, description and titles,
                         no other members, link types as words in lower case or addresses */
} ts_link_rules;

/* Reads application/linkset+json, strictly; its strings point into `text`. Spellings of a link type
 * of GS1 ("https://gs1.org/voc/dpp", "gs1:dpp") are brought to TS_GS1_VOC. TS_E_INPUT with the JSON
 * pointer of what is wrong, TS_E_LIMIT. */
bool ts_link_set_read(ts_arena *a, ts_str text, ts_link_rules rules, ts_link_set *out, ts_error *e);

/* application/linkset+json (section 4.2) and application/linkset (section 4.1). Links of one
 * relation stand together, the first of each relation where it stood. */
void ts_link_set_write(ts_jsonw *w, const ts_link_set *s);
void ts_link_set_text(ts_buf *b, const ts_link_set *s);

/* The one spelling of a link type: "gs1:dpp" and "http://www.gs1.org/voc/dpp" are TS_GS1_VOC "dpp";
 * any other as it stands. */
ts_str ts_link_relation(ts_arena *a, ts_str text);

/* ---- Which link is meant ---- */

/* What whoever asks would like; all may be empty. */
typedef struct ts_link_wish {
    ts_str accept, accept_language;  /* fields of the request (RFC 9110 sections 12.5.1, 12.5.4) */
    ts_str media, language, context; /* asked for by name: before the fields */
} ts_link_wish;

typedef struct ts_link_choice {
    const ts_link *link; /* NULL: there is none of that relation */
    const ts_link_context *from;
    bool tie; /* another one is described in the same words: nobody can tell which is meant */
} ts_link_choice;
/* The best link of a relation, which is in the spelling of ts_link_relation: of the first context
 * that has one, the media type first, then the language, then the context. Among those that serve
 * as well, the first. */
ts_link_choice ts_link_choose(const ts_link_set *s, ts_str relation, const ts_link_wish *w);

/* How much a field wants something, 0 to 1000: of a media type by the range that fits it most
 * closely; of a language by RFC 4647 section 3.4. -1 where the field does not speak of it; with
 * `named` wildcards do not count. */
int ts_accept_quality(ts_str field, ts_str media, bool named);
int ts_language_quality(ts_str field, ts_str language);

#endif
