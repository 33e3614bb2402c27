/*
 * Quotes (FEP-044f): who may quote, what a viewer sees of a quoted post, consent asked, given and taken back.  doc/design/quotes.md
 * What other servers do is in receive_quote.c.
 */
#ifndef SERVICE_QUOTE_H
#define SERVICE_QUOTE_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/relation.h"
#include "model/status.h"

/*
 * For filled statuses that the viewer may see, with the relations of their authors: the quoted posts (those inside them only by
 * their ids), the state as this viewer gets it, and quote_answer.  A fixed number of queries.  Called by the pipeline of visibility.h.
 */
NODISCARD enum err service_quote_show(
    struct ctx *c, int64_t viewer, struct status **v, size_t n, const struct relations *authors);

/* ---- a post of ours that quotes -------------------------------------------------------------------------------- */

/*
 * The post to quote by s, whose author and visibility are set; a reblog stands for its original.  Makes s private when the quoted one
 * is.  NOT_FOUND: not visible, or the caller may not quote it; INVALID: a direct message that quotes somebody else.
 */
NODISCARD enum err service_quote_draft(struct ctx *c, int64_t id, struct status *s, struct status **out);
/* The author of what a followers-only post quotes gets to see it: a silent mention more. */
void service_quote_address(struct ctx *c, const struct status *quoted, struct status *s);
/*
 * In a write transaction, before the posts: nobody blocks the other until its end, so that a block finds the quote and takes back the consent
 * to it, or stands already; and nobody edits what is quoted.  NOT_FOUND with a public text then.
 */
NODISCARD enum err service_quote_hold(struct ctx *c, int64_t account_id, const struct status *quoted);
/* In a write transaction: the row, accepted or asked for. */
NODISCARD enum err service_quote_put(struct ctx *c, const struct status *s, const struct status *quoted);
/* The policy of a post with that visibility. */
int service_quote_policy(enum visibility v, enum quote_choice choice);

/* ---- the stamp as a document ----------------------------------------------------------------------------------- */

/* Ours by its number, for whoever may see the post that is quoted.  Errors as service_published_status. */
struct ap_stamp_out;
NODISCARD enum err service_quote_stamp(
    struct ctx *c, int64_t account_id, int64_t number, int64_t viewer, struct ap_stamp_out *out);

/* ---- verbs ----------------------------------------------------------------------------------------------------- */

/* Own posts only.  What was accepted stays accepted. */
NODISCARD enum err service_quote_set_policy(struct ctx *c, int64_t id, enum quote_choice choice, struct status **out);
/* Posts that quote this one with consent, as far as the caller may see them; cursors of the whole page. */
NODISCARD enum err service_quote_list(
    struct ctx *c, int64_t id, const struct page *p, struct statuses *out, struct cursor_ids *cursors);
/* Take back the consent that one's own post `id` is shown in `quoting_id`.  *out: the quoting post.  NOT_FOUND, FORBIDDEN. */
NODISCARD enum err service_quote_revoke(struct ctx *c, int64_t id, int64_t quoting_id, struct status **out);
/* In a write transaction: the same for all quotes of my posts by somebody whom I block. */
NODISCARD enum err service_quote_revoke_all(struct ctx *c, int64_t account_id, int64_t by);

#endif
