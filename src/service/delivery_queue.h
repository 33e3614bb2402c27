/* Deliveries and hosts as an operator sees and moves them. */
#ifndef SERVICE_DELIVERY_QUEUE_H
#define SERVICE_DELIVERY_QUEUE_H

#include "base/ctx.h"
#include "store/federation.h"

enum { DELIVERIES_SHOWN = 200, HOSTS_SHOWN = 1000 };

/* up, suspect, down, dead, and lost: dead for 60 days. */
const char *service_host_state_name(const struct host_row *h);

/* host empty: of all.  Those that wait, the first due first; failed: those that were given up, newest first. */
NODISCARD enum err service_delivery_list(struct ctx *c, struct str host, bool failed, struct deliveries *out);
/* Everything that waits or was given up is tried now, and hosts that are down are taken for up. */
NODISCARD enum err service_delivery_retry(struct ctx *c, struct str host, int64_t *n);
/* Forget what waits or was given up, but for what is being sent at this moment. */
NODISCARD enum err service_delivery_drop(struct ctx *c, struct str host, int64_t *n);
/* Hosts that are not up, or all that are remembered. */
NODISCARD enum err service_delivery_host_views(struct ctx *c, bool all, struct host_views *out);
/* Take a host for up.  NOT_FOUND with a public text: nothing is known of it. */
NODISCARD enum err service_delivery_host_reset(struct ctx *c, struct str host);
/* The job: the same in the process that delivers. */
NODISCARD enum err service_delivery_host_open(struct ctx *c, struct str host);

#endif
