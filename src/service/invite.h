/*
 * Invites: links with which people bring others, also to a server whose registrations are closed.  Whose role may (PERM_INVITE_USERS)
 * makes them; who comes with one skips the approval when the inviter's role says so (PERM_INVITE_BYPASS_APPROVAL).
 */
#ifndef SERVICE_INVITE_H
#define SERVICE_INVITE_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/invite.h"

enum { INVITES_LIVE_MAX = 100, INVITE_COMMENT_CHARS_MAX = 420, INVITE_USES_MAX = 1000 };

struct invite_params {
    int64_t max_uses;     /* 0: any number */
    int64_t expires_in_s; /* 0: never */
    bool autofollow;
    struct str comment;
};
/* FORBIDDEN (the role), INVALID (limits), with public texts. */
NODISCARD enum err service_invite_make(struct ctx *c, const struct invite_params *p, struct invite **out);
/* The caller's own. */
NODISCARD enum err service_invite_list(struct ctx *c, const struct page *p, struct invites *out);
NODISCARD enum err service_invite_end(struct ctx *c, int64_t id); /* NOT_FOUND */
/* One that may be used now; its code in any spelling that people type.  UNAUTHORIZED: unknown, spent or over. */
NODISCARD enum err service_invite_find(struct ctx *c, struct str code, struct invite **out);

/* ---- for the sign-up, in its write transaction ---------------------------------------------------------------------- */

/* Counts the use; UNAUTHORIZED when somebody else was faster.  *approved: nobody needs to look at this person. */
NODISCARD enum err service_invite_use(struct ctx *c, const struct invite *i, bool *approved);

#endif
