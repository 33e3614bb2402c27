/* Invites. */
#include "store/invite.h"

#include "store/internal.h"

#define COLS "id, code, user_id, account_id, comment, max_uses, uses, autofollow, expires_ms, created_ms"
#define LIVE "(expires_ms IS NULL OR expires_ms > $2) AND (max_uses = 0 OR uses < max_uses)"

enum { Q_PUT, Q_BY_CODE, Q_USE, Q_PAGE, Q_PAGE_UP, Q_LIVE, Q_EXPIRE, Q_PRUNE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO invite (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
    [Q_BY_CODE] = SQL("SELECT " COLS " FROM invite WHERE code = $1"),
    [Q_USE] = SQL("UPDATE invite SET uses = uses + 1 WHERE id = $1 AND " LIVE),
    [Q_PAGE] = SQL("SELECT " COLS " FROM invite WHERE user_id = $4 AND id < $1 AND id > $2 ORDER BY id DESC LIMIT $3"),
    [Q_PAGE_UP] =
        SQL("SELECT " COLS " FROM invite WHERE user_id = $4 AND id < $1 AND id > $2 ORDER BY id ASC LIMIT $3"),
    [Q_LIVE] = SQL("SELECT count(*) FROM invite WHERE user_id = $1 AND " LIVE),
    [Q_EXPIRE] = SQL("UPDATE invite SET expires_ms = $3 WHERE user_id = $1 AND id = $2 "
                     "AND (expires_ms IS NULL OR expires_ms > $3)"),
    [Q_PRUNE] = SQL("DELETE FROM invite WHERE expires_ms < $1"),
};
DB_STATEMENTS(store_invite, sql);

static struct invite
read_row(const struct db_row *r)
{
    return (struct invite){ .id = db_int(r, 0),
        .code = db_str(r, 1),
        .user_id = db_int(r, 2),
        .account_id = db_int(r, 3),
        .comment = db_str(r, 4),
        .max_uses = db_int(r, 5),
        .uses = db_int(r, 6),
        .autofollow = db_bool(r, 7),
        .expires_ms = db_int(r, 8),
        .created_ms = db_int(r, 9) };
}

enum err
store_invite_put(struct ctx *c, const struct invite *i)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(i->id), D_STR(i->code), D_INT(i->user_id), D_INT(i->account_id), D_STR(i->comment),
            D_INT(i->max_uses), D_INT(i->uses), D_BOOL(i->autofollow), D_INTN(i->expires_ms), D_INT(i->created_ms)),
        NULL);
}

enum err
store_invite_by_code(struct ctx *c, struct str code, struct invite **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_CODE], DB_ARGS(D_STR(code)), &r));
    *out = arena_new(c->mem, struct invite);
    **out = read_row(r);
    return ERR_OK;
}

enum err
store_invite_use(struct ctx *c, int64_t id, int64_t now_ms, bool *ok)
{
    return db_change(c, &sql[Q_USE], DB_ARGS(D_INT(id), D_INT(now_ms)), ok);
}

enum err
store_invite_page(struct ctx *c, int64_t user_id, const struct page *p, struct invites *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_PAGE_UP : Q_PAGE],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(user_id)), &r));
    ROWS_READ(c->mem, &r, struct invite, read_row, out);
    PAGE_REVERSE(p, out->v, out->n, struct invite);
    return ERR_OK;
}

enum err
store_invite_count(struct ctx *c, int64_t user_id, int64_t now_ms, int64_t *n)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_LIVE], DB_ARGS(D_INT(user_id), D_INT(now_ms)), &r));
    *n = db_int(r, 0);
    return ERR_OK;
}

enum err
store_invite_expire(struct ctx *c, int64_t user_id, int64_t id, int64_t now_ms, bool *found)
{
    return db_change(c, &sql[Q_EXPIRE], DB_ARGS(D_INT(user_id), D_INT(id), D_INT(now_ms)), found);
}

enum err
store_invite_prune(struct ctx *c, int64_t expired_before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(expired_before_ms)), NULL);
}
