/* Domains that a person does not want to see. */
#include "store/domain_block.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/internal.h"

/* table: follow or follow_request; mine, theirs: the columns of both sides. */
#define RELATED(table, mine, theirs)                                                                                   \
    "SELECT f." theirs " FROM " table " f JOIN account a ON a.id = f." theirs " WHERE f." mine                         \
    " = $1 AND a.domain = $2 "

enum { Q_PUT, Q_DELETE, Q_HAS, Q_NUMBER, Q_PAGE, Q_PAGE_UP, Q_FOLLOWS, Q_RELATED, Q_NOTIFICATIONS, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO user_domain_block (id, account_id, domain, created_ms) VALUES ($1, $2, $3, $4) ON "
                  "CONFLICT DO NOTHING"),
    [Q_DELETE] = SQL("DELETE FROM user_domain_block WHERE account_id = $1 AND domain = $2"),
    [Q_HAS] = SQL("SELECT 1 FROM user_domain_block WHERE account_id = $1 AND domain = $2"),
    [Q_NUMBER] = SQL("SELECT count(*) FROM user_domain_block WHERE account_id = $1"),
    [Q_PAGE] = PAGE("domain, id", "user_domain_block", "account_id = $4"),
    [Q_PAGE_UP] = PAGE_UP("domain, id", "user_domain_block", "account_id = $4"),
    [Q_FOLLOWS] = SQL("SELECT (SELECT count(*) FROM (" RELATED("follow", "target_id",
        "account_id") ") x), "
                      "(SELECT count(*) FROM (" RELATED("follow", "account_id", "target_id") ") y)"),
    [Q_RELATED] = SQL(RELATED("follow", "target_id", "account_id") "UNION " RELATED(
        "follow", "account_id", "target_id") "UNION " RELATED("follow_request", "target_id",
        "account_id") "UNION " RELATED("follow_request", "account_id", "target_id") "LIMIT $3"),
    [Q_NOTIFICATIONS] =
        SQL("DELETE FROM notification WHERE id IN (SELECT n.id FROM notification n JOIN account a ON a.id = "
            "n.from_account_id WHERE n.account_id = $1 AND a.domain = $2 LIMIT $3)"),
};
DB_STATEMENTS(store_domain_block, sql);

enum err
store_domain_block_put(struct ctx *c, int64_t account_id, struct str domain, bool *added)
{
    return db_change(
        c, &sql[Q_PUT], DB_ARGS(D_INT(id_new()), D_INT(account_id), D_STR(domain), D_INT(clock_ms())), added);
}

enum err
store_domain_block_delete(struct ctx *c, int64_t account_id, struct str domain, bool *removed)
{
    return db_change(c, &sql[Q_DELETE], DB_ARGS(D_INT(account_id), D_STR(domain)), removed);
}

enum err
store_domain_block_has(struct ctx *c, int64_t account_id, struct str domain, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_HAS], DB_ARGS(D_INT(account_id), D_STR(domain)), &r));
    *out = r != NULL;
    return ERR_OK;
}

enum err
store_domain_block_count(struct ctx *c, int64_t account_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_NUMBER], DB_ARGS(D_INT(account_id)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
store_domain_block_page(
    struct ctx *c, int64_t account_id, const struct page *p, struct strs *out, struct cursor_ids *cursors)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_PAGE_UP : Q_PAGE],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(account_id)), &r));
    *out = (struct strs){ arena_vec(c->mem, struct str, r.n), r.n };
    *cursors = (struct cursor_ids){
        .id = arena_vec(c->mem, int64_t, r.n), .cursor = arena_vec(c->mem, int64_t, r.n), .n = r.n
    };
    for (size_t i = 0; i < r.n; i++) {
        size_t at = page_is_up(p) ? r.n - 1 - i : i;

        out->v[at] = db_str(&r.v[i], 0);
        cursors->cursor[at] = db_int(&r.v[i], 1);
    }
    return ERR_OK;
}

enum err
store_domain_follows(struct ctx *c, int64_t account_id, struct str domain, int64_t *followers, int64_t *following)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_FOLLOWS], DB_ARGS(D_INT(account_id), D_STR(domain)), &r));
    *followers = db_int(r, 0);
    *following = db_int(r, 1);
    return ERR_OK;
}

enum err
store_domain_related(struct ctx *c, int64_t account_id, struct str domain, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_RELATED], DB_ARGS(D_INT(account_id), D_STR(domain), D_INT(limit)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_domain_notifications_delete(struct ctx *c, int64_t account_id, struct str domain, int64_t limit, int64_t *removed)
{
    return db_exec(c, &sql[Q_NOTIFICATIONS], DB_ARGS(D_INT(account_id), D_STR(domain), D_INT(limit)), removed);
}
