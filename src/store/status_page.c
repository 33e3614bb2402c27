/* Pages of statuses: ids only, newest first, every statement served by an index. */
#include "store/internal.h"
#include "store/status.h"

#include <stdlib.h>

#define BELOW_ABOVE "id < $1 AND id > $2"
/* What the caller does not want of an account: $6 no media, $7 answers to others, $8 boosts. */
#define ACCOUNT_FILTERS                                                                                                \
    "AND ($6 = FALSE OR s.has_media = TRUE) AND ($7 = FALSE OR s.in_reply_to_account_id IS NULL OR "                   \
    "s.in_reply_to_account_id = $4) "                                                                                  \
    "AND ($7 = FALSE OR s.in_reply_to_uri IS NULL) AND ($8 = FALSE OR s.reblog_of_id IS NULL) "
#define ACCOUNT_WHERE " FROM status s WHERE account_id = $4 AND " BELOW_ABOVE " AND visibility <= $5 " ACCOUNT_FILTERS
#define ACCOUNT_TAG_WHERE                                                                                              \
    " FROM status_tag st JOIN tag t ON t.id = st.tag_id JOIN status s ON s.id = st.status_id "                         \
    "WHERE t.name = $9 AND s.account_id = $4 AND s.id < $1 AND s.id > $2 AND s.visibility <= $5 " ACCOUNT_FILTERS
#define PUBLIC_WHERE                                                                                                   \
    " FROM status WHERE visibility = 0 AND reblog_of_id IS NULL AND " BELOW_ABOVE                                      \
    " AND ($4 = FALSE OR has_media = TRUE) AND in_reply_to_uri IS NULL "                                               \
    "AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = account_id) "
#define TAG_WHERE                                                                                                      \
    " FROM status_tag st JOIN status s ON s.id = st.status_id WHERE st.tag_id IN {ids:$4} AND st.status_id < $1 "      \
    "AND st.status_id > $2 AND s.visibility = 0 AND s.reblog_of_id IS NULL AND ($5 = FALSE OR s.has_media = TRUE) "    \
    "AND ($6 = 0 OR (s.local = TRUE) = ($6 = 1)) "                                                                     \
    "AND (SELECT count(*) FROM status_tag x WHERE x.status_id = st.status_id AND x.tag_id IN {ids:$7}) = $8 "          \
    "AND NOT EXISTS (SELECT 1 FROM status_tag y WHERE y.status_id = st.status_id AND y.tag_id IN {ids:$9}) "

