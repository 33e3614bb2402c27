/* How the caller logs in: sessions of browsers and apps, the second factor, address and password; and leaving. */
#include "api/handlers.h"
#include "http/limit.h"
#include "http/respond.h"
#include "service/login.h"
#include "service/token.h"
#include "service/user.h"
#include "view/view.h"

enum { PASSWORD_BYTES = 8192, CODE_BYTES = 64, EMAIL_BYTES = 400 };

/* Browsers first, then apps, in the order of the services. */
enum err
api_session_list(struct ctx *c, struct req *r)
{
    struct sessions browsers;
    struct tokens apps;
    struct json *j;

    TRY(service_session_list(c, c->who.user_id, &browsers));
    TRY(service_token_list(c, c->who.user_id, &apps));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < browsers.n; i++)
        view_session(j, &browsers.v[i]);
    for (size_t i = 0; i < apps.n; i++)
        view_session_app(j, &apps.v[i], apps.v[i].id == c->who.token_id);
    json_end(j);
    return ERR_OK;
}

/* The two kinds share one space of ids. */
enum err
api_session_end(struct ctx *c, struct req *r)
{
    int64_t id = req_param_id(r, "id");
    enum err e = service_session_end(c, c->who.user_id, id);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        e = service_token_end(c, c->who.user_id, id);
    }
    TRY(e);
    res_empty_object(c, r);
    return ERR_OK;
}

/* ---- the second factor ----------------------------------------------------------------------------------------------- */

struct totp_request {
    struct str password, secret, code;
};

static enum err
read_request(struct ctx *c, struct req *r, struct totp_request *q)
{
    static const struct field fields[] = {
        FIELD(totp_request, password, P_STR, .max = PASSWORD_BYTES, .required = true),
        FIELD(totp_request, secret, P_STR, .max = CODE_BYTES),
        FIELD(totp_request, code, P_STR, .max = CODE_BYTES),
    };

    *q = (struct totp_request){ 0 };
    TRY(params_read(c, r, fields, lengthof(fields), q));
    return service_user_check_password(c, c->who.user_id, q->password);
}

static enum err
answer_state(struct ctx *c, struct req *r)
{
    struct user *u;
    struct json *j;
    int64_t codes;

    TRY(service_user_get(c, c->who.user_id, &u));
    TRY(service_user_backup_codes_left(c, c->who.user_id, &codes));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_bool(j, "totp", u->totp_secret.n > 0);
    json_int(j, "backup_codes", codes);
    json_end(j);
    return ERR_OK;
}

enum err
api_two_factor_show(struct ctx *c, struct req *r)
{
    return answer_state(c, r);
}

/* A secret to be put into an app; nothing changes until a code proves that it is there. */
enum err
api_totp_new(struct ctx *c, struct req *r)
{
    struct totp_request q;
    struct str secret = S(""), uri;
    struct json *j;

    TRY(read_request(c, r, &q));
    TRY(service_user_totp_begin(c, c->who.user_id, &secret, &uri));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_str(j, "secret", secret);
    json_str(j, "uri", uri);
    json_end(j);
    return ERR_OK;
}

enum err
api_totp_enable(struct ctx *c, struct req *r)
{
    struct totp_request q;
    struct strs codes;
    struct json *j;

    TRY(read_request(c, r, &q));
    TRY(service_user_totp_enable(c, c->who.user_id, 0, c->who.token_id, q.secret, q.code, &codes));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_strs(j, "backup_codes", &codes);
    json_end(j);
    return ERR_OK;
}

enum err
api_totp_disable(struct ctx *c, struct req *r)
{
    struct totp_request q;

    TRY(read_request(c, r, &q));
    TRY(service_user_totp_disable(c, c->who.user_id, 0, c->who.token_id));
    return answer_state(c, r);
}

/* ---- address and password ---------------------------------------------------------------------------------------------- */

struct login_request {
    struct str password, new_password, email, code;
};

/* fields: which of them; whoever guesses passwords is slowed down. */
static enum err
read_login(struct ctx *c, struct req *r, const struct field *fields, size_t n, struct login_request *q)
{
    *q = (struct login_request){ 0 };
    TRY(params_read(c, r, fields, n, q));
    return limit_take_id(c, r, LIMIT_PASSWORD, c->who.user_id);
}

enum err
api_login_show(struct ctx *c, struct req *r)
{
    struct user *u;
    struct json *j;

    TRY(service_user_get(c, c->who.user_id, &u));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_str(j, "email", u->email);
    json_str_or_null(j, "unconfirmed_email", u->unconfirmed_email);
    json_bool(j, "totp", u->totp_secret.n > 0);
    json_end(j);
    return ERR_OK;
}

enum err
api_login_history(struct ctx *c, struct req *r)
{
    struct logins all;
    struct json *j;

    TRY(service_login_list(c, &all));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < all.n; i++)
        view_login(j, &all.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_login_email(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(login_request, email, P_STR, .max = EMAIL_BYTES, .required = true),
        FIELD(login_request, password, P_STR, .max = PASSWORD_BYTES, .required = true),
    };
    struct login_request q;
    bool waits;

    TRY(read_login(c, r, fields, lengthof(fields), &q));
    TRY(limit_take(c, r, LIMIT_MAIL, str_lower(c->mem, str_trim(q.email))));
    TRY(service_user_email_change(c, q.email, q.password, &waits));
    return api_login_show(c, r);
}

enum err
api_login_email_again(struct ctx *c, struct req *r)
{
    struct user *u;

    TRY(service_user_get(c, c->who.user_id, &u));
    TRY(limit_take(c, r, LIMIT_MAIL, str_lower(c->mem, u->unconfirmed_email.n > 0 ? u->unconfirmed_email : u->email)));
    TRY(service_user_email_again(c));
    return api_login_show(c, r);
}

enum err
api_login_email_cancel(struct ctx *c, struct req *r)
{
    TRY(service_user_email_cancel(c));
    return api_login_show(c, r);
}

enum err
api_login_password(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(login_request, password, P_STR, .max = PASSWORD_BYTES, .required = true),
        FIELD(login_request, new_password, P_STR, .max = PASSWORD_BYTES, .required = true),
    };
    struct login_request q;

    TRY(read_login(c, r, fields, lengthof(fields), &q));
    TRY(service_user_check_password(c, c->who.user_id, q.password));
    TRY(service_user_set_password(c, c->who.user_id, q.new_password, 0, c->who.token_id));
    return api_login_show(c, r);
}

/* ---- leaving ------------------------------------------------------------------------------------------------------------- */

enum err
api_login_leave(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(login_request, password, P_STR, .max = PASSWORD_BYTES, .required = true),
        FIELD(login_request, code, P_STR, .max = CODE_BYTES),
    };
    struct login_request q;

    TRY(read_login(c, r, fields, lengthof(fields), &q));
    TRY(service_user_leave(c, q.password, q.code));
    res_empty_object(c, r);
    return ERR_OK;
}
