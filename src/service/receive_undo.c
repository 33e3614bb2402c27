/* Taking back, and what the door asks before it lets an activity in. */
#include "service/receive.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/url.h"
#include "db/db.h"
#include "service/notification.h"
#include "service/reaction.h"
#include "service/receive_internal.h"
#include "service/relation.h"
#include "service/relation_internal.h"
#include "service/status.h"
#include "store/account.h"
#include "store/interaction.h"
#include "store/relation.h"
#include "store/status.h"

enum { UNDO_FIRST_MS = 6 * HOUR_MS }; /* an Undo that came before what it undoes, or after something newer */

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
    return store_awaited_here(c, a->id, out);
}

enum err
receive_undone(struct ctx *c, const struct account *from, struct str uri, bool *out)
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

enum err
service_receive_undelete(struct ctx *c, const struct account *from, struct str uri, bool *was)
{
    enum err e;

    *was = false;
    if (!url_same_origin(c->mem, uri, from->uri))
        return ERR_OK;
    TRY(receive_begin(c, from));
    e = store_tombstone_delete(c, uri, from->uri, was);
    return db_end(c, e);
}

enum err
receive_replaces(struct ctx *c, const struct account *from, struct str had, struct str uri)
{
    return str_eq(had, uri) ? ERR_OK : receive_remember_undo(c, from, had);
}

/*
 * The same id is not remembered: a server may use one for every follow of a pair.  Another one is of what this took the place of, or is
 * still under way, or its server makes a new id for what it undoes.
 */
enum err
receive_ends(struct ctx *c, const struct account *from, struct str has, struct str uri, bool *out)
{
    bool replaced = false;

    if (!str_eq(has, uri)) {
        TRY(receive_undone(c, from, uri, &replaced));
        if (!replaced)
            TRY(receive_remember_undo(c, from, uri));
    }
    *out = !replaced;
    return ERR_OK;
}

/* ---- follows and blocks ----------------------------------------------------------------------------------------------- */

static enum err
unfollow(struct ctx *c, struct account *from, struct account *target, struct str uri)
{
    struct follow *f, *q;
    bool ends;

    TRY(store_relation_lock(c, from->id, target->id));
    TRY(store_follow_get(c, from->id, target->id, &f));
    TRY(store_follow_request_get(c, from->id, target->id, &q));
    f = f != NULL ? f : q;
    if (f == NULL)
        return receive_remember_undo(c, from, uri);
    TRY(receive_ends(c, from, f->uri, uri, &ends));
    return ends ? service_relation_end_follow(c, from, target, END_QUIETLY) : ERR_OK;
}

enum err
service_receive_unfollow(struct ctx *c, struct account *from, struct account *target, struct str uri)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, unfollow(c, from, target, uri));
}

static enum err
unblock(struct ctx *c, struct account *from, struct account *target, struct str uri)
{
    struct str has;
    bool found, ends;

    TRY(store_relation_lock(c, from->id, target->id));
    TRY(store_block_uri(c, from->id, target->id, &found, &has));
    if (!found)
        return receive_remember_undo(c, from, uri);
    TRY(receive_ends(c, from, has, uri, &ends));
    if (!ends)
        return ERR_OK;
    service_relation_heard(c, target, from);
    return store_block_delete(c, from->id, target->id, &has, &found);
}

enum err
service_receive_unblock(struct ctx *c, struct account *from, struct account *target, struct str uri)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, unblock(c, from, target, uri));
}

/* ---- likes and reactions ---------------------------------------------------------------------------------------------- */

/* The status that a like by this sender is about: by the like's own id, for an Undo that names nothing else. */
static enum err
liked_by_uri(struct ctx *c, const struct account *from, struct str uri, int64_t *status_id)
{
    int64_t account_id;
    enum err e;

    *status_id = 0;
    if (uri.n == 0)
        return ERR_OK;
    e = store_favourite_by_uri(c, uri, &account_id, status_id);
    if (e == ERR_NOT_FOUND)
        ctx_ok(c);
    else if (e != ERR_OK)
        return e;
    if (e == ERR_NOT_FOUND || account_id != from->id)
        *status_id = 0;
    return ERR_OK;
}

