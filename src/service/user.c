/* Users: confirming, approving, mail, and what operators do with them.  Signing up is in user_sign_up.c, logging in in user_login.c. */
#include "service/user.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "crypto/token.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/account.h"
#include "service/event.h"
#include "service/internal.h"
#include "service/notification.h"
#include "service/user_internal.h"
#include "store/account.h"
#include "store/app.h"
#include "store/login.h"
#include "store/user.h"
#include "text/email.h"

enum { CONFIRM_MS = 7 * DAY_MS, RESET_MS = 6 * HOUR_MS };

bool
service_user_confirms(const struct ctx *c)
{
    return c->env->conf->confirm_email && c->env->conf->smtp.n > 0;
}

/* ---- mail ------------------------------------------------------------------------------------------------------ */

/* name: of somebody whose row will be gone when the mail is sent; empty: it is looked up then.  login_id: what it is about, or 0. */
static enum err
put_mail(struct ctx *c, const struct user *u, const char *template, struct str to, struct str name, int64_t login_id)
{
    struct buf b;
    struct json j;

    if (c->env->conf->smtp.n == 0)
        return ERR_OK; /* nobody would carry it */
    buf_init(&b, c->mem, KB(4));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "template", str_z(template));
    json_id(&j, "user_id", u->id);
    json_str(&j, "to", to);
    if (login_id != 0)
        json_id(&j, "login_id", login_id);
    if (name.n > 0) {
        json_str(&j, "username", name);
        json_str(&j, "locale", u->locale);
    }
    json_end(&j);
    if (!json_done(&j))
        return ctx_fail(c, ERR_TOO_LARGE, "mail job");
    return queue_put(c, J_SEND_MAIL, buf_str(&b), NULL);
}

enum err
service_user_mail(struct ctx *c, const struct user *u, const char *template, struct str to)
{
    return put_mail(c, u, template, to, STR_NONE, 0);
}

enum err
service_user_mail_last(struct ctx *c, const struct user *u, const char *template, struct str name)
{
    return put_mail(c, u, template, u->email, name, 0);
}

enum err
service_user_mail_login(struct ctx *c, const struct user *u, int64_t login_id)
{
    return put_mail(c, u, USER_MAIL_LOGIN, u->email, STR_NONE, login_id);
}

static const struct {
    const char *template;
    enum mail_token_purpose purpose; /* 0: no link */
    int64_t valid_ms;
    const char *path;
} mails[] = {
    { USER_MAIL_CONFIRM, MAIL_TOKEN_CONFIRM, CONFIRM_MS, "/auth/confirmation?confirmation_token=" },
    { USER_MAIL_RESET, MAIL_TOKEN_RESET, RESET_MS, "/auth/password/edit?reset_password_token=" },
    { USER_MAIL_APPROVED, 0, 0, "/auth/welcome" },
    { USER_MAIL_PASSWORD, 0, 0, "/auth/password/new" },
    { USER_MAIL_EMAIL, MAIL_TOKEN_CONFIRM, CONFIRM_MS, "/auth/confirmation?confirmation_token=" },
    { USER_MAIL_EMAIL_OLD, 0, 0, "/settings/security" },
    { USER_MAIL_EMAIL_TAKEN, 0, 0, "/auth/sign_in" },
    { USER_MAIL_DELETED, 0, 0, "/" },
    { USER_MAIL_ARCHIVE, 0, 0, "/settings/archive" },
    { USER_MAIL_PASSKEY, 0, 0, "/settings/access" },
    { USER_MAIL_LOGIN, 0, 0, "/settings/security" },
};

static enum err
make_link(struct ctx *c, int64_t user_id, size_t i, struct str to, struct str *link)
{
    struct str token;

    *link = str_cat(c->mem, c->env->conf->origin, str_z(mails[i].path), STR_NONE);
    if (mails[i].purpose == 0)
        return ERR_OK;
    token = token_new(c->mem);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_mail_token_put(
        c, token_hash(c->mem, token), user_id, mails[i].purpose, to, clock_ms() + mails[i].valid_ms));
    TRY(db_commit(c));
    *link = str_cat(c->mem, *link, token, STR_NONE);
    return ERR_OK;
}

