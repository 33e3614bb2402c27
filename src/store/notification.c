/* Notifications and read markers. */
#include "store/notification.h"

#include "base/clock.h"
#include "store/internal.h"

#include <stdlib.h>

#define COLS                                                                                                           \
    "id, account_id, from_account_id, kind, status_id, created_ms, filtered, group_on, group_hour, severance_id, "     \
    "report_id, collection_id"
#define NOT_SUSPENDED                                                                                                  \
    " AND NOT EXISTS (SELECT 1 FROM account a WHERE a.id = notification.from_account_id AND a.suspended_ms IS NOT "    \
    "NULL)"
#define WALK "account_id = $4 AND filtered = FALSE" NOT_SUSPENDED
#define KIND "account_id = $4 AND kind = $5 AND (filtered = FALSE OR $6)" NOT_SUSPENDED
#define FROM "account_id = $4 AND from_account_id = $5 AND kind IN {ids:$6}" NOT_SUSPENDED
#define GROUP "account_id = $4 AND kind = $5 AND group_on = $6 AND group_hour = $7" NOT_SUSPENDED
/* m: the members of the group of r, up to $2. */
#define MEMBERS                                                                                                        \
    " FROM notification m WHERE m.account_id = r.account_id AND m.kind = r.kind AND m.group_on = r.group_on AND "      \
    "m.group_hour = r.group_hour AND m.id <= $2 "
#define SAMPLE(k) "(SELECT m.from_account_id" MEMBERS "ORDER BY m.id DESC LIMIT 1 OFFSET " #k ")"
#define SAMPLES                                                                                                        \
    SAMPLE(0)                                                                                                          \
    ", " SAMPLE(1) ", " SAMPLE(2) ", " SAMPLE(3) ", " SAMPLE(4) ", " SAMPLE(5) ", " SAMPLE(6) ", " SAMPLE(7)

enum {
    Q_PUT,
    Q_WALK,
    Q_WALK_UP,
    Q_KIND,
    Q_KIND_UP,
    Q_FROM,
    Q_FROM_UP,
    Q_GROUP,
    Q_GROUP_UP,
    Q_GROUPS,
    Q_GROUP_BEGIN,
    Q_GROUP_DELETE,
    Q_GET,
    Q_DELETE,
    Q_CLEAR,
    Q_DELETE_FROM,
    Q_DELETE_CAUSE,
    Q_OVERFULL,
    Q_TRIM,
    Q_MARKER_GET,
    Q_MARKER_PUT,
    Q_MARKER_COUNT,
    Q_MARKER_DELETE,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO notification (" COLS
                  ", dedupe) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING"),
    [Q_WALK] = PAGE(COLS, "notification", WALK),
    [Q_WALK_UP] = PAGE_UP(COLS, "notification", WALK),
    [Q_KIND] = PAGE(COLS, "notification", KIND),
    [Q_KIND_UP] = PAGE_UP(COLS, "notification", KIND),
    [Q_FROM] = PAGE(COLS, "notification", FROM),
    [Q_FROM_UP] = PAGE_UP(COLS, "notification", FROM),
    [Q_GROUP] = PAGE(COLS, "notification", GROUP),
    [Q_GROUP_UP] = PAGE_UP(COLS, "notification", GROUP),
    [Q_GROUPS] = SQL("SELECT r.id, (SELECT count(*) FROM (SELECT 1" MEMBERS "LIMIT 100000) x), " SAMPLES
                     " FROM notification r WHERE r.id IN {ids:$1}"),
    [Q_GROUP_BEGIN] = SQL("SELECT group_hour FROM notification WHERE account_id = $1 AND kind = $2 AND group_on = $3 "
                          "AND group_hour IS NOT NULL ORDER BY group_hour DESC LIMIT 1"),
    [Q_GROUP_DELETE] =
        SQL("DELETE FROM notification WHERE account_id = $1 AND kind = $2 AND group_on = $3 AND group_hour = $4"),
    [Q_GET] = SQL("SELECT " COLS " FROM notification WHERE account_id = $1 AND id = $2"),
    [Q_DELETE] = SQL("DELETE FROM notification WHERE account_id = $1 AND id = $2"),
    [Q_CLEAR] =
        SQL("DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE account_id = $1 LIMIT $2)"),
    [Q_DELETE_FROM] = SQL("DELETE FROM notification WHERE account_id = $1 AND from_account_id = $2"),
    [Q_DELETE_CAUSE] = SQL("DELETE FROM notification WHERE account_id = $1 AND dedupe = $2"),
    [Q_OVERFULL] = SQL("SELECT account_id FROM notification WHERE filtered = FALSE GROUP BY account_id HAVING count(*) "
                       "> $1 LIMIT 100"),
    [Q_TRIM] = SQL("DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE account_id = $1 AND "
                   "filtered = FALSE ORDER BY "
                   "id DESC LIMIT $3 OFFSET $2)"),
    [Q_MARKER_GET] =
        SQL("SELECT timeline, last_read_id, version, updated_ms FROM marker WHERE account_id = $1 AND timeline = $2"),
    [Q_MARKER_COUNT] = SQL("SELECT count(*) FROM marker WHERE account_id = $1"),
    [Q_MARKER_DELETE] = SQL("DELETE FROM marker WHERE account_id = $1 AND timeline = $2"),
    [Q_MARKER_PUT] =
        SQL("INSERT INTO marker (account_id, timeline, last_read_id, version, updated_ms) VALUES ($1, $2, $3, 1, $4) "
            "ON CONFLICT (account_id, timeline) DO UPDATE SET last_read_id = $3, version = marker.version + 1, "
            "updated_ms = $4 "
            "RETURNING timeline, last_read_id, version, updated_ms"),
};
DB_STATEMENTS(store_notification, sql);

