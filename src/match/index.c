#include "index_format.h"

bool ts_index_write(const ts_index *ix, const char *path, ts_error *e) {
    return ts_file_replace(path, ix->bytes, e);
}

static const size_t element[IX_SECTIONS] = {
    [IX_TERMS] = sizeof(ix_term),
    [IX_SLOTS] = sizeof(ix_slot),
    [IX_FILTER] = 8,
    [IX_POSTINGS] = 4,
    [IX_FORWARD] = 4,
    [IX_NOTICES] = sizeof(ix_notice),
    [IX_BRANDS] = sizeof(ix_key),
    [IX_MODELS] = sizeof(ix_key),
    [IX_TYPES] = 2,
    [IX_QUANTITIES] = sizeof(ix_quantity),
    [IX_IDENTS] = 8,
    [IX_SKETCHES] = 8,
    [IX_WEIGHTS] = WORDS_SIZE,
    [IX_TYPOS] = sizeof(ix_slot),
    [IX_TYPO_FILTER] = 8,
    [IX_STRINGS] = 1,
    [IX_JSON] = 1,
};

static bool power_of_two(uint64_t n) { return n && (n & (n - 1)) == 0; }

/* The sizes agree with each other; with a right checksum that is what tells a file of ours from a
 * forged one. */
static bool sound(const ts_index *ix) {
    const ix_header *h = ix_head(ix);
    for (int s = 0; s < IX_SECTIONS; s++) {
        uint64_t at = h->section[s].at, n = h->section[s].bytes;
        if (at % 64 || at < sizeof *h || at > h->size || n > h->size - at || n % element[s])
            return false;
    }
    return h->section[IX_TERMS].bytes / sizeof(ix_term) == h->term_count &&
           h->section[IX_NOTICES].bytes / sizeof(ix_notice) == h->notice_count &&
           h->section[IX_SLOTS].bytes / sizeof(ix_slot) == h->slot_count &&
           power_of_two(h->slot_count) &&
           h->section[IX_TYPOS].bytes / sizeof(ix_slot) == h->typo_count &&
           power_of_two(h->typo_count) && h->section[IX_FILTER].bytes == h->filter_bits / 8 &&
           power_of_two(h->filter_bits) && h->filter_bits >= 64 &&
           h->section[IX_WEIGHTS].bytes == WORDS_SIZE &&
           h->section[IX_TYPO_FILTER].bytes == h->typo_filter_bits / 8 &&
           power_of_two(h->typo_filter_bits) && h->typo_filter_bits >= 64 &&
           h->term_count < h->slot_count;
}

static uint64_t count_of(const ts_index *ix, ix_section s) {
    return ix_head(ix)->section[s].bytes / element[s];
}

static bool all_below(const ts_index *ix, ix_section s, uint32_t mask, uint32_t limit) {
    const uint32_t *v = ix_at(ix, s);
    uint32_t wrong = 0;
    for (uint64_t i = 0, n = count_of(ix, s); i < n; i++) wrong |= (v[i] & mask) >= limit;
    return !wrong;
}

/* Every slot names a term, and one is free, so that looking up ends. */
static bool slots_sound(const ts_index *ix, ix_section s) {
    const ix_slot *v = ix_at(ix, s);
    uint64_t used = 0, n = count_of(ix, s);
    uint32_t most = 0;
    for (uint64_t i = 0; i < n; i++) {
        used += v[i].term != 0;
        most = v[i].term > most ? v[i].term : most;
    }
    return used < n && most <= ix_head(ix)->term_count;
}

static bool keys_sound(const ts_index *ix, ix_section s) {
    const ix_key *v = ix_at(ix, s);
    uint64_t strings = count_of(ix, IX_STRINGS);
    for (uint64_t i = 0, n = count_of(ix, s); i < n; i++)
        if (v[i].text > strings || v[i].n > strings - v[i].text) return false;
    return true;
}

static bool inside(uint64_t first, uint64_t n, uint64_t size) {
    return first <= size && n <= size - first;
}

static bool sketch_inside(const ts_index *ix, const ix_notice *n) {
    uint64_t room = ix_head(ix)->section[IX_SKETCHES].bytes;
    const char *p = ix_at(ix, IX_SKETCHES);
    return n->sketch % 8 == 0 && n->sketch < room &&
           sketch_sound((const sketch *)(const void *)(p + n->sketch), room - n->sketch);
}

static bool notices_sound(const ts_index *ix) {
    const ix_notice *v = ix_at(ix, IX_NOTICES);
    for (uint32_t i = 0; i < ix_head(ix)->notice_count; i++) {
        const ix_notice *n = &v[i];
        if (!inside(n->json, n->json_n, count_of(ix, IX_JSON)) ||
            !inside(n->forward, n->forward_n, count_of(ix, IX_FORWARD)) ||
            !inside(n->brands, n->brands_n, count_of(ix, IX_BRANDS)) ||
            !inside(n->models, n->models_n, count_of(ix, IX_MODELS)) ||
            !inside(n->types, n->types_n, count_of(ix, IX_TYPES)) ||
            !inside(n->quantities, n->quantities_n, count_of(ix, IX_QUANTITIES)) ||
            !inside(n->idents, n->idents_n, count_of(ix, IX_IDENTS)) || !sketch_inside(ix, n))
            return false;
    }
    return true;
}

