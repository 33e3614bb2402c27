/* Uses of hashtags and links by day, and the trends reckoned from them and from favourites and reblogs. */
#ifndef STORE_TREND_H
#define STORE_TREND_H

#include "base/ctx.h"
#include "model/status.h"

/* ---- uses; days are those since 1970, UTC ---- */

/* In a write transaction: the account used the tag once more. */
NODISCARD enum err store_tag_used(struct ctx *c, int64_t tag_id, int64_t day, int64_t account_id);
NODISCARD enum err store_card_used(struct ctx *c, int64_t card_id, int64_t day, int64_t account_id);
/* The history of each, of the days up to today. */
NODISCARD enum err store_tag_history(struct ctx *c, int64_t today, struct tag_ref *v, size_t n);
NODISCARD enum err store_card_history(struct ctx *c, int64_t today, const struct cards *v);
NODISCARD enum err store_tag_use_prune(struct ctx *c, int64_t before_ms);
NODISCARD enum err store_card_use_prune(struct ctx *c, int64_t before_ms);

/* ---- reckoning ---- */

struct trend_use {
    int64_t id;               /* of the tag or card */
    int64_t today, yesterday; /* distinct accounts */
    double score, peak;
    int64_t peak_ms;
};
struct trend_uses {
    struct trend_use *v;
    size_t n;
};
/* What at least min accounts used today, the most used first, and what trends already; cards only when they have something to show. */
NODISCARD enum err store_trend_tag_candidates(
    struct ctx *c, int64_t today, int64_t min, int64_t limit, struct trend_uses *out);
NODISCARD enum err store_trend_card_candidates(
    struct ctx *c, int64_t today, int64_t min, int64_t limit, struct trend_uses *out);

struct trend_status {
    int64_t status_id, account_id, created_ms;
    int64_t interactions;
    double score;
};
struct trend_statuses {
    struct trend_status *v;
    size_t n;
};
/*
 * Public posts made after since_ms that somebody favourited or reblogged since then: by discoverable people in good standing, neither
 * sensitive nor with a warning nor replies; at least min interactions, the most first.
 */
NODISCARD enum err store_trend_status_candidates(
    struct ctx *c, int64_t since_ms, int64_t min, int64_t limit, struct trend_statuses *out);

/* In a write transaction: instead of what was there; rows without a score are left out. */
NODISCARD enum err store_trend_put(struct ctx *c, const struct trend_uses *tags, const struct trend_uses *cards,
    const struct trend_statuses *statuses);

/* ---- reading; by_default: does that which nobody has decided on trend? ---- */

NODISCARD enum err store_trend_tag_page(
    struct ctx *c, bool by_default, int64_t limit, int64_t offset, struct tag_ref **v, size_t *n);
/* language first, then by score. */
NODISCARD enum err store_trend_card_page(
    struct ctx *c, bool by_default, struct str language, int64_t limit, int64_t offset, struct ids *out);
NODISCARD enum err store_trend_status_page(
    struct ctx *c, bool by_default, struct str language, int64_t limit, int64_t offset, struct ids *out);

/* In a write transaction.  NOT_FOUND. */
NODISCARD enum err store_tag_allow(struct ctx *c, struct str name, bool on);
NODISCARD enum err store_card_allow(struct ctx *c, int64_t id, bool on);
/* domain: an A-label in lower case; the row is made when it is new. */
NODISCARD enum err store_provider_allow(struct ctx *c, struct str domain, bool on);

#endif
