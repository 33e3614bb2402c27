/* Notifications and read markers. */
#include "store/notification.h"

#include "base/clock.h"
#include "store/internal.h"

#define COLS "id, account_id, from_account_id, kind, status_id, created_ms"
#define WHERE                                                                                                          \
    " FROM notification WHERE account_id = $4 AND id < $1 AND id > $2 AND kind IN {ids:$5} AND (CAST($6 AS BIGINT) = " \
    "0 OR "                                                                                                            \
    "from_account_id = $6) "

enum {
    Q_PUT,
    Q_PAGE,
    Q_PAGE_UP,
    Q_GET,
    Q_DELETE,
    Q_CLEAR,
    Q_DELETE_FROM,
    Q_DELETE_CAUSE,
    Q_UNREAD,
    Q_MARKER_GET,
    Q_MARKER_PUT,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] =
        SQL("INSERT INTO notification (" COLS ", dedupe) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"),
    [Q_PAGE] = SQL("SELECT " COLS WHERE "ORDER BY id DESC LIMIT $3"),
    [Q_PAGE_UP] = SQL("SELECT " COLS WHERE "ORDER BY id ASC LIMIT $3"),
    [Q_GET] = SQL("SELECT " COLS " FROM notification WHERE account_id = $1 AND id = $2"),
    [Q_DELETE] = SQL("DELETE FROM notification WHERE account_id = $1 AND id = $2"),
    [Q_CLEAR] = SQL("DELETE FROM notification WHERE account_id = $1"),
    [Q_DELETE_FROM] = SQL("DELETE FROM notification WHERE account_id = $1 AND from_account_id = $2"),
    [Q_DELETE_CAUSE] = SQL("DELETE FROM notification WHERE account_id = $1 AND dedupe = $2"),
    [Q_UNREAD] = SQL(
        "SELECT count(*) FROM (SELECT 1 FROM notification WHERE account_id = $1 AND id > coalesce((SELECT last_read_id "
        "FROM marker WHERE account_id = $1 AND timeline = 'notifications'), 0) LIMIT $2) x"),
    [Q_MARKER_GET] =
        SQL("SELECT timeline, last_read_id, version, updated_ms FROM marker WHERE account_id = $1 AND timeline = $2"),
    [Q_MARKER_PUT] =
        SQL("INSERT INTO marker (account_id, timeline, last_read_id, version, updated_ms) VALUES ($1, $2, $3, 1, $4) "
            "ON CONFLICT (account_id, timeline) DO UPDATE SET last_read_id = $3, version = marker.version + 1, "
            "updated_ms = $4 "
            "RETURNING timeline, last_read_id, version, updated_ms"),
};
DB_STATEMENTS(store_notification, sql);

static struct str
dedupe_key(struct arena *mem, enum notification_kind kind, int64_t from, int64_t status_id)
{
    return str_fmt(mem, "%d:%lld:%lld", kind, (long long)from, (long long)status_id);
}

static struct notification
read_row(const struct db_row *r)
{
    return (struct notification){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .from_account_id = db_int(r, 2),
        .kind = (enum notification_kind)db_int(r, 3),
        .status_id = db_int(r, 4),
        .created_ms = db_int(r, 5) };
}

enum err
store_notification_put(struct ctx *c, const struct notification *n, bool *added)
{
    int64_t rows;

    TRY(db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(n->id), D_INT(n->account_id), D_INT(n->from_account_id), D_INT(n->kind), D_INTN(n->status_id),
            D_INT(n->created_ms), D_STR(dedupe_key(c->mem, n->kind, n->from_account_id, n->status_id))),
        &rows));
    *added = rows > 0;
    return ERR_OK;
}

enum err
store_notification_page(
    struct ctx *c, int64_t account_id, uint64_t kinds, int64_t from, const struct page *p, struct notifications *out)
{
    int64_t wanted[NOTIFY_KIND_COUNT], below, above;
    size_t n = 0;
    struct db_rows r;

    for (int k = 0; k < NOTIFY_KIND_COUNT; k++)
        if ((kinds >> k & 1) != 0)
            wanted[n++] = k;
    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_PAGE_UP : Q_PAGE],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(account_id), D_IDS(wanted, n), D_INT(from)), &r));
    out->v = arena_vec(c->mem, struct notification, r.n);
    out->n = r.n;
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = read_row(&r.v[i]);
    PAGE_REVERSE(p, out->v, out->n, struct notification);
    return ERR_OK;
}

enum err
store_notification_get(struct ctx *c, int64_t account_id, int64_t id, struct notification **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(account_id), D_INT(id)), &r));
    *out = arena_new(c->mem, struct notification);
    **out = read_row(r);
    return ERR_OK;
}

enum err
store_notification_delete(struct ctx *c, int64_t account_id, int64_t id, bool *removed)
{
    int64_t n;

    TRY(db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(account_id), D_INT(id)), &n));
    *removed = n > 0;
    return ERR_OK;
}

enum err
store_notification_clear(struct ctx *c, int64_t account_id)
{
    return db_exec(c, &sql[Q_CLEAR], DB_ARGS(D_INT(account_id)), NULL);
}

enum err
store_notification_delete_from(struct ctx *c, int64_t account_id, int64_t from)
{
    return db_exec(c, &sql[Q_DELETE_FROM], DB_ARGS(D_INT(account_id), D_INT(from)), NULL);
}

enum err
store_notification_delete_cause(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id)
{
    return db_exec(
        c, &sql[Q_DELETE_CAUSE], DB_ARGS(D_INT(account_id), D_STR(dedupe_key(c->mem, kind, from, status_id))), NULL);
}

enum err
store_notification_unread(struct ctx *c, int64_t account_id, int64_t limit, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_UNREAD], DB_ARGS(D_INT(account_id), D_INT(limit)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

static struct marker
read_marker(const struct db_row *r)
{
    return (struct marker){ db_str(r, 0), db_int(r, 1), db_int(r, 2), db_int(r, 3) };
}

enum err
store_marker_get(struct ctx *c, int64_t account_id, struct str timeline, struct marker **out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_MARKER_GET], DB_ARGS(D_INT(account_id), D_STR(timeline)), &r));
    *out = NULL;
    if (r != NULL) {
        *out = arena_new(c->mem, struct marker);
        **out = read_marker(r);
    }
    return ERR_OK;
}

enum err
store_marker_put(struct ctx *c, int64_t account_id, struct str timeline, int64_t last_read_id, struct marker *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_MARKER_PUT],
        DB_ARGS(D_INT(account_id), D_STR(timeline), D_INT(last_read_id), D_INT(clock_ms())), &r));
    *out = read_marker(r);
    return ERR_OK;
}
