/* Notifications and read markers. */
#ifndef STORE_NOTIFICATION_H
#define STORE_NOTIFICATION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/notification.h"

/* One row for one cause: (account, kind, from, status) again changes nothing; *added says. */
NODISCARD enum err store_notification_put(struct ctx *c, const struct notification *n, bool *added);
/* kinds: bit set of enum notification_kind.  from: 0 or only from that account.  Not filled. */
NODISCARD enum err store_notification_page(
    struct ctx *c, int64_t account_id, uint64_t kinds, int64_t from, const struct page *p, struct notifications *out);
NODISCARD enum err store_notification_get(
    struct ctx *c, int64_t account_id, int64_t id, struct notification **out); /* NOT_FOUND */
NODISCARD enum err store_notification_delete(struct ctx *c, int64_t account_id, int64_t id, bool *removed);
NODISCARD enum err store_notification_clear(struct ctx *c, int64_t account_id);
/* All that one account caused for another: on block. */
NODISCARD enum err store_notification_delete_from(struct ctx *c, int64_t account_id, int64_t from);
/* Undone causes. */
NODISCARD enum err store_notification_delete_cause(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id);
NODISCARD enum err store_notification_unread(struct ctx *c, int64_t account_id, int64_t limit, int64_t *out);

struct marker {
    struct str timeline;
    int64_t last_read_id, version, updated_ms;
};
NODISCARD enum err store_marker_get(
    struct ctx *c, int64_t account_id, struct str timeline, struct marker **out); /* NULL: none */
NODISCARD enum err store_marker_put(
    struct ctx *c, int64_t account_id, struct str timeline, int64_t last_read_id, struct marker *out);

#endif
