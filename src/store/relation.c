/* Follows, requests, blocks, mutes, notes. */
#include "store/relation.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/account.h"
#include "store/copy.h"
#include "store/count.h"
#include "store/internal.h"
#include "store/list.h"

#define F_COLS "id, account_id, target_id, uri, reblogs, notify, languages, created_ms"

enum {
    Q_FOLLOWING,
    Q_FOLLOWED_BY,
    Q_REQUESTED,
    Q_REQUESTED_BY,
    Q_BLOCKING,
    Q_BLOCKED_BY,
    Q_MUTING,
    Q_NOTES,
    Q_DOMAIN_BLOCKING,
    Q_ENDORSED,
    Q_VISIBLE,
    Q_UNWANTED,
    Q_FOLLOW_PUT,
    Q_REQUEST_PUT,
    Q_FOLLOW_GET,
    Q_REQUEST_GET,
    Q_FOLLOW_BY_URI,
    Q_REQUEST_BY_URI,
    Q_LOCK,
    Q_FOLLOW_DELETE,
    Q_REQUEST_DELETE,
    Q_BLOCK_PUT,
    Q_BLOCK_GET,
    Q_BLOCK_DELETE,
    Q_BLOCK_BY_URI,
    Q_MUTE_PUT,
    Q_MUTE_DELETE,
    Q_MUTE_PRUNE,
    Q_NOTE_PUT,
    Q_NOTE_DELETE,
    Q_PAGE,
    Q_REQUEST_COUNT = Q_PAGE + 2 * LIST_COUNT,
    Q_FOLLOWEES,
    Q_INBOXES,
    Q_FOLLOWED_HERE,
    Q_AWAITED_HERE,
    Q_FOLLOWED_FROM,
    Q_ACCOUNT_INBOXES,
    Q_TOUCHED_BY,
    Q_FAMILIAR,
    Q_COUNT
};

/* A shared inbox counts only when it begins with the same scheme and authority as the personal one: it must not lead elsewhere. */
#define FOLLOWER_INBOXES(pos)                                                                                          \
    "SELECT DISTINCT CASE WHEN a.shared_inbox <> '' AND substr(a.inbox, 1, 8 + " pos                                   \
    "(substr(a.shared_inbox, 9), '/')) = substr(a.shared_inbox, 1, 8 + " pos                                           \
    "(substr(a.shared_inbox, 9), '/')) THEN a.shared_inbox ELSE a.inbox END FROM follow f JOIN account a ON "          \
    "a.id = f.account_id WHERE f.target_id = $1 AND a.domain <> '' AND a.suspended_ms IS NULL AND a.inbox <> '' "      \
    "LIMIT 20000"

