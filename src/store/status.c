/* Statuses: rows and writing.  What a page needs of them is in status_fill.c, pages in status_page.c, tags and tombstones in their own files. */
#include "store/status.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/conversation.h"
#include "store/count.h"
#include "store/internal.h"
#include "store/media.h"
#include "store/quote.h"
#include "store/search.h"

#include <stdlib.h>

#define COLS                                                                                                           \
    "id, uri, url, account_id, user_id, app_id, local, visibility, reblog_of_id, in_reply_to_id, "                     \
    "in_reply_to_account_id, in_reply_to_uri, conversation_id, text, content_type, content, spoiler_text, sensitive, " \
    "language, object_type, emojis, has_media, created_ms, edited_ms, fetched_ms, quote_policy, expires_ms, "          \
    "local_only, interaction_policy, approval"

enum { REBLOGS_PORTION = 1000 /* removed at once with what they show */ };

enum {
    Q_BY_ID,
    Q_LOCK,
    Q_HOLD,
    Q_BY_URI,
    Q_BY_IDS,
    Q_INSERT,
    Q_INSERT_STAT,
    Q_UPDATE,
    Q_DELETE,
    Q_REBLOGS_OF,
    Q_REBLOGS_DELETE,
    Q_ORPHAN_REPLIES,
    Q_SET_URI,
    Q_REBLOG_BY,
    Q_REMOTE_TOTALS,
    Q_ADOPT,
    Q_ADOPT_COUNT,
    Q_LOCK_THREAD,
    Q_MENTION_ADD,
    Q_MENTION_CLEAR,
    Q_TAG_ADD,
    Q_TAG_CLEAR,
    Q_CONVERSATION_URI,
    Q_CONVERSATION_BY_URI,
    Q_CONVERSATION_ADD,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_BY_ID] = SQL("SELECT " COLS " FROM status WHERE id = $1"),
    [Q_LOCK] =
        SQL2("SELECT " COLS " FROM status WHERE id = $1", "SELECT " COLS " FROM status WHERE id = $1 FOR UPDATE"),
    [Q_HOLD] = SQL2("SELECT 1", "SELECT id FROM status WHERE id IN {ids:$1} ORDER BY id FOR KEY SHARE"),
    [Q_BY_URI] = SQL("SELECT " COLS " FROM status WHERE uri = $1"),
    [Q_BY_IDS] = SQL("SELECT " COLS " FROM {each:$1} status WHERE id = each.value"),
    [Q_INSERT] = SQL(
        "INSERT INTO status (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
        "$17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)"),
    [Q_INSERT_STAT] = SQL("INSERT INTO status_stat (status_id) VALUES ($1)"),
    [Q_UPDATE] =
        SQL("UPDATE status SET text = $2, content_type = $3, content = $4, spoiler_text = $5, sensitive = $6, "
            "language = $7, "
            "emojis = $8, has_media = $9, edited_ms = $10, fetched_ms = $11, object_type = $12, expires_ms = $13 "
            "WHERE id = $1"),
    [Q_DELETE] = SQL("DELETE FROM status WHERE id = $1"),
    [Q_REBLOGS_OF] = SQL(
        "SELECT id, account_id FROM status WHERE reblog_of_id = $1 AND account_id > $2 ORDER BY account_id LIMIT $3"),
    [Q_REBLOGS_DELETE] = SQL("DELETE FROM status WHERE id IN {ids:$1} RETURNING id, account_id"),
    [Q_ORPHAN_REPLIES] = SQL("UPDATE status SET in_reply_to_id = NULL WHERE in_reply_to_id = $1"),
    [Q_SET_URI] = SQL("UPDATE status SET uri = $2, url = $2 WHERE id = $1"),
    [Q_REBLOG_BY] = SQL("SELECT " COLS " FROM status WHERE reblog_of_id = $1 AND account_id = $2"),
    [Q_REMOTE_TOTALS] = SQL("UPDATE status_stat SET remote_favourites = COALESCE($2, remote_favourites), "
                            "remote_reblogs = COALESCE($3, remote_reblogs), remote_replies = COALESCE($4, "
                            "remote_replies) WHERE status_id = $1"),
    [Q_ADOPT] = SQL("UPDATE status SET in_reply_to_id = $2, in_reply_to_account_id = $3, in_reply_to_uri = NULL "
                    "WHERE in_reply_to_uri = $1"),
    [Q_ADOPT_COUNT] = SQL("SELECT count(*) FROM status WHERE in_reply_to_id = $1 AND visibility <= 1"),
    /* In one order, so that two posts that answer each other do not wait for each other. */
    [Q_LOCK_THREAD] = SQL2("SELECT 1 WHERE $1 <> $2",
        "SELECT 1 FROM (SELECT pg_advisory_xact_lock(1, key) FROM (SELECT DISTINCT hashtext(uri) AS key FROM "
        "(VALUES (CAST($1 AS TEXT)), (CAST($2 AS TEXT))) AS u (uri) WHERE uri <> '' ORDER BY 1) AS k) AS l"),
    [Q_MENTION_ADD] =
        SQL("INSERT INTO mention (status_id, account_id, silent) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"),
    [Q_MENTION_CLEAR] = SQL("DELETE FROM mention WHERE status_id = $1"),
    [Q_TAG_ADD] = SQL("INSERT INTO status_tag (status_id, tag_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
    [Q_TAG_CLEAR] = SQL("DELETE FROM status_tag WHERE status_id = $1"),
    [Q_CONVERSATION_URI] = SQL("SELECT uri FROM conversation WHERE id = $1"),
    [Q_CONVERSATION_BY_URI] = SQL("SELECT id FROM conversation WHERE uri = $1"),
    [Q_CONVERSATION_ADD] = SQL("INSERT INTO conversation (id, uri) VALUES ($1, $2)"),
};
DB_STATEMENTS(store_status, sql);

