/* Users, memberships, web sessions, mail tokens, backup codes. */
#include "store/user.h"

#include "base/clock.h"
#include "store/internal.h"

#define COLS                                                                                                           \
    "u.id, u.email, u.unconfirmed_email, u.password, u.role_id, u.confirmed_ms, u.approved, u.disabled, u.locale, "    \
    "u.reason, u.date_of_birth, u.sign_up_ip, u.app_id, u.totp_secret, u.totp_last_step, u.settings, "                 \
    "u.last_active_ms, u.created_ms, r.name, r.color, r.permissions, r.highlighted, "                                  \
    "(SELECT m.account_id FROM membership m WHERE m.user_id = u.id AND m.is_default = TRUE LIMIT 1), e.permissions"
#define FROM " FROM users u JOIN role r ON r.id = u.role_id JOIN role e ON e.id = -99 "
#define S_COLS "id, user_id, csrf, user_agent, ip, created_ms, used_ms"

enum {
    Q_GET,
    Q_HOLD,
    Q_BY_EMAIL,
    Q_BY_ACCOUNT,
    Q_LIST,
    Q_INSERT,
    Q_UPDATE,
    Q_REHASH,
    Q_TOTP_STEP,
    Q_ACTIVITY,
    Q_STAFF,
    Q_DELETE,
    Q_TOUCH,
    Q_ROLE_BY_NAME,
    Q_MEMBERSHIP_PUT,
    Q_UNCONFIRMED,
    Q_TOKEN_PUT,
    Q_TOKEN_TAKE,
    Q_TOKEN_PRUNE,
    Q_SESSION_INSERT,
    Q_SESSION_BY_HASH,
    Q_SESSION_TOUCH,
    Q_SESSION_LIST,
    Q_SESSION_DELETE,
    Q_SESSION_DELETE_ALL,
    Q_SESSION_PRUNE,
    Q_CODES_CLEAR,
    Q_CODE_ADD,
    Q_CODE_TAKE,
    Q_BACKUP_LEFT,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT " COLS FROM "WHERE u.id = $1"),
    [Q_HOLD] =
        SQL2("SELECT " COLS FROM "WHERE u.id = $1", "SELECT " COLS FROM "WHERE u.id = $1 FOR NO KEY UPDATE OF u"),
    [Q_BY_EMAIL] = SQL("SELECT " COLS FROM "WHERE u.email_fold = $1"),
    [Q_BY_ACCOUNT] = SQL("SELECT " COLS FROM
                         "JOIN membership mm ON mm.user_id = u.id AND mm.is_default = TRUE WHERE mm.account_id = $1"),
    [Q_LIST] = SQL("SELECT " COLS FROM "WHERE u.id > $1 ORDER BY u.id LIMIT $2"),
    [Q_INSERT] = SQL("INSERT INTO users (id, email, email_fold, password, created_ms) VALUES ($1, $2, $3, $4, $5)"),
    [Q_UPDATE] = SQL("UPDATE users SET email = $2, email_fold = $3, unconfirmed_email = $4, password = $5, role_id = "
                     "$6, confirmed_ms = $7, "
                     "approved = $8, disabled = $9, locale = $10, reason = $11, date_of_birth = $12, sign_up_ip = $13, "
                     "app_id = $14, "
                     "totp_secret = $15, totp_last_step = $16, settings = $17, last_active_ms = $18 WHERE id = $1"),
    [Q_REHASH] = SQL("UPDATE users SET password = $3 WHERE id = $1 AND password = $2"),
    [Q_TOTP_STEP] = SQL("UPDATE users SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2"),
    [Q_ACTIVITY] = SQL("SELECT (SELECT count(*) FROM users WHERE created_ms >= $1 AND created_ms < $2), "
                       "(SELECT count(*) FROM users WHERE last_active_ms >= $1 AND last_active_ms < $2), "
                       "(SELECT count(*) FROM status WHERE local = TRUE AND id >= $3 AND id < $4)"),
    [Q_STAFF] = SQL("SELECT m.account_id FROM role r CROSS JOIN users u JOIN membership m ON m.user_id = u.id "
                    "AND m.is_default = TRUE WHERE u.role_id = r.id AND (r.permissions & $1) <> 0 AND u.disabled = "
                    "FALSE ORDER BY u.id LIMIT 100"),
    [Q_DELETE] = SQL("DELETE FROM users WHERE id = $1"),
    [Q_TOUCH] = SQL("UPDATE users SET last_active_ms = $2 WHERE id = $1"),
    [Q_ROLE_BY_NAME] = SQL("SELECT id, name, color, permissions, highlighted FROM role WHERE lower(name) = $1"),
    [Q_MEMBERSHIP_PUT] =
        SQL("INSERT INTO membership (user_id, account_id, role, is_default, created_ms) VALUES ($1, $2, $3, $4, $5) "
            "ON CONFLICT (user_id, account_id) DO UPDATE SET role = $3, is_default = $4"),
    [Q_UNCONFIRMED] = SQL("SELECT id FROM users WHERE confirmed_ms IS NULL AND created_ms < $1 ORDER BY id LIMIT $2"),
    [Q_TOKEN_PUT] =
        SQL("INSERT INTO mail_token (hash, user_id, purpose, email, expires_ms) VALUES ($1, $2, $3, $4, $5)"),
    [Q_TOKEN_TAKE] =
        SQL("DELETE FROM mail_token WHERE hash = $1 AND purpose = $2 RETURNING user_id, email, expires_ms"),
    [Q_TOKEN_PRUNE] = SQL("DELETE FROM mail_token WHERE expires_ms < $1"),
    [Q_SESSION_INSERT] = SQL("INSERT INTO session (" S_COLS ", hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
    [Q_SESSION_BY_HASH] = SQL("SELECT " S_COLS " FROM session WHERE hash = $1 AND used_ms > $2"),
    [Q_SESSION_TOUCH] = SQL("UPDATE session SET used_ms = $2, ip = $3 WHERE id = $1"),
    [Q_SESSION_LIST] = SQL("SELECT " S_COLS " FROM session WHERE user_id = $1 ORDER BY used_ms DESC LIMIT 200"),
    [Q_SESSION_DELETE] = SQL("DELETE FROM session WHERE user_id = $1 AND id = $2"),
    [Q_SESSION_DELETE_ALL] = SQL("DELETE FROM session WHERE user_id = $1 AND id <> $2"),
    [Q_SESSION_PRUNE] = SQL("DELETE FROM session WHERE used_ms < $1"),
    [Q_CODES_CLEAR] = SQL("DELETE FROM backup_code WHERE user_id = $1"),
    [Q_CODE_ADD] = SQL("INSERT INTO backup_code (user_id, hash) VALUES ($1, $2)"),
    [Q_CODE_TAKE] = SQL("UPDATE backup_code SET used_ms = $3 WHERE user_id = $1 AND hash = $2 AND used_ms IS NULL"),
    [Q_BACKUP_LEFT] = SQL("SELECT count(*) FROM backup_code WHERE user_id = $1 AND used_ms IS NULL"),
};
DB_STATEMENTS(store_user, sql);

static void
read_row(const struct db_row *r, struct user *u)
{
    size_t i = 0;

    u->id = db_int(r, i++);
    u->email = db_str(r, i++);
    u->unconfirmed_email = db_str(r, i++);
    u->password = db_str(r, i++);
    u->role_id = db_int(r, i++);
    u->confirmed_ms = db_int(r, i++);
    u->approved = db_bool(r, i++);
    u->disabled = db_bool(r, i++);
    u->locale = db_str(r, i++);
    u->reason = db_str(r, i++);
    u->date_of_birth = db_str(r, i++);
    u->sign_up_ip = db_str(r, i++);
    u->app_id = db_int(r, i++);
    u->totp_secret = db_str(r, i++);
    u->totp_last_step = db_int(r, i++);
    u->settings = db_str(r, i++);
    u->last_active_ms = db_int(r, i++);
    u->created_ms = db_int(r, i++);
    u->role.id = u->role_id;
    u->role.name = db_str(r, i++);
    u->role.color = db_str(r, i++);
    u->role.permissions = db_int(r, i++);
    u->role.highlighted = db_bool(r, i++);
    u->account_id = db_int(r, i++);
    u->role.permissions |= db_int(r, i++); /* what everyone may do */
}

static enum err
get(struct ctx *c, int q, struct db_args args, struct user **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[q], args, &r));
    *out = arena_new(c->mem, struct user);
    read_row(r, *out);
    return ERR_OK;
}

