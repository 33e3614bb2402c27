/* A user: somebody who logs in.  Speaks through accounts by memberships. */
#ifndef MODEL_USER_H
#define MODEL_USER_H

#include "model/role.h"

struct user {
    int64_t id;
    bool held; /* as in struct account */
    struct str email, unconfirmed_email;
    struct str password; /* PHC string */
    int64_t role_id;
    int64_t confirmed_ms;
    bool approved, disabled;
    struct str locale, reason, date_of_birth, sign_up_ip;
    int64_t app_id;
    struct str totp_secret; /* sealed; empty: no second factor */
    int64_t totp_last_step;
    struct str settings; /* JSON */
    int64_t last_active_ms, created_ms;
    /* joined */
    struct role role;
    int64_t account_id; /* default membership */
};

struct users {
    struct user *v;
    size_t n;
};

enum mail_token_purpose { MAIL_TOKEN_CONFIRM = 1, MAIL_TOKEN_RESET = 2 };

struct session {
    int64_t id, user_id;
    struct str csrf, user_agent, ip;
    int64_t created_ms, used_ms;
};

struct sessions {
    struct session *v;
    size_t n;
};

#endif
