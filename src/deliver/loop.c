/*
 * The delivery loop: claims due rows, starts one from each host in turn, judges answers, writes results.  Sockets are the
 * client's, signatures the pool's; this thread only decides, and talks to the source.
 */
#include "deliver/internal.h"

#include "base/clock.h"
#include "base/rng.h"
#include "base/utf8.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TOTAL = 1000,
    PER_HOST = 4,
    QUEUE_MAX = 4096,
    SOURCE_RETRY_MS = 1000,
    CLAIM_POLL_MS = 10 * 1000,
    BODY_RETRY_MS = 30 * 1000,
    CUT_AGAIN_MS = 200,
    EXCESS_MS = 30 * 1000,
};

/* ---- answers -------------------------------------------------------------------------------------------------- */

static bool
follow(struct deliver *d, struct item *it)
{
    struct url from, to;

    if (!url_parse(d->mem, it->row.inbox, &from) ||
        !http_client_location(d->mem, it->response->url, it->response->location, &to) ||
        !str_eq(from.origin, to.origin))
        return false;
    it->moved = malloc(to.text.n + 1);
    if (it->moved == NULL)
        BUG("out of memory");
    memcpy(it->moved, to.text.p, to.text.n);
    it->moved[to.text.n] = '\0';
    it->followed = true;
    return true;
}

/* In which dialect to knock again: RFC 9421 with RSA, then the old one; UNKNOWN: it refused them all. */
static enum deliver_dialect
next_dialect(const struct item *it)
{
    unsigned tried = it->tried | 1u << it->dialect;

    if ((tried & 1u << DIALECT_RFC9421) == 0)
        return DIALECT_RFC9421;
    return (tried & 1u << DIALECT_CAVAGE) == 0 ? DIALECT_CAVAGE : DIALECT_UNKNOWN;
}

static void
knock(struct item *it, enum deliver_dialect next)
{
    it->tried |= 1u << it->dialect;
    it->dialect = next;
}

/* What the peer said, for the author's report: the status or the failure, and the start of a plain answer. */
static struct str
reason(struct deliver *d, const struct fetch_response *r)
{
    struct str body = str_trim(str_sub(r->body, 0, 150));

    if (r->status == 0 || (r->fail != FETCH_NONE && r->fail != FETCH_STATUS))
        return str_cat(d->mem, str_z(fetch_fail_text(r->fail)), S(": "), r->detail, STR_NONE);
    if (body.n == 0 || body.p[0] == '<')
        return r->detail;
    return utf8_clean(d->mem, str_cat(d->mem, r->detail, S(" "), utf8_cut(body, body.n), STR_NONE), true);
}

static void
leave_flight(struct deliver *d, struct item *it)
{
    d->active--;
    it->host->active--;
    d->active_doubt -= it->in_doubt;
}

static void
settle(struct deliver *d, struct item *it)
{
    const struct fetch_response *r = it->response;
    enum deliver_dialect next = next_dialect(it);
    struct deliver_verdict v = deliver_judge(r->fail, r->status, next == DIALECT_UNKNOWN, it->followed);
    struct dhost *h = it->host;
    struct str why = reason(d, r);
    int64_t wait = r->status >= 400 ? r->retry_after_ms : 0;

    if (v.fate == ROW_FOLLOW && !follow(d, it))
        v.fate = ROW_RETRY_ONCE;
    if (v.fate == ROW_KNOCK)
        knock(it, next);
    if (v.fate == ROW_KNOCK || v.fate == ROW_FOLLOW) {
        send_item(d, it);
        return;
    }
    if (v.fate == ROW_RETRY_ONCE)
        v.fate = it->row.tries == 0 ? ROW_RETRY : ROW_DROP;
    if (v.fate == ROW_OK)
        host_took(d, h, it->dialect, it->tried);
    leave_flight(d, it);
    hosts_pin(d->hosts, &h->h); /* outlives its item until below */
    host_hear(d, h, v.news);
    host_hold(d, h, wait);
    switch (v.fate) {
    case ROW_OK:
        finish_done(d, it, r->status);
        break;
    case ROW_RETRY:
    case ROW_RETRY_SLOW:
        finish_retry(d, it, r->status, v.fate == ROW_RETRY_SLOW, wait, why);
        break;
    case ROW_GIVE_BACK:
        finish_held(d, it, clock_ms() + (d->stopping ? 0 : SOURCE_RETRY_MS));
        break;
    default:
        finish_dead(d, it, r->status, why);
    }
    ring_put(d, h);
    hosts_unpin(d->hosts, &h->h);
}

