/* What one account is to another. */
#ifndef MODEL_RELATION_H
#define MODEL_RELATION_H

#include "base/str.h"

struct follow {
    int64_t id, account_id, target_id;
    struct str uri;
    bool reblogs, notify;
    struct str languages;
    int64_t created_ms;
};

struct relation { /* of a viewer to target */
    int64_t target_id;
    bool following, showing_reblogs, notifying, followed_by;
    bool requested, requested_by;
    bool blocking, blocked_by, domain_blocking;
    bool muting, muting_notifications;
    bool neighbour; /* the viewer is one of ours; asked only where a post is for them alone */
    int64_t mute_expires_ms;
    struct str languages, note;
    bool endorsed;
};

struct relations {
    struct relation *v;
    size_t n;
};

#endif
