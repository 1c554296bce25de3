/* mention_read.h - what the readers of codes and of dates share. Private to text/. */
#ifndef TS_TEXT_MENTION_READ_H
#define TS_TEXT_MENTION_READ_H

#include "mention.h"
#include "quantity.h"

/* Words between a label and its value that change what the value means. */
enum {
    WORD_BETWEEN = 1,    /* "between": the next "and" joins the ends of a range */
    WORD_BEFORE = 2,     /* "before", "until": the range is open at its beginning */
    WORD_SINCE = 4,      /* "since", "from": open at its end, when no other end follows */
    WORD_PART = 8,       /* "beginning with": what follows is a part of a code */
    WORD_FILLER = 16,    /* says nothing: "numbers", "the", "following" */
    WORD_EXPIRY = 32,    /* a date of expiry follows */
    WORD_SIZE = 64,      /* a size or an age follows */
    WORD_STANDARD = 128, /* the number of a standard or an act follows */
    WORD_AND = 256,
    WORD_VEHICLE = 512, /* the label is that of chassis numbers */
};

typedef struct reader {
    ts_arena *a;
    ts_str text;
    ts_tokens t;
    bool us;
    bool prose; /* nothing counts without a label */
    bool table; /* text of a table that has lost its borders: line ends stand between its cells */
    unsigned columns; /* kinds of label seen at the head of the table, a bit per ts_mention_kind */
    ts_mentions *out;
} reader;

size_t origin_of(const reader *r, size_t token);  /* where token i starts in the original text */
size_t origin_end(const reader *r, size_t token); /* behind its last byte */
ts_str original(const reader *r, size_t from, size_t to); /* tokens [from, to) as written */
ts_str gap_before(const reader *r, size_t token); /* what stands between it and the one before */
/* What the word says (WORD_…), 0 when it is an ordinary one. */
unsigned word_says(const reader *r, size_t token);
unsigned little_word(ts_str folded);
/* The label that starts at token i (model, lot, serial, made, sold, trade item number): how many
 * tokens, 0 = none. */
size_t label_phrase(const reader *r, size_t i, ts_phrase *kind);
/* The token that begins the second end of a range whose first end stops before token i, or
 * TS_NPOS. `between` lets "and" count. */
size_t range_sign(const reader *r, size_t i, bool between);
/* First token that starts at or behind byte `at`. */
size_t token_behind(const reader *r, size_t i, size_t at);

/* One code, or a range of codes, at token i; returns the token behind it, or i when there is none.
 */
size_t code_mention(reader *r, size_t i, ts_mention_kind kind, bool labelled, unsigned says);
/* The same without a label, where the sentence goes on to say that the code is printed on the
 * thing. */
size_t printed_mention(reader *r, size_t i);
/* Digit groups of a trade item number, or another number behind a label that says so. */
size_t gtin_mention(reader *r, size_t i, bool labelled);
/* One date, or a range of dates. */
size_t date_mention(reader *r, size_t i, ts_mention_kind kind, unsigned says);
/* Whether a full date (day, month and year) starts at token i; the token behind it. */
bool full_date_at(const reader *r, size_t i, size_t *behind);

#endif