static struct status *
read_row(struct ctx *c, const struct db_row *r)
{
    struct status *s = arena_new(c->mem, struct status);
    size_t i = 0;

    s->id = db_int(r, i++);
    s->uri = db_str(r, i++);
    s->url = db_str(r, i++);
    s->account_id = db_int(r, i++);
    s->user_id = db_int(r, i++);
    s->app_id = db_int(r, i++);
    s->local = db_bool(r, i++);
    s->visibility = (enum visibility)db_int(r, i++);
    s->reblog_of_id = db_int(r, i++);
    s->in_reply_to_id = db_int(r, i++);
    s->in_reply_to_account_id = db_int(r, i++);
    s->in_reply_to_uri = db_str(r, i++);
    s->conversation_id = db_int(r, i++);
    s->text = db_str(r, i++);
    s->content_type = db_str(r, i++);
    s->content = db_str(r, i++);
    s->spoiler_text = db_str(r, i++);
    s->sensitive = db_bool(r, i++);
    s->language = db_str(r, i++);
    s->object_type = db_str(r, i++);
    s->emoji_codes = column_strs(c->mem, db_str(r, i++));
    s->has_media = db_bool(r, i++);
    s->created_ms = db_int(r, i++);
    s->edited_ms = db_int(r, i++);
    s->fetched_ms = db_int(r, i++);
    s->quote_policy = (int)db_int(r, i++);
    s->expires_ms = db_int(r, i++);
    s->local_only = db_bool(r, i++);
    s->interaction_policy = db_int(r, i++);
    s->approval = (enum approval)db_int(r, i++);
    return s;
}

enum err
store_status_get(struct ctx *c, int64_t id, struct status **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_ID], DB_ARGS(D_INT(id)), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

enum err
store_status_lock(struct ctx *c, int64_t id, struct status **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_LOCK], DB_ARGS(D_INT(id)), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

enum err
store_status_hold(struct ctx *c, const struct ids *statuses)
{
    struct db_rows held;

    if (db_is_sqlite(c->env->db)) /* one writer */
        return ERR_OK;
    return db_query(c, &sql[Q_HOLD], DB_ARGS(D_IDS(statuses->v, statuses->n)), &held);
}

enum err
store_status_by_uri(struct ctx *c, struct str uri, struct status **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_URI], DB_ARGS(D_STR(uri)), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

static int
by_id(const void *a, const void *b)
{
    const struct status *x = *(struct status *const *)a, *y = *(struct status *const *)b;

    return (x->id > y->id) - (x->id < y->id);
}

