/*
 * The outbound client: its thread, queues and limits.  One thread owns libcurl's multi handle and every running request; other
 * threads hand requests over through a locked list and an eventfd.  A request either starts at once, waits in the queue of its
 * host, or is refused.  See client_xfer.c for one request, client_fetch.c for the blocking call.
 */
#include "http/client_xfer.h"

#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    PER_HOST = 4,
    TOTAL = 1000,
    WAITING_MAX = 10000,
    HOSTS_MAX = 16384,
    CONNECTIONS = 1280, /* kept open, those in use included: fewer would be closed after each of 1,000 in flight */
    SPARE_EASIES = 64,
    EVENTS = 128,
    SWEEP_MS = 500,
    GROUPS_MAX = 8,
};

struct http_client {
    struct xfer_shared shared;
    char *own_origin;
    int per_host, total, waiting_max;

    pthread_t thread;
    int wake_fd, poll_fd;

    pthread_mutex_t lock; /* the four below, and the host table */
    struct xfer *inbox_first, *inbox_last;
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

/* ---- starting and finishing ----------------------------------------------------------------------------------- */

/* Hand over the response and forget the request. */
static void
finish(struct http_client *cl, struct xfer *x, struct fetch_response *r)
{
    if (x->easy != NULL) {
        curl_multi_remove_handle(cl->multi, x->easy);
        if (cl->n_spare < SPARE_EASIES) {
            curl_easy_reset(x->easy);
            cl->spare[cl->n_spare++] = x->easy;
        } else {
            curl_easy_cleanup(x->easy);
        }
    }
    cl->finished++;
    x->done(x->arg, r);
    xfer_free(x);
}

static void
run(struct http_client *cl, struct xfer *x)
{
    CURL *e = cl->n_spare > 0 ? cl->spare[--cl->n_spare] : curl_easy_init();

    if (e == NULL)
        BUG("out of memory");
    xfer_prepare(x, e);
    x->run_prev = NULL;
    x->run_next = cl->running;
    if (cl->running != NULL)
        cl->running->run_prev = x;
    cl->running = x;
    cl->active++;
    cl->started++;
    if (curl_multi_add_handle(cl->multi, e) != CURLM_OK)
        BUG("out of memory");
}

static void
ring_put(struct http_client *cl, struct client_host *ch)
{
    if (ch->in_ring || ch->first == NULL)
        return;
    ch->in_ring = true;
    ch->ring_next = NULL;
    if (cl->ring_last != NULL)
        cl->ring_last->ring_next = ch;
    else
        cl->ring_first = ch;
    cl->ring_last = ch;
}

static struct client_host *
ring_take(struct http_client *cl)
{
    struct client_host *ch = cl->ring_first;

    cl->ring_first = ch->ring_next;
    if (cl->ring_first == NULL)
        cl->ring_last = NULL;
    ch->in_ring = false;
    return ch;
}

static void
leave_host(struct http_client *cl, struct xfer *x)
{
    pthread_mutex_lock(&cl->lock);
    hosts_unpin(cl->hosts, &x->ch->h);
    pthread_mutex_unlock(&cl->lock);
    x->ch = NULL;
}

static void
refuse_waiting(struct http_client *cl, struct xfer *x, enum fetch_fail why)
{
    cl->waiting--;
    leave_host(cl, x);
    finish(cl, x, xfer_response(x, CURLE_OK, why));
}

static int
slots(struct http_client *cl, struct client_host *ch)
{
    int n;

    pthread_mutex_lock(&cl->lock);
    n = circuit_slots(&ch->h.circuit, clock_ms(), cl->per_host);
    pthread_mutex_unlock(&cl->lock);
    return n;
}

static struct xfer *
host_pop(struct client_host *ch)
{
    struct xfer *x = ch->first;

    ch->first = x->next;
    if (ch->first == NULL)
        ch->last = NULL;
    return x;
}

/* Start what may start: one from each host in turn.  A host at its limit leaves the ring and comes back when one of its ends. */
static void
pump(struct http_client *cl)
{
    while (cl->ring_first != NULL && cl->active < cl->total) {
        struct client_host *ch = ring_take(cl);
        int n = slots(cl, ch);

        if (n == 0) { /* parked while they waited */
            while (ch->first != NULL)
                refuse_waiting(cl, host_pop(ch), FETCH_PARKED);
            continue;
        }
        if (ch->active >= n)
            continue;
        cl->waiting--;
        ch->active++;
        run(cl, host_pop(ch));
        ring_put(cl, ch);
    }
}

/* The answer says something about the host, for what comes next. */
static void
judge(struct client_host *ch, const struct fetch_response *r)
{
    struct circuit *c = &ch->h.circuit;
    int64_t now = clock_ms();

    if (fetch_fail_counts(r->fail) || (r->status >= 500 && r->status != 501 && r->fail == FETCH_STATUS))
        circuit_fail(c, now);
    else if (r->status > 0)
        circuit_ok(c);
    if (r->status == 429 || r->status == 503)
        circuit_hold(c, now, now + r->retry_after_ms);
}

static void
end(struct http_client *cl, struct xfer *x, CURLcode rc, enum fetch_fail fail)
{
    struct fetch_response *r = xfer_response(x, rc, fail);
    struct client_host *ch = x->ch;

    if (x->run_prev != NULL)
        x->run_prev->run_next = x->run_next;
    else
        cl->running = x->run_next;
    if (x->run_next != NULL)
        x->run_next->run_prev = x->run_prev;
    cl->active--;
    if (ch != NULL) {
        ch->active--;
        pthread_mutex_lock(&cl->lock);
        judge(ch, r);
        pthread_mutex_unlock(&cl->lock);
        ring_put(cl, ch);
        leave_host(cl, x);
    }
    finish(cl, x, r);
}

/* A request just handed over. */
static void
admit(struct http_client *cl, struct xfer *x)
{
    struct client_host *ch;
    enum fetch_fail why = FETCH_NONE;

    if (x->fail != FETCH_NONE) {
        finish(cl, x, xfer_response(x, CURLE_OK, x->fail));
        return;
    }
    if (x->own_limits) {
        run(cl, x);
        return;
    }
    pthread_mutex_lock(&cl->lock);
    ch = (struct client_host *)hosts_get(cl->hosts, str_z(x->host));
    if (ch == NULL || cl->waiting >= cl->waiting_max) {
        why = FETCH_BUSY;
    } else if (circuit_next_ms(&ch->h.circuit) > clock_ms()) {
        why = FETCH_PARKED;
    } else {
        x->ch = ch;
        hosts_pin(cl->hosts, &ch->h);
    }
    pthread_mutex_unlock(&cl->lock);
    if (why != FETCH_NONE) {
        finish(cl, x, xfer_response(x, CURLE_OK, why));
        return;
    }
    x->next = NULL;
    if (ch->last != NULL)
        ch->last->next = x;
    else
        ch->first = x;
    ch->last = x;
    cl->waiting++;
    ring_put(cl, ch);
}

/* ---- requests that end without an answer ---------------------------------------------------------------------- */

struct sweep {
    struct http_client *cl;
    const void *const *groups;
    int n_groups;
    bool all;
    int64_t now_ms;
    struct xfer *out;
};

static bool
is_aborted(const struct sweep *s, const struct xfer *x)
{
    if (s->all)
        return true;
    for (int i = 0; i < s->n_groups; i++)
        if (x->group == s->groups[i])
            return true;
    return false;
}

static void
sweep_host(void *arg, struct host *h)
{
    struct client_host *ch = (struct client_host *)h;
    struct sweep *s = arg;
    struct xfer **at = &ch->first;

    ch->last = NULL;
    while (*at != NULL) {
        struct xfer *x = *at;
        bool aborted = is_aborted(s, x);

        if (aborted || x->deadline_ms <= s->now_ms) {
            x->fail = aborted ? FETCH_STOPPED : FETCH_TIMEOUT;
            *at = x->next;
            x->next = s->out;
            s->out = x;
        } else {
            ch->last = x;
            at = &x->next;
        }
    }
}

/* The ring may hold hosts whose queue is now empty. */
static void
drop_empty_from_ring(struct http_client *cl)
{
    struct client_host *ch = cl->ring_first;

    cl->ring_first = cl->ring_last = NULL;
    while (ch != NULL) {
        struct client_host *next = ch->ring_next;

        ch->in_ring = false;
        ring_put(cl, ch);
        ch = next;
    }
}

static void
sweep(struct http_client *cl, const void *const *groups, int n_groups, bool all)
{
    struct sweep s = { cl, groups, n_groups, all, clock_mono_ms(), NULL };

    if (cl->waiting > 0) {
        pthread_mutex_lock(&cl->lock);
        hosts_each(cl->hosts, sweep_host, &s);
        pthread_mutex_unlock(&cl->lock);
        drop_empty_from_ring(cl);
        while (s.out != NULL) {
            struct xfer *x = s.out;

            s.out = x->next;
            refuse_waiting(cl, x, x->fail);
        }
    }
    if (n_groups == 0 && !all)
        return;
    for (struct xfer *x = cl->running, *next; x != NULL; x = next) {
        next = x->run_next;
        if (is_aborted(&s, x))
            end(cl, x, CURLE_OK, FETCH_STOPPED);
    }
}

/* ---- the thread ----------------------------------------------------------------------------------------------- */

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
    struct http_client *cl = arg;
    struct epoll_event ev = { .data.fd = fd };

    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(cl->poll_fd, EPOLL_CTL_DEL, fd, NULL);
        curl_multi_assign(cl->multi, fd, NULL);
        return 0;
    }
    if ((what & CURL_POLL_IN) != 0)
        ev.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0)
        ev.events |= EPOLLOUT;
    if (epoll_ctl(cl->poll_fd, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev) != 0)
        return -1;
    curl_multi_assign(cl->multi, fd, cl);
    return 0;
}

