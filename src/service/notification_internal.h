/* What the services of notifications share. */
#ifndef SERVICE_NOTIFICATION_INTERNAL_H
#define SERVICE_NOTIFICATION_INTERNAL_H

#include "service/notification.h"
#include "store/notification.h"

/* Accounts, statuses and events of all; what became invisible, or comes from suspended or blocked accounts, is left out. */
NODISCARD enum err service_notification_fill(struct ctx *c, struct notification *v, size_t *n);
/* The filter as the store takes it, for the caller. */
struct notification_query service_notification_query(const struct ctx *c, const struct notification_filter *f);
/* The caller's marker, 0 when there is none. */
NODISCARD enum err service_notification_read_up_to(struct ctx *c, int64_t *out);

#endif
