/* change.h - passports read, found, made and changed by those who come over the network: the use
 * cases of the EN 18222 interface, as public sources give it.
 *
 * What is read and written is EN 18223 JSON (passport/en18223.h). Nobody reads, finds or changes by
 * any of this what its audience may not see, and no answer tells whether something hidden is
 * there. A passport is changed for the operator that is responsible for it alone; every change is a
 * new version, signed in the same transaction.
 */
#ifndef TS_HOST_CHANGE_H
#define TS_HOST_CHANGE_H

#include "issue.h"

/* Anything but DONE: the error says why. */
typedef enum {
    TS_DPP_DONE,
    TS_DPP_BAD,       /* what was sent makes no sense, or is refused */
    TS_DPP_NOT_HERE,  /* no such passport, version or element */
    TS_DPP_NOT_YOURS, /* another operator's, or hidden from who asks */
    TS_DPP_CONFLICT,  /* it exists already, or is archived */
    TS_DPP_STALE,     /* it is not the version any more that the change was made for */
    TS_DPP_UNSIGNED,  /* there is no key to sign with */
    TS_DPP_FAILED,    /* store, memory: nobody's fault who asks */
} ts_dpp_result;

/* Who asks. */
typedef struct ts_asker {
    ts_audiences who;
    ts_str operator_id;   /* of its token; empty = none */
    ts_pack_shelf *packs; /* read before and kept; NULL = none are */
} ts_asker;
/* What it is to a passport of that operator: TS_AUD_OPERATOR is left out where it is another's. */
ts_audiences ts_asker_sees(const ts_asker *by, ts_str operator_id);

/* ---- reading ---- */

typedef struct ts_dpp_query {
    ts_store *store;
    ts_asker by;
    ts_str id;       /* of the passport; or of the product: then its active passport */
    bool is_product; /* `id` is a product identifier */
    int64_t at;      /* as it stood then; TS_NO_TIME = now */
    ts_en_form form;
    ts_str path; /* JSONPath of one element; empty = the whole passport. It is asked of the
                    compressed form, whatever `form` is */
} ts_dpp_query;
typedef struct ts_dpp {
    ts_passport_row row;
    ts_document document;
    ts_packs packs;
    ts_audiences who; /* as what it was seen */
    ts_str json;
} ts_dpp;
/* An element is {"elementId": …, "value": …} in the compressed form, a data element of EN 18223 in
 * the full one; its id is the last name or index of its path. A path that selects several values,
 * or the whole passport, is refused. By product: the newest of those that are active; where there
 * is none, the error names one that is not. */
ts_dpp_result ts_dpp_read(ts_arena *a, const ts_dpp_query *q, ts_dpp *out, ts_error *e);

/* The ids of all passports of these products, in a lasting order: by product, then by id. `cursor`:
 * the *next of a page before, or empty; `limit` at most TS_DPP_PAGE. *next is empty at the end. A
 * cursor holds the place alone: who changes it sees nothing but another page of the same answer. */
enum { TS_DPP_PAGE = 1000, TS_DPP_PRODUCTS = 1000 };
ts_dpp_result ts_dpp_find(ts_arena *a, ts_store *s, const ts_str *products, size_t products_n,
                          ts_str cursor, size_t limit, ts_strs *ids, ts_str *next, ts_error *e);

/* What a version is called in ETag and If-Match, without quotes: "3-6922f4d0"; its number and
 * its instant. Nothing that follows from its content: a hash would confirm guesses at what is not
 * shown. */
ts_str ts_dpp_tag(ts_arena *a, const ts_passport_row *row);

/* ---- changing ---- */

typedef struct ts_dpp_change {
    ts_store *store; /* for writing */
    ts_signer sign;  /* key NULL: TS_DPP_UNSIGNED */
    ts_form sign_form;
    ts_str list; /* status list for credentials of new passports; may be empty */
    ts_asker by;
    ts_str id;       /* of the passport */
    ts_en_form form; /* of `body`, and of what is given back */
    ts_str body;
    bool bare;    /* for an element: `body` is a merge patch of its value, not a data element */
    ts_str path;  /* JSONPath of one element */
    ts_str match; /* If-Match as it stands; empty = whatever version is there */
    int64_t now;
} ts_dpp_change;

/* A new passport of the asker's operator; `id` and `path` are not used. `out->json` is the passport
 * as the asker sees it, in all of these. */
ts_dpp_result ts_dpp_create(ts_arena *a, const ts_dpp_change *c, ts_dpp *out, ts_error *e);
/* The parts in `body` are merged into the passport (RFC 7396); in the full form, data elements are
 * merged by their ids, and one without a value is taken away. What follows from elsewhere or never
 * changes (identifiers, granularity, schema version, lastUpdated, operator,
 * contentSpecificationIds) may stand there, but as it is. Safety entries of others, and
 * predecessors, are not touched. */
ts_dpp_result ts_dpp_patch(ts_arena *a, const ts_dpp_change *c, ts_dpp *out, ts_error *e);
/* The same for one element that is there: its value is merged with the one in `body`, null or no
 * value takes it away. `out->json` is the element, without a value where it was taken away. */
ts_dpp_result ts_dpp_patch_element(ts_arena *a, const ts_dpp_change *c, ts_dpp *out, ts_error *e);
/* The end of its life: a version with the status archived; all of it stays readable. Done, too,
 * where it was archived before. `body`, `path` and `form` are not used. */
ts_dpp_result ts_dpp_archive(ts_arena *a, const ts_dpp_change *c, ts_dpp *out, ts_error *e);

#endif
