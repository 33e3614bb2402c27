/* What an account says of itself: its profile, what it shows there, where it moved to, its end. */
#include "service/outgoing_internal.h"

#include "base/clock.h"
#include "service/document.h"
#include "store/move.h"
#include "store/relation.h"

enum { RECENT_FOLLOWEES = 200 };

/* Followers, and those followed lately: both show the profile to somebody. */
static enum err
profile_audience(struct ctx *c, const struct account *by, struct strs *out)
{
    const struct page newest = { .limit = RECENT_FOLLOWEES };
    struct cursor_ids followees;
    struct strs followers, people;

    TRY(store_follower_inboxes(c, by->id, &followers));
    TRY(store_relation_page(c, LIST_FOLLOWING, by->id, &newest, &followees));
    TRY(service_audience_people(c, &(struct ids){ followees.id, followees.n }, true, &people));
    *out = strs_cat(c->mem, &followers, &people, NULL);
    return service_audience_drop_suspended(c, out);
}

enum err
outgoing_actor_update(struct ctx *c, struct build *b)
{
    struct ap_actor_out person;

    TRY(service_document_actor(c, b->by, &person));
    TRY(profile_audience(c, b->by, &b->out->inboxes));
    b->act.type = AP_UPDATE;
    b->act.id = outgoing_uri(c, b, AP_URI_ACTOR_UPDATE);
    b->act.person = &person;
    b->act.updated_ms = clock_ms();
    outgoing_address(b, outgoing_one(c, S(AP_PUBLIC_ID)), (struct strs){ 0 });
    return outgoing_finish(c, b);
}

enum err
outgoing_actor_keys(struct ctx *c, struct build *b)
{
    b->out->activity.flags |= ACTIVITY_OLD_KEY;
    return outgoing_actor_update(c, b);
}

enum err
outgoing_actor_delete(struct ctx *c, struct build *b)
{
    b->act.type = AP_DELETE;
    b->act.id = outgoing_uri(c, b, AP_URI_ACTOR_DELETE);
    b->act.object = b->act.actor;
    b->out->inboxes = b->a->inboxes;
    b->out->priority = DELIVERY_SLOW;
    outgoing_address(b, outgoing_one(c, S(AP_PUBLIC_ID)), (struct strs){ 0 });
    return outgoing_finish(c, b);
}

static enum err
featured(struct ctx *c, struct build *b, enum ap_type type, enum ap_uri_kind id)
{
    b->act.type = type;
    b->act.id = outgoing_uri(c, b, id);
    if (b->act.object_json.n == 0)
        b->act.object = b->a->object_uri;
    b->act.target = outgoing_uri(c, b, AP_URI_FEATURED);
    outgoing_address(b, outgoing_one(c, outgoing_uri(c, b, AP_URI_FOLLOWERS)), (struct strs){ 0 });
    TRY(store_follower_inboxes(c, b->by->id, &b->out->inboxes));
    TRY(service_audience_drop_suspended(c, &b->out->inboxes));
    return outgoing_finish(c, b);
}

enum err
outgoing_pin(struct ctx *c, struct build *b)
{
    return featured(c, b, AP_ADD, AP_URI_PIN_ADD);
}

enum err
outgoing_unpin(struct ctx *c, struct build *b)
{
    return featured(c, b, AP_REMOVE, AP_URI_PIN_REMOVE);
}

/* Add and Remove of a hashtag name the collection of what is featured, as Mastodon has it. */
static enum err
featured_tag(struct ctx *c, struct build *b, enum ap_type type, enum ap_uri_kind id)
{
    b->act.object_json = ap_hashtag_json(c->mem, &b->site, b->a->object_uri);
    return featured(c, b, type, id);
}

enum err
outgoing_feature_tag(struct ctx *c, struct build *b)
{
    return featured_tag(c, b, AP_ADD, AP_URI_PIN_ADD);
}

enum err
outgoing_unfeature_tag(struct ctx *c, struct build *b)
{
    return featured_tag(c, b, AP_REMOVE, AP_URI_PIN_REMOVE);
}

/* To followers, and to those who block it: they want to block the new one too. */
enum err
outgoing_move(struct ctx *c, struct build *b)
{
    struct strs followers, people;
    struct ids blockers;

    TRY(store_follower_inboxes(c, b->by->id, &followers));
    TRY(store_move_blockers(c, b->by->id, &blockers));
    TRY(service_audience_people(c, &blockers, true, &people));
    b->out->inboxes = strs_cat(c->mem, &followers, &people, NULL);
    TRY(service_audience_drop_suspended(c, &b->out->inboxes));
    b->act.type = AP_MOVE;
    b->act.id = outgoing_uri(c, b, AP_URI_MOVE);
    b->act.object = b->act.actor;
    b->act.target = b->a->object_uri;
    outgoing_address(b, outgoing_one(c, outgoing_uri(c, b, AP_URI_FOLLOWERS)), (struct strs){ 0 });
    return outgoing_finish(c, b);
}
