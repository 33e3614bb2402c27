/* Conversations: direct posts of a thread between the same people.  NOT_FOUND: no such one, or somebody else's. */
#ifndef SERVICE_CONVERSATION_H
#define SERVICE_CONVERSATION_H

#include "base/ctx.h"
#include "model/conversation.h"

enum { CONVERSATIONS_MAX = 5000 }; /* of an account: the ones that rested longest go */

/* The caller's, filled, the one with the newest post first; cursors are the ids of the last posts. */
NODISCARD enum err service_conversation_page(struct ctx *c, const struct page *p, struct conversations *out);
NODISCARD enum err service_conversation_get(struct ctx *c, int64_t id, struct conversation **out);
NODISCARD enum err service_conversation_set_unread(struct ctx *c, int64_t id, bool unread, struct conversation **out);
/* From the caller's list; the posts stay. */
NODISCARD enum err service_conversation_delete(struct ctx *c, int64_t id);

/*
 * The fan_out job: a direct post goes into the conversations of its author and of those it is for, as far as they are ours, and unless
 * they muted the thread or want nothing of the author.  s filled.  Again is harmless: who has the post keeps it where it is.
 */
NODISCARD enum err service_conversation_deliver(struct ctx *c, const struct status *s);

#endif
