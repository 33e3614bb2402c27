/* Logging in: passwords, second factor, sessions.  What takes long (hashing) happens outside transactions. */
#include "service/user.h"

#include "base/arena.h"
#include "base/b64.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/utf8.h"
#include "crypto/password.h"
#include "crypto/secretbox.h"
#include "crypto/token.h"
#include "crypto/totp.h"
#include "db/db.h"
#include "service/user_internal.h"
#include "store/user.h"

enum {
    SESSION_IDLE_DAYS = 30,
    SESSION_TOUCH_MS = HOUR_MS,
    TICKET_MS = 10 * MINUTE_MS,
    SESSIONS_MAX = 10,
    BACKUP_CODES = 10,
    BACKUP_CODE_GROUPS = 3, /* 59 bits */
    AGENT_CHARS_MAX = 250,
};

/* ---- second factor --------------------------------------------------------------------------------------------- */

static struct str
totp_context(struct arena *mem, int64_t user_id)
{
    return str_fmt(mem, "user.totp:%lld", (long long)user_id);
}

/* Codes for people are typed in any case, with or without the dashes. */
static struct str
backup_hash(struct arena *mem, struct str code)
{
    struct buf b;

    buf_init(&b, mem, 64);
    for (size_t i = 0; i < code.n; i++)
        if (code.p[i] != '-' && code.p[i] != ' ')
            buf_putc(&b, code.p[i]);
    return buf_ok(&b) ? token_hash(mem, str_lower(mem, buf_str(&b))) : STR_NONE;
}

/* In a write transaction, so that a code counts once. */
static enum err
use_code(struct ctx *c, int64_t user_id, struct str code, bool *ok)
{
    struct user *u;
    struct str secret, hash;
    int64_t step;

    *ok = false;
    TRY(store_user_get(c, user_id, &u));
    if (secret_box_unseal(c->env->box, c->mem, totp_context(c->mem, u->id), u->totp_secret, &secret) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "the second factor of user %lld does not open", (long long)u->id);
    if (totp_verify(secret, code, clock_ms(), u->totp_last_step, &step))
        return store_user_totp_step(c, u->id, step, ok);
    hash = backup_hash(c->mem, code);
    return hash.n == 0 ? ERR_OK : store_backup_code_take(c, u->id, hash, ok);
}

enum err
service_user_use_code(struct ctx *c, int64_t id, struct str code, bool *ok)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(use_code(c, id, str_trim(code), ok));
    return db_commit(c);
}

enum err
service_user_ticket(struct ctx *c, const struct user *u, struct str *out)
{
    struct str plain = str_fmt(c->mem, "%lld %lld %.*s", (long long)u->id, (long long)(clock_ms() + TICKET_MS),
        STR_ARG(token_hash(c->mem, u->password)));

    *out = b64url_encode(c->mem, secret_box_seal(c->env->box, c->mem, S("user.ticket"), plain));
    return ERR_OK;
}

enum err
service_user_ticket_open(struct ctx *c, struct str ticket, struct user **out)
{
    struct str sealed, plain, first, until;
    int64_t id, until_ms;

    if (!b64url_decode(c->mem, ticket, &sealed) ||
        secret_box_unseal(c->env->box, c->mem, S("user.ticket"), sealed, &plain) != ERR_OK)
        return ctx_fail(c, ERR_INVALID, "no ticket");
    if (!str_cut(&plain, ' ', &first) || !str_int(first, &id) || !str_cut(&plain, ' ', &until) ||
        !str_int(until, &until_ms) || until_ms < clock_ms())
        return ctx_fail(c, ERR_INVALID, "an old ticket");
    TRY(store_user_get(c, id, out));
    return str_eq_secret(plain, token_hash(c->mem, (*out)->password))
               ? ERR_OK
               : ctx_fail(c, ERR_INVALID, "a ticket from before another password");
}

static enum err
check_second_factor(struct ctx *c, const struct user *u, struct str code, bool *needs_totp)
{
    bool ok;

    if (u->totp_secret.n == 0)
        return ERR_OK;
    *needs_totp = true;
    code = str_trim(code);
    if (code.n == 0)
        return ctx_fail(c, ERR_UNAUTHORIZED, "a second factor is needed");
    TRY(service_user_use_code(c, u->id, code, &ok));
    return ok ? ERR_OK : ctx_fail(c, ERR_UNAUTHORIZED, "wrong second factor");
}

enum err
service_user_totp_begin(struct ctx *c, int64_t id, struct str *secret, struct str *uri)
{
    struct user *u;

    TRY(store_user_get(c, id, &u));
    if (secret->n == 0)
        *secret = totp_secret_new(c->mem);
    *uri = totp_url(c->mem, *secret, c->env->conf->domain, u->email);
    return ERR_OK;
}

