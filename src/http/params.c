/*
 * Parameters: the sources of a request become one tree; a table of fields becomes a struct.  What a field accepts is written once here,
 * so every entrance agrees on what "true", an id or an empty text is.  Paging is in page.c.
 */
#include "http/params.h"

#include "base/arena.h"
#include "http/form.h"
#include "http/multipart.h"
#include "http/respond.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- sources --------------------------------------------------------------------------------------------------- */

struct mapping {
    void *p;
    size_t n;
};

static void
unmap(void *arg)
{
    struct mapping *m = arg;

    munmap(m->p, m->n);
}

enum err
req_body(struct ctx *c, const struct req *r, struct str *out)
{
    struct mapping *m;
    void *p;

    *out = r->body;
    if (r->body_fd < 0 || r->body_n == 0)
        return ERR_OK;
    p = mmap(NULL, (size_t)r->body_n, PROT_READ, MAP_PRIVATE, r->body_fd, 0);
    if (p == MAP_FAILED)
        return ctx_fail(c, ERR_INTERNAL, "mmap of a body of %lld bytes: %s", (long long)r->body_n, strerror(errno));
    m = arena_new(c->mem, struct mapping);
    *m = (struct mapping){ p, (size_t)r->body_n };
    arena_defer(c->mem, unmap, m);
    *out = (struct str){ p, m->n };
    return ERR_OK;
}

static enum err
read_json(struct ctx *c, struct str body, const struct val **out)
{
    if (body.n > PARAMS_TEXT_BYTES_MAX)
        return ctx_fail(c, ERR_TOO_LARGE, "JSON of %zu bytes", body.n);
    TRY(json_parse(c->mem, body, NULL, out));
    return (*out)->kind == VAL_OBJ ? ERR_OK : ctx_fail(c, ERR_BAD_REQUEST, "the JSON body is not an object");
}

static enum err
read_form(struct ctx *c, struct str body, struct tree *t)
{
    if (body.n > PARAMS_TEXT_BYTES_MAX)
        return ctx_fail(c, ERR_TOO_LARGE, "form of %zu bytes", body.n);
    return form_parse(t, body);
}

static enum err
read_multipart(struct ctx *c, struct req *r, struct str type, struct str body, struct tree *t)
{
    struct uploads files = { 0 };
    struct str boundary;

    if (!multipart_param(c->mem, type, S("boundary"), &boundary))
        return ctx_fail(c, ERR_BAD_REQUEST, "multipart without one boundary");
    TRY(multipart_parse(t, body, r->body_fd, boundary, &files));
    r->files = files.v;
    r->n_files = files.n;
    return ERR_OK;
}

/* Nothing we read is compressed or in another charset; what claims to be would be misread. */
static enum err
check_encoding(struct ctx *c, const struct req *r, struct str type)
{
    struct str coding = req_header(c, r, S("Content-Encoding")), charset;

    if (coding.n > 0 && !str_eqi(coding, S("identity")))
        return ctx_fail(c, ERR_MEDIA_TYPE, "Content-Encoding %.*s", STR_ARG(coding));
    if (multipart_param(c->mem, type, S("charset"), &charset) && !str_eqi(charset, S("utf-8")) &&
        !str_eqi(charset, S("utf8")) && !str_eqi(charset, S("us-ascii")))
        return ctx_fail(c, ERR_MEDIA_TYPE, "charset %.*s", STR_ARG(charset));
    return ERR_OK;
}

/* Body into the tree; a JSON body into *json instead. */
static enum err
read_body(struct ctx *c, struct req *r, struct tree *t, const struct val **json)
{
    struct str type = req_header(c, r, S("Content-Type")), rest = type, media = STR_NONE, body;

    TRY(req_body(c, r, &body));
    if (body.n == 0)
        return ERR_OK;
    TRY(check_encoding(c, r, type));
    str_cut(&rest, ';', &media);
    media = str_trim(media);
    if (str_eqi(media, S("application/json")) || str_ends(str_lower(c->mem, media), S("+json")))
        return read_json(c, body, json);
    if (str_eqi(media, S("multipart/form-data")))
        return read_multipart(c, r, type, body, t);
    if (media.n == 0 || str_eqi(media, S("application/x-www-form-urlencoded")))
        return read_form(c, body, t);
    return ctx_fail(c, ERR_MEDIA_TYPE, "Content-Type %.*s", STR_ARG(media));
}

/* Members of `over`, and those of `under` that it does not have. */
static const struct val *
merge(struct arena *a, const struct val *under, const struct val *over)
{
    struct val *v, *items;
    struct str *keys;

    if (over == NULL || over->n == 0 || under->n == 0)
        return over == NULL || over->n == 0 ? under : over;
    v = arena_new(a, struct val);
    items = arena_vec(a, struct val, under->n + over->n);
    keys = arena_vec(a, struct str, under->n + over->n);
    *v = (struct val){ .kind = VAL_OBJ, .v = items, .keys = keys };
    for (size_t i = 0; i < under->n; i++) {
        if (val_has(over, under->keys[i]))
            continue;
        items[v->n] = under->v[i];
        keys[v->n++] = under->keys[i];
    }
    memcpy(items + v->n, over->v, over->n * sizeof(*items));
    memcpy(keys + v->n, over->keys, over->n * sizeof(*keys));
    v->n += over->n;
    return v;
}