static const struct db_sql sql[Q_COUNT] = {
    [Q_FOLLOWING] = SQL("SELECT target_id, reblogs, notify, languages FROM {each:$2} follow WHERE account_id = $1 AND "
                        "target_id = each.value"),
    [Q_FOLLOWED_BY] = SQL("SELECT account_id FROM {each:$2} follow WHERE target_id = $1 AND account_id = each.value"),
    [Q_REQUESTED] =
        SQL("SELECT target_id, reblogs, notify, languages FROM {each:$2} follow_request WHERE account_id = $1 AND "
            "target_id = each.value"),
    [Q_REQUESTED_BY] =
        SQL("SELECT account_id FROM {each:$2} follow_request WHERE target_id = $1 AND account_id = each.value"),
    [Q_BLOCKING] = SQL("SELECT target_id FROM {each:$2} block WHERE account_id = $1 AND target_id = each.value"),
    [Q_BLOCKED_BY] = SQL("SELECT account_id FROM {each:$2} block WHERE target_id = $1 AND account_id = each.value"),
    [Q_MUTING] = SQL("SELECT target_id, hide_notifications, expires_ms FROM {each:$2} mute WHERE account_id = $1 AND "
                     "target_id = each.value "
                     "AND (expires_ms IS NULL OR expires_ms > $3)"),
    [Q_NOTES] =
        SQL("SELECT target_id, note FROM {each:$2} account_note WHERE account_id = $1 AND target_id = each.value"),
    [Q_DOMAIN_BLOCKING] = SQL("SELECT a.id FROM {each:$2} account a JOIN user_domain_block d ON d.domain = a.domain "
                              "WHERE d.account_id = $1 AND a.id = each.value"),
    /* Those of the above that decide what is shown, in one: Q_FOLLOWING … and who. */
    [Q_VISIBLE] =
        SQL("SELECT 0, target_id FROM {each:$2} follow WHERE account_id = $1 AND target_id = each.value UNION ALL "
            "SELECT 1, target_id FROM {each:$2} block WHERE account_id = $1 AND target_id = each.value UNION ALL "
            "SELECT 2, account_id FROM {each:$2} block WHERE target_id = $1 AND account_id = each.value UNION ALL "
            "SELECT 3, target_id FROM {each:$2} mute WHERE account_id = $1 AND target_id = each.value "
            "AND (expires_ms IS NULL OR expires_ms > $3) UNION ALL "
            "SELECT 4, a.id FROM {each:$2} account a JOIN user_domain_block d ON d.domain = a.domain "
            "WHERE d.account_id = $1 AND a.id = each.value"),
    [Q_ENDORSED] = SQL("SELECT target_id FROM endorsement WHERE account_id = $1 AND target_id IN {ids:$2}"),
    [Q_UNWANTED] =
        SQL("SELECT target_id FROM {each:$2} block WHERE account_id = $1 AND target_id = each.value UNION ALL "
            "SELECT target_id FROM {each:$2} mute WHERE account_id = $1 AND target_id = each.value "
            "AND (expires_ms IS NULL OR expires_ms > $3)"),
    [Q_FOLLOW_PUT] = SQL(
        "INSERT INTO follow (" F_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account_id, target_id) "
        "DO UPDATE SET uri = $4, reblogs = $5, notify = $6, languages = $7 RETURNING id"),
    [Q_REQUEST_PUT] = SQL("INSERT INTO follow_request (" F_COLS
                          ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account_id, target_id) "
                          "DO UPDATE SET uri = $4, reblogs = $5, notify = $6, languages = $7 RETURNING id"),
    [Q_FOLLOW_GET] = SQL("SELECT " F_COLS " FROM follow WHERE account_id = $1 AND target_id = $2"),
    [Q_REQUEST_GET] = SQL("SELECT " F_COLS " FROM follow_request WHERE account_id = $1 AND target_id = $2"),
    [Q_FOLLOW_BY_URI] = SQL("SELECT " F_COLS " FROM follow WHERE uri = $1"),
    [Q_REQUEST_BY_URI] = SQL("SELECT " F_COLS " FROM follow_request WHERE uri = $1"),
    [Q_LOCK] = SQL2("SELECT 1", "SELECT 1 FROM (SELECT pg_advisory_xact_lock($1)) l"),
    [Q_FOLLOW_DELETE] = SQL("DELETE FROM follow WHERE account_id = $1 AND target_id = $2"),
    [Q_REQUEST_DELETE] = SQL("DELETE FROM follow_request WHERE account_id = $1 AND target_id = $2"),
    [Q_BLOCK_PUT] = SQL("INSERT INTO block (id, account_id, target_id, uri, created_ms) VALUES ($1, $2, $3, $4, $5) ON "
                        "CONFLICT DO NOTHING"),
    [Q_BLOCK_GET] = SQL("SELECT uri FROM block WHERE account_id = $1 AND target_id = $2"),
    [Q_BLOCK_DELETE] = SQL("DELETE FROM block WHERE account_id = $1 AND target_id = $2"),
    [Q_BLOCK_BY_URI] = SQL("SELECT account_id, target_id FROM block WHERE uri = $1"),
    [Q_MUTE_PUT] = SQL("INSERT INTO mute (id, account_id, target_id, hide_notifications, expires_ms, created_ms) "
                       "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, target_id) DO UPDATE SET "
                       "hide_notifications = $4, expires_ms = $5"),
    [Q_MUTE_DELETE] = SQL("DELETE FROM mute WHERE account_id = $1 AND target_id = $2"),
    [Q_MUTE_PRUNE] = SQL("DELETE FROM mute WHERE expires_ms IS NOT NULL AND expires_ms <= $1"),
    [Q_NOTE_PUT] = SQL("INSERT INTO account_note (account_id, target_id, note) VALUES ($1, $2, $3) "
                       "ON CONFLICT (account_id, target_id) DO UPDATE SET note = $3"),
    [Q_NOTE_DELETE] = SQL("DELETE FROM account_note WHERE account_id = $1 AND target_id = $2"),
    [Q_PAGE + 2 * LIST_FOLLOWERS] = PAGE("account_id, id", "follow", "target_id = $4"),
    [Q_PAGE + 2 * LIST_FOLLOWERS + 1] = PAGE_UP("account_id, id", "follow", "target_id = $4"),
    [Q_PAGE + 2 * LIST_FOLLOWING] = PAGE("target_id, id", "follow", "account_id = $4"),
    [Q_PAGE + 2 * LIST_FOLLOWING + 1] = PAGE_UP("target_id, id", "follow", "account_id = $4"),
    [Q_PAGE + 2 * LIST_REQUESTS] = PAGE("account_id, id", "follow_request", "target_id = $4"),
    [Q_PAGE + 2 * LIST_REQUESTS + 1] = PAGE_UP("account_id, id", "follow_request", "target_id = $4"),
    [Q_PAGE + 2 * LIST_BLOCKS] = PAGE("target_id, id", "block", "account_id = $4"),
    [Q_PAGE + 2 * LIST_BLOCKS + 1] = PAGE_UP("target_id, id", "block", "account_id = $4"),
    [Q_PAGE + 2 * LIST_MUTES] = PAGE("target_id, id", "mute", "account_id = $4"),
    [Q_PAGE + 2 * LIST_MUTES + 1] = PAGE_UP("target_id, id", "mute", "account_id = $4"),
    [Q_REQUEST_COUNT] = SQL("SELECT count(*) FROM follow_request WHERE target_id = $1"),
    [Q_FOLLOWEES] =
        SQL("SELECT f.target_id, s.last_status_id, f.reblogs, f.languages FROM follow f "
            "JOIN account_stat s ON s.account_id = f.target_id WHERE f.account_id = $1 AND s.last_status_id > 0 "
            "ORDER BY s.last_status_id DESC LIMIT $2"),
    [Q_INBOXES] = SQL2(FOLLOWER_INBOXES("instr"), FOLLOWER_INBOXES("strpos")),
    [Q_FOLLOWED_FROM] = SQL("SELECT 1 FROM follow f JOIN account a ON a.id = f.account_id WHERE f.target_id = $1 AND "
                            "a.domain = $2 LIMIT 1"),
    [Q_FOLLOWED_HERE] = SQL("SELECT 1 FROM follow f JOIN account a ON a.id = f.account_id WHERE f.target_id = $1 AND "
                            "a.domain = '' LIMIT 1"),
    [Q_AWAITED_HERE] = SQL("SELECT 1 FROM follow f JOIN account a ON a.id = f.account_id WHERE f.target_id = $1 AND "
                           "a.domain = '' UNION ALL SELECT 1 FROM follow_request q JOIN account a ON "
                           "a.id = q.account_id WHERE q.target_id = $1 AND a.domain = '' LIMIT 1"),
    [Q_ACCOUNT_INBOXES] = SQL("SELECT inbox, shared_inbox FROM account WHERE id IN {ids:$1} AND domain <> '' "
                              "AND suspended_ms IS NULL AND inbox <> ''"),
    [Q_TOUCHED_BY] = SQL("SELECT x.account_id FROM (SELECT account_id FROM status WHERE reblog_of_id = $1 "
                         "UNION SELECT account_id FROM favourite WHERE status_id = $1 "
                         "UNION SELECT account_id FROM status WHERE in_reply_to_id = $1 "
                         "UNION SELECT account_id FROM quote WHERE quoted_id = $1) x "
                         "JOIN account a ON a.id = x.account_id WHERE a.domain <> '' LIMIT 15000"),
    [Q_FAMILIAR] =
        SQL("SELECT t.account_id FROM follow t JOIN follow m ON m.target_id = t.account_id "
            "JOIN account a ON a.id = t.account_id "
            "WHERE t.target_id = $2 AND m.account_id = $1 AND a.suspended_ms IS NULL ORDER BY t.id DESC LIMIT $3"),
};
DB_STATEMENTS(store_relation, sql);