enum err
service_user_mail_open(struct ctx *c, const struct val *args, struct user_mail *out)
{
    struct account *a;
    struct user *u;
    int64_t id = 0, login_id = 0;

    if (!str_int(val_str(val_get(args, S("user_id"))), &id))
        return ctx_fail(c, ERR_INVALID, "mail job without a user");
    *out =
        (struct user_mail){ .template = val_str(val_get(args, S("template"))), .to = val_str(val_get(args, S("to"))) };
    out->username = val_str(val_get(args, S("username")));
    out->locale = val_str(val_get(args, S("locale")));
    if (out->username.n == 0) {
        TRY(store_user_get(c, id, &u));
        TRY(store_account_get(c, u->account_id, &a));
        out->username = a->username;
        out->locale = u->locale;
    }
    if (str_int(val_str(val_get(args, S("login_id"))), &login_id))
        TRY(store_login_get(c, login_id, &out->login));
    for (size_t i = 0; i < lengthof(mails); i++)
        if (str_eqz(out->template, mails[i].template))
            return make_link(c, id, i, out->to, &out->link);
    return ctx_fail(c, ERR_INVALID, "unknown mail");
}

/* ---- confirming, approving ------------------------------------------------------------------------------------- */

enum err
service_user_announce(struct ctx *c, const struct user *u)
{
    struct ids staff;

    TRY(store_user_staff(c, PERM_MANAGE_USERS, &staff));
    for (size_t i = 0; i < staff.n; i++)
        TRY(service_notify(c, staff.v[i], NOTIFY_ADMIN_SIGN_UP, u->account_id, 0));
    return ERR_OK;
}

/* In a write transaction. */
static enum err
confirm(struct ctx *c, struct str token, int64_t keep_session, struct user **out)
{
    struct str email;
    int64_t id;
    enum err e;

    TRY(store_mail_token_take(c, token_hash(c->mem, token), MAIL_TOKEN_CONFIRM, &id, &email));
    TRY(store_user_hold(c, id, out));
    if (str_eqi(email, (*out)->unconfirmed_email)) {
        (*out)->email = email;
        (*out)->unconfirmed_email = STR_NONE;
        TRY(service_user_end_all(c, id, keep_session, 0));
    } else if (!str_eqi(email, (*out)->email)) {
        return ctx_fail(c, ERR_NOT_FOUND, "the address was changed since");
    }
    if ((*out)->confirmed_ms == 0) {
        (*out)->confirmed_ms = clock_ms();
        TRY(service_user_announce(c, *out));
    }
    e = store_user_update(c, *out);
    return e == ERR_CONFLICT ? ctx_fail(c, ERR_NOT_FOUND, "the address is somebody else's by now") : e;
}

enum err
service_user_confirm(struct ctx *c, struct str token, int64_t keep_session, struct user **out)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(confirm(c, token, keep_session, out));
    return db_commit(c);
}

enum err
service_user_confirm_again(struct ctx *c, struct str new_email)
{
    struct user *u, *other;
    struct email parsed;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_user_hold(c, c->who.user_id, &u));
    if (u->confirmed_ms != 0 && u->unconfirmed_email.n == 0)
        return ctx_fail_public(
            c, ERR_FORBIDDEN, "This method is only available while the e-mail is awaiting confirmation");
    if (new_email.n > 0) {
        if (!email_parse(c->mem, new_email, &parsed))
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: E-mail address is invalid");
        if (store_user_by_email(c, parsed.text, &other) == ERR_OK && other->id != u->id)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: E-mail address has already been taken");
        ctx_ok(c);
        if (u->confirmed_ms == 0)
            u->email = parsed.text;
        else
            u->unconfirmed_email = parsed.text;
        TRY(store_user_update(c, u));
    }
    TRY(service_user_mail(c, u, USER_MAIL_CONFIRM, u->unconfirmed_email.n > 0 ? u->unconfirmed_email : u->email));
    return db_commit(c);
}

enum err
service_user_approve(struct ctx *c, int64_t id, bool yes)
{
    struct user *u;

    if (!yes) {
        TRY(store_user_get(c, id, &u));
        return service_account_delete(c, u->account_id);
    }
    TRY(db_begin(c, DB_WRITE));
    TRY(store_user_hold(c, id, &u));
    u->approved = true;
    TRY(store_user_update(c, u));
    TRY(service_user_mail(c, u, USER_MAIL_APPROVED, u->email));
    return db_commit(c);
}

