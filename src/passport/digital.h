/* digital.h - the software in a product: CycloneDX bills of materials, joined with the known
 * exploited vulnerabilities catalogue (CISA KEV) and with OSV advisories.
 *
 * KEV names vendor and product alone, no versions: a hit there cannot be excluded, it is never a
 * finding. OSV states package and version ranges: inside, outside, or cannot be told (a version
 * scheme that is not known here).
 */
#ifndef TS_PASSPORT_DIGITAL_H
#define TS_PASSPORT_DIGITAL_H

#include "base/base.h"

typedef struct ts_component {
    ts_str ref, type, group, name, version, purl, cpe, supplier;
} ts_component;
typedef struct ts_sbom {
    ts_str spec_version, serial, name; /* name: of metadata.component */
    int64_t version;
    struct {
        ts_component *v;
        size_t n, cap;
    } components;           /* nested ones included, in document order */
    size_t vulnerabilities; /* that the document itself lists */
} ts_sbom;
/* CycloneDX JSON, 1.2 to 1.7. At most 200,000 components. */
bool ts_sbom_read(ts_arena *a, const ts_json *root, ts_sbom *out, ts_error *e);

typedef struct ts_advisory {
    ts_str id, title, url;
    ts_strs aliases;
    ts_str due;      /* KEV: dueDate */
    ts_str severity; /* OSV: as stated; may be empty */
} ts_advisory;

typedef struct ts_vulnerable {
    const ts_component *component;
    const ts_advisory *advisory;
    bool kev;         /* from KEV, else from OSV */
    ts_answer inside; /* OSV: yes = the version is affected, no = listed but not this version; KEV:
                         always open = cannot be excluded */
    ts_str reason;    /* a sentence */
} ts_vulnerable;
typedef struct ts_vulnerables {
    ts_vulnerable *v;
    size_t n, cap;
} ts_vulnerables;

typedef struct ts_advisories ts_advisories;
ts_advisories *ts_advisories_new(ts_arena *a);
/* CISA's JSON catalogue. */
bool ts_advisories_add_kev(ts_advisories *x, const ts_json *root, ts_error *e);
/* One OSV record (OSV schema 1.x). */
bool ts_advisories_add_osv(ts_advisories *x, const ts_json *root, ts_error *e);
size_t ts_advisories_count(const ts_advisories *x);

void ts_vulnerables_find(ts_arena *a, const ts_sbom *s, const ts_advisories *x,
                         ts_vulnerables *out);

#endif
