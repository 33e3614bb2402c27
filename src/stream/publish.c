/* What happened, to those who listen and may see it. */
#include "stream/internal.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/log.h"
#include "service/announcement.h"
#include "service/conversation.h"
#include "service/live.h"
#include "service/notification.h"
#include "view/view.h"

#include <stdlib.h>
#include <string.h>

enum { PAYLOAD_BYTES_MAX = 1024 * 1024, TARGETS_FIRST = 64, SPECIAL_TURN = 256, TRIES_MAX = 3 };

/* ---- whom ------------------------------------------------------------------------------------------------------------- */

/* Subscriptions, in the arena of the event. */
struct targets {
    const struct sub **v;
    size_t n, cap;
};

static void
add_target(struct arena *mem, struct targets *t, const struct sub *sub)
{
    if (t->n == t->cap) {
        size_t cap = t->cap == 0 ? TARGETS_FIRST : 2 * t->cap;
        const struct sub **more = arena_vec(mem, const struct sub *, cap);

        if (t->n > 0)
            memcpy(more, t->v, t->n * sizeof(*more));
        t->v = more;
        t->cap = cap;
    }
    t->v[t->n++] = sub;
}

static void
add_topic(struct streams *s, struct targets *t, struct str name)
{
    const struct topic *topic = topics_find(&s->topics, name);

    for (const struct sub *sub = topic != NULL ? topic->subs : NULL; sub != NULL; sub = sub->next)
        add_target(s->c.mem, t, sub);
}

static void
add_topic_of(struct streams *s, struct targets *t, enum channel_id channel, int64_t of)
{
    struct arena_mark mark = arena_save(s->c.mem);
    const struct topic *topic = topics_find(&s->topics, channel_topic_of(s->c.mem, channel, of));

    arena_restore(s->c.mem, mark);
    for (const struct sub *sub = topic != NULL ? topic->subs : NULL; sub != NULL; sub = sub->next)
        add_target(s->c.mem, t, sub);
}

static void
add_homes(struct streams *s, struct targets *t, const struct ids *accounts)
{
    for (size_t i = 0; i < accounts->n; i++)
        add_topic_of(s, t, CHANNEL_USER, accounts->v[i]);
}

/* Where an account hears of its notifications. */
static void
add_notified(struct streams *s, struct targets *t, int64_t account_id)
{
    const struct topic *home = topics_find(&s->topics, channel_topic_of(s->c.mem, CHANNEL_USER, account_id));

    for (const struct sub *sub = home != NULL ? home->subs : NULL; sub != NULL; sub = sub->next)
        if (sub->with_notifications)
            add_target(s->c.mem, t, sub);
    add_topic_of(s, t, CHANNEL_USER_NOTIFICATION, account_id);
}

struct every {
    struct streams *streams;
    struct targets *targets;
    enum channel_id channel;
};

static void
add_if_channel(void *arg, const struct topic *topic)
{
    const struct every *x = arg;

    if (topic->subs->channel != (int)x->channel)
        return;
    for (const struct sub *sub = topic->subs; sub != NULL; sub = sub->next)
        add_target(x->streams->c.mem, x->targets, sub);
}

static void
add_every(struct streams *s, struct targets *t, enum channel_id channel)
{
    topics_each(&s->topics, add_if_channel, &(struct every){ s, t, channel });
}

struct topic_ids {
    enum channel_id channel;
    struct ids *out;
};

static void
add_topic_id(void *arg, const struct topic *topic)
{
    const struct topic_ids *x = arg;
    struct str name = { topic->name, topic->name_n };
    int64_t id;

    if (topic->subs->channel == (int)x->channel && str_int(str_sub(name, (size_t)str_rchr(name, ':') + 1, name.n), &id))
        x->out->v[x->out->n++] = id;
}

/* The numbers of all topics of a channel that somebody listens to. */
static struct ids
ids_of(struct streams *s, enum channel_id channel)
{
    struct ids out = { arena_vec(s->c.mem, int64_t, s->topics.n), 0 };

    topics_each(&s->topics, add_topic_id, &(struct topic_ids){ channel, &out });
    return out;
}

static int64_t
account_of(const struct sub *sub)
{
    return sub->client->who.account_id;
}

static int
by_account(const void *a, const void *b)
{
    int64_t x = account_of(*(const struct sub *const *)a), y = account_of(*(const struct sub *const *)b);

    return (x > y) - (x < y);
}