typedef void (*mark_fn)(struct relation *r, const struct db_row *row);

static void
mark_following(struct relation *r, const struct db_row *row)
{
    r->following = true;
    r->showing_reblogs = db_bool(row, 1);
    r->notifying = db_bool(row, 2);
    r->languages = db_str(row, 3);
}

static void
mark_requested(struct relation *r, const struct db_row *row)
{
    r->requested = true;
    r->showing_reblogs = db_bool(row, 1);
    r->notifying = db_bool(row, 2);
    r->languages = db_str(row, 3);
}

static void
mark_followed_by(struct relation *r, const struct db_row *row UNUSED)
{
    r->followed_by = true;
}

static void
mark_requested_by(struct relation *r, const struct db_row *row UNUSED)
{
    r->requested_by = true;
}

static void
mark_blocking(struct relation *r, const struct db_row *row UNUSED)
{
    r->blocking = true;
}

static void
mark_blocked_by(struct relation *r, const struct db_row *row UNUSED)
{
    r->blocked_by = true;
}

static void
mark_muting(struct relation *r, const struct db_row *row)
{
    r->muting = true;
    r->muting_notifications = db_bool(row, 1);
    r->mute_expires_ms = db_int(row, 2);
}

static void
mark_note(struct relation *r, const struct db_row *row)
{
    r->note = db_str(row, 1);
}

