/* Accounts and their counters.  Who may see them is not decided here. */
#include "store/account.h"

#include "base/clock.h"
#include "base/json.h"
#include "store/account_search.h"
#include "store/emoji.h"
#include "store/internal.h"

#define COLS                                                                                                           \
    "a.id, a.username, a.domain, a.uri, a.url, a.actor_type, a.inbox, a.shared_inbox, a.outbox, a.followers_uri, "     \
    "a.following_uri, a.featured_uri, a.display_name, a.note_text, a.note, a.fields, a.emojis, a.avatar, "             \
    "a.avatar_static, a.avatar_remote, a.avatar_text, a.header, a.header_static, a.header_remote, a.header_text, "     \
    "a.locked, a.bot, a.discoverable, a.indexable, a.hide_collections, a.memorial, a.show_media, "                     \
    "a.show_media_replies, a.show_featured, a.also_known_as, a.attribution_domains, a.moved_to_id, a.suspended_ms, "   \
    "a.silenced_ms, a.sensitized_ms, a.suspended_by_origin, a.handle_ok, a.created_ms, a.updated_ms, a.fetched_ms, "   \
    "a.wants_subscribers, a.feature_policy, "                                                                          \
    "s.statuses, s.followers, s.following, s.last_status_id, s.last_status_ms, "                                       \
    "s.remote_statuses, s.remote_followers, s.remote_following, s.counted_ms, s.backfilled_ms"
#define FROM " FROM account a JOIN account_stat s ON s.account_id = a.id "

#define LISTED "a.discoverable = TRUE AND a.suspended_ms IS NULL AND a.silenced_ms IS NULL AND a.moved_to_id IS NULL "
#define BY_ACTIVITY "ORDER BY s.last_status_id DESC, s.account_id DESC LIMIT $1 OFFSET $2"