enum err
params_tree(struct ctx *c, struct req *r)
{
    struct tree query, form;
    const struct val *json = NULL;

    if (r->args != NULL)
        return ERR_OK;
    tree_init(&query, c->mem);
    tree_init(&form, c->mem);
    TRY(form_parse(&query, r->query));
    form.n_keys = query.n_keys; /* one limit for both */
    TRY(read_body(c, r, &form, &json));
    r->args = merge(c->mem, tree_val(&query), json != NULL ? json : tree_val(&form));
    return ERR_OK;
}

/* ---- fields ---------------------------------------------------------------------------------------------------- */

struct reading {
    struct ctx *c;
    const struct field *f;
    const struct val *all; /* the object the field is a member of */
    const struct val *v;   /* its value, &val_null when absent */
    const struct req *r;   /* for files; NULL when there can be none */
    void *at;              /* the struct's member */
};

/* invalid(g, "is too long (maximum is %lld bytes)", …), with the name of the field. */
#define invalid(g, ...)                                                                                                \
    named(g, ctx_fail_invalid((g)->c, respond_field_name((g)->c->mem, str_z((g)->f->name)), __VA_ARGS__))

static enum err
named(const struct reading *g, enum err e)
{
    g->c->fail.field = str_z(g->f->name);
    return e;
}

/* The text of a scalar: what a form would have sent.  False for null, lists and objects. */
static bool
scalar_text(const struct val *v, struct str *out)
{
    switch (v->kind) {
    case VAL_STR:
    case VAL_NUM:
        *out = v->s;
        return true;
    case VAL_BOOL:
        *out = v->b ? S("true") : S("false");
        return true;
    default:
        return false;
    }
}

static enum err
read_str(const struct reading *g)
{
    struct str s;

    if (!scalar_text(g->v, &s))
        return invalid(g, "is invalid");
    if (str_chr(s, '\0') >= 0)
        return invalid(g, "contains a NUL character");
    if (g->f->max > 0 && s.n > (size_t)g->f->max)
        return invalid(g, "is too long (maximum is %lld bytes)", (long long)g->f->max);
    *(struct str *)g->at = s;
    return ERR_OK;
}

static bool
parse_bool(struct str s, bool *out)
{
    static const char *const yes[] = { "true", "1", "on", "yes", "t" }, *const no[] = { "false", "0", "off", "no",
        "f" };

    for (size_t i = 0; i < lengthof(yes); i++) {
        *out = str_eqi(s, str_z(yes[i]));
        if (*out || str_eqi(s, str_z(no[i])))
            return true;
    }
    return false;
}

static enum err
read_bool(const struct reading *g)
{
    struct str s;
    bool b;

    if (!scalar_text(g->v, &s) || !parse_bool(s, &b))
        return invalid(g, "is neither true nor false");
    if (g->f->type == P_TRI)
        *(int *)g->at = b;
    else
        *(bool *)g->at = b;
    return ERR_OK;
}

static enum err
read_int(const struct reading *g)
{
    const struct field *f = g->f;
    struct str s;
    int64_t i;

    if (!scalar_text(g->v, &s) || !str_int(s, &i))
        return invalid(g, "is not a number");
    if (f->min == 0 && f->max == 0) {
        *(int64_t *)g->at = i;
        return ERR_OK;
    }
    if (i < f->min)
        return invalid(g, "must be greater than or equal to %lld", (long long)f->min);
    if (i > f->max)
        return invalid(g, "must be less than or equal to %lld", (long long)f->max);
    *(int64_t *)g->at = i;
    return ERR_OK;
}

static bool
parse_id(const struct val *v, int64_t *out)
{
    struct str s;

    return scalar_text(v, &s) && s.n > 0 && s.p[0] != '-' && str_int(s, out);
}

static enum err
read_id(const struct reading *g)
{
    int64_t id = 0;

    if (!parse_id(g->v, &id)) {
        if (!g->f->junk_ok)
            return invalid(g, "is not an id");
        id = 0;
    }
    *(int64_t *)g->at = id;
    return ERR_OK;
}

static enum err
read_enum(const struct reading *g)
{
    struct str s;

    if (scalar_text(g->v, &s)) {
        for (int i = 0; g->f->extra[i] != NULL; i++) {
            if (str_eqz(s, g->f->extra[i])) {
                *(int *)g->at = i;
                return ERR_OK;
            }
        }
    }
    return invalid(g, "is not included in the list");
}

