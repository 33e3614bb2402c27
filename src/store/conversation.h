/* Conversations: direct posts as each of ours sees them. */
#ifndef STORE_CONVERSATION_H
#define STORE_CONVERSATION_H

#include "base/ctx.h"
#include "model/conversation.h"

/*
 * In a write transaction: a direct post of the thread came to v->account_id, from or to v->participants; v->unread is what the
 * conversation becomes, but one's own post that comes after a newer one takes nothing back; v->id gets its id.  *added false: the
 * account has the post in a conversation already, nothing changed.  The oldest beyond `most` of the account go.  When a post goes to
 * several accounts, in the order of their ids.
 */
NODISCARD enum err store_conversation_add(
    struct ctx *c, struct conversation *v, int64_t status_id, int64_t most, bool *added);
/* A post will be deleted: conversations end with the one before it, or with it. */
NODISCARD enum err store_conversation_forget(struct ctx *c, int64_t status_id);

/* Newest post first; cursors are ids of the last posts.  Not filled. */
NODISCARD enum err store_conversation_page(
    struct ctx *c, int64_t account_id, const struct page *p, struct conversations *out);
NODISCARD enum err store_conversation_of(
    struct ctx *c, int64_t account_id, int64_t id, struct conversation **out); /* NOT_FOUND */
NODISCARD enum err store_conversation_set_unread(struct ctx *c, int64_t id, bool unread);
NODISCARD enum err store_conversation_delete(struct ctx *c, int64_t id);

#endif
