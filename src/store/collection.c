/* Collections. */
#include "store/collection.h"

#include "store/internal.h"

#define COLS                                                                                                           \
    "k.id, k.account_id, k.name, k.description, k.language, k.sensitive, k.discoverable, k.tag_id, k.created_ms, "     \
    "k.updated_ms, k.uri, k.url, k.fetched_ms, COALESCE((SELECT t.name FROM tag t WHERE t.id = k.tag_id), '')"
#define ITEM_COLS "id, collection_id, account_id, state, created_ms, uri, position, approval_uri"

enum {
    ITEMS_MAX = 200, /* of one collection at once; nobody's has more */
    ITEM_MEMBERS = 8 /* the column of Q_ITEMS behind ITEM_COLS */
};

enum {
    Q_GET,
    Q_LIST,
    Q_PAGE,
    Q_WITH,
    Q_COUNT_OF,
    Q_ITEMS,
    Q_PUT,
    Q_DELETE,
    Q_ITEM_ADD,
    Q_ITEM_SET,
    Q_ITEM_GET,
    Q_ITEM_OF,
    Q_ITEMS_ALL,
    Q_ITEMS_STAMPED,
    Q_BY_URI,
    Q_SOURCE,
    Q_SOURCE_PUT,
    Q_SOURCE_FETCHED,
    Q_SOURCE_DELETE,
    Q_BETWEEN,
    Q_PRUNE_PENDING,
    Q_PRUNE,
    Q_ITEM_DELETE,
    Q_TAG_ADD,
    Q_TAG_CLEAR,
    Q_TAGS_OF,
    Q_BY_LINK,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT " COLS " FROM collection k WHERE k.id = $1"),
    [Q_LIST] = SQL("SELECT " COLS " FROM collection k WHERE k.id IN {ids:$1}"),
    [Q_PAGE] =
        SQL("SELECT " COLS " FROM collection k WHERE k.account_id = $1 AND ($2 = FALSE OR k.discoverable = TRUE) "
            "ORDER BY k.id DESC LIMIT $3 OFFSET $4"),
    [Q_WITH] = SQL("SELECT " COLS " FROM collection_item i JOIN collection k ON k.id = i.collection_id "
                   "WHERE i.account_id = $1 AND i.state = 0 ORDER BY i.id DESC LIMIT $2 OFFSET $3"),
    [Q_COUNT_OF] = SQL("SELECT count(*) FROM collection WHERE account_id = $1"),
    [Q_ITEMS] = SQL("SELECT " ITEM_COLS ", members FROM (SELECT " ITEM_COLS
                    ", row_number() OVER (PARTITION BY collection_id ORDER BY position, id) AS place, "
                    "count(*) OVER (PARTITION BY collection_id) AS members "
                    "FROM collection_item WHERE collection_id IN {ids:$1} AND state IN (0, 2)) i "
                    "WHERE place <= $2 ORDER BY collection_id, place"),
    [Q_PUT] = SQL(
        "INSERT INTO collection (id, account_id, name, description, language, sensitive, discoverable, tag_id, "
        "created_ms, updated_ms, uri, url, fetched_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
        "ON CONFLICT (id) DO UPDATE SET name = $3, description = $4, language = $5, sensitive = $6, "
        "discoverable = $7, tag_id = $8, updated_ms = $10, url = $12, fetched_ms = $13"),
    [Q_DELETE] = SQL("DELETE FROM collection WHERE id = $1"),
    [Q_ITEM_ADD] = SQL("INSERT INTO collection_item (id, collection_id, account_id, state, created_ms, uri, position, "
                       "approval_uri) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
    [Q_ITEM_SET] =
        SQL("UPDATE collection_item SET state = $2, uri = $3, position = $4, approval_uri = $5 WHERE id = $1"),
    [Q_ITEM_GET] = SQL("SELECT " ITEM_COLS " FROM collection_item WHERE id = $1"),
    [Q_ITEM_OF] = SQL("SELECT " ITEM_COLS " FROM collection_item WHERE collection_id = $1 AND account_id = $2"),
    [Q_ITEMS_ALL] = SQL("SELECT " ITEM_COLS " FROM collection_item WHERE collection_id = $1 ORDER BY position, id"),
    [Q_ITEMS_STAMPED] = SQL("SELECT " ITEM_COLS " FROM collection_item WHERE approval_uri = $1 AND approval_uri <> '' "
                            "LIMIT 200"),
    [Q_BY_URI] = SQL("SELECT " COLS " FROM collection k WHERE k.uri = $1 AND k.uri <> ''"),
    [Q_BETWEEN] = SQL("SELECT i.id, i.collection_id, i.account_id, i.state, i.created_ms, i.uri, i.position, "
                      "i.approval_uri FROM collection_item i JOIN collection k ON k.id = i.collection_id "
                      "WHERE i.account_id = $1 AND k.account_id = $2 AND i.state IN (0, 2) LIMIT 200"),
    [Q_SOURCE] = SQL("SELECT uri, fetched_ms FROM collection_source WHERE account_id = $1"),
    [Q_SOURCE_PUT] = SQL("INSERT INTO collection_source (account_id, uri) VALUES ($1, $2) "
                         "ON CONFLICT (account_id) DO UPDATE SET uri = $2"),
    [Q_SOURCE_FETCHED] = SQL("UPDATE collection_source SET fetched_ms = $2 WHERE account_id = $1"),
    [Q_SOURCE_DELETE] = SQL("DELETE FROM collection_source WHERE account_id = $1"),
    [Q_PRUNE_PENDING] = SQL("DELETE FROM collection_item WHERE state = 2 AND created_ms < $1"),
    /* Nobody here is in it, and nobody looked at it or was told about it for long. */
    [Q_PRUNE] = SQL(
        "DELETE FROM collection WHERE uri <> '' AND fetched_ms < $1 AND NOT EXISTS (SELECT 1 FROM collection_item i "
        "JOIN account a ON a.id = i.account_id WHERE i.collection_id = collection.id AND a.domain = '')"),
    [Q_ITEM_DELETE] = SQL("DELETE FROM collection_item WHERE id = $1"),
    [Q_TAG_ADD] = SQL("INSERT INTO status_collection (status_id, collection_id, position) VALUES ($1, $2, $3)"),
    [Q_TAG_CLEAR] = SQL("DELETE FROM status_collection WHERE status_id = $1"),
    [Q_TAGS_OF] = SQL("SELECT x.status_id, x.collection_id FROM {each:$1} status_collection x "
                      "WHERE x.status_id = each.value ORDER BY x.status_id, x.position LIMIT $2"),
    [Q_BY_LINK] = SQL("SELECT id FROM collection WHERE uri = $1 AND uri <> '' UNION ALL "
                      "SELECT id FROM collection WHERE url = $1 AND url <> '' LIMIT 1"),
};
DB_STATEMENTS(store_collection, sql);

static void
read_row(const struct db_row *r, struct collection *k)
{
    *k = (struct collection){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .name = db_str(r, 2),
        .description = db_str(r, 3),
        .language = db_str(r, 4),
        .sensitive = db_bool(r, 5),
        .discoverable = db_bool(r, 6),
        .tag_id = db_int(r, 7),
        .created_ms = db_int(r, 8),
        .updated_ms = db_int(r, 9),
        .uri = db_str(r, 10),
        .url = db_str(r, 11),
        .fetched_ms = db_int(r, 12),
        .tag = db_str(r, 13) };
}

static struct collection_item
read_item(const struct db_row *r)
{
    return (struct collection_item){ .id = db_int(r, 0),
        .collection_id = db_int(r, 1),
        .account_id = db_int(r, 2),
        .state = (enum collection_item_state)db_int(r, 3),
        .created_ms = db_int(r, 4),
        .uri = db_str(r, 5),
        .position = db_int(r, 6),
        .approval_uri = db_str(r, 7) };
}

/* The rows are in order of the collection. */
static size_t
first_row(const struct db_rows *r, int64_t collection_id)
{
    size_t low = 0, high = r->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (db_int(&r->v[mid], 1) < collection_id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void
take_items(struct arena *mem, const struct db_rows *r, struct collection *k)
{
    size_t from = first_row(r, k->id), to = from;

    while (to < r->n && db_int(&r->v[to], 1) == k->id)
        to++;
    k->n = to - from;
    k->items = arena_vec(mem, struct collection_item, k->n);
    for (size_t i = 0; i < k->n; i++)
        k->items[i] = read_item(&r->v[from + i]);
    k->n_left_out = k->n > 0 ? (size_t)db_int(&r->v[from], ITEM_MEMBERS) - k->n : 0;
}

/* The first items_max of each, so many collections at once as one result may hold. */
static enum err
fill(struct ctx *c, struct collection *v, size_t n, size_t items_max)
{
    size_t at_once = DB_ROWS_MAX / items_max;

    for (size_t from = 0; from < n; from += at_once) {
        size_t to = MIN(from + at_once, n);
        struct ids ids = ids_new(c->mem, to - from);
        struct db_rows r;

        for (size_t i = from; i < to; i++)
            ids_add(&ids, v[i].id);
        ids_sort(&ids);
        TRY(db_query(c, &sql[Q_ITEMS], DB_ARGS(D_IDS(ids.v, ids.n), D_INT((int64_t)items_max)), &r));
        for (size_t i = from; i < to; i++)
            take_items(c->mem, &r, &v[i]);
    }
    return ERR_OK;
}

static void
read_rows(struct arena *mem, const struct db_rows *r, struct collections *out)
{
    *out = (struct collections){ arena_vec(mem, struct collection, r->n), r->n };
    for (size_t i = 0; i < r->n; i++)
        read_row(&r->v[i], &out->v[i]);
}

static enum err
read_filled(struct ctx *c, const struct db_rows *r, struct collections *out)
{
    read_rows(c->mem, r, out);
    return fill(c, out->v, out->n, ITEMS_MAX);
}

enum err
store_collection_get(struct ctx *c, int64_t id, struct collection **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(id)), &r));
    *out = arena_new(c->mem, struct collection);
    read_row(r, *out);
    return fill(c, *out, 1, ITEMS_MAX);
}

