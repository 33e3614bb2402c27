/* Polls: the question with its tallies in one row, each vote in a row of its own. */
#include "store/poll.h"

#include "base/json.h"
#include "store/internal.h"
#include "store/status.h"

#define COLS "id, status_id, options, voters, multiple, hide_totals, expires_ms, closed_told, checked_ms, created_ms"

enum {
    Q_BY_ID,
    Q_LOCK,
    Q_BY_STATUSES,
    Q_INSERT,
    Q_UPDATE,
    Q_DELETE,
    Q_VOTE_ADD,
    Q_VOTE_GET,
    Q_CHOICES,
    Q_CHOICES_OF,
    Q_VOTES_CLEAR,
    Q_VOTERS,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_BY_ID] = SQL("SELECT " COLS " FROM poll WHERE id = $1"),
    [Q_LOCK] = SQL2("SELECT " COLS " FROM poll WHERE id = $1", /* first the post: store_status_hold */
        "WITH s AS MATERIALIZED (SELECT id FROM status WHERE id = (SELECT status_id FROM poll WHERE id = $1) "
        "FOR KEY SHARE) SELECT " COLS
        " FROM poll WHERE id = $1 AND status_id IN (SELECT id FROM s) FOR UPDATE OF poll"),
    [Q_BY_STATUSES] = SQL("SELECT " COLS " FROM poll WHERE status_id IN {ids:$1}"),
    [Q_INSERT] = SQL("INSERT INTO poll (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
    [Q_UPDATE] = SQL("UPDATE poll SET options = $2, voters = $3, multiple = $4, hide_totals = $5, expires_ms = $6, "
                     "closed_told = $7, checked_ms = $8 WHERE id = $1"),
    [Q_DELETE] = SQL("DELETE FROM poll WHERE id = $1"),
    [Q_VOTE_ADD] =
        SQL("INSERT INTO poll_vote (id, poll_id, account_id, choice, created_ms) VALUES ($1, $2, $3, $4, $5)"),
    [Q_VOTE_GET] = SQL("SELECT id, poll_id, account_id, choice, created_ms FROM poll_vote WHERE id = $1"),
    [Q_CHOICES] = SQL("SELECT choice FROM poll_vote WHERE poll_id = $1 AND account_id = $2 ORDER BY choice"),
    [Q_CHOICES_OF] = SQL("SELECT poll_id, choice FROM poll_vote WHERE poll_id IN {ids:$1} AND account_id = $2 "
                         "ORDER BY poll_id, choice"),
    [Q_VOTES_CLEAR] = SQL("DELETE FROM poll_vote WHERE poll_id = $1"),
    [Q_VOTERS] = SQL("SELECT DISTINCT v.account_id FROM poll_vote v JOIN account a ON a.id = v.account_id "
                     "WHERE v.poll_id = $1 AND v.account_id > $2 AND (a.domain = '') = $3 "
                     "ORDER BY v.account_id LIMIT $4"),
};
DB_STATEMENTS(store_poll, sql);

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static void
read_options(struct arena *mem, struct str text, struct poll *p)
{
    const struct val *v;

    if (json_parse(mem, text, NULL, &v) != ERR_OK || v->kind != VAL_ARR)
        return;
    p->options = arena_vec(mem, struct poll_option, v->n);
    for (size_t i = 0; i < v->n; i++) {
        struct poll_option *o = &p->options[p->n++];

        o->title = val_str(val_get(val_at(v, i), S("title")));
        o->votes = val_int(val_get(val_at(v, i), S("votes")), 0);
    }
}

static struct str
put_options(struct arena *mem, const struct poll *p)
{
    struct buf b;
    struct json j;

    buf_init(&b, mem, MB(4));
    json_init(&j, &b);
    json_arr(&j, NULL);
    for (size_t i = 0; i < p->n; i++) {
        json_obj(&j, NULL);
        json_str(&j, "title", p->options[i].title);
        json_int(&j, "votes", p->options[i].votes);
        json_end(&j);
    }
    json_end(&j);
    CHECK(json_done(&j));
    return buf_str(&b);
}

static struct poll *
read_row(struct ctx *c, const struct db_row *r)
{
    struct poll *p = arena_new(c->mem, struct poll);

    p->id = db_int(r, 0);
    p->status_id = db_int(r, 1);
    read_options(c->mem, db_str(r, 2), p);
    p->voters = db_is_null(r, 3) ? -1 : db_int(r, 3);
    p->multiple = db_bool(r, 4);
    p->hide_totals = db_bool(r, 5);
    p->expires_ms = db_int(r, 6);
    p->closed_told = db_bool(r, 7);
    p->checked_ms = db_int(r, 8);
    p->created_ms = db_int(r, 9);
    return p;
}

static struct db_arg
voters_arg(const struct poll *p)
{
    return p->voters < 0 ? D_NULL : D_INT(p->voters);
}

enum err
store_poll_get(struct ctx *c, int64_t id, struct poll **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_ID], DB_ARGS(D_INT(id)), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

