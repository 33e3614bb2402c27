/* Our posts inside other sites.  https://oembed.com */
#include "api/handlers.h"

#include "base/conf.h"
#include "http/params.h"
#include "http/respond.h"
#include "service/status.h"
#include "view/view.h"

enum { WIDTH = 400, WIDTH_MAX = 2000, CACHE_AGE_S = 24 * 60 * 60, URL_MAX = 2048 };

/* The address is our own, and has nothing to escape. */
static struct str
frame(struct ctx *c, struct str url, int64_t width)
{
    return str_fmt(c->mem,
        "<iframe src=\"%.*s/embed\" width=\"%lld\" height=\"400\" style=\"max-width: 100%%; border: 0\" "
        "allowfullscreen=\"allowfullscreen\"></iframe>",
        STR_ARG(url), (long long)width);
}

static void
put(struct ctx *c, struct json *j, const struct status *s, int64_t width)
{
    const struct account *a = s->account;
    struct str name = a->display_name.n > 0 ? a->display_name : a->username;

    json_obj(j, NULL);
    json_str(j, "type", S("rich"));
    json_str(j, "version", S("1.0"));
    json_str(j, "title", str_cat(c->mem, name, S(": "), account_handle(c->mem, a, c->env->conf->domain), STR_NONE));
    json_str(j, "author_name", name);
    json_str(j, "author_url", view_url_account(c, a));
    json_str(j, "provider_name", c->env->conf->domain);
    json_str(j, "provider_url", str_cat(c->mem, c->env->conf->origin, S("/"), STR_NONE));
    json_int(j, "cache_age", CACHE_AGE_S);
    json_str(j, "html", frame(c, view_url_status(c, s), width));
    json_int(j, "width", width);
    json_null(j, "height");
    json_end(j);
}

enum err
api_oembed(struct ctx *c, struct req *r)
{
    struct oembed_request {
        struct str url, format;
        int64_t maxwidth;
    } q = { .maxwidth = WIDTH };
    static const struct field fields[] = {
        FIELD(oembed_request, url, P_STR, .max = URL_MAX, .required = true),
        FIELD(oembed_request, format, P_STR, .max = 16),
        FIELD(oembed_request, maxwidth, P_INT, .min = 1, .max = INT32_MAX),
    };
    struct status *s;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    if (q.format.n > 0 && !str_eqz(q.format, "json"))
        return ctx_fail(c, ERR_NOT_FOUND, "oEmbed in JSON only");
    TRY(service_status_of_url(c, q.url, &s));
    put(c, res_json(c, r, 200), s, MIN(q.maxwidth, (int64_t)WIDTH_MAX));
    return ERR_OK;
}
