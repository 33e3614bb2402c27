/* OAuth codes and access tokens.  What a client holds is random; what is stored is its hash.  RFC 6749, RFC 7636. */
#include "service/token.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "crypto/token.h"
#include "db/db.h"
#include "model/scope.h"
#include "service/event.h"
#include "store/app.h"
#include "store/user.h"

enum {
    CODE_MS = 10 * MINUTE_MS,
    TOUCH_MS = HOUR_MS, /* how exact "last used" is */
    TOKEN_BYTES_MAX = 256,
    VERIFIER_BYTES_MIN = 43, /* RFC 7636, 4.1 */
    VERIFIER_BYTES_MAX = 128,
};

/* ---- codes ----------------------------------------------------------------------------------------------------- */

enum err
service_code_issue(struct ctx *c, const struct auth_code *a, struct str *code)
{
    struct auth_code row = *a;

    *code = token_new(c->mem);
    row.expires_ms = clock_ms() + CODE_MS;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_code_insert(c, token_hash(c->mem, *code), &row));
    return db_commit(c);
}

static enum err
refuse(struct ctx *c, const char *why)
{
    return ctx_fail(c, ERR_INVALID, "code: %s", why);
}

/* A verifier without a challenge means that somebody took the challenge away: refused too (RFC 9700, 2.1.1). */
static bool
is_verifier_ok(struct arena *mem, struct str challenge, struct str verifier)
{
    if (challenge.n == 0)
        return verifier.n == 0;
    return verifier.n >= VERIFIER_BYTES_MIN && verifier.n <= VERIFIER_BYTES_MAX &&
           str_eq_secret(token_hash(mem, verifier), challenge); /* base64url of SHA-256, as S256 is */
}

static enum err
check_code(
    struct ctx *c, const struct auth_code *a, const struct app *app, struct str redirect_uri, struct str verifier)
{
    if (a->app_id != app->id)
        return refuse(c, "of another app");
    if (a->expires_ms < clock_ms())
        return refuse(c, "expired");
    if (!str_eq(a->redirect_uri, redirect_uri))
        return refuse(c, "another redirect URI");
    if (!is_verifier_ok(c->mem, a->challenge, verifier))
        return refuse(c, "wrong verifier");
    return ERR_OK;
}

static enum err
insert_token(struct ctx *c, const struct token *t, struct str secret)
{
    return store_token_insert(c, t, token_hash(c->mem, secret));
}

/* In a write transaction.  *replay: the code was used before; the token it gave is deleted, and that is to be committed. */
static enum err
exchange(struct ctx *c, struct str hash, const struct auth_code *a, struct token *t, struct str secret, bool *replay)
{
    int64_t token_id = t->id;
    bool first = false;

    t->app_id = a->app_id;
    t->user_id = a->user_id;
    t->account_id = a->account_id;
    t->scopes = a->scopes;
    t->scope_text = a->scope_text;
    t->created_ms = clock_ms();
    TRY(insert_token(c, t, secret));
    TRY(store_code_use(c, hash, &token_id, &first));
    *replay = !first;
    if (first)
        return ERR_OK;
    TRY(store_token_delete(c, t->id));
    service_event_logins(c);
    return store_token_delete(c, token_id);
}

enum err
service_code_exchange(struct ctx *c, struct app *a, struct str code, struct str redirect_uri, struct str verifier,
    struct token **out, struct str *secret)
{
    struct str hash = token_hash(c->mem, code);
    struct token *t = arena_new(c->mem, struct token);
    struct auth_code *row;
    bool replay;
    enum err e = store_code_get(c, hash, &row);

    if (e == ERR_NOT_FOUND)
        return refuse(c, "unknown");
    TRY(e);
    TRY(check_code(c, row, a, redirect_uri, verifier));
    t->id = id_new();
    *secret = token_new(c->mem);
    TRY(db_begin(c, DB_WRITE));
    TRY(exchange(c, hash, row, t, *secret, &replay));
    TRY(db_commit(c));
    if (replay)
        return refuse(c, "used before");
    *out = t;
    return ERR_OK;
}

/* ---- tokens ---------------------------------------------------------------------------------------------------- */

