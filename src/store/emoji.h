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
/*
 * Insert or renew, unless what is there is newer.  A remote one gets its remote_url; files follow when fetched, and stay when a renewal
 * has the same remote_url.  Files that are replaced go to dead_file.
 */
NODISCARD enum err store_emoji_put(
    struct ctx *c, struct str domain, struct str uri, const struct emoji_ref *e, int64_t updated_ms);
/* Files of a remote one, unless its remote_url changed meanwhile or it has files: then *won is false. */
NODISCARD enum err store_emoji_fetched(
    struct ctx *c, int64_t id, struct str remote_url, struct str file, struct str file_static, bool *won);
/* By code, also a disabled one; its files go to dead_file.  NOT_FOUND. */
NODISCARD enum err store_emoji_delete(struct ctx *c, struct str domain, struct str shortcode);

#endif
