/* Domains that the caller does not want to see. */
#ifndef SERVICE_DOMAIN_BLOCK_H
#define SERVICE_DOMAIN_BLOCK_H

#include "base/ctx.h"
#include "base/page.h"

enum { DOMAIN_BLOCKS_MAX = 5000 };

/* Newest first. */
NODISCARD enum err service_domain_block_list(
    struct ctx *c, const struct page *p, struct strs *out, struct cursor_ids *cursors);
/* What would end. */
NODISCARD enum err service_domain_block_preview(
    struct ctx *c, struct str domain, int64_t *followers, int64_t *following);
/*
 * Hides everything from there at once (service/visibility.h); a job ends the follows in both directions and removes notifications,
 * and a notification says how many follows ended.  Idempotent.  Errors: INVALID (no domain, our own, too many).
 */
NODISCARD enum err service_domain_block_put(struct ctx *c, struct str domain);
/* Ended follows do not come back. */
NODISCARD enum err service_domain_block_delete(struct ctx *c, struct str domain);
/* The job.  Again: goes on where it stopped; nothing when the block is gone meanwhile. */
NODISCARD enum err service_domain_block_sever(struct ctx *c, int64_t account_id, struct str domain);

#endif
