/* What federation keeps: outbound activities and their deliveries, inbound activities, hosts, domain policy. */
#ifndef STORE_FEDERATION_H
#define STORE_FEDERATION_H

#include "base/ctx.h"
#include "base/page.h"
#include "base/str.h"
#include "model/delivery.h"

enum activity_flag {
    ACTIVITY_OLD_KEY = 2, /* signed with the key that the account had before */
    ACTIVITY_SYNC = 1,    /* for followers only: says which of the receiver's people follow (service/sync.h) */
};

struct activity {
    int64_t id;
    struct str uri;
    int64_t account_id; /* whose key signs; 0: the instance actor */
    int64_t status_id;  /* 0: not about a status */
    struct str body;
    int64_t created_ms;
    unsigned flags; /* bits of enum activity_flag */
    struct str
        topic; /* what it tells the state of, of all servers the same for one account; p NULL: something that happened */
};

enum delivery_state { DELIVERY_DUE, DELIVERY_DONE, DELIVERY_FAILED };

struct delivery {
    int64_t id, activity_id, account_id;
    struct str inbox, host;
    int priority;
    enum delivery_state state;
    int tries;
    int64_t next_ms, created_ms, done_ms;
    int64_t lease_until_ms; /* of a claim: also what shows later that the row is still the claimer's */
    int http_status;
    struct str last_error;
};

struct deliveries {
    struct delivery *v;
    size_t n;
};

/* Write.  An activity that is there already (by id) stays. */
NODISCARD enum err store_activity_insert(struct ctx *c, const struct activity *a);
NODISCARD enum err store_activity_get(struct ctx *c, int64_t id, struct activity **out); /* NOT_FOUND */
NODISCARD enum err store_activity_prune(struct ctx *c, int64_t before_ms);
/* Does an activity of this account still wait for somebody? */
NODISCARD enum err store_activity_waits(struct ctx *c, int64_t account_id, bool *out);

/* Rows for activity_id with inbox, host, priority and next_ms of v; pairs that are there already stay.  At most 1000. */
NODISCARD enum err store_delivery_insert(struct ctx *c, int64_t activity_id, const struct delivery *v, size_t n);
/* Lease due rows, oldest due first, at most max_per_host of each host and none of skip. */
struct delivery_claim {
    int64_t now_ms, lease_until_ms;
    struct strs skip;
    int64_t max, max_per_host;
};
NODISCARD enum err store_delivery_claim(struct ctx *c, const struct delivery_claim *q, struct deliveries *out);
/* When the next row that is not leased falls due, 0 when none. */
NODISCARD enum err store_delivery_next(struct ctx *c, int64_t now_ms, const struct strs *skip, int64_t *out);
/* old, one for each of v: its inbox also gets, or got, a newer activity with the same topic. */
NODISCARD enum err store_delivery_overtaken(struct ctx *c, const struct deliveries *v, bool *old);
/* Ends the claim that gave d->lease_until_ms.  Not ours: somebody else claimed the row since, or it is gone; nothing happens. */
NODISCARD enum err store_delivery_result(struct ctx *c, const struct delivery *d, bool *ours);
/* Waiting rows of a host: none before until_ms; or all at now_ms. */
NODISCARD enum err store_delivery_park(struct ctx *c, struct str host, int64_t until_ms);
NODISCARD enum err store_delivery_unpark(struct ctx *c, struct str host, int64_t now_ms);
/* Give leased rows back at start: they belonged to a process that is gone (SQLite has only one). */
NODISCARD enum err store_delivery_release(struct ctx *c);
/* Waiting Creates and Updates about a status that is being deleted: no longer needed. */
NODISCARD enum err store_delivery_cancel_status(struct ctx *c, int64_t status_id);
/* The same in sums for each host, newest host first. */
NODISCARD enum err store_delivery_hosts_of_status(
    struct ctx *c, int64_t status_id, const struct page *p, struct host_reports *out);
/* What failed for good is due again at now_ms, with its tries from the beginning; *n rows. */
NODISCARD enum err store_delivery_again(struct ctx *c, int64_t status_id, int64_t now_ms, int64_t *n);
/* Every inbox of a known remote account, shared where there is one, above `after` in order of text: for account deletion. */
NODISCARD enum err store_delivery_known_inboxes(struct ctx *c, struct str after, int64_t limit, struct strs *out);
/* Inboxes that have what was said about a status, or may have it, as long as that is kept. */
NODISCARD enum err store_delivery_reached(struct ctx *c, int64_t status_id, struct strs *out);
/* Deliveries to this inbox of the host that failed for good with that status. */
NODISCARD enum err store_delivery_failed(
    struct ctx *c, struct str host, struct str inbox, int http_status, int64_t *out);
/* Remote accounts with this inbox, personal or shared. */
NODISCARD enum err store_accounts_of_inbox(struct ctx *c, struct str inbox, int64_t limit, struct ids *out);

/* Accounts that still name it get what is theirs at their own inboxes, until they are read again. */
NODISCARD enum err store_shared_inbox_forget(struct ctx *c, struct str inbox);

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

