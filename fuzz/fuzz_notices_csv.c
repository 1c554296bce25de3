/* Notices as a table with a header line. */
#include "read_notices.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as(TS_NF_UNKNOWN, data, size);
    read_as(TS_NF_TEMPLATE, data, size);
    return 0;
}
