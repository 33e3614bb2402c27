/* Collections of other servers, page by page, within limits.  What stands in them are references, whatever it looks like. */
#include "service/resolve_internal.h"

#include "ap/read_collection.h"
#include "base/url.h"

#include <string.h>

enum { SEEN_MAX = 512 /* pages of one collection */, EMPTY_MAX = 2 };

struct reading {
    struct ctx *c;
    struct budget *b;
    struct pages_limits *l;
    resolve_item item;
    void *arg;
    uint64_t *seen; /* hashes of pages */
    size_t n_seen, n_empty;
    char next[URL_BYTES_MAX];
    size_t next_n; /* 0: no more */
};

/* Where to go on: on the collection's origin, and not where we were. */
static void
set_next(struct reading *r, struct str uri)
{
    uint64_t hash = str_hash(uri);

    r->next_n = 0;
    if (uri.n == 0 || uri.n > sizeof(r->next) || r->n_seen == SEEN_MAX || !url_same_origin(r->c->mem, uri, r->l->owner))
        return;
    for (size_t i = 0; i < r->n_seen; i++)
        if (r->seen[i] == hash)
            return;
    r->seen[r->n_seen++] = hash;
    memcpy(r->next, uri.p, uri.n);
    r->next_n = uri.n;
}

static enum err
take_items(struct reading *r, const struct ap_collection *x, bool *stop)
{
    r->n_empty = x->n > 0 ? 0 : r->n_empty + 1;
    for (size_t i = 0; i < x->n && !*stop; i++) {
        struct arena_mark mark = arena_save(r->c->mem);

        if (r->l->items-- <= 0)
            *stop = true;
        else
            TRY(r->item(r->c, r->arg, x->items[i], stop));
        arena_restore(r->c->mem, mark);
    }
    return ERR_OK;
}

/* A page, or a whole collection with its items or its first page inside; sets what comes next. */
static enum err
take_document(struct reading *r, const struct val *doc, bool *stop)
{
    struct ap_collection x, first;
    const char *why;

    if (ap_collection_read(r->c->mem, doc, &x, &why) != ERR_OK)
        return ctx_fail(r->c, ERR_NOT_FOUND, "%.*s: %s", STR_ARG(ap_id_of(doc)), why);
    if (r->l->total < 0)
        r->l->total = x.total;
    if (x.n > 0 || x.is_page) {
        set_next(r, x.next);
        return take_items(r, &x, stop);
    }
    if (x.first_val->kind == VAL_OBJ && ap_collection_read(r->c->mem, x.first_val, &first, &why) == ERR_OK) {
        set_next(r, first.next);
        return take_items(r, &first, stop);
    }
    if (x.total != 0)
        set_next(r, x.first);
    return ERR_OK;
}

static enum err
read_one(struct reading *r, bool *stop)
{
    struct str uri = str_dup(r->c->mem, (struct str){ r->next, r->next_n });
    struct fetched f;

    r->l->pages--;
    r->next_n = 0;
    TRY(resolve_fetch(r->c, r->b, uri, AP_DOC_OBJECT, 0, &f));
    if (!url_same_origin(r->c->mem, f.final, r->l->owner))
        return ctx_fail(r->c, ERR_NOT_FOUND, "%.*s leads to another server", STR_ARG(uri));
    return take_document(r, f.doc, stop);
}

enum err
resolve_pages(struct ctx *c, struct budget *b, struct str uri, struct pages_limits *l, resolve_item item, void *arg)
{
    struct reading *r = arena_new(c->mem, struct reading);
    bool stop = false, first = true;

    *r = (struct reading){ .c = c, .b = b, .l = l, .item = item, .arg = arg };
    r->seen = arena_vec(c->mem, uint64_t, SEEN_MAX);
    l->total = -1;
    set_next(r, uri);
    if (r->next_n == 0)
        return ctx_fail(c, ERR_FORBIDDEN, "%.*s is no collection of that server", (int)MIN(uri.n, 200), uri.p);
    while (r->next_n > 0 && !stop && l->pages > 0 && r->n_empty < EMPTY_MAX) {
        struct arena_mark mark = arena_save(c->mem);
        enum err e = read_one(r, &stop);

        if (e != ERR_OK && (first || !resolve_is_theirs(e)))
            return e;
        if (e != ERR_OK)
            ctx_ok(c);
        arena_restore(c->mem, mark);
        first = false;
    }
    return ERR_OK;
}
