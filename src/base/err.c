/* The closed set of errors: its table. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name;
    int status;
    enum err_fate fate;
    int code;
    const char *text;
} table[ERR_COUNT] = {
#define X(name, status, fate, code, text) { #name, status, FATE_##fate, code, text },
    ERR_LIST(X)
#undef X
};

const char *
err_name(enum err e)
{
    return table[e].name;
}

int
err_status(enum err e)
{
    return table[e].status;
}

enum err_fate
err_fate(enum err e)
{
    return table[e].fate;
}

int
err_exit(enum err e)
{
    return table[e].code;
}

const char *
err_text(enum err e)
{
    return table[e].text;
}

void
base_bug(const char *file, int line, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "BUG at %s:%d: ", file, line);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    abort();
}
