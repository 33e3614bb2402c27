/* How statuses are made; for status*.c and draft.c. */
#ifndef SERVICE_STATUS_INTERNAL_H
#define SERVICE_STATUS_INTERNAL_H

#include "model/post.h"
#include "service/status.h"

/* What is about to be stored. */
struct draft {
    struct status s;
    const struct draft *above; /* the post of the same thread that this one answers, or NULL */
    struct status *parent;     /* filled, or NULL */
    struct status *quoted;     /* as before */
    bool requote;              /* quoted, or nothing, instead of what was quoted until now */
};

/*
 * Check and make a new post; d->above is set before.  May ask the network for people mentioned: no transaction open.  draft_id: files
 * that it holds are free for this, 0: none.
 */
NODISCARD enum err status_draft_new(
    struct ctx *c, const struct account *me, const struct post_params *p, int64_t draft_id, struct draft *d);
/* The same for an edit of old, whose parameters are complete. */
NODISCARD enum err status_draft_again(
    struct ctx *c, const struct account *me, const struct post_params *q, const struct status *old, struct draft *d);
/* In the transaction: the row (its id is set before) with its URLs, and the jobs that follow from it. */
NODISCARD enum err status_draft_store(struct ctx *c, const struct account *me, struct draft *d, int64_t now_ms);

/*
 * Publish all or nothing, in one transaction.  from: the draft that it was, which goes in the same transaction; NULL: none.  key: to be
 * remembered, instead of one that meant `stale`.  *out: ids, first on top.  CONFLICT: the draft was changed or published meanwhile, or
 * the key is in use.
 */
NODISCARD enum err status_publish(
    struct ctx *c, const struct posts *v, const struct draft_row *from, struct str key, int64_t stale, struct ids *out);
/* Make all without storing: what is wrong with them?  Visibility, sensitive and language become what they would be. */
NODISCARD enum err status_try(struct ctx *c, struct posts *v, int64_t draft_id);

#endif
