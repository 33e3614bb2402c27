/* Custom emoji: ours and those of other servers. */
#ifndef STORE_EMOJI_H
#define STORE_EMOJI_H

#include "base/ctx.h"
#include "model/status.h"

/* Emojis by shortcode on one domain ('' is ours); disabled and unknown ones are left out. */
NODISCARD enum err store_emoji_by_codes(
    struct ctx *c, struct str domain, const struct strs *codes, struct emoji_refs *out);
/* Fill `emojis` from `emoji_codes`, one query for all. */
NODISCARD enum err store_emoji_fill_accounts(struct ctx *c, struct account **v, size_t n);
NODISCARD enum err store_emoji_fill_statuses(struct ctx *c, struct status **v, size_t n);
/* Ours that may be picked, by category and code. */
NODISCARD enum err store_emoji_list(struct ctx *c, struct emoji_refs *out);
NODISCARD enum err store_emoji_get(struct ctx *c, int64_t id, struct emoji_ref **out, struct str *domain);
/* Insert or renew.  A remote one gets its remote_url; files follow when fetched. */
NODISCARD enum err store_emoji_put(
    struct ctx *c, struct str domain, struct str uri, const struct emoji_ref *e, int64_t updated_ms);

#endif
