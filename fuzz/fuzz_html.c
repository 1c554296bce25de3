/* Offers of a page. */
#include "read_offers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as(TS_OF_HTML, data, size);
    return 0;
}
