/* Media attachments. */
#include "store/media.h"

#include "base/clock.h"
#include "store/internal.h"
#include "store/status.h"

#define COLS                                                                                                           \
    "id, account_id, status_id, position, kind, state, mime, file, thumb, remote_url, bytes, description, focus_x, "   \
    "focus_y, width, height, thumb_width, thumb_height, duration_ms, blurhash, created_ms, draft_id"

enum {
    Q_GET,
    Q_INSERT,
    Q_UPDATE,
    Q_DESCRIBE,
    Q_FINISH,
    Q_LOCK,
    Q_SET_THUMB,
    Q_DELETE,
    Q_ATTACH,
    Q_DETACH,
    Q_OF_STATUS,
    Q_OF_STATUSES,
    Q_OF_DRAFTS,
    Q_DELETE_STATUS,
    Q_LOOSE,
    Q_OF_ACCOUNT,
    Q_DEAD_PUT,
    Q_DEAD_LIST,
    Q_DEAD_FORGET,
    Q_CACHED_FORGET,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT " COLS " FROM media WHERE id = $1"),
    [Q_INSERT] = SQL("INSERT INTO media (" COLS
                     ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
                     "$18, $19, $20, $21, $22)"),
    [Q_UPDATE] =
        SQL("UPDATE media SET kind = $2, state = $3, mime = $4, file = $5, thumb = $6, remote_url = $7, bytes = $8, "
            "description = $9, focus_x = $10, focus_y = $11, width = $12, height = $13, thumb_width = $14, "
            "thumb_height = $15, "
            "duration_ms = $16, blurhash = $17 WHERE id = $1"),
    [Q_DELETE] = SQL("DELETE FROM media WHERE id = $1 AND status_id IS NULL AND draft_id IS NULL RETURNING " COLS),
    [Q_DESCRIBE] = SQL("UPDATE media SET description = $2, focus_x = $3, focus_y = $4 WHERE id = $1"),
    [Q_FINISH] =
        SQL("UPDATE media SET kind = $2, state = $3, mime = $4, file = $5, bytes = $7, width = $8, height = $9, "
            "thumb = CASE thumb WHEN '' THEN $6 ELSE thumb END, "
            "thumb_width = CASE thumb WHEN '' THEN $10 ELSE thumb_width END, "
            "thumb_height = CASE thumb WHEN '' THEN $11 ELSE thumb_height END, duration_ms = $12, "
            "blurhash = CASE thumb WHEN '' THEN $13 ELSE blurhash END "
            "WHERE id = $1 AND state = $14 AND file = $15 RETURNING thumb"),
    [Q_LOCK] = SQL2("SELECT " COLS " FROM media WHERE id = $1", "SELECT " COLS " FROM media WHERE id = $1 FOR UPDATE"),
    [Q_SET_THUMB] =
        SQL("UPDATE media SET thumb = $2, thumb_width = $3, thumb_height = $4, blurhash = $5 WHERE id = $1"),
    [Q_ATTACH] = SQL("UPDATE media SET status_id = $2, position = $3 WHERE id = $1 AND account_id = $4 "
                     "AND (status_id IS NULL OR status_id = $2)"),
    [Q_DETACH] = SQL("UPDATE media SET status_id = NULL, created_ms = $2 WHERE status_id = $1"),
    [Q_OF_STATUS] = SQL("SELECT " COLS " FROM media WHERE status_id = $1"),
    [Q_OF_STATUSES] =
        SQL("SELECT " COLS " FROM {each:$1} media WHERE status_id = each.value ORDER BY status_id, position"),
    [Q_OF_DRAFTS] = SQL("SELECT " COLS " FROM {each:$1} media WHERE draft_id = each.value ORDER BY draft_id, id"),
    [Q_DELETE_STATUS] = SQL("DELETE FROM media WHERE status_id = $1"),
    [Q_LOOSE] = SQL("SELECT id FROM media WHERE status_id IS NULL AND draft_id IS NULL AND created_ms < $1 "
                    "ORDER BY created_ms LIMIT $2"),
    [Q_OF_ACCOUNT] = SQL("SELECT id FROM media WHERE account_id = $1 ORDER BY id LIMIT $2"),
    [Q_DEAD_PUT] = SQL("INSERT INTO dead_file (file, created_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
    [Q_DEAD_LIST] = SQL("SELECT file FROM dead_file WHERE created_ms <= $2 ORDER BY created_ms LIMIT $1"),
    [Q_DEAD_FORGET] = SQL("DELETE FROM dead_file WHERE file = $1"),
    [Q_CACHED_FORGET] = SQL("DELETE FROM cached_file WHERE file = $1"),
};
DB_STATEMENTS(store_media, sql);

static struct media_row
read_row(const struct db_row *r)
{
    struct media_row m;
    size_t i = 0;

    m.id = db_int(r, i++);
    m.account_id = db_int(r, i++);
    m.status_id = db_int(r, i++);
    m.position = (int)db_int(r, i++);
    m.kind = (enum media_kind)db_int(r, i++);
    m.state = (enum media_state)db_int(r, i++);
    m.mime = db_str(r, i++);
    m.file = db_str(r, i++);
    m.thumb = db_str(r, i++);
    m.remote_url = db_str(r, i++);
    m.bytes = db_int(r, i++);
    m.description = db_str(r, i++);
    m.focus_x = db_real(r, i++);
    m.focus_y = db_real(r, i++);
    m.width = db_int(r, i++);
    m.height = db_int(r, i++);
    m.thumb_width = db_int(r, i++);
    m.thumb_height = db_int(r, i++);
    m.duration_ms = db_int(r, i++);
    m.blurhash = db_str(r, i++);
    m.created_ms = db_int(r, i++);
    m.draft_id = db_int(r, i++);
    return m;
}

enum err
store_media_get(struct ctx *c, int64_t id, struct media_row **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(id)), &r));
    *out = arena_new(c->mem, struct media_row);
    **out = read_row(r);
    return ERR_OK;
}

