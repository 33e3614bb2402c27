/* A subscription for Web Push. */
#ifndef MODEL_PUSH_H
#define MODEL_PUSH_H

#include "model/notification.h"

/* Whose acts are worth a message: anybody's, of people I follow, of my followers, nobody's. */
enum push_policy { PUSH_ALL, PUSH_FOLLOWED, PUSH_FOLLOWER, PUSH_NONE, PUSH_POLICY_COUNT };
extern const char *const push_policy_names[]; /* NULL-terminated */

struct push_subscription {
    int64_t id, token_id, account_id;
    struct str endpoint;
    struct str p256dh, auth; /* bytes; auth is sealed in the database */
    struct str secret;       /* the access token; sealed in the database */
    bool standard;
    enum push_policy policy;
    uint64_t alerts; /* bits of enum notification_kind */
    int64_t failing_ms, created_ms;
};

struct push_subscriptions {
    struct push_subscription *v;
    size_t n;
};

/* One message, for its view. */
struct push_message {
    struct str secret, locale;
    const struct notification *notification; /* filled */
};

#endif
