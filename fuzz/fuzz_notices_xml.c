/* The weekly report as XML. */
#include "read_notices.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as(TS_NF_SAFETY_GATE_XML, data, size);
    return 0;
}
