/* The client API's door: token, scope, state of user and account, before each handler. */
#ifndef API_AUTH_H
#define API_AUTH_H

#include "http/route.h"

/* Authorization: Bearer …, else the parameter access_token (RFC 6750, 2.1 to 2.3).  STR_NONE: neither. */
NODISCARD enum err api_bearer(struct ctx *c, struct req *r, struct str *out);

extern const struct route_group api_group;

#endif