/* In a write transaction. */
static enum err
enable(struct ctx *c, int64_t id, struct str secret, int64_t step, struct strs *codes)
{
    struct strs hashes = { arena_vec(c->mem, struct str, BACKUP_CODES), BACKUP_CODES };
    struct user *u;

    *codes = (struct strs){ arena_vec(c->mem, struct str, BACKUP_CODES), BACKUP_CODES };
    for (size_t i = 0; i < BACKUP_CODES; i++) {
        codes->v[i] = token_new_code(c->mem, BACKUP_CODE_GROUPS);
        hashes.v[i] = backup_hash(c->mem, codes->v[i]);
    }
    TRY(store_user_hold(c, id, &u));
    u->totp_secret = secret_box_seal(c->env->box, c->mem, totp_context(c->mem, id), secret);
    u->totp_last_step = step;
    TRY(store_user_update(c, u));
    return store_backup_codes_set(c, id, &hashes);
}

enum err
service_user_totp_enable(struct ctx *c, int64_t id, int64_t keep_session, int64_t keep_token, struct str secret,
    struct str code, struct strs *backup_codes)
{
    int64_t step;

    if (!totp_verify(secret, str_trim(code), clock_ms(), -1, &step))
        return ctx_fail_public(c, ERR_INVALID, "The code is wrong");
    TRY(db_begin(c, DB_WRITE));
    TRY(enable(c, id, secret, step, backup_codes));
    TRY(service_user_end_all(c, id, keep_session, keep_token));
    return db_commit(c);
}

enum err
service_user_totp_disable(struct ctx *c, int64_t id, int64_t keep_session, int64_t keep_token)
{
    return service_user_change(c, id,
        &(struct user_change){
            .no_totp = true, .disable = -1, .keep_session = keep_session, .keep_token = keep_token });
}

/* ---- passwords ------------------------------------------------------------------------------------------------- */

/* The hash is of an older kind: now that the password is known, a better one, unless it was changed meanwhile.  A failure only means: next time. */
static void
rehash(struct ctx *c, struct user *u, struct str password)
{
    bool done = false;
    struct str hash;
    enum err e = password_hash(c->env->passwords, c->mem, password, &hash);

    if (e == ERR_OK)
        e = db_begin(c, DB_WRITE);
    if (e == ERR_OK)
        e = store_user_rehash(c, u->id, u->password, hash, &done);
    e = db_end(c, e);
    if (e != ERR_OK)
        ctx_ok(c);
    else if (done)
        u->password = hash;
}

enum err
service_user_log_in(
    struct ctx *c, struct str email, struct str password, struct str code, bool *needs_totp, struct user **out)
{
    bool ok = false, old = false;
    enum err e;

    *out = NULL;
    *needs_totp = false;
    e = store_user_by_email(c, str_trim(email), out);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    db_rollback(c); /* no connection is held while the password is hashed */
    TRY(password_verify(c->env->passwords, str_sub(password, 0, PASSWORD_BYTES_MAX),
        e == ERR_OK ? (*out)->password : S(""), &ok, &old));
    if (!ok || e != ERR_OK || password.n > PASSWORD_BYTES_MAX)
        return ctx_fail(c, ERR_UNAUTHORIZED, "wrong e-mail or password");
    TRY(check_second_factor(c, *out, code, needs_totp));
    if (old)
        rehash(c, *out, password);
    return ERR_OK;
}

enum err
service_user_check_password(struct ctx *c, int64_t id, struct str password)
{
    bool ok = false, old;
    struct user *u;

    TRY(store_user_get(c, id, &u));
    db_rollback(c); /* no connection is held while the password is hashed */
    TRY(password_verify(c->env->passwords, str_sub(password, 0, PASSWORD_BYTES_MAX), u->password, &ok, &old));
    if (!ok || password.n > PASSWORD_BYTES_MAX)
        return ctx_fail_public(c, ERR_FORBIDDEN, "The password is wrong");
    return ERR_OK;
}

enum err
service_user_backup_codes_left(struct ctx *c, int64_t id, int64_t *n)
{
    return store_backup_codes_left(c, id, n);
}

/* In a write transaction. */
static enum err
put_password(struct ctx *c, int64_t id, struct str hash, int64_t keep_session, int64_t keep_token)
{
    struct user *u;

    TRY(store_user_hold(c, id, &u));
    u->password = hash;
    TRY(store_user_update(c, u));
    TRY(service_user_mail(c, u, USER_MAIL_PASSWORD, u->email));
    return service_user_end_all(c, id, keep_session, keep_token);
}

static enum err
make_hash(struct ctx *c, struct str password, struct str *hash)
{
    const char *code, *text = service_user_password_problem(password, &code);

    if (text != NULL)
        return ctx_fail_public(c, ERR_INVALID, "Password %s", ctx_tr(c, text).p);
    db_rollback(c);
    return password_hash(c->env->passwords, c->mem, password, hash);
}