enum {
    Q_BY_ID,
    Q_HOLD,
    Q_BY_URI,
    Q_BY_HANDLE,
    Q_BY_IDS,
    Q_INSERT,
    Q_INSERT_STAT,
    Q_UPDATE,
    Q_LOCK,
    Q_REMOTE_COUNTS,
    Q_ASKED,
    Q_DELETE,
    Q_NAME_RESERVED,
    Q_RESERVE_NAME,
    Q_RESERVE_OLD,
    Q_OLD_NAME,
    Q_OLD_NAME_PUT,
    Q_OLD_NAME_DELETE,
    Q_ROLES,
    Q_WANTS_SUBSCRIBERS,
    Q_SUBSCRIPTIONS_ON,
    Q_DIRECTORY_ACTIVE,
    Q_DIRECTORY_ACTIVE_LOCAL,
    Q_DIRECTORY_NEW,
    Q_DIRECTORY_NEW_LOCAL,
    Q_LOCAL_IDS,
    Q_TOTALS,
    Q_ACTIVE,
    Q_DOMAINS,
    Q_DOMAINS_LIKE,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_BY_ID] = SQL("SELECT " COLS FROM "WHERE a.id = $1"),
    [Q_HOLD] =
        SQL2("SELECT " COLS FROM "WHERE a.id = $1", "SELECT " COLS FROM "WHERE a.id = $1 FOR NO KEY UPDATE OF a"),
    [Q_BY_URI] = SQL("SELECT " COLS FROM "WHERE a.uri = $1"),
    [Q_BY_HANDLE] = SQL("SELECT " COLS FROM "WHERE a.domain = $1 AND a.username_fold = $2"),
    [Q_BY_IDS] = SQL("SELECT " COLS " FROM {each:$1} account a JOIN account_stat s ON s.account_id = a.id "
                     "WHERE a.id = each.value"),
    [Q_INSERT] = SQL("INSERT INTO account (id, username, username_fold, domain, uri, created_ms, updated_ms) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $6)"),
    [Q_INSERT_STAT] = SQL("INSERT INTO account_stat (account_id) VALUES ($1)"),
    [Q_UPDATE] = SQL(
        "UPDATE account SET username = $2, username_fold = $3, domain = $4, uri = $5, url = $6, actor_type = $7, "
        "inbox = $8, shared_inbox = $9, outbox = $10, followers_uri = $11, following_uri = $12, featured_uri = $13, "
        "display_name = $14, note_text = $15, note = $16, fields = $17, emojis = $18, avatar = $19, "
        "avatar_static = $20, avatar_remote = $21, avatar_text = $22, header = $23, header_static = $24, "
        "header_remote = $25, header_text = $26, locked = $27, bot = $28, discoverable = $29, indexable = $30, "
        "hide_collections = $31, memorial = $32, show_media = $33, show_media_replies = $34, show_featured = $35, "
        "also_known_as = $36, attribution_domains = $37, moved_to_id = $38, suspended_ms = $39, silenced_ms = $40, "
        "sensitized_ms = $41, suspended_by_origin = $42, handle_ok = $43, updated_ms = $44, fetched_ms = $45, "
        "feature_policy = $46 "
        "WHERE id = $1"),
    [Q_LOCK] = SQL2("SELECT 1", "SELECT 1 FROM (SELECT pg_advisory_xact_lock($1)) l"),
    [Q_REMOTE_COUNTS] =
        SQL("UPDATE account_stat SET remote_statuses = COALESCE($2, remote_statuses), "
            "remote_followers = COALESCE($3, remote_followers), remote_following = COALESCE($4, remote_following) "
            "WHERE account_id = $1"),
    [Q_ASKED] = SQL("UPDATE account_stat SET backfilled_ms = $2, counted_ms = $3 WHERE account_id = $1"),
    [Q_DELETE] = SQL("DELETE FROM account WHERE id = $1"),
    [Q_NAME_RESERVED] = SQL("SELECT 1 FROM reserved_name WHERE username_fold = $1 UNION ALL "
                            "SELECT 1 FROM old_name WHERE username_fold = $1"),
    [Q_RESERVE_NAME] =
        SQL("INSERT INTO reserved_name (username_fold, created_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
    [Q_RESERVE_OLD] =
        SQL("INSERT INTO reserved_name (username_fold, created_ms) SELECT username_fold, $2 FROM old_name "
            "WHERE account_id = $1 ON CONFLICT DO NOTHING"),
    [Q_OLD_NAME] = SQL("SELECT account_id FROM old_name WHERE username_fold = $1"),
    [Q_OLD_NAME_PUT] = SQL("INSERT INTO old_name (username_fold, account_id, created_ms) VALUES ($1, $2, $3)"),
    [Q_OLD_NAME_DELETE] = SQL("DELETE FROM old_name WHERE username_fold = $1 AND account_id = $2"),
    [Q_ROLES] = SQL("SELECT m.account_id, r.id, r.name, r.color, r.permissions, r.highlighted FROM {each:$1} "
                    "membership m JOIN users u ON u.id = m.user_id JOIN role r ON r.id = u.role_id "
                    "WHERE m.account_id = each.value AND m.is_default = TRUE AND r.highlighted = TRUE"),
    [Q_WANTS_SUBSCRIBERS] = SQL("UPDATE account SET wants_subscribers = $2 WHERE id = $1"),
    [Q_SUBSCRIPTIONS_ON] = SQL("SELECT 1 FROM setting WHERE name = 'email_subscriptions' AND value = '1'"),
    [Q_DIRECTORY_ACTIVE] = SQL("SELECT " COLS " FROM account_stat s CROSS JOIN account a WHERE a.id = s.account_id "
                               "AND " LISTED BY_ACTIVITY),
    [Q_DIRECTORY_ACTIVE_LOCAL] = SQL("SELECT " COLS " FROM account a CROSS JOIN account_stat s "
                                     "WHERE s.account_id = a.id AND a.domain = '' AND " LISTED BY_ACTIVITY),
    [Q_DIRECTORY_NEW] = SQL("SELECT " COLS FROM "WHERE " LISTED "ORDER BY a.id DESC LIMIT $1 OFFSET $2"),
    [Q_DIRECTORY_NEW_LOCAL] =
        SQL("SELECT " COLS FROM "WHERE a.domain = '' AND " LISTED "ORDER BY a.id DESC LIMIT $1 OFFSET $2"),
    [Q_LOCAL_IDS] = SQL("SELECT id FROM account WHERE domain = '' AND id > $1 ORDER BY id LIMIT $2"),
    [Q_TOTALS] =
        SQL("SELECT count(*), coalesce(sum(s.statuses), 0) FROM account a JOIN account_stat s ON s.account_id = a.id "
            "WHERE a.domain = '' AND a.suspended_ms IS NULL"),
    [Q_ACTIVE] = SQL("SELECT count(*) FROM users WHERE last_active_ms >= $1 AND confirmed_ms IS NOT NULL"),
    [Q_DOMAINS_LIKE] =
        SQL("SELECT DISTINCT domain FROM account WHERE domain >= $1 AND domain < $2 ORDER BY domain LIMIT $3"),
    [Q_DOMAINS] = SQL("SELECT DISTINCT domain FROM account WHERE domain <> '' ORDER BY domain LIMIT 20000"),
};
DB_STATEMENTS(store_account, sql);