/* The accounts behind the targets, sorted; the targets too, so that those of one account stand together. */
static struct ids
accounts_of(struct streams *s, struct targets *t)
{
    struct ids out = { arena_vec(s->c.mem, int64_t, t->n), 0 };

    if (t->n > 1)
        qsort(t->v, t->n, sizeof(t->v[0]), by_account);
    for (size_t i = 0; i < t->n; i++)
        if (out.n == 0 || out.v[out.n - 1] != account_of(t->v[i]))
            out.v[out.n++] = account_of(t->v[i]);
    return out;
}

/* Those of `from` (sorted by account) whose account is among these. */
static void
add_those(struct streams *s, struct targets *t, const struct targets *from, const struct ids *accounts)
{
    for (size_t i = 0; i < from->n; i++)
        if (ids_has(accounts, account_of(from->v[i])))
            add_target(s->c.mem, t, from->v[i]);
}

/* ---- what --------------------------------------------------------------------------------------------------------------- */

static struct json *
begin_json(struct streams *s, struct buf *b, struct json *j)
{
    buf_init(b, s->c.mem, PAYLOAD_BYTES_MAX);
    json_init(j, b);
    return j;
}

static struct payload *
end_json(struct streams *s, enum event_kind kind, const struct buf *b, const struct json *j)
{
    return json_done(j) ? payload_new(s->c.mem, str_z(event_names[kind]), buf_str(b)) : NULL;
}

/* The status as this viewer reads it; NULL in *out when it is not for them after all. */
static enum err
load_status(struct streams *s, const struct event *e, enum view_purpose purpose, int64_t viewer, struct payload **out)
{
    int64_t id = e->id;
    struct statuses v;
    struct buf b;
    struct json j;

    *out = NULL;
    s->c.who = (struct who){ .account_id = viewer };
    TRY(service_status_load(&s->c, viewer, purpose, &(struct ids){ &id, 1 }, &v));
    if (v.n == 0)
        return ERR_OK;
    view_status(&s->c, begin_json(s, &b, &j), NULL, v.v[0]);
    *out = end_json(s, e->kind, &b, &j);
    return ERR_OK;
}

/* ---- sending ------------------------------------------------------------------------------------------------------------ */

static void
send_all(struct streams *s, const struct targets *t, struct payload *p)
{
    struct outbox *box = outbox_new(s->c.mem);

    for (size_t i = 0; i < t->n; i++)
        outbox_add(box, payload_for(p, t->v[i]), t->v[i]->client->ref);
    outbox_send(box);
    payload_done(p);
}

/* An id or other short text as the payload. */
static void
send_text(struct streams *s, const struct targets *t, enum event_kind kind, struct str text)
{
    if (t->n > 0)
        send_all(s, t, payload_new(s->c.mem, str_z(event_names[kind]), text));
}

static struct str
id_text(struct streams *s, int64_t id)
{
    return str_fmt(s->c.mem, "%lld", (long long)id);
}

/* One viewer for whom the status is special; the memory is given back, as there may be many. */
static enum err
send_special(struct streams *s, const struct event *e, enum view_purpose purpose, const struct sub *const *v, size_t n)
{
    struct arena_mark mark = arena_save(s->c.mem);
    struct payload *p;
    enum err err = load_status(s, e, purpose, account_of(v[0]), &p);

    if (err == ERR_OK && p != NULL)
        send_all(s, &(struct targets){ .v = (const struct sub **)(uintptr_t)v, .n = n }, p);
    arena_restore(s->c.mem, mark);
    return err;
}

/* A rendering that many share, and who gets it. */
struct shared {
    struct payload *payload;
    struct targets to;
    int tries; /* it may be too large for everybody */
};

static void
send_shared(struct streams *s, const struct shared *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].payload != NULL)
            send_all(s, &v[i].to, v[i].payload);
}

/* Those for whom it looks the same get one rendering: that of the first of them.  Everybody else's is their own. */
static enum err
send_status(
    struct streams *s, const struct event *e, struct status *status, enum view_purpose purpose, struct targets *t)
{
    struct ids viewers = accounts_of(s, t);
    enum live_look *look = arena_vec(s->c.mem, enum live_look, viewers.n);
    struct shared shared[LOOK_OWN] = { 0 };
    size_t specials = 0;

