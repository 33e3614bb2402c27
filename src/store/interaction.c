/* Favourites, bookmarks, pins, muted conversations. */
#include "store/interaction.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/count.h"
#include "store/internal.h"
#include "store/status.h"

enum {
    Q_FAVOURITE_PUT,
    Q_FAVOURITE_DELETE,
    Q_FAVOURITE_GET,
    Q_FAVOURITE_ID,
    Q_FAVOURITE_URI,
    Q_FAVOURITE_SET_URI,
    Q_FAVOURITE_BY_URI,
    Q_BOOKMARK_PUT,
    Q_BOOKMARK_DELETE,
    Q_PIN_PUT,
    Q_PIN_DELETE,
    Q_PIN_LIST,
    Q_MUTE_PUT,
    Q_MUTE_DELETE,
    Q_MUTED,
    Q_FAVOURITES,
    Q_FAVOURITES_UP,
    Q_BOOKMARKS,
    Q_BOOKMARKS_UP,
    Q_FAVOURITED_BY,
    Q_FAVOURITED_BY_UP,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_FAVOURITE_PUT] = SQL("INSERT INTO favourite (id, account_id, status_id, uri, created_ms) VALUES ($1, $2, $3, "
                            "$4, $5) ON CONFLICT DO NOTHING"),
    [Q_FAVOURITE_DELETE] = SQL("DELETE FROM favourite WHERE account_id = $1 AND status_id = $2 RETURNING id"),
    [Q_FAVOURITE_GET] = SQL("SELECT account_id, status_id, uri FROM favourite WHERE id = $1"),
    [Q_FAVOURITE_ID] = SQL("SELECT id FROM favourite WHERE account_id = $1 AND status_id = $2"),
    [Q_FAVOURITE_URI] = SQL("SELECT uri FROM favourite WHERE account_id = $1 AND status_id = $2"),
    [Q_FAVOURITE_SET_URI] = SQL("UPDATE favourite SET uri = $3 WHERE account_id = $1 AND status_id = $2"),
    [Q_FAVOURITE_BY_URI] = SQL("SELECT account_id, status_id FROM favourite WHERE uri = $1"),
    [Q_BOOKMARK_PUT] = SQL(
        "INSERT INTO bookmark (id, account_id, status_id, created_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"),
    [Q_BOOKMARK_DELETE] = SQL("DELETE FROM bookmark WHERE account_id = $1 AND status_id = $2"),
    [Q_PIN_PUT] =
        SQL("INSERT INTO pin (id, account_id, status_id, created_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"),
    [Q_PIN_DELETE] = SQL("DELETE FROM pin WHERE account_id = $1 AND status_id = $2"),
    [Q_PIN_LIST] = SQL("SELECT status_id FROM pin WHERE account_id = $1 ORDER BY id DESC LIMIT 50"),
    [Q_MUTE_PUT] = SQL("INSERT INTO conversation_mute (account_id, conversation_id, created_ms) VALUES ($1, $2, $3) ON "
                       "CONFLICT DO NOTHING"),
    [Q_MUTE_DELETE] = SQL("DELETE FROM conversation_mute WHERE account_id = $1 AND conversation_id = $2"),
    [Q_MUTED] = SQL("SELECT 1 FROM conversation_mute WHERE account_id = $1 AND conversation_id = $2"),
    [Q_FAVOURITES] = PAGE("status_id, id", "favourite", "account_id = $4"),
    [Q_FAVOURITES_UP] = PAGE_UP("status_id, id", "favourite", "account_id = $4"),
    [Q_BOOKMARKS] = PAGE("status_id, id", "bookmark", "account_id = $4"),
    [Q_BOOKMARKS_UP] = PAGE_UP("status_id, id", "bookmark", "account_id = $4"),
    [Q_FAVOURITED_BY] = PAGE("account_id, id", "favourite", "status_id = $4"),
    [Q_FAVOURITED_BY_UP] = PAGE_UP("account_id, id", "favourite", "status_id = $4"),
};
DB_STATEMENTS(store_interaction, sql);

enum err
store_favourite_put(struct ctx *c, int64_t id, int64_t account_id, int64_t status_id, struct str uri, bool *added)
{
    TRY(db_change(c, &sql[Q_FAVOURITE_PUT],
        DB_ARGS(D_INT(id), D_INT(account_id), D_INT(status_id), D_STRN(uri), D_INT(clock_ms())), added));
    if (*added)
        store_count_status(c, status_id, (struct status_counts){ .favourites = 1 });
    return ERR_OK;
}