/* Signing failed: the key is gone, or the database is busy. */
static void
settle_unsigned(struct deliver *d, struct item *it)
{
    struct dhost *h = it->host;

    leave_flight(d, it);
    hosts_pin(d->hosts, &h->h);
    if (it->sign_err == ERR_NOT_FOUND || it->sign_err == ERR_GONE)
        finish_dead(d, it, 0, S("the author has no key any more"));
    else
        finish_held(d, it, clock_ms() + (d->stopping ? 0 : BODY_RETRY_MS));
    ring_put(d, h);
    hosts_unpin(d->hosts, &h->h);
}

static void
take_host_ok(struct deliver *d, struct host_note *n)
{
    struct str name = { n->name, n->n };
    struct dhost *h = n->ed25519 ? host_for(d, name) : (struct dhost *)hosts_find(d->hosts, name);

    if (h != NULL && n->ed25519)
        host_knows_ed25519(d, h);
    if (h != NULL && (h->h.circuit.fails > 0 || h->parked))
        host_hear(d, h, NEWS_GOOD);
    free(n);
}

static void
take_mail(struct deliver *d)
{
    struct mail *m = mailbox_take_all(&d->box);

    while (m != NULL) {
        struct mail *next = m->next;
        struct note *n = (struct note *)m;

        if (n->kind == MAIL_WAKE) {
            d->wake_sent = false;
            d->next_claim_ms = 0;
        } else if (n->kind == MAIL_HOST_OK) {
            take_host_ok(d, (struct host_note *)n);
        } else {
            struct item *it = (struct item *)n;

            if (it->sign_err != ERR_OK)
                settle_unsigned(d, it);
            else
                settle(d, it);
        }
        m = next;
    }
}

/* ---- claiming and starting ------------------------------------------------------------------------------------ */

/* Rows of a host that opens again start a little spread out, so that many hosts held by one outage do not come back at once. */
static int64_t
opening(const struct dhost *h)
{
    return circuit_next_ms(&h->h.circuit) + (int64_t)rng_below(5000);
}

static bool
accept_row(struct deliver *d, const struct deliver_row *row, int64_t asked_ms, int64_t asked_mono_ms)
{
    struct item *it = item_find(d, row->id);
    struct dhost *h;

    if (it != NULL) { /* its lease ran out while it waits here, e.g. as the clock was moved */
        item_lease(it, row->lease_ms, asked_ms, asked_mono_ms);
        return false;
    }
    d->claimed++;
    it = item_new(d, row);
    item_lease(it, row->lease_ms, asked_ms, asked_mono_ms);
    h = host_for(d, row->host);
    if (h == NULL) {
        finish_held(d, it, clock_ms() + MINUTE_MS);
        return true;
    }
    hosts_pin(d->hosts, &h->h);
    it->host = h;
    it->row.host = h->h.name;
    if (h->dialect == DIALECT_UNKNOWN)
        h->dialect = row->dialect;
    if (host_slots(d, h, clock_ms()) == 0 && circuit_next_ms(&h->h.circuit) > clock_ms())
        finish_held(d, it, opening(h));
    else if (h->n_queued >= HOST_QUEUE_MAX) /* one host must not fill the memory of all */
        finish_held(d, it, clock_ms() + EXCESS_MS);
    else
        host_queue(d, h, it);
    return true;
}

static void
claim(struct deliver *d)
{
    struct str skip[SKIP_MAX];
    struct deliver_claim q = { .now_ms = clock_ms(), .skip_hosts = skip };
    struct deliver_rows rows = { 0 };
    int room = d->queue_max - d->queued;
    int64_t asked_mono_ms = clock_mono_ms(), wait;
    size_t accepted = 0;

    q.max = (size_t)MIN(room, CLAIM_MAX);
    q.max_per_host = d->queued_doubt > DOUBT_CLAIM_FROM ? DOUBT_QUEUE : HOST_CLAIM_MAX;
    q.n_skip = hosts_to_skip(d, skip, SKIP_MAX);
    /* What is done must not come again, as it would if leases ended before its result is written. */
    if (!results_flush(d) || d->source.claim(d->source.arg, d->mem, &q, &rows) != ERR_OK) {
        d->next_claim_ms = clock_mono_ms() + SOURCE_RETRY_MS;
        return;
    }
    for (size_t i = 0; i < rows.n; i++)
        accepted += accept_row(d, &rows.v[i], q.now_ms, asked_mono_ms);
    if (rows.n >= q.max && accepted > 0) { /* there is more; none new means wait for those we have */
        d->next_claim_ms = 0;
        return;
    }
    wait = rows.next_due_ms == 0 ? d->poll_ms : MAX(rows.next_due_ms - clock_ms(), 1);
    d->next_claim_ms = clock_mono_ms() + MIN(wait, d->poll_ms);
}

