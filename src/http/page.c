/* Cursor paging: reading max_id, since_id, min_id and limit, and the Link header (RFC 8288) that leads to the neighbours. */
#include "base/arena.h"
#include "base/conf.h"
#include "base/url.h"
#include "http/params.h"
#include "http/respond.h"

/* Digits that pass int64 are the largest number, other junk is `junk`; a sign is dropped. */
static int64_t
lenient_number(const struct val *v, int64_t junk)
{
    struct str s = v->kind == VAL_NUM ? v->s : val_str(v);
    int64_t n;

    if (str_starts(s, S("-")))
        s = str_sub(s, 1, s.n);
    if (str_int(s, &n))
        return n < 0 ? junk : n;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return junk;
    return s.n > 0 ? INT64_MAX : junk;
}

static int64_t
cursor(const struct req *r, struct str name)
{
    const struct val *v = val_get(r->args, name);

    return str_starts(v->kind == VAL_NUM ? v->s : val_str(v), S("-")) ? 0 : lenient_number(v, 0);
}

enum err
page_read(struct ctx *c, struct req *r, int64_t dflt, int64_t max, struct page *out)
{
    TRY(params_tree(c, r));
    out->max_id = cursor(r, S("max_id"));
    out->since_id = cursor(r, S("since_id"));
    out->min_id = cursor(r, S("min_id"));
    out->limit = MIN(MAX(lenient_number(val_get(r->args, S("limit")), dflt), 1), max);
    return ERR_OK;
}

static void
put_pair(struct arena *a, struct buf *b, struct str name, bool list, struct str value)
{
    buf_put(b, url_encode(a, name));
    if (list)
        buf_put(b, S("[]"));
    buf_putc(b, '=');
    buf_put(b, url_encode(a, value));
    buf_putc(b, '&');
}

static void
put_kept(struct arena *a, struct buf *b, struct str name, const struct val *v)
{
    switch (v->kind) {
    case VAL_STR:
    case VAL_NUM:
        put_pair(a, b, name, false, v->s);
        return;
    case VAL_BOOL:
        put_pair(a, b, name, false, v->b ? S("true") : S("false"));
        return;
    case VAL_ARR:
        for (size_t i = 0; i < v->n; i++)
            if (v->v[i].kind == VAL_STR || v->v[i].kind == VAL_NUM)
                put_pair(a, b, name, true, v->v[i].s);
        return;
    default:
        return;
    }
}

static void
put_link(struct buf *b, struct str base, const char *cursor_name, int64_t id, const char *rel)
{
    if (b->n > 0)
        buf_put(b, S(", "));
    buf_putc(b, '<');
    buf_put(b, base);
    buf_putz(b, cursor_name);
    buf_putc(b, '=');
    buf_put_int(b, id);
    buf_put(b, S(">; rel=\""));
    buf_putz(b, rel);
    buf_putc(b, '"');
}

void
page_link(struct ctx *c, struct req *r, const struct page *p, enum page_style style, bool always_next, size_t count,
    int64_t newest, int64_t oldest, const char *const *keep)
{
    struct buf base, link;

    if (newest == 0 || oldest == 0)
        return;
    CHECK(r->args != NULL); /* page_read() came before */
    buf_init(&base, c->mem, KB(16));
    buf_put(&base, c->env->conf->origin);
    buf_put(&base, res_clean_url(c->mem, r->path));
    buf_putc(&base, '?');
    put_kept(c->mem, &base, S("limit"), val_get(r->args, S("limit")));
    for (; keep != NULL && *keep != NULL; keep++)
        put_kept(c->mem, &base, str_z(*keep), val_get(r->args, str_z(*keep)));
    if (!buf_ok(&base))
        return; /* parameters of many kilobytes: nobody can follow such a link */
    buf_init(&link, c->mem, 3 * base.n + 200);
    if (always_next || count >= (size_t)p->limit)
        put_link(&link, buf_str(&base), "max_id", oldest, "next");
    put_link(&link, buf_str(&base), style == PAGE_MIN_ID ? "min_id" : "since_id", newest, "prev");
    res_header(c, r, "Link", buf_str(&link));
}

void
page_link_offset(struct ctx *c, struct req *r, int64_t limit, int64_t offset, size_t count)
{
    struct str at = str_cat(c->mem, c->env->conf->origin, res_clean_url(c->mem, r->path), STR_NONE);
    struct buf b;

    buf_init(&b, c->mem, KB(8));
    if (count >= (size_t)limit)
        buf_putf(&b, "<%.*s?limit=%lld&offset=%lld>; rel=\"next\"", STR_ARG(at), (long long)limit,
            (long long)(offset + limit));
    if (offset > 0)
        buf_putf(&b, "%s<%.*s?limit=%lld&offset=%lld>; rel=\"prev\"", b.n > 0 ? ", " : "", STR_ARG(at),
            (long long)limit, (long long)MAX(offset - limit, 0));
    if (b.n > 0 && buf_ok(&b))
        res_header(c, r, "Link", buf_str(&b));
}
