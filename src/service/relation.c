/* Follow, block, mute: the caller's verbs.  What remote actors do is in relation_in.c. */
#include "service/relation.h"

#include "ap/uri.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "db/db.h"
#include "service/collection.h"
#include "service/backfill.h"
#include "service/event.h"
#include "service/federate.h"
#include "service/homes.h"
#include "service/internal.h"
#include "service/notification.h"
#include "service/quote.h"
#include "service/relation_internal.h"
#include "service/timeline.h"
#include "store/account.h"
#include "store/list.h"
#include "store/endorsement.h"
#include "store/notification.h"
#include "store/relation.h"
#include "text/language.h"
#include "text/unicode.h"

enum { FOLLOWS_MAX = 7500, NOTE_CHARS_MAX = 2000, LANGUAGES_MAX = 50, REQUESTS_BATCH = 100 };

static void
drop_ring(struct ctx *c, void *arg)
{
    service_homes_drop(c, *(const int64_t *)arg);
}

void
service_relation_changed(struct ctx *c, const struct account *a)
{
    int64_t *id;

    if (!account_is_local(a))
        return;
    id = arena_new(c->mem, int64_t);
    *id = a->id;
    ctx_after_commit(c, drop_ring, id);
}

void
service_relation_heard(struct ctx *c, const struct account *who, const struct account *of)
{
    if (account_is_local(who))
        service_event_account(c, EVENT_RELATIONSHIP, who->id, of->id);
}

void
service_relation_between(struct ctx *c, const struct account *a, const struct account *b)
{
    service_relation_heard(c, a, b);
    service_relation_heard(c, b, a);
}

/* Both sides, and that they differ. */
static enum err
pair(struct ctx *c, int64_t target, struct account **me, struct account **to)
{
    TRY(service_me(c, me));
    TRY(store_account_get(c, target, to));
    if (target == (*me)->id)
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is not allowed");
    return ERR_OK;
}

/* The transaction of a verb about a pair: what is looked at stays so until its end, also how many the caller follows. */
static enum err
begin(struct ctx *c, int64_t target, struct account **me, struct account **to)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_lock(c, c->who.account_id));
    TRY(store_relation_lock(c, c->who.account_id, target));
    return pair(c, target, me, to);
}

static struct str
languages_text(struct ctx *c, const struct follow_params *p)
{
    struct buf b;

    buf_init(&b, c->mem, KB(1));
    for (size_t i = 0; i < p->languages.n && i < LANGUAGES_MAX; i++) {
        struct str known = text_language_of(c->mem, p->languages.v[i]); /* as posts name it */

        if (i > 0)
            buf_putc(&b, ' ');
        buf_put(&b, known.n > 0 ? known : p->languages.v[i]);
    }
    return buf_str(&b);
}

static enum err
may_follow(struct ctx *c, const struct account *me, const struct account *to, const struct relation *r)
{
    if (to->suspended_ms != 0 || to->moved_to_id != 0 || me->moved_to_id != 0 || r->blocked_by || r->blocking ||
        r->domain_blocking)
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is not allowed");
    if (!r->following && !r->requested && me->following >= MAX(FOLLOWS_MAX, me->followers + me->followers / 10))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: You cannot follow more than %lld people",
            (long long)MAX(FOLLOWS_MAX, me->followers + me->followers / 10));
    return ERR_OK;
}

static enum err
follow(struct ctx *c, struct account *me, struct account *to, const struct relation *r, const struct follow_params *p)
{
    bool wait = to->locked || !account_is_local(to) || me->silenced_ms != 0, added;
    struct follow f = { .id = id_new(),
        .account_id = me->id,
        .target_id = to->id,
        .reblogs = p->reblogs >= 0 ? p->reblogs > 0 : (r->following || r->requested ? r->showing_reblogs : true),
        .notify = p->notify >= 0 ? p->notify > 0 : r->notifying,
        .languages = p->has_languages ? languages_text(c, p) : r->languages,
        .created_ms = clock_ms() };
    struct follow *old;

    TRY(store_follow_get(c, me->id, to->id, &old));
    if (old == NULL)
        TRY(store_follow_request_get(c, me->id, to->id, &old));
    f.uri = old != NULL ? old->uri : ap_uri(c->mem, c->env->conf->origin, AP_URI_FOLLOW, me->id, f.id);
    if (r->following) { /* with other options the home is another one */
        service_relation_changed(c, me);
        return store_follow_put(c, &f, &added);
    }
    if (wait) {
        TRY(store_follow_request_put(c, &f, &added));
        if (!added)
            return ERR_OK;
        TRY(service_notify(c, to->id, NOTIFY_FOLLOW_REQUEST, me->id, 0));
        TRY(service_backfill_followed(c, to));
        return service_federate(
            c, &(struct fed_action){ .kind = FED_FOLLOW, .account_id = me->id, .target_id = to->id, .uri = f.uri });
    }
    TRY(store_follow_put(c, &f, &added));
    service_relation_changed(c, me);
    return service_notify(c, to->id, NOTIFY_FOLLOW, me->id, 0);
}

