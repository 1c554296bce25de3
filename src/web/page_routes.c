/* Pages for people, and the style they are in. */
#include "page.h"

/* ---- a passport ---- */

static bool passport(web_exchange *x, ts_error *e) {
    return page_show(x, web_parameter_of(x, "id"), e);
}

/* ---- the way in ---- */

static bool front(web_exchange *x, ts_error *e) {
    ts_buf b = ts_buf_new(x->a, 1 << 18);
    page p = {.x = x, .a = x->a, .b = &b, .c = web_catalogue(x)};
    (void)e;
    page_open(&p, page_say(&p, "page.front.title"));
    ts_html(&b,
            "<section class=\"head\">\n<div class=\"title\">\n<h1>%h</h1>\n<p>%h</p>\n"
            "<form action=\"/passport\" method=\"get\">\n<label for=\"id\">%h</label>\n"
            "<div class=\"field\"><input id=\"id\" name=\"id\" required autocomplete=\"off\" "
            "autocapitalize=\"off\" spellcheck=\"false\" maxlength=\"2000\">\n"
            "<button>%h</button></div>\n<input type=\"hidden\" name=\"lang\" value=\"%k\">\n"
            "</form>\n</div>\n</section>\n",
            page_say(&p, "page.front.title"), page_say(&p, "page.front.text"),
            page_say(&p, "page.front.label"), page_say(&p, "page.front.open"), x->language);
    page_close(&p);
    web_set(x, "Vary", TS_S("Accept-Language"));
    web_set(x, "Cache-Control", TS_S("no-cache"));
    if (!web_unchanged(x, web_tag(x->a, ts_buf_str(&b))))
        web_reply(x, 200, "text/html; charset=utf-8", ts_buf_str(&b));
    return true;
}

/* ---- assets ---- */

static const char *const assets[][2] = {{"passport.css", "text/css; charset=utf-8"},
                                        {"mark.svg", "image/svg+xml"}};

static bool asset(web_exchange *x, ts_error *e) {
    const char *path;
    ts_str name = web_parameter_of(x, "file"), parts[] = {TS_S("web/"), name}, bytes;
    const char *type = 0;
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (ts_str_is(name, assets[i][0])) type = assets[i][1];
    if (!type) return ts_fail(e, TS_E_NOT_FOUND, "there is nothing at this address");
    if (!ts_share_find(x->a, ts_str_z(x->a, ts_str_join(x->a, parts, 2, TS_NONE)), &path, e) ||
        !ts_file_read(x->a, path, 1 << 20, &bytes, e)) {
        x->status = 500;
        return false;
    }
    web_set(x, "Cache-Control", TS_S("public, max-age=300"));
    if (!web_unchanged(x, web_tag(x->a, bytes))) web_reply(x, 200, type, bytes);
    return true;
}

static const web_parameter of_passport[] = {
    {"id", "id of a passport, or of a product: a Digital Link, AIs in brackets …", true, 0},
    {"format", "html, en18223, en18223-full, signed, dossier or document; else by Accept", false,
     0},
    {"at", "as it stood then: a day or a time (RFC 3339)", false, 0},
    {"lang", "en, de or zh; else by Accept-Language", false, 0},
    {0},
};

const web_route page_routes[] = {
    {"GET", "/", 0, 0, 0, "A page with a field for a code", front},
    {"GET", "/passport", 0, 0, of_passport,
     "A passport: a page for people in en, de, zh; or its data by format or Accept", passport},
    {"GET", "/assets/{file}", 0, 0, 0, "The style of the pages", asset},
    {0},
};
