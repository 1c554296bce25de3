/* str.h - strings are {pointer, length}; nobody calls strlen on bytes from outside. */
#ifndef TS_BASE_STR_H
#define TS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"

typedef struct ts_str {
    const char *p; /* not terminated; may be NULL when n == 0 */
    size_t n;      /* bytes */
} ts_str;

typedef struct ts_strs {
    ts_str *v;
    size_t n, cap;
} ts_strs;

#define TS_S(lit) ((ts_str){(lit), sizeof(lit) - 1})
#define TS_NONE ((ts_str){0, 0})
/* For printf: printf("%.*s", TS_P(s)) */
#define TS_P(s) (int)((s).n > INT32_MAX ? INT32_MAX : (s).n), ((s).p ? (s).p : "")

/* For text of our own (arguments, literals held in variables). */
static inline ts_str ts_str_c(const char *c) { return (ts_str){c, c ? strlen(c) : 0}; }

static inline bool ts_str_eq(ts_str a, ts_str b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool ts_str_is(ts_str a, const char *lit) { return ts_str_eq(a, ts_str_c(lit)); }
int ts_str_cmp(ts_str a, ts_str b);  /* byte order */
bool ts_str_ieq(ts_str a, ts_str b); /* ASCII letters compared without case */
bool ts_str_starts(ts_str s, ts_str prefix);
bool ts_str_istarts(ts_str s, ts_str prefix);
bool ts_str_ends(ts_str s, ts_str suffix);
#define TS_NPOS ((size_t)-1)
size_t ts_str_find(ts_str s, ts_str needle);  /* byte offset or TS_NPOS */
size_t ts_str_ifind(ts_str s, ts_str needle); /* ASCII case-insensitive */
size_t ts_str_chr(ts_str s, char c);
static inline ts_str ts_str_from(ts_str s, size_t i) {
    size_t k = i < s.n ? i : s.n;
    return k ? (ts_str){s.p + k, s.n - k} : s;
}
static inline ts_str ts_str_to(ts_str s, size_t i) { return (ts_str){s.p, i < s.n ? i : s.n}; }
ts_str ts_str_trim(ts_str s); /* ASCII white space, U+00A0, U+3000 and BOM at both ends */
/* Cuts s at the first `c`: returns what is before it, and leaves the rest in *s (empty when there
 * was none; then `*s`.p is NULL). */
ts_str ts_str_cut(ts_str *s, char c);
/* The same at the first byte that occurs in `any`. */
ts_str ts_str_cut_any(ts_str *s, const char *any);

ts_str ts_str_dup(ts_arena *a, ts_str s);
const char *ts_str_z(ts_arena *a, ts_str s); /* terminated copy, for system calls */
ts_str ts_str_join(ts_arena *a, const ts_str *v, size_t n, ts_str sep);
/* A longest prefix of at most `max` bytes that does not split a UTF-8 sequence. */
ts_str ts_str_clip(ts_str s, size_t max);
/* Adds s (trimmed) to the list unless empty or already there. */
void ts_strs_add(ts_arena *a, ts_strs *l, ts_str s);

/* Whole string as a decimal number. False when empty, not a number, or out of range. */
bool ts_u64_parse(ts_str s, uint64_t *out);
bool ts_i64_parse(ts_str s, int64_t *out);
/* Whole string as a finite floating-point number in C notation (no locale). */
bool ts_f64_parse(ts_str s, double *out);

static inline bool ts_is_digit(int c) { return c >= '0' && c <= '9'; }
static inline bool ts_is_alpha(int c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static inline bool ts_is_alnum(int c) { return ts_is_digit(c) || ts_is_alpha(c); }
static inline bool ts_is_space(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
static inline int ts_lower(int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
static inline int ts_upper(int c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }

/* ---- UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF) ---- */

/* Decodes one code point at s[*i] and moves *i behind it. A malformed byte gives U+FFFD and
 * moves by one. Requires *i < s.n. */
uint32_t ts_utf8_next(ts_str s, size_t *i);
/* Writes 1-4 bytes to out and returns how many; surrogates and values beyond the range are
 * written as U+FFFD. */
size_t ts_utf8_put(char out[4], uint32_t cp);
/* Offset of the first malformed byte, or TS_NPOS when s is well-formed. */
size_t ts_utf8_bad(ts_str s);
/* s itself when well-formed, else a copy with U+FFFD in place of malformed bytes. */
ts_str ts_utf8_mend(ts_arena *a, ts_str s);

#endif
