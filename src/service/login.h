/* Who logged in, who tried to, and a word to the owner when it was from somewhere new.  doc/design/auth.md */
#ifndef SERVICE_LOGIN_H
#define SERVICE_LOGIN_H

#include "base/ctx.h"
#include "model/login.h"

enum { LOGINS_MAX = 50 }; /* of a user, of each sort: failures do not push out what went well */

/*
 * Note it; id and created_ms are given here.  A log-in with nothing but a password from where none was before makes a mail.  It takes as
 * long for nobody (user_id 0) as for somebody, and leaves nothing.
 */
NODISCARD enum err service_login_note(struct ctx *c, const struct login *l);
/* The caller's, newest first. */
NODISCARD enum err service_login_list(struct ctx *c, struct logins *out);
/* Did one of those come from the same network (an IPv4 /16, an IPv6 /48) and the same browser, whatever its version? */
bool service_login_is_known(const struct login *l, const struct logins *before);

#endif
