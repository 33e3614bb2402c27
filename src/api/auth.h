/* The client API's door: token, scope, state of user and account, before each handler. */
#ifndef API_AUTH_H
#define API_AUTH_H

#include "http/route.h"

extern const struct route_group api_group;

#endif