static struct str
dedupe_key(struct arena *mem, enum notification_kind kind, int64_t from, int64_t status_id)
{
    return str_fmt(mem, "%d:%lld:%lld", kind, (long long)from, (long long)status_id);
}

static struct notification
read_row(const struct db_row *r)
{
    return (struct notification){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .from_account_id = db_int(r, 2),
        .kind = (enum notification_kind)db_int(r, 3),
        .status_id = db_int(r, 4),
        .created_ms = db_int(r, 5),
        .filtered = db_bool(r, 6),
        .group_on = db_int(r, 7),
        .group_hour = db_int(r, 8),
        .severance_id = db_int(r, 9),
        .report_id = db_int(r, 10),
        .collection_id = db_int(r, 11) };
}

enum err
store_notification_put(struct ctx *c, const struct notification *n, bool *added)
{
    int64_t about = n->severance_id | n->report_id | n->collection_id | n->status_id, rows; /* at most one is set */

    TRY(db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(n->id), D_INT(n->account_id), D_INT(n->from_account_id), D_INT(n->kind), D_INTN(n->status_id),
            D_INT(n->created_ms), D_BOOL(n->filtered), D_INT(n->group_on), D_INTN(n->group_hour),
            D_INTN(n->severance_id), D_INTN(n->report_id), D_INTN(n->collection_id),
            D_STR(dedupe_key(c->mem, n->kind, n->from_account_id, about))),
        &rows));
    *added = rows > 0;
    return ERR_OK;
}

static enum err
read_page(
    struct ctx *c, int q, const struct page *p, const struct db_arg *more, size_t n_more, struct notifications *out)
{
    struct db_arg args[8];
    struct db_rows r;
    int64_t below, above;

    CHECK(n_more + 3 <= lengthof(args));
    page_bounds(p, &below, &above);
    args[0] = D_INT(below), args[1] = D_INT(above), args[2] = D_INT(p->limit);
    for (size_t i = 0; i < n_more; i++)
        args[3 + i] = more[i];
    TRY(db_query(c, &sql[page_is_up(p) ? q + 1 : q], (struct db_args){ args, 3 + n_more }, &r));
    ROWS_READ(c->mem, &r, struct notification, read_row, out);
    PAGE_REVERSE(p, out->v, out->n, struct notification);
    return ERR_OK;
}

static int
newest_first(const void *a, const void *b)
{
    int64_t x = ((const struct notification *)a)->id, y = ((const struct notification *)b)->id;

    return (x < y) - (x > y);
}

/* Some kinds: the page of each by its index, merged, so that a rare kind among a million others is found at once. */
static enum err
page_of_kinds(struct ctx *c, const struct notification_query *q, const struct page *p, struct notifications *out)
{
    struct notifications all = { 0 };
    size_t limit = (size_t)p->limit;

    all.v = arena_vec(c->mem, struct notification, limit * NOTIFY_KIND_COUNT);
    for (int k = 0; k < NOTIFY_KIND_COUNT; k++) {
        const struct db_arg more[] = { D_INT(q->account_id), D_INT(k), D_BOOL(q->with_filtered) };
        struct notifications some;

        if ((q->kinds >> k & 1) == 0)
            continue;
        TRY(read_page(c, Q_KIND, p, more, lengthof(more), &some));
        for (size_t i = 0; i < some.n; i++)
            all.v[all.n++] = some.v[i];
    }
    if (all.n > 0)
        qsort(all.v, all.n, sizeof(all.v[0]), newest_first);
    if (all.n > limit && page_is_up(p))
        all.v += all.n - limit;
    all.n = MIN(all.n, limit);
    *out = all;
    return ERR_OK;
}

enum err
store_notification_page(
    struct ctx *c, const struct notification_query *q, const struct page *p, struct notifications *out)
{
    int64_t wanted[NOTIFY_KIND_COUNT];
    size_t n = 0;