enum err
service_relation_follow(struct ctx *c, int64_t target, const struct follow_params *p, struct relation *out)
{
    struct account *me, *to;
    struct relation r;

    TRY(begin(c, target, &me, &to));
    TRY(store_relation(c, me->id, target, &r));
    TRY(may_follow(c, me, to, &r));
    TRY(follow(c, me, to, &r, p));
    service_relation_between(c, me, to);
    TRY(db_commit(c));
    return store_relation(c, me->id, target, out);
}

enum err
service_relation_end_follow(struct ctx *c, struct account *from, struct account *to, enum end_follow how)
{
    struct follow *f, *q;
    bool removed;

    TRY(store_relation_lock(c, from->id, to->id));
    TRY(store_follow_get(c, from->id, to->id, &f));
    TRY(store_follow_request_get(c, from->id, to->id, &q));
    if (f == NULL && q == NULL)
        return ERR_OK;
    TRY(store_follow_delete(c, from->id, to->id, &removed));
    TRY(store_follow_request_delete(c, from->id, to->id, &removed));
    TRY(store_list_forget(c, from->id, to->id));
    TRY(store_endorsement_delete(c, from->id, to->id));
    TRY(service_unnotify(c, to->id, NOTIFY_FOLLOW, from->id, 0));
    TRY(service_unnotify(c, to->id, NOTIFY_FOLLOW_REQUEST, from->id, 0));
    service_relation_changed(c, from);
    service_relation_between(c, from, to);
    if (how == END_QUIETLY)
        return ERR_OK;
    if (account_is_local(from))
        return service_federate(c, &(struct fed_action){ .kind = FED_UNDO_FOLLOW,
                                       .account_id = from->id,
                                       .target_id = to->id,
                                       .uri = f != NULL ? f->uri : q->uri,
                                       .farewell = how == END_FAREWELL });
    return service_federate(c, &(struct fed_action){ .kind = FED_REJECT_FOLLOW,
                                   .account_id = to->id,
                                   .target_id = from->id,
                                   .uri = f != NULL ? f->uri : q->uri,
                                   .farewell = how == END_FAREWELL });
}

enum err
service_relation_unfollow(struct ctx *c, int64_t target, struct relation *out)
{
    struct account *me, *to;

    TRY(begin(c, target, &me, &to));
    TRY(service_relation_end_follow(c, me, to, END_TELLING));
    TRY(db_commit(c));
    return store_relation(c, me->id, target, out);
}

enum err
service_relation_put_block(struct ctx *c, struct account *me, struct account *to)
{
    int64_t id = id_new();
    struct str uri = ap_uri(c->mem, c->env->conf->origin, AP_URI_BLOCK, me->id, id);
    bool added;

    TRY(store_relation_lock(c, me->id, to->id));
    TRY(store_block_put(c, id, me->id, to->id, uri, &added));
    if (!added)
        return ERR_OK;
    TRY(service_relation_end_follow(c, me, to, END_TELLING));
    TRY(service_relation_end_follow(c, to, me, END_TELLING));
    TRY(service_quote_revoke_all(c, me->id, to->id)); /* before the news of them, as everywhere */
    TRY(store_notification_delete_from(c, me->id, to->id));
    if (account_is_local(to))
        TRY(store_notification_delete_from(c, to->id, me->id));
    TRY(service_collection_end_between(c, me->id, to->id));
    service_relation_changed(c, me);
    service_relation_changed(c, to);
    service_relation_between(c, me, to);
    return service_federate(
        c, &(struct fed_action){ .kind = FED_BLOCK, .account_id = me->id, .target_id = to->id, .uri = uri });
}

static enum err
unblock(struct ctx *c, struct account *me, struct account *to)
{
    struct str uri;
    bool removed;

    TRY(store_block_delete(c, me->id, to->id, &uri, &removed));
    if (!removed)
        return ERR_OK;
    service_relation_changed(c, me);
    service_relation_changed(c, to);
    service_relation_between(c, me, to);
    return service_federate(
        c, &(struct fed_action){ .kind = FED_UNDO_BLOCK, .account_id = me->id, .target_id = to->id, .uri = uri });
}

enum err
service_relation_block(struct ctx *c, int64_t target, bool on, struct relation *out)
{
    struct account *me, *to;

    TRY(begin(c, target, &me, &to));
    TRY(on ? service_relation_put_block(c, me, to) : unblock(c, me, to));
    TRY(db_commit(c));
    return store_relation(c, me->id, target, out);
}

enum err
service_relation_mute(struct ctx *c, int64_t target, bool notifications, int64_t duration_s, struct relation *out)
{
    struct account *me, *to;

    TRY(pair(c, target, &me, &to));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_mute_put(c, me->id, target, notifications, duration_s > 0 ? clock_ms() + duration_s * SECOND_MS : 0));
    service_relation_changed(c, me);
    service_relation_heard(c, me, to);
    TRY(db_commit(c));
    return store_relation(c, me->id, target, out);
}

enum err
service_relation_unmute(struct ctx *c, int64_t target, struct relation *out)
{
    struct account *me, *to;
    bool removed;

    TRY(pair(c, target, &me, &to));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_mute_delete(c, me->id, target, &removed));
    service_relation_changed(c, me);
    service_relation_heard(c, me, to);
    TRY(db_commit(c));
    return store_relation(c, me->id, target, out);
}

