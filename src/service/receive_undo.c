/* Taking back, and what the door asks before it lets an activity in. */
#include "service/receive.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/url.h"
#include "db/db.h"
#include "service/reaction.h"
#include "service/receive_internal.h"
#include "service/relation.h"
#include "store/account.h"
#include "store/interaction.h"
#include "store/relation.h"
#include "store/status.h"

enum { UNDO_FIRST_MS = 6 * HOUR_MS }; /* an Undo that came before what it undoes */

enum err
service_receive_inbox(struct ctx *c, int64_t account_id)
{
    struct str uri = ap_uri(c->mem, c->env->conf->origin, AP_URI_ACTOR, account_id, 0);
    struct account *a;
    bool gone;
    enum err e = store_account_get(c, account_id, &a);

    if (e == ERR_OK && account_is_local(a))
        return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    TRY(store_tombstone_has(c, uri, uri, &gone));
    return ctx_fail(c, gone ? ERR_GONE : ERR_NOT_FOUND, "no account %lld of ours", (long long)account_id);
}

enum err
service_receive_knows(struct ctx *c, struct str actor_uri, bool *out)
{
    struct account *a;
    enum err e = store_account_by_uri(c, actor_uri, &a);

    *out = e == ERR_OK;
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

enum err
service_receive_followed(struct ctx *c, const struct account *a, bool *out)
{
    return store_followed_here(c, a->id, out);
}

enum err
service_receive_undone(struct ctx *c, const struct account *from, struct str uri, bool *out)
{
    *out = false;
    return uri.n == 0 ? ERR_OK : store_tombstone_has(c, uri, from->uri, out);
}

/* Only ids of the sender's own origin, so that nobody bars what others do. */
enum err
receive_remember_undo(struct ctx *c, const struct account *from, struct str uri)
{
    return uri.n == 0 || !url_same_origin(c->mem, uri, from->uri)
               ? ERR_OK
               : store_tombstone_put(c, uri, from->uri, clock_ms() + UNDO_FIRST_MS);
}

static enum err
remember(struct ctx *c, const struct account *from, struct str uri)
{
    TRY(db_begin(c, DB_WRITE));
    return db_end(c, receive_remember_undo(c, from, uri));
}

enum err
service_receive_undelete(struct ctx *c, const struct account *from, struct str uri, bool *was)
{
    enum err e;

    *was = false;
    if (!url_same_origin(c->mem, uri, from->uri))
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    e = store_tombstone_delete(c, uri, from->uri, was);
    return db_end(c, e);
}

enum err
service_receive_unfollow(struct ctx *c, struct account *from, struct account *target, struct str uri)
{
    struct follow *f, *q;

    TRY(store_follow_get(c, from->id, target->id, &f));
    TRY(store_follow_request_get(c, from->id, target->id, &q));
    /* A server may use one id for every follow of a pair: only what was never here is remembered. */
    return f == NULL && q == NULL ? remember(c, from, uri) : service_relation_unfollow_received(c, from, target);
}

enum err
service_receive_unblock(struct ctx *c, struct account *from, struct account *target, struct str uri)
{
    struct relation r;

    TRY(store_relation(c, from->id, target->id, &r));
    return r.blocking ? service_relation_block_received(c, from, target, uri, false) : remember(c, from, uri);
}

static enum err
undo_follow(struct ctx *c, struct account *from, struct str uri, bool request, bool *done)
{
    struct account *target;
    struct follow *f;

    TRY(store_follow_by_uri(c, uri, request, &f));
    if (f == NULL || f->account_id != from->id)
        return ERR_OK;
    TRY(store_account_get(c, f->target_id, &target));
    *done = true;
    return service_relation_unfollow_received(c, from, target);
}

static enum err
undo_block(struct ctx *c, struct account *from, struct str uri, bool *done)
{
    int64_t account_id, target_id;
    struct account *target;
    enum err e = store_block_by_uri(c, uri, &account_id, &target_id);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (account_id != from->id)
        return ERR_OK;
    TRY(store_account_get(c, target_id, &target));
    *done = true;
    return service_relation_block_received(c, from, target, uri, false);
}

static enum err
undo_like(struct ctx *c, struct account *from, struct str uri, bool *done)
{
    int64_t account_id, status_id;
    enum err e = store_favourite_by_uri(c, uri, &account_id, &status_id);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (account_id != from->id)
        return ERR_OK;
    *done = true;
    return service_receive_like(c, from, STR_NONE, uri, false);
}

enum err
service_receive_undo(struct ctx *c, struct account *from, struct str uri)
{
    bool done = false;

    TRY(undo_follow(c, from, uri, false, &done));
    if (!done)
        TRY(undo_follow(c, from, uri, true, &done));
    if (!done)
        TRY(undo_block(c, from, uri, &done));
    if (!done)
        TRY(undo_like(c, from, uri, &done));
    if (!done)
        TRY(service_reaction_undone(c, from, &(struct ap_activity){ .id = uri }, &done));
    return done ? ERR_OK : service_receive_unannounce(c, from, uri, STR_NONE);
}
