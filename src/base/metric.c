/* Metrics: a table of atomics.  Histograms have the same bounds everywhere, from 100 µs to 30 s. */
#include "base/metric.h"

#include "base/metric_host.h"

#include <stdatomic.h>
#include <string.h>

enum kind { KIND_COUNTER, KIND_GAUGE, KIND_HISTOGRAM };

static const struct {
    int64_t ns;
    const char *le;
} bounds[] = {
    { 100000, "0.0001" },
    { 300000, "0.0003" },
    { 1000000, "0.001" },
    { 3000000, "0.003" },
    { 10000000, "0.01" },
    { 30000000, "0.03" },
    { 100000000, "0.1" },
    { 300000000, "0.3" },
    { 1000000000, "1" },
    { 3000000000, "3" },
    { 10000000000, "10" },
    { 30000000000, "30" },
};

static const struct {
    enum kind kind;
    const char *name, *labels, *help;
} table[METRIC_COUNT] = {
#define METRIC(id, kind, name, labels, help) { KIND_##kind, name, labels, help },
#include "base/metrics.def"
#undef METRIC
};

static struct {
    _Atomic int64_t value; /* HISTOGRAM: sum in nanoseconds */
    _Atomic int64_t buckets[lengthof(bounds) + 1];
} state[METRIC_COUNT];

static void
add(_Atomic int64_t *at, int64_t n)
{
    atomic_fetch_add_explicit(at, n, memory_order_relaxed);
}

static int64_t
load(_Atomic int64_t *at)
{
    return atomic_load_explicit(at, memory_order_relaxed);
}

void
metric_add(enum metric m, int64_t n)
{
    CHECK(table[m].kind == KIND_GAUGE || (table[m].kind == KIND_COUNTER && n >= 0));
    add(&state[m].value, n);
}

void
metric_observe(enum metric m, int64_t ns)
{
    size_t i = 0;

    CHECK(table[m].kind == KIND_HISTOGRAM);
    while (i < lengthof(bounds) && ns > bounds[i].ns)
        i++;
    add(&state[m].buckets[i], 1);
    add(&state[m].value, MAX(ns, 0));
}

int64_t
metric_get(enum metric m)
{
    int64_t n = 0;

    if (table[m].kind != KIND_HISTOGRAM)
        return load(&state[m].value);
    for (size_t i = 0; i <= lengthof(bounds); i++)
        n += load(&state[m].buckets[i]);
    return n;
}

static void
render_histogram(struct buf *b, enum metric m)
{
    const char *name = table[m].name, *labels = table[m].labels, *comma = labels[0] == '\0' ? "" : ",";
    const char *open = labels[0] == '\0' ? "" : "{", *close = labels[0] == '\0' ? "" : "}";
    int64_t n = 0, ns = load(&state[m].value);

    for (size_t i = 0; i <= lengthof(bounds); i++) {
        n += load(&state[m].buckets[i]);
        buf_putf(b, "%s_bucket{%s%sle=\"%s\"} %lld\n", name, labels, comma,
            i < lengthof(bounds) ? bounds[i].le : "+Inf", (long long)n);
    }
    buf_putf(b, "%s_sum%s%s%s %lld.%09lld\n", name, open, labels, close, (long long)(ns / 1000000000),
        (long long)(ns % 1000000000));
    buf_putf(b, "%s_count%s%s%s %lld\n", name, open, labels, close, (long long)n);
}

void
metric_render(struct buf *b)
{
    static const char *const kinds[] = { "counter", "gauge", "histogram" };

    for (size_t i = 0; i < METRIC_COUNT; i++) {
        const char *labels = table[i].labels;

        if (i == 0 || strcmp(table[i - 1].name, table[i].name) != 0)
            buf_putf(
                b, "# HELP %s %s\n# TYPE %s %s\n", table[i].name, table[i].help, table[i].name, kinds[table[i].kind]);
        if (table[i].kind == KIND_HISTOGRAM)
            render_histogram(b, (enum metric)i);
        else if (labels[0] == '\0')
            buf_putf(b, "%s %lld\n", table[i].name, (long long)metric_get((enum metric)i));
        else
            buf_putf(b, "%s{%s} %lld\n", table[i].name, labels, (long long)metric_get((enum metric)i));
    }
    metric_host_render(b);
}
