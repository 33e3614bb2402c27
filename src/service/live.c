/* One status and many viewers. */
#include "service/live.h"

#include "service/collection.h"
#include "service/filter.h"
#include "store/home.h"
#include "store/live.h"
#include "store/status.h"

enum { LISTS_AT_ONCE = 5000 };

enum err
service_live_status(struct ctx *c, int64_t id, struct status **out)
{
    TRY(store_status_get(c, id, out));
    return store_status_fill(c, out, 1, 0);
}

/* Does the answer to "may I quote it" depend on whether the viewer follows the author; on whether the author follows the viewer? */
static bool
policy_asks(const struct status *s, int group)
{
    return (s->quote_policy & QUOTE_BY_PUBLIC) == 0 && s->visibility <= VIS_UNLISTED &&
           ((s->quote_policy | s->quote_policy >> QUOTE_MANUAL_SHIFT) & group) != 0;
}

/* The post that is quoted, by id: special for all to whom it is more than a stranger's public post. */
static enum err
look_inside(struct ctx *c, int64_t id, const struct ids *viewers, bool *special)
{
    struct relations all;
    struct status *s;
    enum err e = service_live_status(c, id, &s);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    TRY(store_live_relations(c, viewers, s->account_id, &all));
    for (size_t i = 0; i < viewers->n; i++) {
        const struct relation *r = &all.v[i];

        special[i] = special[i] || s->visibility > VIS_UNLISTED || viewers->v[i] == s->account_id || r->following ||
                     r->blocking || r->blocked_by || r->muting || r->domain_blocking ||
                     policy_asks(s, QUOTE_BY_FOLLOWING);
    }
    return store_live_special(c, viewers, s->id, s->conversation_id, true, special);
}

/* Collections that it links to, or that what it quotes links to: special for their owners, and across a block. */
static enum err
look_at_collections(struct ctx *c, const struct status *s, const struct ids *viewers, bool *special)
{
    int64_t both[] = { s->id, s->quote != NULL ? s->quote->quoted_id : 0 };
    struct ids owners;

    TRY(service_collection_tag_owners(c, &(struct ids){ both, both[1] != 0 ? 2 : 1 }, &owners));
    for (size_t k = 0; k < owners.n; k++) {
        struct relations all;

        TRY(store_live_relations(c, viewers, owners.v[k], &all));
        for (size_t i = 0; i < viewers->n; i++)
            special[i] = special[i] || viewers->v[i] == owners.v[k] || all.v[i].blocking || all.v[i].blocked_by;
    }
    return ERR_OK;
}

enum err
service_live_audience(
    struct ctx *c, struct status *s, enum view_purpose purpose, const struct ids *viewers, enum live_look *out)
{
    const struct status *shown = s->reblog != NULL ? s->reblog : s;
    bool *visible = arena_vec(c->mem, bool, viewers->n), *special = arena_vec(c->mem, bool, viewers->n);
    bool known = s->reblog != NULL || s->edited_ms != 0; /* a new one has no marks yet */
    struct relations to_author;

    TRY(service_visible_to(c, purpose, s, viewers, visible, &to_author));
    TRY(store_live_special(c, viewers, shown->id, shown->conversation_id, known, special));
    TRY(service_filter_viewers(c, viewers, s, special));
    if (shown->quote != NULL && shown->quote->quoted_id != 0)
        TRY(look_inside(c, shown->quote->quoted_id, viewers, special));
    TRY(look_at_collections(c, shown, viewers, special));
    for (size_t i = 0; i < viewers->n; i++) {
        if (!visible[i])
            out[i] = LOOK_HIDDEN;
        else if (special[i] || viewers->v[i] == s->account_id || viewers->v[i] == shown->account_id ||
                 policy_asks(shown, QUOTE_BY_FOLLOWING))
            out[i] = LOOK_OWN;
        else
            out[i] = to_author.v[i].following && policy_asks(shown, QUOTE_BY_FOLLOWERS) ? LOOK_FOLLOWER : LOOK_COMMON;
    }
    return ERR_OK;
}

enum err
service_live_lists(struct ctx *c, int64_t status_id, const struct ids *lists, struct ids *out)
{
    *out = (struct ids){ arena_vec(c->mem, int64_t, lists->n), 0 };
    for (size_t at = 0; at < lists->n; at += LISTS_AT_ONCE) {
        struct ids some = { lists->v + at, MIN(lists->n - at, (size_t)LISTS_AT_ONCE) }, have;

        TRY(store_home_lists(c, status_id, &some, &have));
        for (size_t i = 0; i < have.n; i++)
            out->v[out->n++] = have.v[i];
    }
    return ERR_OK;
}

enum err
service_live_followers(
    struct ctx *c, const struct ids *readers, int64_t account_id, const struct ids *tags, struct ids *out)
{
    return store_live_followers(c, readers, account_id, tags, out);
}

enum err
service_live_tokens(struct ctx *c, const struct ids *tokens, struct ids *out)
{
    return store_live_tokens(c, tokens, out);
}