enum err
store_poll_of_status(struct ctx *c, int64_t status_id, struct poll **out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_BY_STATUSES], DB_ARGS(D_IDS(&status_id, 1)), &r));
    *out = r == NULL ? NULL : read_row(c, r);
    return ERR_OK;
}

enum err
store_poll_lock(struct ctx *c, int64_t id, struct poll **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_LOCK], DB_ARGS(D_INT(id)), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

enum err
store_poll_insert(struct ctx *c, const struct poll *p)
{
    return db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(p->id), D_INT(p->status_id), D_STR(put_options(c->mem, p)), voters_arg(p), D_BOOL(p->multiple),
            D_BOOL(p->hide_totals), D_INTN(p->expires_ms), D_BOOL(p->closed_told), D_INT(p->checked_ms),
            D_INT(p->created_ms)),
        NULL);
}

enum err
store_poll_update(struct ctx *c, const struct poll *p)
{
    return db_exec(c, &sql[Q_UPDATE],
        DB_ARGS(D_INT(p->id), D_STR(put_options(c->mem, p)), voters_arg(p), D_BOOL(p->multiple), D_BOOL(p->hide_totals),
            D_INTN(p->expires_ms), D_BOOL(p->closed_told), D_INT(p->checked_ms)),
        NULL);
}

enum err
store_poll_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}

/* ---- votes ------------------------------------------------------------------------------------------------------- */

enum err
store_poll_vote_add(struct ctx *c, const struct poll_vote *v)
{
    return db_exec(c, &sql[Q_VOTE_ADD],
        DB_ARGS(D_INT(v->id), D_INT(v->poll_id), D_INT(v->account_id), D_INT(v->choice), D_INT(v->created_ms)), NULL);
}

enum err
store_poll_vote_get(struct ctx *c, int64_t id, struct poll_vote *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_VOTE_GET], DB_ARGS(D_INT(id)), &r));
    *out = (struct poll_vote){ db_int(r, 0), db_int(r, 1), db_int(r, 2), db_int(r, 3), db_int(r, 4) };
    return ERR_OK;
}

/* The place of a choice may be 0, so ids_add does not fit. */
static struct ids
column(struct ctx *c, const struct db_rows *r, size_t col)
{
    struct ids out = { arena_vec(c->mem, int64_t, r->n), r->n };

    for (size_t i = 0; i < r->n; i++)
        out.v[i] = db_int(&r->v[i], col);
    return out;
}

enum err
store_poll_choices(struct ctx *c, int64_t poll_id, int64_t account_id, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_CHOICES], DB_ARGS(D_INT(poll_id), D_INT(account_id)), &r));
    *out = column(c, &r, 0);
    return ERR_OK;
}

enum err
store_poll_votes_clear(struct ctx *c, int64_t poll_id)
{
    return db_exec(c, &sql[Q_VOTES_CLEAR], DB_ARGS(D_INT(poll_id)), NULL);
}

enum err
store_poll_voters(struct ctx *c, int64_t poll_id, bool local, int64_t after, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_VOTERS], DB_ARGS(D_INT(poll_id), D_INT(after), D_BOOL(local), D_INT(limit)), &r));
    *out = column(c, &r, 0);
    return ERR_OK;
}

/* ---- filling ----------------------------------------------------------------------------------------------------- */

static enum err
fill_viewer(struct ctx *c, struct poll **v, size_t n, int64_t viewer)
{
    struct ids ids = ids_new(c->mem, n), choices;
    struct db_rows r;

    for (size_t i = 0; i < n; i++) {
        v[i]->has_viewer = true;
        ids_add(&ids, v[i]->id);
    }
    ids_sort(&ids);
    TRY(db_query(c, &sql[Q_CHOICES_OF], DB_ARGS(D_IDS(ids.v, ids.n), D_INT(viewer)), &r));
    choices = column(c, &r, 1);
    for (size_t k = 0; k < r.n; k++)
        for (size_t i = 0; i < n; i++)
            if (v[i]->id == db_int(&r.v[k], 0) && v[i]->n_own++ == 0)
                v[i]->own = &choices.v[k]; /* rows of one poll follow each other */
    return ERR_OK;
}

enum err
store_poll_fill_statuses(struct ctx *c, struct status **v, size_t n, int64_t viewer)
{
    struct ids ids = ids_new(c->mem, n);
    struct poll **found;
    struct db_rows r;

    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i]->object_type, S("Question")))
            ids_add(&ids, v[i]->id);
    if (ids.n == 0)
        return ERR_OK;
    ids_sort(&ids);
    TRY(db_query(c, &sql[Q_BY_STATUSES], DB_ARGS(D_IDS(ids.v, ids.n)), &r));
    found = arena_vec(c->mem, struct poll *, r.n);
    for (size_t k = 0; k < r.n; k++) {
        found[k] = read_row(c, &r.v[k]);
        for (size_t i = store_status_first(v, n, found[k]->status_id); i < n && v[i]->id == found[k]->status_id; i++)
            v[i]->poll = found[k];
    }
    return viewer == 0 || r.n == 0 ? ERR_OK : fill_viewer(c, found, r.n, viewer);
}
