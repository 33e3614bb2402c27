/* Old versions of statuses. */
#include "store/internal.h"
#include "store/status.h"

enum { Q_EDIT_ADD, Q_EDIT_FORGET, Q_EDITS, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_EDIT_ADD] = SQL("INSERT INTO status_edit (id, status_id, account_id, user_id, text, content, spoiler_text, "
                       "sensitive, emojis, media, "
                       "created_ms, poll, quote_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"),
    /* The first and the newest stay. */
    [Q_EDIT_FORGET] = SQL("DELETE FROM status_edit WHERE id IN (SELECT id FROM status_edit WHERE status_id = $1 "
                          "ORDER BY id DESC LIMIT 1000 OFFSET $2) "
                          "AND id > (SELECT min(id) FROM status_edit WHERE status_id = $1)"),
    [Q_EDITS] = SQL("SELECT id, status_id, account_id, user_id, text, content, spoiler_text, sensitive, emojis, media, "
                    "created_ms, poll, quote_id "
                    "FROM status_edit WHERE status_id = $1 ORDER BY id"),
};
DB_STATEMENTS(store_status_edit, sql);

enum err
store_status_edit_add(struct ctx *c, const struct status_edit *e)
{
    TRY(db_exec(c, &sql[Q_EDIT_ADD],
        DB_ARGS(D_INT(e->id), D_INT(e->status_id), D_INT(e->account_id), D_INTN(e->user_id), D_STR(e->text),
            D_STR(e->content), D_STR(e->spoiler_text), D_BOOL(e->sensitive),
            D_STR(column_put_strs(c->mem, &e->emoji_codes)), D_STR(e->media), D_INT(e->created_ms),
            D_STRN(e->poll.v == NULL ? STR_NONE : column_put_strs(c->mem, &e->poll)), D_INTN(e->quote_id)),
        NULL));
    return db_exec(c, &sql[Q_EDIT_FORGET], DB_ARGS(D_INT(e->status_id), D_INT(STATUS_EDITS_MAX - 1)), NULL);
}

enum err
store_status_edits(struct ctx *c, int64_t status_id, struct status_edits *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_EDITS], DB_ARGS(D_INT(status_id)), &r));
    out->v = arena_vec(c->mem, struct status_edit, r.n);
    out->n = r.n;
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct status_edit){ .id = db_int(&r.v[i], 0),
            .status_id = db_int(&r.v[i], 1),
            .account_id = db_int(&r.v[i], 2),
            .user_id = db_int(&r.v[i], 3),
            .text = db_str(&r.v[i], 4),
            .content = db_str(&r.v[i], 5),
            .spoiler_text = db_str(&r.v[i], 6),
            .sensitive = db_bool(&r.v[i], 7),
            .emoji_codes = column_strs(c->mem, db_str(&r.v[i], 8)),
            .media = db_str(&r.v[i], 9),
            .created_ms = db_int(&r.v[i], 10),
            .poll = column_strs(c->mem, db_str(&r.v[i], 11)),
            .quote_id = db_int(&r.v[i], 12) };
    return ERR_OK;
}
