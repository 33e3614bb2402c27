/* Role permissions (bits as Mastodon numbers them) and roles of a user in an account. */
#ifndef MODEL_ROLE_H
#define MODEL_ROLE_H

#include "base/str.h"

enum role_permission {
    PERM_ADMINISTRATOR = 1 << 0,
    PERM_VIEW_DEVOPS = 1 << 1,
    PERM_VIEW_AUDIT_LOG = 1 << 2,
    PERM_VIEW_DASHBOARD = 1 << 3,
    PERM_MANAGE_REPORTS = 1 << 4,
    PERM_MANAGE_FEDERATION = 1 << 5,
    PERM_MANAGE_SETTINGS = 1 << 6,
    PERM_MANAGE_BLOCKS = 1 << 7,
    PERM_MANAGE_TAXONOMIES = 1 << 8,
    PERM_MANAGE_APPEALS = 1 << 9,
    PERM_MANAGE_USERS = 1 << 10,
    PERM_MANAGE_INVITES = 1 << 11,
    PERM_MANAGE_RULES = 1 << 12,
    PERM_MANAGE_ANNOUNCEMENTS = 1 << 13,
    PERM_MANAGE_CUSTOM_EMOJIS = 1 << 14,
    PERM_MANAGE_WEBHOOKS = 1 << 15,
    PERM_INVITE_USERS = 1 << 16,
    PERM_MANAGE_ROLES = 1 << 17,
    PERM_MANAGE_USER_ACCESS = 1 << 18,
    PERM_DELETE_USER_DATA = 1 << 19,
    PERM_VIEW_FEEDS = 1 << 20,
    PERM_INVITE_BYPASS_APPROVAL = 1 << 21,
    PERM_MANAGE_EMAIL_SUBSCRIPTIONS = 1 << 22,
};

enum { ROLE_EVERYONE = -99, ROLE_MODERATOR = 1, ROLE_ADMIN = 2, ROLE_OWNER = 3 };

struct role {
    int64_t id;
    struct str name, color;
    int64_t permissions;
    bool highlighted;
};

/* Of a user in an account; the number is stored. */
enum member_role { MEMBER_OWNER = 1, MEMBER_EDITOR = 2, MEMBER_AUTHOR = 3 };

#endif
