#include "model/notification.h"

const char *const notification_kind_names[] = { "mention", "status", "reblog", "follow", "follow_request", "favourite",
    "poll", "update", "admin.sign_up", "admin.report", "quote", "quoted_update", "severed_relationships",
    "moderation_warning", "annual_report", "added_to_collection", "collection_update", NULL };

const struct notification_trait notification_traits[NOTIFY_KIND_COUNT] = {
    [NOTIFY_MENTION] = { .filterable = true, .message = true },
    [NOTIFY_REBLOG] = { .filterable = true, .grouped = true, .on_status = true },
    [NOTIFY_FOLLOW] = { .filterable = true, .grouped = true },
    [NOTIFY_FOLLOW_REQUEST] = { .filterable = true },
    [NOTIFY_FAVOURITE] = { .filterable = true, .grouped = true, .on_status = true },
    [NOTIFY_POLL] = { .from_self = true },
    [NOTIFY_ADMIN_SIGN_UP] = { .grouped = true },
    [NOTIFY_QUOTE] = { .filterable = true, .message = true },
    [NOTIFY_SEVERED] = { .from_self = true },
    [NOTIFY_WARNING] = { .from_self = true },
    [NOTIFY_ANNUAL_REPORT] = { .from_self = true },
    [NOTIFY_ADDED_TO_COLLECTION] = { .filterable = true },
};

const char *const notification_action_names[] = { "accept", "filter", "drop", NULL };

const struct notification_policy notification_policy_default = { .v = {
                                                                     [POLICY_PRIVATE_MENTIONS] = NOTIFY_FILTER,
                                                                     [POLICY_LIMITED_ACCOUNTS] = NOTIFY_FILTER,
                                                                 } };

const char *const severance_kind_names[] = { "domain_block", "user_domain_block", "account_suspension", NULL };