    TRY(service_live_audience(&s->c, status, purpose, &viewers, look));
    for (size_t i = 0, at = 0, end; i < viewers.n; i++, at = end) {
        struct shared *same = &shared[look[i] % LOOK_OWN];

        for (end = at; end < t->n && account_of(t->v[end]) == viewers.v[i];)
            end++;
        if (look[i] == LOOK_HIDDEN)
            continue;
        if (look[i] == LOOK_OWN) {
            TRY(send_special(s, e, purpose, t->v + at, end - at));
            if (++specials % SPECIAL_TURN == 0)
                streams_sweep(s);
            continue;
        }
        if (same->payload == NULL && same->tries++ < TRIES_MAX)
            TRY(load_status(s, e, purpose, viewers.v[i], &same->payload));
        for (size_t k = at; same->payload != NULL && k < end; k++)
            add_target(s->c.mem, &same->to, t->v[k]);
    }
    send_shared(s, shared, lengthof(shared));
    return ERR_OK;
}

static enum err
add_lists(struct streams *s, struct targets *t, int64_t status_id)
{
    struct ids heard = ids_of(s, CHANNEL_LIST), have;

    TRY(service_live_lists(&s->c, status_id, &heard, &have));
    for (size_t i = 0; i < have.n; i++)
        add_topic_of(s, t, CHANNEL_LIST, have.v[i]);
    return ERR_OK;
}

/* ---- kinds of events ----------------------------------------------------------------------------------------------------- */

static enum err
on_status(struct streams *s, const struct event *e)
{
    struct targets homes = { 0 }, public = { 0 };
    struct status *status;
    struct strs topics;
    enum err err;

    add_homes(s, &homes, &e->readers);
    if (homes.n == 0 && !e->whole)
        return ERR_OK;
    err = service_live_status(&s->c, e->id, &status);
    if (err == ERR_NOT_FOUND) { /* deleted meanwhile */
        ctx_ok(&s->c);
        return ERR_OK;
    }
    TRY(err);
    topics = e->whole ? service_event_topics(s->c.mem, status) : (struct strs){ 0 };
    for (size_t i = 0; i < topics.n; i++)
        add_topic(s, &public, topics.v[i]);
    if (e->whole)
        TRY(add_lists(s, &homes, e->id));
    if (homes.n > 0)
        TRY(send_status(s, e, status, VIEW_TIMELINE, &homes));
    return public.n > 0 ? send_status(s, e, status, VIEW_PUBLIC, &public) : ERR_OK;
}

/* Never filtered: it is a number, for those who may have the status on their screen. */
static enum err
on_delete(struct streams *s, const struct event *e)
{
    struct targets out = { 0 }, users = { 0 };
    struct ids accounts, followers;

    /* Of homes and lists: whoever follows the author may have it on the screen. */

    for (size_t i = 0; i < e->topics.n; i++)
        add_topic(s, &out, e->topics.v[i]);
    add_homes(s, &out, &e->readers);
    if (e->whole) {
        add_every(s, &users, CHANNEL_USER);
        add_every(s, &users, CHANNEL_LIST);
        accounts = accounts_of(s, &users);
        TRY(service_live_followers(&s->c, &accounts, e->account_id, &e->tags, &followers));
        add_those(s, &out, &users, &followers);
    }
    send_text(s, &out, e->kind, id_text(s, e->id));
    return ERR_OK;
}

static enum err
on_notification(struct streams *s, const struct event *e)
{
    struct targets out = { 0 };
    struct notification *n;
    struct payload *p;
    struct buf b;
    struct json j;
    enum err err;

    add_notified(s, &out, e->account_id);
    if (out.n == 0)
        return ERR_OK;
    s->c.who = (struct who){ .user_id = out.v[0]->client->who.user_id, .account_id = e->account_id };
    err = service_notification_get(&s->c, e->id, &n);
    if (err == ERR_NOT_FOUND) { /* undone meanwhile, or not to be seen */
        ctx_ok(&s->c);
        return ERR_OK;
    }
    TRY(err);
    view_notification(&s->c, begin_json(s, &b, &j), n);
    p = end_json(s, e->kind, &b, &j);
    if (p != NULL)
        send_all(s, &out, p);
    return ERR_OK;
}

static enum err
on_conversation(struct streams *s, const struct event *e)
{
    struct targets out = { 0 };
    struct conversation *v;
    struct payload *p;
    struct buf b;
    struct json j;
    enum err err;

    add_topic_of(s, &out, CHANNEL_DIRECT, e->account_id);
    if (out.n == 0)
        return ERR_OK;
    s->c.who = out.v[0]->client->who;
    err = service_conversation_get(&s->c, e->id, &v);
    if (err == ERR_NOT_FOUND) { /* deleted meanwhile */
        ctx_ok(&s->c);
        return ERR_OK;
    }
    TRY(err);
    view_conversation(&s->c, begin_json(s, &b, &j), v);
    p = end_json(s, e->kind, &b, &j);
    if (p != NULL)
        send_all(s, &out, p);
    return ERR_OK;
}

