/*
 * Which request runs when: a queue for each host, hosts in turn, what an answer says about its host, and the ends without an answer.
 * The client's thread only; the lock guards the host table, which other threads may tell good news.
 */
#include "http/client_queue.h"

#include "base/clock.h"

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
void
client_pump(struct http_client *cl)
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

void
client_end(struct http_client *cl, struct xfer *x, CURLcode rc, enum fetch_fail fail)
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
void
client_admit(struct http_client *cl, struct xfer *x)
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
    if (ch != NULL && x->again_ms > 0)
        circuit_early(&ch->h.circuit, clock_ms(), x->again_ms);
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

void
client_sweep(struct http_client *cl, const void *const *groups, int n_groups, bool all)
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
            client_end(cl, x, CURLE_OK, FETCH_STOPPED);
    }
}
