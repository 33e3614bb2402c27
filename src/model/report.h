/* A report to the moderators. */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "base/page.h"
#include "model/account.h"

/* Stored as numbers: new ones go to the end. */
enum report_category { REPORT_OTHER, REPORT_SPAM, REPORT_LEGAL, REPORT_VIOLATION };
extern const char *const report_category_names[]; /* NULL-terminated */

struct report {
    int64_t id;
    struct str uri; /* of the Flag; empty: ours */
    int64_t account_id, target_id;
    enum report_category category;
    struct str comment;
    struct ids status_ids, collection_ids, rule_ids; /* what was reported; may be deleted since */
    bool forwarded;
    int64_t action_taken_ms; /* 0: open */
    int64_t created_ms;
    struct account *target; /* filled */
};

#endif