static void
read_fields(struct arena *mem, struct str text, struct account *a)
{
    const struct val *v;

    if (text.n <= 2 || json_parse(mem, text, NULL, &v) != ERR_OK)
        return;
    a->fields = arena_vec(mem, struct account_field, v->n);
    for (size_t i = 0; i < v->n; i++) {
        const struct val *f = val_at(v, i);

        a->fields[a->n_fields++] = (struct account_field){
            .name = val_str(val_get(f, S("name"))),
            .text = val_str(val_get(f, S("text"))),
            .value = val_str(val_get(f, S("value"))),
            .verified_ms = val_int(val_get(f, S("verified_ms")), 0),
        };
    }
}

static struct str
put_fields(struct arena *mem, const struct account *a)
{
    struct buf b;
    struct json j;

    buf_init(&b, mem, MB(2));
    json_init(&j, &b);
    json_arr(&j, NULL);
    for (size_t i = 0; i < a->n_fields; i++) {
        json_obj(&j, NULL);
        json_str(&j, "name", a->fields[i].name);
        json_str(&j, "text", a->fields[i].text);
        json_str(&j, "value", a->fields[i].value);
        json_int(&j, "verified_ms", a->fields[i].verified_ms);
        json_end(&j);
    }
    json_end(&j);
    CHECK(json_done(&j));
    return buf_str(&b);
}

/* What the origin claims counts when it knows of more. */
static void
read_stats(const struct db_row *r, size_t i, struct account *a)
{
    a->statuses = MAX(db_int(r, i), db_int(r, i + 5));
    a->followers = MAX(db_int(r, i + 1), db_int(r, i + 6));
    a->following = MAX(db_int(r, i + 2), db_int(r, i + 7));
    a->last_status_id = db_int(r, i + 3);
    a->last_status_ms = db_int(r, i + 4);
    a->counted_ms = db_int(r, i + 8);
    a->backfilled_ms = db_int(r, i + 9);
}

static struct account *
read_row(struct ctx *c, const struct db_row *r)
{
    struct account *a = arena_new(c->mem, struct account);
    size_t i = 0;

    a->id = db_int(r, i++);
    a->username = db_str(r, i++);
    a->domain = db_str(r, i++);
    a->uri = db_str(r, i++);
    a->url = db_str(r, i++);
    a->actor_type = db_str(r, i++);
    a->inbox = db_str(r, i++);
    a->shared_inbox = db_str(r, i++);
    a->outbox = db_str(r, i++);
    a->followers_uri = db_str(r, i++);
    a->following_uri = db_str(r, i++);
    a->featured_uri = db_str(r, i++);
    a->display_name = db_str(r, i++);
    a->note_text = db_str(r, i++);
    a->note = db_str(r, i++);
    read_fields(c->mem, db_str(r, i++), a);
    a->emoji_codes = column_strs(c->mem, db_str(r, i++));
    a->avatar = db_str(r, i++);
    a->avatar_static = db_str(r, i++);
    a->avatar_remote = db_str(r, i++);
    a->avatar_text = db_str(r, i++);
    a->header = db_str(r, i++);
    a->header_static = db_str(r, i++);
    a->header_remote = db_str(r, i++);
    a->header_text = db_str(r, i++);
    a->locked = db_bool(r, i++);
    a->bot = db_bool(r, i++);
    a->discoverable = db_bool(r, i++);
    a->indexable = db_bool(r, i++);
    a->hide_collections = db_bool(r, i++);
    a->memorial = db_bool(r, i++);
    a->show_media = db_bool(r, i++);
    a->show_media_replies = db_bool(r, i++);
    a->show_featured = db_bool(r, i++);
    a->also_known_as = column_strs(c->mem, db_str(r, i++));
    a->attribution_domains = column_strs(c->mem, db_str(r, i++));
    a->moved_to_id = db_int(r, i++);
    a->suspended_ms = db_int(r, i++);
    a->silenced_ms = db_int(r, i++);
    a->sensitized_ms = db_int(r, i++);
    a->suspended_by_origin = db_bool(r, i++);
    a->handle_ok = db_bool(r, i++);
    a->created_ms = db_int(r, i++);
    a->updated_ms = db_int(r, i++);
    a->fetched_ms = db_int(r, i++);
    a->wants_subscribers = db_bool(r, i++);
    a->feature_policy = (int)db_int(r, i++);
    read_stats(r, i, a);
    return a;
}

