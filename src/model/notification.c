#include "model/notification.h"

const char *const notification_kind_names[] = { "mention", "status", "reblog", "follow", "follow_request", "favourite",
    "poll", "update", "admin.sign_up", NULL };
