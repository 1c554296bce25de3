#include "xml_input.h"

#include <errno.h>

#include "html_text.h"

/* ---- the watch: where in the document the bytes are ---- */

enum { TEXT, OPEN, TAG, VALUE, BANG, COMMENT, CDATA, INSTRUCTION, DOCTYPE };

void ts_xml_input_start(ts_xml_input *f, ts_splitter *split) {
    *f = (ts_xml_input){.split = split, .cd = (iconv_t)-1, .line = 1};
}

void ts_xml_input_close(ts_xml_input *f) {
    if (f->cd != (iconv_t)-1) iconv_close(f->cd);
    f->cd = (iconv_t)-1;
}

static bool refuse(ts_xml_input *f, const char *what) {
    ts_fail(&f->why, TS_E_INPUT, "%s; what came before was read", what);
    return ts_fail_at(&f->why, ts_input_name(f->split->in), f->line, 0);
}

/* Behind "<!": which of the three it is shows within seven characters. */
static void declaration(ts_xml_input *f, char c) {
    f->name[f->matched++] = c;
    ts_str s = {f->name, f->matched};
    f->state = ts_str_is(s, "--")        ? COMMENT
               : ts_str_is(s, "[CDATA[") ? CDATA
               : ts_str_is(s, "DOCTYPE") ? DOCTYPE
                                         : BANG;
    if (f->state != BANG)
        f->matched = 0;
    else if (f->matched == 7)
        f->state = TAG; /* not XML: the parser will say so */
}

/* Counts how much of `end` ("-->", "]]>", "?>") the last characters were. */
static void until(ts_xml_input *f, char c, const char *end) {
    unsigned n = (unsigned)strlen(end);
    if (c == end[f->matched])
        f->matched++;
    else if (c != end[0])
        f->matched = 0;
    else if (f->matched == 0 || end[1] != end[0])
        f->matched = 1; /* "]]]" still ends in "]]" */
    if (f->matched == n) f->state = TEXT, f->matched = 0;
}

static bool in_tag(ts_xml_input *f, char c) {
    if (c == '>')
        f->state = TEXT;
    else if (c == '"' || c == '\'')
        f->state = VALUE, f->quote = c;
    else if (c == '=' && ++f->attributes > TS_XML_ATTRIBUTES_MAX)
        return refuse(f, "XML: a tag has more than 200 attributes");
    return true;
}

static bool in_doctype(ts_xml_input *f, char c) {
    if (f->quote) {
        if (c == f->quote) f->quote = 0;
    } else if (c == '"' || c == '\'') {
        f->quote = c;
    } else if (c == '>') {
        f->state = TEXT;
    } else if (c == '[') {
        return refuse(
            f, "XML: entity declarations are not accepted: the DOCTYPE declares something in [ ]");
    }
    return true;
}

static bool watch_one(ts_xml_input *f, char c) {
    switch (f->state) {
    case OPEN:
        f->attributes = f->matched = 0;
        f->quote = 0;
        f->state = c == '!' ? BANG : c == '?' ? INSTRUCTION : c == '>' ? TEXT : TAG;
        return true;
    case TAG: return in_tag(f, c);
    case VALUE:
        if (c == f->quote) f->state = TAG;
        return true;
    case BANG: declaration(f, c); return true;
    case COMMENT: until(f, c, "-->"); return true;
    case CDATA: until(f, c, "]]>"); return true;
    case INSTRUCTION: until(f, c, "?>"); return true;
    case DOCTYPE: return in_doctype(f, c);
    default: return true;
    }
}

/* Looks at p[0, n) and puts blanks for control characters. Returns how many bytes may be handed
 * out: less than n when something is refused. */
static size_t watch(ts_xml_input *f, char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (f->state == TEXT) { /* the common case, quickly */
            while (i < n && p[i] != '<' && (unsigned char)p[i] >= ' ') i++;
            if (i == n) return n;
        }
        char c = p[i];
        if (c == '\n')
            f->line++;
        else if ((unsigned char)c < ' ' && c != '\t' && c != '\r')
            p[i] = ' ';
        if (f->state == TEXT)
            f->state = c == '<' ? OPEN : TEXT;
        else if (!watch_one(f, c))
            return i;
    }
    return n;
}

/* ---- bytes to UTF-8 ---- */