static int
on_timer(CURLM *multi, long ms, void *arg)
{
    struct http_client *cl = arg;

    cl->timer_ms = ms < 0 ? -1 : clock_mono_ms() + ms;
    return 0;
}

static void
reap(struct http_client *cl)
{
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(cl->multi, &left)) != NULL) {
        char *x = NULL;

        if (m->msg != CURLMSG_DONE)
            continue;
        CURLcode rc = m->data.result;

        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &x);
        end(cl, (struct xfer *)(void *)x, rc, FETCH_NONE);
    }
}

/* Take what other threads left.  False when the client is to stop. */
static bool
take_inbox(struct http_client *cl)
{
    const void *groups[GROUPS_MAX];
    int n_groups;
    struct xfer *x;
    bool stopping;

    pthread_mutex_lock(&cl->lock);
    x = cl->inbox_first;
    cl->inbox_first = cl->inbox_last = NULL;
    n_groups = cl->n_abort_groups;
    memcpy(groups, cl->abort_groups, sizeof(groups));
    cl->n_abort_groups = 0;
    stopping = cl->stopping;
    pthread_mutex_unlock(&cl->lock);
    while (x != NULL) {
        struct xfer *next = x->next;

        if (stopping)
            x->fail = FETCH_STOPPED;
        admit(cl, x);
        x = next;
    }
    if (n_groups > 0 || stopping)
        sweep(cl, groups, n_groups, stopping);
    return !stopping;
}

