/* Notifications, what a reader wants of strangers, and those that wait for consent. */
#ifndef MODEL_NOTIFICATION_H
#define MODEL_NOTIFICATION_H

#include "base/page.h"
#include "model/collection.h"
#include "model/report.h"
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
#define NOTIFY_ALL ((UINT64_C(1) << NOTIFY_KIND_COUNT) - 1)

struct notification_trait {
    bool filterable; /* the reader's policy decides about strangers */
    bool grouped;    /* several of a time are shown as one */
    bool on_status;  /* a group is about one status */
    bool message;    /* somebody writes to the reader: makes a request when filtered, and moderators get through */
    bool from_self;  /* comes from the reader's own account */
};
extern const struct notification_trait notification_traits[NOTIFY_KIND_COUNT];

/* Follows that ended together. */
enum severance_kind { SEVERED_BY_DOMAIN_BLOCK, SEVERED_BY_USER_DOMAIN_BLOCK, SEVERED_BY_SUSPENSION };
extern const char *const severance_kind_names[];
struct severance {
    int64_t id, account_id;
    enum severance_kind kind;
    struct str target; /* a domain or a handle */
    int64_t followers, following;
    int64_t created_ms;
};

struct notification {
    int64_t id, account_id, from_account_id, status_id, severance_id, report_id, collection_id;
    enum notification_kind kind;
    bool filtered;
    int64_t group_on, group_hour; /* group_hour 0: stands alone */
    int64_t created_ms;
    /* filled */
    struct account *from;
    struct status *status;
    struct severance *severance;
    struct report *report;
    struct collection *collection;
};

struct notifications {
    struct notification *v;
    size_t n;
};

/* What is shown as one.  A group of one that is not grouped has the key "ungrouped-<id>". */
enum { GROUP_SAMPLES = 8, GROUP_SPAN_HOURS = 12 };
struct notification_group {
    struct notification newest; /* of the page; filled */
    int64_t oldest_id;          /* of the page */
    int64_t count;              /* all of the group up to the page's newest */
    struct ids sample_ids;      /* who caused the newest, each once */
};

struct notification_groups {
    struct notification_group *v;
    size_t n;
    struct accounts accounts; /* all samples, filled */
    struct statuses statuses;
    int64_t newest_id, oldest_id; /* of what was looked at: the cursors; 0: nothing */
};

/* What becomes of notifications of strangers.  A stranger of several sorts meets the strictest. */
enum notification_action { NOTIFY_ACCEPT, NOTIFY_FILTER, NOTIFY_DROP };
extern const char *const notification_action_names[]; /* NULL-terminated */
enum policy_of {
    POLICY_NOT_FOLLOWING,
    POLICY_NOT_FOLLOWERS,
    POLICY_NEW_ACCOUNTS,
    POLICY_PRIVATE_MENTIONS,
    POLICY_LIMITED_ACCOUNTS,
    POLICY_BOTS,
    POLICY_COUNT
};
struct notification_policy {
    int v[POLICY_COUNT]; /* enum notification_action */
    int64_t pending_requests, pending_notifications;
};
extern const struct notification_policy notification_policy_default;

/* What one mail tells a reader. */
struct notification_mail {
    struct str to, locale, username;
    struct str unsubscribe;     /* ends these mails without a log-in */
    struct notifications lines; /* oldest first, filled; n 0: there is nothing to send now */
    struct str *texts;          /* of each what was written, or its content warning; empty: only who */
    int64_t more;               /* how many the lines leave out, at least */
    int64_t upto_id;            /* the newest that this mail tells of */
};

/* Somebody whose messages were filtered. */
struct notification_request {
    int64_t id, account_id, from_account_id, last_status_id;
    int64_t count; /* of waiting messages, at most 100 */
    int64_t created_ms, updated_ms;
    /* filled */
    struct account *from;
    struct status *last_status; /* NULL: gone */
};

struct notification_requests {
    struct notification_request *v;
    size_t n;
};

#endif