static void
mark_domain(struct relation *r, const struct db_row *row UNUSED)
{
    r->domain_blocking = true;
}

static void
mark_endorsed(struct relation *r, const struct db_row *row UNUSED)
{
    r->endorsed = true;
}

static const struct {
    int q;
    mark_fn mark;
    bool with_time;
} relation_parts[] = {
    { Q_FOLLOWING, mark_following, false },
    { Q_BLOCKING, mark_blocking, false },
    { Q_BLOCKED_BY, mark_blocked_by, false },
    { Q_MUTING, mark_muting, true },
    { Q_DOMAIN_BLOCKING, mark_domain, false },
    { Q_FOLLOWED_BY, mark_followed_by, false },
    { Q_REQUESTED, mark_requested, false },
    { Q_REQUESTED_BY, mark_requested_by, false },
    { Q_NOTES, mark_note, false },
    { Q_ENDORSED, mark_endorsed, false },
};

static void
init(struct ctx *c, const struct ids *targets, struct relations *out)
{
    out->v = arena_vec(c->mem, struct relation, targets->n);
    out->n = targets->n;
    for (size_t i = 0; i < targets->n; i++)
        out->v[i].target_id = targets->v[i];
}

enum err
store_relations(struct ctx *c, int64_t viewer, const struct ids *targets, struct relations *out)
{
    init(c, targets, out);
    if (targets->n == 0 || viewer == 0)
        return ERR_OK;
    for (size_t k = 0; k < lengthof(relation_parts); k++) {
        const struct db_arg args[] = { D_INT(viewer), D_IDS(targets->v, targets->n), D_INT(clock_ms()) };
        struct db_rows r;

        TRY(db_query(c, &sql[relation_parts[k].q], (struct db_args){ args, relation_parts[k].with_time ? 3 : 2 }, &r));
        for (size_t m = 0; m < r.n; m++)
            for (size_t i = 0; i < out->n; i++)
                if (out->v[i].target_id == db_int(&r.v[m], 0))
                    relation_parts[k].mark(&out->v[i], &r.v[m]);
    }
    return ERR_OK;
}

