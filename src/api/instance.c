/* /api/v1/instance and what hangs on it, custom emoji. */
#include "api/handlers.h"
#include "base/clock.h"
#include "base/date.h"
#include "http/respond.h"
#include "service/domain.h"
#include "service/instance.h"
#include "service/setting.h"
#include "view/instance.h"
#include "view/view.h"

/* Made as for nobody, whoever asks: it is answered to everybody for a minute, and caches on the way may keep it longer. */
static enum err
make(struct ctx *c, enum instance_answer which, struct str *out)
{
    struct who who = c->who;
    struct instance_info info;
    struct json j;
    struct buf b;

    TRY(service_instance_get(c, &info));
    buf_init(&b, c->mem, RES_BODY_BYTES_MAX);
    json_init(&j, &b);
    c->who = (struct who){ 0 };
    if (which == INSTANCE_V2)
        view_instance(c, &j, &info);
    else
        view_instance_v1(c, &j, &info);
    c->who = who;
    if (!json_done(&j))
        return ctx_fail(c, ERR_TOO_LARGE, "the description of the server is too large");
    *out = buf_str(&b);
    return ERR_OK;
}

static enum err
answer(struct ctx *c, struct req *r, enum instance_answer which)
{
    struct str body;
    int64_t version;

    TRY(service_instance_answer(c, which, &body, &version));
    if (body.n == 0) {
        TRY(make(c, which, &body));
        service_instance_answer_keep(which, version, body);
    }
    res_text(c, r, 200, S("application/json; charset=utf-8"), body);
    return ERR_OK;
}

enum err
api_instance(struct ctx *c, struct req *r)
{
    return answer(c, r, INSTANCE_V2);
}

enum err
api_instance_v1(struct ctx *c, struct req *r)
{
    return answer(c, r, INSTANCE_V1);
}

enum err
api_instance_rules(struct ctx *c, struct req *r)
{
    struct instance_info info;

    TRY(service_instance_get(c, &info));
    view_rules(res_json(c, r, 200), NULL, &info.rules);
    return ERR_OK;
}

enum err
api_instance_peers(struct ctx *c, struct req *r)
{
    struct strs domains;

    TRY(service_instance_peers(c, &domains));
    json_strs(res_json(c, r, 200), NULL, &domains);
    return ERR_OK;
}

/* Twelve weeks, the running one first. */
enum err
api_instance_activity(struct ctx *c, struct req *r)
{
    struct instance_week weeks[INSTANCE_WEEKS];
    struct json *j;

    TRY(service_instance_activity(c, weeks));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < INSTANCE_WEEKS; i++) {
        json_obj(j, NULL);
        json_id(j, "week", weeks[i].begin_ms / SECOND_MS); /* numbers as strings, as the API has it */
        json_id(j, "statuses", weeks[i].statuses);
        json_id(j, "logins", weeks[i].logins);
        json_id(j, "registrations", weeks[i].registrations);
        json_end(j);
    }
    json_end(j);
    return ERR_OK;
}

static void
put_document(struct ctx *c, struct req *r, struct str html, int64_t updated_ms)
{
    struct json *j = res_json(c, r, 200);

    json_obj(j, NULL);
    json_time_or_null(j, "updated_at", updated_ms);
    json_str(j, "content", html);
    json_end(j);
}

enum err
api_instance_extended_description(struct ctx *c, struct req *r)
{
    struct instance_info info;
    int64_t changed_ms;

    TRY(service_instance_settings(c, &info));
    TRY(service_setting_changed(c, "extended_description", &changed_ms));
    put_document(c, r, info.extended_description, changed_ms);
    return ERR_OK;
}

enum err
api_instance_privacy_policy(struct ctx *c, struct req *r)
{
    struct instance_info info;
    int64_t changed_ms;

    TRY(service_instance_settings(c, &info));
    TRY(service_setting_changed(c, "privacy_policy", &changed_ms));
    put_document(c, r, info.privacy_policy, changed_ms);
    return ERR_OK;
}

/* What the operators set, or 204: nobody is asked. */
enum err
api_donation_campaign(struct ctx *c, struct req *r)
{
    struct instance_info info;

    TRY(service_instance_settings(c, &info));
    if (info.donation_url.n > 0)
        view_donation(c, res_json(c, r, 200), &info);
    else
        res_status(c, r, 204);
    return ERR_OK;
}

enum err
api_instance_terms(struct ctx *c, struct req *r)
{
    struct terms t;

    TRY(service_terms_get(c, 0, &t));
    view_terms(c, res_json(c, r, 200), &t);
    return ERR_OK;
}

enum err
api_instance_terms_of_day(struct ctx *c, struct req *r)
{
    struct terms t;
    int64_t day_ms;

    if (!date_parse(req_param(r, "date"), &day_ms) || day_ms == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "not a date");
    TRY(service_terms_get(c, date_midnight(day_ms), &t));
    view_terms(c, res_json(c, r, 200), &t);
    return ERR_OK;
}

enum err
api_instance_domain_blocks(struct ctx *c, struct req *r)
{
    struct published_blocks v;

    TRY(service_domain_published(c, &v));
    view_published_blocks(res_json(c, r, 200), &v);
    return ERR_OK;
}

enum err
api_instance_languages(struct ctx *c, struct req *r)
{
    view_languages(res_json(c, r, 200));
    return ERR_OK;
}

enum err
api_custom_emojis(struct ctx *c, struct req *r)
{
    struct emoji_refs v;

    TRY(service_instance_emojis(c, &v));
    view_emojis(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}