size_t
store_status_first(struct status *const *v, size_t n, int64_t id)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (v[mid]->id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

enum err
store_status_list(struct ctx *c, const struct ids *ids, struct statuses *out)
{
    struct db_rows r;
    struct status **found;
    bool *given;

    out->v = arena_vec(c->mem, struct status *, ids->n);
    out->n = 0;
    if (ids->n == 0)
        return ERR_OK;
    TRY(db_query(c, &sql[Q_BY_IDS], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    found = arena_vec(c->mem, struct status *, r.n);
    for (size_t i = 0; i < r.n; i++)
        found[i] = read_row(c, &r.v[i]);
    if (r.n > 0)
        qsort(found, r.n, sizeof(found[0]), by_id);
    given = arena_vec(c->mem, bool, r.n);
    for (size_t i = 0; i < ids->n; i++) {
        size_t k = store_status_first(found, r.n, ids->v[i]);

        if (k == r.n || found[k]->id != ids->v[i] || given[k])
            continue;
        given[k] = true; /* asked for twice it is still there once: filling would count its mentions twice */
        out->v[out->n++] = found[k];
    }
    return ERR_OK;
}

/* ---- writing --------------------------------------------------------------------------------------------------- */

static enum err
put_mentions_and_tags(struct ctx *c, struct status *s)
{
    for (size_t i = 0; i < s->n_mentions; i++)
        TRY(db_exec(c, &sql[Q_MENTION_ADD],
            DB_ARGS(D_INT(s->id), D_INT(s->mentions[i].account_id), D_BOOL(s->mentions[i].silent)), NULL));
    TRY(store_tag_ids(c, s->tags, s->n_tags));
    for (size_t i = 0; i < s->n_tags; i++)
        TRY(db_exec(c, &sql[Q_TAG_ADD], DB_ARGS(D_INT(s->id), D_INT(s->tags[i].id)), NULL));
    return ERR_OK;
}

/* What a post adds to its author and to what it answers or boosts; by is 1, or -1 when it goes.  One not approved counts for its author only. */
static void
count(struct ctx *c, const struct status *s, enum approval approval, int by)
{
    if (s->visibility != VIS_DIRECT && s->visibility != VIS_LIMITED)
        store_count_account(c, s->account_id, (struct account_counts){ .statuses = by });
    if (!approval_is_open(approval))
        return;
    if (s->in_reply_to_id != 0 && s->visibility <= VIS_UNLISTED)
        store_count_status(c, s->in_reply_to_id, (struct status_counts){ .replies = by });
    if (s->reblog_of_id != 0)
        store_count_status(c, s->reblog_of_id, (struct status_counts){ .reblogs = by });
}

enum err
store_status_insert(struct ctx *c, struct status *s)
{
    s->has_media = s->n_media > 0;
    TRY(db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(s->id), D_STR(s->uri), D_STR(s->url), D_INT(s->account_id), D_INTN(s->user_id), D_INTN(s->app_id),
            D_BOOL(s->local), D_INT(s->visibility), D_INTN(s->reblog_of_id), D_INTN(s->in_reply_to_id),
            D_INTN(s->in_reply_to_account_id), D_STRN(s->in_reply_to_uri), D_INTN(s->conversation_id), D_STR(s->text),
            D_STR(s->content_type.n == 0 ? S("text/plain") : s->content_type), D_STR(s->content),
            D_STR(s->spoiler_text), D_BOOL(s->sensitive), D_STR(s->language),
            D_STR(s->object_type.n == 0 ? S("Note") : s->object_type), D_STR(column_put_strs(c->mem, &s->emoji_codes)),
            D_BOOL(s->has_media), D_INT(s->created_ms), D_INTN(s->edited_ms), D_INT(s->fetched_ms),
            D_INT(s->quote_policy), D_INTN(s->expires_ms), D_BOOL(s->local_only), D_INT(s->interaction_policy),
            D_INT(s->approval)),
        NULL));
    TRY(db_exec(c, &sql[Q_INSERT_STAT], DB_ARGS(D_INT(s->id)), NULL));
    TRY(put_mentions_and_tags(c, s));
    if (s->n_media > 0)
        TRY(store_media_attach(c, s));
    count(c, s, s->approval, 1);
    store_count_account(
        c, s->account_id, (struct account_counts){ .last_status_id = s->id, .last_status_ms = s->created_ms });
    return ERR_OK;
}

enum err
store_status_update(struct ctx *c, struct status *s)
{
    s->has_media = s->n_media > 0;
    TRY(db_exec(c, &sql[Q_UPDATE],
        DB_ARGS(D_INT(s->id), D_STR(s->text), D_STR(s->content_type), D_STR(s->content), D_STR(s->spoiler_text),
            D_BOOL(s->sensitive), D_STR(s->language), D_STR(column_put_strs(c->mem, &s->emoji_codes)),
            D_BOOL(s->has_media), D_INTN(s->edited_ms), D_INT(s->fetched_ms), D_STR(s->object_type),
            D_INTN(s->expires_ms)),
        NULL));
    TRY(db_exec(c, &sql[Q_MENTION_CLEAR], DB_ARGS(D_INT(s->id)), NULL));
    TRY(db_exec(c, &sql[Q_TAG_CLEAR], DB_ARGS(D_INT(s->id)), NULL));
    TRY(put_mentions_and_tags(c, s));
    return store_media_attach(c, s);
}

static int64_t *
grown(struct arena *mem, int64_t *v, size_t n, size_t more)
{
    return arena_grow(mem, v, n * sizeof(*v), (n + more) * sizeof(*v), _Alignof(int64_t));
}

/* However many there are, by accounts, of whom each has one.  One that its author takes back in this moment is counted there. */
static enum err
delete_reblogs(struct ctx *c, int64_t status_id, struct cursor_ids *out)
{
    struct db_rows r = { .n = REBLOGS_PORTION }, gone;
    int64_t after = 0;

    *out = (struct cursor_ids){ 0 };
    while (r.n == REBLOGS_PORTION) {
        TRY(db_query(c, &sql[Q_REBLOGS_OF], DB_ARGS(D_INT(status_id), D_INT(after), D_INT(REBLOGS_PORTION)), &r));
        if (r.n == 0)
            break;
        out->id = grown(c->mem, out->id, out->n, r.n);
        out->cursor = grown(c->mem, out->cursor, out->n, r.n);
        for (size_t i = 0; i < r.n; i++)
            out->id[out->n + i] = db_int(&r.v[i], 0);
        after = db_int(&r.v[r.n - 1], 1);
        TRY(db_query(c, &sql[Q_REBLOGS_DELETE], DB_ARGS(D_IDS(&out->id[out->n], r.n)), &gone));
        for (size_t i = 0; i < gone.n; i++) {
            out->id[out->n] = db_int(&gone.v[i], 0);
            out->cursor[out->n++] = db_int(&gone.v[i], 1);
            store_count_account(c, db_int(&gone.v[i], 1), (struct account_counts){ .statuses = -1 });
        }
    }
    return ERR_OK;
}

enum err
store_status_delete(struct ctx *c, const struct status *s, struct cursor_ids *reblogs)
{
    struct status *now;

    TRY(store_status_lock(c, s->id, &now)); /* two deletes at once must not count twice */
    TRY(delete_reblogs(c, s->id, reblogs));
    TRY(store_media_release(c, s->id));
    TRY(store_quote_status_gone(c, s->id));
    TRY(store_search_remove(c, s->id));
    TRY(store_conversation_forget(c, s->id));
    TRY(db_exec(c, &sql[Q_ORPHAN_REPLIES], DB_ARGS(D_INT(s->id)), NULL)); /* still replies: the account stays */
    TRY(db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(s->id)), NULL));
    count(c, s, now->approval, -1);
    return ERR_OK;
}

