#include <fcntl.h>
#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include "match/index_format.h"
#include "models.h"
#include "samples.h"

static ts_arena a;
static ts_index built;
static ts_index_builder *builder;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    builder = sample_index(&a, &built);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    ts_index_builder_free(builder);
    return 0;
}

static ts_error_code opened_file(const char *path, ts_index *ix) {
    ts_error e = {0};
    if (ts_index_open(ix, path, &e)) return TS_OK;
    assert_true(e.msg[0] != 0);
    assert_string_equal(e.where, path);
    assert_null(ix->bytes.p);
    return e.code;
}

static ts_error_code opened(ts_str bytes, ts_index *ix) {
    const char *path = test_temp("index");
    test_write(path, bytes);
    return opened_file(path, ix);
}

/* The built index as a file that lies open, for changing a byte at a time. */
static int built_file(const char *path) {
    test_write(path, built.bytes);
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    return fd;
}
static void put_byte(int fd, size_t at, int byte) {
    char c = (char)byte;
    assert_int_equal(pwrite(fd, &c, 1, (off_t)at), 1);
}

static const char *const titles[] = {"Kelvano KV-2080 power bank 20000mAh",
                                     "Zandoro Junior Star Fahrradhelm ZH310",
                                     "凯华诺 充电宝 KV2090",
                                     "Velonda AirGlide Laufschuhe VL770",
                                     "Mirabelo Hoppelino Dreamear",
                                     "Keelvano powerbank",
                                     "cotton t-shirt",
                                     ""};
enum { TITLES = sizeof titles / sizeof *titles };

/* All that an index says of some offers, as one number. */
static uint64_t answers(const ts_index *ix) {
    ts_arena work = a;
    uint64_t h = ts_index_notices(ix);
    ts_matcher *m =
        ts_matcher_new(&work, ix, (ts_match_options){.model = rule_model(&work), .floor = 0.001});
    for (int i = 0; i < TITLES; i++) {
        ts_offer o = {.title = ts_str_c(titles[i])};
        ts_leads out = {0};
        ts_match(m, &work, &o, &out);
        for (size_t k = 0; k < out.n; k++) {
            const ts_lead *l = &out.v[k];
            h = ts_mix(h ^ l->notice ^ ((uint64_t)l->rung << 32) ^
                       (uint64_t)(l->probability * 1e9) << 8);
            for (size_t x = 0; x < l->agree.n; x++)
                h = ts_mix(h ^ ts_hash(l->agree.v[x].notice) ^
                           ts_hash(ts_str_c(l->agree.v[x].what)));
        }
    }
    ts_matcher_free(m);
    for (uint32_t i = 0; i < ts_index_notices(ix); i++) {
        ts_notice n;
        if (ts_index_notice(ix, i, &work, &n, 0))
            h = ts_mix(h ^ ts_hash(n.id) ^ ts_hash(n.product) ^ n.brands.n);
    }
    return h;
}

static void in_memory_and_from_a_file_are_the_same(void **state) {
    (void)state;
    ts_index ix;
    ts_error e;
    const char *path = test_temp("written");
    assert_true(ts_index_write(&built, path, &e));
    assert_true(ts_index_open(&ix, path, &e));
    assert_true(ts_str_eq(ix.bytes, built.bytes));
    assert_int_equal(ts_index_notices(&ix), SAMPLES);
    assert_int_equal(ts_index_terms(&ix), ts_index_terms(&built));
    assert_true(ts_digest_eq(ts_index_digest(&ix), ts_index_digest(&built)));
    assert_true(answers(&ix) == answers(&built));
    ts_index_close(&ix);
    assert_null(ix.bytes.p);
}

static void building_twice_gives_the_same_bytes(void **state) {
    (void)state;
    ts_index ix;
    ts_index_builder *b = sample_index(&a, &ix);
    assert_int_equal(ts_index_added(b), SAMPLES);
    assert_int_equal(ix.bytes.n, built.bytes.n);
    assert_memory_equal(ix.bytes.p, built.bytes.p, built.bytes.n);
    ts_index_builder_free(b);
}

