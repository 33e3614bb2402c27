/* Folders of bookmarks. */
#include "store/bookmark.h"

#include "store/internal.h"

#define SELECT                                                                                                         \
    "SELECT f.id, f.account_id, f.title, f.created_ms, (SELECT count(*) FROM bookmark_folder_item i "                  \
    "WHERE i.folder_id = f.id) FROM bookmark_folder f WHERE f.account_id = $1 "
#define ITEMS                                                                                                          \
    "SELECT b.status_id, b.id FROM bookmark_folder_item i JOIN bookmark b ON b.id = i.bookmark_id "                    \
    "WHERE i.folder_id = $4 AND i.bookmark_id < $1 AND i.bookmark_id > $2 ORDER BY i.bookmark_id "

enum { Q_ALL, Q_GET, Q_PUT, Q_DELETE, Q_ADD, Q_REMOVE, Q_PAGE, Q_PAGE_UP, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_ALL] = SQL(SELECT "ORDER BY f.id LIMIT 1000"),
    [Q_GET] = SQL(SELECT "AND f.id = $2"),
    [Q_PUT] = SQL("INSERT INTO bookmark_folder (id, account_id, title, created_ms) VALUES ($1, $2, $3, $4) "
                  "ON CONFLICT (id) DO UPDATE SET title = $3"),
    [Q_DELETE] = SQL("DELETE FROM bookmark_folder WHERE id = $1"),
    [Q_ADD] = SQL("INSERT INTO bookmark_folder_item (folder_id, bookmark_id) SELECT CAST($1 AS BIGINT), id "
                  "FROM bookmark WHERE account_id = $2 AND status_id IN {ids:$3} ON CONFLICT DO NOTHING"),
    [Q_REMOVE] = SQL("DELETE FROM bookmark_folder_item WHERE folder_id = $1 AND bookmark_id IN "
                     "(SELECT id FROM bookmark WHERE account_id = $2 AND status_id IN {ids:$3})"),
    [Q_PAGE] = SQL(ITEMS "DESC LIMIT $3"),
    [Q_PAGE_UP] = SQL(ITEMS "ASC LIMIT $3"),
};
DB_STATEMENTS(store_bookmark, sql);

static struct bookmark_folder
read_row(const struct db_row *r)
{
    return (struct bookmark_folder){ db_int(r, 0), db_int(r, 1), db_str(r, 2), db_int(r, 3), db_int(r, 4) };
}

enum err
store_bookmark_folders(struct ctx *c, int64_t account_id, struct bookmark_folders *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_ALL], DB_ARGS(D_INT(account_id)), &r));
    ROWS_READ(c->mem, &r, struct bookmark_folder, read_row, out);
    return ERR_OK;
}

enum err
store_bookmark_folder_get(struct ctx *c, int64_t account_id, int64_t id, struct bookmark_folder **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(account_id), D_INT(id)), &r));
    *out = arena_new(c->mem, struct bookmark_folder);
    **out = read_row(r);
    return ERR_OK;
}

enum err
store_bookmark_folder_put(struct ctx *c, const struct bookmark_folder *f)
{
    return db_exec(
        c, &sql[Q_PUT], DB_ARGS(D_INT(f->id), D_INT(f->account_id), D_STR(f->title), D_INT(f->created_ms)), NULL);
}

enum err
store_bookmark_folder_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_bookmark_folder_add(struct ctx *c, int64_t id, int64_t account_id, const struct ids *statuses)
{
    return db_exec(c, &sql[Q_ADD], DB_ARGS(D_INT(id), D_INT(account_id), D_IDS(statuses->v, statuses->n)), NULL);
}

enum err
store_bookmark_folder_remove(struct ctx *c, int64_t id, int64_t account_id, const struct ids *statuses)
{
    return db_exec(c, &sql[Q_REMOVE], DB_ARGS(D_INT(id), D_INT(account_id), D_IDS(statuses->v, statuses->n)), NULL);
}

enum err
store_bookmark_folder_page(struct ctx *c, int64_t id, const struct page *p, struct cursor_ids *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_PAGE_UP : Q_PAGE],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(id)), &r));
    return store_cursor_ids(c, p, &r, out);
}
