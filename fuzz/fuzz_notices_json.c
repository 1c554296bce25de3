/* Notices as JSON: whatever detection makes of it, and the formats that share few names. */
#include "read_notices.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as(TS_NF_UNKNOWN, data, size);
    return 0;
}
