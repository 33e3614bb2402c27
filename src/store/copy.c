/* Who read a post of ours, and who followed its author. */
#include "store/copy.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/internal.h"

enum { Q_MISSING, Q_PUT, Q_LEFT, Q_READERS, Q_FORMER, Q_PRUNE, Q_PRUNE_FORMER, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_MISSING] = SQL("SELECT s.id FROM {each:$1} status s WHERE s.id = each.value AND s.local AND NOT EXISTS "
                      "(SELECT 1 FROM status_copy k WHERE k.status_id = s.id AND k.account_id = $2)"),
    [Q_PUT] = SQL("INSERT INTO status_copy (status_id, account_id) SELECT s.id, $2 FROM {each:$1} status s "
                  "WHERE s.id = each.value AND (SELECT count(*) FROM status_copy k WHERE k.status_id = s.id) < $3 "
                  "ON CONFLICT DO NOTHING"),
    [Q_LEFT] = SQL("INSERT INTO former_follower (target_id, account_id, until_ms) SELECT t.id, f.id, $3 "
                   "FROM account f, account t WHERE f.id = $1 AND f.domain <> '' AND t.id = $2 AND t.domain = '' "
                   "ON CONFLICT (target_id, account_id) DO UPDATE SET until_ms = excluded.until_ms"),
    [Q_READERS] = SQL("SELECT account_id FROM status_copy WHERE status_id = $1"),
    [Q_FORMER] = SQL("SELECT account_id FROM former_follower WHERE target_id = $1 AND until_ms > $2"),
    [Q_PRUNE] = SQL("DELETE FROM status_copy WHERE status_id < $1"),
    [Q_PRUNE_FORMER] = SQL("DELETE FROM former_follower WHERE until_ms < $1"),
};
DB_STATEMENTS(store_copy, sql);

static void
read_ids(struct arena *mem, const struct db_rows *r, struct ids *out)
{
    *out = ids_new(mem, r->n);
    for (size_t i = 0; i < r->n; i++)
        ids_add(out, db_int(&r->v[i], 0));
}

enum err
store_copy_missing(struct ctx *c, const struct ids *ids, int64_t account_id, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_MISSING], DB_ARGS(D_IDS(ids->v, ids->n), D_INT(account_id)), &r));
    read_ids(c->mem, &r, out);
    ids_sort(out); /* pages list them in other orders, and two writers must not wait for each other */
    return ERR_OK;
}

enum err
store_copy_put(struct ctx *c, const struct ids *ids, int64_t account_id, int64_t max)
{
    return db_exec(c, &sql[Q_PUT], DB_ARGS(D_IDS(ids->v, ids->n), D_INT(account_id), D_INT(max)), NULL);
}

enum err
store_copy_left(struct ctx *c, int64_t account_id, int64_t target_id)
{
    return db_exec(c, &sql[Q_LEFT], DB_ARGS(D_INT(account_id), D_INT(target_id), D_INT(clock_ms())), NULL);
}

enum err
store_copy_holders(struct ctx *c, const struct status *s, struct ids *out)
{
    struct db_rows readers, former = { 0 };

    TRY(db_query(c, &sql[Q_READERS], DB_ARGS(D_INT(s->id)), &readers));
    if (s->visibility <= VIS_PRIVATE)
        TRY(db_query(c, &sql[Q_FORMER], DB_ARGS(D_INT(s->account_id), D_INT(s->created_ms)), &former));
    *out = ids_new(c->mem, readers.n + former.n);
    for (size_t i = 0; i < readers.n; i++)
        ids_add(out, db_int(&readers.v[i], 0));
    for (size_t i = 0; i < former.n; i++)
        ids_add(out, db_int(&former.v[i], 0));
    ids_sort(out);
    return ERR_OK;
}

enum err
store_copy_prune(struct ctx *c, int64_t before_ms)
{
    TRY(db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(id_at(before_ms))), NULL));
    return db_exec(c, &sql[Q_PRUNE_FORMER], DB_ARGS(D_INT(before_ms)), NULL);
}
