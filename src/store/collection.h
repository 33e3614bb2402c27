/* Collections and their items.  Who may be in one is decided in service/collection. */
#ifndef STORE_COLLECTION_H
#define STORE_COLLECTION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/collection.h"

/* Filled.  NOT_FOUND. */
NODISCARD enum err store_collection_get(struct ctx *c, int64_t id, struct collection **out);
/* Those that exist of these ids, filled. */
NODISCARD enum err store_collection_list(struct ctx *c, const struct ids *ids, struct collections *out);
/* Of an account; those that it is in.  Newest first, filled. */
NODISCARD enum err store_collection_page(
    struct ctx *c, int64_t account_id, bool discoverable_only, int64_t limit, int64_t offset, struct collections *out);
NODISCARD enum err store_collection_with(
    struct ctx *c, int64_t account_id, int64_t limit, int64_t offset, struct collections *out);
NODISCARD enum err store_collection_count(struct ctx *c, int64_t account_id, int64_t *out);

/* In a write transaction.  put inserts, or changes the one with this id. */
NODISCARD enum err store_collection_put(struct ctx *c, const struct collection *v);
NODISCARD enum err store_collection_delete(struct ctx *c, int64_t id);
NODISCARD enum err store_collection_item_add(struct ctx *c, const struct collection_item *i); /* CONFLICT */
NODISCARD enum err store_collection_item_state(struct ctx *c, int64_t id, enum collection_item_state state);
NODISCARD enum err store_collection_item_delete(struct ctx *c, int64_t id);

#endif