enum err
store_user_get(struct ctx *c, int64_t id, struct user **out)
{
    return get(c, Q_GET, DB_ARGS(D_INT(id)), out);
}

enum err
store_user_hold(struct ctx *c, int64_t id, struct user **out)
{
    TRY(get(c, Q_HOLD, DB_ARGS(D_INT(id)), out));
    (*out)->held = true;
    return ERR_OK;
}

enum err
store_user_by_email(struct ctx *c, struct str email, struct user **out)
{
    return get(c, Q_BY_EMAIL, DB_ARGS(D_STR(str_lower(c->mem, email))), out);
}

enum err
store_user_by_account(struct ctx *c, int64_t account_id, struct user **out)
{
    return get(c, Q_BY_ACCOUNT, DB_ARGS(D_INT(account_id)), out);
}

enum err
store_user_list(struct ctx *c, int64_t after_id, int64_t limit, struct users *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_INT(after_id), D_INT(limit)), &r));
    out->v = arena_vec(c->mem, struct user, r.n);
    out->n = r.n;
    for (size_t i = 0; i < r.n; i++)
        read_row(&r.v[i], &out->v[i]);
    return ERR_OK;
}

static enum err update(struct ctx *c, const struct user *u);

enum err
store_user_insert(struct ctx *c, const struct user *u)
{
    TRY(db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(u->id), D_STR(u->email), D_STR(str_lower(c->mem, u->email)), D_STR(u->password),
            D_INT(u->created_ms)),
        NULL));
    return update(c, u);
}

