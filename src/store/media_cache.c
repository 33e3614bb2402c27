/* The cache of pictures of other servers, and which stored files somebody names. */
#include "store/media_cache.h"

#include "base/clock.h"
#include "db/db.h"
#include "store/media.h"

/* X(table, column): every column that holds a storage key, each with an index. */
#define FILE_COLUMNS(X)                                                                                                \
    X(media, file)                                                                                                     \
    X(media, thumb)                                                                                                    \
    X(account, avatar)                                                                                                 \
    X(account, avatar_static)                                                                                          \
    X(account, header)                                                                                                 \
    X(account, header_static)                                                                                          \
    X(emoji, file)                                                                                                     \
    X(emoji, file_static)                                                                                              \
    X(card, image)                                                                                                     \
    X(server_picture, file)                                                                                            \
    X(server_picture, thumb)                                                                                           \
    X(dead_file, file)                                                                                                 \
    X(cached_file, file)

const char *const store_file_columns[] = {
#define X(table, column) #table "." #column,
    FILE_COLUMNS(X)
#undef X
        NULL,
};

/* Keys are hex digits, so the first key behind all with a prefix is the prefix and a letter behind f. */
static const struct db_sql named[] = {
#define X(table, column)                                                                                               \
    SQL("SELECT " #column " FROM " #table " WHERE " #column " <> '' AND " #column " >= $1 AND " #column " < $2"),
    FILE_COLUMNS(X)
#undef X
};
DB_STATEMENTS(store_files_named, named);

enum {
    Q_PUT,
    Q_BYTES,
    Q_OLDEST,
    Q_TOUCH,
    Q_DELETE,
    Q_MEDIA,
    Q_AVATAR,
    Q_HEADER,
    Q_EMOJI,
    Q_STILLS,
    Q_OF_ACCOUNT,
    Q_OF_EMOJI,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO cached_file (file, kind, owner_id, bytes, used_ms) VALUES ($1, $2, $3, $4, $5)"),
    [Q_BYTES] = SQL("SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM cached_file"),
    [Q_OLDEST] = SQL("SELECT file, kind, owner_id, bytes, used_ms FROM cached_file ORDER BY used_ms LIMIT $1"),
    [Q_TOUCH] = SQL("UPDATE cached_file SET used_ms = $2 WHERE file = $1"),
    [Q_DELETE] = SQL("DELETE FROM cached_file WHERE file = $1"),
    [Q_MEDIA] = SQL("UPDATE media SET state = $3, file = '', thumb = '' WHERE id = $1 AND file = $2"),
    [Q_AVATAR] = SQL("UPDATE account SET avatar = '', avatar_static = '' WHERE id = $1 AND avatar = $2"),
    [Q_HEADER] = SQL("UPDATE account SET header = '', header_static = '' WHERE id = $1 AND header = $2"),
    [Q_EMOJI] = SQL("UPDATE emoji SET file = '', file_static = '' WHERE id = $1 AND file = $2"),
    [Q_OF_ACCOUNT] = SQL("SELECT file, 0, id, 0, 0 FROM media WHERE account_id = $1 AND file <> '' UNION ALL "
                         "SELECT avatar, 1, id, 0, 0 FROM account WHERE id = $1 AND avatar <> '' UNION ALL "
                         "SELECT header, 2, id, 0, 0 FROM account WHERE id = $1 AND header <> '' LIMIT $2"),
    [Q_OF_EMOJI] = SQL("SELECT file, 3, id, 0, 0 FROM emoji WHERE domain = $1 AND file <> '' LIMIT $2"),
    /* The small one beside a large one, before the owner forgets both. */
    [Q_STILLS] = SQL("SELECT thumb FROM media WHERE $1 = 0 AND id = $2 AND file = $3 UNION ALL "
                     "SELECT avatar_static FROM account WHERE $1 = 1 AND id = $2 AND avatar = $3 UNION ALL "
                     "SELECT header_static FROM account WHERE $1 = 2 AND id = $2 AND header = $3 UNION ALL "
                     "SELECT file_static FROM emoji WHERE $1 = 3 AND id = $2 AND file = $3"),
};
DB_STATEMENTS(store_media_cache, sql);

enum err
store_cached_put(struct ctx *c, const struct cached_file *f)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_STR(f->file), D_INT(f->kind), D_INT(f->owner_id), D_INT(f->bytes), D_INT(f->used_ms)), NULL);
}

