/* Favourite, reblog, bookmark, pin, mute: each a set operation, repeated calls change nothing. */
#include "service/status.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/federate.h"
#include "service/interaction.h"
#include "service/internal.h"
#include "service/move.h"
#include "service/notification.h"
#include "service/reaction.h"
#include "service/search_index.h"
#include "store/account.h"
#include "store/interaction.h"
#include "store/status.h"

enum err
service_act_target(struct ctx *c, int64_t id, struct status **out)
{
    if (c->who.account_id == 0)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "This method requires an authenticated user");
    TRY(service_status_get(c, id, out));
    if ((*out)->reblog != NULL)
        *out = (*out)->reblog;
    return ERR_OK;
}

enum err
service_act_target_of_own(
    struct ctx *c, int64_t id, bool (*did)(const struct status *s), bool *hidden, struct status **out)
{
    struct status *s;
    enum err e = service_act_target(c, id, out);

    *hidden = false;
    if (e != ERR_NOT_FOUND || c->who.account_id == 0)
        return e;
    ctx_ok(c);
    TRY(store_status_get(c, id, &s));
    if (s->reblog_of_id != 0)
        TRY(store_status_get(c, s->reblog_of_id, &s));
    TRY(store_status_fill(c, &s, 1, c->who.account_id));
    if (!did(s))
        return ctx_fail(c, ERR_NOT_FOUND, "status %lld is not visible, and nothing is to be undone", (long long)id);
    *hidden = true;
    *out = arena_new(c->mem, struct status);
    **out = (struct status){ .id = s->id,
        .uri = s->uri,
        .url = s->url,
        .account_id = s->account_id,
        .account = s->account,
        .local = s->local,
        .visibility = s->visibility,
        .conversation_id = s->conversation_id,
        .created_ms = s->created_ms,
        .has_viewer = true,
        .favourited = s->favourited,
        .reblogged = s->reblogged,
        .bookmarked = s->bookmarked };
    return ERR_OK;
}

static bool
did_favourite(const struct status *s)
{
    return s->favourited;
}

static bool
did_bookmark(const struct status *s)
{
    return s->bookmarked;
}

static bool
did_reblog(const struct status *s)
{
    return s->reblogged;
}

static bool
did_nothing(const struct status *s UNUSED)
{
    return false;
}

static enum err
favourite(struct ctx *c, const struct status *s)
{
    int64_t me = c->who.account_id, id = id_new();
    bool added, ask;

    TRY(service_interaction_check(c, s, INTERACT_LIKE, &ask));
    TRY(store_favourite_put(c, id, me, s->id, STR_NONE, &added));
    if (!added)
        return ERR_OK;
    TRY(service_index_joined(c, s->id));
    TRY(service_notify(c, s->account_id, NOTIFY_FAVOURITE, me, s->id));
    if (ask)
        return service_interaction_ask(c, INTERACT_LIKE, s, id);
    return service_federate(c, &(struct fed_action){ .kind = FED_LIKE,
                                   .account_id = me,
                                   .target_id = s->account_id,
                                   .object_uri = s->uri,
                                   .uri = ap_uri(c->mem, c->env->conf->origin, AP_URI_LIKE, me, id) });
}

static enum err
unfavourite(struct ctx *c, const struct status *s)
{
    int64_t me = c->who.account_id, id;
    bool removed;

    TRY(store_favourite_delete(c, me, s->id, &id, &removed));
    if (!removed)
        return ERR_OK;
    TRY(service_reaction_unnotify(c, s, me));
    return service_federate(c, &(struct fed_action){ .kind = FED_UNDO_LIKE,
                                   .account_id = me,
                                   .target_id = s->account_id,
                                   .object_uri = s->uri,
                                   .uri = ap_uri(c->mem, c->env->conf->origin, AP_URI_LIKE, me, id) });
}

enum err
service_status_favourite(struct ctx *c, int64_t id, bool on, struct status **out)
{
    struct status *s;
    bool hidden;

    if (on)
        TRY(service_move_refuse(c));
    TRY(service_act_target_of_own(c, id, on ? did_nothing : did_favourite, &hidden, &s));
    TRY(db_begin(c, DB_WRITE));
    TRY(on ? favourite(c, s) : unfavourite(c, s));
    TRY(db_commit(c));
    s->favourited = false;
    *out = s;
    return hidden ? ERR_OK : service_status_get(c, s->id, out);
}

enum err
service_status_bookmark(struct ctx *c, int64_t id, bool on, struct status **out)
{
    struct status *s;
    bool hidden;

    TRY(service_act_target_of_own(c, id, on ? did_nothing : did_bookmark, &hidden, &s));
    TRY(db_begin(c, DB_WRITE));
    TRY(on ? store_bookmark_put(c, c->who.account_id, s->id) : store_bookmark_delete(c, c->who.account_id, s->id));
    if (on)
        TRY(service_index_joined(c, s->id));
    TRY(db_commit(c));
    s->bookmarked = false;
    *out = s;
    return hidden ? ERR_OK : service_status_get(c, s->id, out);
}

static enum err
pin(struct ctx *c, const struct status *s, bool on)
{
    bool changed;

    TRY(store_account_lock(c, s->account_id)); /* two pins at once cannot pass the limit */
    TRY(on ? store_pin_put(c, s->account_id, s->id, &changed) : store_pin_delete(c, s->account_id, s->id, &changed));
    if (on && changed) {
        struct ids all;

        TRY(store_pin_list(c, s->account_id, &all));
        if (all.n > STATUS_PINS_MAX)
            return ctx_fail_public(
                c, ERR_INVALID, "Validation failed: You have already pinned the maximum number of posts");
    }
    if (!changed || s->visibility > VIS_UNLISTED || s->local_only)
        return ERR_OK;
    return service_federate(
        c, &(struct fed_action){ .kind = on ? FED_PIN : FED_UNPIN, .account_id = s->account_id, .object_uri = s->uri });
}

