/* What connections do: open, subscribe, close; and the end of those whose token ended. */
#include "stream/internal.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/rng.h"
#include "db/db.h"
#include "service/live.h"

#include <stdlib.h>
#include <string.h>

/* After a restart of ours not all clients come back in the same moment. */
enum { RETRY_MIN_MS = 1000, RETRY_SPREAD_MS = 9000 };
enum { CODE_POLICY = 1008, CODE_TRY_LATER = 1013, ERROR_BYTES_MAX = 1024 };

/* ---- saying ----------------------------------------------------------------------------------------------------------- */

void
streams_say(struct client *x, struct str json, struct str line)
{
    struct blob *b =
        x->kind == STREAM_SSE ? (line.n > 0 ? blob_new(line) : NULL) : (json.n > 0 ? stream_ws_text(json) : NULL);

    if (b != NULL)
        stream_post(x->ref, b);
    blob_unref(b);
}

/* {"error": …, "status": …} to a WebSocket; an event stream that asked for what it may not have ends. */
static void
say_error(struct client *x, int status, struct str text)
{
    struct buf b;
    struct json j;

    buf_init(&b, x->streams->c.mem, ERROR_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "error", text);
    json_int(&j, "status", status);
    json_end(&j);
    CHECK(json_done(&j));
    streams_say(x, buf_str(&b), STR_NONE);
    if (x->kind == STREAM_SSE)
        stream_post_close(x->ref, CODE_POLICY);
}

static void
say_failure(struct client *x, enum err e)
{
    struct ctx *c = &x->streams->c;

    say_error(x, err_status(e), c->fail.public_text.n > 0 ? c->fail.public_text : ctx_tr(c, err_text(e)));
    if (err_status(e) >= 500)
        log_failure(c, "stream.fail", e);
    ctx_ok(c);
}

/* ---- subscriptions ---------------------------------------------------------------------------------------------------- */

static struct sub *
sub_new(struct client *x, int channel, struct str name)
{
    struct sub *sub = calloc(1, sizeof(*sub) + name.n);

    if (sub == NULL)
        BUG("out of memory");
    sub->client = x;
    sub->channel = channel;
    sub->name_n = name.n;
    if (name.n > 0)
        memcpy(sub->name, name.p, name.n);
    return sub;
}

static struct sub **
find_sub(struct client *x, struct str topic)
{
    struct sub **at = &x->subs;

    while (*at != NULL && !str_eq(topic, (struct str){ (*at)->topic->name, (*at)->topic->name_n }))
        at = &(*at)->of_client;
    return at;
}

/* Twice the same is once. */
static enum err
subscribe(struct client *x, const struct channel_request *what)
{
    struct streams *s = x->streams;
    struct channel channel;
    struct sub *sub;

    TRY(channel_find(&s->c, what, &channel));
    if (*find_sub(x, channel.topic) != NULL)
        return ERR_OK;
    if (x->n_subs >= STREAM_SUBSCRIPTIONS_MAX)
        return ctx_fail_public(
            &s->c, ERR_INVALID, "At most %d subscriptions on one connection", STREAM_SUBSCRIPTIONS_MAX);
    sub = sub_new(x, (int)channel.id, channel.name);
    sub->with_notifications = scope_allows(x->who.scopes, SCOPE(READ_NOTIFICATIONS));
    topics_join(&s->topics, channel.topic, sub);
    sub->of_client = x->subs;
    x->subs = sub;
    x->n_subs++;
    log_debug(&s->c, "stream.subscribe", LOG_INT("account", x->who.account_id), LOG_STR("topic", channel.topic));
    return ERR_OK;
}

static enum err
unsubscribe(struct client *x, const struct channel_request *what)
{
    struct streams *s = x->streams;
    struct channel channel;
    struct sub **at, *sub;

    TRY(channel_find(&s->c, what, &channel));
    at = find_sub(x, channel.topic);
    sub = *at;
    if (sub == NULL)
        return ERR_OK;
    *at = sub->of_client;
    x->n_subs--;
    topics_leave(&s->topics, sub);
    free(sub);
    log_debug(&s->c, "stream.unsubscribe", LOG_INT("account", x->who.account_id), LOG_STR("topic", channel.topic));
    return ERR_OK;
}

/* ---- a connection's life ------------------------------------------------------------------------------------------------ */

