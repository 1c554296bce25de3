/* passport_world - documents of a manufacturer's passports, one in each line.
 *
 *   passport_world COUNT | touchstone passport issue --lines --store STORE --key KEY -
 *
 * Ten models of traction batteries with what their passports say for all of them, a batch for every
 * thousand items, COUNT items that state what is their own. The same COUNT gives the same lines.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

enum { MODELS = 10, BATCH = 1000 };

static void gtin(unsigned model, char out[15]) {
    unsigned sum = 0;
    snprintf(out, 15, "0952123%06u", model);
    for (int i = 0; i < 13; i++) sum += (unsigned)(out[i] - '0') * (i % 2 ? 1 : 3);
    out[13] = (char)('0' + (10 - sum % 10) % 10);
    out[14] = 0;
}

static void begin(const char *id, unsigned long n, const char *grain, const char *product,
                  unsigned model) {
    printf("{\"format\":\"touchstone-passport-1\",\"id\":\"https://id.example.com/%s/%lu\","
           "\"granularity\":\"%s\",\"product\":{\"id\":\"https://id.gs1.org/01/%s\",\"name\":"
           "\"Traction battery KX-%u00\",\"productCategory\":[{\"code\":\"46410\",\"name\":"
           "\"Primary cells and batteries\",\"schemeId\":\"https://unstats.un.org/unsd/"
           "classifications/Econ/cpc\",\"schemeName\":\"CPC\"}],\"producedAtFacility\":{\"id\":"
           "\"https://maker.example/plants/1\",\"name\":\"Plant 1\"},\"countryOfProduction\":{"
           "\"countryCode\":\"DE\"}",
           id, n, grain, product, model + 1);
}

static void end(const char *links, const char *elements) {
    printf(
        "},\"operator\":{\"id\":\"did:web:maker.example\",\"name\":\"Voltara GmbH\"},%s\"packs\":"
        "[{\"id\":\"generic\"}],\"status\":\"active\",\"elements\":{%s}}\n",
        links, elements);
}

static void one_model(unsigned m) {
    char product[40], elements[400];
    gtin(m, product);
    begin("m", m, "model", product, m);
    snprintf(
        elements, sizeof elements,
        "\"identification\":{\"model\":\"KX-%u00\"},\"manufacturer\":{\"name\":\"Voltara "
        "GmbH\",\"electronicAddress\":\"https://maker.example\"},\"safety\":{\"information\":{"
        "\"en\":\"Do not open. Charge between 0 and 45 degrees.\",\"de\":\"Nicht öffnen. Bei 0 "
        "bis 45 Grad laden.\",\"zh\":\"请勿拆解。充电温度为0至45度。\"}}",
        m + 1);
    end("", elements);
}

static void one_batch(unsigned long b) {
    char product[60], number[15], links[100];
    unsigned m = (unsigned)(b % MODELS);
    gtin(m, number);
    snprintf(product, sizeof product, "%s/10/B%06lu", number, b);
    snprintf(links, sizeof links, "\"links\":{\"model\":\"https://id.example.com/m/%u\"},", m);
    begin("b", b, "batch", product, m);
    end(links, "");
}

static void one_item(unsigned long i) {
    char product[60], number[15], links[200], serial[20], day[16];
    unsigned long b = i / BATCH;
    unsigned m = (unsigned)(b % MODELS);
    gtin(m, number);
    snprintf(serial, sizeof serial, "%013llX", (unsigned long long)ts_mix(i + 1) >> 12);
    snprintf(product, sizeof product, "%s/21/%s", number, serial);
    snprintf(links, sizeof links,
             "\"links\":{\"model\":\"https://id.example.com/m/%u\",\"batch\":\"https://"
             "id.example.com/b/%lu\"},",
             m, b);
    begin("i", i, "item", product, m);
    printf(",\"productionDate\":\"%.*s\"",
           TS_P(ts_day_iso(20500 + (int32_t)(b % 700 + i % BATCH / 250), day)));
    end(links, "");
}

int main(int argc, char **argv) {
    unsigned long count = argc == 2 ? strtoul(argv[1], 0, 10) : 0;
    if (!count) {
        fprintf(stderr, "usage: passport_world COUNT\n");
        return 2;
    }
    for (unsigned m = 0; m < MODELS; m++) one_model(m);
    for (unsigned long b = 0; b * BATCH < count; b++) one_batch(b);
    for (unsigned long i = 0; i < count; i++) one_item(i);
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