/* Nothing in the block points out of it: a forged one with a right checksum is refused like a
 * damaged one. */
static bool contained(const ts_index *ix) {
    const ix_term *t = ix_at(ix, IX_TERMS);
    const uint16_t *types = ix_at(ix, IX_TYPES);
    for (uint32_t i = 0; i < ix_head(ix)->term_count; i++)
        if (!inside(t[i].first, t[i].n, count_of(ix, IX_POSTINGS))) return false;
    for (uint64_t i = 0, n = count_of(ix, IX_TYPES); i < n; i++)
        if ((types[i] & ~IX_HEAD) >= ts_type_count()) return false;
    return all_below(ix, IX_POSTINGS, UINT32_MAX, ix_head(ix)->notice_count) &&
           all_below(ix, IX_FORWARD, ~IX_PART, ix_head(ix)->term_count) &&
           slots_sound(ix, IX_SLOTS) && slots_sound(ix, IX_TYPOS) && keys_sound(ix, IX_BRANDS) &&
           keys_sound(ix, IX_MODELS) && notices_sound(ix);
}

static bool checked(const ts_index *ix, ts_error *e) {
    const ix_header *h = ix_head(ix);
    if (ix->bytes.n < sizeof *h || memcmp(h->magic, IX_MAGIC, 8) != 0)
        return ts_fail(e, TS_E_INPUT, "is no notice index; make one with `touchstone index`");
    if (h->version != IX_VERSION || h->byte_order != 0x01020304)
        return ts_fail(
            e, TS_E_VERSION,
            "was made by another version of touchstone; rebuild it with `touchstone index`");
    if (!ts_digest_eq(h->lexicon, ts_lexicon_digest()))
        return ts_fail(e, TS_E_VERSION,
                       "was made with another lexicon; rebuild it with `touchstone index`");
    if (h->size != ix->bytes.n || !sound(ix) ||
        !ts_digest_eq(h->checksum, ix_checksum(ix->bytes)) || !contained(ix))
        return ts_fail(
            e, TS_E_INPUT,
            "is damaged (the checksum does not fit); rebuild it with `touchstone index`");
    return true;
}

bool ts_index_open(ts_index *ix, const char *path, ts_error *e) {
    *ix = (ts_index){0};
    if (!ts_mapping_open(&ix->mapping, path, e)) return false;
    ix->bytes = ix->mapping.bytes;
    if (checked(ix, e)) return true;
    ts_fail_at(e, path, 0, 0);
    ts_index_close(ix);
    return false;
}

void ts_index_close(ts_index *ix) {
    ts_mapping_close(&ix->mapping);
    *ix = (ts_index){0};
}

uint32_t ts_index_notices(const ts_index *ix) { return ix_head(ix)->notice_count; }
uint32_t ts_index_terms(const ts_index *ix) { return ix_head(ix)->term_count; }
ts_digest ts_index_digest(const ts_index *ix) { return ix_head(ix)->notices; }

bool ts_index_notice(const ts_index *ix, uint32_t i, ts_arena *a, ts_notice *out, ts_error *e) {
    const ix_notice *n = (const ix_notice *)ix_at(ix, IX_NOTICES) + i;
    const ts_json *v =
        ts_json_parse(a, (ts_str){(const char *)ix_at(ix, IX_JSON) + n->json, n->json_n},
                      (ts_json_options){0}, e);
    return v && ts_notice_read(a, v, out, e);
}

notice_side ix_side(const ts_index *ix, uint32_t i) {
    const ix_notice *n = (const ix_notice *)ix_at(ix, IX_NOTICES) + i;
    return (notice_side){.brands = (const ix_key *)ix_at(ix, IX_BRANDS) + n->brands,
                         .models = (const ix_key *)ix_at(ix, IX_MODELS) + n->models,
                         .types = (const uint16_t *)ix_at(ix, IX_TYPES) + n->types,
                         .quantities =
                             (const ix_quantity *)ix_at(ix, IX_QUANTITIES) + n->quantities,
                         .idents = (const uint64_t *)ix_at(ix, IX_IDENTS) + n->idents,
                         .strings = ix_at(ix, IX_STRINGS),
                         .sketch = (const void *)((const char *)ix_at(ix, IX_SKETCHES) + n->sketch),
                         .brands_n = n->brands_n,
                         .models_n = n->models_n,
                         .types_n = n->types_n,
                         .quantities_n = n->quantities_n,
                         .idents_n = n->idents_n,
                         .variants = n->variants,
                         .counterfeit = n->counterfeit,
                         .goes_with = n->goes_with};
}
