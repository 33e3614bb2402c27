/* /api/v1/apps: registering an application, and asking who a token belongs to. */
#include "api/handlers.h"
#include "base/arena.h"
#include "http/respond.h"
#include "service/token.h"
#include "view/view.h"

enum { REDIRECTS_MAX = 50 };

/* A list, or one text with a URI on each line. */
static enum err
read_redirects(struct ctx *c, const struct val *v, struct strs *out)
{
    struct str rest = val_str(v), line;

    *out = (struct strs){ .v = arena_vec(c->mem, struct str, REDIRECTS_MAX) };
    if (v->kind == VAL_ARR) {
        for (size_t i = 0; i < v->n && i < REDIRECTS_MAX; i++)
            out->v[out->n++] = val_str(val_at(v, i));
        return ERR_OK;
    }
    for (size_t i = 0; i < rest.n; i++) /* any white space parts them */
        if (rest.p[i] == '\r' || rest.p[i] == '\n' || rest.p[i] == ' ') {
            char *copy = arena_alloc(c->mem, rest.n, 1);

            memcpy(copy, rest.p, rest.n);
            for (size_t k = 0; k < rest.n; k++)
                if (copy[k] == '\r' || copy[k] == ' ')
                    copy[k] = '\n';
            rest.p = copy;
            break;
        }
    while (str_cut(&rest, '\n', &line))
        if (line.n > 0 && out->n < REDIRECTS_MAX)
            out->v[out->n++] = line;
    return ERR_OK;
}

struct app_form {
    struct str client_name, scopes, website;
    const struct val *redirect_uris;
};

enum err
api_app_create(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(app_form, client_name, P_STR, .max = 1000),
        FIELD(app_form, scopes, P_STR, .max = 4000),
        FIELD(app_form, website, P_STR, .max = 4000),
        FIELD(app_form, redirect_uris, P_VAL),
    };
    struct app_form f = { .redirect_uris = &val_null };
    struct app_params p;
    struct app *app;
    struct str secret;

    TRY(params_read(c, r, fields, lengthof(fields), &f));
    p = (struct app_params){ .client_name = f.client_name, .scopes = f.scopes, .website = f.website };
    TRY(read_redirects(c, f.redirect_uris, &p.redirect_uris));
    TRY(service_app_register(c, &p, &app, &secret));
    view_app(c, res_json(c, r, 200), app, secret);
    return ERR_OK;
}

enum err
api_app_verify(struct ctx *c, struct req *r)
{
    struct app *app;

    TRY(service_app_get(c, c->who.app_id, &app));
    view_app(c, res_json(c, r, 200), app, STR_NONE);
    return ERR_OK;
}
