/* One writer, many readers: a line is published by the number of lines, and only its counters change afterwards. */
#include "base/metric_host.h"

#include <stdatomic.h>
#include <string.h>

enum { CANDIDATES = 128 };

struct line {
    char host[METRIC_HOST_BYTES];
    _Atomic int64_t n[METRIC_HOST_RESULTS];
};

static struct line lines[METRIC_HOSTS], other;
static _Atomic size_t n_lines;

/* Who may become one: the rarest gives way to a new name, which inherits its count (the space-saving algorithm). */
static struct candidate {
    char host[METRIC_HOST_BYTES];
    int64_t count;
} candidates[CANDIDATES];

static bool
is(const char *name, struct str host)
{
    return str_eqz(host, name);
}

static bool
is_busy(struct str host)
{
    struct candidate *rarest = &candidates[0];

    for (size_t i = 0; i < CANDIDATES; i++) {
        struct candidate *c = &candidates[i];

        if (is(c->host, host))
            return ++c->count >= METRIC_HOST_BUSY;
        if (c->count < rarest->count)
            rarest = c;
    }
    memcpy(rarest->host, host.p, host.n);
    rarest->host[host.n] = '\0';
    return ++rarest->count >= METRIC_HOST_BUSY;
}

static struct line *
line_of(struct str host)
{
    size_t n = atomic_load_explicit(&n_lines, memory_order_relaxed);
    struct line *l;

    for (size_t i = 0; i < n; i++)
        if (is(lines[i].host, host))
            return &lines[i];
    if (n == METRIC_HOSTS || host.n >= METRIC_HOST_BYTES || !is_busy(host))
        return &other;
    l = &lines[n];
    memcpy(l->host, host.p, host.n);
    atomic_store_explicit(&n_lines, n + 1, memory_order_release);
    return l;
}

void
metric_host_add(struct str host, enum metric_host_result result)
{
    atomic_fetch_add_explicit(&line_of(host)->n[result], 1, memory_order_relaxed);
}

static void
put(struct buf *b, const char *host, struct line *l)
{
    static const char *const results[] = { "delivered", "retry", "drop" };

    for (int i = 0; i < METRIC_HOST_RESULTS; i++)
        buf_putf(b, "dassie_deliveries_by_host_total{host=\"%s\",result=\"%s\"} %lld\n", host, results[i],
            (long long)atomic_load_explicit(&l->n[i], memory_order_relaxed));
}

void
metric_host_render(struct buf *b)
{
    size_t n = atomic_load_explicit(&n_lines, memory_order_acquire);

    buf_putz(b, "# HELP dassie_deliveries_by_host_total Deliveries by result of the attempt, for the busiest hosts.\n"
                "# TYPE dassie_deliveries_by_host_total counter\n");
    for (size_t i = 0; i < n; i++)
        put(b, lines[i].host, &lines[i]);
    put(b, "other", &other);
}
