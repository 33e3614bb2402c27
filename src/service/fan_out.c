/*
 * The fan_out job: after a status was stored or edited it is put into the rings of local readers, and the people it concerns are
 * told.  Runs again after a crash: pushing and telling the same twice changes nothing.
 */
#include "service/timeline.h"

#include "base/clock.h"
#include "db/db.h"
#include "service/event.h"
#include "service/homes.h"
#include "service/conversation.h"
#include "service/card.h"
#include "service/notification.h"
#include "service/subscription.h"
#include "store/home.h"
#include "store/quote.h"

enum {
    BATCH = 1000,
    REBLOGGERS_MAX = 1000, /* who are told of an edit */
    OLD_MS = 7 * DAY_MS,   /* remote posts that were fetched so late are history, not news */
    LIVE_MS = 6 * HOUR_MS, /* and after this no news for a stream */
};

static bool
is_news(const struct status *s)
{
    return s->local || s->created_ms > clock_ms() - OLD_MS;
}

static bool
is_live(const struct status *s)
{
    return s->edited_ms != 0 || s->created_ms > clock_ms() - LIVE_MS;
}

static void
push(struct ctx *c, const struct status *s, const struct ids *readers)
{
    service_homes_push(c, readers, (struct home_item){ s->id, s->reblog_of_id != 0 ? s->reblog_of_id : s->id });
    if (is_live(s) && readers->n > 0)
        service_event_home(c, s, readers, false);
}

static enum err
tell(struct ctx *c, const struct status *s, enum notification_kind kind, const struct ids *who)
{
    if (who->n == 0)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < who->n; i++) {
        if (kind == NOTIFY_UPDATE) /* the newest edit counts */
            TRY(service_unnotify(c, who->v[i], kind, s->account_id, s->id));
        TRY(service_notify(c, who->v[i], kind, s->account_id, s->id));
    }
    return db_commit(c);
}

/* Local followers; those who asked for every post hear of new ones that are neither reblogs nor replies to others. */
static enum err
to_followers(struct ctx *c, const struct status *s)
{
    bool announce = s->reblog_of_id == 0 && s->edited_ms == 0 && is_news(s) &&
                    (s->in_reply_to_account_id == 0 || s->in_reply_to_account_id == s->account_id);
    int64_t after = 0;

    for (;;) {
        struct arena_mark mark = arena_save(c->mem);
        struct ids readers, notify;

        TRY(store_home_readers(c, s->id, after, BATCH, &readers, &notify, &after));
        push(c, s, &readers);
        if (announce)
            TRY(tell(c, s, NOTIFY_STATUS, &notify));
        if (after == 0)
            return ERR_OK;
        arena_restore(c->mem, mark);
    }
}

static enum err
to_tag_followers(struct ctx *c, const struct status *s)
{
    int64_t after = 0;

    for (;;) {
        struct arena_mark mark = arena_save(c->mem);
        struct ids readers;

        TRY(store_home_tag_readers(c, s->id, after, BATCH, &readers));
        push(c, s, &readers);
        if (readers.n < BATCH)
            return ERR_OK;
        after = readers.v[readers.n - 1];
        arena_restore(c->mem, mark);
    }
}

/* Whoever is mentioned and was not told before: the row of the notification remembers. */
static enum err
to_mentioned(struct ctx *c, const struct status *s)
{
    struct ids who = { arena_vec(c->mem, int64_t, s->n_mentions), 0 };

    for (size_t i = 0; i < s->n_mentions; i++)
        if (!s->mentions[i].silent)
            who.v[who.n++] = s->mentions[i].account_id;
    return tell(c, s, NOTIFY_MENTION, &who);
}

static enum err
to_rebloggers(struct ctx *c, const struct status *s)
{
    struct cursor_ids by;

    TRY(store_status_reblogged_by(c, s->id, &(struct page){ .limit = REBLOGGERS_MAX }, &by));
    return tell(c, s, NOTIFY_UPDATE, &(struct ids){ by.id, by.n });
}