enum err
store_collection_by_uri(struct ctx *c, struct str uri, struct collection **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_URI], DB_ARGS(D_STR(uri)), &r));
    *out = arena_new(c->mem, struct collection);
    read_row(r, *out);
    return fill(c, *out, 1, ITEMS_MAX);
}

enum err
store_collection_source(struct ctx *c, int64_t account_id, struct str *uri, int64_t *fetched_ms)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_SOURCE], DB_ARGS(D_INT(account_id)), &r));
    *uri = r != NULL ? db_str(r, 0) : S("");
    *fetched_ms = r != NULL ? db_int(r, 1) : 0;
    return ERR_OK;
}

enum err
store_collection_source_put(struct ctx *c, int64_t account_id, struct str uri)
{
    if (uri.n == 0)
        return db_exec(c, &sql[Q_SOURCE_DELETE], DB_ARGS(D_INT(account_id)), NULL);
    return db_exec(c, &sql[Q_SOURCE_PUT], DB_ARGS(D_INT(account_id), D_STR(uri)), NULL);
}

enum err
store_collection_source_fetched(struct ctx *c, int64_t account_id, int64_t ms)
{
    return db_exec(c, &sql[Q_SOURCE_FETCHED], DB_ARGS(D_INT(account_id), D_INT(ms)), NULL);
}