static void
start(struct deliver *d, struct dhost *h, struct item *it)
{
    enum err e = body_get(d, it->row.activity_id, &it->body);

    if (e != ERR_OK) {
        if (e == ERR_NOT_FOUND || e == ERR_GONE)
            finish_dead(d, it, 0, S("the activity was deleted"));
        else
            finish_held(d, it, clock_ms() + BODY_RETRY_MS);
        return;
    }
    it->dialect = h->dialect == DIALECT_UNKNOWN ? DIALECT_CAVAGE : h->dialect;
    it->in_doubt = h->in_doubt;
    h->active++;
    d->active++;
    d->active_doubt += it->in_doubt;
    send_item(d, it);
}

static void
give_back_all(struct deliver *d, struct dhost *h, int64_t next_ms)
{
    struct item *it;

    while ((it = host_pop(d, h)) != NULL)
        finish_held(d, it, next_ms);
}

/* One from each host in turn.  A host at its limit leaves the ring and returns with its next answer. */
static void
pump(struct deliver *d)
{
    struct dhost *h;

    while ((d->active < d->total || d->stopping) && (h = ring_take(d)) != NULL) {
        int64_t now = clock_ms();
        int slots = host_slots(d, h, now);
        struct item *it;

        if (h->first == NULL)
            continue;
        hosts_pin(d->hosts, &h->h);
        if (d->stopping)
            give_back_all(d, h, now);
        else if (slots == 0)
            give_back_all(d, h, opening(h));
        else if (item_left_ms(h->first) < LEFT_TO_BEGIN_MS)
            give_back_all(d, h, now);
        else if (h->active >= slots)
            ; /* its next answer brings it back */
        else if (h->in_doubt && d->active_doubt >= d->total / 2)
            ring_wait(d, h);
        else if ((it = host_pop(d, h)) != NULL) {
            start(d, h, it);
            ring_put(d, h);
        }
        hosts_unpin(d->hosts, &h->h);
    }
}

/* ---- the thread ----------------------------------------------------------------------------------------------- */

static void
put_all_in_ring(void *arg, struct host *h)
{
    ring_put(arg, (struct dhost *)h);
}

static bool
may_claim(const struct deliver *d)
{
    return !d->stopping && d->queued <= d->queue_max / 2 && !(results_full(d) && d->next_write_ms > clock_mono_ms());
}

static void
flush_if_due(struct deliver *d)
{
    int64_t now = clock_mono_ms();

    if ((d->n_results > 0 || d->n_changes > 0) && now >= d->next_write_ms &&
        (d->active == 0 || results_full(d) || now - d->oldest_result_ms >= RESULTS_WAIT_MS))
        results_flush(d);
}

static int
sleep_ms(struct deliver *d)
{
    int64_t until = may_claim(d) ? d->next_claim_ms : INT64_MAX;

    if (d->n_results > 0 || d->n_changes > 0)
        until = MIN(until, MAX(d->oldest_result_ms + RESULTS_WAIT_MS, d->next_write_ms));
    if (d->stopping)
        until = MIN(until, MAX(d->grace_end_ms, clock_mono_ms() + CUT_AGAIN_MS));
    return (int)MIN(MAX(until - clock_mono_ms(), 0), d->poll_ms);
}

static void
turn(struct deliver *d)
{
    take_mail(d);
    if (d->stopping) {
        hosts_each(d->hosts, put_all_in_ring, d);
        if (clock_mono_ms() >= d->grace_end_ms) {
            d->cutting = true;
            http_client_abort(d->client, d);
        }
    }
    pump(d);
    if (may_claim(d) && clock_mono_ms() >= d->next_claim_ms) {
        claim(d);
        pump(d);
    }
    flush_if_due(d);
    arena_reset(d->mem);
}

