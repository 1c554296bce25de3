/* The list of weekly reports, from any bytes. */
#include "gazette/gazette.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena first;
    if (!first.beg) first = ts_arena_new((size_t)256 << 20);
    ts_arena a = first;
    ts_report_refs refs = {0};
    ts_error e = {0};
    uint64_t bad = 0;
    ts_str bytes = {(const char *)data, size};
    if (!ts_report_list_memory(&a, bytes, "fuzz", &refs, &bad, &e) && !e.msg[0]) __builtin_trap();
    return 0;
}
