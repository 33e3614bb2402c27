/* OAuth applications, authorization codes, access tokens. */
#include "store/app.h"

#include "base/clock.h"
#include "db/db.h"

#define A_COLS "id, client_id, secret_hash, name, website, redirect_uris, scopes, scope_text, confidential, created_ms"
#define T_COLS                                                                                                         \
    "t.id, t.app_id, t.user_id, t.account_id, t.scopes, t.scope_text, t.created_ms, t.used_ms, p.name, p.website, "    \
    "u.confirmed_ms, u.approved, u.disabled, a.suspended_ms, a.moved_to_id, u.locale, r.permissions, e.permissions"
#define T_FROM                                                                                                         \
    " FROM token t JOIN app p ON p.id = t.app_id LEFT JOIN users u ON u.id = t.user_id "                               \
    "LEFT JOIN account a ON a.id = t.account_id LEFT JOIN role r ON r.id = u.role_id JOIN role e ON e.id = -99 "

enum {
    Q_APP_INSERT,
    Q_APP_PUT,
    Q_APP_GET,
    Q_APP_BY_CLIENT,
    Q_CODE_INSERT,
    Q_CODE_GET,
    Q_CODE_USE,
    Q_CODE_PRUNE,
    Q_TOKEN_INSERT,
    Q_TOKEN_BY_HASH,
    Q_TOKEN_LIST,
    Q_TOKEN_TOUCH,
    Q_TOKEN_DELETE,
    Q_TOKEN_DELETE_USER,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_APP_INSERT] = SQL("INSERT INTO app (" A_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
    [Q_APP_PUT] = SQL("INSERT INTO app (" A_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
                      "ON CONFLICT (client_id) DO UPDATE SET redirect_uris = excluded.redirect_uris, "
                      "scopes = excluded.scopes, scope_text = excluded.scope_text"),
    [Q_APP_GET] = SQL("SELECT " A_COLS " FROM app WHERE id = $1"),
    [Q_APP_BY_CLIENT] = SQL("SELECT " A_COLS " FROM app WHERE client_id = $1"),
    [Q_CODE_INSERT] = SQL("INSERT INTO auth_code (hash, app_id, user_id, account_id, redirect_uri, scopes, scope_text, "
                          "challenge, expires_ms) "
                          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
    [Q_CODE_GET] =
        SQL("SELECT app_id, user_id, account_id, redirect_uri, scopes, scope_text, challenge, token_id, expires_ms "
            "FROM auth_code WHERE hash = $1"),
    [Q_CODE_USE] = SQL("UPDATE auth_code SET token_id = $2 WHERE hash = $1 AND token_id IS NULL"),
    [Q_CODE_PRUNE] = SQL("DELETE FROM auth_code WHERE expires_ms < $1"),
    [Q_TOKEN_INSERT] = SQL("INSERT INTO token (id, hash, app_id, user_id, account_id, scopes, scope_text, created_ms) "
                           "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
    [Q_TOKEN_BY_HASH] = SQL("SELECT " T_COLS T_FROM "WHERE t.hash = $1"),
    [Q_TOKEN_LIST] = SQL("SELECT " T_COLS T_FROM "WHERE t.user_id = $1 ORDER BY t.id DESC LIMIT 1000"),
    [Q_TOKEN_TOUCH] = SQL("UPDATE token SET used_ms = $2, used_ip = $3 WHERE id = $1"),
    [Q_TOKEN_DELETE] = SQL("DELETE FROM token WHERE id = $1"),
    [Q_TOKEN_DELETE_USER] = SQL("DELETE FROM token WHERE user_id = $1 AND id <> $2"),
};
DB_STATEMENTS(store_app, sql);

static enum err
put_app(struct ctx *c, int q, const struct app *a)
{
    return db_exec(c, &sql[q],
        DB_ARGS(D_INT(a->id), D_STR(a->client_id), D_BYTES(a->secret_hash), D_STR(a->name), D_STRN(a->website),
            D_STR(a->redirect_uris), D_INT((int64_t)a->scopes), D_STR(a->scope_text), D_BOOL(a->confidential),
            D_INT(a->created_ms)),
        NULL);
}

enum err
store_app_insert(struct ctx *c, const struct app *a)
{
    return put_app(c, Q_APP_INSERT, a);
}

enum err
store_app_put(struct ctx *c, const struct app *a)
{
    return put_app(c, Q_APP_PUT, a);
}

static enum err
get_app(struct ctx *c, int q, struct db_args args, struct app **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[q], args, &r));
    *out = arena_new(c->mem, struct app);
    **out = (struct app){ .id = db_int(r, 0),
        .client_id = db_str(r, 1),
        .secret_hash = db_str(r, 2),
        .name = db_str(r, 3),
        .website = db_str(r, 4),
        .redirect_uris = db_str(r, 5),
        .scopes = (uint64_t)db_int(r, 6),
        .scope_text = db_str(r, 7),
        .confidential = db_bool(r, 8),
        .created_ms = db_int(r, 9) };
    return ERR_OK;
}

