/*
 * The streaming API: server-sent events and WebSockets.  One thread knows who listens to what; it hears of events through the hub, asks
 * the services who of the listeners may see what happened, renders it once for all who see the same, and hands the bytes to the loops.
 * doc/design/streams.md
 */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include "http/route.h"

struct streams;

enum {
    STREAMS_PER_ACCOUNT_MAX = 100,  /* connections */
    STREAM_SUBSCRIPTIONS_MAX = 100, /* of one connection */
};

/*
 * Start the thread; env->hub and env->db are used, env->streams is to be set to the result before the server starts.  NULL: the system
 * gives no thread or descriptor.
 */
NODISCARD struct streams *streams_start(const struct env *env);
/* Before server_stop: nothing is sent any more. */
void streams_stop(struct streams *s);
/* After server_stop: all connections have ended.  Accepts NULL. */
void streams_free(struct streams *s);

void stream_routes(struct router *r);

#endif
