/* Favourites, bookmarks, pins, muted conversations. */
#ifndef STORE_INTERACTION_H
#define STORE_INTERACTION_H

#include "base/ctx.h"
#include "base/page.h"
#include "base/str.h"

/* Write.  *added or *removed says whether something changed; counters move with it. */
NODISCARD enum err store_favourite_put(
    struct ctx *c, int64_t id, int64_t account_id, int64_t status_id, struct str uri, bool *added);
NODISCARD enum err store_favourite_delete(
    struct ctx *c, int64_t account_id, int64_t status_id, int64_t *id, bool *removed);
NODISCARD enum err store_favourite_get(
    struct ctx *c, int64_t id, int64_t *account_id, int64_t *status_id, struct str *uri); /* NOT_FOUND */
NODISCARD enum err store_favourite_id(struct ctx *c, int64_t account_id, int64_t status_id, int64_t *id); /* 0: none */
/* The id of the activity that it came with; n 0: none, or no such favourite. */
NODISCARD enum err store_favourite_uri(struct ctx *c, int64_t account_id, int64_t status_id, struct str *uri);
NODISCARD enum err store_favourite_set_uri(struct ctx *c, int64_t account_id, int64_t status_id, struct str uri);
NODISCARD enum err store_favourite_by_uri(
    struct ctx *c, struct str uri, int64_t *account_id, int64_t *status_id); /* NOT_FOUND */
NODISCARD enum err store_bookmark_put(struct ctx *c, int64_t account_id, int64_t status_id);
NODISCARD enum err store_bookmark_delete(struct ctx *c, int64_t account_id, int64_t status_id);
NODISCARD enum err store_pin_put(struct ctx *c, int64_t account_id, int64_t status_id, bool *added);
NODISCARD enum err store_pin_delete(struct ctx *c, int64_t account_id, int64_t status_id, bool *removed);
NODISCARD enum err store_pin_list(
    struct ctx *c, int64_t account_id, struct ids *out); /* newest pin first, at most 50 */
NODISCARD enum err store_conversation_mute(struct ctx *c, int64_t account_id, int64_t conversation_id, bool on);
NODISCARD enum err store_conversation_muted(struct ctx *c, int64_t account_id, int64_t conversation_id, bool *out);

/* Lists with the cursor of each row: statuses an account favourited or bookmarked; accounts that favourited a status. */
NODISCARD enum err store_favourite_page(
    struct ctx *c, int64_t account_id, const struct page *p, struct cursor_ids *out);
NODISCARD enum err store_bookmark_page(struct ctx *c, int64_t account_id, const struct page *p, struct cursor_ids *out);
NODISCARD enum err store_favourited_by_page(
    struct ctx *c, int64_t status_id, const struct page *p, struct cursor_ids *out);

#endif
