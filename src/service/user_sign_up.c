/* Signing up: what is checked, with Mastodon's codes for what is wrong, and what comes into being. */
#include "service/user.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/date.h"
#include "base/id.h"
#include "base/log.h"
#include "base/utf8.h"
#include "crypto/password.h"
#include "db/db.h"
#include "service/account.h"
#include "service/instance.h"
#include "service/invite.h"
#include "service/relation.h"
#include "service/user_internal.h"
#include "store/account.h"
#include "store/user.h"
#include "text/email.h"
#include "text/i18n.h"

enum { PASSWORD_CHARS_MIN = 8, REASON_CHARS_MAX = 420, AGE_MAX = 150 };

/* ---- what is wrong --------------------------------------------------------------------------------------------- */

static void
add(struct sign_up_problems *why, const char *field, const char *code, const char *text)
{
    CHECK(why->n < lengthof(why->v));
    why->v[why->n++] = (struct sign_up_problem){ field, code, text };
}

static enum err
check_username(struct ctx *c, struct str name, bool by_admin, struct sign_up_problems *why)
{
    struct account *a;
    bool reserved;
    enum err e;

    if (name.n == 0) {
        add(why, "username", "ERR_BLANK", N_("can't be blank"));
        return ERR_OK;
    }
    if (name.n > 30) {
        add(why, "username", "ERR_TOO_LONG", N_("is too long (maximum is 30 characters)"));
        return ERR_OK;
    }
    if (!account_username_ok(name)) {
        add(why, "username", "ERR_INVALID", N_("must contain only letters, numbers and underscores"));
        return ERR_OK;
    }
    TRY(store_account_name_reserved(c, name, &reserved));
    /* The command line may give out "admin", but nobody a name that somebody else had. */
    if (reserved || (!by_admin && account_username_reserved(name))) {
        add(why, "username", "ERR_RESERVED", N_("is reserved"));
        return ERR_OK;
    }
    e = store_account_by_handle(c, name, S(""), &a);
    if (e == ERR_OK)
        add(why, "username", "ERR_TAKEN", N_("has already been taken"));
    else if (e == ERR_NOT_FOUND)
        ctx_ok(c);
    else
        return e;
    return ERR_OK;
}

/* *email gets the address as it may be used. */
static enum err
check_email(struct ctx *c, struct str text, struct str *email, struct sign_up_problems *why)
{
    struct email parsed;
    struct user *u;
    enum err e;

    if (str_trim(text).n == 0) {
        add(why, "email", "ERR_BLANK", N_("can't be blank"));
        return ERR_OK;
    }
    if (!email_parse(c->mem, text, &parsed)) {
        add(why, "email", "ERR_INVALID", N_("is not a valid e-mail address"));
        return ERR_OK;
    }
    *email = parsed.text;
    e = store_user_by_email(c, parsed.text, &u);
    if (e == ERR_OK)
        add(why, "email", "ERR_TAKEN", N_("has already been taken"));
    else if (e == ERR_NOT_FOUND)
        ctx_ok(c);
    else
        return e;
    return ERR_OK;
}

const char *
service_user_password_problem(struct str password, const char **code)
{
    size_t chars = utf8_count(password);

    *code = password.n == 0                     ? "ERR_BLANK"
            : chars < PASSWORD_CHARS_MIN        ? "ERR_TOO_SHORT"
            : password.n > PASSWORD_BYTES_MAX   ? "ERR_TOO_LONG"
            : memchr(password.p, 0, password.n) ? "ERR_INVALID"
                                                : NULL;
    return password.n == 0                     ? N_("can't be blank")
           : chars < PASSWORD_CHARS_MIN        ? N_("is too short (minimum is 8 characters)")
           : password.n > PASSWORD_BYTES_MAX   ? N_("is too long (maximum is 1024 bytes)")
           : memchr(password.p, 0, password.n) ? N_("is invalid")
                                               : NULL;
}

static void
check_password(struct str password, struct sign_up_problems *why)
{
    const char *code, *text = service_user_password_problem(password, &code);

    if (text != NULL)
        add(why, "password", code, text);
}

/* The birthday `years` after a day of birth has come: compared as text, year-month-day. */
static bool
is_old_enough(struct arena *mem, struct str birth, int64_t years)
{
    struct str today = date_day(mem, clock_ms());
    int64_t year;

    return str_int(str_sub(birth, 0, 4), &year) &&
           str_cmp(str_fmt(mem, "%04lld%.*s", (long long)(year + years), STR_ARG(str_sub(birth, 4, 10))), today) <= 0;
}

static void
check_age(struct ctx *c, struct str birth, int64_t min_age, struct sign_up_problems *why)
{
    int64_t ms, now_ms = clock_ms();

    if (min_age <= 0)
        return;
    if (birth.n == 0)
        add(why, "date_of_birth", "ERR_BLANK", N_("can't be blank"));
    else if (birth.n != 10 || !date_parse(birth, &ms) || ms > now_ms || ms < now_ms - AGE_MAX * 366 * (int64_t)DAY_MS)
        add(why, "date_of_birth", "ERR_INVALID", N_("is invalid"));
    else if (!is_old_enough(c->mem, birth, min_age))
        add(why, "date_of_birth", "ERR_BELOW_LIMIT", N_("is below the age limit"));
}

