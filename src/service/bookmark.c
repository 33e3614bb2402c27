/* Folders of bookmarks. */
#include "service/bookmark.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "service/search_index.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/bookmark.h"
#include "store/interaction.h"
#include "text/unicode.h"

static enum err
set_title(struct ctx *c, struct str title, struct bookmark_folder *f)
{
    if (text_is_blank(title))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Title can't be blank");
    if (text_graphemes(title) > BOOKMARK_FOLDER_TITLE_CHARS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Title is too long (maximum is %d characters)",
            BOOKMARK_FOLDER_TITLE_CHARS_MAX);
    f->title = title;
    return ERR_OK;
}

/* Changes at the same time wait for each other: they cannot pass the limit together. */
static enum err
begin(struct ctx *c)
{
    TRY(db_begin(c, DB_WRITE));
    return store_account_lock(c, c->who.account_id);
}

enum err
service_bookmark_folders(struct ctx *c, struct bookmark_folders *out)
{
    return store_bookmark_folders(c, c->who.account_id, out);
}

enum err
service_bookmark_folder_get(struct ctx *c, int64_t id, struct bookmark_folder **out)
{
    return store_bookmark_folder_get(c, c->who.account_id, id, out);
}

enum err
service_bookmark_folder_create(struct ctx *c, struct str title, struct bookmark_folder **out)
{
    struct bookmark_folders all;

    *out = arena_new(c->mem, struct bookmark_folder);
    **out = (struct bookmark_folder){ .id = id_new(), .account_id = c->who.account_id, .created_ms = clock_ms() };
    TRY(set_title(c, title, *out));
    TRY(begin(c));
    TRY(service_bookmark_folders(c, &all));
    if (all.n >= BOOKMARK_FOLDERS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: You cannot have more than %d folders", BOOKMARK_FOLDERS_MAX);
    TRY(store_bookmark_folder_put(c, *out));
    return db_commit(c);
}

enum err
service_bookmark_folder_rename(struct ctx *c, int64_t id, struct str title, struct bookmark_folder **out)
{
    TRY(begin(c));
    TRY(service_bookmark_folder_get(c, id, out));
    TRY(set_title(c, title, *out));
    TRY(store_bookmark_folder_put(c, *out));
    return db_commit(c);
}

enum err
service_bookmark_folder_delete(struct ctx *c, int64_t id)
{
    struct bookmark_folder *f;

    TRY(begin(c));
    TRY(service_bookmark_folder_get(c, id, &f));
    TRY(store_bookmark_folder_delete(c, id));
    return db_commit(c);
}

enum err
service_bookmark_folder_add(struct ctx *c, int64_t id, const struct ids *statuses)
{
    struct bookmark_folder *f;
    struct ids originals;
    struct statuses seen;

    TRY(service_bookmark_folder_get(c, id, &f));
    TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT, statuses, &seen));
    if (seen.n < statuses->n)
        return ctx_fail(c, ERR_NOT_FOUND, "not all statuses are visible");
    originals = (struct ids){ arena_vec(c->mem, int64_t, seen.n), seen.n };
    TRY(begin(c));
    for (size_t i = 0; i < seen.n; i++) {
        originals.v[i] = seen.v[i]->reblog_of_id != 0 ? seen.v[i]->reblog_of_id : seen.v[i]->id;
        TRY(store_bookmark_put(c, c->who.account_id, originals.v[i]));
        TRY(service_index_joined(c, originals.v[i]));
    }
    TRY(store_bookmark_folder_add(c, id, c->who.account_id, &originals));
    return db_commit(c);
}

enum err
service_bookmark_folder_remove(struct ctx *c, int64_t id, const struct ids *statuses)
{
    struct bookmark_folder *f;

    TRY(begin(c));
    TRY(service_bookmark_folder_get(c, id, &f));
    TRY(store_bookmark_folder_remove(c, id, c->who.account_id, statuses));
    return db_commit(c);
}

enum err
service_bookmark_folder_page(
    struct ctx *c, int64_t id, const struct page *p, struct statuses *out, struct cursor_ids *cursors)
{
    struct bookmark_folder *f;

    TRY(service_bookmark_folder_get(c, id, &f));
    TRY(store_bookmark_folder_page(c, id, p, cursors));
    return service_status_load(c, c->who.account_id, VIEW_DIRECT, &(struct ids){ cursors->id, cursors->n }, out);
}
