/* Configuration: the table, reading the four sources, printing.  What values mean is judged in conf_check.c. */
#include "base/conf.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/internal.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 1024 * 1024 };

static const struct conf_key keys[] = {
#define CONF(name, type, dflt, min, max, unit, secret, text)                                                           \
    { #name, CONF_TYPE_##type, offsetof(struct config, name), dflt, min, max, unit, secret, text },
#include "base/conf.def"
#undef CONF
};

struct loader {
    struct arena *mem;
    struct config *out;
    struct conf_error *why;
    struct str where;          /* "line 3 of dassie.conf", for messages */
    bool seen[lengthof(keys)]; /* in this source */
};

static enum err fail(struct loader *l, struct str key, const char *fmt, ...) PRINTF(3, 4);

static enum err
fail(struct loader *l, struct str key, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    l->why->key = str_dup(l->mem, key);
    if (l->where.n > 0)
        l->why->text = str_fmt(l->mem, "%.*s: %s", STR_ARG(l->where), text);
    else
        l->why->text = str_fmt(l->mem, "%s", text);
    return ERR_INVALID;
}

/* For messages: not longer than a line. */
static struct str
shown(struct str s)
{
    return utf8_cut(s, 100);
}

const struct conf_key *
conf_key_find(struct str name)
{
    for (size_t i = 0; i < lengthof(keys); i++)
        if (str_eqz(name, keys[i].name))
            return &keys[i];
    return NULL;
}

void *
conf_key_value(const struct conf_key *k, struct config *out)
{
    return (char *)out + k->offset;
}

/* ---- one value ------------------------------------------------------------------------------------------------- */

/* The whole file, at most FILE_BYTES_MAX. */
static enum err
read_file(struct arena *a, struct str path, struct str *out)
{
    int fd = open(str_cz(a, path), O_RDONLY | O_CLOEXEC);
    enum err e = ERR_OK;
    size_t n = 0;
    char *p;

    if (fd < 0)
        return ERR_NOT_FOUND;
    p = arena_alloc(a, FILE_BYTES_MAX, 1);
    while (e == ERR_OK && n < FILE_BYTES_MAX) {
        ssize_t got = read(fd, p + n, FILE_BYTES_MAX - n);

        if (got == 0)
            break;
        if (got > 0)
            n += (size_t)got;
        else if (errno != EINTR)
            e = ERR_NOT_FOUND;
    }
    close(fd);
    *out = (struct str){ p, n };
    return e == ERR_OK && n == FILE_BYTES_MAX ? ERR_TOO_LARGE : e;
}

static bool
parse_bool(struct str s, bool *out)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = { { "yes", true }, { "on", true }, { "true", true }, { "1", true }, { "no", false }, { "off", false },
        { "false", false }, { "0", false } };

    for (size_t i = 0; i < lengthof(words); i++) {
        if (str_eqi(s, str_z(words[i].word))) {
            *out = words[i].value;
            return true;
        }
    }
    return false;
}

static void
add_words(struct arena *a, struct strs *list, struct str value)
{
    while ((value = str_trim(value)).n > 0) {
        size_t n = 1; /* a control character that is not trimmed belongs to the word */

        while (n < value.n && value.p[n] != ' ' && value.p[n] != '\t')
            n++;
        list->v = arena_grow(
            a, list->v, list->n * sizeof(struct str), (list->n + 1) * sizeof(struct str), _Alignof(struct str));
        list->v[list->n++] = str_dup(a, str_sub(value, 0, n));
        value = str_sub(value, n, value.n);
    }
}

static enum err
store_value(struct loader *l, const struct conf_key *k, struct str value, bool again)
{
    void *at = conf_key_value(k, l->out);
    int64_t i;

    switch (k->type) {
    case CONF_TYPE_STR:
        *(struct str *)at = str_dup(l->mem, value);
        return ERR_OK;
    case CONF_TYPE_STRS:
        if (!again)
            *(struct strs *)at = (struct strs){ 0 };
        add_words(l->mem, at, value);
        return ERR_OK;
    case CONF_TYPE_INT:
        if (!str_int(value, &i) || i < k->min || i > k->max)
            return fail(l, str_z(k->name), "\"%.*s\" is not a whole number from %lld to %lld", STR_ARG(shown(value)),
                (long long)k->min, (long long)k->max);
        *(int64_t *)at = i;
        return ERR_OK;
    case CONF_TYPE_BOOL:
        if (!parse_bool(value, at))
            return fail(l, str_z(k->name), "\"%.*s\" is neither yes nor no", STR_ARG(shown(value)));
        return ERR_OK;
    }
    BUG("type %d of %s", (int)k->type, k->name);
}

/* A secret may stand in a file of its own: @/path.  One line end after it is not part of it. */
static enum err
read_secret(struct loader *l, const struct conf_key *k, struct str *value)
{
    struct str path = str_sub(*value, 1, value->n), text;

    if (!k->secret || value->n < 2 || value->p[0] != '@')
        return ERR_OK;
    if (read_file(l->mem, path, &text) != ERR_OK)
        return fail(l, str_z(k->name), "the file %.*s with the secret cannot be read", STR_ARG(shown(path)));
    if (str_ends(text, S("\n")))
        text.n--;
    if (str_ends(text, S("\r")))
        text.n--;
    *value = text;
    return ERR_OK;
}

static bool
is_line_of_text(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 0x7f)
            return false;
    return utf8_valid(s);
}

