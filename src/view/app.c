/* Application, CredentialApplication, Token. */
#include "view/view.h"

#include "base/ctx.h"

void
view_app(struct ctx *c, struct json *j, const struct app *a, struct str secret)
{
    struct str rest = a->redirect_uris, uri, words = a->scope_text, word;

    json_obj(j, NULL);
    json_id(j, "id", a->id);
    json_str(j, "name", a->name);
    json_str_or_null(j, "website", a->website);
    json_arr(j, "scopes");
    while (str_cut(&words, ' ', &word))
        if (word.n > 0)
            json_str(j, NULL, word);
    json_end(j);
    json_arr(j, "redirect_uris");
    while (str_cut(&rest, '\n', &uri))
        json_str(j, NULL, uri);
    json_end(j);
    json_str(j, "redirect_uri", a->redirect_uris);
    json_str(j, "vapid_key", c->env->push_key);
    if (secret.p != NULL) {
        json_str(j, "client_id", a->client_id);
        json_str(j, "client_secret", secret);
        json_int(j, "client_secret_expires_at", 0);
    }
    json_end(j);
}

void
view_token(struct ctx *c, struct json *j, const struct token *t, struct str secret)
{
    (void)c;
    json_obj(j, NULL);
    json_str(j, "access_token", secret);
    json_str(j, "token_type", S("Bearer"));
    json_str(j, "scope", t->scope_text);
    json_int(j, "created_at", t->created_ms / 1000);
    json_end(j);
}
