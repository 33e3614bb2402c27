/* struct ctx: failures and the end of a request. */
#include "base/ctx.h"

#include <stdarg.h>
#include <stdio.h>

struct ctx_hook {
    struct ctx_hook *next;
    void (*fn)(struct ctx *c, void *arg);
    void *arg;
};

static void (*release_fn)(struct ctx *c);

void
ctx_set_release(void (*fn)(struct ctx *c))
{
    release_fn = fn;
}

static struct str (*translate_fn)(struct str locale, struct str msgid);

void ctx_set_translate(struct str (*fn)(struct str locale, struct str msgid))
{
    translate_fn = fn;
}

struct str
ctx_tr(const struct ctx *c, const char *msgid)
{
    return translate_fn == NULL ? str_z(msgid) : translate_fn(c->locale, str_z(msgid));
}

void
ctx_begin(struct ctx *c, struct arena *mem, const struct env *env)
{
    *c = (struct ctx){ .mem = mem, .env = env, .locale = S("en") };
}

void
ctx_release(struct ctx *c)
{
    if (c->conn != NULL) {
        CHECK(release_fn != NULL);
        release_fn(c);
    }
    c->after_commit = NULL;
}

void
ctx_end(struct ctx *c)
{
    ctx_release(c);
    arena_reset(c->mem);
}

static struct str format(struct ctx *c, const char *fmt, va_list ap) PRINTF(2, 0);

static struct str
format(struct ctx *c, const char *fmt, va_list ap)
{
    char text[512];
    int n = vsnprintf(text, sizeof(text), fmt, ap);

    CHECK(n >= 0);
    return str_dup(c->mem, (struct str){ text, MIN((size_t)n, sizeof(text) - 1) });
}

enum err
ctx_fail(struct ctx *c, enum err e, const char *fmt, ...)
{
    va_list ap;

    CHECK(e != ERR_OK);
    va_start(ap, fmt);
    c->fail = (struct failure){ .err = e, .detail = format(c, fmt, ap) };
    va_end(ap);
    return e;
}

enum err
ctx_fail_field(struct ctx *c, enum err e, const char *field, const char *fmt, ...)
{
    va_list ap;

    CHECK(e != ERR_OK);
    va_start(ap, fmt);
    c->fail = (struct failure){ .err = e, .field = str_z(field), .detail = format(c, fmt, ap) };
    va_end(ap);
    return e;
}

/* A translation takes the arguments of its original; compilers check the original. */
static const char *translated(const struct ctx *c, const char *fmt) __attribute__((format_arg(2)));
static const char *
translated(const struct ctx *c, const char *fmt)
{
    return ctx_tr(c, fmt).p;
}

enum err
ctx_fail_public(struct ctx *c, enum err e, const char *fmt, ...)
{
    struct str english, shown;
    va_list ap;

    CHECK(e != ERR_OK);
    va_start(ap, fmt);
    english = shown = format(c, fmt, ap);
    va_end(ap);
    if (translated(c, fmt) != fmt) {
        va_start(ap, fmt);
        shown = format(c, translated(c, fmt), ap);
        va_end(ap);
    }
    c->fail = (struct failure){ .err = e, .public_text = shown, .detail = english };
    return e;
}

enum err
ctx_fail_invalid(struct ctx *c, struct str label, const char *what, ...)
{
    struct str english, shown, name = translate_fn == NULL ? label : translate_fn(c->locale, label);
    va_list ap;
    enum err e;

    va_start(ap, what);
    english = format(c, what, ap);
    va_end(ap);
    va_start(ap, what);
    shown = format(c, translated(c, what), ap);
    va_end(ap);
    e = ctx_fail_public(c, ERR_INVALID, "Validation failed: %.*s %.*s", STR_ARG(name), STR_ARG(shown));
    c->fail.detail = str_fmt(c->mem, "%.*s %.*s", STR_ARG(label), STR_ARG(english));
    return e;
}

bool
ctx_is_raced(const struct ctx *c, enum err e)
{
    return c->fail.err == e && c->fail.raced;
}

void
ctx_ok(struct ctx *c)
{
    c->fail = (struct failure){ 0 };
}

void
ctx_after_commit(struct ctx *c, void (*fn)(struct ctx *c, void *arg), void *arg)
{
    struct ctx_hook *h = arena_new(c->mem, struct ctx_hook), **at = &c->after_commit;

    h->fn = fn;
    h->arg = arg;
    while (*at != NULL)
        at = &(*at)->next;
    *at = h;
}

void
ctx_run_after_commit(struct ctx *c)
{
    struct ctx_hook *h = c->after_commit;

    c->after_commit = NULL;
    for (; h != NULL; h = h->next)
        h->fn(c, h->arg);
}
