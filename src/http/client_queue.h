/* The running client, shared by client.c (thread, hand-over, life) and client_queue.c (queues, limits).  Included by them only. */
#ifndef HTTP_CLIENT_QUEUE_H
#define HTTP_CLIENT_QUEUE_H

#include "http/client_xfer.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SPARE_EASIES = 64, GROUPS_MAX = 8 };

struct http_client {
    struct xfer_shared shared;
    char *own_origin;
    int per_host, total, waiting_max;

    pthread_t thread;
    int wake_fd, poll_fd;

    pthread_mutex_t lock; /* the five below, and the host table */
    struct xfer *inbox_first, *inbox_last;
    int64_t inbox_mono_ms; /* when the first of it was handed over */
    const void *abort_groups[GROUPS_MAX];
    int n_abort_groups;
    bool stopping;
    struct hosts *hosts;

    /* the client's thread only */
    CURLM *multi;
    CURL *spare[SPARE_EASIES];
    int n_spare;
    struct xfer *running;
    struct client_host *ring_first, *ring_last; /* hosts with something that may start */
    int64_t timer_ms;                           /* when libcurl wants to be called, -1: never */
    int64_t sweep_ms;
    _Atomic int active, waiting;
    _Atomic int64_t started, finished;
};

/* The client's thread only. */
/* A request just handed over: it ends at once or waits for client_pump. */
void client_admit(struct http_client *cl, struct xfer *x);
/* Start what may start. */
void client_pump(struct http_client *cl);
/* A running request is over: rc from libcurl, or a reason of our own. */
void client_end(struct http_client *cl, struct xfer *x, CURLcode rc, enum fetch_fail fail);
/* End waiting requests whose deadline passed, and everything of those groups, or everything. */
void client_sweep(struct http_client *cl, const void *const *groups, int n_groups, bool all);

#endif
