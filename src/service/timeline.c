/* Public timelines and those of hashtags.  The home is in home.c. */
#include "service/timeline.h"

#include "service/feed.h"
#include "service/visibility.h"
#include "text/link.h"

struct public_query {
    int local;
    bool only_media;
};

static enum err
fetch_public(struct ctx *c, void *arg, const struct page *p, struct ids *out)
{
    const struct public_query *q = arg;

    return store_status_page_public(c, q->local, q->only_media, p, out);
}

enum err
service_timeline_public(struct ctx *c, int local, bool only_media, const struct page *p, struct statuses *out)
{
    struct public_query q = { local, only_media };
    bool nothing;

    TRY(service_feed_open(c, FEED_LIVE, &q.local, &nothing));
    if (nothing) {
        *out = (struct statuses){ 0 };
        return ERR_OK;
    }
    return service_status_page(c, c->who.account_id, VIEW_PUBLIC, p, fetch_public, &q, out);
}

static enum err
fetch_tag(struct ctx *c, void *arg, const struct page *p, struct ids *out)
{
    return store_status_page_tag(c, arg, p, out);
}

static struct strs
fold(struct ctx *c, const struct strs *names)
{
    struct strs out = { arena_vec(c->mem, struct str, names->n), names->n };

    for (size_t i = 0; i < names->n; i++)
        out.v[i] = text_tag_key(c->mem, names->v[i]);
    return out;
}

enum err
service_timeline_tag(struct ctx *c, const struct tag_query *q, const struct page *p, struct statuses *out)
{
    struct tag_query folded = *q;
    bool nothing;

    TRY(service_feed_open(c, FEED_TOPIC, &folded.local, &nothing));
    if (nothing) {
        *out = (struct statuses){ 0 };
        return ERR_OK;
    }
    folded.tag = text_tag_key(c->mem, q->tag);
    folded.any = fold(c, &q->any);
    folded.all = fold(c, &q->all);
    folded.none = fold(c, &q->none);
    return service_status_page(c, c->who.account_id, VIEW_PUBLIC, p, fetch_tag, &folded, out);
}
