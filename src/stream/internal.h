/* What the files of the streams share.  The streams' thread owns all of it, except where said. */
#ifndef STREAM_INTERNAL_H
#define STREAM_INTERNAL_H

#include "base/blob.h"
#include "base/ctx.h"
#include "http/stream.h"
#include "os/loop.h"
#include "service/event.h"
#include "stream/channel.h"
#include "stream/message.h"
#include "stream/stream.h"
#include "stream/topics.h"

#include <pthread.h>
#include <stdatomic.h>

struct hub_sub;

/*
 * One connection.  Made by the worker that answers; its loop reports what it does by mail (open, message, close), in this order; after
 * close nobody else knows it, and the streams' thread frees it.
 */
struct client {
    struct streams *streams;
    struct client *prev, *next; /* all that are open */
    struct stream_ref ref;      /* set by the loop at open */
    enum stream_kind kind;
    struct who who;
    struct sub *subs;
    unsigned n_subs;
    bool is_opened;               /* the loop's */
    atomic_uint waiting;          /* messages that the thread has not read yet */
    struct sub *self;             /* in the topic of its account, for counting */
    struct channel_request first; /* what it asks for when it opens; name empty: nothing.  In `bytes` */
    char bytes[];
};

struct streams {
    const struct env *env;
    struct loop *loop;
    pthread_t thread;
    struct hub_sub *hub_sub; /* while anybody listens */
    struct client *clients;
    size_t n_clients;
    struct topics topics;
    struct loop_timer sweep;
    struct ctx c;
    struct arena *mem;
    atomic_uint events_waiting;
    bool stopped;
};

/* ---- streams.c -------------------------------------------------------------------------------------------------------- */

/* After n_clients changed: listen to the hub while anybody listens to us. */
void streams_listen(struct streams *s);

/* ---- connection.c: loop threads and workers -------------------------------------------------------------------------- */

/* Copies what first says.  Freed by whoever ends it: see struct client. */
NODISCARD struct client *stream_client_new(
    struct streams *s, enum stream_kind kind, const struct who *who, const struct channel_request *first);
extern const struct stream_handler stream_client_handler;

/* ---- client.c: what connections do, on the streams' thread ----------------------------------------------------------- */

enum client_act { CLIENT_OPEN, CLIENT_MESSAGE, CLIENT_CLOSE };
/* text: of a message; may be empty. */
void stream_client_act(struct client *x, enum client_act act, struct str text);
/* Look again at every token that a connection lives on. */
void streams_sweep(struct streams *s);

/* ---- publish.c -------------------------------------------------------------------------------------------------------- */

/* An event came.  c is the thread's, with an empty arena. */
void streams_event(struct streams *s, const struct event *e);
/* To one client, as it is: an error, a greeting.  json for WebSockets, line for event streams; empty: nothing. */
void streams_say(struct client *x, struct str json, struct str line);

/* ---- frame.c: one payload in the forms in which it travels -------------------------------------------------------------- */

struct payload; /* in an arena; its blobs are released by payload_done */

/* event as in event_names; json: the payload, empty for none (filters_changed). */
struct payload *payload_new(struct arena *mem, struct str event, struct str json);
/* The bytes for a subscription; made once for each form and name. */
struct blob *payload_for(struct payload *p, const struct sub *sub);
void payload_done(struct payload *p);

/* Many sends, collected so that each loop gets one message for each blob.  In an arena. */
struct outbox;
struct outbox *outbox_new(struct arena *mem);
void outbox_add(struct outbox *o, struct blob *b, struct stream_ref to);
void outbox_send(struct outbox *o);

#endif
