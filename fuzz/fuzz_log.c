/* The replication stream: bytes of an answer, taken apart, its chain followed, its entries applied
 * to a store in memory. What is read once and written again is the same. */
#include "host/log_part.h"

enum { MEMORY = 1 << 30, HELD = 1 << 28 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ts_store *the_store;

static void close_store(void) { ts_store_close(the_store); }

/* A store that is emptied by rolling back. */
static ts_store *store_of(void) {
    static ts_arena held;
    ts_error e = {0};
    if (the_store) return the_store;
    held = ts_arena_new(HELD);
    the_store = ts_store_open(&held, ":memory:", TS_STORE_WRITE, &e);
    if (!the_store || atexit(close_store) != 0) __builtin_trap();
    return the_store;
}

static char packs_room[64 << 20];

/* A line of a chain that does hold, so that the bodies behind it are looked at, too. */
static void apply(ts_arena *a, const log_line *l, ts_log_head *at) {
    log_writer w = {.store = store_of(), .verify = {.now = 1764000000}};
    ts_arena packs = {packs_room, packs_room + sizeof packs_room, 0};
    w.packs.a = &packs;
    ts_error e = {0};
    bool fresh;
    log_line right = *l;
    right.row.n = at->size + 1;
    right.row.digest = ts_chain_digest(l->row.body);
    right.row.hash = ts_chain_next(&at->hash, right.row.n, &right.row.digest);
    if (!log_chain_on(&right, at, &e)) __builtin_trap();
    if (!log_apply(a, &w, &right, &fresh, &e) && !e.msg[0]) __builtin_trap();
}

static void again(ts_arena *a, const log_line *l) {
    ts_buf b = ts_buf_new(a, MEMORY / 4);
    log_line back;
    ts_error e = {0};
    log_write_entry(&b, &l->row);
    if (b.full) return;
    ts_str line = ts_str_to(ts_buf_str(&b), b.n - 1);
    if (!log_line_read(a, line, &back, &e) || back.row.n != l->row.n ||
        !ts_str_eq(back.row.body, l->row.body))
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new(MEMORY);
    ts_arena a = whole;
    ts_error e = {0};
    log_batch b;
    ts_log_head at = {0};
    if (!log_batch_read(&a, (ts_str){(const char *)data, size}, &b, &e)) {
        if (!e.msg[0]) __builtin_trap();
        return 0;
    }
    if (!ts_store_begin(store_of(), &e)) __builtin_trap();
    for (size_t i = 0; i < b.entries.n && i < 16; i++) {
        ts_arena w = a;
        again(&w, &b.entries.v[i]);
        apply(&w, &b.entries.v[i], &at);
    }
    ts_store_rollback(store_of());
    return 0;
}
