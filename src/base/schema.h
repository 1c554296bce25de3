/* schema.h - JSON Schema, draft 2020-12 (and draft-07 and 2019-09 where they agree in shape), for
 * the vocabulary that the passports' schemas and our own packs use.
 *
 * A schema is compiled first; a keyword that is not understood here is refused by name and place,
 * never skipped.
 *
 * Supported: the vocabularies core (without $dynamicRef and $dynamicAnchor), applicator,
 * unevaluated, validation, meta-data and content of draft 2020-12; $defs and definitions; lists in
 * `items`, additionalItems and dependencies where the document's $schema is an older draft that has
 * them. unevaluatedItems is draft 2020-12 alone. Names that begin with "x-", and `example`, `name`,
 * `url`, `@id`, which published schemas add, say nothing about a value.
 *
 * `format` is checked for: date-time, date, time, duration, email, hostname, ipv4, ipv6, uri,
 * uri-reference, iri, iri-reference, uuid, json-pointer, regex. Any other format is an annotation.
 *
 * Patterns are those of ECMA-262 with its flag "u", and the leniency of its annex B for characters
 * that need no backslash. Numbers are compared exactly.
 */
#ifndef TS_BASE_SCHEMA_H
#define TS_BASE_SCHEMA_H

#include "answer.h"
#include "json.h"

typedef struct ts_schema ts_schema;

/* Compiles a schema document, read strictly, that outlives the result. Without $schema it is draft
 * 2020-12. TS_E_INPUT: malformed, another draft, or a keyword that is not supported, with its JSON
 * pointer (RFC 6901) in the message; also a $ref that leads nowhere (references to other documents
 * are not fetched) or round in a circle, and a pattern that does not compile or is not supported.
 * TS_E_LIMIT: more than 100,000 schemas, or more than 200 within each other. Everything lies in
 * `a`, the compiled patterns too, so that nothing is held when the arena runs out; give back with
 * ts_schema_free all the same. */
ts_schema *ts_schema_compile(ts_arena *a, const ts_json *document, ts_error *e);
/* The same, for what generators of aspect models write: takes draft-04 as well, and definitions
 * under #/components/schemas. */
ts_schema *ts_schema_compile_legacy(ts_arena *a, const ts_json *document, ts_error *e);
void ts_schema_free(ts_schema *s); /* NULL is allowed; s is not to be used again */

typedef struct ts_schema_fault {
    ts_str at;      /* JSON pointer into the instance; "" is the whole */
    ts_str keyword; /* the keyword that is not kept: "required" */
    ts_str text;    /* what is wrong, in a sentence: "the member 'name' is missing" */
} ts_schema_fault;
typedef struct ts_schema_faults {
    ts_schema_fault *v;
    size_t n, cap;
} ts_schema_faults;

/* The instance is read strictly: where a name is repeated, every member of that name is checked.
 * TS_YES: the instance keeps to the schema; TS_NO: it does not, and up to `max` faults are added;
 * TS_OPEN with the reason in e: a limit was reached (1,000 schemas within each other; steps, which
 * end after some seconds; the memory a pattern takes; an exponent beyond counting), so that it
 * cannot be told; e is not touched otherwise. Where a choice (anyOf, oneOf) is not kept, the fault
 * says which alternative comes closest. Texts quote the instance, cut short and without control
 * characters; they are not escaped for HTML. `at` and `text` live in `a`. A compiled schema may be
 * used by several threads at once. */
ts_answer ts_schema_check(const ts_schema *s, ts_arena *a, const ts_json *instance, size_t max,
                          ts_schema_faults *faults, ts_error *e);

#endif
