#include "page.h"

static const char *const languages[][2] = {{"en", "English"}, {"de", "Deutsch"}, {"zh", "中文"}};

/* ---- the frame ---- */

static void alternates(page *p) {
    static const struct {
        const char *format, *type;
    } forms[] = {{"en18223", "application/json"}, {"signed", "application/vc+jwt"}};
    if (!p->r) return;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (i == 0 || p->r->sealed)
            ts_html(p->b, "<link rel=\"alternate\" type=\"%h\" href=\"%u\">\n",
                    ts_str_c(forms[i].type),
                    ts_passport_address(p->a, web_base(p->x), p->r->row.id, forms[i].format, 0));
}

static void language_links(page *p) {
    ts_html(p->b, "<nav class=\"tongues\" aria-label=\"%h\">", page_say(p, "page.language"));
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        const char *l = languages[i][0];
        if (strcmp(l, p->x->language) == 0)
            ts_html(p->b, "<span lang=\"%k\" aria-current=\"true\">%h</span>", l,
                    ts_str_c(languages[i][1]));
        else
            ts_html(p->b, "<a lang=\"%k\" hreflang=\"%k\" href=\"%u\">%h</a>", l, l,
                    page_here(p, l), ts_str_c(languages[i][1]));
    }
    ts_html(p->b, "</nav>\n");
}

void page_open(page *p, ts_str title) {
    ts_html(p->b,
            "<!doctype html>\n<html lang=\"%k\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            "<title>%h</title>\n<link rel=\"stylesheet\" href=\"/assets/passport.css\">\n"
            "<link rel=\"icon\" href=\"/assets/mark.svg\" type=\"image/svg+xml\">\n",
            p->x->language, title);
    alternates(p);
    ts_html(p->b,
            "</head>\n<body>\n<a class=\"skip\" href=\"#main\">%h</a>\n<header class=\"top\">\n"
            "<a class=\"mark\" href=\"/\">%h</a>\n",
            page_say(p, "page.skip"), page_say(p, "page.title"));
    language_links(p);
    ts_html(p->b, "</header>\n<main id=\"main\">\n");
}

void page_close(page *p) {
    ts_html(p->b, "</main>\n<footer class=\"foot\">\n<p>%h</p>\n</footer>\n</body>\n</html>\n",
            page_say(p, "page.foot"));
}