static void notices_come_back(void **state) {
    (void)state;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        ts_notice want, got;
        ts_error e;
        sample_notice(&a, &samples[i], &want);
        assert_true(ts_index_notice(&built, i, &a, &got, &e));
        assert_true(ts_str_eq(got.id, want.id) && ts_str_eq(got.product, want.product) &&
                    ts_str_eq(got.name, want.name));
        assert_int_equal(got.brands.n, want.brands.n);
        assert_int_equal(got.models.n, want.models.n);
        assert_int_equal(got.identifiers.n, want.identifiers.n);
        assert_int_equal(got.counterfeit, want.counterfeit);
        assert_int_equal(got.scope.lots.n, want.scope.lots.n);
    }
}

/* The set of notices has one digest, in whatever order they were added. */
static void the_digest_is_of_the_set(void **state) {
    (void)state;
    ts_index ix;
    ts_error e;
    ts_index_builder *b = ts_index_builder_new(&a);
    for (int i = SAMPLES; i-- > 0;) {
        ts_notice n;
        sample_notice(&a, &samples[i], &n);
        ts_index_add(b, &n);
    }
    assert_true(ts_index_finish(b, &ix, &e));
    assert_true(ts_digest_eq(ts_index_digest(&ix), ts_index_digest(&built)));
    ts_index_builder_free(b);
    b = ts_index_builder_new(&a);
    for (int i = 1; i < SAMPLES; i++) {
        ts_notice n;
        sample_notice(&a, &samples[i], &n);
        ts_index_add(b, &n);
    }
    assert_true(ts_index_finish(b, &ix, &e));
    assert_false(ts_digest_eq(ts_index_digest(&ix), ts_index_digest(&built)));
    ts_index_builder_free(b);
}

/* Of several versions of a notice the newest stands, whichever comes first; a withdrawal takes it
 * out. */
static void one_notice_once(void **state) {
    (void)state;
    ts_index ix;
    ts_error e;
    ts_notice old, new, out;
    sample_notice(&a, &samples[0], &old);
    old.published = 20000;
    new = old;
    new.product = TS_S("another word");
    new.modified = 20010;
    ts_notice_seal(a, &new);
    for (int newest_first = 0; newest_first < 2; newest_first++) {
        ts_index_builder *b = ts_index_builder_new(&a);
        ts_index_add(b, newest_first ? &new : &old);
        ts_index_add(b, newest_first ? &old : &new);
        assert_int_equal(ts_index_added(b), 1);
        assert_true(ts_index_finish(b, &ix, &e));
        assert_int_equal(ts_index_notices(&ix), 1);
        assert_true(ts_index_notice(&ix, 0, &a, &out, &e));
        assert_str(out.product, "another word");
        assert_true(ts_digest_eq(ts_index_digest(&ix), ts_notice_set_toggle((ts_digest){0}, &new)));
        ts_index_builder_free(b);
    }
    ts_index_builder *b = ts_index_builder_new(&a);
    ts_index_add(b, &old);
    new.state = TS_NOTICE_WITHDRAWN;
    ts_index_add(b, &new);
    assert_int_equal(ts_index_added(b), 0);
    assert_int_equal(ts_index_withdrawn(b), 1);
    assert_true(ts_index_finish(b, &ix, &e));
    assert_int_equal(ts_index_notices(&ix), 0);
    ts_index_builder_free(b);
}

static void an_index_of_nothing(void **state) {
    (void)state;
    ts_index ix, again;
    ts_error e;
    ts_index_builder *b = ts_index_builder_new(&a);
    assert_true(ts_index_finish(b, &ix, &e));
    assert_int_equal(ts_index_notices(&ix), 0);
    ts_str bytes = ts_str_dup(&a, ix.bytes);
    assert_int_equal(opened(bytes, &again), TS_OK);
    ts_matcher *m =
        ts_matcher_new(&a, &again, (ts_match_options){.model = rule_model(&a), .exhaustive = true});
    ts_offer o = {.title = TS_S("Kelvano KV-2080 power bank")};
    ts_leads out = {0};
    ts_match(m, &a, &o, &out);
    assert_int_equal(out.n, 0);
    ts_matcher_free(m);
    ts_index_close(&again);
    ts_index_builder_free(b);
}

