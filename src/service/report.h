/* Reports to the moderators, from people here and from other servers. */
#ifndef SERVICE_REPORT_H
#define SERVICE_REPORT_H

#include "base/ctx.h"
#include "model/report.h"
#include "model/status.h"

enum {
    REPORT_COMMENT_CHARS_MAX = 1000,
    REPORT_STATUSES_MAX = 100,
    REPORT_COLLECTIONS_MAX = 100,
    REPORT_RULES_MAX = 100
};

struct report_params {
    int64_t account_id;
    struct ids status_ids, collection_ids, rule_ids;
    struct str comment;
    int category;                   /* enum report_category, -1: by the rules */
    bool forward;                   /* to the server of the account */
    struct strs forward_to_domains; /* other servers concerned: only those of people whom the reported posts answer */
};
/*
 * Filled.  Staff who may manage reports are told.  Errors: NOT_FOUND (account; a post or collection that the caller cannot see, or of somebody else);
 * INVALID (comment too long, unknown rule, oneself).
 */
NODISCARD enum err service_report_create(struct ctx *c, const struct report_params *p, struct report **out);

/*
 * A Flag: each account of ours among targets, and each author of ours of a post among them, is reported with those posts that the
 * sender's server may know.  Nothing from servers whose reports are rejected.  The same uri again changes nothing.
 */
NODISCARD enum err service_report_received(
    struct ctx *c, struct account *from, struct str uri, const struct strs *targets, struct str comment);

#endif
