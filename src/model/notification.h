/* Notifications. */
#ifndef MODEL_NOTIFICATION_H
#define MODEL_NOTIFICATION_H

#include "model/status.h"

/* Stored as numbers: new ones go to the end. */
enum notification_kind {
    NOTIFY_MENTION,
    NOTIFY_STATUS,
    NOTIFY_REBLOG,
    NOTIFY_FOLLOW,
    NOTIFY_FOLLOW_REQUEST,
    NOTIFY_FAVOURITE,
    NOTIFY_POLL,
    NOTIFY_UPDATE,
    NOTIFY_ADMIN_SIGN_UP,
    NOTIFY_ADMIN_REPORT,
    NOTIFY_QUOTE,
    NOTIFY_QUOTED_UPDATE,
    NOTIFY_SEVERED,
    NOTIFY_WARNING,
    NOTIFY_ANNUAL_REPORT,
    NOTIFY_ADDED_TO_COLLECTION,
    NOTIFY_COLLECTION_UPDATE,
    NOTIFY_KIND_COUNT
};
extern const char *const notification_kind_names[]; /* NULL-terminated */

struct notification {
    int64_t id, account_id, from_account_id, status_id;
    enum notification_kind kind;
    int64_t created_ms;
    /* filled */
    struct account *from;
    struct status *status;
};

struct notifications {
    struct notification *v;
    size_t n;
};

#endif
