/* The caller's folders of bookmarks.  A bookmark may be in several, or in none.  NOT_FOUND: no such folder, or somebody else's. */
#ifndef SERVICE_BOOKMARK_H
#define SERVICE_BOOKMARK_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/bookmark.h"
#include "model/status.h"

enum { BOOKMARK_FOLDERS_MAX = 100, BOOKMARK_FOLDER_TITLE_CHARS_MAX = 256 };

NODISCARD enum err service_bookmark_folders(struct ctx *c, struct bookmark_folders *out); /* oldest first */
NODISCARD enum err service_bookmark_folder_get(struct ctx *c, int64_t id, struct bookmark_folder **out);
NODISCARD enum err service_bookmark_folder_create(struct ctx *c, struct str title, struct bookmark_folder **out);
NODISCARD enum err service_bookmark_folder_rename(
    struct ctx *c, int64_t id, struct str title, struct bookmark_folder **out);
/* The bookmarks stay. */
NODISCARD enum err service_bookmark_folder_delete(struct ctx *c, int64_t id);
/* Into the folder; bookmarked when they were not.  NOT_FOUND: one cannot be seen; none is added then. */
NODISCARD enum err service_bookmark_folder_add(struct ctx *c, int64_t id, const struct ids *statuses);
/* Out of the folder; they stay bookmarked. */
NODISCARD enum err service_bookmark_folder_remove(struct ctx *c, int64_t id, const struct ids *statuses);
NODISCARD enum err service_bookmark_folder_page(
    struct ctx *c, int64_t id, const struct page *p, struct statuses *out, struct cursor_ids *cursors);

#endif
