/* What people do about their own log-in: another address, and leaving.  Passwords are in user_login.c. */
#include "service/user.h"

#include "base/conf.h"
#include "db/db.h"
#include "service/account.h"
#include "service/user_internal.h"
#include "store/account.h"
#include "store/user.h"
#include "text/email.h"

/* ---- another address --------------------------------------------------------------------------------------------- */

/* In a write transaction: the link to the address that waits, or, when it is somebody else's, a word to them. */
static enum err
send_link(struct ctx *c, const struct user *u)
{
    struct user *other;
    enum err e = store_user_by_email(c, u->unconfirmed_email, &other);

    if (e == ERR_OK)
        return service_user_mail(c, other, USER_MAIL_EMAIL_TAKEN, other->email);
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return service_user_mail(c, u, USER_MAIL_EMAIL, u->unconfirmed_email);
}

/* In a write transaction. */
static enum err
want(struct ctx *c, struct str email)
{
    struct user *u;

    TRY(store_user_hold(c, c->who.user_id, &u));
    u->unconfirmed_email = email;
    TRY(store_user_update(c, u));
    TRY(send_link(c, u));
    return service_user_mail(c, u, USER_MAIL_EMAIL_OLD, u->email);
}

enum err
service_user_email_change(struct ctx *c, struct str email, struct str password, bool *waits)
{
    struct email parsed;
    struct user *u;

    *waits = c->env->conf->smtp.n > 0;
    if (!email_parse(c->mem, email, &parsed))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: E-mail address is invalid");
    TRY(service_user_check_password(c, c->who.user_id, password));
    TRY(store_user_get(c, c->who.user_id, &u));
    if (str_eqi(parsed.text, u->email))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: This is your address already");
    if (!*waits)
        return service_user_change(
            c, u->id, &(struct user_change){ .email = parsed.text, .disable = -1, .keep_token = c->who.token_id });
    TRY(db_begin(c, DB_WRITE));
    TRY(want(c, parsed.text));
    return db_commit(c);
}

enum err
service_user_email_again(struct ctx *c)
{
    struct user *u;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_user_get(c, c->who.user_id, &u));
    if (u->unconfirmed_email.n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "no address waits");
    TRY(send_link(c, u));
    return db_commit(c);
}

enum err
service_user_email_cancel(struct ctx *c)
{
    struct user *u;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_user_hold(c, c->who.user_id, &u));
    u->unconfirmed_email = STR_NONE; /* links that were sent name it, and so lead nowhere */
    TRY(store_user_update(c, u));
    return db_commit(c);
}

/* ---- leaving ------------------------------------------------------------------------------------------------------- */

enum err
service_user_leave(struct ctx *c, struct str password, struct str code)
{
    struct account *a;
    struct user *u;
    bool ok = true;

    TRY(service_user_check_password(c, c->who.user_id, password));
    TRY(store_user_get(c, c->who.user_id, &u));
    if (u->totp_secret.n > 0)
        TRY(service_user_use_code(c, u->id, code, &ok));
    if (!ok)
        return ctx_fail_public(c, ERR_FORBIDDEN, "The code is wrong");
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_hold(c, u->account_id, &a));
    TRY(service_user_mail_last(c, u, USER_MAIL_DELETED, a->username));
    TRY(service_account_delete_in(c, a));
    TRY(store_user_delete(c, u->id));
    return db_commit(c);
}