enum {
    Q_ACCOUNT,
    Q_ACCOUNT_UP,
    Q_ACCOUNT_TAG,
    Q_ACCOUNT_TAG_UP,
    Q_PUBLIC,
    Q_PUBLIC_UP,
    Q_LOCAL,
    Q_LOCAL_UP,
    Q_REMOTE,
    Q_REMOTE_UP,
    Q_TAG,
    Q_TAG_UP,
    Q_OUTBOX,
    Q_OUTBOX_UP,
    Q_REPLIES_OWN,
    Q_REPLIES_OTHERS,
    Q_CONVERSATION,
    Q_REBLOGGED_BY,
    Q_REBLOGGED_BY_UP,
    Q_OWN_THREAD,
    Q_ANCESTORS,
    Q_DESCENDANTS,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_ACCOUNT] = SQL("SELECT id" ACCOUNT_WHERE "ORDER BY id DESC LIMIT $3"),
    [Q_ACCOUNT_UP] = SQL("SELECT id" ACCOUNT_WHERE "ORDER BY id ASC LIMIT $3"),
    [Q_ACCOUNT_TAG] = SQL("SELECT s.id" ACCOUNT_TAG_WHERE "ORDER BY st.status_id DESC LIMIT $3"),
    [Q_ACCOUNT_TAG_UP] = SQL("SELECT s.id" ACCOUNT_TAG_WHERE "ORDER BY st.status_id ASC LIMIT $3"),
    [Q_PUBLIC] = SQL("SELECT id" PUBLIC_WHERE "ORDER BY id DESC LIMIT $3"),
    [Q_PUBLIC_UP] = SQL("SELECT id" PUBLIC_WHERE "ORDER BY id ASC LIMIT $3"),
    [Q_LOCAL] = SQL("SELECT id" PUBLIC_WHERE "AND local = TRUE ORDER BY id DESC LIMIT $3"),
    [Q_LOCAL_UP] = SQL("SELECT id" PUBLIC_WHERE "AND local = TRUE ORDER BY id ASC LIMIT $3"),
    [Q_REMOTE] = SQL("SELECT id" PUBLIC_WHERE "AND local = FALSE ORDER BY id DESC LIMIT $3"),
    [Q_REMOTE_UP] = SQL("SELECT id" PUBLIC_WHERE "AND local = FALSE ORDER BY id ASC LIMIT $3"),
    [Q_TAG] = SQL("SELECT DISTINCT st.status_id" TAG_WHERE "ORDER BY st.status_id DESC LIMIT $3"),
    [Q_TAG_UP] = SQL("SELECT DISTINCT st.status_id" TAG_WHERE "ORDER BY st.status_id ASC LIMIT $3"),
    [Q_OUTBOX] = SQL("SELECT id FROM status WHERE account_id = $4 AND " BELOW_ABOVE
                     " AND visibility <= 1 AND local_only = FALSE ORDER BY id DESC LIMIT $3"),
    [Q_OUTBOX_UP] = SQL("SELECT id FROM status WHERE account_id = $4 AND " BELOW_ABOVE
                        " AND visibility <= 1 AND local_only = FALSE ORDER BY id ASC LIMIT $3"),
    [Q_REPLIES_OWN] =
        SQL("SELECT id FROM status WHERE in_reply_to_id = $1 AND account_id = $2 AND id > $3 AND visibility <= 1 "
            "AND local_only = FALSE "
            "ORDER BY id ASC LIMIT $4"),
    [Q_REPLIES_OTHERS] =
        SQL("SELECT id FROM status WHERE in_reply_to_id = $1 AND account_id <> $2 AND id > $3 AND visibility <= 1 "
            "AND local_only = FALSE "
            "ORDER BY id ASC LIMIT $4"),
    [Q_CONVERSATION] =
        SQL("SELECT s.id FROM conversation k JOIN status s ON s.conversation_id = k.id WHERE k.uri = $1 AND "
            "s.id > $2 AND s.visibility <= 1 AND s.local_only = FALSE AND s.reblog_of_id IS NULL ORDER BY s.id ASC "
            "LIMIT $3"),
    [Q_REBLOGGED_BY] =
        SQL("SELECT account_id, id FROM status WHERE reblog_of_id = $4 AND " BELOW_ABOVE " ORDER BY id DESC LIMIT $3"),
    [Q_REBLOGGED_BY_UP] =
        SQL("SELECT account_id, id FROM status WHERE reblog_of_id = $4 AND " BELOW_ABOVE " ORDER BY id ASC LIMIT $3"),
    /* Posts of one thread were made at one time. */
    [Q_OWN_THREAD] =
        SQL("WITH RECURSIVE down (id, account_id, created_ms, depth) AS ("
            "SELECT id, account_id, created_ms, 1 FROM status WHERE id = $1 "
            "UNION ALL SELECT s.id, s.account_id, s.created_ms, down.depth + 1 FROM down JOIN status s "
            "ON s.in_reply_to_id = down.id AND s.account_id = down.account_id AND s.created_ms = down.created_ms "
            "WHERE down.depth < $2) SELECT id FROM down ORDER BY depth"),
    /* Remote posts may claim to answer each other in a circle: both are bounded. */
    [Q_ANCESTORS] =
        SQL("WITH RECURSIVE up (id, parent, depth) AS ("
            "SELECT id, in_reply_to_id, 0 FROM status WHERE id = $1 "
            "UNION ALL SELECT s.id, s.in_reply_to_id, up.depth + 1 FROM up JOIN status s ON s.id = up.parent "
            "WHERE up.depth < $2) SELECT id FROM up ORDER BY depth"),
    /* No ORDER BY: so the LIMIT ends the recursion, on both engines. */
    [Q_DESCENDANTS] = SQL(
        "WITH RECURSIVE down (id, parent, depth) AS ("
        "SELECT id, in_reply_to_id, 0 FROM status WHERE id = $1 "
        "UNION ALL SELECT s.id, s.in_reply_to_id, down.depth + 1 FROM down JOIN status s ON s.in_reply_to_id = down.id "
        "WHERE down.depth < $2) SELECT id, parent, depth FROM down WHERE depth > 0 LIMIT $3"),
};
DB_STATEMENTS(store_status_page, sql);

