/*
 * The outbound client: its thread and its life.  One thread owns libcurl's multi handle and every running request; other threads hand
 * requests over through a locked list and an eventfd.  See client_queue.c for what runs when, client_xfer.c for one request,
 * client_fetch.c for the blocking call.
 */
#include "http/client_queue.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <signal.h>
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
    EVENTS = 128,
    SWEEP_MS = 500,
    IDLE_MS = 1000,
    UNWOKEN_MS = 200, /* between the two a wake-up was lost, unless the machine let nobody run */
};

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
    /*
     * A closed socket has left the kernel's set although libcurl still knew its number, and a new one may have it: so both are tried.
     * When neither works the socket is closed already.  Never -1: that is the end of the whole multi handle.
     */
    if (epoll_ctl(cl->poll_fd, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev) == 0 ||
        epoll_ctl(cl->poll_fd, known != NULL ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &ev) == 0)
        curl_multi_assign(cl->multi, fd, cl);
    return 0;
}

static int
on_timer(CURLM *multi, long ms, void *arg)
{
    struct http_client *cl = arg;

    cl->timer_ms =
        ms < 0 ? -1 : clock_mono_ms() + ms + (ms > 0); /* rather late than early: our clock has no fractions */
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
        client_end(cl, (struct xfer *)(void *)x, rc, FETCH_NONE);
    }
}

/* Take what other threads left; looked: nobody woke us.  False when the client is to stop. */
static bool
take_inbox(struct http_client *cl, bool looked)
{
    const void *groups[GROUPS_MAX];
    int n_groups;
    struct xfer *x;
    bool stopping;
    int64_t waited;

    pthread_mutex_lock(&cl->lock);
    x = cl->inbox_first;
    waited = x == NULL ? 0 : clock_mono_ms() - cl->inbox_mono_ms;
    cl->inbox_first = cl->inbox_last = NULL;
    n_groups = cl->n_abort_groups;
    memcpy(groups, cl->abort_groups, sizeof(groups));
    cl->n_abort_groups = 0;
    stopping = cl->stopping;
    pthread_mutex_unlock(&cl->lock);
    if (looked && waited >= UNWOKEN_MS)
        log_warn(NULL, "client.unwoken", LOG_INT("ms", waited));
    while (x != NULL) {
        struct xfer *next = x->next;

        if (stopping)
            x->fail = FETCH_STOPPED;
        client_admit(cl, x);
        x = next;
    }
    if (n_groups > 0 || stopping)
        client_sweep(cl, groups, n_groups, stopping);
    return !stopping;
}

/*
 * Never for ever: on a busy machine this thread was found asleep in epoll_wait with requests handed over, and every later one, which
 * counts on the first one's wake-up, waited with them.  So it looks once a second, and says in the log when that was needed.
 */
static int
sleep_ms(struct http_client *cl)
{
    int64_t now = clock_mono_ms(), until = cl->waiting > 0 || cl->active > 0 ? cl->sweep_ms + SWEEP_MS : now + IDLE_MS;

    if (cl->timer_ms >= 0)
        until = MIN(until, cl->timer_ms);
    return (int)MAX(0, MIN(until - now, IDLE_MS));
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
        long next = -1;

        cl->timer_ms = -1;
        curl_multi_socket_action(cl->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        /* libcurl tells a timer only when it changes: one that it found too early would be forgotten. */
        if (cl->timer_ms < 0 && curl_multi_timeout(cl->multi, &next) == CURLM_OK)
            on_timer(cl->multi, next, cl);
    }
}

/* What waits too long ends; and libcurl looks at every request: one whose socket could not be watched ends here, not at its deadline. */
static void
look_at_all(struct http_client *cl)
{
    int running;

    cl->sweep_ms = clock_mono_ms();
    client_sweep(cl, NULL, 0, false);
    if (cl->active > 0) {
        curl_multi_perform(cl->multi, &running);
        reap(cl);
    }
}

static void *
client_thread(void *arg)
{
    struct http_client *cl = arg;
    struct epoll_event ev[EVENTS];
    int n = -1;

    while (take_inbox(cl, n == 0)) {
        client_pump(cl);
        n = epoll_wait(cl->poll_fd, ev, EVENTS, sleep_ms(cl));
        if (n < 0 && errno != EINTR)
            BUG("epoll_wait: %s", strerror(errno));
        handle_events(cl, ev, MAX(n, 0));
        reap(cl);
        if ((cl->waiting > 0 || cl->active > 0) && clock_mono_ms() >= cl->sweep_ms + SWEEP_MS)
            look_at_all(cl);
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

    if (why == FETCH_NONE && !rq->own_ok && !rq->learn_own && cl->own_origin[0] != '\0' &&
        client_url(mem, rq->url, &u) && str_eqz(u.origin, cl->own_origin))
        why = FETCH_OWN;
    x->fail = why;
    x->done = done;
    x->arg = arg;
    pthread_mutex_lock(&cl->lock);
    was_empty = cl->inbox_first == NULL;
    x->next = NULL;
    if (was_empty) {
        cl->inbox_first = x;
        cl->inbox_mono_ms = clock_mono_ms();
    } else {
        cl->inbox_last->next = x;
    }
    cl->inbox_last = x;
    pthread_mutex_unlock(&cl->lock);
    if (was_empty)
        wake(cl);
}

static void
learnt(void *arg UNUSED, struct fetch_response *r)
{
    fetch_response_free(r);
}

void
http_client_learn_own(struct http_client *cl)
{
    struct fetch_request rq = {
        .method = HTTP_HEAD, .url = str_z(cl->own_origin), .learn_own = true, .own_limits = true
    };
    struct arena *mem;

    if (!str_starts(rq.url, S("https://")))
        return;
    mem = arena_new_heap();
    rq.url = str_cat(mem, rq.url, S("/"), STR_NONE);
    http_client_start(cl, mem, &rq, learnt, NULL);
    arena_free(mem);
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
    take_inbox(cl, false);
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
