/* Hashtags, idempotency keys and tombstones: small tables that writing a status touches. */
#include "base/clock.h"
#include "base/id.h"
#include "store/internal.h"
#include "store/status.h"

enum {
    Q_TAG_GET,
    Q_TAG_ADD,
    Q_TAG_SEARCH,
    Q_IDEMPOTENCY_FIND,
    Q_IDEMPOTENCY_PUT,
    Q_IDEMPOTENCY_FORGET,
    Q_IDEMPOTENCY_MOVE,
    Q_IDEMPOTENCY_PRUNE,
    Q_TOMBSTONE_PUT,
    Q_TOMBSTONE_HAS,
    Q_TOMBSTONE_DELETE,
    Q_TOMBSTONE_PRUNE,
    Q_TOMBSTONE_FORGET,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_TAG_GET] = SQL("SELECT id, name, display FROM tag WHERE name = $1"),
    [Q_TAG_ADD] = SQL("INSERT INTO tag (id, name, display, created_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"),
    [Q_TAG_SEARCH] = SQL(
        "SELECT x.id, x.name, x.display FROM (SELECT t.id, t.name, t.display, t.reviewed_ms FROM tag t "
        "WHERE t.name >= $1 AND t.name < $2 ORDER BY t.name LIMIT 2000) x " /* of one beginning, compared by their use */
        "WHERE ($6 = FALSE OR x.reviewed_ms IS NOT NULL) ORDER BY CASE WHEN x.name = $1 THEN 0 ELSE 1 END, "
        "COALESCE((SELECT sum(u.uses) FROM tag_use u WHERE u.tag_id = x.id AND u.day > $5), 0) DESC, x.name "
        "LIMIT $3 OFFSET $4"),
    [Q_IDEMPOTENCY_FIND] =
        SQL("SELECT status_id FROM idempotency WHERE account_id = $1 AND key = $2 AND created_ms > $3"),
    [Q_IDEMPOTENCY_PUT] =
        SQL("INSERT INTO idempotency (account_id, key, status_id, created_ms) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (account_id, key) DO UPDATE SET status_id = $3, created_ms = $4 "
            "WHERE idempotency.created_ms <= $5"),
    [Q_IDEMPOTENCY_FORGET] = SQL("DELETE FROM idempotency WHERE account_id = $1 AND key = $2 AND status_id = $3"),
    [Q_IDEMPOTENCY_MOVE] = SQL("UPDATE idempotency SET status_id = $3 WHERE account_id = $1 AND status_id = $2"),
    [Q_IDEMPOTENCY_PRUNE] = SQL("DELETE FROM idempotency WHERE created_ms <= $1"),
    [Q_TOMBSTONE_PUT] = SQL("INSERT INTO tombstone (uri, actor_uri, expires_ms, created_ms) VALUES ($1, $2, $3, $4) "
                            "ON CONFLICT (uri, actor_uri) DO UPDATE SET expires_ms = CASE WHEN tombstone.expires_ms IS "
                            "NULL THEN NULL ELSE $3 END"),
    [Q_TOMBSTONE_HAS] =
        SQL("SELECT 1 FROM tombstone WHERE uri = $1 AND actor_uri = $2 AND (expires_ms IS NULL OR expires_ms > $3)"),
    [Q_TOMBSTONE_DELETE] = SQL("DELETE FROM tombstone WHERE uri = $1 AND actor_uri = $2"),
    [Q_TOMBSTONE_FORGET] = SQL("DELETE FROM tombstone WHERE actor_uri = $1"),
    [Q_TOMBSTONE_PRUNE] = SQL("DELETE FROM tombstone WHERE expires_ms IS NOT NULL AND expires_ms <= $1"),
};
DB_STATEMENTS(store_tag, sql);

enum { IDEMPOTENCY_MS = HOUR_MS };

static struct tag_ref
read_tag(const struct db_row *r)
{
    return (struct tag_ref){ db_int(r, 0), db_str(r, 1), db_str(r, 2) };
}

enum err
store_tag_get(struct ctx *c, struct str name, struct tag_ref **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_TAG_GET], DB_ARGS(D_STR(name)), &r));
    *out = arena_new(c->mem, struct tag_ref);
    **out = read_tag(r);
    return ERR_OK;
}