/* A notice that says nothing, and one that says too much, are in the index like others. */
static void odd_notices(void **state) {
    (void)state;
    ts_index ix;
    ts_error e;
    ts_index_builder *b = ts_index_builder_new(&a);
    ts_notice empty = {.id = TS_S("x:1"), .published = TS_NO_DAY, .modified = TS_NO_DAY},
              full = {.id = TS_S("x:2"), .published = TS_NO_DAY, .modified = TS_NO_DAY};
    ts_buf prose = ts_buf_new(&a, 200000);
    while (!prose.full) ts_buf_lit(&prose, "Kelvanok KV-2080 \xFF 500 ml 罗马 ");
    full.product = full.name = full.description = full.hazard = full.category = ts_buf_str(&prose);
    for (int i = 0; i < 3000; i++) {
        ts_buf s = ts_buf_new(&a, 100);
        ts_buf_fmt(&s, "KX-%d-%d", i, i * 7);
        ts_strs_add(&a, &full.models, ts_buf_str(&s));
        ts_buf t = ts_buf_new(&a, 100);
        ts_buf_fmt(&t, "Brandova%d", i);
        ts_strs_add(&a, &full.brands, ts_buf_str(&t));
    }
    ts_index_add(b, &empty);
    ts_index_add(b, &full);
    assert_true(ts_index_finish(b, &ix, &e));
    ts_matcher *m =
        ts_matcher_new(&a, &ix, (ts_match_options){.model = rule_model(&a), .floor = 0.001});
    const ts_offer offers[] = {{.title = TS_S("Brandova17 KX-5-35 lamp")},
                               {.title = ts_buf_str(&prose), .description = ts_buf_str(&prose)},
                               {.title = TS_NONE}};
    for (int i = 0; i < 3; i++) {
        ts_leads out = {0};
        ts_match(m, &a, &offers[i], &out);
        for (size_t k = 0; k < out.n; k++) assert_int_equal(out.v[k].notice, 1);
    }
    ts_notice back;
    assert_true(ts_index_notice(&ix, 0, &a, &back, &e));
    assert_str(back.id, "x:1");
    assert_true(ts_index_notice(&ix, 1, &a, &back, &e));
    assert_true(back.description.n < 1000);
    ts_matcher_free(m);
    ts_index_builder_free(b);
}

static void truncated_files_are_refused(void **state) {
    (void)state;
    ts_index ix;
    const char *path = test_temp("cut");
    assert_true(built.bytes.n > 997 * 5);
    test_write(path, built.bytes);
    for (size_t n = (built.bytes.n - 1) / 997 * 997; n > 0; n -= 997) {
        assert_int_equal(truncate(path, (off_t)n), 0);
        assert_int_equal(opened_file(path, &ix), TS_E_INPUT);
    }
    for (size_t n = 0; n < sizeof(ix_header) + 8; n++)
        assert_true(opened(ts_str_to(built.bytes, n), &ix) != TS_OK);
    assert_int_equal(opened(ts_str_to(built.bytes, built.bytes.n - 1), &ix), TS_E_INPUT);
    char *longer = ts_new_n(&a, char, built.bytes.n + 64);
    memcpy(longer, built.bytes.p, built.bytes.n);
    assert_int_equal(opened((ts_str){longer, built.bytes.n + 64}, &ix), TS_E_INPUT);
}

static char *copy(void) {
    char *p = ts_alloc_raw(&a, 1, 64, built.bytes.n);
    memcpy(p, built.bytes.p, built.bytes.n);
    return p;
}

static void other_versions_are_told_apart(void **state) {
    (void)state;
    ts_index ix;
    char *p = copy();
    ix_header *h = (ix_header *)(void *)p;
    h->version = IX_VERSION + 1;
    assert_int_equal(opened((ts_str){p, built.bytes.n}, &ix), TS_E_VERSION);
    h->version = IX_VERSION;
    h->byte_order = 0x04030201;
    assert_int_equal(opened((ts_str){p, built.bytes.n}, &ix), TS_E_VERSION);
    h->byte_order = 0x01020304;
    h->lexicon.lo ^= 1;
    assert_int_equal(opened((ts_str){p, built.bytes.n}, &ix), TS_E_VERSION);
    h->lexicon.lo ^= 1;
    h->lexicon.hi ^= 1ull << 63;
    assert_int_equal(opened((ts_str){p, built.bytes.n}, &ix), TS_E_VERSION);
    h->lexicon.hi ^= 1ull << 63;
    h->magic[0] = 'X';
    assert_int_equal(opened((ts_str){p, built.bytes.n}, &ix), TS_E_INPUT);
    h->magic[0] = 'T';
    assert_int_equal(opened((ts_str){p, built.bytes.n}, &ix), TS_OK);
    ts_index_close(&ix);
}

