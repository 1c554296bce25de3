/* Offers as JSON: lines, one document, and whatever detection makes of it. */
#include "read_offers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as(TS_OF_JSON_LINES, data, size);
    read_as(TS_OF_JSON, data, size);
    read_as(TS_OF_UNKNOWN, data, size);
    return 0;
}