static int
sleep_ms(struct http_client *cl)
{
    int64_t until = cl->waiting > 0 ? cl->sweep_ms + SWEEP_MS : INT64_MAX;

    if (cl->timer_ms >= 0)
        until = MIN(until, cl->timer_ms);
    if (until == INT64_MAX)
        return -1;
    return (int)MAX(0, MIN(until - clock_mono_ms(), 60000));
}

static void
handle_events(struct http_client *cl, const struct epoll_event *ev, int n)
{
    int running;

    for (int i = 0; i < n; i++) {
        int mask = 0;

        if (ev[i].data.fd == cl->wake_fd) {
            uint64_t v;

            (void)!read(cl->wake_fd, &v, sizeof(v));
            continue;
        }
        if ((ev[i].events & EPOLLIN) != 0)
            mask |= CURL_CSELECT_IN;
        if ((ev[i].events & EPOLLOUT) != 0)
            mask |= CURL_CSELECT_OUT;
        if ((ev[i].events & (EPOLLERR | EPOLLHUP)) != 0)
            mask |= CURL_CSELECT_ERR;
        curl_multi_socket_action(cl->multi, ev[i].data.fd, mask, &running);
    }
    if (cl->timer_ms >= 0 && clock_mono_ms() >= cl->timer_ms) {
        cl->timer_ms = -1;
        curl_multi_socket_action(cl->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

static void *
client_thread(void *arg)
{
    struct http_client *cl = arg;
    struct epoll_event ev[EVENTS];

    while (take_inbox(cl)) {
        pump(cl);
        int n = epoll_wait(cl->poll_fd, ev, EVENTS, sleep_ms(cl));

        if (n < 0 && errno != EINTR)
            BUG("epoll_wait: %s", strerror(errno));
        handle_events(cl, ev, MAX(n, 0));
        reap(cl);
        if (cl->waiting > 0 && clock_mono_ms() >= cl->sweep_ms + SWEEP_MS) {
            cl->sweep_ms = clock_mono_ms();
            sweep(cl, NULL, 0, false);
        }
    }
    return NULL;
}

/* ---- other threads -------------------------------------------------------------------------------------------- */

static void
wake(struct http_client *cl)
{
    uint64_t one = 1;

    (void)!write(cl->wake_fd, &one, sizeof(one));
}

void
http_client_start(
    struct http_client *cl, struct arena *mem, const struct fetch_request *rq, fetch_done_fn done, void *arg)
{
    struct xfer *x;
    struct url u;
    enum fetch_fail why = xfer_new(mem, &cl->shared, rq, &x);
    bool was_empty;

    if (why == FETCH_NONE && !rq->own_ok && cl->own_origin[0] != '\0' && client_url(mem, rq->url, &u) &&
        str_eqz(u.origin, cl->own_origin))
        why = FETCH_OWN;
    x->fail = why;
    x->done = done;
    x->arg = arg;
    pthread_mutex_lock(&cl->lock);
    was_empty = cl->inbox_first == NULL;
    x->next = NULL;
    if (was_empty)
        cl->inbox_first = x;
    else
        cl->inbox_last->next = x;
    cl->inbox_last = x;
    pthread_mutex_unlock(&cl->lock);
    if (was_empty)
        wake(cl);
}

void
http_client_abort(struct http_client *cl, const void *group)
{
    int i = 0;

    pthread_mutex_lock(&cl->lock);
    while (i < cl->n_abort_groups && cl->abort_groups[i] != group)
        i++;
    CHECK(i < GROUPS_MAX);
    cl->abort_groups[i] = group;
    cl->n_abort_groups = MAX(cl->n_abort_groups, i + 1);
    pthread_mutex_unlock(&cl->lock);
    wake(cl);
}

void
http_client_host_ok(struct http_client *cl, struct str host)
{
    struct host *h;

    pthread_mutex_lock(&cl->lock);
    h = hosts_find(cl->hosts, host);
    if (h != NULL)
        circuit_ok(&h->circuit);
    pthread_mutex_unlock(&cl->lock);
}

void
http_client_stats(struct http_client *cl, struct http_client_stats *out)
{
    *out = (struct http_client_stats){ cl->active, cl->waiting, 0, cl->started, cl->finished };
    pthread_mutex_lock(&cl->lock);
    out->hosts = hosts_count(cl->hosts);
    pthread_mutex_unlock(&cl->lock);
}

/* ---- life ----------------------------------------------------------------------------------------------------- */

static void
end_thread(struct http_client *cl)
{
    pthread_mutex_lock(&cl->lock);
    cl->stopping = true;
    pthread_mutex_unlock(&cl->lock);
    wake(cl);
    pthread_join(cl->thread, NULL);
    /* What callbacks or late callers handed over meanwhile. */
    take_inbox(cl);
}

static void
free_parts(struct http_client *cl)
{
    while (cl->n_spare > 0)
        curl_easy_cleanup(cl->spare[--cl->n_spare]);
    curl_multi_cleanup(cl->multi);
    close(cl->wake_fd);
    close(cl->poll_fd);
    hosts_free(cl->hosts);
    xfer_shared_done(&cl->shared);
    pthread_mutex_destroy(&cl->lock);
    free(cl->own_origin);
    free(cl);
}

void
http_client_free(struct http_client *cl)
{
    if (cl == NULL)
        return;
    end_thread(cl);
    free_parts(cl);
}

static void
init_curl(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        BUG("libcurl does not start");
}

static void
make_multi(struct http_client *cl)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct epoll_event ev = { .events = EPOLLIN };

    pthread_once(&once, init_curl);
    cl->multi = curl_multi_init();
    cl->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    cl->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (cl->multi == NULL || cl->poll_fd < 0 || cl->wake_fd < 0)
        BUG("no multi handle, epoll or eventfd: %s", strerror(errno));
    ev.data.fd = cl->wake_fd;
    if (epoll_ctl(cl->poll_fd, EPOLL_CTL_ADD, cl->wake_fd, &ev) != 0)
        BUG("epoll_ctl: %s", strerror(errno));
    curl_multi_setopt(cl->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(cl->multi, CURLMOPT_SOCKETDATA, cl);
    curl_multi_setopt(cl->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(cl->multi, CURLMOPT_TIMERDATA, cl);
    curl_multi_setopt(cl->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
    cl->timer_ms = -1;
}

enum err
http_client_new(const struct http_client_options *o, struct conf_error *why, struct http_client **out)
{
    struct http_client *cl = calloc(1, sizeof(*cl));
    sigset_t all, before;
    enum err e;

    if (cl == NULL)
        BUG("out of memory");
    pthread_mutex_init(&cl->lock, NULL);
    make_multi(cl);
    cl->hosts = hosts_new(HOSTS_MAX, sizeof(struct client_host));
    cl->own_origin = xfer_copy_z(o->own_origin);
    cl->per_host = o->per_host > 0 ? o->per_host : PER_HOST;
    cl->total = o->total > 0 ? o->total : TOTAL;
    cl->waiting_max = o->waiting_max > 0 ? o->waiting_max : WAITING_MAX;
    e = xfer_shared_init(&cl->shared, o, why);
    if (e != ERR_OK) {
        free_parts(cl);
        return e;
    }
    sigfillset(&all); /* signals are the main thread's; a broken pipe is an error code here */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&cl->thread, NULL, client_thread, cl) != 0)
        BUG("no thread for the client");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    *out = cl;
    return ERR_OK;
}

bool
client_is_own_thread(const struct http_client *cl)
{
    return pthread_equal(pthread_self(), cl->thread);
}