/* -1: not told.  Nobody has a thousand million. */
static struct db_arg
total(int64_t n)
{
    return n < 0 ? D_NULL : D_INT(MIN(n, 1000000000));
}

enum err
store_status_set_remote_totals(struct ctx *c, int64_t id, const struct status_totals *t)
{
    if (t->favourites < 0 && t->reblogs < 0 && t->replies < 0)
        return ERR_OK;
    return db_exec(
        c, &sql[Q_REMOTE_TOTALS], DB_ARGS(D_INT(id), total(t->favourites), total(t->reblogs), total(t->replies)), NULL);
}

enum err
store_status_set_uri(struct ctx *c, int64_t id, struct str uri)
{
    return db_exec(c, &sql[Q_SET_URI], DB_ARGS(D_INT(id), D_STR(uri)), NULL);
}

enum err
store_status_reblog_by(struct ctx *c, int64_t account_id, int64_t status_id, struct status **out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_REBLOG_BY], DB_ARGS(D_INT(status_id), D_INT(account_id)), &r));
    *out = r == NULL ? NULL : read_row(c, r);
    return ERR_OK;
}

enum err
store_status_adopt(struct ctx *c, const struct status *parent)
{
    int64_t n;

    TRY(db_exec(c, &sql[Q_ADOPT], DB_ARGS(D_STR(parent->uri), D_INT(parent->id), D_INT(parent->account_id)), &n));
    if (n == 0)
        return ERR_OK;
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_ADOPT_COUNT], DB_ARGS(D_INT(parent->id)), &r));
    store_count_status(c, parent->id, (struct status_counts){ .replies = (int)db_int(r, 0) });
    return ERR_OK;
}

enum err
store_status_lock_thread(struct ctx *c, struct str uri, struct str parent_uri)
{
    struct db_rows none;

    return db_is_sqlite(c->env->db) ? ERR_OK
                                    : db_query(c, &sql[Q_LOCK_THREAD], DB_ARGS(D_STR(uri), D_STR(parent_uri)), &none);
}

enum err
store_conversation_get(struct ctx *c, struct str uri, int64_t *out)
{
    const struct db_row *r = NULL;

    if (uri.n > 0)
        TRY(db_maybe(c, &sql[Q_CONVERSATION_BY_URI], DB_ARGS(D_STR(uri)), &r));
    if (r != NULL) {
        *out = db_int(r, 0);
        return ERR_OK;
    }
    *out = id_new();
    return db_exec(c, &sql[Q_CONVERSATION_ADD], DB_ARGS(D_INT(*out), D_STRN(uri.n == 0 ? STR_NONE : uri)), NULL);
}

enum err
store_conversation_uri(struct ctx *c, int64_t id, struct str *out)
{
    const struct db_row *r;

    *out = STR_NONE;
    if (id == 0)
        return ERR_OK;
    TRY(db_one(c, &sql[Q_CONVERSATION_URI], DB_ARGS(D_INT(id)), &r));
    *out = db_str(r, 0);
    return ERR_OK;
}