static bool read_raw(ts_xml_input *f) {
    size_t room = TS_XML_RAW - f->raw_n;
    ts_splitter *s = f->split;
    if (f->held_at < s->held_n) { /* what was read to find out what it is */
        size_t k = s->held_n - f->held_at < room ? s->held_n - f->held_at : room;
        memcpy(f->raw + f->raw_n, s->held + f->held_at, k);
        f->held_at += k;
        f->raw_n += k;
        return true;
    }
    if (s->eof) {
        f->end = true;
        if (s->failed) f->why = s->failure;
        return !s->failed;
    }
    ptrdiff_t k = ts_input_read(s->in, f->raw + f->raw_n, room, &f->why);
    if (k > 0)
        f->raw_n += (size_t)k;
    else
        f->end = true;
    return k >= 0;
}

static void find_charset(ts_xml_input *f) {
    ts_str head = {f->raw, f->raw_n}, label = TS_NONE;
    size_t mark = 0; /* bytes of the byte order mark */
    f->opened = true;
    if (ts_str_starts(head, TS_S("\xEF\xBB\xBF")))
        mark = 3;
    else if (ts_str_starts(head, TS_S("\xFF\xFE")))
        mark = 2, label = TS_S("utf-16le");
    else if (ts_str_starts(head, TS_S("\xFE\xFF")))
        mark = 2, label = TS_S("utf-16be");
    else if (ts_str_starts(head, TS_S("<?xml")))
        label = ts_html_declared(ts_str_to(head, ts_str_chr(head, '>')));
    const char *name = ts_html_charset(label);
    bool wide = name && !mark &&
                strncmp(name, "UTF-16", 6) == 0; /* then the label could not have been read */
    f->raw_n -= mark;
    memmove(f->raw, f->raw + mark, f->raw_n);
    if (name && !wide && strcmp(name, "UTF-8") != 0) f->cd = iconv_open("UTF-8", name);
}

/* Bytes of a sequence that is cut off at the end of s. */
static size_t unfinished(ts_str s) {
    for (size_t k = 1; k <= 3 && k <= s.n; k++) {
        unsigned char c = (unsigned char)s.p[s.n - k];
        if (c >= 0xC0) return (c >= 0xF0 ? 4u : c >= 0xE0 ? 3u : 2u) > k ? k : 0;
        if (c < 0x80) return 0;
    }
    return 0;
}

static size_t put_utf8(ts_xml_input *f, size_t n) {
    ts_str s = {f->raw, n};
    char *w = f->out;
    if (n && ts_utf8_bad(s) == TS_NPOS) {
        memcpy(w, s.p, n);
        return f->out_n = n;
    }
    for (size_t i = 0; i < n;) w += ts_utf8_put(w, ts_utf8_next(s, &i));
    f->out_n = (size_t)(w - f->out);
    return n;
}

/* Returns how many raw bytes were used. */
static size_t put_converted(ts_xml_input *f) {
    char *from = f->raw, *to = f->out;
    size_t left = f->raw_n, room = sizeof f->out;
    while (left && iconv(f->cd, &from, &left, &to, &room) == (size_t)-1 && room >= 8) {
        if (errno == E2BIG || (errno == EINVAL && !f->end)) break;
        to += ts_utf8_put(to, 0xFFFD);
        room = sizeof f->out - (size_t)(to - f->out);
        from++, left--;
    }
    f->out_n = (size_t)(to - f->out);
    return f->raw_n - left;
}

static bool is_utf8(const ts_xml_input *f) { return f->cd == (iconv_t)-1; }

/* Fills f->out. False when there is no more, or nothing that can be trusted. */
static bool refill(ts_xml_input *f) {
    f->out_at = f->out_n = 0;
    while (!f->out_n) {
        if (f->stopped || (f->end && !f->raw_n)) return false;
        if (!f->end && f->raw_n < TS_XML_RAW && !read_raw(f)) f->stopped = true;
        if (!f->opened) find_charset(f);
        ts_str raw = {f->raw, f->raw_n};
        size_t used =
            is_utf8(f) ? put_utf8(f, raw.n - (f->end ? 0 : unfinished(raw))) : put_converted(f);
        f->raw_n -= used;
        memmove(f->raw, f->raw + used, f->raw_n);
        if (!used && f->end) f->raw_n = 0;
    }
    size_t good = watch(f, f->out, f->out_n);
    if (good < f->out_n) f->stopped = true;
    f->out_n = good;
    return good > 0;
}

int ts_xml_input_read(ts_xml_input *f, char *buf, int n) {
    if (f->out_at == f->out_n && !refill(f)) return f->why.code ? -1 : 0;
    size_t k = f->out_n - f->out_at;
    if (k > (size_t)n) k = (size_t)n;
    memcpy(buf, f->out + f->out_at, k);
    f->out_at += k;
    return (int)k;
}
