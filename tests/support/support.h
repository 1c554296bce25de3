/* support.h - what every test needs: cmocka, an arena, the real data where it is at hand. */
#ifndef TS_TESTS_SUPPORT_H
#define TS_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

/* A fresh arena for one test; free it with test_arena_done (or leak it to the end of the program).
 */
ts_arena test_arena(void);

/* Asserts that s is the literal, printing both when it is not. */
#define assert_str(s, lit) test_assert_str((s), (lit), __FILE__, __LINE__)
void test_assert_str(ts_str s, const char *lit, const char *file, int line);

/* Path of a file of the real data ($TOUCHSTONE_DATA, default ../shared/data beside the source
 * tree), or NULL where it is not at hand: then the test says so and skips. Use: const char *p =
 * test_data("notices/x.json"); if (!p) skip(); */
const char *test_data(const char *name);

/* Path for a scratch file of this test, in a folder that is removed at exit. */
const char *test_temp(const char *name);
void test_write(const char *path, ts_str bytes);

#endif