enum err
store_media_insert(struct ctx *c, const struct media_row *m)
{
    return db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(m->id), D_INT(m->account_id), D_INTN(m->status_id), D_INT(m->position), D_INT(m->kind),
            D_INT(m->state), D_STR(m->mime), D_STR(m->file), D_STR(m->thumb), D_STR(m->remote_url), D_INT(m->bytes),
            D_STR(m->description), D_REAL(m->focus_x), D_REAL(m->focus_y), D_INT(m->width), D_INT(m->height),
            D_INT(m->thumb_width), D_INT(m->thumb_height), D_INT(m->duration_ms), D_STR(m->blurhash),
            D_INT(m->created_ms), D_INTN(m->draft_id)),
        NULL);
}

enum err
store_media_update(struct ctx *c, const struct media_row *m)
{
    return db_exec(c, &sql[Q_UPDATE],
        DB_ARGS(D_INT(m->id), D_INT(m->kind), D_INT(m->state), D_STR(m->mime), D_STR(m->file), D_STR(m->thumb),
            D_STR(m->remote_url), D_INT(m->bytes), D_STR(m->description), D_REAL(m->focus_x), D_REAL(m->focus_y),
            D_INT(m->width), D_INT(m->height), D_INT(m->thumb_width), D_INT(m->thumb_height), D_INT(m->duration_ms),
            D_STR(m->blurhash)),
        NULL);
}

static enum err
bury_files(struct ctx *c, const struct media_row *m)
{
    if (m->file.n > 0)
        TRY(store_dead_file_put(c, m->file));
    return m->thumb.n > 0 ? store_dead_file_put(c, m->thumb) : ERR_OK;
}

enum err
store_media_describe(struct ctx *c, const struct media_row *m)
{
    return db_exec(c, &sql[Q_DESCRIBE],
        DB_ARGS(D_INT(m->id), D_STR(m->description), D_REAL(m->focus_x), D_REAL(m->focus_y)), NULL);
}

enum err
store_media_lock(struct ctx *c, int64_t id, struct media_row **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_LOCK], DB_ARGS(D_INT(id)), &r));
    *out = arena_new(c->mem, struct media_row);
    **out = read_row(r);
    return ERR_OK;
}

enum err
store_media_set_thumb(struct ctx *c, const struct media_row *m)
{
    return db_exec(c, &sql[Q_SET_THUMB],
        DB_ARGS(D_INT(m->id), D_STR(m->thumb), D_INT(m->thumb_width), D_INT(m->thumb_height), D_STR(m->blurhash)),
        NULL);
}

enum err
store_media_finish(struct ctx *c, const struct media_row *m, struct str waiting, bool *won)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_FINISH],
        DB_ARGS(D_INT(m->id), D_INT(m->kind), D_INT(m->state), D_STR(m->mime), D_STR(m->file), D_STR(m->thumb),
            D_INT(m->bytes), D_INT(m->width), D_INT(m->height), D_INT(m->thumb_width), D_INT(m->thumb_height),
            D_INT(m->duration_ms), D_STR(m->blurhash), D_INT(MEDIA_PROCESSING), D_STR(waiting)),
        &r));
    *won = r.n > 0;
    if (r.n == 0)
        return ERR_OK;
    if (m->thumb.n > 0 && !str_eq(db_str(&r.v[0], 0), m->thumb)) /* its owner gave another */
        TRY(store_dead_file_put(c, m->thumb));
    return store_dead_file_put(c, waiting);
}