/* Runs the answers in a child: 0 the same as the sound index gives, 1 others, 2 it crashed. */
static int harm(const ts_index *ix, uint64_t want) {
    pid_t child = fork();
    int status = 0;
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr)) _exit(1);
        alarm(20);
        _exit(answers(ix) == want ? 40 : 41); /* sanitizers end with 1 */
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return !WIFEXITED(status) || WEXITSTATUS(status) < 40 ? 2 : WEXITSTATUS(status) - 40;
}

/* One flipped byte anywhere in the header before the table of sections is refused, or does no harm.
 */
static void flipped_bytes_of_the_header(void **state) {
    (void)state;
    uint64_t want = answers(&built);
    const char *path = test_temp("flipped");
    int fd = built_file(path);
    unsigned taken = 0;
    for (size_t i = 0; i < sizeof(ix_header); i++) {
        static const unsigned char flips[] = {0x01, 0x10, 0x40, 0x80, 0xFF};
        for (size_t k = 0; k < sizeof flips; k++) {
            ts_index ix;
            put_byte(fd, i, built.bytes.p[i] ^ flips[k]);
            if (opened_file(path, &ix) != TS_OK) continue;
            taken++;
            int h = harm(&ix, want);
            if (h)
                print_error("byte %zu ^ %02x is taken and %s\n", i, flips[k],
                            h == 1 ? "changes answers" : "crashes");
            assert_int_equal(h, 0);
            ts_index_close(&ix);
        }
        put_byte(fd, i, built.bytes.p[i]);
    }
    close(fd);
    assert_true(taken < sizeof(ix_header) * 5 / 4);
}

/* One flipped byte anywhere behind the header is refused: the checksum covers all of it. */
static void flipped_bytes_of_the_sections(void **state) {
    (void)state;
    const char *path = test_temp("flipped");
    int fd = built_file(path);
    ts_index ix;
    for (size_t i = sizeof(ix_header); i < built.bytes.n; i += 499) {
        put_byte(fd, i, built.bytes.p[i] ^ 0x20);
        assert_int_equal(opened_file(path, &ix), TS_E_INPUT);
        put_byte(fd, i, built.bytes.p[i]);
    }
    close(fd);
    assert_int_equal(opened_file(path, &ix), TS_OK);
    ts_index_close(&ix);
}

/* The checksum keeps damage out, but not somebody who can compute it: numbers that point nowhere
 * must not be followed. */
typedef struct forger {
    char *p;
    ix_header *h;
} forger;
static void *part(const forger *f, ix_section s) { return f->p + f->h->section[s].at; }
static size_t count(const forger *f, ix_section s, size_t size) {
    return f->h->section[s].bytes / size;
}

