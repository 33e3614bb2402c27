/*
 * Outbound activities: stored once, with one row for each inbox, and what the delivery loop reads and writes of them.  The loop is
 * deliver/; deliver/source.c joins it with these.
 */
#ifndef SERVICE_DELIVERY_H
#define SERVICE_DELIVERY_H

#include "base/ctx.h"
#include "store/federation.h"

enum delivery_priority {
    DELIVERY_URGENT, /* somebody waits: answers to follows, direct posts */
    DELIVERY_NORMAL,
    DELIVERY_SLOW,     /* ends of accounts, old posts that go by themselves: 20 a second, one behind the other */
    DELIVERY_FAREWELL, /* urgent, and also to a domain that is suspended since less than a day */
};

/*
 * Store the activity and its rows, and wake the loop; in portions, each in a transaction of its own, so that a post to 10,000 inboxes
 * does not hold up every other writer.  Again with the same a->id: adds what is missing.  Hosts that are dead get urgent ones and
 * ends of accounts only, those that are dead for 60 days urgent ones.
 * No transaction may be open.
 */
NODISCARD enum err service_delivery_send(
    struct ctx *c, const struct activity *a, const struct strs *inboxes, enum delivery_priority p);

/* How long the line of the slow ones is. */
int64_t service_delivery_slow_wait_ms(void);

/* ---- for the author ---------------------------------------------------------------------------------------------- */

/* Of one's own post: where it went, host by host, newest first.  NOT_FOUND. */
NODISCARD enum err service_delivery_of_status(
    struct ctx *c, int64_t status_id, const struct page *p, struct host_reports *out);
/* What failed for good is tried again now; *n messages. */
NODISCARD enum err service_delivery_again(struct ctx *c, int64_t status_id, int64_t *n);

/* Called after new rows are durable, and when something verified came from a host; set once, before the threads start. */
struct delivery_hooks {
    void (*wake)(void *arg);
    void (*host_ok)(void *arg, struct str host, bool ed25519);
    void *arg;
};
void service_delivery_set_hooks(const struct delivery_hooks *h);
/*
 * A verified message came from that authority (lower case): what was held for it may go.  ed25519: its signature was RFC 9421 with such
 * a key, so ours may be too.
 */
void service_delivery_host_ok(struct str host, bool ed25519);

/* ---- for the loop ------------------------------------------------------------------------------------------------ */

/* Lease due rows; those of suspended domains fail here.  *next_ms: when the next of the others is due, 0: none. */
struct delivery_query {
    int64_t now_ms, lease_ms;
    size_t max, max_per_host;
    struct strs skip_hosts;
};
NODISCARD enum err service_delivery_claim(
    struct ctx *c, const struct delivery_query *q, struct deliveries *out, int64_t *next_ms);
/* The document, and bits of enum activity_flag.  NOT_FOUND: it was deleted, or what it tells of was (deletes win). */
NODISCARD enum err service_delivery_body(struct ctx *c, int64_t activity_id, struct str *body, unsigned *flags);

struct delivery_report {
    const struct delivery
        *rows; /* id, lease_until_ms, activity_id, inbox, state, tries, next_ms, http_status, last_error */
    size_t n_rows;
    const struct host_row *hosts;
    size_t n_hosts;
};
/*
 * All or nothing, but for rows that are claimed by somebody else by now: those stay as they are.  410 and the third 404 of an inbox make us
 * look at the actors behind it (job REFRESH_INBOX).
 */
NODISCARD enum err service_delivery_report(struct ctx *c, const struct delivery_report *r);
NODISCARD enum err service_delivery_park(struct ctx *c, struct str host, int64_t until_ms);
NODISCARD enum err service_delivery_unpark(struct ctx *c, struct str host, int64_t now_ms);
/* At start: leases of a process that is gone are given back where only one process can be (SQLite). */
NODISCARD enum err service_delivery_begin(struct ctx *c);
/* Hosts that are not up, and remembered dialects; the lately heard first. */
NODISCARD enum err service_delivery_hosts(struct ctx *c, size_t max, struct host_rows *out);

#endif