enum err
store_user_update(struct ctx *c, const struct user *u)
{
    return u->held ? update(c, u) : ctx_fail(c, ERR_INTERNAL, "user %lld is written unheld", (long long)u->id);
}

enum err
store_user_rehash(struct ctx *c, int64_t id, struct str old, struct str hash, bool *done)
{
    return db_change(c, &sql[Q_REHASH], DB_ARGS(D_INT(id), D_STR(old), D_STR(hash)), done);
}

static enum err
update(struct ctx *c, const struct user *u)
{
    return db_exec(c, &sql[Q_UPDATE],
        DB_ARGS(D_INT(u->id), D_STR(u->email), D_STR(str_lower(c->mem, u->email)), D_STRN(u->unconfirmed_email),
            D_STR(u->password), D_INT(u->role_id == 0 ? ROLE_EVERYONE : u->role_id), D_INTN(u->confirmed_ms),
            D_BOOL(u->approved), D_BOOL(u->disabled), D_STR(u->locale.n == 0 ? S("en") : u->locale), D_STR(u->reason),
            D_STRN(u->date_of_birth), D_STR(u->sign_up_ip), D_INTN(u->app_id), D_BYTES(u->totp_secret),
            D_INT(u->totp_last_step), D_STR(u->settings.n == 0 ? S("{}") : u->settings), D_INT(u->last_active_ms)),
        NULL);
}

enum err
store_user_totp_step(struct ctx *c, int64_t id, int64_t step, bool *first)
{
    return db_change(c, &sql[Q_TOTP_STEP], DB_ARGS(D_INT(id), D_INT(step)), first);
}

enum err
store_user_activity(
    struct ctx *c, int64_t begin_ms, int64_t end_ms, int64_t *registrations, int64_t *logins, int64_t *statuses)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_ACTIVITY], DB_ARGS(D_INT(begin_ms), D_INT(end_ms), D_INT(begin_ms << 16), D_INT(end_ms << 16)),
        &r)); /* ids hold the time */
    *registrations = db_int(r, 0);
    *logins = db_int(r, 1);
    *statuses = db_int(r, 2);
    return ERR_OK;
}

enum err
store_user_staff(struct ctx *c, int64_t permission, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_STAFF], DB_ARGS(D_INT(PERM_ADMINISTRATOR | permission)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_user_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_user_touch(struct ctx *c, int64_t id, int64_t ms)
{
    return db_exec(c, &sql[Q_TOUCH], DB_ARGS(D_INT(id), D_INT(ms)), NULL);
}

enum err
store_role_by_name(struct ctx *c, struct str name, struct role *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_ROLE_BY_NAME], DB_ARGS(D_STR(str_lower(c->mem, name))), &r));
    *out = (struct role){ db_int(r, 0), db_str(r, 1), db_str(r, 2), db_int(r, 3), db_bool(r, 4) };
    return ERR_OK;
}

enum err
store_membership_put(struct ctx *c, int64_t user_id, int64_t account_id, enum member_role role, bool is_default)
{
    return db_exec(c, &sql[Q_MEMBERSHIP_PUT],
        DB_ARGS(D_INT(user_id), D_INT(account_id), D_INT(role), D_BOOL(is_default), D_INT(clock_ms())), NULL);
}