static void fill_u32(const forger *f, ix_section s, uint32_t v) {
    uint32_t *x = part(f, s);
    for (size_t i = 0; i < count(f, s, 4); i++) x[i] = v;
}
static void forge_postings(const forger *f) { fill_u32(f, IX_POSTINGS, 0x7FFFFFFF); }
static void forge_postings_by_one(const forger *f) { fill_u32(f, IX_POSTINGS, f->h->notice_count); }
static void forge_forward(const forger *f) { fill_u32(f, IX_FORWARD, 0x7FFFFFFF); }
static void forge_forward_by_one(const forger *f) { fill_u32(f, IX_FORWARD, f->h->term_count); }
static void forge_types(const forger *f) {
    uint16_t *x = part(f, IX_TYPES);
    for (size_t i = 0; i < count(f, IX_TYPES, 2); i++) x[i] = 0x7FFF;
}
static void forge_slots(const forger *f, ix_section s, uint32_t number, bool only_free) {
    ix_slot *x = part(f, s);
    for (size_t i = 0; i < count(f, s, sizeof *x); i++)
        if (!only_free || !x[i].term) x[i].term = number;
}
static void forge_slots_far(const forger *f) { forge_slots(f, IX_SLOTS, 0x7FFFFFFF, false); }
static void forge_slots_full(const forger *f) { forge_slots(f, IX_SLOTS, 1, true); }
static void forge_typos_far(const forger *f) { forge_slots(f, IX_TYPOS, 0x7FFFFFFF, false); }
static void forge_typos_full(const forger *f) { forge_slots(f, IX_TYPOS, 1, true); }
static void forge_strings(const forger *f) {
    ix_key *b = part(f, IX_BRANDS), *m = part(f, IX_MODELS);
    for (size_t i = 0; i < count(f, IX_BRANDS, sizeof *b); i++) b[i].text = 0xFFFFFFFF;
    for (size_t i = 0; i < count(f, IX_MODELS, sizeof *m); i++) m[i].text = 0xFFFFFFFF;
}
static void forge_string_ends(const forger *f) {
    ix_key *m = part(f, IX_MODELS);
    for (size_t i = 0; i < count(f, IX_MODELS, sizeof *m); i++)
        m[i].text = (uint32_t)f->h->section[IX_STRINGS].bytes - 1, m[i].n = 255;
}
static void forge_terms(const forger *f) {
    ix_term *t = part(f, IX_TERMS);
    for (uint32_t i = 0; i < f->h->term_count; i++) t[i].first = t[i].n ? 0xFFFFFFF0u : 0;
}
static void forge_term_counts(const forger *f) {
    ix_term *t = part(f, IX_TERMS);
    for (uint32_t i = 0; i < f->h->term_count; i++) t[i].n = 0xFFFFFFFFu;
}
static void forge_classes(const forger *f) {
    ix_term *t = part(f, IX_TERMS);
    for (uint32_t i = 0; i < f->h->term_count; i++) t[i].cls = 200;
}
static void forge_notices(const forger *f, int what) {
    ix_notice *n = part(f, IX_NOTICES);
    for (uint32_t i = 0; i < f->h->notice_count; i++) switch (what) {
        case 0: n[i].forward = 0xFFFFFFF0u; break;
        case 1: n[i].json = UINT64_MAX - 4; break;
        case 2: n[i].json_n = 0xFFFFFFFF; break;
        case 3: n[i].models = 0xFFFFFFF0u; break;
        case 4: n[i].brands_n = 0xFFFF; break;
        case 5: n[i].types = 0x7FFFFFFF; break;
        case 6: n[i].quantities_n = 0xFFFF; break;
        case 7: n[i].forward_n = 0xFFFF; break;
        case 8: n[i].idents = 0xFFFFFFF0u; break;
        case 9: n[i].idents_n = 0xFFFF; break;
        case 10: n[i].sketch = f->h->section[IX_SKETCHES].bytes; break;
        case 11: n[i].sketch = f->h->section[IX_SKETCHES].bytes - 8; break;
        case 12: n[i].sketch = UINT64_MAX - 7; break;
        default: n[i].sketch += 4;
        }
}
enum { NOTICE_FORGERIES = 14 };

/* The first sketch; there are others behind it, which its counts could reach into. */
static sketch *first_sketch(const forger *f) { return part(f, IX_SKETCHES); }
static sketch_token *first_tokens(const forger *f) {
    return (sketch_token *)(uintptr_t)sketch_tokens(first_sketch(f));
}
static sketch_model *first_models(const forger *f) {
    return (sketch_model *)(uintptr_t)sketch_models(first_sketch(f));
}
static void forge_sketch(const forger *f, int what) {
    sketch *s = first_sketch(f);
    switch (what) {
    case 0: s->size = 0; break;
    case 1: s->size = UINT32_MAX - 7; break;
    case 2: s->size -= 8; break;
    case 3: s->size += 4; break;
    case 4: s->tokens_n = SKETCH_TOKENS + 1; break;
    case 5: s->title_n = (uint8_t)(s->tokens_n + 1); break;
    case 6: s->models_n = SKETCH_MODELS + 1; break;
    case 7: s->quantities_n = SKETCH_QUANTITIES + 1; break;
    case 8: s->vocabulary_n = SKETCH_VOCABULARY + 1; break;
    case 9: s->grams_n = SKETCH_GRAMS + 1; break;
    case 10: s->grams_n = SKETCH_GRAMS; break;
    case 11: s->text_n = UINT16_MAX; break;
    case 12: s->title_bytes = (uint16_t)(s->text_n - s->brand_n + 1); break;
    case 13: s->brand_n = 255; break;
    case 14: first_tokens(f)->at = s->text_n; break;
    case 15: first_tokens(f)->at = UINT16_MAX; break;
    case 16: first_tokens(f)[s->tokens_n - 1].n = 255; break;
    case 17: first_tokens(f)->type = (uint16_t)(ts_type_count() + 1); break;
    case 18: first_models(f)->at = UINT16_MAX; break;
    case 19: first_models(f)->n = 255; break;
    case 20: s->title_norm = NAN; break;
    case 21: s->vocabulary_norm = INFINITY; break;
    case 22: s->grams_norm = 1e-30f; break;
    case 23: s->title_sum = -1; break;
    default: s->price = NAN;
    }
}
enum { SKETCH_FORGERIES = 25 };

