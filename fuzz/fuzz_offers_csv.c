/* Offers as a table. */
#include "read_offers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as(TS_OF_CSV, data, size);
    return 0;
}
