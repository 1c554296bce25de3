/* gs1_dictionary.h - the GS1 Barcode Syntax Dictionary as tables (made by tools/mkgs1.c from
 * gs1/gs1-syntax-dictionary.txt), and how an AI is looked up in them. Private to the room.
 */
#ifndef TS_PRODUCT_GS1_DICTIONARY_H
#define TS_PRODUCT_GS1_DICTIONARY_H

#include "base/base.h"

/* Every check ("linter") that the dictionary names. tools/mkgs1.c stops at a name that is not here,
 * and gs1_lint.c has a function for each. */
#define GS1_LINTERS(X)                                                                             \
    X(couponcode)                                                                                  \
    X(couponposoffer)                                                                              \
    X(csum)                                                                                        \
    X(csumalpha)                                                                                   \
    X(gcppos1)                                                                                     \
    X(gcppos2)                                                                                     \
    X(hasnondigit)                                                                                 \
    X(hh)                                                                                          \
    X(hhmi)                                                                                        \
    X(hyphen)                                                                                      \
    X(iban)                                                                                        \
    X(importeridx)                                                                                 \
    X(iso3166)                                                                                     \
    X(iso3166999)                                                                                  \
    X(iso3166alpha2)                                                                               \
    X(iso4217)                                                                                     \
    X(iso5218)                                                                                     \
    X(latitude)                                                                                    \
    X(longitude)                                                                                   \
    X(mediatype)                                                                                   \
    X(mi)                                                                                          \
    X(nonzero)                                                                                     \
    X(nozeroprefix)                                                                                \
    X(packagetype)                                                                                 \
    X(pcenc)                                                                                       \
    X(pieceoftotal)                                                                                \
    X(posinseqslash)                                                                               \
    X(ss)                                                                                          \
    X(winding)                                                                                     \
    X(yesno)                                                                                       \
    X(yymmd0)                                                                                      \
    X(yymmdd)                                                                                      \
    X(yyyymmdd)                                                                                    \
    X(zero)

enum {
#define X(name) GS1_LINT_##name,
    GS1_LINTERS(X)
#undef X
};

/* What a byte may be, as bits of gs1_byte[]. */
enum {
    GS1_SET_N = 1,    /* digits */
    GS1_SET_X = 2,    /* character set 82 */
    GS1_SET_Y = 4,    /* character set 39 */
    GS1_SET_Z = 8,    /* character set 64: base64url, without its padding */
    URI_PLAIN = 16,   /* RFC 3986 "unreserved" */
    URI_SEGMENT = 32, /* RFC 3986 "pchar" without percent-encoding */
    URI_HEX = 64,
    URI_DIVIDER = 128, /* '/' and '?', which a query and a fragment may hold besides */
};
extern const uint8_t gs1_byte[256];

enum { GS1_LINTS_MAX = 3, GS1_WAYS_MAX = 2, GS1_QUALIFIERS_MAX = 4 };

/* A part of an AI's value. */
typedef struct gs1_component {
    uint8_t set;      /* GS1_SET_… */
    uint8_t min, max; /* characters; equal when the length is fixed */
    bool optional;
    uint8_t lints, lint[GS1_LINTS_MAX];
} gs1_component;

/* AIs are numbered so that those of one pattern ("35nn") follow each other: two digits from 0,
 * three from 100, four from 1100. */
typedef uint16_t gs1_code;

/* One AI or pattern of a list; `end` says what ends behind it. */
typedef struct gs1_pattern {
    gs1_code from, to;
    enum { GS1_AND, GS1_OR, GS1_END } end;
} gs1_pattern;

/* Primary key of a Digital Link, and the sequences of qualifiers it may have. */
typedef struct gs1_key {
    uint8_t ways;
    struct {
        uint8_t n;
        gs1_code ai[GS1_QUALIFIERS_MAX];
    } way[GS1_WAYS_MAX];
} gs1_key;

/* One line of the dictionary: an AI, or a range that differs in nothing else. */
typedef struct gs1_entry {
    const gs1_component *component;
    const gs1_pattern *req, *ex; /* up to GS1_END; NULL when there are none */
    const gs1_key *key;          /* NULL when it is no key */
    const char *req_text;        /* as the dictionary writes it */
    ts_str title;
    uint8_t components;
    uint8_t max;     /* characters in all */
    bool predefined; /* of predefined length: needs no FNC1 behind it */
    bool attribute;  /* may stand in the query of a Digital Link */
} gs1_entry;

static inline unsigned gs1_digits(const char *p, size_t n) {
    unsigned v = 0;
    for (size_t i = 0; i < n; i++) v = v * 10 + (unsigned)(p[i] - '0');
    return v;
}

/* The code of an AI of two to four digits (the caller has checked that they are). */
static inline gs1_code gs1_code_of(ts_str ai) {
    return (gs1_code)(gs1_digits(ai.p, ai.n) + (ai.n == 2 ? 0 : ai.n == 3 ? 100 : 1100));
}

/* The entry of an AI, and its code; NULL when the dictionary has none. */
const gs1_entry *gs1_find(ts_str ai, gs1_code *code);
/* How many digits the AI at the start of `s` has, told by its first two; 0 when no AI starts so. */
size_t gs1_ai_length(ts_str s);

#endif