static void forge_weights_size(const forger *f, int what) {
    uint64_t *bytes = &f->h->section[IX_WEIGHTS].bytes;
    *bytes = what == 0 ? 0 : what == 1 ? *bytes - 1 : *bytes * 2;
}
static void forge_sketches_size(const forger *f) { f->h->section[IX_SKETCHES].bytes -= 8; }

/* Whatever points outside is refused, and the next test gets a sound copy again. */
static void check_refused(const forger *f, const char *what, int i) {
    ts_index ix;
    f->h->checksum = ix_checksum((ts_str){f->p, f->h->size});
    ts_error_code got = opened((ts_str){f->p, built.bytes.n}, &ix);
    if (got != TS_E_INPUT) print_error("forged %s %d: answer %d\n", what, i, (int)got);
    assert_int_equal(got, TS_E_INPUT);
    memcpy(f->p, built.bytes.p, built.bytes.n);
}

static void check_forgery(const forger *f, const char *what) {
    ts_index ix;
    f->h->checksum = ix_checksum((ts_str){f->p, f->h->size});
    if (opened((ts_str){f->p, built.bytes.n}, &ix) == TS_OK) {
        int h = harm(&ix, 0);
        if (h == 2) print_error("forged %s: crashes\n", what);
        assert_int_not_equal(h, 2);
        ts_index_close(&ix);
    }
    memcpy(f->p, built.bytes.p, built.bytes.n);
}

static void forged_content_is_not_followed(void **state) {
    (void)state;
    static const struct {
        const char *what;
        void (*forge)(const forger *f);
    } all[] = {{"postings", forge_postings},
               {"postings by one", forge_postings_by_one},
               {"forward", forge_forward},
               {"forward by one", forge_forward_by_one},
               {"types", forge_types},
               {"slots", forge_slots_far},
               {"no free slot", forge_slots_full},
               {"typos", forge_typos_far},
               {"no free typo slot", forge_typos_full},
               {"strings", forge_strings},
               {"ends of strings", forge_string_ends},
               {"terms", forge_terms},
               {"counts of terms", forge_term_counts},
               {"classes", forge_classes}};
    forger f = {.p = copy()};
    f.h = (ix_header *)(void *)f.p;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        all[i].forge(&f);
        check_forgery(&f, all[i].what);
    }
}

static void forged_places_are_refused(void **state) {
    (void)state;
    forger f = {.p = copy()};
    f.h = (ix_header *)(void *)f.p;
    const sketch *first = first_sketch(&f);
    assert_true(first->tokens_n && first->models_n && first->grams_n < SKETCH_GRAMS);
    for (int i = 0; i < NOTICE_FORGERIES; i++) {
        forge_notices(&f, i);
        check_refused(&f, "notice", i);
    }
    for (int i = 0; i < SKETCH_FORGERIES; i++) {
        forge_sketch(&f, i);
        check_refused(&f, "sketch", i);
    }
    for (int i = 0; i < 3; i++) {
        forge_weights_size(&f, i);
        check_refused(&f, "weights", i);
    }
    forge_sketches_size(&f);
    check_refused(&f, "sketches", 0);
}

/* What is inside its bounds, but wrong, leads to other answers and to nothing worse. */
static void forge_weights(const forger *f) { memset(part(f, IX_WEIGHTS), 255, WORDS_SIZE); }
static void forge_idents(const forger *f) {
    memset(part(f, IX_IDENTS), 255, f->h->section[IX_IDENTS].bytes);
}
static void forge_every_sketch(const forger *f) {
    const ix_notice *n = part(f, IX_NOTICES);
    for (uint32_t i = 0; i < f->h->notice_count; i++) {
        char *at = (char *)part(f, IX_SKETCHES) + n[i].sketch;
        sketch *s = (sketch *)(void *)at;
        sketch_token *t = (sketch_token *)(uintptr_t)sketch_tokens(s);
        for (unsigned k = 0; k < s->tokens_n; k++)
            t[k] = (sketch_token){.hash = i, .weight = 255, .flags = 0xFFFF};
        uint32_t *v = (uint32_t *)(uintptr_t)sketch_vocabulary(s);
        memset(v, 255 - (int)i, (s->vocabulary_n + (size_t)s->grams_n) * 4);
        s->title_sum = s->title_norm = s->vocabulary_norm = s->grams_norm = 0;
    }
}
static void forged_numbers_do_no_harm(void **state) {
    (void)state;
    forger f = {.p = copy()};
    f.h = (ix_header *)(void *)f.p;
    forge_weights(&f);
    check_forgery(&f, "weights");
    forge_idents(&f);
    check_forgery(&f, "identifiers");
    forge_every_sketch(&f);
    check_forgery(&f, "every sketch");
}

