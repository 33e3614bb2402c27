/* Small things that the stores share. */
#include "store/internal.h"

#include "base/json.h"
#include "base/page.h"

struct strs
column_strs(struct arena *mem, struct str json_text)
{
    const struct val *v;
    struct strs out = { 0 };

    if (json_text.n <= 2 || json_parse(mem, json_text, NULL, &v) != ERR_OK || v->kind != VAL_ARR)
        return out;
    out.v = arena_vec(mem, struct str, v->n);
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i].kind == VAL_STR)
            out.v[out.n++] = v->v[i].s;
    return out;
}

struct str
column_put_strs(struct arena *mem, const struct strs *v)
{
    struct buf b;
    struct json j;

    buf_init(&b, mem, MB(4));
    json_init(&j, &b);
    json_strs(&j, NULL, v);
    CHECK(json_done(&j));
    return buf_str(&b);
}

struct ids
column_ids(struct arena *mem, struct str json_text)
{
    const struct val *v;
    struct ids out = { 0 };

    if (json_text.n <= 2 || json_parse(mem, json_text, NULL, &v) != ERR_OK || v->kind != VAL_ARR)
        return out;
    out.v = arena_vec(mem, int64_t, v->n);
    for (size_t i = 0; i < v->n; i++)
        out.v[out.n++] = val_int(&v->v[i], 0);
    return out;
}

struct str
column_put_ids(struct arena *mem, const struct ids *v)
{
    struct buf b;
    struct json j;

    buf_init(&b, mem, MB(4));
    json_init(&j, &b);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v->n; i++)
        json_int(&j, NULL, v->v[i]);
    json_end(&j);
    CHECK(json_done(&j));
    return buf_str(&b);
}

void
page_bounds(const struct page *p, int64_t *below, int64_t *above)
{
    *below = p->max_id > 0 ? p->max_id : INT64_MAX;
    *above = MAX(p->min_id, p->since_id);
}

bool
page_is_up(const struct page *p)
{
    return p->min_id > 0;
}

enum err
store_cursor_ids(struct ctx *c, const struct page *p, const struct db_rows *r, struct cursor_ids *out)
{
    out->id = arena_vec(c->mem, int64_t, r->n);
    out->cursor = arena_vec(c->mem, int64_t, r->n);
    out->n = r->n;
    for (size_t i = 0; i < r->n; i++) {
        size_t at = page_is_up(p) ? r->n - 1 - i : i;

        out->id[at] = db_int(&r->v[i], 0);
        out->cursor[at] = db_int(&r->v[i], 1);
    }
    return ERR_OK;
}

void
rows_strs(struct arena *mem, const struct db_rows *r, struct strs *out)
{
    *out = (struct strs){ arena_vec(mem, struct str, r->n), r->n };
    for (size_t i = 0; i < r->n; i++)
        out->v[i] = db_str(&r->v[i], 0);
}

struct ids
rows_ids(struct arena *mem, const struct db_rows *r)
{
    struct ids out = ids_new(mem, r->n);

    for (size_t i = 0; i < r->n; i++)
        ids_add(&out, db_int(&r->v[i], 0));
    return out;
}