enum err
store_app_get(struct ctx *c, int64_t id, struct app **out)
{
    return get_app(c, Q_APP_GET, DB_ARGS(D_INT(id)), out);
}

enum err
store_app_by_client(struct ctx *c, struct str client_id, struct app **out)
{
    return get_app(c, Q_APP_BY_CLIENT, DB_ARGS(D_STR(client_id)), out);
}

enum err
store_code_insert(struct ctx *c, struct str hash, const struct auth_code *a)
{
    return db_exec(c, &sql[Q_CODE_INSERT],
        DB_ARGS(D_BYTES(hash), D_INT(a->app_id), D_INT(a->user_id), D_INT(a->account_id), D_STR(a->redirect_uri),
            D_INT((int64_t)a->scopes), D_STR(a->scope_text), D_STRN(a->challenge), D_INT(a->expires_ms)),
        NULL);
}

enum err
store_code_get(struct ctx *c, struct str hash, struct auth_code **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_CODE_GET], DB_ARGS(D_BYTES(hash)), &r));
    *out = arena_new(c->mem, struct auth_code);
    **out = (struct auth_code){ .app_id = db_int(r, 0),
        .user_id = db_int(r, 1),
        .account_id = db_int(r, 2),
        .redirect_uri = db_str(r, 3),
        .scopes = (uint64_t)db_int(r, 4),
        .scope_text = db_str(r, 5),
        .challenge = db_str(r, 6),
        .token_id = db_int(r, 7),
        .expires_ms = db_int(r, 8) };
    return ERR_OK;
}

enum err
store_code_use(struct ctx *c, struct str hash, int64_t *token_id, bool *first)
{
    struct auth_code *a;

    TRY(db_change(c, &sql[Q_CODE_USE], DB_ARGS(D_BYTES(hash), D_INT(*token_id)), first));
    if (*first)
        return ERR_OK;
    TRY(store_code_get(c, hash, &a));
    *token_id = a->token_id;
    return ERR_OK;
}

enum err
store_code_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_CODE_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_token_insert(struct ctx *c, const struct token *t, struct str hash)
{
    return db_exec(c, &sql[Q_TOKEN_INSERT],
        DB_ARGS(D_INT(t->id), D_BYTES(hash), D_INT(t->app_id), D_INTN(t->user_id), D_INTN(t->account_id),
            D_INT((int64_t)t->scopes), D_STR(t->scope_text), D_INT(t->created_ms)),
        NULL);
}

static void
read_token(const struct db_row *r, struct token *t)
{
    size_t i = 0;

    t->id = db_int(r, i++);
    t->app_id = db_int(r, i++);
    t->user_id = db_int(r, i++);
    t->account_id = db_int(r, i++);
    t->scopes = (uint64_t)db_int(r, i++);
    t->scope_text = db_str(r, i++);
    t->created_ms = db_int(r, i++);
    t->used_ms = db_int(r, i++);
    t->app_name = db_str(r, i++);
    t->app_website = db_str(r, i++);
    t->confirmed = !db_is_null(r, i++);
    t->approved = db_bool(r, i++);
    t->disabled = db_bool(r, i++);
    t->suspended = !db_is_null(r, i++);
    t->moved = !db_is_null(r, i++);
    t->locale = db_str(r, i++);
    t->permissions = (uint64_t)db_int(r, i++);
    if (t->user_id != 0)
        t->permissions |= (uint64_t)db_int(r, i);
}

enum err
store_token_by_hash(struct ctx *c, struct str hash, struct token **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_TOKEN_BY_HASH], DB_ARGS(D_BYTES(hash)), &r));
    *out = arena_new(c->mem, struct token);
    read_token(r, *out);
    return ERR_OK;
}

enum err
store_token_list(struct ctx *c, int64_t user_id, struct tokens *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_TOKEN_LIST], DB_ARGS(D_INT(user_id)), &r));
    out->v = arena_vec(c->mem, struct token, r.n);
    out->n = r.n;
    for (size_t i = 0; i < r.n; i++)
        read_token(&r.v[i], &out->v[i]);
    return ERR_OK;
}

enum err
store_token_touch(struct ctx *c, int64_t id, int64_t ms, struct str ip)
{
    return db_exec(c, &sql[Q_TOKEN_TOUCH], DB_ARGS(D_INT(id), D_INT(ms), D_STR(ip)), NULL);
}

enum err
store_token_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_TOKEN_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_token_delete_user(struct ctx *c, int64_t user_id, int64_t but_id)
{
    return db_exec(c, &sql[Q_TOKEN_DELETE_USER], DB_ARGS(D_INT(user_id), D_INT(but_id)), NULL);
}
