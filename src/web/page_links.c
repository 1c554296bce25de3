/* A link set for people. */
#include "page.h"

ts_str page_links(web_exchange *x, const ts_link_set *s) {
    ts_buf b = ts_buf_new(x->a, 4 << 20);
    page p = {.x = x, .a = x->a, .b = &b, .c = web_catalogue(x)};
    page_open(&p, page_say(&p, "page.links.title"));
    ts_html(&b, "<h1>%h</h1>\n", page_say(&p, "page.links.title"));
    for (size_t i = 0; i < s->contexts.n; i++) {
        const ts_link_context *c = &s->contexts.v[i];
        ts_html(&b, "<section>\n<h2>%h</h2>\n<p class=\"code\">%h</p>\n<ul class=\"links\">\n",
                c->description, c->anchor);
        for (size_t k = 0; k < c->links.n; k++) {
            const ts_link *l = &c->links.v[k];
            if (ts_str_ends(l->relation, TS_S("/defaultLinkMulti"))) continue; /* the same again */
            ts_html(&b, "<li><a href=\"%u\">%h</a> <small class=\"code\">%h %h</small></li>\n",
                    l->href, l->title, l->media, l->language.n == 1 ? l->language.v[0] : TS_NONE);
        }
        ts_html(&b, "</ul>\n</section>\n");
    }
    page_close(&p);
    return ts_buf_str(&b);
}