static void files_of_others(void **state) {
    (void)state;
    ts_index ix;
    ts_error e;
    assert_int_equal(opened(TS_NONE, &ix), TS_E_INPUT);
    assert_int_equal(opened(TS_S("{\"id\": 1}"), &ix), TS_E_INPUT);
    char *zeros = ts_new_n(&a, char, 100000);
    assert_int_equal(opened((ts_str){zeros, 100000}, &ix), TS_E_INPUT);
    memcpy(zeros, IX_MAGIC, 8);
    assert_true(opened((ts_str){zeros, 100000}, &ix) != TS_OK);
    assert_false(ts_index_open(&ix, "/no/such/file", &e));
    assert_false(ts_index_open(&ix, "/", &e));
}

static void layout(void **state) {
    (void)state;
    const ix_header *h = ix_head(&built);
    uint64_t end = sizeof *h;
    assert_true(h->size == built.bytes.n);
    assert_true(((uintptr_t)built.bytes.p & 63) == 0);
    for (int s = 0; s < IX_SECTIONS; s++) {
        assert_true(h->section[s].at % 64 == 0 && h->section[s].at >= end);
        end = h->section[s].at + h->section[s].bytes;
    }
    assert_true(end <= h->size);
    assert_int_equal(h->section[IX_WEIGHTS].bytes, WORDS_SIZE);
    const ix_notice *notice = ix_at(&built, IX_NOTICES);
    uint64_t sketches = 0; /* one behind the other, none left out */
    for (uint32_t i = 0; i < h->notice_count; i++) {
        notice_side side = ix_side(&built, i);
        assert_int_equal(notice[i].sketch, sketches);
        assert_true(sketch_sound(side.sketch, side.sketch->size));
        assert_true(side.sketch->tokens_n > 0 && side.sketch->title_sum > 0);
        sketches += side.sketch->size;
    }
    assert_int_equal(sketches, h->section[IX_SKETCHES].bytes);
    const ix_term *t = ix_at(&built, IX_TERMS);
    const uint32_t *postings = ix_at(&built, IX_POSTINGS);
    for (uint32_t i = 0; i < h->term_count; i++) {
        assert_true(t[i].n == 0 || t[i].n == t[i].df);
        for (uint32_t k = 1; k < t[i].n; k++)
            assert_true(postings[t[i].first + k] > postings[t[i].first + k - 1]);
        for (uint32_t k = 0; k < t[i].n; k++) { /* a posting leads to a notice that has the term */
            const ix_notice *n =
                (const ix_notice *)ix_at(&built, IX_NOTICES) + postings[t[i].first + k];
            const uint32_t *f = (const uint32_t *)ix_at(&built, IX_FORWARD) + n->forward;
            bool has = false;
            for (unsigned x = 0; x < n->forward_n; x++) has |= (f[x] & ~IX_PART) == i;
            assert_true(has);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_memory_and_from_a_file_are_the_same),
        cmocka_unit_test(building_twice_gives_the_same_bytes),
        cmocka_unit_test(notices_come_back),
        cmocka_unit_test(the_digest_is_of_the_set),
        cmocka_unit_test(one_notice_once),
        cmocka_unit_test(an_index_of_nothing),
        cmocka_unit_test(odd_notices),
        cmocka_unit_test(truncated_files_are_refused),
        cmocka_unit_test(other_versions_are_told_apart),
        cmocka_unit_test(flipped_bytes_of_the_header),
        cmocka_unit_test(flipped_bytes_of_the_sections),
        cmocka_unit_test(forged_content_is_not_followed),
        cmocka_unit_test(forged_places_are_refused),
        cmocka_unit_test(forged_numbers_do_no_harm),
        cmocka_unit_test(files_of_others),
        cmocka_unit_test(layout),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
