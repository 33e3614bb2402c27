/* Announcements. */
#include "store/announcement.h"

#include "base/clock.h"
#include "store/internal.h"

#define COLS                                                                                                           \
    "id, text, content, mentions, statuses, tags, emojis, starts_ms, ends_ms, all_day, published_ms, created_ms, "     \
    "updated_ms"

enum {
    Q_ALL,
    Q_SHOWN,
    Q_GET,
    Q_PUT,
    Q_DELETE,
    Q_PRUNE,
    Q_READ_PUT,
    Q_READ_LIST,
    Q_REACT,
    Q_UNREACT,
    Q_REACTIONS,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_ALL] = SQL("SELECT " COLS " FROM announcement ORDER BY published_ms, id LIMIT 1000"),
    [Q_SHOWN] = SQL("SELECT " COLS " FROM announcement WHERE published_ms <= $1 AND (ends_ms IS NULL OR ends_ms > $1) "
                    "ORDER BY coalesce(starts_ms, published_ms), id LIMIT 1000"),
    [Q_GET] = SQL("SELECT " COLS " FROM announcement WHERE id = $1"),
    [Q_PUT] = SQL("INSERT INTO announcement (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
                  "ON CONFLICT (id) DO UPDATE SET text = $2, content = $3, mentions = $4, statuses = $5, tags = $6, "
                  "emojis = $7, starts_ms = $8, ends_ms = $9, all_day = $10, published_ms = $11, updated_ms = $13"),
    [Q_DELETE] = SQL("DELETE FROM announcement WHERE id = $1"),
    [Q_PRUNE] = SQL("DELETE FROM announcement WHERE ends_ms < $1"),
    [Q_READ_PUT] =
        SQL("INSERT INTO announcement_read (account_id, announcement_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
    [Q_READ_LIST] = SQL("SELECT announcement_id FROM announcement_read WHERE account_id = $1 LIMIT 1000"),
    [Q_REACT] = SQL("INSERT INTO announcement_reaction (announcement_id, name, account_id, created_ms) "
                    "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"),
    [Q_UNREACT] = SQL("DELETE FROM announcement_reaction WHERE announcement_id = $1 AND name = $2 AND account_id = $3"),
    [Q_REACTIONS] =
        SQL("SELECT name, count(*), max(CASE WHEN account_id = $2 THEN 1 ELSE 0 END) "
            "FROM announcement_reaction WHERE announcement_id = $1 GROUP BY name ORDER BY min(created_ms), name"),
};
DB_STATEMENTS(store_announcement, sql);

static void
read_row(struct ctx *c, const struct db_row *r, struct announcement *a)
{
    *a = (struct announcement){ .id = db_int(r, 0),
        .text = db_str(r, 1),
        .content = db_str(r, 2),
        .mention_ids = column_ids(c->mem, db_str(r, 3)),
        .status_ids = column_ids(c->mem, db_str(r, 4)),
        .tags = column_strs(c->mem, db_str(r, 5)),
        .emoji_codes = column_strs(c->mem, db_str(r, 6)),
        .starts_ms = db_int(r, 7),
        .ends_ms = db_int(r, 8),
        .all_day = db_bool(r, 9),
        .published_ms = db_int(r, 10),
        .created_ms = db_int(r, 11),
        .updated_ms = db_int(r, 12) };
}

enum err
store_announcement_list(struct ctx *c, int64_t shown_ms, struct announcements *out)
{
    struct db_rows r;

    if (shown_ms == 0)
        TRY(db_query(c, &sql[Q_ALL], DB_NO_ARGS, &r));
    else
        TRY(db_query(c, &sql[Q_SHOWN], DB_ARGS(D_INT(shown_ms)), &r));
    *out = (struct announcements){ arena_vec(c->mem, struct announcement, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        read_row(c, &r.v[i], &out->v[i]);
    return ERR_OK;
}

enum err
store_announcement_get(struct ctx *c, int64_t id, struct announcement **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(id)), &r));
    *out = arena_new(c->mem, struct announcement);
    read_row(c, r, *out);
    return ERR_OK;
}

enum err
store_announcement_put(struct ctx *c, const struct announcement *a)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(a->id), D_STR(a->text), D_STR(a->content), D_STR(column_put_ids(c->mem, &a->mention_ids)),
            D_STR(column_put_ids(c->mem, &a->status_ids)), D_STR(column_put_strs(c->mem, &a->tags)),
            D_STR(column_put_strs(c->mem, &a->emoji_codes)), D_INTN(a->starts_ms), D_INTN(a->ends_ms),
            D_BOOL(a->all_day), D_INT(a->published_ms), D_INT(a->created_ms), D_INT(a->updated_ms)),
        NULL);
}

enum err
store_announcement_delete(struct ctx *c, int64_t id, bool *removed)
{
    return db_change(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), removed);
}

enum err
store_announcement_prune(struct ctx *c, int64_t ended_before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(ended_before_ms)), NULL);
}

enum err
store_announcement_read_put(struct ctx *c, int64_t account_id, int64_t id)
{
    return db_exec(c, &sql[Q_READ_PUT], DB_ARGS(D_INT(account_id), D_INT(id)), NULL);
}

enum err
store_announcement_read_list(struct ctx *c, int64_t account_id, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_READ_LIST], DB_ARGS(D_INT(account_id)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_announcement_react(struct ctx *c, int64_t id, int64_t account_id, struct str name, bool *added)
{
    return db_change(c, &sql[Q_REACT], DB_ARGS(D_INT(id), D_STR(name), D_INT(account_id), D_INT(clock_ms())), added);
}

enum err
store_announcement_unreact(struct ctx *c, int64_t id, int64_t account_id, struct str name, bool *removed)
{
    return db_change(c, &sql[Q_UNREACT], DB_ARGS(D_INT(id), D_STR(name), D_INT(account_id)), removed);
}

enum err
store_announcement_reactions(struct ctx *c, int64_t id, int64_t viewer, struct reactions *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_REACTIONS], DB_ARGS(D_INT(id), D_INT(viewer)), &r));
    *out = (struct reactions){ arena_vec(c->mem, struct reaction, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] =
            (struct reaction){ .name = db_str(&r.v[i], 0), .count = db_int(&r.v[i], 1), .me = db_int(&r.v[i], 2) != 0 };
    return ERR_OK;
}
