/* How rows enter and leave memory, and how what became of them is written: many at once. */
#include "deliver/internal.h"

#include "base/clock.h"
#include "base/metric.h"
#include "base/metric_host.h"
#include "base/rng.h"

#include <stdlib.h>
#include <string.h>

/* ---- rows in memory ------------------------------------------------------------------------------------------- */

static size_t
bucket(int64_t id)
{
    return (uint64_t)id * 0x9e3779b97f4a7c15u >> 52 & (BUCKETS - 1);
}

struct item *
item_find(const struct deliver *d, int64_t id)
{
    struct item *it = d->by_id[bucket(id)];

    while (it != NULL && it->row.id != id)
        it = it->chain;
    return it;
}

void
item_lease(struct item *it, int64_t lease_ms, int64_t asked_ms, int64_t asked_mono_ms)
{
    it->lease_ms = lease_ms;
    it->lease_mono_ms = asked_mono_ms + (lease_ms - asked_ms);
}

int64_t
item_left_ms(const struct item *it)
{
    return MIN(it->lease_ms - clock_ms(), it->lease_mono_ms - clock_mono_ms());
}

struct item *
item_new(struct deliver *d, const struct deliver_row *row)
{
    struct item *it = calloc(1, sizeof(*it) + row->inbox.n + 1), **at = &d->by_id[bucket(row->id)];

    if (it == NULL)
        BUG("out of memory");
    it->note.kind = MAIL_DONE;
    it->d = d;
    it->row = *row;
    memcpy(it->data, row->inbox.p, row->inbox.n);
    it->row.inbox = (struct str){ it->data, row->inbox.n };
    it->chain = *at;
    *at = it;
    return it;
}

static void
item_free(struct deliver *d, struct item *it)
{
    struct item **at = &d->by_id[bucket(it->row.id)];

    while (*at != it)
        at = &(*at)->chain;
    *at = it->chain;
    body_put(d, it->body);
    fetch_response_free(it->response);
    if (it->host != NULL)
        hosts_unpin(d->hosts, &it->host->h);
    free(it->moved);
    free(it);
}

/* ---- results -------------------------------------------------------------------------------------------------- */

bool
results_full(const struct deliver *d)
{
    return d->n_results == RESULTS_MAX || d->n_changes == RESULTS_MAX;
}

bool
results_flush(struct deliver *d)
{
    struct deliver_batch b = { d->results, d->n_results, d->changes, d->n_changes };

    if (d->n_results == 0 && d->n_changes == 0)
        return true;
    if (d->source.write(d->source.arg, &b) != ERR_OK) {
        d->next_write_ms = clock_mono_ms() + SECOND_MS;
        return false;
    }
    d->n_results = d->n_changes = 0;
    arena_reset(d->results_mem);
    return true;
}

/* Room for one more.  When the source takes nothing the oldest result is forgotten: its lease ends and the row is sent again. */
static struct deliver_result *
add(struct deliver *d)
{
    if (results_full(d) && !results_flush(d) && d->n_results == RESULTS_MAX) {
        memmove(d->results, d->results + 1, (RESULTS_MAX - 1) * sizeof(d->results[0]));
        d->n_results--;
    }
    if (d->n_results == 0)
        d->oldest_result_ms = clock_mono_ms();
    return &d->results[d->n_results++];
}

static void
finish(struct deliver *d, struct item *it, struct deliver_result r, struct str why)
{
    struct deliver_result *out = add(d);

    *out = r;
    out->id = it->row.id;
    out->lease_ms = it->lease_ms;
    out->activity_id = it->row.activity_id;
    out->inbox = str_dup(d->results_mem, it->row.inbox);
    out->error = str_dup(d->results_mem, str_sub(why, 0, DELIVER_ERROR_BYTES));
    item_free(d, it);
}

static void
count(const struct item *it, enum metric all, enum metric_host_result result)
{
    metric_add(all, 1);
    metric_host_add(it->row.host, result);
}

void
finish_done(struct deliver *d, struct item *it, int status)
{
    d->done++;
    count(it, METRIC_DELIVERED, METRIC_HOST_DELIVERED);
    finish(
        d, it, (struct deliver_result){ .state = DELIVER_DONE, .tries = it->row.tries, .http_status = status }, S(""));
}

void
finish_dead(struct deliver *d, struct item *it, int status, struct str why)
{
    d->dead++;
    count(it, METRIC_DELIVERY_DROPPED, METRIC_HOST_DROP);
    finish(d, it, (struct deliver_result){ .state = DELIVER_DEAD, .tries = it->row.tries + 1, .http_status = status },
        why);
}

void
finish_retry(struct deliver *d, struct item *it, int status, bool slow, int64_t least_ms, struct str why)
{
    uint64_t random;
    int64_t now = clock_ms(), end = it->row.created_ms + DELIVER_HORIZON_MS, next;
    int tries = it->row.tries + 1;

    rng_bytes(&random, sizeof(random));
    next = now + MAX(deliver_delay_ms(tries, slow, random), least_ms);
    if (next > end && now < end - HOUR_MS)
        next = MAX(end, now + least_ms); /* the last attempt, at the very end */
    if (next > end) {
        finish_dead(d, it, status, str_cat(d->mem, S("gave up after 7 days: "), why, STR_NONE));
        return;
    }
    d->retried++;
    count(it, METRIC_DELIVERY_RETRIED, METRIC_HOST_RETRY);
    finish(d, it,
        (struct deliver_result){ .state = DELIVER_RETRY, .tries = tries, .http_status = status, .next_ms = next }, why);
}

void
finish_held(struct deliver *d, struct item *it, int64_t next_ms)
{
    d->held++;
    finish(d, it, (struct deliver_result){ .state = DELIVER_HELD, .tries = it->row.tries, .next_ms = next_ms }, S(""));
}

void
host_changed(struct deliver *d, struct dhost *h)
{
    if (d->n_changes == RESULTS_MAX && !results_flush(d))
        return; /* learned again after the next start */
    if (d->n_results == 0 && d->n_changes == 0)
        d->oldest_result_ms = clock_mono_ms();
    d->changes[d->n_changes++] =
        (struct deliver_host){ str_dup(d->results_mem, h->h.name), h->dialect, h->no_ed25519_ms, h->h.circuit };
}
