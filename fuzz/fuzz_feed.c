/* Offers of a feed. */
#include "read_offers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as(TS_OF_FEED, data, size);
    return 0;
}
