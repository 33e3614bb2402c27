/* Templates: compiled to a flat list of steps; a section knows the step after its end. */
#include "text/template.h"

#include "base/arena.h"
#include "text/html.h"
#include "text/i18n.h"

#include <stdlib.h>
#include <string.h>

enum { SOURCE_BYTES_MAX = 1024 * 1024 };

enum step_kind { STEP_TEXT, STEP_VALUE, STEP_RAW, STEP_SECTION, STEP_INVERTED, STEP_END, STEP_PARTIAL, STEP_TR };

struct step {
    enum step_kind kind;
    struct str s; /* text, or name */
    size_t end;   /* of a section: index of its STEP_END */
};

struct template
{
    struct str name;
    enum template_kind kind;
    struct step *v;
    size_t n;
};

struct templates {
    struct template **v; /* sorted by name */
    size_t n;
};

/* ---- compiling -------------------------------------------------------------------------------------------------- */

struct compiler {
    struct arena *mem;
    struct str rest;
    struct template *t;
    size_t cap;
    size_t open[TEMPLATE_DEPTH_MAX];
    size_t depth;
    const char *why;
};

static void
add_step(struct compiler *c, enum step_kind kind, struct str s)
{
    struct template *t = c->t;

    if (kind == STEP_TEXT && s.n == 0)
        return;
    if (t->n == c->cap) {
        size_t cap = c->cap * 2 + 16;

        t->v = arena_grow(c->mem, t->v, c->cap * sizeof(t->v[0]), cap * sizeof(t->v[0]), _Alignof(struct step));
        c->cap = cap;
    }
    t->v[t->n++] = (struct step){ .kind = kind, .s = s };
}

static bool
is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
                (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_' || s.p[i] == '.' || s.p[i] == '/' || s.p[i] == '-'))
            return false;
    return s.n > 0;
}

/* Fields that hold cleaned HTML wherever they occur. */
static bool
is_raw_allowed(struct str name)
{
    ptrdiff_t dot = str_rchr(name, '.');

    name = str_sub(name, (size_t)(dot + 1), name.n);
    return str_eq(name, S("content")) || str_eq(name, S("note")) || str_eq(name, S("value")) ||
           str_ends(name, S("_html"));
}

static bool
fail(struct compiler *c, const char *why)
{
    c->why = why;
    return false;
}

static bool
end_section(struct compiler *c, struct str name)
{
    if (c->depth == 0 || !str_eq(c->t->v[c->open[c->depth - 1]].s, name))
        return fail(c, "a section ends that was not open");
    c->t->v[c->open[--c->depth]].end = c->t->n;
    add_step(c, STEP_END, name);
    return true;
}

static bool
add_tag(struct compiler *c, char sigil, struct str body)
{
    struct str name = str_trim(str_sub(body, 1, body.n));

    if (sigil == '!')
        return true;
    if (sigil == '_') {
        add_step(c, STEP_TR, name);
        return name.n > 0 || fail(c, "an empty text");
    }
    if (memchr("#^/>{", sigil, 5) == NULL)
        name = str_trim(body);
    if (!is_name(name))
        return fail(c, "a bad name");
    switch (sigil) {
    case '#':
    case '^':
        if (c->depth == TEMPLATE_DEPTH_MAX)
            return fail(c, "nested too deeply");
        c->open[c->depth++] = c->t->n;
        add_step(c, sigil == '#' ? STEP_SECTION : STEP_INVERTED, name);
        return true;
    case '/':
        return end_section(c, name);
    case '>':
        add_step(c, STEP_PARTIAL, name);
        return true;
    case '{':
        if (!is_raw_allowed(name))
            return fail(c, "a raw name that is not on the list");
        add_step(c, STEP_RAW, name);
        return true;
    default:
        add_step(c, STEP_VALUE, name);
        return true;
    }
}

/* Is the tag alone on its line?  Then the blanks before it and the line feed after it vanish with it. */
static void
cut_line(struct str *before, struct str *after, bool line_start)
{
    size_t keep = before->n, skip = 0;

    while (keep > 0 && (before->p[keep - 1] == ' ' || before->p[keep - 1] == '\t'))
        keep--;
    if (keep > 0 ? before->p[keep - 1] != '\n' : !line_start)
        return;
    while (skip < after->n && (after->p[skip] == ' ' || after->p[skip] == '\t' || after->p[skip] == '\r'))
        skip++;
    if (skip < after->n && after->p[skip] != '\n')
        return;
    before->n = keep;
    *after = str_sub(*after, MIN(skip + 1, after->n), after->n);
}