enum err
store_relations_visible(struct ctx *c, int64_t viewer, const struct ids *targets, struct relations *out)
{
    /* As Q_VISIBLE numbers them. */
    static const size_t flag[] = { offsetof(struct relation, following), offsetof(struct relation, blocking),
        offsetof(struct relation, blocked_by), offsetof(struct relation, muting),
        offsetof(struct relation, domain_blocking) };
    struct db_rows r;

    init(c, targets, out);
    if (targets->n == 0 || viewer == 0)
        return ERR_OK;
    TRY(db_query(c, &sql[Q_VISIBLE], DB_ARGS(D_INT(viewer), D_IDS(targets->v, targets->n), D_INT(clock_ms())), &r));
    for (size_t m = 0; m < r.n; m++)
        for (size_t i = 0; i < out->n; i++)
            if (out->v[i].target_id == db_int(&r.v[m], 1))
                *(bool *)((char *)&out->v[i] + flag[db_int(&r.v[m], 0)]) = true;
    return ERR_OK;
}

enum err
store_relations_unwanted(struct ctx *c, int64_t viewer, const struct ids *targets, struct ids *out)
{
    struct db_rows r;

    *out = (struct ids){ 0 };
    if (targets->n == 0 || viewer == 0)
        return ERR_OK;
    TRY(db_query(c, &sql[Q_UNWANTED], DB_ARGS(D_INT(viewer), D_IDS(targets->v, targets->n), D_INT(clock_ms())), &r));
    *out = rows_ids(c->mem, &r);
    ids_sort(out);
    return ERR_OK;
}

enum err
store_relation(struct ctx *c, int64_t viewer, int64_t target, struct relation *out)
{
    struct relations all;

    TRY(store_relations(c, viewer, &(struct ids){ &target, 1 }, &all));
    *out = all.v[0];
    return ERR_OK;
}

static enum err
put(struct ctx *c, int q, const struct follow *f, bool *added)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[q],
        DB_ARGS(D_INT(f->id), D_INT(f->account_id), D_INT(f->target_id), D_STR(f->uri), D_BOOL(f->reblogs),
            D_BOOL(f->notify), D_STR(f->languages), D_INT(f->created_ms)),
        &r));
    *added = db_int(r, 0) == f->id;
    return ERR_OK;
}

enum err
store_follow_put(struct ctx *c, const struct follow *f, bool *added)
{
    TRY(put(c, Q_FOLLOW_PUT, f, added));
    if (!*added)
        return ERR_OK;
    store_count_account(c, f->account_id, (struct account_counts){ .following = 1 });
    store_count_account(c, f->target_id, (struct account_counts){ .followers = 1 });
    return ERR_OK;
}

enum err
store_follow_request_put(struct ctx *c, const struct follow *f, bool *added)
{
    return put(c, Q_REQUEST_PUT, f, added);
}

static enum err
get(struct ctx *c, int q, struct db_args args, struct follow **out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[q], args, &r));
    *out = NULL;
    if (r == NULL)
        return ERR_OK;
    *out = arena_new(c->mem, struct follow);
    **out = (struct follow){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .target_id = db_int(r, 2),
        .uri = db_str(r, 3),
        .reblogs = db_bool(r, 4),
        .notify = db_bool(r, 5),
        .languages = db_str(r, 6),
        .created_ms = db_int(r, 7) };
    return ERR_OK;
}

