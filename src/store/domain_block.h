/* Domains that a person does not want to see. */
#ifndef STORE_DOMAIN_BLOCK_H
#define STORE_DOMAIN_BLOCK_H

#include "base/ctx.h"
#include "base/page.h"

NODISCARD enum err store_domain_block_put(struct ctx *c, int64_t account_id, struct str domain, bool *added);
NODISCARD enum err store_domain_block_delete(struct ctx *c, int64_t account_id, struct str domain, bool *removed);
NODISCARD enum err store_domain_block_has(struct ctx *c, int64_t account_id, struct str domain, bool *out);
NODISCARD enum err store_domain_block_count(struct ctx *c, int64_t account_id, int64_t *out);
/* cursors->cursor belongs to each domain; its ids are not set. */
NODISCARD enum err store_domain_block_page(
    struct ctx *c, int64_t account_id, const struct page *p, struct strs *out, struct cursor_ids *cursors);

/* Follows between an account and a domain. */
NODISCARD enum err store_domain_follows(
    struct ctx *c, int64_t account_id, struct str domain, int64_t *followers, int64_t *following);
/* At most limit accounts of the domain that follow the account, are followed by it, or asked either way. */
NODISCARD enum err store_domain_related(
    struct ctx *c, int64_t account_id, struct str domain, int64_t limit, struct ids *out);
/* At most limit notifications that accounts of the domain caused. */
NODISCARD enum err store_domain_notifications_delete(
    struct ctx *c, int64_t account_id, struct str domain, int64_t limit, int64_t *removed);

#endif
