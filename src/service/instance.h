/* What the server says about itself. */
#ifndef SERVICE_INSTANCE_H
#define SERVICE_INSTANCE_H

#include "base/ctx.h"
#include "model/account.h"
#include "store/setting.h"

struct instance_info {
    struct str title, description, short_description, contact_email, languages; /* languages: "en de" */
    struct str extended_description, privacy_policy;                            /* HTML */
    struct str registrations;                                                   /* open, approval, closed */
    int64_t min_age;
    bool reason_required;
    struct account *contact; /* filled, or NULL */
    struct rules rules;
    int64_t users, active_month, statuses, domains;
};
NODISCARD enum err service_instance_get(struct ctx *c, struct instance_info *out);

#endif
