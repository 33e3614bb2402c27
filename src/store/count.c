#include "store/count.h"

#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

enum { STATUSES, ACCOUNTS, TABLES }; /* in the order of writing: whoever deletes a post has its counters already */
enum { COLUMNS = 5, PORTION = 1000 };

struct delta {
    int64_t id;
    int by[COLUMNS];
    int64_t last_id, last_ms;
};

struct tally {
    struct {
        struct delta *v;
        size_t n;
    } of[TABLES];
};

enum { Q_HOLD_ACCOUNTS, Q_HOLD_STATUSES, Q_ACCOUNTS, Q_STATUSES, Q_LAST_STATUS, Q_COUNT };

#define ADD(column, by) column " = CASE WHEN " column " + " by " < 0 THEN 0 ELSE " column " + " by " END"

static const struct db_sql sql[Q_COUNT] = {
    [Q_HOLD_ACCOUNTS] = SQL2("SELECT 1",
        "SELECT account_id FROM account_stat WHERE account_id IN {ids:$1} ORDER BY account_id FOR NO KEY UPDATE"),
    [Q_HOLD_STATUSES] = SQL2("SELECT 1",
        "SELECT status_id FROM status_stat WHERE status_id IN {ids:$1} ORDER BY status_id FOR NO KEY UPDATE"),
    [Q_ACCOUNTS] = SQL("UPDATE account_stat SET " ADD("statuses", "$2") ", " ADD("followers", "$3") ", " ADD(
        "following", "$4") " WHERE account_id IN {ids:$1}"),
    [Q_STATUSES] = SQL("UPDATE status_stat SET " ADD("replies", "$2") ", " ADD("reblogs", "$3") ", " ADD(
        "favourites", "$4") ", " ADD("reactions", "$5") ", " ADD("quotes", "$6") " WHERE status_id IN {ids:$1}"),
    [Q_LAST_STATUS] = SQL("UPDATE account_stat SET last_status_id = $2, last_status_ms = $3 "
                          "WHERE account_id = $1 AND last_status_id < $2"),
};
DB_STATEMENTS(store_count, sql);

/* ---- before the commit ----------------------------------------------------------------------------------------- */

static int
by_id(const void *a, const void *b)
{
    const struct delta *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

/* What shall be added alike stands together, so that one statement does it. */
static int
by_numbers(const void *a, const void *b)
{
    const struct delta *x = a, *y = b;
    int d = memcmp(x->by, y->by, sizeof(x->by));

    return d != 0 ? d : by_id(a, b);
}

/* One for each id. */
static size_t
merge(struct delta *v, size_t n)
{
    size_t kept = 0;

    qsort(v, n, sizeof(*v), by_id);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || v[kept - 1].id != v[i].id) {
            v[kept++] = v[i];
            continue;
        }
        struct delta *to = &v[kept - 1];

        for (size_t k = 0; k < COLUMNS; k++)
            to->by[k] += v[i].by[k];
        if (v[i].last_id > to->last_id) {
            to->last_id = v[i].last_id;
            to->last_ms = v[i].last_ms;
        }
    }
    return kept;
}

/* Several rows of a table are locked in the order of their ids before the first is written. */
static enum err
hold(struct ctx *c, const struct db_sql *q, const struct delta *v, size_t n, int64_t *ids)
{
    struct db_rows held;

    if (n < 2 || db_is_sqlite(c->env->db))
        return ERR_OK;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].id;
    for (size_t i = 0; i < n; i += PORTION)
        TRY(db_query(c, q, DB_ARGS(D_IDS(ids + i, MIN(n - i, (size_t)PORTION))), &held));
    return ERR_OK;
}

static enum err
write_alike(struct ctx *c, int table, const struct delta *d, const int64_t *ids, size_t n)
{
    static const int none[COLUMNS];
    const int *by = d->by;

    if (memcmp(by, none, sizeof(none)) == 0)
        return ERR_OK;
    if (table == ACCOUNTS)
        return db_exec(c, &sql[Q_ACCOUNTS], DB_ARGS(D_IDS(ids, n), D_INT(by[0]), D_INT(by[1]), D_INT(by[2])), NULL);
    return db_exec(c, &sql[Q_STATUSES],
        DB_ARGS(D_IDS(ids, n), D_INT(by[0]), D_INT(by[1]), D_INT(by[2]), D_INT(by[3]), D_INT(by[4])), NULL);
}

static enum err
write_table(struct ctx *c, int table, struct delta *v, size_t n)
{
    int64_t *ids;

    if (n == 0)
        return ERR_OK;
    n = merge(v, n);
    ids = arena_vec(c->mem, int64_t, n);
    TRY(hold(c, &sql[table == ACCOUNTS ? Q_HOLD_ACCOUNTS : Q_HOLD_STATUSES], v, n, ids));
    for (size_t i = 0; i < n; i++)
        if (v[i].last_id != 0)
            TRY(db_exec(
                c, &sql[Q_LAST_STATUS], DB_ARGS(D_INT(v[i].id), D_INT(v[i].last_id), D_INT(v[i].last_ms)), NULL));
    qsort(v, n, sizeof(*v), by_numbers);
    for (size_t i = 0, k; i < n; i += k) {
        for (k = 0; i + k < n && k < PORTION && memcmp(v[i].by, v[i + k].by, sizeof(v[i].by)) == 0; k++)
            ids[k] = v[i + k].id;
        TRY(write_alike(c, table, &v[i], ids, k));
    }
    return ERR_OK;
}

static enum err
write_counts(struct ctx *c, void *arg)
{
    struct tally *t = arg;

    for (int i = 0; i < TABLES; i++)
        TRY(write_table(c, i, t->of[i].v, t->of[i].n));
    return ERR_OK;
}

/* ---- during the transaction ------------------------------------------------------------------------------------ */

static void
add(struct ctx *c, int table, struct delta d)
{
    struct tally *t = db_before_commit(c, write_counts, sizeof(*t));
    size_t n = t->of[table].n, size = sizeof(d);

    if ((n & (n - 1)) == 0) /* full at each power of two */
        t->of[table].v = arena_grow(c->mem, t->of[table].v, n * size, MAX(2 * n, 1) * size, _Alignof(struct delta));
    t->of[table].v[n] = d;
    t->of[table].n++;
}

void
store_count_account(struct ctx *c, int64_t account_id, struct account_counts by)
{
    add(c, ACCOUNTS,
        (struct delta){ .id = account_id,
            .by = { by.statuses, by.followers, by.following },
            .last_id = by.last_status_id,
            .last_ms = by.last_status_ms });
}

void
store_count_status(struct ctx *c, int64_t status_id, struct status_counts by)
{
    add(c, STATUSES,
        (struct delta){ .id = status_id, .by = { by.replies, by.reblogs, by.favourites, by.reactions, by.quotes } });
}
