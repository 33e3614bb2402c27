/* Drafts and scheduled posts.  Their posts are JSON in one column: nothing is looked for in it. */
#include "store/draft.h"

#include "base/clock.h"
#include "base/json.h"
#include "store/internal.h"
#include "store/media.h"

#define COLS                                                                                                           \
    "id, account_id, user_id, app_id, posts, version, scheduled_ms, failed_ms, failure, key, created_ms, updated_ms"
#define PLAIN " FROM draft WHERE account_id = $4 AND scheduled_ms IS NULL AND id < $1 AND id > $2 "
#define SCHEDULED " FROM draft WHERE account_id = $4 AND scheduled_ms IS NOT NULL AND id < $1 AND id > $2 "

enum {
    Q_GET,
    Q_ANY,
    Q_PAGE,
    Q_PAGE_UP,
    Q_SCHEDULED,
    Q_SCHEDULED_UP,
    Q_COUNT_PLAIN,
    Q_COUNT_SCHEDULED,
    Q_INSERT,
    Q_UPDATE,
    Q_CLAIM,
    Q_TAKE,
    Q_LET_GO,
    Q_DELETE,
    Q_HOLD,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT " COLS " FROM draft WHERE account_id = $1 AND id = $2"),
    [Q_ANY] = SQL("SELECT " COLS " FROM draft WHERE id = $1"),
    [Q_PAGE] = SQL("SELECT " COLS PLAIN "ORDER BY id DESC LIMIT $3"),
    [Q_PAGE_UP] = SQL("SELECT " COLS PLAIN "ORDER BY id ASC LIMIT $3"),
    [Q_SCHEDULED] = SQL("SELECT " COLS SCHEDULED "ORDER BY id DESC LIMIT $3"),
    [Q_SCHEDULED_UP] = SQL("SELECT " COLS SCHEDULED "ORDER BY id ASC LIMIT $3"),
    [Q_COUNT_PLAIN] = SQL("SELECT count(*) FROM draft WHERE account_id = $1 AND scheduled_ms IS NULL"),
    [Q_COUNT_SCHEDULED] =
        SQL("SELECT CAST(coalesce(sum(n_posts), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN scheduled_ms >= $2 AND "
            "scheduled_ms < $3 THEN n_posts ELSE 0 END), 0) AS BIGINT) FROM draft "
            "WHERE account_id = $1 AND scheduled_ms IS NOT NULL"),
    [Q_INSERT] = SQL("INSERT INTO draft (" COLS ", n_posts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
                     "$13)"),
    [Q_UPDATE] = SQL("UPDATE draft SET posts = $3, n_posts = $4, version = version + 1, scheduled_ms = $5, "
                     "failed_ms = $6, failure = $7, key = $8, updated_ms = $9 WHERE id = $1 AND version = $2"),
    [Q_CLAIM] = SQL("UPDATE draft SET version = version WHERE id = $1 AND version = $2"),
    [Q_TAKE] = SQL("UPDATE draft SET version = version WHERE id = $1"),
    [Q_LET_GO] = SQL("UPDATE media SET draft_id = NULL, created_ms = $2 WHERE draft_id = $1"),
    [Q_DELETE] = SQL("DELETE FROM draft WHERE id = $1"),
    [Q_HOLD] = SQL("UPDATE media SET draft_id = $2 WHERE id = $1 AND account_id = $3 AND status_id IS NULL "
                   "AND (draft_id IS NULL OR draft_id = $2)"),
};
DB_STATEMENTS(store_draft, sql);

/* ---- posts as JSON ----------------------------------------------------------------------------------------------- */

static void
put_poll(struct json *j, const struct post_poll *p)
{
    json_obj(j, "poll");
    json_strs(j, "options", &p->options);
    json_int(j, "expires_in", p->expires_in);
    json_bool(j, "multiple", p->multiple);
    json_bool(j, "hide_totals", p->hide_totals);
    json_end(j);
}

static void
put_post(struct json *j, const struct post_params *p)
{
    json_obj(j, NULL);
    json_str(j, "status", p->status);
    json_str(j, "spoiler_text", p->spoiler_text);
    json_str(j, "language", p->language);
    json_str(j, "content_type", p->content_type);
    json_int(j, "sensitive", p->sensitive);
    json_int(j, "visibility", p->visibility);
    json_id(j, "in_reply_to", p->in_reply_to_id);
    json_id(j, "quoted", p->quoted_status_id);
    json_int(j, "quote_choice", p->quote_choice);
    json_ids(j, "media", &p->media_ids);
    if (p->has_allowed_mentions)
        json_strs(j, "allowed_mentions", &p->allowed_mentions);
    if (p->poll != NULL)
        put_poll(j, p->poll);
    json_int(j, "expires_in", p->expires_in);
    json_int(j, "expires_ms", p->expires_ms);
    json_bool(j, "local_only", p->local_only);
    json_end(j);
}

