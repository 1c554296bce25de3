/* What a marketplace would write: one notice, one offer, the answer. Built by test-install against
 * the installed library. */
#include <stdio.h>

#include <touchstone.h>

#define NOTICE                                                                                     \
    "number,authority,brand,product,model,defect\nX-1,Office of Examples,Voltano,travel "          \
    "kettle,VT-200,overheats\n"
#define OFFER                                                                                      \
    "{\"id\":\"o1\",\"title\":\"Voltano VT-200 travel kettle 0.5 l\",\"brand\":\"Voltano\"}\n"

int main(void) {
    ts_arena a = ts_arena_new((size_t)1 << 30);
    ts_error e = {0};
    ts_notice notice;
    ts_index index;
    ts_index_builder *builder = ts_index_builder_new(&a);
    ts_notice_reader *gazette =
        ts_notices_memory(&a, TS_S(NOTICE), "notice", (ts_notice_options){0}, &e);
    while (gazette && ts_notices_next(gazette, &a, &notice, &e) == TS_READ_RECORD)
        ts_index_add(builder, &notice);
    if (!gazette || !ts_index_finish(builder, &index, &e)) return fprintf(stderr, "%s\n", e.msg), 1;
    ts_notices_close(gazette);

    ts_offer offer;
    ts_leads leads = {0};
    ts_offer_chunk chunk;
    ts_offer_chunk_init(&chunk);
    ts_model model;
    if (!ts_model_shipped(&a, &model, &e)) return fprintf(stderr, "%s\n", e.msg), 1;
    ts_matcher *matcher = ts_matcher_new(&a, &index, (ts_match_options){.model = &model});
    ts_offer_source *shop = ts_offers_memory(&a, TS_S(OFFER), "shop", (ts_offer_options){0}, &e);
    while (shop && ts_offers_fill(shop, &chunk, &e) == TS_READ_RECORD) {
        ts_offer_reader r = ts_offers_read(shop, &chunk);
        while (ts_offers_next(&r, &a, &offer, &e) == TS_READ_RECORD)
            ts_match(matcher, &a, &offer, &leads);
    }
    for (size_t i = 0; i < leads.n; i++)
        printf("%s %s %.2f\n", ts_rung_name(leads.v[i].rung), ts_grade_name(leads.v[i].grade),
               leads.v[i].probability);
    return leads.n == 1 ? 0 : 1;
}
