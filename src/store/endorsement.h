/* People whom somebody shows on the own profile. */
#ifndef STORE_ENDORSEMENT_H
#define STORE_ENDORSEMENT_H

#include "base/ctx.h"
#include "base/page.h"

NODISCARD enum err store_endorsement_put(struct ctx *c, int64_t account_id, int64_t target_id);
NODISCARD enum err store_endorsement_delete(struct ctx *c, int64_t account_id, int64_t target_id);
NODISCARD enum err store_endorsement_page(
    struct ctx *c, int64_t account_id, const struct page *p, struct cursor_ids *out);

#endif
