#include "affected_index.h"

#include <stdio.h>

static const char magic[8] = "tsPASSP";
static const size_t element[AX_SECTIONS] = {
    sizeof(ax_word), 1, sizeof(ax_fact), sizeof(ax_class), sizeof(ax_record), sizeof(ax_edge), 1};

ts_str ax_serial(const ax_index *x, uint32_t at) {
    if (!at) return TS_NONE;
    const uint8_t *p = x->serials + at;
    return (ts_str){(const char *)p + 2, (size_t)(p[0] | p[1] << 8)};
}

size_t ax_class_of(const ax_index *x, uint32_t record) {
    size_t lo = 0, hi = x->head.n[AX_CLASSES];
    while (hi - lo > 1) {
        size_t mid = (lo + hi) / 2;
        if (x->classes[mid].first <= record)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* ---- The file's bytes ---- */

static bool sections_fit(const ax_head *h) {
    for (int i = 0; i < AX_SECTIONS; i++)
        if (h->at[i] % 8 || h->at[i] < sizeof *h || h->at[i] > h->size ||
            h->n[i] > (h->size - h->at[i]) / element[i])
            return false;
    return h->n[AX_WORDS] > 0;
}

bool ax_read(ts_str bytes, ax_index *out) {
    ax_head *h = &out->head;
    if (bytes.n < sizeof *h || (uintptr_t)bytes.p % 8) return false;
    memcpy(h, bytes.p, sizeof *h);
    if (memcmp(h->magic, magic, sizeof magic) != 0 || h->version != AX_VERSION ||
        h->sections != AX_SECTIONS || h->size != bytes.n || !sections_fit(h))
        return false;
    if (!ts_digest_eq(ts_digest_of(ts_str_from(bytes, sizeof *h)), h->digest)) return false;
    const void *at[AX_SECTIONS];
    for (int i = 0; i < AX_SECTIONS; i++) at[i] = bytes.p + h->at[i];
    out->words = at[AX_WORDS];
    out->text = at[AX_TEXT];
    out->facts = at[AX_FACTS];
    out->classes = at[AX_CLASSES];
    out->records = at[AX_RECORDS];
    out->edges = at[AX_EDGES];
    out->serials = at[AX_SERIALS];
    return true;
}

/* ---- Of which state of which store ---- */

/* The same mark, and the log it was made with is the beginning of the log there is: another store
 * under the same name, or an older copy brought back, has another hash there. */
static bool is_current(ts_store *s, const ax_head *h) {
    int64_t mark;
    ts_chain_hash hash;
    ts_error ignored = {0};
    return ts_store_place_mark(s, &mark, &ignored) && mark == h->mark &&
           ts_store_log_hash(s, h->log_size, &hash, &ignored) &&
           memcmp(&hash, h->log_hash, sizeof h->log_hash) == 0;
}

static bool file_of(ts_store *s, char *path, size_t n) {
    return (size_t)snprintf(path, n, "%s.passports.idx", ts_store_path(s)) < n;
}

/* What was kept, when it serves; says why it does not where something was there. */
static bool open_kept(ts_store *s, const char *path, ax_index *out) {
    ts_error ignored = {0};
    if (!ts_mapping_open(&out->mapping, path, &ignored)) return false;
    bool whole = ax_read(out->mapping.bytes, out);
    if (whole && is_current(s, &out->head)) return true;
    if (!whole)
        ts_log_note("%s is damaged or of another version; it is made anew from the store", path);
    ts_mapping_close(&out->mapping);
    *out = (ax_index){0};
    return false;
}

typedef struct making {
    ts_store *s;
    ts_str bytes;
} making;

static bool make(void *ctx, ts_arena *a, ts_error *e) {
    making *m = ctx;
    return ax_build(a, m->s, &m->bytes, e);
}

enum { ROOM_GIB = 8 };

bool ax_open(ts_store *s, bool memory, ax_index *out, ts_error *e) {
    char path[1100];
    making m = {.s = s};
    ts_error why = {0};
    bool named = !memory && file_of(s, path, sizeof path);
    *out = (ax_index){0};
    if (named && open_kept(s, path, out)) return true;
    ts_arena room = ts_arena_new((size_t)ROOM_GIB << 30), used = room;
    bool ok = ts_arena_guard(make, &m, &used, e) &&
              (ax_read(m.bytes, out) ||
               ts_fail(e, TS_E_STORE, "the table of passports cannot be made of this store"));
    if (ok && named && !ts_file_replace(path, m.bytes, &why))
        ts_log_note("the table of passports could not be kept in a file: %s", why.msg);
    out->room = room;
    if (!ok) ax_close(out);
    return ok;
}

void ax_close(ax_index *x) {
    if (x->mapping.bytes.p) ts_mapping_close(&x->mapping);
    if (x->room.beg) ts_arena_free(&x->room, (size_t)ROOM_GIB << 30);
    *x = (ax_index){0};
}
