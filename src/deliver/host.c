/*
 * Hosts of deliveries: who may be sent to now, in turn, and what was learned of them.  The table is bounded; what must survive
 * (state, dialect) is handed to the source with the results.
 */
#include "deliver/internal.h"

#include "base/clock.h"

enum { CALM_MS = 60 * 1000, SUSPECT_MS = 30 * 1000, SUSPECT_MAX_MS = 10 * 60 * 1000 };

#define NO_ED25519_MS ((int64_t)30 * DAY_MS)

/* ---- turns ------------------------------------------------------------------------------------------------------ */

static void
put(struct ring_of_hosts *r, struct dhost *h)
{
    if (h->in_ring || h->first == NULL)
        return;
    h->in_ring = true;
    h->ring_next = NULL;
    if (r->last != NULL)
        r->last->ring_next = h;
    else
        r->first = h;
    r->last = h;
}

static struct dhost *
take(struct ring_of_hosts *r)
{
    struct dhost *h = r->first;

    if (h == NULL)
        return NULL;
    r->first = h->ring_next;
    if (r->first == NULL)
        r->last = NULL;
    h->in_ring = false;
    return h;
}

void
ring_put(struct deliver *d, struct dhost *h)
{
    put(&d->ring, h);
}

struct dhost *
ring_take(struct deliver *d)
{
    struct dhost *h = d->active_doubt < d->total / 2 || d->stopping ? take(&d->waiting) : NULL;

    return h != NULL ? h : take(&d->ring);
}

void
ring_wait(struct deliver *d, struct dhost *h)
{
    put(&d->waiting, h);
}

/* ---- room ------------------------------------------------------------------------------------------------------- */

static bool
has_enough(const struct dhost *h)
{
    return h->n_queued >= (h->in_doubt ? DOUBT_QUEUE : HOST_CLAIM_MAX + 1);
}

/* After each change of what has_enough() looks at. */
static void
ask_if_skipped(struct deliver *d, struct dhost *h)
{
    if (!h->skipped || has_enough(h))
        return;
    h->skipped = false;
    d->next_claim_ms = 0;
}

/* ---- doubt ------------------------------------------------------------------------------------------------------- */

/*
 * A host that has not answered yet, or failed the last time, may be one that takes every request for half a minute.  It gets one request
 * at a time, all such hosts together half of the places, and few of its rows stand in memory; so any number of dead hosts leaves the
 * others what they need.  One good answer ends the doubt.
 */
static void
host_doubt(struct deliver *d, struct dhost *h)
{
    bool doubt = !h->answered || h->h.circuit.fails > 0;

    if (doubt == h->in_doubt)
        return;
    h->in_doubt = doubt;
    d->queued_doubt += doubt ? (int)h->n_queued : -(int)h->n_queued;
    if (!doubt)
        ring_put(d, h);
    ask_if_skipped(d, h);
}

struct dhost *
host_for(struct deliver *d, struct str name)
{
    struct dhost *h = (struct dhost *)hosts_get(d->hosts, name);

    if (h != NULL && h->n_queued == 0)
        host_doubt(d, h); /* perhaps it is new */
    return h;
}

/* ---- rows of a host -------------------------------------------------------------------------------------------- */

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
    d->queued_doubt += h->in_doubt;
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
    d->queued_doubt -= h->in_doubt;
    ask_if_skipped(d, h);
    return it;
}

int
host_slots(struct deliver *d, const struct dhost *h, int64_t now_ms)
{
    return circuit_slots(&h->h.circuit, now_ms, h->in_doubt || now_ms < h->calm_until_ms ? 1 : d->per_host);
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

/* Between two requests to a host that fails: 30 s, twice as long after each, at most ten minutes. */
static int64_t
suspect_ms(const struct circuit *c)
{
    int n = MIN(c->fails - CIRCUIT_SUSPECT_FAILS, 8);

    return MIN((int64_t)SUSPECT_MS << n, (int64_t)SUSPECT_MAX_MS);
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
    h->answered = h->answered || news == NEWS_GOOD;
    host_doubt(d, h);
    if (c->state != before.state || c->days != before.days)
        host_changed(d, h);
    if (news == NEWS_BAD) {
        if (c->state == CIRCUIT_SUSPECT) /* its rows wait together, not each for itself */
            circuit_hold(c, now, now + suspect_ms(c));
        if (c->state >= CIRCUIT_SUSPECT)
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
host_took(struct deliver *d, struct dhost *h, enum deliver_dialect dialect, unsigned tried)
{
    bool refused = (tried & 1u << DIALECT_ED25519) != 0;

    if (refused)
        h->no_ed25519_ms = clock_ms();
    else if (h->dialect == DIALECT_ED25519)
        return; /* this one was signed with RSA for reasons of ours */
    if (h->dialect == dialect)
        return;
    h->dialect = dialect;
    host_changed(d, h);
}

void
host_knows_ed25519(struct deliver *d, struct dhost *h)
{
    if (h->dialect == DIALECT_ED25519 || (h->no_ed25519_ms != 0 && clock_ms() < h->no_ed25519_ms + NO_ED25519_MS))
        return;
    h->dialect = DIALECT_ED25519;
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
        h->no_ed25519_ms = v.v[i].no_ed25519_ms;
        h->h.circuit = v.v[i].circuit;
        h->answered = h->h.circuit.fails == 0;
        host_doubt(d, h);
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
    struct dhost *h = (struct dhost *)host;
    struct skip *s = arg;

    h->skipped = has_enough(h) && s->n < s->max;
    if (h->skipped)
        s->v[s->n++] = h->h.name;
}

size_t
hosts_to_skip(struct deliver *d, struct str *out, size_t max)
{
    struct skip s = { out, 0, max };

    if (d->queued > 0)
        hosts_each(d->hosts, add_skip, &s);
    return s.n;
}