enum err
store_favourite_delete(struct ctx *c, int64_t account_id, int64_t status_id, int64_t *id, bool *removed)
{
    struct db_rows r;

    TRY(store_status_hold(c, &(struct ids){ &status_id, 1 }));
    TRY(db_query(c, &sql[Q_FAVOURITE_DELETE], DB_ARGS(D_INT(account_id), D_INT(status_id)), &r));
    *removed = r.n > 0;
    if (r.n == 0)
        return ERR_OK;
    *id = db_int(&r.v[0], 0);
    store_count_status(c, status_id, (struct status_counts){ .favourites = -1 });
    return ERR_OK;
}

enum err
store_favourite_get(struct ctx *c, int64_t id, int64_t *account_id, int64_t *status_id, struct str *uri)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_FAVOURITE_GET], DB_ARGS(D_INT(id)), &r));
    *account_id = db_int(r, 0);
    *status_id = db_int(r, 1);
    *uri = db_str(r, 2);
    return ERR_OK;
}

enum err
store_favourite_id(struct ctx *c, int64_t account_id, int64_t status_id, int64_t *id)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_FAVOURITE_ID], DB_ARGS(D_INT(account_id), D_INT(status_id)), &r));
    *id = r != NULL ? db_int(r, 0) : 0;
    return ERR_OK;
}

enum err
store_favourite_uri(struct ctx *c, int64_t account_id, int64_t status_id, struct str *uri)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_FAVOURITE_URI], DB_ARGS(D_INT(account_id), D_INT(status_id)), &r));
    *uri = r != NULL ? db_str(r, 0) : S("");
    return ERR_OK;
}

enum err
store_favourite_set_uri(struct ctx *c, int64_t account_id, int64_t status_id, struct str uri)
{
    return db_exec(c, &sql[Q_FAVOURITE_SET_URI], DB_ARGS(D_INT(account_id), D_INT(status_id), D_STRN(uri)), NULL);
}

enum err
store_favourite_by_uri(struct ctx *c, struct str uri, int64_t *account_id, int64_t *status_id)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_FAVOURITE_BY_URI], DB_ARGS(D_STR(uri)), &r));
    *account_id = db_int(r, 0);
    *status_id = db_int(r, 1);
    return ERR_OK;
}

enum err
store_bookmark_put(struct ctx *c, int64_t account_id, int64_t status_id)
{
    return db_exec(c, &sql[Q_BOOKMARK_PUT],
        DB_ARGS(D_INT(id_new()), D_INT(account_id), D_INT(status_id), D_INT(clock_ms())), NULL);
}

enum err
store_bookmark_delete(struct ctx *c, int64_t account_id, int64_t status_id)
{
    return db_exec(c, &sql[Q_BOOKMARK_DELETE], DB_ARGS(D_INT(account_id), D_INT(status_id)), NULL);
}

enum err
store_pin_put(struct ctx *c, int64_t account_id, int64_t status_id, bool *added)
{
    return db_change(
        c, &sql[Q_PIN_PUT], DB_ARGS(D_INT(id_new()), D_INT(account_id), D_INT(status_id), D_INT(clock_ms())), added);
}

enum err
store_pin_delete(struct ctx *c, int64_t account_id, int64_t status_id, bool *removed)
{
    return db_change(c, &sql[Q_PIN_DELETE], DB_ARGS(D_INT(account_id), D_INT(status_id)), removed);
}

enum err
store_pin_list(struct ctx *c, int64_t account_id, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_PIN_LIST], DB_ARGS(D_INT(account_id)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_conversation_mute(struct ctx *c, int64_t account_id, int64_t conversation_id, bool on)
{
    if (!on)
        return db_exec(c, &sql[Q_MUTE_DELETE], DB_ARGS(D_INT(account_id), D_INT(conversation_id)), NULL);
    return db_exec(c, &sql[Q_MUTE_PUT], DB_ARGS(D_INT(account_id), D_INT(conversation_id), D_INT(clock_ms())), NULL);
}

enum err
store_conversation_muted(struct ctx *c, int64_t account_id, int64_t conversation_id, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_MUTED], DB_ARGS(D_INT(account_id), D_INT(conversation_id)), &r));
    *out = r != NULL;
    return ERR_OK;
}

static enum err
page(struct ctx *c, int q, int64_t owner, const struct page *p, struct cursor_ids *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(
        c, &sql[q + (page_is_up(p) ? 1 : 0)], DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(owner)), &r));
    return store_cursor_ids(c, p, &r, out);
}

enum err
store_favourite_page(struct ctx *c, int64_t account_id, const struct page *p, struct cursor_ids *out)
{
    return page(c, Q_FAVOURITES, account_id, p, out);
}

enum err
store_bookmark_page(struct ctx *c, int64_t account_id, const struct page *p, struct cursor_ids *out)
{
    return page(c, Q_BOOKMARKS, account_id, p, out);
}

enum err
store_favourited_by_page(struct ctx *c, int64_t status_id, const struct page *p, struct cursor_ids *out)
{
    return page(c, Q_FAVOURITED_BY, status_id, p, out);
}
