/* banned.h - functions that cannot be used safely on bytes from outside.
 *
 * Force-included into every translation unit (see CMakeLists.txt); a use is a
 * compile error that names the function. Bounded replacements: ts_str, ts_buf,
 * ts_time, ts_int_parse.
 */
#ifndef TS_BASE_BANNED_H
#define TS_BASE_BANNED_H

/* The system's headers come first, so that poisoning hits our code alone. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok
#pragma GCC poison atoi atol atoll atof gmtime localtime ctime asctime tmpnam mktemp
#pragma GCC poison system popen srand

/* Headers of libraries use this name for a parameter, so that it cannot be poisoned. */
int rand(void)
    __attribute__((deprecated("use ts_random, or the cryptographic library for secrets")));

#endif
