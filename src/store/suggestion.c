/* People somebody might want to follow. */
#include "store/suggestion.h"

#include "base/clock.h"
#include "store/internal.h"

/* rows: a query of one column `id`, as often as it speaks for an account. */
#define BEST(rows) SQL("SELECT x.id FROM (" rows ") x GROUP BY x.id ORDER BY count(*) DESC, x.id DESC LIMIT $2")

enum { Q_SOURCE, Q_REFUSE = Q_SOURCE + SUGGEST_FEATURED, Q_FORGET, Q_REFUSED, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_SOURCE + SUGGEST_FRIENDS_OF_FRIENDS] =
        BEST("SELECT t.target_id AS id FROM (SELECT target_id FROM follow WHERE account_id = $1 ORDER BY id DESC LIMIT "
             "200) f JOIN follow t ON t.account_id = f.target_id LIMIT 20000"),
    [Q_SOURCE + SUGGEST_SIMILAR] =
        BEST("SELECT t.target_id AS id FROM (SELECT o.account_id FROM (SELECT target_id FROM follow WHERE account_id = "
             "$1 ORDER BY id DESC LIMIT 10) f JOIN follow o ON o.target_id = f.target_id WHERE o.account_id <> $1 "
             "LIMIT 500) s JOIN follow t ON t.account_id = s.account_id LIMIT 20000"),
    [Q_SOURCE + SUGGEST_MOST_FOLLOWED] =
        BEST("SELECT target_id AS id FROM follow WHERE account_id <> $1 ORDER BY follow.id DESC LIMIT 20000"),
    [Q_SOURCE + SUGGEST_MOST_INTERACTIONS] =
        BEST("SELECT s.account_id AS id FROM (SELECT status_id FROM favourite WHERE account_id <> $1 ORDER BY id DESC "
             "LIMIT 5000) v JOIN status s ON s.id = v.status_id"),
    [Q_REFUSE] = SQL("INSERT INTO suggestion_refused (account_id, target_id, created_ms) VALUES ($1, $2, $3) ON "
                     "CONFLICT (account_id, target_id) DO UPDATE SET created_ms = $3"),
    [Q_FORGET] =
        SQL("DELETE FROM suggestion_refused WHERE account_id = $1 AND target_id IN (SELECT target_id FROM "
            "suggestion_refused WHERE account_id = $1 ORDER BY created_ms DESC, target_id DESC LIMIT 100 OFFSET $2)"),
    [Q_REFUSED] = SQL("SELECT target_id FROM suggestion_refused WHERE account_id = $1 AND target_id IN {ids:$2}"),
};
DB_STATEMENTS(store_suggestion, sql);

static enum err
read_ids(struct ctx *c, int q, struct db_args args, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[q], args, &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_suggestion_candidates(
    struct ctx *c, enum suggestion_source source, int64_t account_id, int64_t limit, struct ids *out)
{
    return read_ids(c, Q_SOURCE + (int)source, DB_ARGS(D_INT(account_id), D_INT(limit)), out);
}

enum err
store_suggestion_refuse(struct ctx *c, int64_t account_id, int64_t target_id, int64_t keep)
{
    TRY(db_exec(c, &sql[Q_REFUSE], DB_ARGS(D_INT(account_id), D_INT(target_id), D_INT(clock_ms())), NULL));
    return db_exec(c, &sql[Q_FORGET], DB_ARGS(D_INT(account_id), D_INT(keep)), NULL);
}

enum err
store_suggestion_refused(struct ctx *c, int64_t account_id, const struct ids *targets, struct ids *out)
{
    return read_ids(c, Q_REFUSED, DB_ARGS(D_INT(account_id), D_IDS(targets->v, targets->n)), out);
}
