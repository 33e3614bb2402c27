/* Unit tests: UNIT(name) { … } registers itself; one binary for each directory of src/.  Uses cmocka's assertions. */
#ifndef TEST_UNIT_H
#define TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"

void unit_add(const char *name, void (*fn)(void **state));

#define UNIT(name)                                                                                                     \
    static void name(void **state);                                                                                    \
    static void __attribute__((constructor)) unit_register_##name(void)                                                \
    {                                                                                                                  \
        unit_add(#name, name);                                                                                         \
    }                                                                                                                  \
    static void name(void **state UNUSED)

/* Views compared with a readable message. */
#define assert_str(got, want) unit_assert_str((got), (want), __FILE__, __LINE__)
void unit_assert_str(struct str got, const char *want, const char *file, int line);

/* The arena of the running test; reset after it. */
struct arena *unit_mem(void);
/* A file of the project's shared reference data ("corpora/json/…"), read whole; calls skip() with a message when absent. */
struct str unit_shared(const char *path);
/* Names in a directory of it, sorted; skips when absent. */
struct strs unit_shared_dir(const char *path);
/* Any file; p NULL when it cannot be read. */
struct str unit_file(const char *path);

#endif
