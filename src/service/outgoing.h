/* An action of federate.h made into an activity with its recipients: the table "Activities we send" of FEDERATION.md. */
#ifndef SERVICE_OUTGOING_H
#define SERVICE_OUTGOING_H

#include "service/delivery.h"
#include "service/federate.h"

struct outgoing {
    struct activity activity; /* body empty: there is nothing to say any more */
    struct strs inboxes;
    enum delivery_priority priority;
};

/* number makes the ids of activities and of the row; the same action with the same number gives the same activity. */
NODISCARD enum err service_outgoing_build(
    struct ctx *c, const struct fed_action *a, int64_t number, struct outgoing *out);

#endif
