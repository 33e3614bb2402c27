/*
 * Publish and subscribe by topic, inside this process: "user:7", "public:local", "hashtag:cats", "list:3".
 *
 * A publisher renders an event once and gives it to everybody who listens now; nothing is kept, nobody is waited for.  What must
 * not be lost is a row, not a message.  Subscribers are few for each topic: a loop of sockets subscribes once and spreads the
 * message among its clients.  doc/design/jobs.md, "Hub"
 */
#ifndef HUB_HUB_H
#define HUB_HUB_H

#include "base/blob.h"
#include "base/err.h"

struct hub;
struct hub_sub;

enum {
    HUB_TOPIC_BYTES_MAX = 512,
    HUB_EVENT_BYTES_MAX = 64,
    HUB_MESSAGE_BYTES_MAX = 1024 * 1024,
    HUB_SUBSCRIPTIONS_MAX = 1000000,
};

struct hub_message {
    struct str topic;
    struct str event;  /* "update", "delete", "notification" */
    struct blob *blob; /* the payload */
};

/*
 * Called on the publisher's thread, for one topic one after the other, in the order of publishing of one thread.  Must not block
 * and must not call the hub: it posts to a mailbox.  The message is valid during the call; keep the payload with blob_ref().
 */
typedef void (*hub_fn)(void *arg, const struct hub_message *m);

NODISCARD struct hub *hub_new(void) __attribute__((returns_nonnull));
/* All subscriptions must have ended.  Accepts NULL. */
void hub_free(struct hub *h);

/* Any thread.  Errors: INVALID (empty or long topic), BUSY (too many subscriptions). */
NODISCARD enum err hub_subscribe(struct hub *h, struct str topic, hub_fn fn, void *arg, struct hub_sub **out);
/* When it returns, fn does not run and will not run again.  Any thread, but not inside a hub_fn.  Accepts NULL. */
void hub_unsubscribe(struct hub *h, struct hub_sub *sub);

/*
 * Give b to all who listen; the caller keeps its reference.  Any thread; not inside a write transaction: from ctx_after_commit() or
 * a job.  Returns how many of this process were told.  A topic, event or payload beyond its limit is a BUG.
 */
size_t hub_publish(struct hub *h, struct str topic, struct str event, struct blob *b);
/* Is it worth rendering?  True when somebody listens here, or a bridge may know of somebody elsewhere.  Any thread. */
bool hub_is_wanted(struct hub *h, struct str topic);
/* For metrics and tests. */
size_t hub_count(const struct hub *h);

/* ---- the seam for several processes on one database: hub/bridge.h ------------------------------------------------ */

/*
 * A bridge is told of everything published here (on the publisher's thread: it queues and sends in batches), and brings what others
 * have published with hub_deliver(), which does not go back over the bridge.  Set while nobody publishes; NULL: none.
 */
struct hub_bridge {
    hub_fn publish;
    bool (*is_wanted)(void *arg); /* is anybody else there? */
    void *arg;
};
void hub_set_bridge(struct hub *h, const struct hub_bridge *b);
size_t hub_deliver(struct hub *h, const struct hub_message *m);

#endif