static enum err
read_ids(struct ctx *c, const struct page *p, const struct db_rows *r, struct ids *out)
{
    *out = ids_new(c->mem, r->n);
    for (size_t i = 0; i < r->n; i++)
        ids_add(out, db_int(&r->v[i], 0));
    if (p != NULL)
        PAGE_REVERSE(p, out->v, out->n, int64_t);
    return ERR_OK;
}

enum err
store_status_page_account(struct ctx *c, const struct status_filter *f, const struct page *p, struct ids *out)
{
    int64_t below, above;
    struct db_rows r;
    int up = page_is_up(p) ? 1 : 0;

    page_bounds(p, &below, &above);
    if (f->tag.n > 0)
        TRY(db_query(c, &sql[Q_ACCOUNT_TAG + up],
            DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(f->account_id), D_INT(f->max_visibility),
                D_BOOL(f->only_media), D_BOOL(f->exclude_replies), D_BOOL(f->exclude_reblogs), D_STR(f->tag)),
            &r));
    else
        TRY(db_query(c, &sql[Q_ACCOUNT + up],
            DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(f->account_id), D_INT(f->max_visibility),
                D_BOOL(f->only_media), D_BOOL(f->exclude_replies), D_BOOL(f->exclude_reblogs)),
            &r));
    return read_ids(c, p, &r, out);
}

enum err
store_status_page_public(struct ctx *c, int local, bool only_media, const struct page *p, struct ids *out)
{
    int q = local > 0 ? Q_LOCAL : local < 0 ? Q_REMOTE : Q_PUBLIC;
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[q + (page_is_up(p) ? 1 : 0)],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_BOOL(only_media)), &r));
    return read_ids(c, p, &r, out);
}

/* Ids of the tags that exist. */
static enum err
tag_ids(struct ctx *c, const struct strs *names, struct ids *out)
{
    *out = ids_new(c->mem, names->n + 1);
    for (size_t i = 0; i < names->n; i++) {
        struct tag_ref *t;
        enum err e = store_tag_get(c, names->v[i], &t);

        if (e == ERR_OK)
            ids_add(out, t->id);
        else if (e != ERR_NOT_FOUND)
            return e;
    }
    ctx_ok(c);
    ids_sort(out);
    return ERR_OK;
}

enum err
store_status_page_tag(struct ctx *c, const struct tag_query *q, const struct page *p, struct ids *out)
{
    struct strs wanted = { arena_vec(c->mem, struct str, q->any.n + 1), 0 };
    struct ids any, all, none;
    int64_t below, above;
    struct db_rows r;

    wanted.v[wanted.n++] = q->tag;
    for (size_t i = 0; i < q->any.n; i++)
        wanted.v[wanted.n++] = q->any.v[i];
    TRY(tag_ids(c, &wanted, &any));
    TRY(tag_ids(c, &q->all, &all));
    TRY(tag_ids(c, &q->none, &none));
    *out = ids_new(c->mem, 0);
    if (any.n == 0 || all.n < q->all.n)
        return ERR_OK; /* a tag that nobody used yet */
    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[Q_TAG + (page_is_up(p) ? 1 : 0)],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_IDS(any.v, any.n), D_BOOL(q->only_media),
            D_INT(q->local), D_IDS(all.v, all.n), D_INT((int64_t)all.n), D_IDS(none.v, none.n)),
        &r));
    return read_ids(c, p, &r, out);
}

enum err
store_status_page_outbox(struct ctx *c, int64_t account_id, const struct page *p, struct ids *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[Q_OUTBOX + (page_is_up(p) ? 1 : 0)],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(account_id)), &r));
    return read_ids(c, p, &r, out);
}

enum err
store_status_replies(
    struct ctx *c, int64_t id, int64_t account_id, bool others, int64_t above, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[others ? Q_REPLIES_OTHERS : Q_REPLIES_OWN],
        DB_ARGS(D_INT(id), D_INT(account_id), D_INT(above), D_INT(limit)), &r));
    return read_ids(c, NULL, &r, out);
}

enum err
store_status_conversation(struct ctx *c, struct str uri, int64_t above, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_CONVERSATION], DB_ARGS(D_STR(uri), D_INT(above), D_INT(limit)), &r));
    return read_ids(c, NULL, &r, out);
}

enum err
store_status_reblogged_by(struct ctx *c, int64_t id, const struct page *p, struct cursor_ids *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[Q_REBLOGGED_BY + (page_is_up(p) ? 1 : 0)],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(id)), &r));
    return store_cursor_ids(c, p, &r, out);
}

