/* sync_part.h - what the parts of a sync share. Private to pipeline/. */
#ifndef TS_PIPELINE_SYNC_PART_H
#define TS_PIPELINE_SYNC_PART_H

#include "import.h"
#include "sync.h"

typedef struct syncing {
    const ts_sync_job *job;
    const ts_feed *feed;
    ts_sync_summary *sum;
    ts_store *store;
    ts_arena *a;
    ts_str base;
    ts_pace *pace;
    const char *file; /* where documents are fetched to, beside the store */
    int64_t started;
    ts_str list_key; /* a list's state, to be kept when everything in it has come in */
    ts_feed_state list_state;
    uint64_t problems; /* documents that failed, one after the other */
} syncing;

/* One document, and what came of it. */
typedef struct document {
    ts_str url;
    ts_str key;       /* of its state in the store; empty = none is kept */
    ts_str mark;      /* its validators are those of this version, or address */
    char place[120];  /* what errors call it */
    bool conditional; /* only if it has changed */
    bool judged;      /* whether it is silent is said here; else the caller says */
    bool known;       /* `expected` says how much it should hold; else its state does */
    bool by_store;    /* expected is what the store holds already */
    uint64_t expected;
    /* what came of it */
    bool not_modified, silent;
    ts_feed_state state; /* as it was before */
    ts_fetch_result r;
    ts_import_file f;
} document;

/* Fetches into s->file: true, and not d->not_modified, when the file is there and looks like what
 * was asked for. Else false, and the reason is named and noted. */
bool sync_fetch(syncing *s, document *d, uint64_t max_bytes);
/* Imports s->file and keeps the document's state in the same transaction. False when the store
 * refused. */
bool sync_import(syncing *s, document *d, ts_error *e);
/* All of it: state, fetch, import; the file is gone afterwards. */
bool sync_document(syncing *s, document *d, ts_error *e);
/* Removes the file that was fetched. */
void sync_forget_file(const syncing *s);

/* Names a failure and notes it. */
void sync_failed(syncing *s, const ts_error *why);
/* Says that something is undetermined, and notes it. */
void sync_silent(syncing *s, const char *place, uint64_t n, uint64_t expected, bool by_store,
                 const char *what);

/* Weekly reports, by their list. False when the store refused. */
bool sync_reports(syncing *s, ts_error *e);
/* Pages of what is new since a day. */
bool sync_pages(syncing *s, int32_t since, uint64_t expected, ts_error *e);

/* `text` with "{day}" replaced. */
ts_str sync_dated(ts_arena *a, const char *text, int32_t day);
ts_str sync_join(ts_arena *a, ts_str x, const char *y, ts_str z);

#endif