static bool
compile(struct compiler *c)
{
    bool line_start = true;
    ptrdiff_t at;

    while ((at = str_find(c->rest, S("{{"))) >= 0) {
        struct str before = str_sub(c->rest, 0, (size_t)at), body, after;
        bool raw = str_starts(str_sub(c->rest, (size_t)at, c->rest.n), S("{{{"));
        struct str close = raw ? S("}}}") : S("}}");
        ptrdiff_t end;

        body = str_sub(c->rest, (size_t)at + 2, c->rest.n);
        end = str_find(body, close);
        if (end <= 0)
            return fail(c, "a tag that is not closed");
        after = str_sub(body, (size_t)end + close.n, body.n);
        body.n = (size_t)end;
        if (memchr("#^/>!", body.p[0], 5) != NULL) {
            const char *was = after.p;

            cut_line(&before, &after, line_start);
            line_start = after.p != was;
        } else {
            line_start = false;
        }
        add_step(c, STEP_TEXT, before);
        if (!add_tag(c, body.p[0], body))
            return false;
        c->rest = after;
    }
    add_step(c, STEP_TEXT, c->rest);
    return c->depth == 0 || fail(c, "a section that is not closed");
}

enum err
text_template_compile(
    struct arena *a, struct str source, enum template_kind kind, struct template **out, const char **why)
{
    struct compiler c = { .mem = a, .rest = source, .t = arena_new(a, struct template) };

    c.t->kind = kind;
    if (!compile(&c)) {
        *why = c.why;
        return ERR_INVALID;
    }
    *out = c.t;
    return ERR_OK;
}

/* ---- the set ---------------------------------------------------------------------------------------------------- */

static int
by_name(const void *key, const void *entry)
{
    const struct str *name = key;
    const struct template *const *t = entry;

    return str_cmp(*name, (*t)->name);
}

static struct template *
find(const struct templates *set, struct str name)
{
    struct template *const *t =
        set == NULL || set->n == 0 ? NULL : bsearch(&name, set->v, set->n, sizeof(set->v[0]), by_name);

    return t == NULL ? NULL : *t;
}

const struct template *
text_templates_find(const struct templates *set, struct str name)
{
    return find(set, name);
}

/* The operator's own version; p NULL when there is none. */
static struct str
read_override(struct arena *a, const char *dir, struct str name)
{
    struct str path = str_cat(a, str_z(dir), S("/"), name, STR_NONE), source = STR_NONE;
    FILE *f = fopen(path.p, "re");
    char *p;

    if (f == NULL)
        return STR_NONE;
    p = arena_alloc(a, SOURCE_BYTES_MAX, 1);
    source = (struct str){ p, fread(p, 1, SOURCE_BYTES_MAX, f) };
    fclose(f);
    return source;
}

static bool
check_partials(const struct templates *set, const struct template *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct template *partial = t->v[i].kind == STEP_PARTIAL ? find(set, t->v[i].s) : t;

        if (partial == NULL || partial->kind != t->kind)
            return false;
    }
    return true;
}

enum err
text_templates_load(struct arena *a, struct embed_files files, const char *dir, struct templates **out, struct str *why)
{
    struct templates *set = arena_new(a, struct templates);
    struct str prefix = S("templates/");

    set->v = arena_vec(a, struct template *, files.n);
    for (size_t i = 0; i < files.n; i++) {
        struct str name, source = STR_NONE;
        const char *reason;

        if (!str_starts(files.v[i].name, prefix))
            continue;
        name = str_sub(files.v[i].name, prefix.n, files.v[i].name.n);
        if (dir != NULL)
            source = read_override(a, dir, name);
        if (source.p == NULL)
            source = files.v[i].bytes;
        if (text_template_compile(a, source, str_ends(name, S(".txt")) ? TEMPLATE_PLAIN : TEMPLATE_HTML,
                &set->v[set->n], &reason) != ERR_OK) {
            *why = str_cat(a, name, S(": "), str_z(reason), STR_NONE);
            return ERR_INVALID;
        }
        set->v[set->n++]->name = name;
    }
    for (size_t i = 0; i < set->n; i++)
        if (!check_partials(set, set->v[i])) {
            *why = str_cat(a, set->v[i]->name, S(": a partial is missing"), STR_NONE);
            return ERR_INVALID;
        }
    *out = set;
    return ERR_OK;
}