/* The token was good when the worker looked; from now on its end is heard of, so what ended in between is found here. */
static enum err
check_token(struct client *x)
{
    struct ids one = { &x->who.token_id, 1 }, alive;

    TRY(service_live_tokens(&x->streams->c, &one, &alive));
    return alive.n == 1 ? ERR_OK : ctx_fail(&x->streams->c, ERR_UNAUTHORIZED, "the token ended");
}

static void
refuse(struct client *x, enum err e, unsigned code)
{
    say_failure(x, e);
    stream_post_close(x->ref, code);
}

static void
open_client(struct client *x)
{
    struct streams *s = x->streams;
    enum err e;

    x->next = s->clients;
    if (x->next != NULL)
        x->next->prev = x;
    s->clients = x;
    s->n_clients++;
    streams_listen(s);
    x->self = sub_new(x, -1, STR_NONE);
    topics_join(&s->topics, str_fmt(s->c.mem, "account:%lld", (long long)x->who.account_id), x->self);
    e = check_token(x);
    if (e != ERR_OK) {
        refuse(x, e, CODE_POLICY);
        return;
    }
    if (x->self->topic->n > STREAMS_PER_ACCOUNT_MAX) {
        refuse(x,
            ctx_fail_public(&s->c, ERR_RATE, "At most %d streams at a time for one account", STREAMS_PER_ACCOUNT_MAX),
            CODE_TRY_LATER);
        return;
    }
    if (x->first.name.n == 0)
        return;
    e = subscribe(x, &x->first);
    if (e != ERR_OK)
        say_failure(x, e);
    else
        streams_say(
            x, STR_NONE, str_fmt(x->streams->c.mem, "retry: %d\n:)\n", RETRY_MIN_MS + (int)rng_below(RETRY_SPREAD_MS)));
}

static void
hear(struct client *x, struct str text)
{
    struct stream_command command;
    const char *why = NULL;
    enum err e = stream_command_read(x->streams->c.mem, text, &command, &why);

    atomic_fetch_sub(&x->waiting, 1);
    if (e != ERR_OK) {
        say_error(x, err_status(e), str_z(why));
        return;
    }
    e = command.subscribe ? subscribe(x, &command.what) : unsubscribe(x, &command.what);
    if (e != ERR_OK)
        say_failure(x, e);
}

static void
close_client(struct client *x)
{
    struct streams *s = x->streams;

    if (x->self != NULL) { /* else it came after the thread had stopped */
        while (x->subs != NULL) {
            struct sub *sub = x->subs;

            x->subs = sub->of_client;
            topics_leave(&s->topics, sub);
            free(sub);
        }
        topics_leave(&s->topics, x->self);
        free(x->self);
        if (x->next != NULL)
            x->next->prev = x->prev;
        *(x->prev != NULL ? &x->prev->next : &s->clients) = x->next;
        s->n_clients--;
        streams_listen(s);
    }
    free(x);
}

void
stream_client_act(struct client *x, enum client_act act, struct str text)
{
    struct streams *s = x->streams;

    if (act == CLIENT_CLOSE) {
        close_client(x);
        return;
    }
    if (s->stopped)
        return;
    ctx_begin(&s->c, s->mem, s->env);
    s->c.who = x->who;
    if (act == CLIENT_OPEN)
        open_client(x);
    else
        hear(x, text);
    ctx_end(&s->c);
}

/* ---- tokens that ended -------------------------------------------------------------------------------------------------- */

static struct ids
all_tokens(struct streams *s)
{
    struct ids all = ids_new(s->c.mem, s->n_clients);

    for (const struct client *x = s->clients; x != NULL; x = x->next)
        ids_add(&all, x->who.token_id);
    ids_sort(&all);
    return all;
}

void
streams_sweep(struct streams *s)
{
    struct ids all = all_tokens(s), alive;
    enum err e = service_live_tokens(&s->c, &all, &alive);

    if (e != ERR_OK) { /* the next time */
        log_failure(&s->c, "stream.sweep", e);
        ctx_ok(&s->c);
        return;
    }
    if (alive.n == all.n)
        return;
    for (const struct client *x = s->clients; x != NULL; x = x->next)
        if (!ids_has(&alive, x->who.token_id)) {
            stream_post_close(x->ref, CODE_POLICY);
            log_info(&s->c, "stream.end", LOG_INT("account", x->who.account_id), LOG_INT("token", x->who.token_id));
        }
}
