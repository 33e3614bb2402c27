/* People whom somebody shows on the own profile. */
#include "store/endorsement.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/internal.h"

enum { Q_PUT, Q_DELETE, Q_PAGE, Q_PAGE_UP, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO endorsement (id, account_id, target_id, created_ms) VALUES ($1, $2, $3, $4) ON CONFLICT "
                  "DO NOTHING"),
    [Q_DELETE] = SQL("DELETE FROM endorsement WHERE account_id = $1 AND target_id = $2"),
    [Q_PAGE] = PAGE("target_id, id", "endorsement", "account_id = $4"),
    [Q_PAGE_UP] = PAGE_UP("target_id, id", "endorsement", "account_id = $4"),
};
DB_STATEMENTS(store_endorsement, sql);

enum err
store_endorsement_put(struct ctx *c, int64_t account_id, int64_t target_id)
{
    return db_exec(
        c, &sql[Q_PUT], DB_ARGS(D_INT(id_new()), D_INT(account_id), D_INT(target_id), D_INT(clock_ms())), NULL);
}

enum err
store_endorsement_delete(struct ctx *c, int64_t account_id, int64_t target_id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(account_id), D_INT(target_id)), NULL);
}

enum err
store_endorsement_page(struct ctx *c, int64_t account_id, const struct page *p, struct cursor_ids *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_PAGE_UP : Q_PAGE],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(account_id)), &r));
    return store_cursor_ids(c, p, &r, out);
}
