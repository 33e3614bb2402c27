/* Lists. */
#include "store/list.h"

#include "base/id.h"
#include "store/internal.h"

#define COLS "id, account_id, title, replies, exclusive, created_ms"
#define LCOLS "l.id, l.account_id, l.title, l.replies, l.exclusive, l.created_ms"

enum {
    Q_ALL,
    Q_GET,
    Q_WITH,
    Q_PUT,
    Q_DELETE,
    Q_MEMBERS,
    Q_MEMBERS_UP,
    Q_MEMBER_COUNT,
    Q_MEMBER_ADD,
    Q_MEMBER_REMOVE,
    Q_FORGET,
    Q_EXCLUSIVE,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_ALL] = SQL("SELECT " COLS " FROM list WHERE account_id = $1 ORDER BY id LIMIT 1000"),
    [Q_GET] = SQL("SELECT " COLS " FROM list WHERE id = $2 AND account_id = $1"),
    [Q_WITH] = SQL("SELECT " LCOLS " FROM list l JOIN list_member m ON m.list_id = l.id "
                   "WHERE l.account_id = $1 AND m.account_id = $2 ORDER BY l.id LIMIT 1000"),
    [Q_PUT] = SQL("INSERT INTO list (" COLS ") VALUES ($1, $2, $3, $4, $5, $6) "
                  "ON CONFLICT (id) DO UPDATE SET title = $3, replies = $4, exclusive = $5"),
    [Q_DELETE] = SQL("DELETE FROM list WHERE id = $1"),
    [Q_MEMBERS] = PAGE("account_id, id", "list_member", "list_id = $4"),
    [Q_MEMBERS_UP] = PAGE_UP("account_id, id", "list_member", "list_id = $4"),
    [Q_MEMBER_COUNT] = SQL("SELECT count(*) FROM list_member WHERE list_id = $1"),
    [Q_MEMBER_ADD] = SQL("INSERT INTO list_member (id, list_id, account_id) VALUES ($1, $2, $3)"),
    [Q_MEMBER_REMOVE] = SQL("DELETE FROM list_member WHERE list_id = $1 AND account_id IN {ids:$2}"),
    [Q_FORGET] = SQL("DELETE FROM list_member WHERE account_id = $2 AND list_id IN "
                     "(SELECT id FROM list WHERE account_id = $1)"),
    [Q_EXCLUSIVE] = SQL("SELECT m.account_id FROM list l JOIN list_member m ON m.list_id = l.id "
                        "WHERE l.account_id = $1 AND l.exclusive = TRUE LIMIT 20000"),
};
DB_STATEMENTS(store_list, sql);

static void
read_row(const struct db_row *r, struct list *l)
{
    *l = (struct list){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .title = db_str(r, 2),
        .replies = (enum list_replies)db_int(r, 3),
        .exclusive = db_bool(r, 4),
        .created_ms = db_int(r, 5) };
}

static void
read_rows(struct ctx *c, const struct db_rows *r, struct lists *out)
{
    *out = (struct lists){ arena_vec(c->mem, struct list, r->n), r->n };
    for (size_t i = 0; i < r->n; i++)
        read_row(&r->v[i], &out->v[i]);
}

enum err
store_list_all(struct ctx *c, int64_t account_id, struct lists *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_ALL], DB_ARGS(D_INT(account_id)), &r));
    read_rows(c, &r, out);
    return ERR_OK;
}

enum err
store_list_get(struct ctx *c, int64_t account_id, int64_t id, struct list **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(account_id), D_INT(id)), &r));
    *out = arena_new(c->mem, struct list);
    read_row(r, *out);
    return ERR_OK;
}

enum err
store_list_with(struct ctx *c, int64_t account_id, int64_t member_id, struct lists *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_WITH], DB_ARGS(D_INT(account_id), D_INT(member_id)), &r));
    read_rows(c, &r, out);
    return ERR_OK;
}

enum err
store_list_put(struct ctx *c, const struct list *l)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(l->id), D_INT(l->account_id), D_STR(l->title), D_INT(l->replies), D_BOOL(l->exclusive),
            D_INT(l->created_ms)),
        NULL);
}

enum err
store_list_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_list_members(struct ctx *c, int64_t id, const struct page *p, struct cursor_ids *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_MEMBERS_UP : Q_MEMBERS],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(id)), &r));
    return store_cursor_ids(c, p, &r, out);
}

enum err
store_list_member_count(struct ctx *c, int64_t id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_MEMBER_COUNT], DB_ARGS(D_INT(id)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
store_list_member_add(struct ctx *c, int64_t id, int64_t member_id)
{
    return db_exec(c, &sql[Q_MEMBER_ADD], DB_ARGS(D_INT(id_new()), D_INT(id), D_INT(member_id)), NULL);
}

enum err
store_list_member_remove(struct ctx *c, int64_t id, const struct ids *members)
{
    return db_exec(c, &sql[Q_MEMBER_REMOVE], DB_ARGS(D_INT(id), D_IDS(members->v, members->n)), NULL);
}

enum err
store_list_forget(struct ctx *c, int64_t account_id, int64_t member_id)
{
    return db_exec(c, &sql[Q_FORGET], DB_ARGS(D_INT(account_id), D_INT(member_id)), NULL);
}

enum err
store_list_exclusive(struct ctx *c, int64_t account_id, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_EXCLUSIVE], DB_ARGS(D_INT(account_id)), &r));
    *out = rows_ids(c->mem, &r);
    ids_sort(out);
    return ERR_OK;
}
