/* Notifications.  doc/design/notifications.md */
#ifndef SERVICE_NOTIFICATION_H
#define SERVICE_NOTIFICATION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/notification.h"

/*
 * In a write transaction: tell a local account, unless it is the actor itself, blocks or mutes it (with notifications), muted the
 * conversation, or cannot see the status; the reader's policy may keep back or drop what strangers cause.  Remote accounts: nothing.
 */
NODISCARD enum err service_notify(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id);
/* The same about a collection. */
NODISCARD enum err service_notify_collection(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t collection_id);
/* Its cause is undone; status_id: or the collection. */
NODISCARD enum err service_unnotify(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id);
/* In a write transaction: follows of s->account_id ended because of a block.  Gives id and created_ms. */
NODISCARD enum err service_notify_severed(struct ctx *c, struct severance *s);

/* In a write transaction: somebody sent a report; to one of the staff. */
NODISCARD enum err service_notify_report(struct ctx *c, int64_t account_id, const struct report *r);

/* ---- the caller's ----------------------------------------------------------------------------------------------- */

struct notification_filter {
    uint64_t kinds;     /* bits of enum notification_kind */
    int64_t from;       /* 0, or only of that account */
    bool with_filtered; /* what the policy keeps back too; always when from is given */
};
NODISCARD enum err service_notification_page(
    struct ctx *c, const struct notification_filter *f, const struct page *p, struct notifications *out);
NODISCARD enum err service_notification_get(struct ctx *c, int64_t id, struct notification **out);
NODISCARD enum err service_notification_dismiss(struct ctx *c, int64_t id);
NODISCARD enum err service_notification_clear(struct ctx *c);
/* Newer than the marker, at most limit. */
NODISCARD enum err service_notification_unread(
    struct ctx *c, const struct notification_filter *f, int64_t limit, int64_t *out);

/* ---- in groups: notification_group.c ----------------------------------------------------------------------------- */

/*
 * grouped: kinds that are shown in groups.  A page looks at no more than GROUP_SCAN_MAX notifications, so a page beside a very large
 * group may be short; its cursors always lead on.
 */
enum { GROUP_SCAN_MAX = 4000 };
NODISCARD enum err service_notification_groups(struct ctx *c, const struct notification_filter *f, uint64_t grouped,
    const struct page *p, struct notification_groups *out);
/* By key, e.g. "favourite-12-495000" or "ungrouped-34".  NOT_FOUND. */
NODISCARD enum err service_notification_group_get(struct ctx *c, struct str key, struct notification_groups *out);
/* Fine when there is none. */
NODISCARD enum err service_notification_group_dismiss(struct ctx *c, struct str key);
/* Who caused it, newest first; the cursors are ids of notifications. */
NODISCARD enum err service_notification_group_accounts(
    struct ctx *c, struct str key, const struct page *p, struct accounts *out, struct cursor_ids *cursors);
NODISCARD enum err service_notification_groups_unread(
    struct ctx *c, const struct notification_filter *f, uint64_t grouped, int64_t limit, int64_t *out);

/* ---- policy and requests: notification_request.c ------------------------------------------------------------------ */

NODISCARD enum err service_notification_policy(struct ctx *c, struct notification_policy *out);
/* v: enum notification_action, or -1 to leave one as it is. */
NODISCARD enum err service_notification_policy_set(
    struct ctx *c, const int v[POLICY_COUNT], struct notification_policy *out);
NODISCARD enum err service_notification_requests(
    struct ctx *c, const struct page *p, struct notification_requests *out, struct cursor_ids *cursors);
NODISCARD enum err service_notification_request_get(struct ctx *c, int64_t id, struct notification_request **out);
/*
 * Accept: a job puts what was filtered into the list, and nothing of the sender is filtered any more.  Dismiss: what was filtered is
 * removed.  Ids that are not the caller's are passed over; `must`: NOT_FOUND when none is left.
 */
NODISCARD enum err service_notification_requests_answer(struct ctx *c, const struct ids *ids, bool accept, bool must);
/* Has the job finished for all that were accepted? */
NODISCARD enum err service_notification_merged(struct ctx *c, bool *out);
/* The job: show what `account_id` held back of `from`.  Again: nothing is left. */
NODISCARD enum err service_notification_merge(struct ctx *c, int64_t account_id, int64_t from);

/* Hourly: of each account the newest 200,000 stay. */
NODISCARD enum err service_notification_prune(struct ctx *c);

#endif