/* ---- rendering -------------------------------------------------------------------------------------------------- */

struct render {
    const struct templates *set;
    struct str locale;
    struct buf *b;
    const struct val *stack[TEMPLATE_DEPTH_MAX * 2];
    size_t depth;
    int partials;
};

static const struct val *
look_up(const struct render *r, struct str name)
{
    const struct val *v = &val_null;
    struct str part;

    if (str_eq(name, S(".")))
        return r->stack[r->depth - 1];
    if (!str_cut(&name, '.', &part))
        return v;
    for (size_t i = r->depth; i > 0; i--)
        if (val_has(r->stack[i - 1], part)) {
            v = val_get(r->stack[i - 1], part);
            break;
        }
    while (str_cut(&name, '.', &part))
        v = val_get(v, part);
    return v;
}

static bool
is_something(const struct val *v)
{
    switch (v->kind) {
    case VAL_NULL:
        return false;
    case VAL_BOOL:
        return v->b;
    case VAL_NUM:
        return !str_eq(v->s, S("0"));
    case VAL_STR:
        return v->s.n > 0;
    case VAL_ARR:
        return v->n > 0;
    case VAL_OBJ:
        return true;
    }
    return false;
}

static struct str
shown(const struct val *v)
{
    return v->kind == VAL_STR || v->kind == VAL_NUM ? v->s : v->kind == VAL_BOOL && v->b ? S("true") : S("");
}

static void
put_text(struct render *r, const struct template *t, struct str s)
{
    if (t->kind == TEMPLATE_HTML)
        text_html_put(r->b, s);
    else
        buf_put(r->b, s);
}

static enum err run(struct render *r, const struct template *t, size_t from, size_t to);

static enum err
run_with(struct render *r, const struct template *t, size_t from, size_t to, const struct val *v)
{
    enum err e;

    if (r->depth == lengthof(r->stack))
        return ERR_TOO_LARGE;
    r->stack[r->depth++] = v;
    e = run(r, t, from, to);
    r->depth--;
    return e;
}

static enum err
run_section(struct render *r, const struct template *t, size_t at)
{
    const struct step *s = &t->v[at];
    const struct val *v = look_up(r, s->s);

    if (s->kind == STEP_INVERTED)
        return is_something(v) ? ERR_OK : run(r, t, at + 1, s->end);
    if (!is_something(v))
        return ERR_OK;
    if (v->kind != VAL_ARR)
        return run_with(r, t, at + 1, s->end, v);
    for (size_t i = 0; i < v->n; i++)
        TRY(run_with(r, t, at + 1, s->end, val_at(v, i)));
    return ERR_OK;
}

static enum err
run_partial(struct render *r, struct str name)
{
    const struct template *t = find(r->set, name);
    enum err e;

    if (t == NULL)
        return ERR_NOT_FOUND;
    if (r->partials == TEMPLATE_DEPTH_MAX)
        return ERR_TOO_LARGE;
    r->partials++;
    e = run(r, t, 0, t->n);
    r->partials--;
    return e;
}

static enum err
run(struct render *r, const struct template *t, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct step *s = &t->v[i];

        switch (s->kind) {
        case STEP_TEXT:
            buf_put(r->b, s->s);
            break;
        case STEP_VALUE:
            put_text(r, t, shown(look_up(r, s->s)));
            break;
        case STEP_RAW:
            buf_put(r->b, shown(look_up(r, s->s)));
            break;
        case STEP_TR:
            put_text(r, t, text_tr(r->locale, s->s));
            break;
        case STEP_PARTIAL:
            TRY(run_partial(r, s->s));
            break;
        case STEP_SECTION:
        case STEP_INVERTED:
            TRY(run_section(r, t, i));
            i = s->end;
            break;
        case STEP_END:
            break;
        }
        if (!buf_ok(r->b))
            return ERR_TOO_LARGE;
    }
    return ERR_OK;
}

enum err
text_template_render(
    const struct templates *set, const struct template *t, const struct val *v, struct str locale, struct buf *b)
{
    struct render r = { .set = set, .locale = locale, .b = b, .depth = 1 };

    r.stack[0] = v;
    return run(&r, t, 0, t->n);
}
