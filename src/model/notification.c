#include "model/notification.h"

const char *const notification_kind_names[] = { "mention", "status", "reblog", "follow", "follow_request", "favourite",
    "poll", "update", "admin.sign_up", "admin.report", "quote", "quoted_update", "severed_relationships",
    "moderation_warning", "annual_report", "added_to_collection", "collection_update", NULL };