/* ---- operators ------------------------------------------------------------------------------------------------- */

enum err
service_user_get(struct ctx *c, int64_t id, struct user **out)
{
    return store_user_get(c, id, out);
}

enum err
service_user_find(struct ctx *c, struct str name, struct user **out, struct account **account)
{
    enum err e;

    if (str_chr(name, '@') > 0) {
        TRY(store_user_by_email(c, name, out));
        return store_account_get(c, (*out)->account_id, account);
    }
    if (str_starts(name, S("@")))
        name = str_sub(name, 1, name.n);
    e = store_account_by_handle(c, name, S(""), account);
    if (e == ERR_OK)
        e = store_user_by_account(c, (*account)->id, out);
    if (e == ERR_NOT_FOUND)
        return ctx_fail_public(c, ERR_NOT_FOUND, "there is no user \"%.*s\"", STR_ARG(name));
    return e;
}

enum err
service_user_list(struct ctx *c, int64_t after_id, int64_t limit, struct users *out, struct accounts *accounts)
{
    struct ids ids;

    TRY(store_user_list(c, after_id, limit, out));
    ids = (struct ids){ arena_vec(c->mem, int64_t, out->n), out->n };
    for (size_t i = 0; i < out->n; i++)
        ids.v[i] = out->v[i].account_id;
    return store_account_list(c, &ids, accounts);
}

enum err
service_user_end_all(struct ctx *c, int64_t user_id, int64_t but_session, int64_t but_token)
{
    TRY(store_session_delete_all(c, user_id, but_session));
    service_event_logins(c);
    return store_token_delete_user(c, user_id, but_token);
}

enum err
service_user_end_account(struct ctx *c, const struct account *a)
{
    struct user *u;
    enum err e;

    if (!account_is_local(a))
        return ERR_OK;
    e = store_user_by_account(c, a->id, &u);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    return service_user_end_all(c, u->id, 0, 0);
}

/* In a write transaction. */
static enum err
change(struct ctx *c, const struct user_change *ch, struct user *u)
{
    struct email parsed;
    struct role role;

    if (ch->email.n > 0) {
        if (!email_parse(c->mem, ch->email, &parsed))
            return ctx_fail_public(c, ERR_INVALID, "%.*s is not an e-mail address", STR_ARG(ch->email));
        u->email = parsed.text;
        u->unconfirmed_email = STR_NONE;
    }
    if (ch->role.n > 0 && str_eqi(ch->role, S("none"))) {
        u->role_id = ROLE_EVERYONE;
    } else if (ch->role.n > 0) {
        if (store_role_by_name(c, ch->role, &role) != ERR_OK)
            return ctx_fail_public(c, ERR_NOT_FOUND, "there is no role \"%.*s\"", STR_ARG(ch->role));
        u->role_id = role.id;
    }
    if (ch->confirm && u->confirmed_ms == 0)
        u->confirmed_ms = clock_ms();
    if (ch->approve)
        u->approved = true;
    if (ch->disable >= 0)
        u->disabled = ch->disable != 0;
    if (ch->no_totp) {
        u->totp_secret = STR_NONE;
        TRY(store_backup_codes_set(c, u->id, &(struct strs){ 0 }));
    }
    TRY(store_user_update(c, u));
    if (ch->disable == 1 || ch->email.n > 0 || ch->no_totp)
        TRY(service_user_end_all(c, u->id, ch->keep_session, ch->keep_token));
    return ERR_OK;
}

enum err
service_user_change(struct ctx *c, int64_t id, const struct user_change *ch)
{
    struct user *u;
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_user_hold(c, id, &u));
    e = change(c, ch, u);
    if (e == ERR_CONFLICT)
        return ctx_fail_public(c, ERR_CONFLICT, "another user has that e-mail address");
    TRY(e);
    return db_commit(c);
}

enum err
service_role_find(struct ctx *c, struct str name, int64_t *id)
{
    struct role role;
    enum err e = store_role_by_name(c, name, &role);

    if (e == ERR_NOT_FOUND)
        return ctx_fail_public(c, ERR_NOT_FOUND, "there is no role \"%.*s\"", STR_ARG(name));
    TRY(e);
    *id = role.id;
    return ERR_OK;
}