static enum err
unlike(struct ctx *c, struct account *from, int64_t status_id, struct str uri)
{
    struct status *s;
    bool ends, removed = false;
    struct str has;
    int64_t id;

    if (status_id == 0)
        TRY(liked_by_uri(c, from, uri, &status_id));
    if (status_id != 0) {
        TRY(store_favourite_uri(c, from->id, status_id, &has));
        TRY(receive_ends(c, from, has, uri, &ends));
        if (!ends)
            return ERR_OK;
        TRY(store_favourite_delete(c, from->id, status_id, &id, &removed));
    }
    if (!removed)
        return receive_remember_undo(c, from, uri);
    TRY(store_status_get(c, status_id, &s));
    return service_reaction_unnotify(c, s, from->id);
}

enum err
service_receive_unlike(struct ctx *c, struct account *from, const struct ap_activity *like)
{
    /* Also when it may not be seen any more.  What says an emoji takes back no more than that reaction. */
    int64_t id = like->reaction.n > 0 ? 0 : ap_uri_local_status(c->mem, c->env->conf->origin, like->object);
    bool done;
    enum err e;

    TRY(receive_begin(c, from));
    e = service_reaction_undone(c, from, like, &done);
    if (e == ERR_OK && !done)
        e = unlike(c, from, id, like->id);
    return receive_finish(c, e);
}

/* ---- announces -------------------------------------------------------------------------------------------------------- */

/* The boost by its own id, else by what it boosts; NULL: none. */
static enum err
find_boost(struct ctx *c, const struct account *from, struct str uri, struct str object_uri, struct status **out)
{
    int64_t id = ap_uri_local_status(c->mem, c->env->conf->origin, object_uri);
    struct status *s;
    enum err e = uri.n > 0 ? store_status_by_uri(c, uri, out) : ERR_NOT_FOUND;

    if (e == ERR_OK && (*out)->account_id == from->id && (*out)->reblog_of_id != 0)
        return ERR_OK;
    *out = NULL;
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    if (object_uri.n == 0)
        return ERR_OK;
    e = id != 0 ? store_status_get(c, id, &s) : store_status_by_uri(c, object_uri, &s);
    if (e == ERR_OK)
        return store_status_reblog_by(c, from->id, s->id, out);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    return e;
}

static enum err
unannounce(struct ctx *c, struct account *from, struct str uri, struct str object_uri)
{
    struct status *s;
    bool ends;

    TRY(find_boost(c, from, uri, object_uri, &s));
    if (s == NULL)
        return receive_remember_undo(c, from, uri);
    TRY(receive_ends(c, from, s->uri, uri, &ends));
    if (!ends)
        return ERR_OK;
    TRY(store_status_fill(c, &s, 1, 0));
    TRY(service_status_remove(c, s, false));
    if (s->reblog == NULL)
        return ERR_OK;
    return service_unnotify(c, s->reblog->account_id, NOTIFY_REBLOG, from->id, s->reblog_of_id);
}

enum err
service_receive_unannounce(struct ctx *c, struct account *from, struct str uri, struct str object_uri)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, unannounce(c, from, uri, object_uri));
}

/* ---- by nothing but an id --------------------------------------------------------------------------------------------- */

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
    return service_relation_end_follow(c, from, target, END_QUIETLY);
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
    return unblock(c, from, target, uri);
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
    return unlike(c, from, status_id, uri);
}

static enum err
undo(struct ctx *c, struct account *from, struct str uri)
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
    return done ? ERR_OK : unannounce(c, from, uri, STR_NONE);
}

enum err
service_receive_undo(struct ctx *c, struct account *from, struct str uri)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, undo(c, from, uri));
}
