/* Compiler attributes, tiny macros, and the functions nobody may call.  Included first by every header of the project. */
#ifndef BASE_DEF_H
#define BASE_DEF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define SENTINEL __attribute__((sentinel))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))
#define CLEANUP(fn) __attribute__((cleanup(fn)))

#define lengthof(a) (sizeof(a) / sizeof((a)[0]))
#define KB(n) ((size_t)(n) << 10)
#define MB(n) ((size_t)(n) << 20)
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* BUG — an impossible state: prints the place and the text to stderr and aborts.  Never for what a stranger can cause. */
#define BUG(...) base_bug(__FILE__, __LINE__, __VA_ARGS__)
NORETURN void base_bug(const char *file, int line, const char *fmt, ...) PRINTF(3, 4);

/* Like assert(), but never compiled out. */
#define CHECK(cond)                                                                                                    \
    do {                                                                                                               \
        if (!(cond))                                                                                                   \
            base_bug(__FILE__, __LINE__, "check failed: %s", #cond);                                                   \
    } while (0)

#endif
