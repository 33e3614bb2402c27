/* What activities of other servers ask of the tables, and what is passed on. */
#ifndef STORE_RECEIVE_H
#define STORE_RECEIVE_H

#include "base/ctx.h"
#include "base/page.h"

/* Accounts of ours that boosted a post, oldest first. */
NODISCARD enum err store_status_boosters_here(struct ctx *c, int64_t status_id, int64_t limit, struct ids *out);
/* Groups elsewhere that passed a post on to their members: ids and URLs, side by side. */
NODISCARD enum err store_status_groups(struct ctx *c, int64_t status_id, struct ids *ids, struct strs *uris);
/* In a write transaction: one reader more, without a mention to show.  *added false: it was one. */
NODISCARD enum err store_status_reader_add(struct ctx *c, int64_t status_id, int64_t account_id, bool *added);
/* Is anybody of that domain known? */
NODISCARD enum err store_domain_known(struct ctx *c, struct str domain, bool *out);

#endif
