/* What a reader wants of strangers: policy, requests, permissions; and the filtered notifications behind them. */
#ifndef STORE_NOTIFICATION_REQUEST_H
#define STORE_NOTIFICATION_REQUEST_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/notification.h"

/* Without the pending numbers; the defaults when there is no row. */
NODISCARD enum err store_notification_policy(struct ctx *c, int64_t account_id, struct notification_policy *out);
NODISCARD enum err store_notification_policy_put(
    struct ctx *c, int64_t account_id, const struct notification_policy *policy);
/* Requests and the messages in them; at most 100 requests are counted. */
NODISCARD enum err store_notification_pending(
    struct ctx *c, int64_t account_id, int64_t *requests, int64_t *notifications);

/* Make or touch the request of a pair: id and created_ms count when it is new. */
NODISCARD enum err store_notification_request_put(
    struct ctx *c, int64_t id, int64_t account_id, int64_t from, int64_t now_ms);
/* With count and last_status_id; those without waiting messages are left out. */
NODISCARD enum err store_notification_request_page(
    struct ctx *c, int64_t account_id, const struct page *p, struct notification_requests *out);
NODISCARD enum err store_notification_request_list(
    struct ctx *c, int64_t account_id, const struct ids *ids, struct notification_requests *out);
NODISCARD enum err store_notification_request_delete(struct ctx *c, int64_t account_id, int64_t id);
/* Of an account with more than keep requests: those touched longest ago. */
NODISCARD enum err store_notification_request_surplus(
    struct ctx *c, int64_t account_id, int64_t keep, struct notification_requests *out);

/* The filtered of a pair: remove all but the newest `keep`; show all. */
NODISCARD enum err store_notification_filtered_trim(struct ctx *c, int64_t account_id, int64_t from, int64_t keep);
NODISCARD enum err store_notification_filtered_show(struct ctx *c, int64_t account_id, int64_t from);

/* Of all accounts those from before, and requests without any. */
NODISCARD enum err store_notification_filtered_prune(struct ctx *c, int64_t before_ms);

NODISCARD enum err store_notification_permitted(struct ctx *c, int64_t account_id, int64_t from, bool *out);
/* merging: until the job that shows what was filtered has run. */
NODISCARD enum err store_notification_permit(struct ctx *c, int64_t account_id, int64_t from, bool merging);
NODISCARD enum err store_notification_merging(struct ctx *c, int64_t account_id, bool *out);

/* Did `to` write to `from` in private in one of these statuses? */
NODISCARD enum err store_notification_answers(
    struct ctx *c, const struct ids *thread, int64_t to, int64_t from, bool *out);

#endif
