/* Offers of the pages in a web archive. */
#include "read_offers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as(TS_OF_WARC, data, size);
    return 0;
}
