/* The page's bytes as UTF-8. */
#include <errno.h>
#include <iconv.h>

#include "html_text.h"

/* Labels of the Encoding Standard (encoding.spec.whatwg.org, 4.2) that pages use, with the C
 * library's name for the superset that browsers decode. Names from pages never reach iconv_open
 * themselves. */
static const struct {
    const char *labels, *name;
} charsets[] = {
    {"utf-8 utf8 unicode-1-1-utf-8", "UTF-8"},
    {"iso-8859-1 iso8859-1 latin1 l1 us-ascii ascii windows-1252 cp1252 x-cp1252 ansi",
     "WINDOWS-1252"},
    {"gbk gb2312 gb_2312-80 gb18030 x-gbk chinese csgb2312 iso-ir-58 cp936 euc-cn", "GB18030"},
    {"big5 big5-hkscs cn-big5 x-x-big5", "BIG5-HKSCS"},
    {"shift_jis shift-jis sjis x-sjis windows-31j ms_kanji ms932", "CP932"},
    {"euc-jp x-euc-jp", "EUC-JP"},
    {"iso-2022-jp csiso2022jp", "ISO-2022-JP"},
    {"euc-kr ks_c_5601-1987 ksc5601 korean windows-949", "CP949"},
    {"iso-8859-2 iso8859-2 latin2 l2", "ISO-8859-2"},
    {"iso-8859-3 iso8859-3 latin3", "ISO-8859-3"},
    {"iso-8859-4 iso8859-4 latin4", "ISO-8859-4"},
    {"iso-8859-5 iso8859-5 cyrillic", "ISO-8859-5"},
    {"iso-8859-6 iso8859-6 arabic", "ISO-8859-6"},
    {"iso-8859-7 iso8859-7 greek greek8", "ISO-8859-7"},
    {"iso-8859-8 iso8859-8 hebrew iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-9 iso8859-9 latin5 l5 windows-1254 cp1254", "WINDOWS-1254"},
    {"iso-8859-10 iso8859-10 latin6", "ISO-8859-10"},
    {"iso-8859-13 iso8859-13", "ISO-8859-13"},
    {"iso-8859-14 iso8859-14", "ISO-8859-14"},
    {"iso-8859-15 iso8859-15 latin9 l9", "ISO-8859-15"},
    {"iso-8859-16", "ISO-8859-16"},
    {"windows-1250 cp1250 x-cp1250", "WINDOWS-1250"},
    {"windows-1251 cp1251 x-cp1251", "WINDOWS-1251"},
    {"windows-1253 cp1253", "WINDOWS-1253"},
    {"windows-1255 cp1255", "WINDOWS-1255"},
    {"windows-1256 cp1256", "WINDOWS-1256"},
    {"windows-1257 cp1257", "WINDOWS-1257"},
    {"windows-1258 cp1258", "WINDOWS-1258"},
    {"windows-874 tis-620 iso-8859-11", "WINDOWS-874"},
    {"koi8-r koi koi8 cskoi8r", "KOI8-R"},
    {"koi8-u koi8-ru", "KOI8-U"},
    {"ibm866 cp866 866", "CP866"},
    {"macintosh mac x-mac-roman", "MACINTOSH"},
    {"utf-16 utf-16le unicode ucs-2", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
};

const char *ts_html_charset(ts_str label) {
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
        ts_str l = ts_str_c(charsets[i].labels);
        while (l.p)
            if (ts_str_ieq(ts_str_cut(&l, ' '), label)) return charsets[i].name;
    }
    return 0;
}

ts_str ts_html_declared(ts_str page) {
    static const char *const names[] = {"charset", "encoding"};
    for (size_t k = 0; k < 2; k++) {
        ts_str head = ts_str_to(page, 4096), name = ts_str_c(names[k]);
        for (size_t at; (at = ts_str_ifind(head, name)) != TS_NPOS;) {
            head = ts_str_from(head, at + name.n);
            ts_str v = ts_str_trim(head);
            if (!v.n || v.p[0] != '=') continue;
            v = ts_str_trim(ts_str_from(v, 1));
            if (v.n && (v.p[0] == '"' || v.p[0] == '\'')) v = ts_str_from(v, 1);
            return ts_str_trim(ts_str_cut_any(&v, "\"'>;/ "));
        }
    }
    return TS_NONE;
}

/* Converts until the end; what cannot be read becomes U+FFFD. `out` has room for three bytes per
 * byte. */
static size_t convert(iconv_t cd, ts_str in, char *out, size_t room) {
    char *from = (char *)(uintptr_t)in.p, *to = out; /* iconv does not write there */
    size_t left = in.n;
    while (left) {
        if (iconv(cd, &from, &left, &to, &room) != (size_t)-1 || room < 4) break;
        bool end = errno == EINVAL; /* the page ends inside a character */
        to += ts_utf8_put(to, 0xFFFD);
        room -= 3;
        if (end) break;
        from++, left--;
    }
    return (size_t)(to - out);
}

static ts_str from_charset(ts_arena *a, ts_str bytes, const char *name) {
    ts_arena mark = *a;
    size_t room = bytes.n * 3 + 16;
    char *out = ts_new_raw(a, char, room); /* before the converter is opened: this may not return */
    iconv_t cd = iconv_open("UTF-8", name);
    if (cd == (iconv_t)-1) {
        *a = mark;
        return ts_utf8_mend(a, bytes);
    }
    size_t n = convert(cd, bytes, out, room);
    iconv_close(cd);
    a->beg = out + n;
    return ts_utf8_mend(a, (ts_str){out, n});
}

/* Charsets whose bytes look like ASCII, so that being well-formed UTF-8 says nothing. */
static bool looks_ascii(ts_str bytes, const char *name) {
    if (!name) return false;
    if (strcmp(name, "ISO-2022-JP") == 0) return ts_str_find(bytes, TS_S("\x1b$")) != TS_NPOS;
    return strncmp(name, "UTF-16", 6) == 0 && ts_str_chr(bytes, 0) != TS_NPOS;
}

ts_str ts_html_utf8(ts_arena *a, ts_str bytes, ts_str declared) {
    if (ts_str_starts(bytes, TS_S("\xEF\xBB\xBF"))) return ts_utf8_mend(a, ts_str_from(bytes, 3));
    if (ts_str_starts(bytes, TS_S("\xFF\xFE")))
        return from_charset(a, ts_str_from(bytes, 2), "UTF-16LE");
    if (ts_str_starts(bytes, TS_S("\xFE\xFF")))
        return from_charset(a, ts_str_from(bytes, 2), "UTF-16BE");
    const char *name = ts_html_charset(declared);
    if (!name) name = ts_html_charset(ts_html_declared(bytes));
    if (!looks_ascii(bytes, name)) {
        if (ts_utf8_bad(bytes) == TS_NPOS) return bytes;
        if (name && strncmp(name, "UTF-16", 6) == 0)
            name = "UTF-8"; /* it could not have been read as such */
    }
    if (!name) name = "WINDOWS-1252";
    return strcmp(name, "UTF-8") == 0 ? ts_utf8_mend(a, bytes) : from_charset(a, bytes, name);
}
