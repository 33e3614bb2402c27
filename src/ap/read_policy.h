/* Who may do something with a post or an account, as its author says it: interactionPolicy (FEP-044f, FEP-7aa9, GoToSocial). */
#ifndef AP_READ_POLICY_H
#define AP_READ_POLICY_H

#include "base/val.h"

struct arena;

/* AP_WHO_OTHER: entries that are no group we understand; each may be the id of one person. */
enum { AP_WHO_PUBLIC = 1, AP_WHO_FOLLOWERS = 2, AP_WHO_FOLLOWING = 4, AP_WHO_AUTHOR = 8, AP_WHO_OTHER = 16 };
enum { AP_POLICY_IDS_MAX = 64 };

struct ap_policy {
    bool present;
    unsigned automatic, manual;
    struct strs automatic_ids, manual_ids; /* entries of AP_WHO_OTHER, at most AP_POLICY_IDS_MAX */
};

/* Whose policy it is.  Collections that are not known (n 0) are recognised by the usual shape, below the id of the author. */
struct ap_author {
    struct str id, followers, following;
};

/* interactionPolicy.<name> of a document, with the names that GoToSocial used before 0.20.  No such member: present is false. */
struct ap_policy ap_policy_read(struct arena *a, const struct val *doc, struct str name, const struct ap_author *by);

/* id is below parent in the path: ".../u/1/x" is below ".../u/1", ".../u/12" is not. */
bool ap_is_below(struct str id, struct str parent);
bool ap_is_followers_of(struct str id, struct str author, struct str followers);

#endif