static enum err
put_posts(struct ctx *c, const struct posts *v, struct str *out)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, DRAFT_BYTES_MAX);
    json_init(&j, &b);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v->n; i++)
        put_post(&j, &v->v[i]);
    json_end(&j);
    if (!json_done(&j))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: More than %d bytes in one draft", DRAFT_BYTES_MAX);
    *out = buf_str(&b);
    return ERR_OK;
}

static struct strs
read_strs(struct arena *mem, const struct val *v)
{
    struct strs out = { arena_vec(mem, struct str, v->n), 0 };

    for (size_t i = 0; i < v->n; i++)
        out.v[out.n++] = val_str(val_at(v, i));
    return out;
}

static struct ids
read_ids(struct arena *mem, const struct val *v)
{
    struct ids out = ids_new(mem, v->n);
    int64_t id;

    for (size_t i = 0; i < v->n; i++)
        if (str_int(val_str(val_at(v, i)), &id))
            ids_add(&out, id);
    return out;
}

static const struct post_poll *
read_poll(struct arena *mem, const struct val *v)
{
    struct post_poll *p;

    if (v->kind != VAL_OBJ)
        return NULL;
    p = arena_new(mem, struct post_poll);
    p->options = read_strs(mem, val_get(v, S("options")));
    p->expires_in = val_int(val_get(v, S("expires_in")), 0);
    p->multiple = val_bool(val_get(v, S("multiple")), false);
    p->hide_totals = val_bool(val_get(v, S("hide_totals")), false);
    return p;
}

static struct post_params
read_post(struct arena *mem, const struct val *v)
{
    return (struct post_params){ .status = val_str(val_get(v, S("status"))),
        .spoiler_text = val_str(val_get(v, S("spoiler_text"))),
        .language = val_str(val_get(v, S("language"))),
        .content_type = val_str(val_get(v, S("content_type"))),
        .sensitive = (int)val_int(val_get(v, S("sensitive")), -1),
        .visibility = (int)val_int(val_get(v, S("visibility")), -1),
        .in_reply_to_id = val_id(v, S("in_reply_to")),
        .quoted_status_id = val_id(v, S("quoted")),
        .quote_choice = (int)val_int(val_get(v, S("quote_choice")), -1),
        .media_ids = read_ids(mem, val_get(v, S("media"))),
        .allowed_mentions = read_strs(mem, val_get(v, S("allowed_mentions"))),
        .has_allowed_mentions = val_has(v, S("allowed_mentions")),
        .poll = read_poll(mem, val_get(v, S("poll"))),
        .expires_in = val_int(val_get(v, S("expires_in")), 0),
        .expires_ms = val_int(val_get(v, S("expires_ms")), 0),
        .local_only = val_bool(val_get(v, S("local_only")), false) };
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static struct draft_row
read_row(struct ctx *c, const struct db_row *r)
{
    struct draft_row d = { .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .user_id = db_int(r, 2),
        .app_id = db_int(r, 3),
        .version = db_int(r, 5),
        .scheduled_ms = db_int(r, 6),
        .failed_ms = db_int(r, 7),
        .failure = db_str(r, 8),
        .key = db_str(r, 9),
        .created_ms = db_int(r, 10),
        .updated_ms = db_int(r, 11) };
    const struct val *v;

    if (json_parse(c->mem, db_str(r, 4), NULL, &v) != ERR_OK)
        return d;
    d.posts.v = arena_vec(c->mem, struct post_params, v->n);
    for (size_t i = 0; i < v->n; i++)
        d.posts.v[d.posts.n++] = read_post(c->mem, val_at(v, i));
    return d;
}

static enum err
one(struct ctx *c, int q, struct db_args args, struct draft_row **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[q], args, &r));
    *out = arena_new(c->mem, struct draft_row);
    **out = read_row(c, r);
    return ERR_OK;
}

enum err
store_draft_get(struct ctx *c, int64_t account_id, int64_t id, struct draft_row **out)
{
    return one(c, Q_GET, DB_ARGS(D_INT(account_id), D_INT(id)), out);
}

enum err
store_draft_any(struct ctx *c, int64_t id, struct draft_row **out)
{
    return one(c, Q_ANY, DB_ARGS(D_INT(id)), out);
}

