/* Hashtags as people follow them. */
#include "service/tag.h"

#include "db/db.h"
#include "service/homes.h"
#include "service/trend.h"
#include "store/account.h"
#include "store/status.h"
#include "store/tag_follow.h"
#include "text/link.h"

enum { FOLLOWED_MAX = 1000 };

static enum err
find(struct ctx *c, struct str name, struct tag_ref *out)
{
    struct tag_ref *known;
    enum err e;

    if (!text_tag_valid(name))
        return ctx_fail(c, ERR_NOT_FOUND, "not a hashtag");
    if (str_starts(name, S("#")))
        name = str_sub(name, 1, name.n);
    *out = (struct tag_ref){ .name = text_tag_key(c->mem, name), .display = name };
    e = store_tag_get(c, out->name, &known);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    *out = *known;
    return ERR_OK;
}

struct str
service_tag_key(struct arena *mem, struct str name)
{
    return text_tag_key(mem, name);
}

enum err
service_tag_get(struct ctx *c, struct str name, struct tag_ref *out)
{
    TRY(find(c, name, out));
    return service_tag_fill(c, out, 1);
}

static void
drop_ring(struct ctx *c, void *arg)
{
    service_homes_drop(c, *(const int64_t *)arg);
}

static enum err
follow(struct ctx *c, bool on, struct tag_ref *t)
{
    int64_t count, *me = arena_new(c->mem, int64_t);

    *me = c->who.account_id;
    ctx_after_commit(c, drop_ring, me);
    if (!on)
        return t->id == 0 ? ERR_OK : store_tag_follow_delete(c, *me, t->id);
    TRY(store_account_lock(c, *me));
    TRY(store_tag_follow_count(c, *me, &count));
    if (count >= FOLLOWED_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: You cannot follow more than %d hashtags", FOLLOWED_MAX);
    TRY(store_tag_ids(c, t, 1));
    return store_tag_follow_put(c, *me, t->id);
}

enum err
service_tag_follow(struct ctx *c, struct str name, bool on, struct tag_ref *out)
{
    if (c->who.account_id == 0)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "This method requires an authenticated user");
    TRY(find(c, name, out));
    TRY(db_begin(c, DB_WRITE));
    TRY(follow(c, on, out));
    TRY(db_commit(c));
    return service_tag_fill(c, out, 1);
}

enum err
service_tag_followed(struct ctx *c, const struct page *p, struct tag_ref **tags, int64_t **cursors, size_t *n)
{
    TRY(store_tag_follow_page(c, c->who.account_id, p, tags, cursors, n));
    return service_tag_fill(c, *tags, *n);
}