enum err
store_status_own_thread(struct ctx *c, int64_t id, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_OWN_THREAD], DB_ARGS(D_INT(id), D_INT(limit)), &r));
    return read_ids(c, NULL, &r, out);
}

enum err
store_status_ancestors(struct ctx *c, int64_t id, int64_t limit, struct ids *out, bool *more)
{
    struct db_rows r;
    struct ids path, distinct;
    size_t n;

    TRY(db_query(c, &sql[Q_ANCESTORS], DB_ARGS(D_INT(id), D_INT(limit + 1)), &r));
    TRY(read_ids(c, NULL, &r, &path)); /* the status itself first */
    TRY(read_ids(c, NULL, &r, &distinct));
    ids_sort(&distinct);
    *out = ids_new(c->mem, path.n);
    n = MIN(distinct.n, (size_t)limit + 1); /* each has one parent: after the first repetition there is nothing new */
    if (more != NULL)
        *more = distinct.n > n;
    for (; n > 1; n--)
        ids_add(out, path.v[n - 1]);
    return ERR_OK;
}

struct reply {
    int64_t parent, id;
};

static int
by_parent(const void *a, const void *b)
{
    const struct reply *x = a, *y = b;

    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* Sorted by parent and id, each once, without the root: what is left is a tree, because each status has one parent. */
static size_t
read_replies(const struct db_rows *r, int64_t root, struct reply *v)
{
    size_t n = 0, k = 0;

    for (size_t i = 0; i < r->n; i++)
        if (db_int(&r->v[i], 0) != root)
            v[n++] = (struct reply){ db_int(&r->v[i], 1), db_int(&r->v[i], 0) };
    if (n > 0)
        qsort(v, n, sizeof(v[0]), by_parent);
    for (size_t i = 0; i < n; i++)
        if (k == 0 || v[k - 1].id != v[i].id || v[k - 1].parent != v[i].parent)
            v[k++] = v[i];
    return k;
}

/* The first reply to parent, or where it would be. */
static size_t
first_reply(const struct reply *v, size_t n, int64_t parent)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (v[mid].parent < parent)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Each reply followed by the replies to it. */
static void
thread_order(struct arena *mem, const struct reply *v, size_t n, int64_t root, struct ids *out)
{
    size_t *next = arena_vec(mem, size_t, n + 1), depth = 1; /* a place in v for each level of the path */

    next[0] = first_reply(v, n, root);
    while (depth > 0) {
        size_t at = next[depth - 1];
        int64_t parent = depth == 1 ? root : v[next[depth - 2] - 1].id;

        if (at == n || v[at].parent != parent) {
            depth--;
            continue;
        }
        next[depth - 1]++;
        ids_add(out, v[at].id);
        next[depth++] = first_reply(v, n, v[at].id);
    }
}

/* How many of the rows are within the bounds: they come level by level, one beyond the number and one level beyond the depth. */
static size_t
within(const struct db_rows *r, int64_t limit, int64_t depth)
{
    size_t n = MIN(r->n, (size_t)limit);

    while (n > 0 && db_int(&r->v[n - 1], 2) > depth)
        n--;
    return n;
}

/* Not those that stand in a circle: they are there already. */
static bool
any_new(struct ctx *c, const struct db_rows *r, size_t from, int64_t root, const struct ids *have)
{
    struct ids sorted = ids_new(c->mem, have->n + 1);

    for (size_t i = 0; i < have->n; i++)
        ids_add(&sorted, have->v[i]);
    ids_add(&sorted, root);
    ids_sort(&sorted);
    for (size_t i = from; i < r->n; i++)
        if (!ids_has(&sorted, db_int(&r->v[i], 0)))
            return true;
    return false;
}

enum err
store_status_descendants(struct ctx *c, int64_t id, int64_t limit, int64_t depth, struct ids *out, bool *more)
{
    struct db_rows r, kept;
    struct reply *v;

    TRY(db_query(c, &sql[Q_DESCENDANTS], DB_ARGS(D_INT(id), D_INT(depth + 1), D_INT(limit + 1)), &r));
    kept = r;
    kept.n = within(&r, limit, depth);
    v = arena_vec(c->mem, struct reply, kept.n);
    *out = ids_new(c->mem, kept.n);
    thread_order(c->mem, v, read_replies(&kept, id, v), id, out);
    if (more != NULL)
        *more = any_new(c, &r, kept.n, id, out);
    return ERR_OK;
}
