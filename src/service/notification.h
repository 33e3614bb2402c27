/* Notifications. */
#ifndef SERVICE_NOTIFICATION_H
#define SERVICE_NOTIFICATION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/notification.h"

/*
 * In a write transaction: tell a local account, unless it is the actor itself, blocks or mutes it (with notifications), muted the
 * conversation, or cannot see the status.  Remote accounts: nothing.
 */
NODISCARD enum err service_notify(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id);
/* Its cause is undone. */
NODISCARD enum err service_unnotify(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id);

/* The caller's, filled.  kinds: bits of enum notification_kind; from: 0 or only of that account. */
NODISCARD enum err service_notification_page(
    struct ctx *c, uint64_t kinds, int64_t from, const struct page *p, struct notifications *out);
NODISCARD enum err service_notification_get(struct ctx *c, int64_t id, struct notification **out);
NODISCARD enum err service_notification_dismiss(struct ctx *c, int64_t id);
NODISCARD enum err service_notification_clear(struct ctx *c);
NODISCARD enum err service_notification_unread(struct ctx *c, int64_t limit, int64_t *out);

#endif
