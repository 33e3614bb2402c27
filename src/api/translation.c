/* Translation of posts.  https://docs.joinmastodon.org/methods/statuses/#translate */
#include "api/handlers.h"

#include "base/conf.h"
#include "http/params.h"
#include "http/respond.h"
#include "service/translate.h"
#include "view/view.h"

enum { LANGUAGE_BYTES_MAX = 16 };

enum err
api_status_translate(struct ctx *c, struct req *r)
{
    struct {
        struct str lang;
    } q = { S("") };
    static const struct field fields[] = { { .name = "lang", .type = P_STR, .max = LANGUAGE_BYTES_MAX } };
    struct translation t;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    if (q.lang.n == 0)
        q.lang = c->locale.n > 0 ? c->locale : S("en");
    TRY(service_translate(c, req_param_id(r, "status_id"), q.lang, &t));
    view_translation(res_json(c, r, 200), &t);
    return ERR_OK;
}

enum err
api_instance_translation_languages(struct ctx *c, struct req *r)
{
    const struct val *languages;

    TRY(service_translate_languages(c, &languages));
    view_translation_languages(res_json(c, r, 200), languages);
    return ERR_OK;
}
