/* Collections and their items.  Who may be in one is decided in service/collection. */
#ifndef STORE_COLLECTION_H
#define STORE_COLLECTION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/collection.h"

/* Filled with accepted and pending items.  NOT_FOUND. */
NODISCARD enum err store_collection_get(struct ctx *c, int64_t id, struct collection **out);
NODISCARD enum err store_collection_by_uri(struct ctx *c, struct str uri, struct collection **out); /* of others */
/* Those that exist of these ids, filled. */
NODISCARD enum err store_collection_list(struct ctx *c, const struct ids *ids, struct collections *out);
/* The same with the first items_max of each (0: none, not even counted); n_left_out says how many more there are. */
NODISCARD enum err store_collection_heads(
    struct ctx *c, const struct ids *ids, size_t items_max, struct collections *out);
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
/* state, uri, position and approval_uri */
NODISCARD enum err store_collection_item_set(struct ctx *c, const struct collection_item *i);
NODISCARD enum err store_collection_item_delete(struct ctx *c, int64_t id);

/* One of any state: by its number, or who in which.  NOT_FOUND. */
NODISCARD enum err store_collection_item_get(struct ctx *c, int64_t id, struct collection_item *out);
NODISCARD enum err store_collection_item_of(
    struct ctx *c, int64_t collection_id, int64_t account_id, struct collection_item *out);
/* All of a collection, of any state; those that show this stamp. */
NODISCARD enum err store_collection_items(struct ctx *c, int64_t collection_id, struct collection_items *out);
/* Where account_id is in collections of owner_id, or was asked to be; at most 200. */
NODISCARD enum err store_collection_items_between(
    struct ctx *c, int64_t account_id, int64_t owner_id, struct collection_items *out);
NODISCARD enum err store_collection_items_stamped(struct ctx *c, struct str approval_uri, struct collection_items *out);

/* What posts link to.  set replaces; of by post, then in its order; both at most STATUS_COLLECTIONS_MAX for each. */
struct status_collection {
    int64_t status_id, collection_id;
};
NODISCARD enum err store_collection_tags_set(struct ctx *c, int64_t status_id, const struct ids *collections);
NODISCARD enum err store_collection_tags_of(
    struct ctx *c, const struct ids *statuses, int64_t limit, struct status_collection **v, size_t *n);
/* One of another server by its id or the address of its page; 0: not known. */
NODISCARD enum err store_collection_by_link(struct ctx *c, struct str link, int64_t *id);

/* Where somebody of another server lists collections, and when it was read; empty: not told. */
NODISCARD enum err store_collection_source(struct ctx *c, int64_t account_id, struct str *uri, int64_t *fetched_ms);
NODISCARD enum err store_collection_source_put(struct ctx *c, int64_t account_id, struct str uri);
NODISCARD enum err store_collection_source_fetched(struct ctx *c, int64_t account_id, int64_t ms);

/* Those of others that nobody needs; questions that nobody answered. */
NODISCARD enum err store_collection_prune(struct ctx *c, int64_t before_ms);
NODISCARD enum err store_collection_pending_prune(struct ctx *c, int64_t before_ms);

#endif