enum err
store_collection_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_collection_pending_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE_PENDING], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_collection_list(struct ctx *c, const struct ids *ids, struct collections *out)
{
    struct db_rows r = { 0 };

    if (ids->n > 0)
        TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    return read_filled(c, &r, out);
}

enum err
store_collection_heads(struct ctx *c, const struct ids *ids, size_t items_max, struct collections *out)
{
    struct db_rows r = { 0 };

    if (ids->n > 0)
        TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    read_rows(c->mem, &r, out);
    return items_max == 0 ? ERR_OK : fill(c, out->v, out->n, items_max);
}

enum err
store_collection_page(
    struct ctx *c, int64_t account_id, bool discoverable_only, int64_t limit, int64_t offset, struct collections *out)
{
    struct db_rows r;

    TRY(db_query(
        c, &sql[Q_PAGE], DB_ARGS(D_INT(account_id), D_BOOL(discoverable_only), D_INT(limit), D_INT(offset)), &r));
    return read_filled(c, &r, out);
}

enum err
store_collection_with(struct ctx *c, int64_t account_id, int64_t limit, int64_t offset, struct collections *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_WITH], DB_ARGS(D_INT(account_id), D_INT(limit), D_INT(offset)), &r));
    return read_filled(c, &r, out);
}

enum err
store_collection_count(struct ctx *c, int64_t account_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_COUNT_OF], DB_ARGS(D_INT(account_id)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
store_collection_put(struct ctx *c, const struct collection *v)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(v->id), D_INT(v->account_id), D_STR(v->name), D_STR(v->description), D_STR(v->language),
            D_BOOL(v->sensitive), D_BOOL(v->discoverable), D_INTN(v->tag_id), D_INT(v->created_ms),
            D_INT(v->updated_ms), D_STR(v->uri), D_STR(v->url), D_INT(v->fetched_ms)),
        NULL);
}

