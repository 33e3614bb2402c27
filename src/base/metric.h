/* Counters, gauges and histograms from one table (metrics.def), shown as Prometheus text.  Any thread; relaxed atomics. */
#ifndef BASE_METRIC_H
#define BASE_METRIC_H

#include "base/buf.h"

enum metric {
#define METRIC(id, kind, name, labels, help) METRIC_##id,
#include "base/metrics.def"
#undef METRIC
    METRIC_COUNT
};

/* COUNTER: n > 0; GAUGE: any n. */
void metric_add(enum metric m, int64_t n);
/* HISTOGRAM: one observation of so many nanoseconds. */
void metric_observe(enum metric m, int64_t ns);
/* The current value; of a histogram the number of observations. */
int64_t metric_get(enum metric m);
/* Text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/ */
void metric_render(struct buf *b);

#endif
