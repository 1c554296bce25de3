/* notice.h - what an authority published about a product. */
#ifndef TS_PRODUCT_NOTICE_H
#define TS_PRODUCT_NOTICE_H

#include "identifier.h"
#include "scope.h"

typedef enum { TS_NOTICE_PUBLISHED, TS_NOTICE_UPDATED, TS_NOTICE_WITHDRAWN } ts_notice_state;
typedef enum {
    TS_NOTICE_ALERT,      /* Safety Gate alert or notification of a measure */
    TS_NOTICE_RECALL,     /* recall from end users */
    TS_NOTICE_WARNING,    /* warning to the public */
    TS_NOTICE_CORRECTIVE, /* other corrective action */
    TS_NOTICE_INFORMATION,
} ts_notice_kind;
typedef enum {
    TS_RISK_UNKNOWN,
    TS_RISK_LOW,
    TS_RISK_MEDIUM,
    TS_RISK_HIGH,
    TS_RISK_SERIOUS
} ts_risk_level;
typedef enum {
    TS_MEASURE_UNKNOWN,
    TS_MEASURE_COMPULSORY,
    TS_MEASURE_VOLUNTARY,
    TS_MEASURE_BOTH
} ts_compulsion;

const char *ts_notice_state_name(ts_notice_state s); /* "published" … */
const char *ts_notice_kind_name(ts_notice_kind k);
const char *ts_risk_level_name(ts_risk_level r);
const char *ts_compulsion_name(ts_compulsion c);

/* All strings are UTF-8 and live in the arena the notice was read into. Empty = not stated. */
typedef struct ts_notice {
    ts_str id;      /* source:number, unique and stable: "safety_gate:A12/00833/12" */
    ts_str source;  /* "safety_gate", "cpsc", "rappelconso", "samr", or the template's own name */
    ts_str number;  /* the authority's own number */
    ts_str title;   /* heading, if the authority gives one */
    ts_str product; /* what it is, in the notice's words */
    ts_str name;    /* the product's own name or the text on it */
    ts_strs brands; /* "unknown" and its likes removed */
    ts_strs models; /* model, type and article numbers, one each */
    ts_identifiers identifiers;
    ts_str category; /* the authority's own */
    ts_str description;
    ts_str hazard; /* what can happen, prose */
    ts_strs risks; /* kinds of risk, in the notice's words */
    ts_str measures;
    ts_str remedy;
    ts_str legal;              /* provision or standard it violates */
    ts_strs operators;         /* manufacturer, importer, seller, as named */
    ts_strs sellers;           /* where it was sold */
    ts_str units;              /* how many, as written */
    ts_str country;            /* who notified: ISO 3166-1 alpha-2 where known, else as written */
    ts_str origin;             /* country of origin, the same */
    ts_strs measure_countries; /* where measures were taken */
    ts_str url, recall_url;
    ts_strs images;
    ts_str language;             /* "en", "de", "zh", "fr" … of the notice's text */
    int32_t published, modified; /* days; TS_NO_DAY = not stated */
    ts_notice_state state;
    ts_notice_kind kind;
    ts_risk_level risk_level;
    ts_compulsion compulsion;
    ts_answer counterfeit; /* TS_YES: the goods imitate the brand named */
    ts_scope scope;
    ts_digest digest; /* of the record's content: same digest, same version */
} ts_notice;

/* Where the notice has its own effect: "EU" for Safety Gate, "US", "CN", "FR" …, from source and
 * country; empty when not known. */
ts_str ts_notice_jurisdiction(const ts_notice *n);

/* The notice as one JSON object (docs/formats.md, "notice"), and back. What ts_notice_read gives of
 * ts_notice_write's text is the same notice. `n` receives strings that point into `a` or the text.
 */
void ts_notice_write(ts_jsonw *w, const ts_notice *n);
bool ts_notice_read(ts_arena *a, const ts_json *v, ts_notice *n, ts_error *e);

/* Sets digest (and nothing else) from the content; `state`, `modified` and `digest` itself do not
 * count. */
void ts_notice_seal(ts_arena scratch, ts_notice *n);

/* The digest of a set of notices with their states: starts zero; adds a notice, or takes it away
 * again. Order does not matter. */
ts_digest ts_notice_set_toggle(ts_digest set, const ts_notice *n);

#endif
