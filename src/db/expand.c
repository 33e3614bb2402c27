/*
 * The few words in which the two engines differ, as macros in braces.  A closed set: whatever else differs is written twice, with
 * SQL2 or a migration for each engine.
 */
#include "db/internal.h"

#include "base/buf.h"

static const struct macro {
    const char *name;
    const char *sqlite, *postgres;
    bool takes_arg; /* {name:$1}: the text has @ for the argument */
} macros[] = {
    { "ids", "(SELECT value FROM ids(@))", "(SELECT unnest(CAST(@ AS BIGINT[])))", true },
    /* By way of an array, as the planner takes one for ten rows and the elements of JSON for a hundred. */
    { "strs", "(SELECT value FROM json_each(@))",
        "(SELECT unnest(ARRAY(SELECT json_array_elements_text(CAST(@ AS JSON)))))", true },
    { "each", "ids(@) AS each CROSS JOIN", "unnest(CAST(@ AS BIGINT[])) AS each (value) CROSS JOIN", true },
    { "skip_locked", "", "FOR UPDATE SKIP LOCKED", false },
    { "id", "INTEGER", "BIGINT", false },
    { "int", "INTEGER", "BIGINT", false },
    { "bool", "INTEGER", "BOOLEAN", false },
    { "bytes", "BLOB", "BYTEA", false },
    /* Compared by bytes, as on SQLite: whatever the locale is, and whatever the next libc makes of it. */
    { "text", "TEXT", "TEXT COLLATE \"C\"", false },
    { "real", "REAL", "DOUBLE PRECISION", false },
    { "strict", "STRICT", "", false },
};

/* Length of the literal, quoted name or comment that p begins with; 0 when it begins none.  An open one ends with the text. */
static size_t
opaque_length(const char *p)
{
    const char *end;

    if (p[0] == '\'' || p[0] == '"') { /* a doubled quote reads as two literals side by side, which is as good */
        end = strchr(p + 1, p[0]);
        return end == NULL ? strlen(p) : (size_t)(end - p) + 1;
    }
    if (p[0] == '-' && p[1] == '-') {
        end = strchr(p, '\n');
        return end == NULL ? strlen(p) : (size_t)(end - p);
    }
    if (p[0] == '/' && p[1] == '*') {
        end = strstr(p + 2, "*/");
        return end == NULL ? strlen(p) : (size_t)(end - p) + 2;
    }
    return 0;
}

static const struct macro *
find(struct str name)
{
    for (size_t i = 0; i < lengthof(macros); i++)
        if (str_eqz(name, macros[i].name))
            return &macros[i];
    return NULL;
}

static bool
is_parameter(struct str s)
{
    int64_t n;

    return s.n > 1 && s.p[0] == '$' && str_int(str_sub(s, 1, s.n), &n) && n > 0;
}

static bool
expand_one(struct buf *b, struct str body, bool sqlite)
{
    struct str arg = body, name;
    const struct macro *m;
    bool has_arg = str_chr(body, ':') >= 0;

    if (!str_cut(&arg, ':', &name) || (m = find(name)) == NULL || m->takes_arg != has_arg)
        return false;
    if (has_arg && !is_parameter(arg))
        return false;
    for (const char *p = sqlite ? m->sqlite : m->postgres; *p != '\0'; p++) {
        if (*p == '@')
            buf_put(b, arg);
        else
            buf_putc(b, *p);
    }
    return true;
}

enum err
db_expand(struct arena *a, const char *text, bool sqlite, const char **out, struct str *why)
{
    struct buf b;
    size_t n;

    if (strchr(text, '{') == NULL) {
        *out = text;
        return ERR_OK;
    }
    buf_init(&b, a, strlen(text) * 4 + 256);
    for (const char *p = text; *p != '\0'; p += n) {
        const char *end;

        if ((n = opaque_length(p)) > 0) {
            buf_put(&b, (struct str){ p, n });
            continue;
        }
        n = 1;
        if (*p != '{') {
            buf_putc(&b, *p);
            continue;
        }
        end = strchr(p, '}');
        if (end == NULL || !expand_one(&b, (struct str){ p + 1, (size_t)(end - p) - 1 }, sqlite)) {
            *why = str_fmt(a, "unknown macro at \"%.40s\"", p);
            return ERR_INTERNAL;
        }
        n = (size_t)(end - p) + 1;
    }
    buf_putc(&b, '\0');
    CHECK(buf_ok(&b));
    *out = b.p;
    return ERR_OK;
}