enum err
store_user_unconfirmed(struct ctx *c, int64_t before_ms, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_UNCONFIRMED], DB_ARGS(D_INT(before_ms), D_INT(limit)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_mail_token_put(
    struct ctx *c, struct str hash, int64_t user_id, enum mail_token_purpose p, struct str email, int64_t expires_ms)
{
    return db_exec(
        c, &sql[Q_TOKEN_PUT], DB_ARGS(D_BYTES(hash), D_INT(user_id), D_INT(p), D_STR(email), D_INT(expires_ms)), NULL);
}

enum err
store_mail_token_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_TOKEN_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_mail_token_take(struct ctx *c, struct str hash, enum mail_token_purpose p, int64_t *user_id, struct str *email)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_TOKEN_TAKE], DB_ARGS(D_BYTES(hash), D_INT(p)), &r));
    if (db_int(r, 2) < clock_ms())
        return ctx_fail(c, ERR_NOT_FOUND, "mail token is expired");
    *user_id = db_int(r, 0);
    *email = db_str(r, 1);
    return ERR_OK;
}

static struct session
read_session(const struct db_row *r)
{
    return (struct session){ .id = db_int(r, 0),
        .user_id = db_int(r, 1),
        .csrf = db_str(r, 2),
        .user_agent = db_str(r, 3),
        .ip = db_str(r, 4),
        .created_ms = db_int(r, 5),
        .used_ms = db_int(r, 6) };
}

enum err
store_session_insert(struct ctx *c, const struct session *s, struct str hash)
{
    return db_exec(c, &sql[Q_SESSION_INSERT],
        DB_ARGS(D_INT(s->id), D_INT(s->user_id), D_STR(s->csrf), D_STR(s->user_agent), D_STR(s->ip),
            D_INT(s->created_ms), D_INT(s->used_ms), D_BYTES(hash)),
        NULL);
}

enum err
store_session_by_hash(struct ctx *c, struct str hash, int64_t used_after_ms, struct session **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_SESSION_BY_HASH], DB_ARGS(D_BYTES(hash), D_INT(used_after_ms)), &r));
    *out = arena_new(c->mem, struct session);
    **out = read_session(r);
    return ERR_OK;
}

enum err
store_session_touch(struct ctx *c, int64_t id, int64_t ms, struct str ip)
{
    return db_exec(c, &sql[Q_SESSION_TOUCH], DB_ARGS(D_INT(id), D_INT(ms), D_STR(ip)), NULL);
}

enum err
store_session_list(struct ctx *c, int64_t user_id, struct sessions *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_SESSION_LIST], DB_ARGS(D_INT(user_id)), &r));
    ROWS_READ(c->mem, &r, struct session, read_session, out);
    return ERR_OK;
}

enum err
store_session_delete(struct ctx *c, int64_t user_id, int64_t id, bool *removed)
{
    return db_change(c, &sql[Q_SESSION_DELETE], DB_ARGS(D_INT(user_id), D_INT(id)), removed);
}

enum err
store_session_delete_all(struct ctx *c, int64_t user_id, int64_t but_id)
{
    return db_exec(c, &sql[Q_SESSION_DELETE_ALL], DB_ARGS(D_INT(user_id), D_INT(but_id)), NULL);
}

enum err
store_session_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_SESSION_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_backup_codes_set(struct ctx *c, int64_t user_id, const struct strs *hashes)
{
    TRY(db_exec(c, &sql[Q_CODES_CLEAR], DB_ARGS(D_INT(user_id)), NULL));
    for (size_t i = 0; i < hashes->n; i++)
        TRY(db_exec(c, &sql[Q_CODE_ADD], DB_ARGS(D_INT(user_id), D_BYTES(hashes->v[i])), NULL));
    return ERR_OK;
}

enum err
store_backup_codes_left(struct ctx *c, int64_t user_id, int64_t *n)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BACKUP_LEFT], DB_ARGS(D_INT(user_id)), &r));
    *n = db_int(r, 0);
    return ERR_OK;
}

enum err
store_backup_code_take(struct ctx *c, int64_t user_id, struct str hash, bool *ok)
{
    return db_change(c, &sql[Q_CODE_TAKE], DB_ARGS(D_INT(user_id), D_BYTES(hash), D_INT(clock_ms())), ok);
}
