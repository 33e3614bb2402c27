/*
 * Deliveries by host: the 40 busiest have lines of their own, everybody else is "other", so that the number of lines has a bound whatever
 * names come.  A host gets its line when it is busy enough, and keeps it; what was before counts as other.
 */
#ifndef BASE_METRIC_HOST_H
#define BASE_METRIC_HOST_H

#include "base/buf.h"

enum { METRIC_HOSTS = 40, METRIC_HOST_BUSY = 50, METRIC_HOST_BYTES = 128 };
enum metric_host_result { METRIC_HOST_DELIVERED, METRIC_HOST_RETRY, METRIC_HOST_DROP, METRIC_HOST_RESULTS };

/* The thread of the delivery loop only; host is an authority in lower case. */
void metric_host_add(struct str host, enum metric_host_result result);
/* Any thread. */
void metric_host_render(struct buf *b);

#endif
