/*
 * Hosts of deliveries: who may be sent to now, in turn, and what was learned of them.  The table is bounded; what must survive
 * (state, dialect) is handed to the source with the results.
 */
#include "deliver/internal.h"

#include "base/clock.h"

enum { CALM_MS = 60 * 1000 };

struct dhost *
host_for(struct deliver *d, struct str name)
{
    return (struct dhost *)hosts_get(d->hosts, name);
}

void
ring_put(struct deliver *d, struct dhost *h)
{
    if (h->in_ring || h->first == NULL)
        return;
    h->in_ring = true;
    h->ring_next = NULL;
    if (d->ring_last != NULL)
        d->ring_last->ring_next = h;
    else
        d->ring_first = h;
    d->ring_last = h;
}

struct dhost *
ring_take(struct deliver *d)
{
    struct dhost *h = d->ring_first;

    if (h == NULL)
        return NULL;
    d->ring_first = h->ring_next;
    if (d->ring_first == NULL)
        d->ring_last = NULL;
    h->in_ring = false;
    return h;
}

void
host_queue(struct deliver *d, struct dhost *h, struct item *it)
{
    it->next = NULL;
    if (h->last != NULL)
        h->last->next = it;
    else
        h->first = it;
    h->last = it;
    h->n_queued++;
    d->queued++;
    ring_put(d, h);
}

struct item *
host_pop(struct deliver *d, struct dhost *h)
{
    struct item *it = h->first;

    if (it == NULL)
        return NULL;
    h->first = it->next;
    if (h->first == NULL)
        h->last = NULL;
    h->n_queued--;
    d->queued--;
    return it;
}

int
host_slots(struct deliver *d, const struct dhost *h, int64_t now_ms)
{
    return circuit_slots(&h->h.circuit, now_ms, now_ms < h->calm_until_ms ? 1 : d->per_host);
}

/* Waiting rows of a closed host are moved behind its opening by one statement; those in memory go back one by one (loop.c). */
static void
park_if_closed(struct deliver *d, struct dhost *h)
{
    int64_t now = clock_ms(), until = circuit_next_ms(&h->h.circuit);

    /* A failed write leaves them due: they are claimed, and given back one by one. */
    if (until > now && d->source.park(d->source.arg, h->h.name, until) == ERR_OK)
        h->parked = true;
}

void
host_hear(struct deliver *d, struct dhost *h, enum host_news news)
{
    struct circuit before = h->h.circuit;
    struct circuit *c = &h->h.circuit;
    int64_t now = clock_ms();

    if (news == NEWS_NONE)
        return;
    if (news == NEWS_BAD)
        circuit_fail(c, now);
    else
        circuit_ok(c);
    if (c->state != before.state || c->days != before.days)
        host_changed(d, h);
    if (news == NEWS_BAD) {
        if (c->state >= CIRCUIT_DOWN)
            park_if_closed(d, h);
        return;
    }
    if (before.state >= CIRCUIT_DOWN)
        h->calm_until_ms = now + CALM_MS;
    if (h->parked && d->source.release(d->source.arg, h->h.name, now) == ERR_OK) {
        h->parked = false;
        d->next_claim_ms = 0;
    }
}

void
host_hold(struct deliver *d, struct dhost *h, int64_t ms)
{
    int64_t now = clock_ms();

    if (ms <= 0)
        return;
    circuit_hold(&h->h.circuit, now, now + ms);
    park_if_closed(d, h);
}

void
host_dialect(struct deliver *d, struct dhost *h, enum deliver_dialect dialect)
{
    if (h->dialect == dialect)
        return;
    h->dialect = dialect;
    host_changed(d, h);
}

void
hosts_restore(struct deliver *d)
{
    struct deliver_hosts v = { 0 };

    if (d->source.hosts == NULL || d->source.hosts(d->source.arg, d->mem, HOSTS_MAX / 2, &v) != ERR_OK)
        return; /* it is learned again */
    for (size_t i = 0; i < v.n; i++) {
        struct dhost *h = host_for(d, v.v[i].name);

        h->dialect = v.v[i].dialect;
        h->h.circuit = v.v[i].circuit;
        h->parked = h->h.circuit.state >= CIRCUIT_DOWN;
    }
    arena_reset(d->mem);
}

struct skip {
    struct str *v;
    size_t n, max;
};

static void
add_skip(void *arg, struct host *host)
{
    const struct dhost *h = (const struct dhost *)host;
    struct skip *s = arg;

    if (h->n_queued > HOST_CLAIM_MAX && s->n < s->max)
        s->v[s->n++] = h->h.name;
}

size_t
hosts_to_skip(struct deliver *d, struct str *out, size_t max)
{
    struct skip s = { out, 0, max };

    if (d->queued > HOST_CLAIM_MAX)
        hosts_each(d->hosts, add_skip, &s);
    return s.n;
}