enum err
service_relation_note(struct ctx *c, int64_t target, struct str note, struct relation *out)
{
    struct account *me, *to;

    TRY(pair(c, target, &me, &to));
    if (text_graphemes(note) > NOTE_CHARS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: Comment is too long (maximum is %d characters)", NOTE_CHARS_MAX);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_note_put(c, me->id, target, note));
    service_relation_heard(c, me, to);
    TRY(db_commit(c));
    return store_relation(c, me->id, target, out);
}

enum err
service_relation_remove_follower(struct ctx *c, int64_t target, struct relation *out)
{
    struct account *me, *to;

    TRY(begin(c, target, &me, &to));
    TRY(service_relation_end_follow(c, to, me, account_is_local(to) ? END_QUIETLY : END_TELLING));
    TRY(db_commit(c));
    return store_relation(c, me->id, target, out);
}

static enum err
answer(struct ctx *c, struct account *me, struct account *from, bool accept)
{
    struct follow *q;
    bool removed, added;

    TRY(store_relation_lock(c, from->id, me->id));
    TRY(store_follow_request_get(c, from->id, me->id, &q));
    if (q == NULL)
        return ctx_fail(c, ERR_NOT_FOUND, "no follow request of %lld", (long long)from->id);
    TRY(store_follow_request_delete(c, from->id, me->id, &removed));
    TRY(service_unnotify(c, me->id, NOTIFY_FOLLOW_REQUEST, from->id, 0));
    if (accept) {
        TRY(store_follow_put(c, q, &added));
        TRY(service_notify(c, me->id, NOTIFY_FOLLOW, from->id, 0));
        service_relation_changed(c, from);
    } else {
        TRY(store_list_forget(c, from->id, me->id));
    }
    service_relation_between(c, from, me);
    return service_federate(c, &(struct fed_action){ .kind = accept ? FED_ACCEPT_FOLLOW : FED_REJECT_FOLLOW,
                                   .account_id = me->id,
                                   .target_id = from->id,
                                   .uri = q->uri });
}

enum err
service_relation_accept_all(struct ctx *c, struct account *me)
{
    struct cursor_ids waiting;

    do {
        TRY(store_relation_page(c, LIST_REQUESTS, me->id, &(struct page){ .limit = REQUESTS_BATCH }, &waiting));
        for (size_t i = 0; i < waiting.n; i++) {
            struct account *from;

            TRY(store_account_get(c, waiting.id[i], &from));
            TRY(answer(c, me, from, true));
        }
    } while (waiting.n == REQUESTS_BATCH);
    return ERR_OK;
}

enum err
service_relation_answer(struct ctx *c, int64_t from, bool accept, struct relation *out)
{
    struct account *me, *by;

    TRY(begin(c, from, &me, &by));
    TRY(answer(c, me, by, accept));
    TRY(db_commit(c));
    return store_relation(c, me->id, from, out);
}

enum err
service_relation_list(struct ctx *c, const struct ids *targets, bool with_suspended, struct relations *out)
{
    struct accounts known;
    struct ids ids = { arena_vec(c->mem, int64_t, targets->n), 0 };

    TRY(store_account_list(c, targets, &known));
    for (size_t i = 0; i < known.n; i++)
        if (with_suspended || known.v[i]->suspended_ms == 0)
            ids.v[ids.n++] = known.v[i]->id;
    return store_relations(c, c->who.account_id, &ids, out);
}

/* A list of accounts by cursor, filled; rows of suspended accounts are left out. */
static enum err
list(struct ctx *c, enum relation_list which, const struct page *p, struct accounts *out, struct cursor_ids *cursors)
{
    TRY(store_relation_page(c, which, c->who.account_id, p, cursors));
    return service_accounts_present(c, &(struct ids){ cursors->id, cursors->n }, out);
}

enum err
service_relation_requests(struct ctx *c, const struct page *p, struct accounts *out, struct cursor_ids *cursors)
{
    return list(c, LIST_REQUESTS, p, out, cursors);
}

enum err
service_relation_blocks(struct ctx *c, const struct page *p, struct accounts *out, struct cursor_ids *cursors)
{
    return list(c, LIST_BLOCKS, p, out, cursors);
}

enum err
service_relation_mutes(
    struct ctx *c, const struct page *p, struct accounts *out, struct cursor_ids *cursors, int64_t **expires_ms)
{
    struct ids ids;
    struct relations rel;

    TRY(list(c, LIST_MUTES, p, out, cursors));
    ids = (struct ids){ arena_vec(c->mem, int64_t, out->n), out->n };
    for (size_t i = 0; i < out->n; i++)
        ids.v[i] = out->v[i]->id;
    TRY(store_relations(c, c->who.account_id, &ids, &rel));
    *expires_ms = arena_vec(c->mem, int64_t, out->n);
    for (size_t i = 0; i < out->n; i++)
        (*expires_ms)[i] = rel.v[i].mute_expires_ms;
    return ERR_OK;
}
