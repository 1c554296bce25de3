/* `passport affected` as one page that needs nothing else. */
#include "affected_listing.h"

static void html_counts(affected_listing *l, const ts_affected_counts *k) {
    const struct {
        ts_answer a;
        uint64_t n;
    } v[] = {{TS_YES, k->inside}, {TS_OPEN, k->open}, {TS_NO, k->outside}};
    ts_html(&l->b, "<table><thead><tr><th>%h</th><th>%h</th></tr></thead><tbody>\n",
            affected_say(l->c, "column", "number"), affected_say(l->c, "column", "answer"));
    for (int i = 0; i < 3; i++) {
        ts_html(&l->b, "<tr><th class=\"n\">%h</th><th>%h</th></tr>\n",
                affected_number(l->c, v[i].n), affected_say_answer(l->c, v[i].a));
        for (size_t r = 0; r < l->whys; r++)
            if (l->why[r].inside == v[i].a)
                ts_html(&l->b, "<tr><td class=\"n\">%h</td><td>%h</td></tr>\n",
                        affected_number(l->c, l->why[r].n),
                        affected_say(l->c, "why", l->why[r].why));
    }
    ts_html(&l->b, "</tbody></table>\n");
}

void affected_page(affected_listing *l, const ts_notice *n, const ts_affected_counts *k) {
    ts_html(&l->b,
            "<!doctype html>\n<html lang=\"%k\"><head><meta charset=\"utf-8\"><meta "
            "name=\"viewport\" content=\"width=device-width\"><title>%h</title>\n<style>body{font:"
            "16px/1.5 system-ui,sans-serif;margin:1rem auto;max-width:72rem;padding:0 1rem;"
            "overflow-wrap:anywhere}table{border-collapse:collapse;margin:1rem 0}th,td{text-align:"
            "left;vertical-align:top;padding:.2rem .8rem .2rem 0;border-bottom:1px solid "
            "#bbb}.n{text-align:right}</style></head><body>\n<h1>%h</h1>\n",
            l->c->catalogue.language, affected_sentence(l->c, "affected.of", n, 0),
            affected_sentence(l->c, "affected.of", n, 0));
    if (n->state == TS_NOTICE_WITHDRAWN)
        ts_html(&l->b, "<p>%h</p>\n", affected_sentence(l->c, "affected.withdrawn", n, 0));
    ts_html(&l->b, "<p>%h</p>\n", affected_sentence(l->c, "affected.looked_at", n, k->looked_at));
    html_counts(l, k);
    if (!k->inside && !k->open)
        ts_html(&l->b, "<p>%h</p>\n", affected_sentence(l->c, "affected.none", n, 0));
    ts_html(&l->b, "<table><thead><tr>");
    for (int i = 0; i < AFFECTED_COLUMNS; i++)
        ts_html(&l->b, "<th>%h</th>", affected_say(l->c, "column", affected_columns[i]));
    ts_html(&l->b, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < l->cells.n; i++) {
        if (i % AFFECTED_COLUMNS == 0) ts_html(&l->b, "<tr>");
        ts_html(&l->b, "<td>%h</td>", l->cells.v[i]);
        if ((i + 1) % AFFECTED_COLUMNS == 0) ts_html(&l->b, "</tr>\n");
    }
    ts_html(&l->b, "</tbody></table>\n");
    if (l->n > l->top)
        ts_html(&l->b, "<p>%h</p>\n", affected_sentence(l->c, "affected.more", n, l->n - l->top));
    ts_html(&l->b, "</body></html>\n");
}
