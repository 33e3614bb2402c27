/* Follow, block and their answers as remote actors do them.  Set operations: any order, any number of times. */
#include "service/relation.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "service/federate.h"
#include "service/notification.h"
#include "service/receive_internal.h"
#include "service/relation_internal.h"
#include "store/account.h"
#include "store/move.h"
#include "store/notification.h"
#include "store/relation.h"

enum { REFOLLOW_MAX = 10000 };

static enum err
reply(struct ctx *c, enum fed_kind kind, const struct account *target, const struct account *from, struct str uri)
{
    return service_federate(
        c, &(struct fed_action){ .kind = kind, .account_id = target->id, .target_id = from->id, .uri = uri });
}

static enum err
follow_received(struct ctx *c, struct account *from, struct account *target, struct str uri)
{
    struct relation r; /* of the target to the sender */
    struct follow f = { .id = id_new(),
        .account_id = from->id,
        .target_id = target->id,
        .uri = uri,
        .reblogs = true,
        .languages = S(""),
        .created_ms = clock_ms() };
    struct follow *had, *asked;
    bool undone, added;

    TRY(store_account_lock(
        c, target->id)); /* who blocks a domain holds it too: the follow is seen there, or the block here */
    TRY(store_relation_lock(c, from->id, target->id));
    TRY(receive_undone(c, from, uri, &undone));
    if (undone)
        return ERR_OK;
    TRY(store_follow_get(c, from->id, target->id, &had));
    TRY(store_follow_request_get(c, from->id, target->id, &asked));
    if (had != NULL || asked != NULL)
        TRY(receive_replaces(c, from, had != NULL ? had->uri : asked->uri, uri));
    TRY(store_relation(c, target->id, from->id, &r));
    if (r.blocking || r.domain_blocking || target->moved_to_id != 0 || target->suspended_ms != 0)
        return reply(c, FED_REJECT_FOLLOW, target, from, uri);
    if (!r.followed_by && (target->locked || from->silenced_ms != 0)) {
        TRY(store_follow_request_put(c, &f, &added));
        service_relation_heard(c, target, from);
        return service_notify(c, target->id, NOTIFY_FOLLOW_REQUEST, from->id, 0);
    }
    TRY(store_follow_put(c, &f, &added)); /* a repeated one brings its new uri and is accepted again */
    if (added) {
        service_relation_heard(c, target, from);
        TRY(service_notify(c, target->id, NOTIFY_FOLLOW, from->id, 0));
    }
    return reply(c, FED_ACCEPT_FOLLOW, target, from, uri);
}

enum err
service_relation_follow_received(struct ctx *c, struct account *from, struct account *target, struct str uri)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, follow_received(c, from, target, uri));
}

enum err
service_relation_grant(struct ctx *c, struct account *from, struct account *requester, const struct follow *q)
{
    int64_t moved_from;
    bool removed, added;

    TRY(store_move_of_request(c, requester->id, from->id, &moved_from));
    TRY(store_follow_request_delete(c, requester->id, from->id, &removed));
    TRY(store_follow_put(c, q, &added));
    service_relation_changed(c, requester);
    service_relation_between(c, requester, from);
    return service_relation_replaced(c, requester, from, moved_from);
}

static enum err
answer_received(struct ctx *c, struct account *from, struct account *requester, bool accept)
{
    struct follow *q;

    if (!accept)
        return service_relation_end_follow(c, requester, from, END_QUIETLY);
    TRY(store_relation_lock(c, from->id, requester->id));
    TRY(store_follow_request_get(c, requester->id, from->id, &q));
    if (q == NULL) /* never asked, taken back, or accepted before */
        return ERR_OK;
    return service_relation_grant(c, from, requester, q);
}

enum err
service_relation_answer_received(struct ctx *c, struct account *from, struct account *requester, bool accept)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, answer_received(c, from, requester, accept));
}

static enum err
block_received(struct ctx *c, struct account *from, struct account *target, struct str uri)
{
    struct str had;
    bool undone, found;

    TRY(store_relation_lock(c, from->id, target->id));
    TRY(receive_undone(c, from, uri, &undone));
    if (undone)
        return ERR_OK;
    service_relation_heard(c, target, from);
    TRY(store_block_delete(c, from->id, target->id, &had, &found));
    if (found)
        TRY(receive_replaces(c, from, had, uri));
    TRY(store_block_put(c, id_new(), from->id, target->id, uri, &found));
    TRY(service_relation_end_follow(c, target, from, END_QUIETLY));
    TRY(service_relation_end_follow(c, from, target, END_QUIETLY));
    TRY(store_notification_delete_from(c, target->id, from->id));
    service_relation_changed(c, target);
    return ERR_OK;
}

enum err
service_relation_block_received(struct ctx *c, struct account *from, struct account *target, struct str uri)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, block_received(c, from, target, uri));
}

static enum err
follow_again(struct ctx *c, int64_t target, const struct ids *ids)
{
    for (size_t i = 0; i < ids->n; i++) {
        struct follow *f;

        TRY(store_follow_get(c, ids->v[i], target, &f));
        if (f != NULL)
            TRY(service_federate(
                c, &(struct fed_action){
                       .kind = FED_FOLLOW, .account_id = ids->v[i], .target_id = target, .uri = f->uri }));
    }
    return ERR_OK;
}

enum err
service_relation_follow_again(struct ctx *c, int64_t target)
{
    struct strs uris;
    struct ids ids;

    TRY(store_follower_uris(c, target, true, REFOLLOW_MAX, &uris, &ids));
    TRY(db_begin(c, DB_WRITE));
    return db_end(c, follow_again(c, target, &ids));
}
