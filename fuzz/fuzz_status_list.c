/* Status lists: gzip from outside, and entries that look into it. The first 16 bytes say where. */
#include "passport/status_list.h"

enum { MEMORY = 1 << 28, WHERE = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ts_str list_text(ts_arena *a, ts_str packed) {
    const ts_str parts[] = {TS_S("{\"type\":\"BitstringStatusList\",\"statusPurpose\":"
                                 "\"revocation\",\"encodedList\":\"u"),
                            ts_base64url(a, packed), TS_S("\"}")};
    return ts_str_join(a, parts, 3, TS_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new(MEMORY);
    ts_arena a = whole;
    if (size < WHERE) return 0;
    ts_str text = list_text(&a, (ts_str){(const char *)data + WHERE, size - WHERE});
    const ts_json *subject = ts_json_parse(&a, text, (ts_json_options){.strict = true}, 0);
    ts_str type = TS_S("BitstringStatusListCredential");
    const ts_credential c = {.types = {&type, 1, 1}, .subjects = {&subject, 1, 1}};
    ts_status_entry entry = {.purpose = TS_S("revocation"), .size = data[8] % 16 + 1u};
    ts_status_list l;
    ts_error e = {0};
    uint64_t value = 0;
    memcpy(&entry.index, data, sizeof entry.index);
    if (data[9] & 1) entry.index %= TS_STATUS_LIST_BITS + 1;
    if (!ts_status_list_read(&a, &c, &l, &e)) {
        if (!e.msg[0]) __builtin_trap();
        return 0;
    }
    if (l.bits.n * 8 < TS_STATUS_LIST_BITS || l.bits.n > TS_STATUS_LIST_MAX) __builtin_trap();
    if (ts_status_list_get(&l, &entry, &value, &e) && value >> entry.size) __builtin_trap();
    return 0;
}