static void *
loop_thread(void *arg)
{
    struct deliver *d = arg;

    hosts_restore(d);
    for (;;) {
        struct pollfd p = { d->box.fd, POLLIN, 0 };

        turn(d);
        if (d->stopping && d->active == 0 && d->queued == 0)
            break;
        if (poll(&p, 1, sleep_ms(d)) < 0 && errno != EINTR)
            BUG("poll: %s", strerror(errno));
    }
    results_flush(d); /* when it fails the rows are due again: at least once */
    return NULL;
}

/* ---- other threads -------------------------------------------------------------------------------------------- */

void
deliver_wake(struct deliver *d)
{
    if (!atomic_exchange(&d->wake_sent, true))
        mailbox_send_take(&d->box, &d->wake_note.mail);
}

void
deliver_host_ok(struct deliver *d, struct str host, bool ed25519)
{
    struct host_note *n = malloc(sizeof(*n) + host.n);

    if (n == NULL)
        BUG("out of memory");
    n->note.kind = MAIL_HOST_OK;
    n->ed25519 = ed25519;
    n->n = host.n;
    memcpy(n->name, host.p, host.n);
    mailbox_send_take(&d->box, &n->note.mail);
}

void
deliver_stats(struct deliver *d, struct deliver_stats *out)
{
    *out = (struct deliver_stats){ d->queued, d->active, d->claimed, d->done, d->retried, d->held, d->dead };
}

/* The clock's callbacks last as long as the process, a loop does not: one slot, one loop in a process. */
static pthread_mutex_t shift_lock = PTHREAD_MUTEX_INITIALIZER;
static struct deliver *shift_wakes;

static void
on_shift(void *arg)
{
    pthread_mutex_lock(&shift_lock);
    if (shift_wakes != NULL)
        deliver_wake(shift_wakes);
    pthread_mutex_unlock(&shift_lock);
}

static void
register_shift(void)
{
    clock_on_shift(on_shift, NULL);
}

static void
set_shift_wakes(struct deliver *d)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_shift);
    pthread_mutex_lock(&shift_lock);
    shift_wakes = d;
    pthread_mutex_unlock(&shift_lock);
}

static int
or_default(int v, int dflt)
{
    return v > 0 ? v : dflt;
}

static void
free_all(struct deliver *d)
{
    pool_free(d->signers);
    bodies_free(d);
    hosts_free(d->hosts);
    arena_free(d->mem);
    arena_free(d->results_mem);
    free(d);
}

struct deliver *
deliver_new(const struct deliver_options *o)
{
    struct deliver *d = calloc(1, sizeof(*d));

    if (d == NULL)
        BUG("out of memory");
    d->source = o->source;
    d->sign = o->sign;
    d->sign_arg = o->sign_arg;
    d->client = o->client;
    d->total = or_default(o->total, TOTAL);
    d->per_host = or_default(o->per_host, PER_HOST);
    d->queue_max = or_default(o->queue_max, QUEUE_MAX);
    d->timeout_ms = or_default(o->timeout_ms, FETCH_TIMEOUT_MS);
    d->poll_ms = or_default(o->poll_ms, CLAIM_POLL_MS);
    d->wake_note.kind = MAIL_WAKE;
    d->hosts = hosts_new(HOSTS_MAX, sizeof(struct dhost));
    d->mem = arena_new_heap();
    d->results_mem = arena_new_heap();
    if (mailbox_init(&d->box) != ERR_OK) {
        free_all(d);
        return NULL;
    }
    d->signers = signers_new(d, or_default(o->signers, (int)sysconf(_SC_NPROCESSORS_ONLN)));
    if (d->signers == NULL || pthread_create(&d->thread, NULL, loop_thread, d) != 0) {
        mailbox_done(&d->box);
        free_all(d);
        return NULL;
    }
    set_shift_wakes(d);
    return d;
}

void
deliver_free(struct deliver *d, int grace_ms)
{
    struct mail *m;

    if (d == NULL)
        return;
    set_shift_wakes(NULL);
    d->grace_end_ms = clock_mono_ms() + grace_ms;
    d->stopping = true;
    deliver_wake(d);
    pthread_join(d->thread, NULL);
    for (m = mailbox_take_all(&d->box); m != NULL;) {
        struct note *n = (struct note *)m;

        m = m->next;
        if (n->kind == MAIL_HOST_OK)
            free(n);
    }
    mailbox_done(&d->box);
    free_all(d);
}