/* Dead since so long: nothing is expected of it, but what it sends opens it again. */
#define HOST_LOST_MS (60 * (int64_t)DAY_MS)
enum host_state { HOST_UP, HOST_SUSPECT, HOST_DOWN, HOST_DEAD };
enum host_dialect { HOST_DIALECT_UNKNOWN, HOST_DIALECT_CAVAGE, HOST_DIALECT_RFC9421, HOST_DIALECT_ED25519 };
struct host_row {
    struct str name;
    int dialect; /* enum host_dialect */
    int64_t dialect_ms;
    int64_t no_ed25519_ms; /* refused HOST_DIALECT_ED25519 then, 0: never */
    enum host_state state;
    int failures, failed_days;
    int64_t first_failure_ms, last_failure_ms, last_success_ms;
};
NODISCARD enum err store_host_get(struct ctx *c, struct str name, struct host_row **out); /* NULL: unknown */
NODISCARD enum err store_host_put(struct ctx *c, const struct host_row *h);
/* Has any of the first hundred people known of that domain published an Ed25519 key? */
NODISCARD enum err store_host_has_ed25519(struct ctx *c, struct str name, bool *out);
struct host_rows {
    struct host_row *v;
    size_t n;
};
/* Those that are dead, and failed the first time before that; in no order, at most 10000. */
NODISCARD enum err store_host_dead(struct ctx *c, int64_t before_ms, struct strs *out);
/* Not up, or with a known dialect; the lately changed first. */
NODISCARD enum err store_host_list(struct ctx *c, int64_t limit, struct host_rows *out);
/* What is up and was not heard of since: forgotten. */
NODISCARD enum err store_host_prune(struct ctx *c, int64_t before_ms);

/* For an operator.  host empty: of all; at most limit rows. */
NODISCARD enum err store_delivery_list(
    struct ctx *c, struct str host, bool failed, int64_t limit, struct deliveries *out);
/* Those that wait or were given up. */
NODISCARD enum err store_delivery_count(struct ctx *c, struct str host, int64_t *out);
/* Those given up and those that wait are due at now_ms; *n rows. */
NODISCARD enum err store_delivery_hurry(struct ctx *c, struct str host, int64_t now_ms, int64_t limit, int64_t *n);
NODISCARD enum err store_delivery_drop(struct ctx *c, struct str host, int64_t limit, int64_t *n);
struct host_view {
    struct host_row host;
    int64_t waiting;
    struct str last_error; /* of a row that waits */
};
struct host_views {
    struct host_view *v;
    size_t n;
};
/* Those that are not up, or all; name not empty: that one. */
NODISCARD enum err store_host_views(struct ctx *c, bool all, struct str name, int64_t limit, struct host_views *out);
NODISCARD enum err store_host_reset(struct ctx *c, struct str name);

enum domain_severity { DOMAIN_NOOP, DOMAIN_SILENCE, DOMAIN_SUSPEND };
struct domain_policy {
    struct str domain;
    enum domain_severity severity;
    bool reject_media, reject_reports;
    bool obfuscate; /* where it is published, the name is shown in part */
    int64_t created_ms;
    struct str private_comment, public_comment; /* of lists only */
    int64_t id;                                 /* for clients; of lists only */
};
struct domain_policies {
    struct domain_policy *v;
    size_t n;
};
/* The policy of a domain or its nearest parent; NULL: none. */
NODISCARD enum err store_domain_policy(struct ctx *c, struct str domain, struct domain_policy **out);
/* By name; at most 100,000. */
NODISCARD enum err store_domain_policy_list(struct ctx *c, struct domain_policies *out);
/* created_ms 0: now; that of one that is there stays. */
NODISCARD enum err store_domain_policy_put(struct ctx *c, const struct domain_policy *p);
NODISCARD enum err store_domain_policy_delete(struct ctx *c, struct str domain);

/* All that is said of a host, by one query: the nearest policy, the nearest name on the list of the allowed, and which mode holds. */
struct domain_said {
    struct domain_policy *policy; /* NULL: none */
    struct str allowed;           /* the name on the list, n 0: none */
    bool limited;                 /* only those on the list (setting limited_federation) */
};
NODISCARD enum err store_domain_said(struct ctx *c, struct str host, struct domain_said *out);
NODISCARD enum err store_domain_allow_put(struct ctx *c, struct str domain);
NODISCARD enum err store_domain_allow_delete(struct ctx *c, struct str domain, bool *removed);
/* By name; at most 100,000. */
struct domain_allow {
    struct str domain;
    int64_t created_ms;
};
struct domain_allows {
    struct domain_allow *v;
    size_t n;
};
NODISCARD enum err store_domain_allow_list(struct ctx *c, struct domain_allows *out);

/* Remote accounts by id above after, and what policies made of them. */
struct domain_account {
    int64_t id;
    struct str domain, uri;
    enum domain_severity marked; /* by a policy */
};
struct domain_accounts {
    struct domain_account *v;
    size_t n;
};
NODISCARD enum err store_domain_accounts(struct ctx *c, int64_t after, int64_t limit, struct domain_accounts *out);
/* Those that a policy suspended. */
NODISCARD enum err store_domain_suspended(struct ctx *c, int64_t after, int64_t limit, struct domain_accounts *out);
/* Silence or suspend as of ms those that are not yet, NOOP: take back what policies did. */
NODISCARD enum err store_domain_mark(struct ctx *c, const struct ids *ids, enum domain_severity s, int64_t ms);
/* A new account whose silenced_ms a policy set. */
NODISCARD enum err store_domain_marked(struct ctx *c, int64_t account_id, int64_t ms);
/* People who follow this account or are followed by it, or asked to be; local ones, at most limit. */
NODISCARD enum err store_domain_related_to(struct ctx *c, int64_t account_id, int64_t limit, struct ids *out);
/* Emoji of exactly this domain, above after. */
NODISCARD enum err store_domain_emoji(struct ctx *c, struct str after, int64_t limit, struct strs *domains);
NODISCARD enum err store_domain_emoji_codes(struct ctx *c, struct str domain, int64_t limit, struct strs *codes);
/* Waiting deliveries to this authority and what is known of it. */
NODISCARD enum err store_domain_forget_host(struct ctx *c, struct str host);
/* Authorities with a row or with deliveries, above after. */
NODISCARD enum err store_domain_hosts(struct ctx *c, struct str after, int64_t limit, struct strs *out);

#endif
