#include "feeds.h"

#define ODS "/api/explore/v2.1/catalog/datasets/"
#define MIB << 20

const ts_feed ts_feeds[] = {
    {.name = "safety-gate",
     .says = "EU Safety Gate alerts, OpenDataSoft's export",
     .base = "https://public.opendatasoft.com" ODS "healthref-europe-rapex-en",
     .whole = "/exports/json?limit=-1",
     .pages = "/records",
     .since = {"where=modification_date%20%3E%3D%20date%27{day}%27&order_by=modification_date,"
               "alert_number"},
     .source = "safety_gate",
     .format = TS_NF_SAFETY_GATE_ODS,
     .overlap_days = 60,
     .gap_ms = 1000,
     .max_bytes = (uint64_t)1024 MIB},
    {.name = "safety-gate-weekly",
     .says = "EU Safety Gate alerts, the Commission's weekly reports",
     .base = "https://ec.europa.eu/safety-gate-alerts/api/download",
     .whole = "/weeklyReport/list/xml/en",
     .list = true,
     .source = "safety_gate",
     .format = TS_NF_SAFETY_GATE_XML,
     .overlap_days = 56,
     .gap_ms = 1000,
     .max_bytes = (uint64_t)64 MIB},
    {.name = "cpsc",
     .says = "recalls of the US Consumer Product Safety Commission",
     .base = "https://www.saferproducts.gov/RestWebServices",
     .whole = "/Recall?format=json",
     .since = {"RecallDateStart={day}", "LastPublishDateStart={day}"},
     .source = "cpsc",
     .format = TS_NF_CPSC_REST,
     .overlap_days = 60,
     .gap_ms = 2000,
     .max_bytes = (uint64_t)512 MIB},
    {.name = "rappelconso",
     .says = "recalls published in France (RappelConso, version 2)",
     .base = "https://data.economie.gouv.fr" ODS "rappelconso-v2-gtin-espaces",
     .whole = "/exports/json?limit=-1",
     .pages = "/records",
     .since = {"order_by=date_publication%20desc"},
     .newest_first = "date_publication",
     .source = "rappelconso",
     .format = TS_NF_RAPPELCONSO,
     .overlap_days = 30,
     .gap_ms = 1000,
     .max_bytes = (uint64_t)512 MIB},
};
const size_t ts_feeds_n = sizeof ts_feeds / sizeof *ts_feeds;

const ts_feed *ts_feed_by_name(const char *name) {
    for (size_t i = 0; i < ts_feeds_n; i++)
        if (strcmp(ts_feeds[i].name, name) == 0) return &ts_feeds[i];
    return 0;
}