static enum err
set_value(struct loader *l, struct str name, struct str value)
{
    const struct conf_key *k = conf_key_find(name);
    bool again;

    if (k == NULL)
        return fail(l, name, "there is no key \"%.*s\"; `dassie config` lists all", STR_ARG(shown(name)));
    again = l->seen[k - keys];
    l->seen[k - keys] = true;
    if (again && k->type != CONF_TYPE_STRS)
        return fail(l, name, "%s is written twice", k->name);
    TRY(read_secret(l, k, &value));
    if (!is_line_of_text(value))
        return fail(l, name, "the value of %s is not one line of UTF-8 text", k->name);
    return store_value(l, k, value, again);
}

/* ---- the sources ----------------------------------------------------------------------------------------------- */

static void
begin_source(struct loader *l)
{
    l->where = STR_NONE;
    memset(l->seen, 0, sizeof(l->seen));
}

static enum err
load_defaults(struct loader *l)
{
    begin_source(l);
    for (size_t i = 0; i < lengthof(keys); i++)
        TRY(store_value(l, &keys[i], str_z(keys[i].dflt), false));
    return ERR_OK;
}

static enum err
load_file(struct loader *l, struct str path)
{
    struct str text = STR_NONE, line;
    enum err e;
    int number = 0;

    begin_source(l);
    if (path.n == 0)
        return ERR_OK;
    e = read_file(l->mem, path, &text);
    if (e == ERR_TOO_LARGE)
        return fail(l, STR_NONE, "%.*s is too large for a configuration file", STR_ARG(shown(path)));
    if (e != ERR_OK) {
        e = fail(l, STR_NONE, "%.*s cannot be read", STR_ARG(shown(path)));
        return e == ERR_INVALID ? ERR_NOT_FOUND : e;
    }
    while (str_cut(&text, '\n', &line)) {
        size_t n = 0;

        number++;
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        l->where = str_fmt(l->mem, "line %d of %.*s", number, STR_ARG(path));
        while (n < line.n && line.p[n] != ' ' && line.p[n] != '\t')
            n++;
        TRY(set_value(l, str_sub(line, 0, n), str_trim(str_sub(line, n, line.n))));
    }
    return ERR_OK;
}

/* DASSIE_LOG_LEVEL is log_level.  Other names with this prefix belong to somebody else. */
static enum err
load_env(struct loader *l, char **env)
{
    begin_source(l);
    for (; env != NULL && *env != NULL; env++) {
        struct str rest = str_z(*env), name;

        if (!str_starts(rest, S("DASSIE_")) || !str_cut(&rest, '=', &name))
            continue;
        l->where = S("in the environment");
        name = str_lower(l->mem, str_sub(name, 7, name.n));
        if (conf_key_find(name) != NULL)
            TRY(set_value(l, name, rest));
    }
    return ERR_OK;
}

/* --key value, --key=value; --key alone for yes; "-" and "_" are the same in names. */
static enum err
load_flags(struct loader *l, const struct strs *flags)
{
    begin_source(l);
    for (size_t i = 0; flags != NULL && i < flags->n; i++) {
        struct str rest = flags->v[i], name, value;
        const struct conf_key *k;
        char *p;

        l->where = S("on the command line");
        if (!str_starts(rest, S("--")) || !str_cut(&rest, '=', &name))
            return fail(l, STR_NONE, "%.*s is not an option", STR_ARG(shown(flags->v[i])));
        name = str_sub(name, 2, name.n);
        p = arena_alloc(l->mem, name.n + 1, 1);
        for (size_t n = 0; n < name.n; n++)
            p[n] = name.p[n] == '-' ? '_' : name.p[n];
        name.p = p;
        k = conf_key_find(name);
        if (rest.p != NULL)
            value = rest;
        else if (i + 1 < flags->n && !str_starts(flags->v[i + 1], S("--")))
            value = flags->v[++i];
        else if (k == NULL || k->type == CONF_TYPE_BOOL)
            value = S("yes");
        else
            return fail(l, name, "--%.*s needs a value", STR_ARG(shown(name)));
        TRY(set_value(l, name, value));
    }
    return ERR_OK;
}

enum err
conf_load(
    struct arena *a, struct str file, char **env, const struct strs *flags, struct config *out, struct conf_error *why)
{
    struct loader l = { .mem = a, .out = out, .why = why };

    *out = (struct config){ 0 };
    *why = (struct conf_error){ 0 };
    TRY(load_defaults(&l));
    TRY(load_file(&l, file));
    TRY(load_env(&l, env));
    TRY(load_flags(&l, flags));
    return conf_check(a, out, why);
}

/* ---- printing -------------------------------------------------------------------------------------------------- */

static struct str
value_text(struct arena *a, const struct conf_key *k, const struct config *c)
{
    const void *at = (const char *)c + k->offset;
    const struct strs *list = at;
    struct buf b;

    switch (k->type) {
    case CONF_TYPE_STR:
        return k->secret && ((const struct str *)at)->n > 0 ? S("(secret)") : *(const struct str *)at;
    case CONF_TYPE_STRS:
        buf_init(&b, a, MB(1));
        for (size_t i = 0; i < list->n; i++) {
            if (i > 0)
                buf_putc(&b, ' ');
            buf_put(&b, list->v[i]);
        }
        return buf_str(&b);
    case CONF_TYPE_INT:
        return str_fmt(a, "%lld", (long long)*(const int64_t *)at);
    case CONF_TYPE_BOOL:
        return *(const bool *)at ? S("yes") : S("no");
    }
    BUG("type %d of %s", (int)k->type, k->name);
}

void
conf_each(struct arena *a, const struct config *c,
    void (*fn)(void *arg, const char *name, const char *type, const char *dflt, const char *unit, struct str value,
        const char *text),
    void *arg)
{
    static const char *const types[] = { "text", "list", "number", "yes|no" };

    for (size_t i = 0; i < lengthof(keys); i++)
        fn(arg, keys[i].name, types[keys[i].type], keys[i].dflt, keys[i].unit, value_text(a, &keys[i], c),
            keys[i].text);
}