enum err
store_cached_bytes(struct ctx *c, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BYTES], DB_NO_ARGS, &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

static enum err
files(struct ctx *c, int q, struct db_args args, struct cached_files *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[q], args, &r));
    out->v = arena_vec(c->mem, struct cached_file, r.n);
    out->n = r.n;
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct cached_file){ db_str(&r.v[i], 0), (enum media_cached)db_int(&r.v[i], 1), db_int(&r.v[i], 2),
            db_int(&r.v[i], 3), db_int(&r.v[i], 4) };
    return ERR_OK;
}

enum err
store_cached_oldest(struct ctx *c, int64_t limit, struct cached_files *out)
{
    return files(c, Q_OLDEST, DB_ARGS(D_INT(limit)), out);
}

enum err
store_cached_of_account(struct ctx *c, int64_t account_id, int64_t limit, struct cached_files *out)
{
    return files(c, Q_OF_ACCOUNT, DB_ARGS(D_INT(account_id), D_INT(limit)), out);
}

enum err
store_cached_of_emoji(struct ctx *c, struct str domain, int64_t limit, struct cached_files *out)
{
    return files(c, Q_OF_EMOJI, DB_ARGS(D_STR(domain), D_INT(limit)), out);
}

enum err
store_cached_touch(struct ctx *c, struct str file, int64_t used_ms)
{
    return db_exec(c, &sql[Q_TOUCH], DB_ARGS(D_STR(file), D_INT(used_ms)), NULL);
}

enum err
store_cached_release(struct ctx *c, const struct cached_file *f)
{
    static const int forget[] = { [MEDIA_CACHED_ATTACHMENT] = Q_MEDIA,
        [MEDIA_CACHED_AVATAR] = Q_AVATAR,
        [MEDIA_CACHED_HEADER] = Q_HEADER,
        [MEDIA_CACHED_EMOJI] = Q_EMOJI };
    struct db_rows stills;

    CHECK(f->kind < lengthof(forget));
    TRY(db_query(c, &sql[Q_STILLS], DB_ARGS(D_INT(f->kind), D_INT(f->owner_id), D_STR(f->file)), &stills));
    for (size_t i = 0; i < stills.n; i++)
        if (db_str(&stills.v[i], 0).n > 0)
            TRY(store_dead_file_put(c, db_str(&stills.v[i], 0)));
    if (f->kind == MEDIA_CACHED_ATTACHMENT)
        TRY(db_exec(c, &sql[Q_MEDIA], DB_ARGS(D_INT(f->owner_id), D_STR(f->file), D_INT(MEDIA_REMOTE)), NULL));
    else
        TRY(db_exec(c, &sql[forget[f->kind]], DB_ARGS(D_INT(f->owner_id), D_STR(f->file)), NULL));
    TRY(store_dead_file_put(c, f->file));
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_STR(f->file)), NULL);
}

enum err
store_files_named(struct ctx *c, struct str prefix, struct strs *out)
{
    struct str behind = str_cat(c->mem, prefix, S("g"), STR_NONE);
    struct db_rows r[lengthof(named)];
    size_t n = 0;

    for (size_t i = 0; i < lengthof(named); i++) {
        TRY(db_query(c, &named[i], DB_ARGS(D_STR(prefix), D_STR(behind)), &r[i]));
        n += r[i].n;
    }
    *out = (struct strs){ arena_vec(c->mem, struct str, n), 0 };
    for (size_t i = 0; i < lengthof(named); i++)
        for (size_t k = 0; k < r[i].n; k++)
            out->v[out->n++] = db_str(&r[i].v[k], 0);
    return ERR_OK;
}
