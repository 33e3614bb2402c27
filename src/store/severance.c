/* Follows that ended together. */
#include "store/severance.h"

#include "store/internal.h"

enum { Q_PUT, Q_LIST, Q_PAGE, Q_PAGE_UP, Q_FIND, Q_ADD, Q_KEEP, Q_FOLLOWS, Q_PRUNE, Q_COUNT };

#define COLS "id, account_id, kind, target, followers, following, created_ms"

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO severance (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7)"),
    [Q_LIST] = SQL("SELECT " COLS " FROM severance WHERE id IN {ids:$1}"),
    [Q_PAGE] = PAGE(COLS, "severance", "account_id = $4"),
    [Q_PAGE_UP] = PAGE_UP(COLS, "severance", "account_id = $4"),
    [Q_FIND] = SQL("SELECT id FROM severance WHERE account_id = $1 AND kind = $2 AND target = $3 AND created_ms >= $4 "
                   "ORDER BY id DESC LIMIT 1"),
    [Q_ADD] = SQL("UPDATE severance SET followers = followers + $2, following = following + $3 WHERE id = $1"),
    [Q_KEEP] = SQL("INSERT INTO severed_follow (severance_id, follower, handle, reblogs, notify, languages) "
                   "SELECT $1, $2, a.username || '@' || a.domain, f.reblogs, f.notify, f.languages "
                   "FROM follow f JOIN account a ON a.id = $5 WHERE f.account_id = $3 AND f.target_id = $4 "
                   "ON CONFLICT DO NOTHING"),
    [Q_FOLLOWS] = SQL("SELECT handle, languages, reblogs, notify FROM severed_follow WHERE severance_id = $1 AND "
                      "follower = $2 AND handle > $3 ORDER BY handle LIMIT $4"),
    [Q_PRUNE] = SQL("DELETE FROM severance WHERE created_ms < $1"),
};
DB_STATEMENTS(store_severance, sql);

static struct severance
read_severance(const struct db_row *r)
{
    return (struct severance){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .kind = (enum severance_kind)db_int(r, 2),
        .target = db_str(r, 3),
        .followers = db_int(r, 4),
        .following = db_int(r, 5),
        .created_ms = db_int(r, 6) };
}

enum err
store_severance_put(struct ctx *c, const struct severance *s)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(s->id), D_INT(s->account_id), D_INT(s->kind), D_STR(s->target), D_INT(s->followers),
            D_INT(s->following), D_INT(s->created_ms)),
        NULL);
}

enum err
store_severance_list(struct ctx *c, const struct ids *ids, struct severance **v, size_t *n)
{
    struct db_rows r;

    *n = 0;
    if (ids->n == 0)
        return ERR_OK;
    TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    *v = arena_vec(c->mem, struct severance, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[i] = read_severance(&r.v[i]);
    return ERR_OK;
}

enum err
store_severance_page(struct ctx *c, int64_t account_id, const struct page *p, struct severance **v, size_t *n)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_PAGE_UP : Q_PAGE],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(account_id)), &r));
    *v = arena_vec(c->mem, struct severance, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[page_is_up(p) ? r.n - 1 - i : i] = read_severance(&r.v[i]);
    return ERR_OK;
}

enum err
store_severance_find(
    struct ctx *c, int64_t account_id, enum severance_kind kind, struct str target, int64_t since_ms, int64_t *id)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_FIND], DB_ARGS(D_INT(account_id), D_INT(kind), D_STR(target), D_INT(since_ms)), &r));
    *id = r == NULL ? 0 : db_int(r, 0);
    return ERR_OK;
}

enum err
store_severance_add(struct ctx *c, int64_t id, int64_t followers, int64_t following)
{
    return db_exec(c, &sql[Q_ADD], DB_ARGS(D_INT(id), D_INT(followers), D_INT(following)), NULL);
}

enum err
store_severed_keep(
    struct ctx *c, int64_t severance_id, int64_t account_id, int64_t other_id, int64_t *followers, int64_t *following)
{
    TRY(db_exec(c, &sql[Q_KEEP],
        DB_ARGS(D_INT(severance_id), D_BOOL(true), D_INT(other_id), D_INT(account_id), D_INT(other_id)), followers));
    return db_exec(c, &sql[Q_KEEP],
        DB_ARGS(D_INT(severance_id), D_BOOL(false), D_INT(account_id), D_INT(other_id), D_INT(other_id)), following);
}

enum err
store_severed_page(struct ctx *c, int64_t severance_id, bool followers, struct str after, int64_t limit,
    struct severed_follow **v, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_FOLLOWS], DB_ARGS(D_INT(severance_id), D_BOOL(followers), D_STR(after), D_INT(limit)), &r));
    *v = arena_vec(c->mem, struct severed_follow, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[i] =
            (struct severed_follow){ db_str(&r.v[i], 0), db_str(&r.v[i], 1), db_bool(&r.v[i], 2), db_bool(&r.v[i], 3) };
    return ERR_OK;
}

enum err
store_severance_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}
