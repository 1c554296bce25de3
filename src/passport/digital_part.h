/* digital_part.h - advisories as they are kept for the join. Private to passport/. */
#ifndef TS_PASSPORT_DIGITAL_PART_H
#define TS_PASSPORT_DIGITAL_PART_H

#include "digital.h"

enum { WORDS_MAX = 24 };

/* Words in lower case, numbers left out, a number at the end of a word taken off ("log4j2" is
 * "log4j"). */
typedef struct words {
    ts_str v[WORDS_MAX];
    size_t n;
} words;
void words_add(ts_arena *a, words *w, ts_str text);
bool words_have(const words *w, ts_str word);

typedef struct kev_entry {
    ts_advisory advisory;
    ts_str vendor, product; /* as written */
    words vendor_words, product_words;
    ts_str whole; /* the product's words in one */
    size_t next;  /* 1 + the next entry under the same first word; 0 = none */
} kev_entry;

typedef struct osv_entry {
    const ts_advisory *advisory;
    ts_str ecosystem, package;
    const ts_json *affected;
    size_t next;
} osv_entry;

struct ts_advisories {
    ts_arena *a;
    struct {
        kev_entry *v;
        size_t n, cap;
    } kev;
    struct {
        osv_entry *v;
        size_t n, cap;
    } osv;
    ts_map by_word;    /* first word of a product, and the whole: 1 + index into kev */
    ts_map by_package; /* "ecosystem\npackage", lower case: 1 + index into osv */
    ts_map by_cve;     /* CVE id: 1 + index into kev */
    size_t count;
};

/* The key of a package in by_package. */
ts_str package_key(ts_arena *a, ts_str ecosystem, ts_str package);
/* Ecosystem of OSV and package name of a purl (ECMA-427 / purl-spec); false for a type that is not
 * known here. */
bool package_of_purl(ts_arena *a, ts_str purl, ts_str *ecosystem, ts_str *package, ts_str *version);

#endif