enum err
service_status_pin(struct ctx *c, int64_t id, bool on, struct status **out)
{
    struct status *s;

    TRY(service_act_target(c, id, &s));
    if (s->account_id != c->who.account_id)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Someone else's post cannot be pinned");
    if (s->visibility == VIS_DIRECT)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: Posts that are only visible to mentioned users cannot be pinned");
    TRY(db_begin(c, DB_WRITE));
    TRY(pin(c, s, on));
    TRY(db_commit(c));
    return service_status_get(c, s->id, out);
}

enum err
service_status_mute(struct ctx *c, int64_t id, bool on, struct status **out)
{
    struct status *s;

    TRY(service_act_target(c, id, &s));
    if (s->conversation_id != 0) {
        TRY(db_begin(c, DB_WRITE));
        TRY(store_conversation_mute(c, c->who.account_id, s->conversation_id, on));
        TRY(db_commit(c));
    }
    return service_status_get(c, s->id, out);
}

/* Public posts of anybody, own private ones; never direct. */
static enum err
reblog_visibility(struct ctx *c, const struct status *s, int wanted, enum visibility *out)
{
    bool own = s->account_id == c->who.account_id;

    if (s->visibility > VIS_PRIVATE || (s->visibility == VIS_PRIVATE && !own))
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is not allowed");
    if (wanted == VIS_DIRECT)
        return ctx_fail_field(c, ERR_INVALID, "visibility", "a reblog cannot be direct");
    *out = wanted < 0 ? VIS_PUBLIC : (enum visibility)wanted;
    if (s->visibility == VIS_PRIVATE)
        *out = VIS_PRIVATE;
    return ERR_OK;
}

static enum err
reblog(struct ctx *c, const struct status *s, enum visibility visibility, bool ask, int64_t *id)
{
    int64_t me = c->who.account_id;
    struct str base = c->env->conf->origin;
    struct status r = { .id = id_new(),
        .account_id = me,
        .user_id = c->who.user_id,
        .app_id = c->who.app_id,
        .local = true,
        .visibility = visibility,
        .local_only = s->local_only,
        .approval = ask ? APPROVAL_WAITING : APPROVAL_FREE,
        .reblog_of_id = s->id,
        .created_ms = clock_ms(),
        .object_type = S("Announce") };

    r.uri = ap_uri(c->mem, base, AP_URI_STATUS_ACTIVITY, me, r.id);
    r.url = r.uri;
    *id = r.id;
    TRY(store_status_insert(c, &r));
    TRY(service_index_joined(c, s->id));
    if (ask)
        return service_interaction_ask(c, INTERACT_ANNOUNCE, s, r.id);
    TRY(service_notify(c, s->account_id, NOTIFY_REBLOG, me, s->id));
    TRY(queue_put_id(c, J_FAN_OUT, r.id));
    return service_federate(c, &(struct fed_action){ .kind = FED_STATUS_CREATE, .account_id = me, .status_id = r.id });
}

enum err
service_status_reblog(struct ctx *c, int64_t id, int wanted, struct status **out)
{
    struct status *s, *mine;
    enum visibility visibility;
    int64_t new_id;
    enum err e;
    bool ask;

    TRY(service_move_refuse(c));
    TRY(service_act_target(c, id, &s));
    TRY(reblog_visibility(c, s, wanted, &visibility));
    TRY(store_status_reblog_by(c, c->who.account_id, s->id, &mine));
    if (mine != NULL)
        return service_status_get(c, mine->id, out);
    TRY(service_interaction_check(c, s, INTERACT_ANNOUNCE, &ask));
    TRY(db_begin(c, DB_WRITE));
    e = db_end(c, reblog(c, s, visibility, ask, &new_id));
    if (e == ERR_CONFLICT) { /* the same reblog from another request */
        ctx_ok(c);
        TRY(store_status_reblog_by(c, c->who.account_id, s->id, &mine));
        if (mine == NULL)
            return ctx_fail(c, ERR_BUSY, "reblog came and went");
        new_id = mine->id;
        e = ERR_OK;
    }
    TRY(e);
    return service_status_get(c, new_id, out);
}

enum err
service_status_unreblog(struct ctx *c, int64_t id, struct status **out)
{
    struct status *s, *mine;
    bool hidden;

    TRY(service_act_target_of_own(c, id, did_reblog, &hidden, &s));
    TRY(store_status_reblog_by(c, c->who.account_id, s->id, &mine));
    if (mine != NULL) {
        enum err e;

        TRY(store_status_fill(c, &mine, 1, c->who.account_id));
        TRY(db_begin(c, DB_WRITE));
        e = service_status_remove(c, mine, true);
        if (e == ERR_OK)
            e = service_unnotify(c, s->account_id, NOTIFY_REBLOG, c->who.account_id, s->id);
        if (e == ERR_NOT_FOUND) { /* another request was faster */
            db_rollback(c);
            ctx_ok(c);
        } else {
            TRY(e);
            TRY(db_commit(c));
        }
    }
    s->reblogged = false;
    *out = s;
    return hidden ? ERR_OK : service_status_get(c, s->id, out);
}
