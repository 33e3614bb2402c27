/* What the parts of Web Push share: what sealed values are sealed for. */
#ifndef SERVICE_PUSH_INTERNAL_H
#define SERVICE_PUSH_INTERNAL_H

#define PUSH_AUTH_CONTEXT S("push.auth")
#define PUSH_SECRET_CONTEXT S("push.token")

#endif
