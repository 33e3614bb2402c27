/* Folders of bookmarks.  The bookmarks themselves are in interaction.h. */
#ifndef STORE_BOOKMARK_H
#define STORE_BOOKMARK_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/bookmark.h"

NODISCARD enum err store_bookmark_folders(struct ctx *c, int64_t account_id, struct bookmark_folders *out);
NODISCARD enum err store_bookmark_folder_get(
    struct ctx *c, int64_t account_id, int64_t id, struct bookmark_folder **out); /* NOT_FOUND */
/* In a write transaction: inserts, or changes the one with this id. */
NODISCARD enum err store_bookmark_folder_put(struct ctx *c, const struct bookmark_folder *f);
NODISCARD enum err store_bookmark_folder_delete(struct ctx *c, int64_t id);
/* Bookmarks of account_id on these statuses into the folder; those that are there stay. */
NODISCARD enum err store_bookmark_folder_add(struct ctx *c, int64_t id, int64_t account_id, const struct ids *statuses);
NODISCARD enum err store_bookmark_folder_remove(
    struct ctx *c, int64_t id, int64_t account_id, const struct ids *statuses);
/* Statuses with the cursors of their bookmarks, as store_bookmark_page. */
NODISCARD enum err store_bookmark_folder_page(struct ctx *c, int64_t id, const struct page *p, struct cursor_ids *out);

#endif
