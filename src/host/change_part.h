/* change_part.h - what reading and changing over the network share. Private to host/. */
#ifndef TS_HOST_CHANGE_PART_H
#define TS_HOST_CHANGE_PART_H

#include "change.h"

/* The result that goes with an error of the rooms below. */
ts_dpp_result change_result(const ts_error *e);
/* Document, packs and audience of out->row. */
bool change_open(ts_arena *a, const ts_asker *by, ts_dpp *out, ts_error *e);
/* The compressed form as `who` sees it, as a tree. */
const ts_json *change_tree(ts_arena *a, const ts_dpp *d, ts_audiences who, ts_error *e);
/* out->json: the whole passport for out->who. */
bool change_write(ts_arena *a, ts_en_form form, ts_dpp *out, ts_error *e);

/* One element in the tree of the compressed form. */
typedef struct change_element {
    const ts_json *root, *at;
    ts_str id;   /* the last step */
    ts_str path; /* its names joined by dots; empty where an index is among them */
} change_element;
ts_dpp_result change_select(ts_arena *a, const ts_json *tree, ts_str path, change_element *out,
                            ts_error *e);
/* The value at the same place in another tree, whose lists are as long; NULL where it is not
 * there. */
const ts_json *change_same_place(const change_element *x, const ts_json *other);
/* x->at NULL: its id alone. */
bool change_write_element(ts_arena *a, ts_en_form form, const change_element *x, ts_dpp *out,
                          ts_error *e);

/* ---- what a change must leave alone (change_keep.c) ---- */

/* Whether a merge patch takes nothing away but what is shown. */
bool change_nulls_shown(const ts_json *patch, const ts_json *seen);
/* Whether all that `next` says is shown; names that begin with "@" say nothing. */
bool change_shown(ts_arena scratch, const ts_json *next, const ts_json *shown);
/* Whether what is shown of the changed whole says no more than what is shown of the changed part
 * alone, but for objects that are empty. */
bool change_no_more(ts_arena scratch, const ts_json *shown_now, const ts_json *alone);
/* Members of the header that follow from elsewhere, or never change. */
bool change_header_kept(ts_arena scratch, const ts_json *was, const ts_json *is, ts_error *e);
/* Safety entries are added by the passport's operator in its own name alone. */
bool change_safety_own(ts_arena scratch, const ts_document *was, const ts_document *is,
                       ts_error *e);

#endif