enum err
store_media_delete(struct ctx *c, int64_t id)
{
    struct db_rows r;
    struct media_row m;

    TRY(db_query(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), &r));
    if (r.n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "media %lld is gone, or attached meanwhile", (long long)id);
    m = read_row(&r.v[0]);
    return bury_files(c, &m);
}

enum err
store_media_attach(struct ctx *c, struct status *s)
{
    TRY(db_exec(c, &sql[Q_DETACH], DB_ARGS(D_INT(s->id), D_INT(clock_ms())), NULL));
    for (size_t i = 0; i < s->n_media; i++) {
        int64_t n;

        TRY(db_exec(c, &sql[Q_ATTACH],
            DB_ARGS(D_INT(s->media[i].id), D_INT(s->id), D_INT((int64_t)i), D_INT(s->account_id)), &n));
        if (n == 0)
            return ctx_fail_field(c, ERR_INVALID, "media_ids", "media %lld is not free", (long long)s->media[i].id);
    }
    return ERR_OK;
}

enum err
store_media_release(struct ctx *c, int64_t status_id)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_OF_STATUS], DB_ARGS(D_INT(status_id)), &r));
    for (size_t i = 0; i < r.n; i++) {
        struct media_row m = read_row(&r.v[i]);

        TRY(bury_files(c, &m));
    }
    return r.n == 0 ? ERR_OK : db_exec(c, &sql[Q_DELETE_STATUS], DB_ARGS(D_INT(status_id)), NULL);
}

enum err
store_media_fill_statuses(struct ctx *c, struct status **v, size_t n)
{
    struct ids ids = ids_new(c->mem, n);
    struct db_rows r;
    struct media_row *all;

    for (size_t i = 0; i < n; i++)
        ids_add(&ids, v[i]->has_media ? v[i]->id : 0);
    if (ids.n == 0)
        return ERR_OK;
    ids_sort(&ids);
    TRY(db_query(c, &sql[Q_OF_STATUSES], DB_ARGS(D_IDS(ids.v, ids.n)), &r));
    all = arena_vec(c->mem, struct media_row, r.n);
    for (size_t k = 0; k < r.n; k++) {
        all[k] = read_row(&r.v[k]);
        for (size_t i = store_status_first(v, n, all[k].status_id); i < n && v[i]->id == all[k].status_id; i++)
            if (v[i]->n_media++ == 0)
                v[i]->media = &all[k];
    }
    return ERR_OK;
}

enum err
store_media_loose(struct ctx *c, int64_t before_ms, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LOOSE], DB_ARGS(D_INT(before_ms), D_INT(limit)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_media_of_account(struct ctx *c, int64_t account_id, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_OF_ACCOUNT], DB_ARGS(D_INT(account_id), D_INT(limit)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_dead_file_put(struct ctx *c, struct str file)
{
    return store_dead_file_put_at(c, file, clock_ms());
}

enum err
store_dead_file_put_at(struct ctx *c, struct str file, int64_t due_ms)
{
    return db_exec(c, &sql[Q_DEAD_PUT], DB_ARGS(D_STR(file), D_INT(due_ms)), NULL);
}

enum err
store_dead_file_list(struct ctx *c, int64_t limit, struct strs *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_DEAD_LIST], DB_ARGS(D_INT(limit), D_INT(clock_ms())), &r));
    rows_strs(c->mem, &r, out);
    return ERR_OK;
}

enum err
store_dead_file_forget(struct ctx *c, struct str file)
{
    TRY(db_exec(c, &sql[Q_CACHED_FORGET], DB_ARGS(D_STR(file)), NULL));
    return db_exec(c, &sql[Q_DEAD_FORGET], DB_ARGS(D_STR(file)), NULL);
}

enum err
store_media_of_drafts(struct ctx *c, const struct ids *drafts, struct media_rows *out)
{
    struct db_rows r;

    *out = (struct media_rows){ 0 };
    if (drafts->n == 0)
        return ERR_OK;
    TRY(db_query(c, &sql[Q_OF_DRAFTS], DB_ARGS(D_IDS(drafts->v, drafts->n)), &r));
    out->v = arena_vec(c->mem, struct media_row, r.n);
    for (size_t i = 0; i < r.n; i++)
        out->v[out->n++] = read_row(&r.v[i]);
    return ERR_OK;
}
