/* What the server says about itself: settings with their defaults, and counts that are kept for a minute (instance_cache.c). */
#include "service/instance.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/date.h"
#include "media/probe.h"
#include "media/rules.h"
#include "service/annual_report.h"
#include "service/feed.h"
#include "service/instance_cache.h"
#include "service/server_picture.h"
#include "store/account.h"
#include "store/emoji.h"
#include "store/setting.h"
#include "store/user.h"

enum { PEERS_LIKE_MAX = 10 };

static enum err
get_int(struct ctx *c, const char *name, int64_t dflt, int64_t *out)
{
    struct str text;

    TRY(store_setting_get(c, name, S(""), &text));
    if (!str_int(text, out))
        *out = dflt;
    return ERR_OK;
}

enum err
service_instance_settings(struct ctx *c, struct instance_info *out)
{
    const struct config *conf = c->env->conf;
    const struct {
        const char *name;
        struct str dflt;
        struct str *out;
    } texts[] = {
        { "title", conf->domain, &out->title },
        { "description", S(""), &out->description },
        { "short_description", S(""), &out->short_description },
        { "contact_email", S(""), &out->contact_email },
        { "languages", S("en"), &out->languages },
        { "extended_description", S(""), &out->extended_description },
        { "privacy_policy", S(""), &out->privacy_policy },
        { "donation_url", S(""), &out->donation_url },
        { "donation_message", S(""), &out->donation_message },
        { "registrations", conf->registrations, &out->registrations },
        { "registrations_message", S(""), &out->registrations_message },
        { "status_url", S(""), &out->status_url },
    };
    int64_t needed, limited;

    *out = (struct instance_info){ .media = { .mime = media_mime_accepted,
                                       .image_bytes_max = MEDIA_IMAGE_BYTES_MAX,
                                       .image_pixels_max = MEDIA_IMAGE_PIXELS_MAX,
                                       .video_bytes_max = MEDIA_AV_BYTES_MAX,
                                       .video_pixels_max = MEDIA_STORED_PIXELS_MAX,
                                       .video_frames_per_s_max = 120 } };
    for (size_t i = 0; i < lengthof(texts); i++)
        TRY(store_setting_get(c, texts[i].name, texts[i].dflt, texts[i].out));
    for (int f = 0; f < FEED_COUNT; f++)
        TRY(service_feed_access(c, (enum feed)f, &out->feeds[f]));
    TRY(get_int(c, "min_age", 0, &out->min_age));
    TRY(get_int(c, "reason_required", 1, &needed));
    out->reason_required = needed != 0;
    TRY(get_int(c, "limited_federation", 0, &limited));
    out->limited_federation = limited != 0;
    return ERR_OK;
}

static enum err
get_contact(struct ctx *c, struct account **out)
{
    struct str name;
    enum err e;

    *out = NULL;
    TRY(store_setting_get(c, "contact_username", S(""), &name));
    if (name.n == 0)
        return ERR_OK;
    e = store_account_by_handle(c, name, S(""), out);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        *out = NULL;
        return ERR_OK;
    }
    TRY(e);
    return store_account_fill(c, out, 1);
}

static enum err
get_counts(struct ctx *c, struct instance_counts *out)
{
    struct strs domains;

    if (service_instance_cache_get(out))
        return ERR_OK;
    TRY(store_account_totals(c, clock_ms() - 30 * (int64_t)DAY_MS, &out->users, &out->active_month, &out->statuses));
    TRY(store_account_domains(c, &domains));
    out->domains = (int64_t)domains.n;
    service_instance_cache_put(out);
    return ERR_OK;
}

enum err
service_instance_get(struct ctx *c, struct instance_info *out)
{
    struct instance_counts n;
    struct terms_list terms;
    struct role everybody;

    TRY(service_instance_settings(c, out));
    TRY(service_server_pictures(c, out->pictures));
    TRY(get_contact(c, &out->contact));
    TRY(store_rule_list(c, &out->rules));
    TRY(store_terms_list(c, &terms));
    out->has_terms = terms.n > 0;
    out->wrapstodon = str_eqz(str_sub(date_day(c->mem, clock_ms()), 5, 7), "12") ? service_annual_year() : 0;
    TRY(store_role_by_name(c, S(""), &everybody));
    out->invites_enabled = (everybody.permissions & PERM_INVITE_USERS) != 0;
    TRY(get_counts(c, &n));
    out->users = n.users;
    out->active_month = n.active_month;
    out->statuses = n.statuses;
    out->domains = n.domains;
    return ERR_OK;
}

enum err
service_instance_peers_like(struct ctx *c, struct str q, struct strs *out)
{
    q = str_lower(c->mem, str_trim(q));
    *out = (struct strs){ 0 };
    return q.n == 0 ? ERR_OK : store_account_domains_like(c, q, PEERS_LIKE_MAX, out);
}

enum err
service_instance_answer(struct ctx *c, enum instance_answer which, struct str *out, int64_t *version)
{
    TRY(store_setting_version(c, version));
    *out = service_instance_cache_get_answer(c->mem, which, *version);
    return ERR_OK;
}

void
service_instance_answer_keep(enum instance_answer which, int64_t version, struct str bytes)
{
    service_instance_cache_put_answer(which, version, bytes);
}

enum err
service_instance_peers(struct ctx *c, struct strs *out)
{
    return store_account_domains(c, out);
}

enum err
service_instance_emojis(struct ctx *c, struct emoji_refs *out)
{
    return store_emoji_list(c, out);
}

enum err
service_instance_activity(struct ctx *c, struct instance_week out[INSTANCE_WEEKS])
{
    const int64_t week_ms = 7 * (int64_t)DAY_MS;
    int64_t days, begin_ms = date_midnight(clock_ms());

    if (service_instance_cache_get_weeks(out))
        return ERR_OK;
    days = (begin_ms / DAY_MS + 3) % 7; /* since Monday: 1970 began on a Thursday */
    begin_ms -= days * DAY_MS;
    for (size_t i = 0; i < INSTANCE_WEEKS; i++, begin_ms -= week_ms) {
        out[i] = (struct instance_week){ .begin_ms = begin_ms };
        TRY(store_user_activity(
            c, begin_ms, begin_ms + week_ms, &out[i].registrations, &out[i].logins, &out[i].statuses));
    }
    service_instance_cache_put_weeks(out);
    return ERR_OK;
}
