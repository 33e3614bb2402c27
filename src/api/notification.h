/* Parameters that the lists of notifications share. */
#ifndef API_NOTIFICATION_H
#define API_NOTIFICATION_H

#include "api/handlers.h"
#include "service/notification.h"

struct notification_request_params {
    struct strs types, exclude_types, grouped_types, supported_types;
    struct str expand_accounts;
    int64_t account_id;
    bool include_filtered;
    /* what they mean */
    struct notification_filter filter;
    uint64_t grouped, supported; /* bits of enum notification_kind */
    bool partial;
};
/* INVALID, and BAD_REQUEST for an unknown expand_accounts. */
NODISCARD enum err api_notification_params(struct ctx *c, struct req *r, struct notification_request_params *q);
/* {"count": n} */
NODISCARD enum err api_notification_answer_count(struct ctx *c, struct req *r, int64_t n);

#endif
