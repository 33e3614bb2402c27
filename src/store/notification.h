/* Notifications and read markers. */
#ifndef STORE_NOTIFICATION_H
#define STORE_NOTIFICATION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/notification.h"

/* One row for one cause: (account, kind, from, status or event) again changes nothing; *added says. */
NODISCARD enum err store_notification_put(struct ctx *c, const struct notification *n, bool *added);
struct notification_query {
    int64_t account_id;
    uint64_t kinds;     /* bit set of enum notification_kind */
    int64_t from;       /* 0, or only of that account, filtered ones too */
    bool with_filtered; /* also what the policy keeps back */
};
/* Not filled; without those of suspended accounts. */
NODISCARD enum err store_notification_page(
    struct ctx *c, const struct notification_query *q, const struct page *p, struct notifications *out);
/* The members of a group, which is that of account_id, kind, group_on and group_hour of `of`. */
NODISCARD enum err store_notification_group_page(
    struct ctx *c, const struct notification *of, const struct page *p, struct notifications *out);
/* v[i], for the group of the notification members[i]: count (at most 100,000) and sample_ids, of ids up to up_to. */
NODISCARD enum err store_notification_group_sizes(
    struct ctx *c, const struct ids *members, int64_t up_to, struct notification_group *v);
/* The hour in which the newest group of this sort began; 0: there is none. */
NODISCARD enum err store_notification_group_begin(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t on, int64_t *out);
NODISCARD enum err store_notification_group_delete(struct ctx *c, const struct notification *of);
NODISCARD enum err store_notification_get(
    struct ctx *c, int64_t account_id, int64_t id, struct notification **out); /* NOT_FOUND */
NODISCARD enum err store_notification_delete(struct ctx *c, int64_t account_id, int64_t id, bool *removed);
/* At most limit rows, any. */
NODISCARD enum err store_notification_clear(struct ctx *c, int64_t account_id, int64_t limit, int64_t *removed);
/* All that one account caused for another: on block. */
NODISCARD enum err store_notification_delete_from(struct ctx *c, int64_t account_id, int64_t from);
/* Undone causes. */
NODISCARD enum err store_notification_delete_cause(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id);
/* Accounts with more than max rows, at most 100; and removing at most limit rows of one beyond the newest `keep`. */
NODISCARD enum err store_notification_overfull(struct ctx *c, int64_t max, struct ids *out);
NODISCARD enum err store_notification_trim(
    struct ctx *c, int64_t account_id, int64_t keep, int64_t limit, int64_t *removed);

struct marker {
    struct str timeline;
    int64_t last_read_id, version, updated_ms;
};
struct markers {
    struct marker *v;
    size_t n;
};
NODISCARD enum err store_marker_get(
    struct ctx *c, int64_t account_id, struct str timeline, struct marker **out); /* NULL: none */
NODISCARD enum err store_marker_put(
    struct ctx *c, int64_t account_id, struct str timeline, int64_t last_read_id, struct marker *out);
NODISCARD enum err store_marker_count(struct ctx *c, int64_t account_id, int64_t *out);
NODISCARD enum err store_marker_delete(struct ctx *c, int64_t account_id, struct str timeline);

#endif