/* A list: an array, an object numbered from 0, or the same name several times.  An array of one text may be that text. */
static enum err
list_items(const struct reading *g, const struct val **items, size_t *n)
{
    const struct val *v = tree_arrays(g->c->mem, g->v);
    size_t most = g->f->max > 0 ? (size_t)g->f->max : PARAMS_KEYS_MAX;
    struct val *several;

    *items = v->v;
    *n = v->n;
    if (v->kind == VAL_OBJ)
        return invalid(g, "is not a list");
    if (v->kind != VAL_ARR) {
        several = arena_vec(g->c->mem, struct val, g->all->n);
        *n = 0;
        for (size_t i = 0; i < g->all->n; i++)
            if (str_eqz(g->all->keys[i], g->f->name))
                several[(*n)++] = g->all->v[i];
        *items = several;
    }
    if (*n > most)
        return invalid(g, "has too many items (maximum is %zu)", most);
    return ERR_OK;
}

static enum err
read_strs(const struct reading *g)
{
    struct strs *out = g->at;
    const struct val *items;
    size_t n;

    TRY(list_items(g, &items, &n));
    out->v = arena_vec(g->c->mem, struct str, n);
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct str s;

        if (!scalar_text(&items[i], &s))
            return invalid(g, "is invalid");
        if (str_chr(s, '\0') >= 0)
            return invalid(g, "contains a NUL character");
        if (g->f->min > 0 && s.n > (size_t)g->f->min)
            return invalid(g, "is too long (maximum is %lld bytes)", (long long)g->f->min);
        out->v[out->n++] = s;
    }
    return ERR_OK;
}

static enum err
read_ids(const struct reading *g)
{
    struct ids *out = g->at;
    const struct val *items;
    size_t n;

    TRY(list_items(g, &items, &n));
    out->v = arena_vec(g->c->mem, int64_t, n);
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t id;

        if (parse_id(&items[i], &id))
            out->v[out->n++] = id;
        else if (!g->f->junk_ok && !(items[i].kind == VAL_STR && items[i].s.n == 0))
            return invalid(g, "is not a list of ids");
    }
    return ERR_OK;
}

static enum err
read_file(const struct reading *g)
{
    struct upload *out = g->at;
    bool top = g->r != NULL && g->all == g->r->args;

    *out = (struct upload){ .fd = -1 };
    for (size_t i = 0; g->r != NULL && i < g->r->n_files; i++) {
        const struct upload *u = &g->r->files[i];

        if (top ? str_eqz(u->name, g->f->name) : u->place.p != NULL && u->place.p == val_str(g->v).p) {
            *out = *u;
            return ERR_OK;
        }
    }
    if (val_str(g->v).n > 0)
        return invalid(g, "is not a file");
    return g->f->required ? invalid(g, "can't be blank") : ERR_OK;
}

static bool
is_blank(const struct val *v)
{
    return val_is_null(v) || (v->kind == VAL_STR && str_trim(v->s).n == 0) || (v->kind == VAL_ARR && v->n == 0);
}

/* Is there nothing to read?  Empty texts and lists mean something only where they can be stored. */
static bool
is_absent(const struct reading *g)
{
    if (val_is_null(g->v))
        return true;
    if (g->f->type == P_STR || g->f->type == P_STRS || g->f->type == P_IDS || g->f->type == P_VAL)
        return false;
    return g->v->kind == VAL_STR && g->v->s.n == 0;
}

static enum err
read_field(const struct reading *g)
{
    static enum err (*const readers[])(const struct reading *g) = { [P_STR] = read_str,
        [P_BOOL] = read_bool,
        [P_TRI] = read_bool,
        [P_INT] = read_int,
        [P_ID] = read_id,
        [P_ENUM] = read_enum,
        [P_STRS] = read_strs,
        [P_IDS] = read_ids };

    if (g->f->type == P_FILE)
        return read_file(g);
    if (g->f->required && is_blank(g->v))
        return invalid(g, "can't be blank");
    if (g->f->type == P_VAL) {
        *(const struct val **)g->at = tree_arrays(g->c->mem, g->v);
        return ERR_OK;
    }
    return is_absent(g) ? ERR_OK : readers[g->f->type](g);
}

static enum err
read_fields(struct ctx *c, const struct req *r, const struct val *v, const struct field *fields, size_t n, void *out)
{
    for (size_t i = 0; i < n; i++) {
        struct reading g = {
            .c = c,
            .f = &fields[i],
            .all = v,
            .v = val_get(v, str_z(fields[i].name)),
            .r = r,
            .at = (char *)out + fields[i].offset,
        };

        TRY(read_field(&g));
    }
    return ERR_OK;
}

enum err
params_read(struct ctx *c, struct req *r, const struct field *fields, size_t n, void *out)
{
    TRY(params_tree(c, r));
    return read_fields(c, r, r->args, fields, n, out);
}

enum err
params_from_val(struct ctx *c, const struct val *v, const struct field *fields, size_t n, void *out)
{
    return read_fields(c, NULL, v, fields, n, out);
}

enum err
params_from_member(
    struct ctx *c, const struct req *r, const struct val *v, const struct field *fields, size_t n, void *out)
{
    return read_fields(c, r, v, fields, n, out);
}
