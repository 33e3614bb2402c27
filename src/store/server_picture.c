/* Pictures of the server itself. */
#include "store/server_picture.h"

#include "db/db.h"
#include "store/media.h"

enum { Q_GET, Q_PUT, Q_DELETE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT file, thumb, width, height, blurhash, description FROM server_picture WHERE name = $1"),
    [Q_PUT] = SQL("INSERT INTO server_picture (name, file, thumb, width, height, blurhash, description) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7)"),
    [Q_DELETE] = SQL("DELETE FROM server_picture WHERE name = $1 RETURNING file, thumb"),
};
DB_STATEMENTS(store_server_picture, sql);

enum err
store_server_picture_get(struct ctx *c, struct str name, struct server_picture *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_STR(name)), &r));
    *out = (struct server_picture){ .file = db_str(r, 0),
        .small = db_str(r, 1),
        .width = db_int(r, 2),
        .height = db_int(r, 3),
        .blurhash = db_str(r, 4),
        .description = db_str(r, 5) };
    return ERR_OK;
}

enum err
store_server_picture_put(struct ctx *c, struct str name, const struct server_picture *p)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_DELETE], DB_ARGS(D_STR(name)), &r));
    for (size_t i = 0; i < r.n; i++) {
        TRY(store_dead_file_put(c, db_str(&r.v[i], 0)));
        if (db_str(&r.v[i], 1).n > 0)
            TRY(store_dead_file_put(c, db_str(&r.v[i], 1)));
    }
    if (p->file.n == 0)
        return ERR_OK;
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_STR(name), D_STR(p->file), D_STR(p->small), D_INT(p->width), D_INT(p->height), D_STR(p->blurhash),
            D_STR(p->description)),
        NULL);
}