/* A number for the pair: below 0, where no id is.  Two pairs that share one only wait for each other. */
static int64_t
pair_number(int64_t a, int64_t b)
{
    uint64_t low = (uint64_t)MIN(a, b), high = (uint64_t)MAX(a, b), x = low * 0x9e3779b97f4a7c15U ^ high;

    x = (x ^ x >> 31) * 0xbf58476d1ce4e5b9U;
    return (int64_t)(x | 1ULL << 63);
}

enum err
store_relation_lock(struct ctx *c, int64_t a, int64_t b)
{
    struct db_rows none;

    return db_is_sqlite(c->env->db) ? ERR_OK : db_query(c, &sql[Q_LOCK], DB_ARGS(D_INT(pair_number(a, b))), &none);
}

enum err
store_relation_lock_all(struct ctx *c, int64_t account_id, const struct ids *others)
{
    struct ids numbers = ids_new(c->mem, others->n);

    if (db_is_sqlite(c->env->db) || others->n == 0)
        return ERR_OK;
    for (size_t i = 0; i < others->n; i++)
        ids_add(&numbers, pair_number(account_id, others->v[i]));
    ids_sort(&numbers);
    for (size_t i = 0; i < numbers.n; i++) {
        struct db_rows none;

        TRY(db_query(c, &sql[Q_LOCK], DB_ARGS(D_INT(numbers.v[i])), &none));
    }
    return ERR_OK;
}

enum err
store_follow_get(struct ctx *c, int64_t account_id, int64_t target_id, struct follow **out)
{
    return get(c, Q_FOLLOW_GET, DB_ARGS(D_INT(account_id), D_INT(target_id)), out);
}

enum err
store_follow_request_get(struct ctx *c, int64_t account_id, int64_t target_id, struct follow **out)
{
    return get(c, Q_REQUEST_GET, DB_ARGS(D_INT(account_id), D_INT(target_id)), out);
}

enum err
store_follow_by_uri(struct ctx *c, struct str uri, bool request, struct follow **out)
{
    return get(c, request ? Q_REQUEST_BY_URI : Q_FOLLOW_BY_URI, DB_ARGS(D_STR(uri)), out);
}

enum err
store_follow_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed)
{
    TRY(db_change(c, &sql[Q_FOLLOW_DELETE], DB_ARGS(D_INT(account_id), D_INT(target_id)), removed));
    if (!*removed)
        return ERR_OK;
    TRY(store_list_forget(c, account_id, target_id));
    TRY(store_copy_left(c, account_id, target_id));
    store_count_account(c, account_id, (struct account_counts){ .following = -1 });
    store_count_account(c, target_id, (struct account_counts){ .followers = -1 });
    return ERR_OK;
}

enum err
store_follow_request_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed)
{
    return db_change(c, &sql[Q_REQUEST_DELETE], DB_ARGS(D_INT(account_id), D_INT(target_id)), removed);
}

enum err
store_block_put(struct ctx *c, int64_t id, int64_t account_id, int64_t target_id, struct str uri, bool *added)
{
    return db_change(c, &sql[Q_BLOCK_PUT],
        DB_ARGS(D_INT(id), D_INT(account_id), D_INT(target_id), D_STR(uri), D_INT(clock_ms())), added);
}

enum err
store_block_uri(struct ctx *c, int64_t account_id, int64_t target_id, bool *found, struct str *uri)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_BLOCK_GET], DB_ARGS(D_INT(account_id), D_INT(target_id)), &r));
    *found = r != NULL;
    if (r != NULL)
        *uri = db_str(r, 0);
    return ERR_OK;
}

enum err
store_block_delete(struct ctx *c, int64_t account_id, int64_t target_id, struct str *uri, bool *removed)
{
    TRY(store_block_uri(c, account_id, target_id, removed, uri));
    if (!*removed)
        return ERR_OK;
    return db_exec(c, &sql[Q_BLOCK_DELETE], DB_ARGS(D_INT(account_id), D_INT(target_id)), NULL);
}