/* Who is quoted, once it is with consent; a later one is told by who gives it. */
static enum err
to_quoted(struct ctx *c, const struct status *s)
{
    struct quote *q = s->quote;

    if (q == NULL || q->state != QUOTE_ACCEPTED || q->quoted_account_id == 0)
        return ERR_OK;
    return tell(c, s, NOTIFY_QUOTE, &(struct ids){ &q->quoted_account_id, 1 });
}

/* Those who quote a post see another text inside theirs now; what they are told of is their own post. */
static enum err
to_quoters(struct ctx *c, const struct status *s)
{
    int64_t after = 0;

    for (;;) {
        struct arena_mark mark = arena_save(c->mem);
        struct quotes some;

        TRY(store_quote_local(c, s->id, after, BATCH, &some));
        if (some.n == 0)
            return ERR_OK;
        TRY(db_begin(c, DB_WRITE));
        for (size_t i = 0; i < some.n; i++) {
            const struct quote *q = &some.v[i];

            TRY(service_unnotify(c, q->account_id, NOTIFY_QUOTED_UPDATE, s->account_id, q->status_id));
            TRY(service_notify(c, q->account_id, NOTIFY_QUOTED_UPDATE, s->account_id, q->status_id));
        }
        TRY(db_commit(c));
        if (some.n < BATCH)
            return ERR_OK;
        after = some.v[some.n - 1].id;
        arena_restore(c->mem, mark);
    }
}

/* The rings alone: what the SQL of store/home.c would give, were they read together now. */
enum err
service_timeline_fill_in(struct ctx *c, const struct status *s)
{
    const struct home_item item = { s->id, s->reblog_of_id != 0 ? s->reblog_of_id : s->id };
    int64_t after = 0;

    if (c->env->ring == NULL)
        return ERR_OK;
    do {
        struct arena_mark mark = arena_save(c->mem);
        struct ids readers, notify;

        TRY(store_home_readers(c, s->id, after, BATCH, &readers, &notify, &after));
        ring_push(c->env->ring, readers.v, readers.n, item);
        arena_restore(c->mem, mark);
    } while (after != 0);
    for (after = 0;;) {
        struct arena_mark mark = arena_save(c->mem);
        struct ids readers;

        TRY(store_home_tag_readers(c, s->id, after, BATCH, &readers));
        ring_push(c->env->ring, readers.v, readers.n, item);
        if (readers.n < BATCH)
            return ERR_OK;
        after = readers.v[readers.n - 1];
        arena_restore(c->mem, mark);
    }
}

static enum err
load(struct ctx *c, int64_t status_id, struct status **out)
{
    enum err e = store_status_get(c, status_id, out);

    if (e == ERR_NOT_FOUND) { /* deleted in the meantime */
        ctx_ok(c);
        *out = NULL;
        return ERR_OK;
    }
    TRY(e);
    return store_status_fill(c, out, 1, 0);
}

enum err
service_timeline_fan_out(struct ctx *c, int64_t status_id)
{
    struct status *s;

    TRY(load(c, status_id, &s));
    if (s == NULL)
        return ERR_OK;
    if (is_live(s))
        service_event_home(c, s, &(struct ids){ 0 }, true);
    push(c, s, &(struct ids){ &s->account_id, 1 });
    TRY(to_followers(c, s));
    if (s->reblog_of_id != 0)
        return ERR_OK;
    TRY(service_conversation_deliver(c, s));
    TRY(to_tag_followers(c, s));
    if (is_news(s))
        TRY(service_card_attach(c, s));
    TRY(service_subscription_published(c, s));
    if (is_news(s))
        TRY(to_mentioned(c, s));
    if (is_news(s))
        TRY(to_quoted(c, s));
    if (s->edited_ms == 0)
        return ERR_OK;
    TRY(to_rebloggers(c, s));
    return to_quoters(c, s);
}
