/*
 * Questions of the streams: one post, or one moment, and many people who look.  Lists of viewers, readers and tokens are sorted and have
 * each id once; they are asked about in portions, so that any number is fine.
 */
#ifndef STORE_LIVE_H
#define STORE_LIVE_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/relation.h"

/* What each viewer is to one target, in their order; only what decides whether something is shown (store_relations_visible). */
NODISCARD enum err store_live_relations(
    struct ctx *c, const struct ids *viewers, int64_t target, struct relations *out);
/* Sets unwanting[i] of those who block or mute at least one of the targets (any order). */
NODISCARD enum err store_live_unwanting(
    struct ctx *c, const struct ids *viewers, const struct ids *targets, bool *unwanting);
/*
 * Sets special[i] of those for whom the status carries a mark of their own: they muted its conversation or, when `known` (it was there
 * before), favourited, reblogged, bookmarked, voted in or reacted to it.
 */
NODISCARD enum err store_live_special(
    struct ctx *c, const struct ids *viewers, int64_t status_id, int64_t conversation_id, bool known, bool *special);
/* Versions of their filters, 0 for those without; in the order of the viewers. */
NODISCARD enum err store_live_filter_versions(struct ctx *c, const struct ids *viewers, int64_t *versions);
/* Those among readers who follow the account, or one of the tags. */
NODISCARD enum err store_live_followers(
    struct ctx *c, const struct ids *readers, int64_t account_id, const struct ids *tags, struct ids *out);
/* Those among the tokens whose user may act: confirmed, approved, not disabled, the account not suspended. */
NODISCARD enum err store_live_tokens(struct ctx *c, const struct ids *tokens, struct ids *out);

#endif