enum err
store_collection_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_collection_item_add(struct ctx *c, const struct collection_item *i)
{
    return db_exec(c, &sql[Q_ITEM_ADD],
        DB_ARGS(D_INT(i->id), D_INT(i->collection_id), D_INT(i->account_id), D_INT(i->state), D_INT(i->created_ms),
            D_STR(i->uri), D_INT(i->position), D_STR(i->approval_uri)),
        NULL);
}

enum err
store_collection_item_set(struct ctx *c, const struct collection_item *i)
{
    return db_exec(c, &sql[Q_ITEM_SET],
        DB_ARGS(D_INT(i->id), D_INT(i->state), D_STR(i->uri), D_INT(i->position), D_STR(i->approval_uri)), NULL);
}

enum err
store_collection_item_get(struct ctx *c, int64_t id, struct collection_item *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_ITEM_GET], DB_ARGS(D_INT(id)), &r));
    *out = read_item(r);
    return ERR_OK;
}

enum err
store_collection_item_of(struct ctx *c, int64_t collection_id, int64_t account_id, struct collection_item *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_ITEM_OF], DB_ARGS(D_INT(collection_id), D_INT(account_id)), &r));
    *out = read_item(r);
    return ERR_OK;
}

static enum err
read_items(struct ctx *c, const struct db_rows *r, struct collection_items *out)
{
    ROWS_READ(c->mem, r, struct collection_item, read_item, out);
    return ERR_OK;
}

enum err
store_collection_items(struct ctx *c, int64_t collection_id, struct collection_items *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_ITEMS_ALL], DB_ARGS(D_INT(collection_id)), &r));
    return read_items(c, &r, out);
}

enum err
store_collection_items_between(struct ctx *c, int64_t account_id, int64_t owner_id, struct collection_items *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_BETWEEN], DB_ARGS(D_INT(account_id), D_INT(owner_id)), &r));
    return read_items(c, &r, out);
}

enum err
store_collection_items_stamped(struct ctx *c, struct str approval_uri, struct collection_items *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_ITEMS_STAMPED], DB_ARGS(D_STR(approval_uri)), &r));
    return read_items(c, &r, out);
}

enum err
store_collection_item_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_ITEM_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_collection_tags_set(struct ctx *c, int64_t status_id, const struct ids *collections)
{
    TRY(db_exec(c, &sql[Q_TAG_CLEAR], DB_ARGS(D_INT(status_id)), NULL));
    for (size_t i = 0; i < collections->n; i++)
        TRY(db_exec(c, &sql[Q_TAG_ADD], DB_ARGS(D_INT(status_id), D_INT(collections->v[i]), D_INT((int64_t)i)), NULL));
    return ERR_OK;
}

enum err
store_collection_tags_of(
    struct ctx *c, const struct ids *statuses, int64_t limit, struct status_collection **v, size_t *n)
{
    struct db_rows r = { 0 };

    if (statuses->n > 0)
        TRY(db_query(c, &sql[Q_TAGS_OF], DB_ARGS(D_IDS(statuses->v, statuses->n), D_INT(limit)), &r));
    *v = arena_vec(c->mem, struct status_collection, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[i] = (struct status_collection){ db_int(&r.v[i], 0), db_int(&r.v[i], 1) };
    return ERR_OK;
}

enum err
store_collection_by_link(struct ctx *c, struct str link, int64_t *id)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_BY_LINK], DB_ARGS(D_STR(link)), &r));
    *id = r != NULL ? db_int(r, 0) : 0;
    return ERR_OK;
}