static enum err
on_merged(struct streams *s, const struct event *e)
{
    struct targets out = { 0 };

    add_notified(s, &out, e->account_id);
    send_text(s, &out, e->kind, S("1"));
    return ERR_OK;
}

static enum err
on_filters(struct streams *s, const struct event *e)
{
    struct targets out = { 0 };

    add_topic_of(s, &out, CHANNEL_USER, e->account_id);
    send_text(s, &out, e->kind, S(""));
    return ERR_OK;
}

/* The number of the other one: whoever shows them reads what is between them again. */
static enum err
on_relationship(struct streams *s, const struct event *e)
{
    struct targets out = { 0 };

    add_topic_of(s, &out, CHANNEL_USER_CHANGES, e->account_id);
    send_text(s, &out, e->kind, id_text(s, e->id));
    return ERR_OK;
}

static enum err
on_settings(struct streams *s, const struct event *e)
{
    struct targets out = { 0 };

    add_topic_of(s, &out, CHANNEL_USER_CHANGES, e->account_id);
    send_text(s, &out, e->kind, S(""));
    return ERR_OK;
}

/* New to everybody, so nobody has read it: one rendering. */
static enum err
on_announcement(struct streams *s, const struct event *e)
{
    struct targets out = { 0 };
    struct announcements all;
    struct payload *p;
    struct buf b;
    struct json j;

    add_every(s, &out, CHANNEL_USER);
    if (out.n == 0)
        return ERR_OK;
    s->c.who = out.v[0]->client->who;
    TRY(service_announcement_list(&s->c, &all));
    for (size_t i = 0; i < all.n; i++) {
        if (all.v[i].id != e->id)
            continue;
        view_announcement(&s->c, begin_json(s, &b, &j), &all.v[i]);
        p = end_json(s, e->kind, &b, &j);
        if (p != NULL)
            send_all(s, &out, p);
        break;
    }
    return ERR_OK;
}

static enum err
on_reaction(struct streams *s, const struct event *e)
{
    struct targets out = { 0 };
    struct payload *p;
    struct buf b;
    struct json j;

    add_every(s, &out, CHANNEL_USER);
    begin_json(s, &b, &j);
    json_obj(&j, NULL);
    json_str(&j, "name", e->name);
    json_int(&j, "count", e->count);
    json_id(&j, "announcement_id", e->id);
    json_end(&j);
    p = end_json(s, e->kind, &b, &j);
    if (p != NULL)
        send_all(s, &out, p);
    return ERR_OK;
}

static enum err
on_announcement_delete(struct streams *s, const struct event *e)
{
    struct targets out = { 0 };

    add_every(s, &out, CHANNEL_USER);
    send_text(s, &out, e->kind, id_text(s, e->id));
    return ERR_OK;
}

static enum err
on_logins(struct streams *s, const struct event *e UNUSED)
{
    streams_sweep(s);
    return ERR_OK;
}

static enum err (*const handlers[EVENT_COUNT])(struct streams *s, const struct event *e) = {
    [EVENT_UPDATE] = on_status,
    [EVENT_STATUS_UPDATE] = on_status,
    [EVENT_DELETE] = on_delete,
    [EVENT_NOTIFICATION] = on_notification,
    [EVENT_NOTIFICATIONS_MERGED] = on_merged,
    [EVENT_FILTERS_CHANGED] = on_filters,
    [EVENT_CONVERSATION] = on_conversation,
    [EVENT_ANNOUNCEMENT] = on_announcement,
    [EVENT_ANNOUNCEMENT_REACTION] = on_reaction,
    [EVENT_ANNOUNCEMENT_DELETE] = on_announcement_delete,
    [EVENT_RELATIONSHIP] = on_relationship,
    [EVENT_SETTINGS_CHANGED] = on_settings,
    [EVENT_LOGINS] = on_logins,
};

void
streams_event(struct streams *s, const struct event *e)
{
    enum err err = handlers[e->kind] != NULL ? handlers[e->kind](s, e) : ERR_OK;

    if (err != ERR_OK)
        log_failure(&s->c, "stream.event", err);
}