static enum err
read_rows(struct ctx *c, const struct db_rows *r, struct accounts *out)
{
    out->v = arena_vec(c->mem, struct account *, r->n);
    out->n = r->n;
    for (size_t i = 0; i < r->n; i++)
        out->v[i] = read_row(c, &r->v[i]);
    return ERR_OK;
}

enum err
store_account_get(struct ctx *c, int64_t id, struct account **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_ID], DB_ARGS(D_INT(id)), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

enum err
store_account_hold(struct ctx *c, int64_t id, struct account **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_HOLD], DB_ARGS(D_INT(id)), &r));
    *out = read_row(c, r);
    (*out)->held = true;
    return ERR_OK;
}

enum err
store_account_by_uri(struct ctx *c, struct str uri, struct account **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_URI], DB_ARGS(D_STR(uri)), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

enum err
store_account_by_handle(struct ctx *c, struct str username, struct str domain, struct account **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_HANDLE], DB_ARGS(D_STR(domain), D_STR(str_lower(c->mem, username))), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

enum err
store_account_list(struct ctx *c, const struct ids *ids, struct accounts *out)
{
    struct db_rows r;
    struct accounts found;

    TRY(db_query(c, &sql[Q_BY_IDS], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    TRY(read_rows(c, &r, &found));
    out->v = arena_vec(c->mem, struct account *, ids->n);
    out->n = 0;
    for (size_t i = 0; i < ids->n; i++)
        for (size_t k = 0; k < found.n; k++)
            if (found.v[k]->id == ids->v[i]) {
                out->v[out->n++] = found.v[k];
                break;
            }
    return ERR_OK;
}

static enum err
fill_moved(struct ctx *c, struct account **v, size_t n)
{
    struct ids ids = ids_new(c->mem, n);
    struct accounts moved;

    for (size_t i = 0; i < n; i++)
        ids_add(&ids, v[i]->moved_to_id);
    if (ids.n == 0)
        return ERR_OK;
    ids_sort(&ids);
    TRY(store_account_list(c, &ids, &moved));
    TRY(store_emoji_fill_accounts(c, moved.v, moved.n));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < moved.n; k++)
            if (moved.v[k]->id == v[i]->moved_to_id)
                v[i]->moved = moved.v[k];
    return ERR_OK;
}

/* Whose wish the server grants.  One query, and none as long as nobody wishes it. */
static enum err
fill_subscriptions(struct ctx *c, struct account **v, size_t n)
{
    const struct db_row *on = NULL;
    bool any = false;

    for (size_t i = 0; i < n; i++)
        any |= v[i]->wants_subscribers;
    if (any)
        TRY(db_maybe(c, &sql[Q_SUBSCRIPTIONS_ON], DB_NO_ARGS, &on));
    for (size_t i = 0; i < n; i++)
        v[i]->takes_subscribers = on != NULL && v[i]->wants_subscribers;
    return ERR_OK;
}

enum err
store_account_wants_subscribers(struct ctx *c, int64_t id, bool on)
{
    return db_exec(c, &sql[Q_WANTS_SUBSCRIBERS], DB_ARGS(D_INT(id), D_BOOL(on)), NULL);
}

enum err
store_account_fill(struct ctx *c, struct account **v, size_t n)
{
    struct ids ids = ids_new(c->mem, n);
    struct db_rows r;

    if (n == 0)
        return ERR_OK;
    TRY(store_emoji_fill_accounts(c, v, n));
    TRY(fill_moved(c, v, n));
    TRY(fill_subscriptions(c, v, n));
    for (size_t i = 0; i < n; i++)
        if (account_is_local(v[i]))
            ids_add(&ids, v[i]->id);
    if (ids.n == 0)
        return ERR_OK;
    ids_sort(&ids);
    TRY(db_query(c, &sql[Q_ROLES], DB_ARGS(D_IDS(ids.v, ids.n)), &r));
    for (size_t k = 0; k < r.n; k++) {
        struct role *role = arena_new(c->mem, struct role);

        *role = (struct role){ .id = db_int(&r.v[k], 1),
            .name = db_str(&r.v[k], 2),
            .color = db_str(&r.v[k], 3),
            .permissions = db_int(&r.v[k], 4),
            .highlighted = db_bool(&r.v[k], 5) };
        for (size_t i = 0; i < n; i++)
            if (v[i]->id == db_int(&r.v[k], 0))
                v[i]->role = role;
    }
    return ERR_OK;
}

static enum err update(struct ctx *c, const struct account *a);

enum err
store_account_insert(struct ctx *c, const struct account *a)
{
    TRY(db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(a->id), D_STR(a->username), D_STR(str_lower(c->mem, a->username)), D_STR(a->domain),
            D_STR(a->uri), D_INT(a->created_ms)),
        NULL));
    TRY(db_exec(c, &sql[Q_INSERT_STAT], DB_ARGS(D_INT(a->id)), NULL));
    return update(c, a);
}