enum err
service_user_set_password(struct ctx *c, int64_t id, struct str password, int64_t keep_session, int64_t keep_token)
{
    struct str hash;

    TRY(make_hash(c, password, &hash));
    TRY(db_begin(c, DB_WRITE));
    TRY(put_password(c, id, hash, keep_session, keep_token));
    return db_commit(c);
}

enum err
service_user_request_reset(struct ctx *c, struct str email)
{
    struct user *u;
    enum err e = store_user_by_email(c, str_trim(email), &u);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    TRY(db_begin(c, DB_WRITE));
    TRY(service_user_mail(c, u, USER_MAIL_RESET, u->email));
    return db_commit(c);
}

/* In a write transaction. */
static enum err
reset(struct ctx *c, struct str token, struct str hash)
{
    struct user *u;
    struct str email;
    int64_t id;

    TRY(store_mail_token_take(c, token_hash(c->mem, token), MAIL_TOKEN_RESET, &id, &email));
    TRY(store_user_hold(c, id, &u));
    if (!str_eqi(u->email, email))
        return ctx_fail(c, ERR_NOT_FOUND, "the address was changed since");
    if (u->confirmed_ms == 0) { /* who reads the mail owns the address */
        u->confirmed_ms = clock_ms();
        TRY(store_user_update(c, u));
    }
    return put_password(c, id, hash, 0, 0);
}

enum err
service_user_reset(struct ctx *c, struct str token, struct str password)
{
    struct str hash;

    TRY(make_hash(c, password, &hash));
    TRY(db_begin(c, DB_WRITE));
    TRY(reset(c, token, hash));
    return db_commit(c);
}

/* ---- sessions -------------------------------------------------------------------------------------------------- */

/* In a write transaction: the new session and the newest of the others stay. */
static enum err
drop_oldest(struct ctx *c, int64_t user_id)
{
    struct sessions all;
    bool removed;

    TRY(store_session_list(c, user_id, &all));
    for (size_t i = SESSIONS_MAX; i < all.n; i++)
        TRY(store_session_delete(c, user_id, all.v[i].id, &removed));
    return ERR_OK;
}

/* In a write transaction: what proved that it is this user may have ended meanwhile, with every session that there was. */
static enum err
still_proven(struct ctx *c, const struct user *u)
{
    struct user *now;

    TRY(store_user_hold(c, u->id, &now));
    return str_eq(now->password, u->password) && now->disabled == u->disabled
               ? ERR_OK
               : ctx_fail(c, ERR_UNAUTHORIZED, "user %lld was changed during the log-in", (long long)u->id);
}

enum err
service_session_begin(struct ctx *c, const struct user *u, struct str user_agent, struct str ip, struct str *token)
{
    struct session s = { .id = id_new(),
        .user_id = u->id,
        .csrf = token_new(c->mem),
        .user_agent = utf8_cut(utf8_clean(c->mem, user_agent, true), AGENT_CHARS_MAX),
        .ip = ip,
        .created_ms = clock_ms(),
        .used_ms = clock_ms() };

    *token = token_new(c->mem);
    TRY(db_begin(c, DB_WRITE));
    TRY(still_proven(c, u)); /* holds the row: two log-ins count each other's sessions */
    TRY(store_user_touch(c, u->id, s.used_ms));
    TRY(store_session_insert(c, &s, token_hash(c->mem, *token)));
    TRY(drop_oldest(c, u->id));
    return db_commit(c);
}

static void
note_use(struct ctx *c, const struct session *s, struct str ip)
{
    int64_t now_ms = clock_ms();
    enum err e;

    if (s->used_ms + SESSION_TOUCH_MS > now_ms)
        return;
    e = db_begin(c, DB_WRITE);
    if (e == ERR_OK)
        e = store_session_touch(c, s->id, now_ms, ip);
    if (e == ERR_OK)
        e = store_user_touch(c, s->user_id, now_ms);
    e = db_end(c, e);
    if (e != ERR_OK)
        ctx_ok(c);
}

enum err
service_session_use(struct ctx *c, struct str token, struct str ip, struct session **s, struct user **u)
{
    int64_t idle_ms = (int64_t)SESSION_IDLE_DAYS * DAY_MS;

    TRY(store_session_by_hash(c, token_hash(c->mem, token), clock_ms() - idle_ms, s));
    TRY(store_user_get(c, (*s)->user_id, u));
    note_use(c, *s, ip);
    return ERR_OK;
}

enum err
service_session_list(struct ctx *c, int64_t user_id, struct sessions *out)
{
    return store_session_list(c, user_id, out);
}

enum err
service_session_end(struct ctx *c, int64_t user_id, int64_t id)
{
    bool removed;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_session_delete(c, user_id, id, &removed));
    TRY(db_commit(c));
    return removed ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "no such session of this user");
}

enum err
service_session_end_all(struct ctx *c, int64_t user_id)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(service_user_end_all(c, user_id, 0, 0));
    return db_commit(c);
}
