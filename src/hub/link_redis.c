/*
 * Frames over Redis or Valkey: one connection that subscribes, and one that publishes.
 *
 * https://redis.io/docs/latest/develop/pubsub/
 */
#include "hub/link.h"

#include "base/arena.h"
#include "base/def.h"
#include "base/url.h"

#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <sys/time.h>

enum { WAIT_S = 3, PORT = 6379, AT_ONCE = 256 };

struct redis_link {
    redisContext *in, *out;
    struct str channel; /* in mem */
    struct arena *mem;
};

/* Where and as whom. */
struct place {
    const char *path; /* of a socket, or NULL */
    const char *host;
    int port;
    struct str user, password;
};

/* redis://[[user]:password@]host[:port][/]; the configuration was checked, so what is left out is empty. */
static struct place
read_place(struct arena *mem, struct str bus)
{
    struct place p = { .port = PORT };
    struct str rest = bus, login;
    int64_t port;
    ptrdiff_t at, colon;

    if (str_starts(bus, S("unix:"))) {
        p.path = str_cz(mem, str_sub(bus, 5, bus.n));
        return p;
    }
    rest = str_sub(rest, 8, rest.n);
    at = str_rchr(rest, '@');
    if (at >= 0) {
        login = str_sub(rest, 0, (size_t)at);
        rest = str_sub(rest, (size_t)at + 1, rest.n);
        (void)str_cut(&login, ':', &p.user);
        if (!url_decode(mem, login, false, &p.password) || !url_decode(mem, p.user, false, &p.user))
            p.user = p.password = STR_NONE; /* the server says the rest */
    }
    if (str_ends(rest, S("/")))
        rest.n--;
    colon = str_rchr(rest, ':');
    if (colon >= 0 && str_chr(str_sub(rest, (size_t)colon, rest.n), ']') < 0) {
        if (str_int(str_sub(rest, (size_t)colon + 1, rest.n), &port))
            p.port = (int)port;
        rest.n = (size_t)colon;
    }
    if (str_starts(rest, S("[")) && str_ends(rest, S("]")))
        rest = str_sub(rest, 1, rest.n - 1);
    p.host = str_cz(mem, rest);
    return p;
}

static enum err
refuse(redisContext *r, const redisReply *reply, char why[LINK_WHY_MAX])
{
    const char *text = reply != NULL && reply->type == REDIS_REPLY_ERROR ? reply->str
                       : r != NULL && r->err != 0                        ? r->errstr
                                                                         : "no answer";

    snprintf(why, LINK_WHY_MAX, "%s", text);
    return ERR_BUSY;
}

/* Did the server agree?  Frees the reply. */
static enum err
judge(redisContext *r, redisReply *reply, char why[LINK_WHY_MAX])
{
    enum err e = reply == NULL || reply->type == REDIS_REPLY_ERROR ? refuse(r, reply, why) : ERR_OK;

    freeReplyObject(reply);
    return e;
}

static enum err
dial(const struct place *p, redisContext **out, char why[LINK_WHY_MAX])
{
    const struct timeval wait = { .tv_sec = WAIT_S };
    redisContext *r =
        p->path != NULL ? redisConnectUnixWithTimeout(p->path, wait) : redisConnectWithTimeout(p->host, p->port, wait);

    *out = r; /* the caller frees it in any case */
    if (r == NULL || r->err != 0 || redisSetTimeout(r, wait) != REDIS_OK)
        return refuse(r, NULL, why);
    if (p->password.n == 0)
        return ERR_OK;
    if (p->user.n == 0)
        return judge(r, redisCommand(r, "AUTH %b", p->password.p, p->password.n), why);
    return judge(r, redisCommand(r, "AUTH %b %b", p->user.p, p->user.n, p->password.p, p->password.n), why);
}

static void
close_link(void *arg)
{
    struct redis_link *l = arg;

    if (l->in != NULL)
        redisFree(l->in);
    if (l->out != NULL)
        redisFree(l->out);
    arena_free(l->mem);
    free(l);
}

static enum err
connect_both(struct redis_link *l, const struct link_target *t, char why[LINK_WHY_MAX])
{
    struct place p = read_place(l->mem, t->bus);

    TRY(dial(&p, &l->out, why));
    TRY(dial(&p, &l->in, why));
    return judge(l->in, redisCommand(l->in, "SUBSCRIBE %b", l->channel.p, l->channel.n), why);
}

static enum err
open_link(const struct link_target *t, void **out, char why[LINK_WHY_MAX])
{
    struct redis_link *l = calloc(1, sizeof(*l));
    enum err e;

    if (l == NULL)
        BUG("out of memory");
    l->mem = arena_new_heap();
    l->channel = str_cat(l->mem, S("dassie:"), t->name, STR_NONE);
    e = connect_both(l, t, why);
    if (e != ERR_OK)
        close_link(l);
    else
        *out = l;
    return e;
}

static int
link_fd(void *arg)
{
    return ((struct redis_link *)arg)->in->fd;
}

/* All of them travel before the first answer is read. */
static enum err
send_some(struct redis_link *l, const struct str *frames, size_t n)
{
    enum err e = ERR_OK;

    for (size_t i = 0; i < n; i++)
        if (redisAppendCommand(l->out, "PUBLISH %b %b", l->channel.p, l->channel.n, frames[i].p, frames[i].n) !=
            REDIS_OK)
            return ERR_BUSY;
    for (size_t i = 0; i < n; i++) {
        void *reply = NULL;

        if (redisGetReply(l->out, &reply) != REDIS_OK)
            return ERR_BUSY;
        if (((redisReply *)reply)->type == REDIS_REPLY_ERROR)
            e = ERR_BUSY;
        freeReplyObject(reply);
    }
    return e;
}

static enum err
send_frames(void *arg, const struct str *frames, size_t n)
{
    for (size_t at = 0; at < n; at += AT_ONCE)
        TRY(send_some(arg, frames + at, MIN(n - at, (size_t)AT_ONCE)));
    return ERR_OK;
}

/* ["message", channel, text] */
static void
give(const redisReply *r, link_fn fn, void *arg)
{
    if (r->type == REDIS_REPLY_ARRAY && r->elements == 3 && r->element[2]->type == REDIS_REPLY_STRING)
        fn(arg, (struct str){ r->element[2]->str, (size_t)r->element[2]->len });
}

static enum err
take_frames(void *arg, link_fn fn, void *fn_arg)
{
    struct redis_link *l = arg;
    void *reply;

    if (redisBufferRead(l->in) != REDIS_OK)
        return ERR_BUSY;
    for (;;) {
        if (redisGetReplyFromReader(l->in, &reply) != REDIS_OK)
            return ERR_BUSY;
        if (reply == NULL)
            return ERR_OK;
        give(reply, fn, fn_arg);
        freeReplyObject(reply);
    }
}

const struct link_kind link_redis = {
    .name = "redis",
    .frame_max = 64 * 1024,
    .open = open_link,
    .fd = link_fd,
    .send = send_frames,
    .take = take_frames,
    .close = close_link,
};