enum err
store_account_update(struct ctx *c, const struct account *a)
{
    return a->held ? update(c, a) : ctx_fail(c, ERR_INTERNAL, "account %lld is written unheld", (long long)a->id);
}

static enum err
update(struct ctx *c, const struct account *a)
{
    TRY(store_account_index(c, a));
    return db_exec(c, &sql[Q_UPDATE],
        DB_ARGS(D_INT(a->id), D_STR(a->username), D_STR(str_lower(c->mem, a->username)), D_STR(a->domain),
            D_STR(a->uri), D_STR(a->url), D_STR(a->actor_type.n == 0 ? S("Person") : a->actor_type), D_STR(a->inbox),
            D_STR(a->shared_inbox), D_STR(a->outbox), D_STR(a->followers_uri), D_STR(a->following_uri),
            D_STR(a->featured_uri), D_STR(a->display_name), D_STR(a->note_text), D_STR(a->note),
            D_STR(put_fields(c->mem, a)), D_STR(column_put_strs(c->mem, &a->emoji_codes)), D_STR(a->avatar),
            D_STR(a->avatar_static), D_STR(a->avatar_remote), D_STR(a->avatar_text), D_STR(a->header),
            D_STR(a->header_static), D_STR(a->header_remote), D_STR(a->header_text), D_BOOL(a->locked), D_BOOL(a->bot),
            D_BOOL(a->discoverable), D_BOOL(a->indexable), D_BOOL(a->hide_collections), D_BOOL(a->memorial),
            D_BOOL(a->show_media), D_BOOL(a->show_media_replies), D_BOOL(a->show_featured),
            D_STR(column_put_strs(c->mem, &a->also_known_as)), D_STR(column_put_strs(c->mem, &a->attribution_domains)),
            D_INTN(a->moved_to_id), D_INTN(a->suspended_ms), D_INTN(a->silenced_ms), D_INTN(a->sensitized_ms),
            D_BOOL(a->suspended_by_origin), D_BOOL(a->handle_ok), D_INT(clock_ms()), D_INT(a->fetched_ms),
            D_INT(a->feature_policy)),
        NULL);
}

enum err
store_account_lock(struct ctx *c, int64_t id)
{
    struct db_rows none;

    return db_is_sqlite(c->env->db) ? ERR_OK : db_query(c, &sql[Q_LOCK], DB_ARGS(D_INT(id)), &none);
}

