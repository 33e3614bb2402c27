/*
 * Activities of others about public posts, for the followers of people of ours whom they concern: byte by byte as they came, since
 * only their own signature proves them there.  doc/design/inbox.md
 */
#ifndef SERVICE_FORWARD_H
#define SERVICE_FORWARD_H

#include "base/ctx.h"

struct account;

struct forward {
    const struct account *from; /* proven */
    struct str object;          /* id of the post, which is stored */
    struct str uri, raw;        /* of the activity; it carries a proof or signature of its own */
    bool change;                /* Update, Delete: whoever got a boost of it from here hears of it too */
};

/*
 * A public or unlisted post of `from` that answers somebody here: to the remote followers of that person.  Never to the sender's own
 * server; each activity once; in ten minutes 30 of one sender and 300 of one server, the rest is not passed on.  Network only by the deliveries.  No transaction may be open.
 */
NODISCARD enum err service_forward(struct ctx *c, const struct forward *f);

#endif
