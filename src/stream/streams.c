/* The thread of the streams: its mail, the hub's events, and the look at the tokens twice a second. */
#include "stream/internal.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "hub/hub.h"

#include <stdlib.h>

enum {
    SWEEP_MS = 500,             /* a token that ended elsewhere (command line, another process) is found so soon */
    EVENTS_WAITING_MAX = 20000, /* more are dropped: clients read again what they miss */
};

/* ---- the hub ---------------------------------------------------------------------------------------------------------- */

struct news {
    struct loop_call call;
    struct streams *streams;
    struct blob *blob;
};

static void
on_news(struct loop_call *call)
{
    struct news *n = (struct news *)call;
    struct streams *s = n->streams;

    atomic_fetch_sub(&s->events_waiting, 1);
    if (!s->stopped && s->n_clients > 0) {
        struct event e;

        ctx_begin(&s->c, s->mem, s->env);
        if (service_event_read(s->c.mem, blob_str(n->blob), &e) == ERR_OK)
            streams_event(s, &e);
        ctx_end(&s->c);
    }
    blob_unref(n->blob);
    free(n);
}

/* The publisher's thread. */
static void
on_message(void *arg, const struct hub_message *m)
{
    struct streams *s = arg;
    struct news *n;

    if (atomic_fetch_add(&s->events_waiting, 1) >= EVENTS_WAITING_MAX) {
        atomic_fetch_sub(&s->events_waiting, 1);
        return;
    }
    n = malloc(sizeof(*n));
    if (n == NULL)
        BUG("out of memory");
    *n = (struct news){ .call.fn = on_news, .streams = s, .blob = blob_ref(m->blob) };
    loop_post(s->loop, &n->call);
}

void
streams_listen(struct streams *s)
{
    bool wanted = s->n_clients > 0 && !s->stopped;

    if (wanted && s->hub_sub == NULL) {
        if (hub_subscribe(s->env->hub, EVENT_TOPIC, on_message, s, &s->hub_sub) != ERR_OK)
            log_error(NULL, "stream.listen");
        loop_timer_set(s->loop, &s->sweep, loop_now_ms(s->loop) + SWEEP_MS);
    }
    if (!wanted && s->hub_sub != NULL) {
        hub_unsubscribe(s->env->hub, s->hub_sub);
        s->hub_sub = NULL;
    }
}

/* ---- the thread --------------------------------------------------------------------------------------------------------- */

static void
on_sweep(struct loop_timer *t)
{
    struct streams *s = (struct streams *)((char *)t - offsetof(struct streams, sweep));

    if (s->n_clients == 0)
        return;
    ctx_begin(&s->c, s->mem, s->env);
    streams_sweep(s);
    ctx_end(&s->c);
    loop_timer_set(s->loop, &s->sweep, clock_mono_ms() + SWEEP_MS);
}

static void *
run(void *arg)
{
    struct streams *s = arg;

    loop_run(s->loop);
    return NULL;
}

struct streams *
streams_start(const struct env *env)
{
    struct streams *s = calloc(1, sizeof(*s));

    if (s == NULL)
        BUG("out of memory");
    s->env = env;
    s->sweep.fn = on_sweep;
    s->mem = arena_new_heap();
    s->loop = loop_new();
    if (s->loop != NULL && pthread_create(&s->thread, NULL, run, s) == 0)
        return s;
    loop_free(s->loop);
    arena_free(s->mem);
    free(s);
    return NULL;
}

void
streams_stop(struct streams *s)
{
    loop_stop(s->loop);
    (void)pthread_join(s->thread, NULL);
    s->stopped = true;
    streams_listen(s);
}

void
streams_free(struct streams *s)
{
    if (s == NULL)
        return;
    loop_drain(s->loop); /* connections that have ended since */
    CHECK(s->n_clients == 0);
    loop_free(s->loop);
    topics_free(&s->topics);
    arena_free(s->mem);
    free(s);
}
