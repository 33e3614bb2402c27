/* Passkeys of the caller: keys that log in without a password. */
#include "api/handlers.h"
#include "base/b64.h"
#include "http/respond.h"
#include "service/passkey.h"
#include "service/user.h"
#include "view/view.h"

enum { PASSWORD_BYTES = 8192, NAME_BYTES = 1000, CLIENT_DATA_CHARS = 5500, ATTESTATION_CHARS = 22000 };

struct passkey_request {
    struct str password, name, client_data, attestation;
};

enum err
api_passkey_list(struct ctx *c, struct req *r)
{
    struct passkeys all;
    struct json *j;

    TRY(service_passkey_list(c, c->who.user_id, &all));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < all.n; i++)
        view_passkey(j, &all.v[i]);
    json_end(j);
    return ERR_OK;
}

/* The password is asked here; who can answer the challenge has given it. */
enum err
api_passkey_new(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(passkey_request, password, P_STR, .max = PASSWORD_BYTES, .required = true),
    };
    struct passkey_request q = { 0 };
    struct passkey_options o;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_user_check_password(c, c->who.user_id, q.password));
    TRY(service_passkey_options(c, c->who.user_id, c->who.token_id, &o));
    view_passkey_options(c, res_json(c, r, 200), &o);
    return ERR_OK;
}

enum err
api_passkey_create(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(passkey_request, name, P_STR, .max = NAME_BYTES, .required = true),
        FIELD(passkey_request, client_data, P_STR, .max = CLIENT_DATA_CHARS, .required = true),
        FIELD(passkey_request, attestation, P_STR, .max = ATTESTATION_CHARS, .required = true),
    };
    struct passkey_request q = { 0 };
    struct str client_data, attestation;
    struct passkey *p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    if (!b64url_decode(c->mem, q.client_data, &client_data) || !b64url_decode(c->mem, q.attestation, &attestation))
        return ctx_fail_public(c, ERR_INVALID, "The passkey was not accepted");
    TRY(service_passkey_add(c, c->who.user_id, c->who.token_id, q.name, client_data, attestation, &p));
    view_passkey(res_json(c, r, 200), p);
    return ERR_OK;
}

enum err
api_passkey_update(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(passkey_request, name, P_STR, .max = NAME_BYTES, .required = true),
    };
    struct passkey_request q = { 0 };
    struct passkey *p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_passkey_rename(c, c->who.user_id, req_param_id(r, "id"), q.name, &p));
    view_passkey(res_json(c, r, 200), p);
    return ERR_OK;
}

enum err
api_passkey_delete(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(passkey_request, password, P_STR, .max = PASSWORD_BYTES, .required = true),
    };
    struct passkey_request q = { 0 };

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_user_check_password(c, c->who.user_id, q.password));
    TRY(service_passkey_remove(c, c->who.user_id, req_param_id(r, "id"), c->who.token_id));
    res_empty_object(c, r);
    return ERR_OK;
}