enum err
store_tag_ids(struct ctx *c, struct tag_ref *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct db_row *r;

        TRY(db_maybe(c, &sql[Q_TAG_GET], DB_ARGS(D_STR(v[i].name)), &r));
        if (r == NULL) { /* somebody else may insert it between: then the second look finds theirs */
            TRY(db_exec(c, &sql[Q_TAG_ADD],
                DB_ARGS(D_INT(id_new()), D_STR(v[i].name), D_STR(v[i].display), D_INT(clock_ms())), NULL));
            TRY(db_one(c, &sql[Q_TAG_GET], DB_ARGS(D_STR(v[i].name)), &r));
        }
        v[i] = read_tag(r);
    }
    return ERR_OK;
}

enum err
store_tag_search(struct ctx *c, const struct tag_search *q, struct tag_ref **v, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_TAG_SEARCH],
        DB_ARGS(D_STR(q->prefix), D_STR(str_cat(c->mem, q->prefix, S("\xf4\x8f\xbf\xbf"), STR_NONE)), D_INT(q->limit),
            D_INT(q->offset), D_INT(q->since_day), D_BOOL(q->reviewed)),
        &r));
    *v = arena_vec(c->mem, struct tag_ref, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[i] = read_tag(&r.v[i]);
    return ERR_OK;
}

enum err
store_idempotency_find(struct ctx *c, int64_t account_id, struct str key, int64_t *status_id)
{
    const struct db_row *r;

    TRY(db_maybe(
        c, &sql[Q_IDEMPOTENCY_FIND], DB_ARGS(D_INT(account_id), D_STR(key), D_INT(clock_ms() - IDEMPOTENCY_MS)), &r));
    *status_id = r == NULL ? 0 : db_int(r, 0);
    return ERR_OK;
}

enum err
store_idempotency_put(struct ctx *c, int64_t account_id, struct str key, int64_t status_id)
{
    int64_t now = clock_ms(), n;

    TRY(db_exec(c, &sql[Q_IDEMPOTENCY_PUT],
        DB_ARGS(D_INT(account_id), D_STR(key), D_INT(status_id), D_INT(now), D_INT(now - IDEMPOTENCY_MS)), &n));
    return n == 0 ? ctx_fail(c, ERR_CONFLICT, "idempotency key is in use") : ERR_OK;
}

enum err
store_idempotency_forget(struct ctx *c, int64_t account_id, struct str key, int64_t status_id)
{
    return db_exec(c, &sql[Q_IDEMPOTENCY_FORGET], DB_ARGS(D_INT(account_id), D_STR(key), D_INT(status_id)), NULL);
}

enum err
store_idempotency_move(struct ctx *c, int64_t account_id, int64_t from_id, int64_t to_id)
{
    return db_exec(c, &sql[Q_IDEMPOTENCY_MOVE], DB_ARGS(D_INT(account_id), D_INT(from_id), D_INT(to_id)), NULL);
}

enum err
store_idempotency_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_IDEMPOTENCY_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_tombstone_put(struct ctx *c, struct str uri, struct str actor_uri, int64_t expires_ms)
{
    return db_exec(
        c, &sql[Q_TOMBSTONE_PUT], DB_ARGS(D_STR(uri), D_STR(actor_uri), D_INTN(expires_ms), D_INT(clock_ms())), NULL);
}

enum err
store_tombstone_has(struct ctx *c, struct str uri, struct str actor_uri, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_TOMBSTONE_HAS], DB_ARGS(D_STR(uri), D_STR(actor_uri), D_INT(clock_ms())), &r));
    *out = r != NULL;
    return ERR_OK;
}

enum err
store_tombstone_delete(struct ctx *c, struct str uri, struct str actor_uri, bool *removed)
{
    return db_change(c, &sql[Q_TOMBSTONE_DELETE], DB_ARGS(D_STR(uri), D_STR(actor_uri)), removed);
}

enum err
store_tombstone_prune(struct ctx *c, int64_t now_ms)
{
    return db_exec(c, &sql[Q_TOMBSTONE_PRUNE], DB_ARGS(D_INT(now_ms)), NULL);
}

enum err
store_tombstone_forget(struct ctx *c, struct str actor_uri)
{
    return db_exec(c, &sql[Q_TOMBSTONE_FORGET], DB_ARGS(D_STR(actor_uri)), NULL);
}
