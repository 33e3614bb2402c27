/* What federation keeps: outbound activities and their deliveries, inbound activities, hosts, domain policy. */
#ifndef STORE_FEDERATION_H
#define STORE_FEDERATION_H

#include "base/ctx.h"
#include "base/page.h"
#include "base/str.h"

struct activity {
    int64_t id;
    struct str uri;
    int64_t account_id; /* whose key signs; 0: the instance actor */
    int64_t status_id;  /* 0: not about a status */
    struct str body;
    int64_t created_ms;
};

enum delivery_state { DELIVERY_DUE, DELIVERY_DONE, DELIVERY_FAILED };

struct delivery {
    int64_t id, activity_id, account_id;
    struct str inbox, host;
    int priority;
    enum delivery_state state;
    int tries;
    int64_t next_ms, created_ms, done_ms;
    int http_status;
    struct str last_error;
};

struct deliveries {
    struct delivery *v;
    size_t n;
};

/* Write: the activity once, then one row for each inbox (duplicates are left out). */
NODISCARD enum err store_activity_insert(struct ctx *c, const struct activity *a);
NODISCARD enum err store_activity_get(struct ctx *c, int64_t id, struct activity **out);
NODISCARD enum err store_delivery_insert(
    struct ctx *c, int64_t activity_id, struct str inbox, struct str host, int priority, int64_t next_ms);
/* Lease due rows, by priority then age, leaving out hosts that are down; at most limit. */
NODISCARD enum err store_delivery_claim(struct ctx *c, int64_t now_ms, int64_t lease_until_ms,
    const struct strs *but_hosts, int64_t limit, struct deliveries *out);
NODISCARD enum err store_delivery_result(struct ctx *c, const struct delivery *d);
/* Give leased rows back at start: they belonged to a process that is gone (SQLite has only one). */
NODISCARD enum err store_delivery_release(struct ctx *c);
/* When the next row falls due, INT64_MAX when none. */
NODISCARD enum err store_delivery_next(struct ctx *c, int64_t *out);
/* Due Creates and Updates about a status that nobody got yet: no longer needed. */
NODISCARD enum err store_delivery_cancel_status(struct ctx *c, int64_t status_id);
NODISCARD enum err store_delivery_of_status(struct ctx *c, int64_t status_id, struct deliveries *out);
/* Every inbox of a known remote account, shared where there is one: for account deletion. */
NODISCARD enum err store_delivery_known_inboxes(struct ctx *c, struct strs *out);
NODISCARD enum err store_activity_prune(struct ctx *c, int64_t before_ms);

struct inbound {
    int64_t id;
    struct str actor_uri, uri;
    int64_t inbox_account_id;
    struct str body, digest;
    bool done;
    int64_t created_ms;
};
/* *added false: seen before, nothing to do. */
NODISCARD enum err store_inbound_insert(struct ctx *c, const struct inbound *i, bool *added);
NODISCARD enum err store_inbound_get(struct ctx *c, int64_t id, struct inbound **out);
NODISCARD enum err store_inbound_done(struct ctx *c, int64_t id);
NODISCARD enum err store_inbound_prune(struct ctx *c, int64_t before_ms);

enum host_state { HOST_UP, HOST_SUSPECT, HOST_DOWN, HOST_DEAD };
struct host_row {
    struct str name;
    int dialect; /* enum ap_dialect it took, 0 unknown */
    int64_t dialect_ms;
    enum host_state state;
    int failures, failed_days;
    int64_t first_failure_ms, last_failure_ms, last_success_ms;
};
NODISCARD enum err store_host_get(struct ctx *c, struct str name, struct host_row **out); /* NULL: unknown */
NODISCARD enum err store_host_put(struct ctx *c, const struct host_row *h);
NODISCARD enum err store_host_unavailable(struct ctx *c, struct strs *out); /* down or dead, at most 10000 */

enum domain_severity { DOMAIN_NOOP, DOMAIN_SILENCE, DOMAIN_SUSPEND };
struct domain_policy {
    struct str domain;
    enum domain_severity severity;
    bool reject_media, reject_reports;
};
/* The policy of a domain or its nearest parent; NULL: none. */
NODISCARD enum err store_domain_policy(struct ctx *c, struct str domain, struct domain_policy **out);
NODISCARD enum err store_domain_policy_put(struct ctx *c, const struct domain_policy *p);
NODISCARD enum err store_domain_policy_delete(struct ctx *c, struct str domain);

#endif