enum err
service_token_issue(struct ctx *c, const struct app *a, int64_t user_id, int64_t account_id, struct str scopes,
    struct str value, struct token **out, struct str *secret)
{
    struct token *t = arena_new(c->mem, struct token);

    if (value.p != NULL && (value.n < 16 || value.n > TOKEN_BYTES_MAX))
        return ctx_fail_public(c, ERR_INVALID, "a token has 16 to %d characters", TOKEN_BYTES_MAX);
    if (!scope_parse(scopes, &t->scopes) || t->scopes == 0)
        return ctx_fail_public(c, ERR_INVALID, "unknown scope");
    *t = (struct token){ .id = id_new(),
        .app_id = a->id,
        .user_id = user_id,
        .account_id = account_id,
        .scopes = t->scopes,
        .scope_text = service_scope_words(c->mem, scopes),
        .created_ms = clock_ms() };
    *secret = value.p != NULL ? value : token_new(c->mem);
    TRY(db_begin(c, DB_WRITE));
    TRY(insert_token(c, t, *secret));
    TRY(db_commit(c));
    *out = t;
    return ERR_OK;
}

/* Not worth failing a request for. */
static void
note_use(struct ctx *c, const struct token *t, struct str ip)
{
    int64_t now_ms = clock_ms();
    enum err e;

    if (t->used_ms + TOUCH_MS > now_ms)
        return;
    e = db_begin(c, DB_WRITE);
    if (e == ERR_OK)
        e = store_token_touch(c, t->id, now_ms, ip);
    if (e == ERR_OK && t->user_id != 0)
        e = store_user_touch(c, t->user_id, now_ms);
    e = db_end(c, e);
    if (e != ERR_OK)
        ctx_ok(c);
}

enum err
service_token_use(struct ctx *c, struct str secret, struct str ip, struct token **out)
{
    enum err e;

    if (secret.n == 0 || secret.n > TOKEN_BYTES_MAX)
        return ctx_fail(c, ERR_UNAUTHORIZED, "no token by its length");
    e = store_token_by_hash(c, token_hash(c->mem, secret), out);
    if (e == ERR_NOT_FOUND)
        return ctx_fail(c, ERR_UNAUTHORIZED, "unknown token");
    TRY(e);
    c->who = (struct who){ .user_id = (*out)->user_id,
        .moved = (*out)->moved,
        .account_id = (*out)->account_id,
        .token_id = (*out)->id,
        .app_id = (*out)->app_id,
        .scopes = (*out)->scopes,
        .permissions = (*out)->permissions };
    note_use(c, *out, ip);
    return ERR_OK;
}

const char *
service_token_refusal(const struct token *t)
{
    if (t->disabled || t->suspended)
        return "Your login is currently disabled";
    if (!t->confirmed)
        return "Your login is missing a confirmed e-mail address";
    if (!t->approved)
        return "Your login is currently pending approval";
    return NULL;
}

/* RFC 7009: of a token that is unknown or another app's, nothing is said. */
enum err
service_token_revoke(struct ctx *c, const struct app *a, struct str secret)
{
    struct token *t;
    enum err e = store_token_by_hash(c, token_hash(c->mem, secret), &t);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (t->app_id != a->id)
        return ctx_fail(c, ERR_FORBIDDEN, "a token of another app");
    TRY(db_begin(c, DB_WRITE));
    TRY(store_token_delete(c, t->id));
    service_event_logins(c);
    return db_commit(c);
}

enum err
service_token_list(struct ctx *c, int64_t user_id, struct tokens *out)
{
    return store_token_list(c, user_id, out);
}

enum err
service_token_end(struct ctx *c, int64_t user_id, int64_t token_id)
{
    struct tokens all;

    TRY(store_token_list(c, user_id, &all));
    for (size_t i = 0; i < all.n; i++) {
        if (all.v[i].id != token_id)
            continue;
        TRY(db_begin(c, DB_WRITE));
        TRY(store_token_delete(c, token_id));
        service_event_logins(c);
        return db_commit(c);
    }
    return ctx_fail(c, ERR_NOT_FOUND, "no such token of this user");
}
