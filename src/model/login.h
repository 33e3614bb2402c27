/* Somebody logged in, or tried to. */
#ifndef MODEL_LOGIN_H
#define MODEL_LOGIN_H

#include "base/str.h"

/* Stored as numbers. */
enum login_method { LOGIN_PASSWORD, LOGIN_CODE, LOGIN_PASSKEY, LOGIN_PASSWORD_PASSKEY };
extern const char *const login_method_names[]; /* NULL-terminated */

struct login {
    int64_t id, user_id; /* user_id 0: nobody has the address that was typed */
    enum login_method method;
    bool success;
    struct str ip, user_agent;
    int64_t created_ms;
};

struct logins {
    struct login *v;
    size_t n;
};

#endif
