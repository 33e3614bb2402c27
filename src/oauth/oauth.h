/* Logging in on the web, giving apps access (OAuth 2), and the settings that belong to it.  doc/design/auth.md */
#ifndef OAUTH_OAUTH_H
#define OAUTH_OAUTH_H

#include "http/route.h"

void oauth_routes(struct router *r);

#endif