    if (q->from != 0) {
        for (int k = 0; k < NOTIFY_KIND_COUNT; k++)
            if ((q->kinds >> k & 1) != 0)
                wanted[n++] = k;
        return read_page(
            c, Q_FROM, p, (const struct db_arg[]){ D_INT(q->account_id), D_INT(q->from), D_IDS(wanted, n) }, 3, out);
    }
    if (q->kinds == NOTIFY_ALL && !q->with_filtered)
        return read_page(c, Q_WALK, p, (const struct db_arg[]){ D_INT(q->account_id) }, 1, out);
    return page_of_kinds(c, q, p, out);
}

enum err
store_notification_group_page(
    struct ctx *c, const struct notification *of, const struct page *p, struct notifications *out)
{
    const struct db_arg more[] = { D_INT(of->account_id), D_INT(of->kind), D_INT(of->group_on), D_INT(of->group_hour) };

    return read_page(c, Q_GROUP, p, more, lengthof(more), out);
}

enum err
store_notification_group_sizes(struct ctx *c, const struct ids *members, int64_t up_to, struct notification_group *v)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_GROUPS], DB_ARGS(D_IDS(members->v, members->n), D_INT(up_to)), &r));
    for (size_t i = 0; i < members->n; i++)
        for (size_t k = 0; k < r.n; k++) {
            if (db_int(&r.v[k], 0) != members->v[i])
                continue;
            v[i].count = db_int(&r.v[k], 1);
            v[i].sample_ids = ids_new(c->mem, GROUP_SAMPLES);
            for (size_t m = 0; m < GROUP_SAMPLES; m++)
                ids_add(&v[i].sample_ids, db_int(&r.v[k], 2 + m));
        }
    return ERR_OK;
}

enum err
store_notification_group_begin(struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t on, int64_t *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_GROUP_BEGIN], DB_ARGS(D_INT(account_id), D_INT(kind), D_INT(on)), &r));
    *out = r == NULL ? 0 : db_int(r, 0);
    return ERR_OK;
}

enum err
store_notification_group_delete(struct ctx *c, const struct notification *of)
{
    return db_exec(c, &sql[Q_GROUP_DELETE],
        DB_ARGS(D_INT(of->account_id), D_INT(of->kind), D_INT(of->group_on), D_INT(of->group_hour)), NULL);
}

enum err
store_notification_get(struct ctx *c, int64_t account_id, int64_t id, struct notification **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(account_id), D_INT(id)), &r));
    *out = arena_new(c->mem, struct notification);
    **out = read_row(r);
    return ERR_OK;
}

enum err
store_notification_delete(struct ctx *c, int64_t account_id, int64_t id, bool *removed)
{
    return db_change(c, &sql[Q_DELETE], DB_ARGS(D_INT(account_id), D_INT(id)), removed);
}

enum err
store_notification_clear(struct ctx *c, int64_t account_id, int64_t limit, int64_t *removed)
{
    return db_exec(c, &sql[Q_CLEAR], DB_ARGS(D_INT(account_id), D_INT(limit)), removed);
}

enum err
store_notification_delete_from(struct ctx *c, int64_t account_id, int64_t from)
{
    return db_exec(c, &sql[Q_DELETE_FROM], DB_ARGS(D_INT(account_id), D_INT(from)), NULL);
}

enum err
store_notification_delete_cause(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id)
{
    return db_exec(
        c, &sql[Q_DELETE_CAUSE], DB_ARGS(D_INT(account_id), D_STR(dedupe_key(c->mem, kind, from, status_id))), NULL);
}

enum err
store_notification_overfull(struct ctx *c, int64_t max, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_OVERFULL], DB_ARGS(D_INT(max)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_notification_trim(struct ctx *c, int64_t account_id, int64_t keep, int64_t limit, int64_t *removed)
{
    return db_exec(c, &sql[Q_TRIM], DB_ARGS(D_INT(account_id), D_INT(keep), D_INT(limit)), removed);
}

static struct marker
read_marker(const struct db_row *r)
{
    return (struct marker){ db_str(r, 0), db_int(r, 1), db_int(r, 2), db_int(r, 3) };
}

enum err
store_marker_get(struct ctx *c, int64_t account_id, struct str timeline, struct marker **out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_MARKER_GET], DB_ARGS(D_INT(account_id), D_STR(timeline)), &r));
    *out = NULL;
    if (r != NULL) {
        *out = arena_new(c->mem, struct marker);
        **out = read_marker(r);
    }
    return ERR_OK;
}

enum err
store_marker_put(struct ctx *c, int64_t account_id, struct str timeline, int64_t last_read_id, struct marker *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_MARKER_PUT],
        DB_ARGS(D_INT(account_id), D_STR(timeline), D_INT(last_read_id), D_INT(clock_ms())), &r));
    *out = read_marker(r);
    return ERR_OK;
}

enum err
store_marker_count(struct ctx *c, int64_t account_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_MARKER_COUNT], DB_ARGS(D_INT(account_id)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
store_marker_delete(struct ctx *c, int64_t account_id, struct str timeline)
{
    return db_exec(c, &sql[Q_MARKER_DELETE], DB_ARGS(D_INT(account_id), D_STR(timeline)), NULL);
}
