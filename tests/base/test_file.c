#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "support/support.h"

static ts_str gzipped(ts_arena *a, ts_str in) {
    char *out = ts_new_n(a, char, in.n + 1000);
    z_stream z = {0};
    deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    z.next_in = (Bytef *)(uintptr_t)in.p;
    z.avail_in = (uInt)in.n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)(in.n + 1000);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    ts_str r = {out, in.n + 1000 - z.avail_out};
    deflateEnd(&z);
    return r;
}

static ts_str zstdded(ts_arena *a, ts_str in) {
    char *out = ts_new_n(a, char, in.n + 1000);
    ZSTD_CCtx *c = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
    ts_str r = {out, ZSTD_compress2(c, out, in.n + 1000, in.p, in.n)};
    ZSTD_freeCCtx(c);
    return r;
}

static ts_str text(ts_arena *a) {
    ts_buf b = ts_buf_new(a, 1 << 24);
    for (int i = 0; i < 60000; i++) ts_buf_fmt(&b, "line %d of some text\n", i * 7919);
    return ts_buf_str(&b);
}

static ts_str both(ts_arena *a, ts_str x, ts_str y) {
    ts_str parts[2] = {x, y};
    return ts_str_join(a, parts, 2, TS_NONE);
}

static bool reads_to(ts_arena *a, ts_str raw, ts_str want, ts_error *e) {
    const char *path = test_temp("input");
    test_write(path, raw);
    ts_str got;
    if (!ts_file_read(a, path, 1 << 26, &got, e)) return false;
    assert_int_equal(got.n, want.n);
    assert_true(ts_str_eq(got, want));
    return true;
}

static void sees_through_compression(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    ts_str t = text(&a), g = gzipped(&a, t), z = zstdded(&a, t);
    assert_true(reads_to(&a, t, t, &e));
    assert_true(reads_to(&a, g, t, &e));
    assert_true(reads_to(&a, z, t, &e));
    assert_true(reads_to(&a, both(&a, g, g), both(&a, t, t), &e)); /* members, frames */
    assert_true(reads_to(&a, both(&a, z, z), both(&a, t, t), &e));
    assert_true(reads_to(&a, TS_S("\x1f"), TS_S("\x1f"), &e)); /* shorter than any magic number */
    assert_true(reads_to(&a, TS_NONE, TS_NONE, &e));
}

static void damaged_compression_is_named(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_str t = text(&a), packed[2] = {gzipped(&a, t), zstdded(&a, t)};
    for (int i = 0; i < 2; i++) {
        ts_error e = {0};
        assert_false(reads_to(&a, ts_str_to(packed[i], packed[i].n / 2), t, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        assert_non_null(strstr(e.msg, "ends early"));
        char *p = (char *)(uintptr_t)ts_str_dup(&a, packed[i]).p;
        memset(p + packed[i].n / 2, 0x55, 64);
        assert_false(reads_to(&a, (ts_str){p, packed[i].n}, t, &e));
        assert_non_null(strstr(e.msg, "damaged"));
    }
}

static void what_cannot_be_opened_is_named(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_str out;
    assert_false(ts_file_read(&a, "/nowhere/at-all", 100, &out, &e));
    assert_string_equal(e.where, "/nowhere/at-all");
    assert_non_null(strstr(e.msg, "No such file"));
    e = (ts_error){0};
    assert_false(ts_file_read(&a, "/tmp", 100, &out, &e));
    assert_non_null(strstr(e.msg, "folder"));
    const char *path = test_temp("large");
    test_write(path, TS_S("0123456789"));
    e = (ts_error){0};
    assert_false(ts_file_read(&a, path, 9, &out, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_true(ts_file_read(&a, path, 10, &out, &e));
}

static void replaces_whole_or_not_at_all(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    ts_str out;
    char path[1024];
    snprintf(path, sizeof path, "%s", test_temp("replaced"));
    assert_true(ts_file_replace(path, TS_S("one"), &e));
    ts_replacement r;
    assert_true(ts_replace_begin(&r, path, &e));
    assert_true(ts_fd_write(r.fd, TS_S("half"), path, &e));
    char temp[1100];
    snprintf(temp, sizeof temp, "%s", r.temp);
    ts_replace_abandon(&r);
    assert_int_equal(access(temp, F_OK), -1);
    assert_true(ts_file_read(&a, path, 100, &out, &e));
    assert_str(out, "one");
    assert_true(ts_file_replace(path, TS_S("two"), &e));
    assert_true(ts_file_read(&a, path, 100, &out, &e));
    assert_str(out, "two");
    assert_false(ts_file_replace("/nowhere/x", TS_S("x"), &e));
}

static void maps(void **s) {
    (void)s;
    ts_error e;
    ts_mapping m;
    const char *path = test_temp("mapped");
    test_write(path, TS_S("bytes"));
    assert_true(ts_mapping_open(&m, path, &e));
    assert_str(m.bytes, "bytes");
    ts_mapping_close(&m);
    test_write(path, TS_NONE);
    assert_true(ts_mapping_open(&m, path, &e));
    assert_int_equal(m.bytes.n, 0);
    ts_mapping_close(&m);
    assert_false(ts_mapping_open(&m, "/nowhere/x", &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
}

static void finds_shipped_data(void **s) {
    (void)s;
    ts_arena a = test_arena();
    const char *path;
    ts_error e = {0};
    assert_true(ts_share_find(&a, "i18n/en.json", &path, &e));
    assert_false(ts_share_find(&a, "i18n/xx.json", &path, &e));
    assert_non_null(strstr(e.msg, "looked in"));
    setenv("TOUCHSTONE_SHARE", "/tmp/elsewhere", 1);
    assert_false(ts_share_find(&a, "i18n/xx.json", &path, &e));
    assert_non_null(strstr(e.msg, "/tmp/elsewhere"));
    unsetenv("TOUCHSTONE_SHARE");
}

static void what_is_no_file_stays(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    char got[8] = "";
    struct stat st;
    const char *pipe = ts_str_z(&a, ts_str_c(test_temp("pipe")));
    assert_int_equal(mkfifo(pipe, 0600), 0);
    int fd = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(ts_file_replace(pipe, TS_S("hello"), &e));
    assert_int_equal(read(fd, got, sizeof got), 5);
    close(fd);
    assert_int_equal(stat(pipe, &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    assert_true(ts_file_replace("/dev/null", TS_S("hello"), &e));
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sees_through_compression),
                                       cmocka_unit_test(what_is_no_file_stays),
                                       cmocka_unit_test(damaged_compression_is_named),
                                       cmocka_unit_test(what_cannot_be_opened_is_named),
                                       cmocka_unit_test(replaces_whole_or_not_at_all),
                                       cmocka_unit_test(maps),
                                       cmocka_unit_test(finds_shipped_data)};
    return cmocka_run_group_tests(tests, 0, 0);
}