enum err
store_block_by_uri(struct ctx *c, struct str uri, int64_t *account_id, int64_t *target_id)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BLOCK_BY_URI], DB_ARGS(D_STR(uri)), &r));
    *account_id = db_int(r, 0);
    *target_id = db_int(r, 1);
    return ERR_OK;
}

enum err
store_mute_put(struct ctx *c, int64_t account_id, int64_t target_id, bool notifications, int64_t expires_ms)
{
    return db_exec(c, &sql[Q_MUTE_PUT],
        DB_ARGS(D_INT(id_new()), D_INT(account_id), D_INT(target_id), D_BOOL(notifications), D_INTN(expires_ms),
            D_INT(clock_ms())),
        NULL);
}

enum err
store_mute_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed)
{
    return db_change(c, &sql[Q_MUTE_DELETE], DB_ARGS(D_INT(account_id), D_INT(target_id)), removed);
}

enum err
store_mute_prune(struct ctx *c, int64_t now_ms)
{
    return db_exec(c, &sql[Q_MUTE_PRUNE], DB_ARGS(D_INT(now_ms)), NULL);
}

enum err
store_note_put(struct ctx *c, int64_t account_id, int64_t target_id, struct str note)
{
    if (note.n == 0)
        return db_exec(c, &sql[Q_NOTE_DELETE], DB_ARGS(D_INT(account_id), D_INT(target_id)), NULL);
    return db_exec(c, &sql[Q_NOTE_PUT], DB_ARGS(D_INT(account_id), D_INT(target_id), D_STR(note)), NULL);
}

enum err
store_relation_page(
    struct ctx *c, enum relation_list which, int64_t account_id, const struct page *p, struct cursor_ids *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[Q_PAGE + 2 * (int)which + (page_is_up(p) ? 1 : 0)],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(account_id)), &r));
    return store_cursor_ids(c, p, &r, out);
}

enum err
store_follow_request_count(struct ctx *c, int64_t target_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_REQUEST_COUNT], DB_ARGS(D_INT(target_id)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
store_followees_active(struct ctx *c, int64_t account_id, int64_t limit, struct followee **v, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_FOLLOWEES], DB_ARGS(D_INT(account_id), D_INT(limit)), &r));
    *v = arena_vec(c->mem, struct followee, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[i] = (struct followee){ db_int(&r.v[i], 0), db_int(&r.v[i], 1), db_bool(&r.v[i], 2), db_str(&r.v[i], 3) };
    return ERR_OK;
}

enum err
store_follower_inboxes(struct ctx *c, int64_t target_id, struct strs *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_INBOXES], DB_ARGS(D_INT(target_id)), &r));
    rows_strs(c->mem, &r, out);
    return ERR_OK;
}

enum err
store_followed_from(struct ctx *c, int64_t target_id, struct str domain, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_FOLLOWED_FROM], DB_ARGS(D_INT(target_id), D_STR(domain)), &r));
    *out = r != NULL;
    return ERR_OK;
}

enum err
store_followed_here(struct ctx *c, int64_t target_id, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_FOLLOWED_HERE], DB_ARGS(D_INT(target_id)), &r));
    *out = r != NULL;
    return ERR_OK;
}

enum err
store_awaited_here(struct ctx *c, int64_t target_id, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_AWAITED_HERE], DB_ARGS(D_INT(target_id)), &r));
    *out = r != NULL;
    return ERR_OK;
}

enum err
store_account_inboxes(struct ctx *c, const struct ids *ids, struct account_inbox **v, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_ACCOUNT_INBOXES], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    *v = arena_vec(c->mem, struct account_inbox, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[i] = (struct account_inbox){ db_str(&r.v[i], 0), db_str(&r.v[i], 1) };
    return ERR_OK;
}

enum err
store_status_touched_by(struct ctx *c, int64_t status_id, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_TOUCHED_BY], DB_ARGS(D_INT(status_id)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_followers_familiar(struct ctx *c, int64_t viewer, int64_t target, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_FAMILIAR], DB_ARGS(D_INT(viewer), D_INT(target), D_INT(limit)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}
