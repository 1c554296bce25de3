#include "offer.h"

static void put_attributes(ts_jsonw *w, const ts_attributes *l) {
    if (!l->n) return;
    ts_jsonw_key(w, "attributes");
    ts_jsonw_object(w);
    for (size_t i = 0; i < l->n; i++) {
        ts_jsonw_key_str(w, l->v[i].name);
        ts_jsonw_str(w, l->v[i].value);
    }
    ts_jsonw_end(w);
}

void ts_offer_write(ts_jsonw *w, const ts_offer *o) {
    const struct {
        const char *name;
        ts_str value;
    } strings[] = {
        {"id", o->id},
        {"url", o->url},
        {"title", o->title},
        {"brand", o->brand},
        {"model", o->model},
        {"category", o->category},
        {"price", o->price},
        {"currency", o->currency},
        {"seller", o->seller},
        {"condition", o->condition},
        {"availability", o->availability},
        {"manufacturer", o->manufacturer},
        {"manufacturer_address", o->manufacturer_address},
        {"manufacturer_contact", o->manufacturer_contact},
        {"responsible", o->responsible},
        {"responsible_address", o->responsible_address},
        {"responsible_contact", o->responsible_contact},
        {"language", o->language},
        {"market", o->market},
        {"passport", o->passport},
        {"description", o->description},
    };
    ts_jsonw_object(w);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        ts_jsonw_kstr_opt(w, strings[i].name, strings[i].value);
    ts_identifiers_write(w, &o->identifiers);
    put_attributes(w, &o->attributes);
    ts_jsonw_kstrs_opt(w, "images", &o->images);
    ts_jsonw_kstrs_opt(w, "notices", &o->notices);
    ts_jsonw_end(w);
}