enum err
store_draft_page(struct ctx *c, int64_t account_id, bool scheduled, const struct page *p, struct draft_rows *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[(scheduled ? Q_SCHEDULED : Q_PAGE) + (page_is_up(p) ? 1 : 0)],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(account_id)), &r));
    *out = (struct draft_rows){ arena_vec(c->mem, struct draft_row, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = read_row(c, &r.v[i]);
    PAGE_REVERSE(p, out->v, out->n, struct draft_row);
    return ERR_OK;
}

enum err
store_draft_fill(struct ctx *c, struct draft_row *v, size_t n)
{
    struct ids ids = ids_new(c->mem, n);
    struct media_rows all;

    for (size_t i = 0; i < n; i++)
        ids_add(&ids, v[i].id);
    TRY(store_media_of_drafts(c, &ids, &all));
    for (size_t k = 0; k < all.n; k++)
        for (size_t i = 0; i < n; i++)
            if (v[i].id == all.v[k].draft_id && v[i].n_media++ == 0)
                v[i].media = &all.v[k]; /* files of one draft follow each other */
    return ERR_OK;
}

enum err
store_draft_count(struct ctx *c, int64_t account_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_COUNT_PLAIN], DB_ARGS(D_INT(account_id)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
store_scheduled_count(
    struct ctx *c, int64_t account_id, int64_t from_ms, int64_t until_ms, int64_t *all, int64_t *between)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_COUNT_SCHEDULED], DB_ARGS(D_INT(account_id), D_INT(from_ms), D_INT(until_ms)), &r));
    *all = db_int(r, 0);
    *between = db_int(r, 1);
    return ERR_OK;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

enum err
store_draft_insert(struct ctx *c, const struct draft_row *d)
{
    struct str posts;

    TRY(put_posts(c, &d->posts, &posts));
    return db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(d->id), D_INT(d->account_id), D_INTN(d->user_id), D_INTN(d->app_id), D_STR(posts),
            D_INT(d->version), D_INTN(d->scheduled_ms), D_INTN(d->failed_ms), D_STR(d->failure), D_STR(d->key),
            D_INT(d->created_ms), D_INT(d->updated_ms), D_INT((int64_t)d->posts.n)),
        NULL);
}

static enum err
changed(struct ctx *c, int64_t rows, const struct draft_row *d)
{
    return rows > 0 ? ERR_OK : ctx_fail(c, ERR_CONFLICT, "draft %lld has another version", (long long)d->id);
}

enum err
store_draft_update(struct ctx *c, struct draft_row *d)
{
    struct str posts;
    int64_t n;

    TRY(put_posts(c, &d->posts, &posts));
    TRY(db_exec(c, &sql[Q_UPDATE],
        DB_ARGS(D_INT(d->id), D_INT(d->version), D_STR(posts), D_INT((int64_t)d->posts.n), D_INTN(d->scheduled_ms),
            D_INTN(d->failed_ms), D_STR(d->failure), D_STR(d->key), D_INT(d->updated_ms)),
        &n));
    TRY(changed(c, n, d));
    d->version++;
    return ERR_OK;
}

enum err
store_draft_claim(struct ctx *c, const struct draft_row *d)
{
    int64_t n;

    TRY(db_exec(c, &sql[Q_CLAIM], DB_ARGS(D_INT(d->id), D_INT(d->version)), &n));
    return changed(c, n, d);
}

enum err
store_draft_delete(struct ctx *c, int64_t id)
{
    bool found;

    TRY(db_change(c, &sql[Q_TAKE], DB_ARGS(D_INT(id)), &found));
    if (!found)
        return ctx_fail(c, ERR_NOT_FOUND, "draft %lld is gone", (long long)id);
    TRY(db_exec(c, &sql[Q_LET_GO], DB_ARGS(D_INT(id), D_INT(clock_ms())), NULL));
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_draft_hold(struct ctx *c, const struct draft_row *d)
{
    TRY(db_exec(c, &sql[Q_LET_GO], DB_ARGS(D_INT(d->id), D_INT(clock_ms())), NULL));
    for (size_t i = 0; i < d->posts.n; i++)
        for (size_t k = 0; k < d->posts.v[i].media_ids.n; k++) {
            int64_t id = d->posts.v[i].media_ids.v[k], n;

            TRY(db_exec(c, &sql[Q_HOLD], DB_ARGS(D_INT(id), D_INT(d->id), D_INT(d->account_id)), &n));
            if (n == 0)
                return ctx_fail_public(c, ERR_INVALID,
                    "Validation failed: Media attachment %lld not found or already in use", (long long)id);
        }
    return ERR_OK;
}