static void
check_person(struct ctx *c, const struct sign_up *s, const struct instance_info *info, bool invited,
    struct sign_up_problems *why)
{
    if (!s->agreement)
        add(why, "agreement", "ERR_ACCEPTED", N_("must be accepted"));
    if (utf8_count(s->reason) > REASON_CHARS_MAX)
        add(why, "reason", "ERR_TOO_LONG", N_("is too long (maximum is 420 characters)"));
    else if (!invited && str_eqz(info->registrations, "approval") && info->reason_required &&
             str_trim(s->reason).n == 0)
        add(why, "reason", "ERR_BLANK", N_("can't be blank"));
    check_age(c, s->date_of_birth, info->min_age, why);
}

/* ---- what comes into being ------------------------------------------------------------------------------------- */

static struct str
known_locale(struct str locale)
{
    struct strs all = text_locales();

    for (size_t i = 0; i < all.n; i++)
        if (str_eqi(locale, all.v[i]))
            return all.v[i];
    return text_locale_match(locale);
}

static void
fill_user(const struct ctx *c, const struct sign_up *s, struct str email, struct str mode, struct user *u)
{
    u->id = id_new();
    u->email = email;
    u->created_ms = clock_ms();
    u->role_id = s->by_admin && s->role_id != 0 ? s->role_id : ROLE_EVERYONE;
    u->confirmed_ms = s->confirmed || !service_user_confirms(c) ? u->created_ms : 0;
    u->approved = s->approved || (!s->by_admin && !str_eqz(mode, "approval"));
    u->locale = known_locale(s->locale);
    u->reason = str_trim(s->reason);
    u->sign_up_ip = s->ip;
    u->app_id = s->app_id;
}

/* In a write transaction. */
static enum err
insert(struct ctx *c, const struct sign_up *s, const struct invite *invite, struct user *u)
{
    bool approved = false;
    struct account *a;

    if (invite != NULL)
        TRY(service_invite_use(c, invite, &approved));
    u->approved = u->approved || approved;
    TRY(service_account_insert_local(c, s->username, &a));
    TRY(store_user_insert(c, u));
    TRY(store_membership_put(c, u->id, a->id, MEMBER_OWNER, true));
    u->account_id = a->id;
    if (u->confirmed_ms == 0)
        return service_user_mail(c, u, USER_MAIL_CONFIRM, u->email);
    return s->by_admin ? ERR_OK : service_user_announce(c, u);
}

/* Two people asked for the same name at the same time: say which, as if the check had seen it. */
static enum err
explain_conflict(struct ctx *c, const struct sign_up *s, struct sign_up_problems *why)
{
    struct str email;

    ctx_ok(c);
    TRY(check_username(c, s->username, s->by_admin, why));
    TRY(check_email(c, s->email, &email, why));
    return ctx_fail(c, why->n > 0 ? ERR_INVALID : ERR_CONFLICT, "taken meanwhile");
}

/* NULL: none, or none that is valid any more. */
static enum err
find_invite(struct ctx *c, struct str code, struct invite **out)
{
    enum err e = code.n > 0 ? service_invite_find(c, code, out) : ERR_UNAUTHORIZED;

    if (e == ERR_OK)
        return ERR_OK;
    *out = NULL;
    ctx_ok(c);
    return e == ERR_UNAUTHORIZED ? ERR_OK : e;
}

/* Whoever invited asked for it.  The sign-up stands whatever becomes of this. */
static void
follow_inviter(struct ctx *c, const struct user *u, const struct invite *i)
{
    const struct who before = c->who;
    struct relation r;

    if (!i->autofollow)
        return;
    c->who = (struct who){ .user_id = u->id, .account_id = u->account_id };
    if (service_relation_follow(c, i->account_id, &(struct follow_params){ .reblogs = -1, .notify = -1 }, &r) !=
        ERR_OK) {
        log_info(c, "invite.no_follow", LOG_INT("account", u->account_id));
        db_rollback(c);
        ctx_ok(c);
    }
    c->who = before;
}

enum err
service_user_sign_up(struct ctx *c, const struct sign_up *s, struct sign_up_problems *why, struct user **out)
{
    struct user *u = arena_new(c->mem, struct user);
    struct instance_info info;
    struct str email = STR_NONE;
    struct invite *invite;
    enum err e;

    why->n = 0;
    TRY(find_invite(c, s->invite, &invite));
    TRY(service_instance_settings(c, &info));
    if (!s->by_admin && invite == NULL && str_eqz(info.registrations, "closed"))
        return ctx_fail_public(c, ERR_FORBIDDEN, "Registrations are closed on this server");
    TRY(check_username(c, s->username, s->by_admin, why));
    TRY(check_email(c, s->email, &email, why));
    check_password(s->password, why);
    if (!s->by_admin)
        check_person(c, s, &info, invite != NULL, why);
    if (why->n > 0)
        return ctx_fail(c, ERR_INVALID, "sign-up: %s %s", why->v[0].field, why->v[0].code);
    db_rollback(c); /* nothing is held while the password is hashed */
    fill_user(c, s, email, info.registrations, u);
    TRY(password_hash(c->env->passwords, c->mem, s->password, &u->password));
    TRY(db_begin(c, DB_WRITE));
    e = db_end(c, insert(c, s, invite, u));
    if (e == ERR_CONFLICT)
        return explain_conflict(c, s, why);
    TRY(e);
    if (invite != NULL)
        follow_inviter(c, u, invite);
    return store_user_get(c, u->id, out);
}
