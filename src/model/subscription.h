/* Somebody without an account who gets the public posts of a person by mail. */
#ifndef MODEL_SUBSCRIPTION_H
#define MODEL_SUBSCRIPTION_H

#include "base/str.h"

struct email_subscription {
    int64_t id, account_id;
    struct str email, email_key, locale; /* key: the address in lower case */
    int64_t created_ms, confirmed_ms;    /* confirmed 0: the link was not followed yet */
    int64_t sent_id, next_ms;            /* mailed up to this post; no mail before that moment */
};

struct email_subscriptions {
    struct email_subscription *v;
    size_t n;
};

#endif
