/* Polls and votes.  Who may vote is decided in service/poll. */
#ifndef STORE_POLL_H
#define STORE_POLL_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

/* One by its id, or that of a status; *out of the latter NULL when the status asks nothing. */
NODISCARD enum err store_poll_get(struct ctx *c, int64_t id, struct poll **out);
NODISCARD enum err store_poll_of_status(struct ctx *c, int64_t status_id, struct poll **out);
/* In a write transaction: nobody else votes or edits until its end.  NOT_FOUND. */
NODISCARD enum err store_poll_lock(struct ctx *c, int64_t id, struct poll **out);
/* CONFLICT when the status has one. */
NODISCARD enum err store_poll_insert(struct ctx *c, const struct poll *p);
/* All but id, status and created_ms. */
NODISCARD enum err store_poll_update(struct ctx *c, const struct poll *p);
NODISCARD enum err store_poll_delete(struct ctx *c, int64_t id);

/* CONFLICT when the account chose that before. */
NODISCARD enum err store_poll_vote_add(struct ctx *c, const struct poll_vote *v);
NODISCARD enum err store_poll_vote_get(struct ctx *c, int64_t id, struct poll_vote *out);
/* Choices of one account, ascending. */
NODISCARD enum err store_poll_choices(struct ctx *c, int64_t poll_id, int64_t account_id, struct ids *out);
NODISCARD enum err store_poll_votes_clear(struct ctx *c, int64_t poll_id);
/* Accounts that voted, ours or remote, above `after` in order of id. */
NODISCARD enum err store_poll_voters(
    struct ctx *c, int64_t poll_id, bool local, int64_t after, int64_t limit, struct ids *out);

/* s->poll of those that ask something; v sorted by id.  No query when none does. */
NODISCARD enum err store_poll_fill_statuses(struct ctx *c, struct status **v, size_t n, int64_t viewer);

#endif
