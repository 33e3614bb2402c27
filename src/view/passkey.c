/* Passkeys: ours, not Mastodon's.  https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialcreationoptionsjson */
#include "base/b64.h"
#include "base/ctx.h"
#include "model/passkey.h"
#include "view/view.h"

enum { TIMEOUT_MS = 300000 }; /* as long as the challenge is good */

void
view_passkey(struct json *j, const struct passkey *p)
{
    json_obj(j, NULL);
    json_id(j, "id", p->id);
    json_str(j, "name", p->name);
    json_time(j, "created_at", p->created_ms);
    json_time_or_null(j, "last_used_at", p->used_ms);
    json_end(j);
}

static void
put_known(struct ctx *c, struct json *j, const struct passkeys *v)
{
    json_arr(j, "excludeCredentials");
    for (size_t i = 0; i < v->n; i++) {
        json_obj(j, NULL);
        json_str(j, "type", S("public-key"));
        json_str(j, "id", b64url_encode(c->mem, v->v[i].credential));
        json_end(j);
    }
    json_end(j);
}

void
view_passkey_options(struct ctx *c, struct json *j, const struct passkey_options *o)
{
    json_obj(j, NULL);
    json_obj(j, "rp");
    json_str(j, "id", o->rp_id);
    json_str(j, "name", o->rp_id);
    json_end(j);
    json_obj(j, "user");
    json_str(j, "id", b64url_encode(c->mem, o->user_handle));
    json_str(j, "name", o->name);
    json_str(j, "displayName", o->display_name);
    json_end(j);
    json_str(j, "challenge", b64url_encode(c->mem, o->challenge));
    json_arr(j, "pubKeyCredParams");
    for (size_t i = 0; i < o->n_algs; i++) {
        json_obj(j, NULL);
        json_str(j, "type", S("public-key"));
        json_int(j, "alg", o->algs[i]);
        json_end(j);
    }
    json_end(j);
    json_int(j, "timeout", TIMEOUT_MS);
    put_known(c, j, &o->known);
    json_obj(j, "authenticatorSelection");
    json_str(j, "residentKey", S("required"));
    json_bool(j, "requireResidentKey", true);
    json_str(j, "userVerification", S("required"));
    json_end(j);
    json_str(j, "attestation", S("none"));
    json_end(j);
}