/* -1: not told.  Nobody has a thousand million. */
static struct db_arg
claim(int64_t n)
{
    return n < 0 ? D_NULL : D_INT(MIN(n, 1000000000));
}

enum err
store_account_set_remote_counts(struct ctx *c, int64_t id, int64_t statuses, int64_t followers, int64_t following)
{
    return db_exec(
        c, &sql[Q_REMOTE_COUNTS], DB_ARGS(D_INT(id), claim(statuses), claim(followers), claim(following)), NULL);
}

enum err
store_account_asked(struct ctx *c, int64_t id, int64_t backfilled_ms, int64_t counted_ms)
{
    return db_exec(c, &sql[Q_ASKED], DB_ARGS(D_INT(id), D_INT(backfilled_ms), D_INT(counted_ms)), NULL);
}

enum err
store_account_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_account_name_reserved(struct ctx *c, struct str username, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_NAME_RESERVED], DB_ARGS(D_STR(str_lower(c->mem, username))), &r));
    *out = r != NULL;
    return ERR_OK;
}

enum err
store_account_reserve_names(struct ctx *c, int64_t id, struct str username)
{
    TRY(db_exec(c, &sql[Q_RESERVE_OLD], DB_ARGS(D_INT(id), D_INT(clock_ms())), NULL));
    return db_exec(c, &sql[Q_RESERVE_NAME], DB_ARGS(D_STR(str_lower(c->mem, username)), D_INT(clock_ms())), NULL);
}

enum err
store_account_by_old_name(struct ctx *c, struct str username, struct account **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_OLD_NAME], DB_ARGS(D_STR(str_lower(c->mem, username))), &r));
    return store_account_get(c, db_int(r, 0), out);
}

enum err
store_account_old_name_put(struct ctx *c, struct str username, int64_t id)
{
    return db_exec(
        c, &sql[Q_OLD_NAME_PUT], DB_ARGS(D_STR(str_lower(c->mem, username)), D_INT(id), D_INT(clock_ms())), NULL);
}

enum err
store_account_old_name_delete(struct ctx *c, struct str username, int64_t id)
{
    return db_exec(c, &sql[Q_OLD_NAME_DELETE], DB_ARGS(D_STR(str_lower(c->mem, username)), D_INT(id)), NULL);
}

enum err
store_account_directory(struct ctx *c, bool local, bool by_new, int64_t limit, int64_t offset, struct accounts *out)
{
    static const int q[2][2] = { { Q_DIRECTORY_ACTIVE, Q_DIRECTORY_ACTIVE_LOCAL },
        { Q_DIRECTORY_NEW, Q_DIRECTORY_NEW_LOCAL } };
    struct db_rows r;

    TRY(db_query(c, &sql[q[by_new][local]], DB_ARGS(D_INT(limit), D_INT(offset)), &r));
    return read_rows(c, &r, out);
}

enum err
store_account_totals(struct ctx *c, int64_t active_since_ms, int64_t *accounts, int64_t *active, int64_t *statuses)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_TOTALS], DB_NO_ARGS, &r));
    *accounts = db_int(r, 0);
    *statuses = db_int(r, 1);
    TRY(db_one(c, &sql[Q_ACTIVE], DB_ARGS(D_INT(active_since_ms)), &r));
    *active = db_int(r, 0);
    return ERR_OK;
}

enum err
store_account_domains_like(struct ctx *c, struct str prefix, int64_t limit, struct strs *out)
{
    struct str end = str_cat(c->mem, prefix, S("~"), STR_NONE); /* after every character of a domain */
    struct db_rows r;

    TRY(db_query(c, &sql[Q_DOMAINS_LIKE], DB_ARGS(D_STR(prefix), D_STR(end), D_INT(limit)), &r));
    rows_strs(c->mem, &r, out);
    return ERR_OK;
}

enum err
store_account_domains(struct ctx *c, struct strs *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_DOMAINS], DB_NO_ARGS, &r));
    rows_strs(c->mem, &r, out);
    return ERR_OK;
}

enum err
store_account_local_ids(struct ctx *c, int64_t after, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LOCAL_IDS], DB_ARGS(D_INT(after), D_INT(limit)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}
