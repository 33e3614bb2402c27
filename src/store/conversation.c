/* Conversations. */
#include "store/conversation.h"

#include "base/id.h"
#include "store/internal.h"

#define COLS "id, account_id, conversation_id, participants, participants_key, last_status_id, unread"
#define OF_ACCOUNT                                                                                                     \
    "SELECT " COLS " FROM account_conversation WHERE account_id = $4 AND last_status_id < $1 AND last_status_id > $2 "

enum {
    Q_HAS,
    Q_PUT,
    Q_PUT_STATUS,
    Q_TRIM,
    Q_LOST,
    Q_FALL_BACK,
    Q_END,
    Q_PAGE,
    Q_PAGE_UP,
    Q_GET,
    Q_SET_UNREAD,
    Q_DELETE,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_HAS] = SQL("SELECT 1 FROM account_conversation_status x JOIN account_conversation a "
                  "ON a.id = x.account_conversation_id WHERE x.status_id = $2 AND a.account_id = $1"),
    [Q_PUT] = SQL("INSERT INTO account_conversation (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7) "
                  "ON CONFLICT (account_id, conversation_id, participants_key) DO UPDATE SET "
                  "unread = $7 OR account_conversation.unread AND account_conversation.last_status_id > $6, "
                  "last_status_id = CASE WHEN account_conversation.last_status_id > $6 "
                  "THEN account_conversation.last_status_id ELSE $6 END RETURNING id"),
    [Q_PUT_STATUS] =
        SQL("INSERT INTO account_conversation_status (account_conversation_id, status_id) VALUES ($1, $2)"),
    [Q_TRIM] =
        SQL("DELETE FROM account_conversation WHERE account_id = $1 AND last_status_id <= (SELECT last_status_id "
            "FROM account_conversation WHERE account_id = $1 ORDER BY last_status_id DESC LIMIT 1 OFFSET $2)"),
    [Q_LOST] = SQL("SELECT a.id, (SELECT max(x.status_id) FROM account_conversation_status x "
                   "WHERE x.account_conversation_id = a.id AND x.status_id < $1) "
                   "FROM account_conversation a WHERE a.last_status_id = $1 ORDER BY a.account_id"),
    [Q_FALL_BACK] = SQL("UPDATE account_conversation SET last_status_id = $2 WHERE id = $1"),
    [Q_END] = SQL("DELETE FROM account_conversation_status WHERE status_id = $1"),
    [Q_PAGE] = SQL(OF_ACCOUNT "ORDER BY last_status_id DESC LIMIT $3"),
    [Q_PAGE_UP] = SQL(OF_ACCOUNT "ORDER BY last_status_id ASC LIMIT $3"),
    [Q_GET] = SQL("SELECT " COLS " FROM account_conversation WHERE id = $2 AND account_id = $1"),
    [Q_SET_UNREAD] = SQL("UPDATE account_conversation SET unread = $2 WHERE id = $1"),
    [Q_DELETE] = SQL("DELETE FROM account_conversation WHERE id = $1"),
};
DB_STATEMENTS(store_conversation, sql);

static void
read_row(struct ctx *c, const struct db_row *r, struct conversation *v)
{
    *v = (struct conversation){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .conversation_id = db_int(r, 2),
        .participants = column_ids(c->mem, db_str(r, 3)),
        .participants_key = db_str(r, 4),
        .last_status_id = db_int(r, 5),
        .unread = db_bool(r, 6) };
}

enum err
store_conversation_add(struct ctx *c, struct conversation *v, int64_t status_id, int64_t most, bool *added)
{
    const struct db_row *r;
    int64_t id = id_new();

    TRY(db_maybe(c, &sql[Q_HAS], DB_ARGS(D_INT(v->account_id), D_INT(status_id)), &r));
    *added = r == NULL;
    if (!*added)
        return ERR_OK;
    TRY(db_one(c, &sql[Q_PUT],
        DB_ARGS(D_INT(id), D_INT(v->account_id), D_INT(v->conversation_id),
            D_STR(column_put_ids(c->mem, &v->participants)), D_BYTES(v->participants_key), D_INT(status_id),
            D_BOOL(v->unread)),
        &r));
    v->id = db_int(r, 0);
    TRY(db_exec(c, &sql[Q_PUT_STATUS], DB_ARGS(D_INT(v->id), D_INT(status_id)), NULL));
    return v->id != id ? ERR_OK : db_exec(c, &sql[Q_TRIM], DB_ARGS(D_INT(v->account_id), D_INT(most)), NULL);
}

enum err
store_conversation_forget(struct ctx *c, int64_t status_id)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LOST], DB_ARGS(D_INT(status_id)), &r));
    for (size_t i = 0; i < r.n; i++) {
        int64_t id = db_int(&r.v[i], 0), before = db_int(&r.v[i], 1);

        if (before == 0)
            TRY(store_conversation_delete(c, id));
        else
            TRY(db_exec(c, &sql[Q_FALL_BACK], DB_ARGS(D_INT(id), D_INT(before)), NULL));
    }
    return r.n == 0 ? ERR_OK : db_exec(c, &sql[Q_END], DB_ARGS(D_INT(status_id)), NULL);
}

enum err
store_conversation_page(struct ctx *c, int64_t account_id, const struct page *p, struct conversations *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_PAGE_UP : Q_PAGE],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(account_id)), &r));
    *out = (struct conversations){ arena_vec(c->mem, struct conversation, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        read_row(c, &r.v[i], &out->v[i]);
    PAGE_REVERSE(p, out->v, out->n, struct conversation);
    return ERR_OK;
}

enum err
store_conversation_of(struct ctx *c, int64_t account_id, int64_t id, struct conversation **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(account_id), D_INT(id)), &r));
    *out = arena_new(c->mem, struct conversation);
    read_row(c, r, *out);
    return ERR_OK;
}

enum err
store_conversation_set_unread(struct ctx *c, int64_t id, bool unread)
{
    return db_exec(c, &sql[Q_SET_UNREAD], DB_ARGS(D_INT(id), D_BOOL(unread)), NULL);
}

enum err
store_conversation_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}
