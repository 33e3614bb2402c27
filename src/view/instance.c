/* Instance (v2), V1::Instance, rules, preferences.  Every number is the constant that the code checks. */
#include "view/instance.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/ctx.h"
#include "base/date.h"
#include "text/i18n.h"
#include "text/language.h"
#include "view/view.h"

/*
 * Clients switch features on by these two: the integer names the state of the API whose features are here (11: Mastodon
 * 4.6; test/api/test_routes_table.py says what is not served), the version is for clients from before there was an integer.
 */
enum { API_MASTODON = 11, API_DASSIE = 1 }; /* API_DASSIE: what goes beyond, test/api/own-routes.tsv */
#define VERSION_MASTODON "4.6.0"

enum {
    NAME_CHARS_MAX = 40,
    NOTE_CHARS_MAX = 500,
    FIELDS_MAX = 4,
    FIELD_CHARS_MAX = 255,
    URL_CHARS = 23, /* what a link counts */
};

struct str
view_version(void)
{
    return S(VERSION_MASTODON "+dassie-" DASSIE_VERSION);
}

static struct str
own_url(struct ctx *c, struct str path)
{
    return str_cat(c->mem, c->env->conf->origin, path, STR_NONE);
}

static struct str
streaming_url(struct ctx *c)
{
    const struct config *conf = c->env->conf;

    return str_cat(c->mem, conf->https ? S("wss://") : S("ws://"), conf->host, STR_NONE);
}

static void
put_languages(struct json *j, struct str words)
{
    struct str word;

    json_arr(j, "languages");
    while (str_cut(&words, ' ', &word))
        if (word.n > 0)
            json_str(j, NULL, word);
    json_end(j);
}

void
view_rules(struct json *j, const char *key, const struct rules *v)
{
    json_arr(j, key);
    for (size_t i = 0; i < v->n; i++) {
        json_obj(j, NULL);
        json_id(j, "id", v->v[i].id);
        json_str(j, "text", v->v[i].text);
        json_str(j, "hint", v->v[i].hint);
        json_obj(j, "translations");
        for (size_t k = 0; k < v->v[i].n_translations; k++) {
            const struct rule_text *t = &v->v[i].translations[k];

            json_member(j, t->language);
            json_obj(j, NULL);
            json_str(j, "text", t->text);
            json_str(j, "hint", t->hint);
            json_end(j);
        }
        json_end(j);
        json_end(j);
    }
    json_end(j);
}

/* ---- configuration --------------------------------------------------------------------------------------------- */

static void
put_accounts(struct json *j, bool v1)
{
    json_obj(j, "accounts");
    json_int(j, "max_featured_tags", FEATURED_TAGS_MAX);
    json_int(j, "max_pinned_statuses", STATUS_PINS_MAX);
    if (!v1) {
        json_int(j, "max_display_name_length", NAME_CHARS_MAX);
        json_int(j, "max_note_length", NOTE_CHARS_MAX);
        json_int(j, "max_avatar_description_length", ACCOUNT_PICTURE_CHARS_MAX);
        json_int(j, "max_header_description_length", ACCOUNT_PICTURE_CHARS_MAX);
        json_int(j, "max_profile_fields", FIELDS_MAX);
        json_int(j, "profile_field_name_limit", FIELD_CHARS_MAX);
        json_int(j, "profile_field_value_limit", FIELD_CHARS_MAX);
    }
    json_end(j);
}

static void
put_statuses(struct json *j)
{
    json_obj(j, "statuses");
    json_int(j, "max_characters", STATUS_CHARS_MAX);
    json_int(j, "max_media_attachments", MEDIA_PER_STATUS_MAX);
    json_int(j, "characters_reserved_per_url", URL_CHARS);
    json_arr(j, "supported_mime_types");
    json_str(j, NULL, S("text/plain"));
    json_str(j, NULL, S("text/markdown"));
    json_end(j);
    json_end(j);
}

static void
put_media(struct json *j, const struct instance_media *m)
{
    json_obj(j, "media_attachments");
    json_int(j, "description_limit", MEDIA_TEXT_CHARS_MAX);
    json_arr(j, "supported_mime_types");
    for (size_t i = 0; m->mime(i) != NULL; i++)
        json_str(j, NULL, str_z(m->mime(i)));
    json_end(j);
    json_int(j, "image_size_limit", m->image_bytes_max);
    json_int(j, "image_matrix_limit", m->image_pixels_max);
    json_int(j, "video_size_limit", m->video_bytes_max);
    json_int(j, "video_frame_rate_limit", m->video_frames_per_s_max);
    json_int(j, "video_matrix_limit", m->video_pixels_max);
    json_end(j);
}

static void
put_polls(struct json *j)
{
    json_obj(j, "polls");
    json_int(j, "max_options", POLL_OPTIONS_MAX);
    json_int(j, "max_characters_per_option", POLL_OPTION_CHARS_MAX);
    json_int(j, "min_expiration", POLL_SECONDS_MIN);
    json_int(j, "max_expiration", POLL_SECONDS_MAX);
    json_end(j);
}

static void
put_feed(struct json *j, const char *key, const struct feed_access *a)
{
    json_obj(j, key);
    json_str(j, "local", a->local);
    json_str(j, "remote", a->remote);
    json_end(j);
}

static void
put_configuration(struct ctx *c, struct json *j, const struct instance_info *v)
{
    json_obj(j, "configuration");
    json_obj(j, "urls");
    json_str(j, "streaming", streaming_url(c));
    json_str(j, "about", own_url(c, S("/about")));
    json_str(j, "privacy_policy", own_url(c, S("/privacy-policy")));
    json_str_or_null(j, "status", v->status_url);
    if (v->has_terms)
        json_str(j, "terms_of_service", own_url(c, S("/terms-of-service")));
    else
        json_null(j, "terms_of_service");
    json_end(j);
    json_obj(j, "vapid");
    json_str(j, "public_key", c->env->push_key);
    json_end(j);
    put_accounts(j, false);
    put_statuses(j);
    put_media(j, &v->media);
    put_polls(j);
    json_obj(j, "translation");
    json_bool(j, "enabled", c->env->conf->translate_url.n > 0);
    json_end(j);
    json_obj(j, "timelines_access");
    put_feed(j, "live_feeds", &v->feeds[FEED_LIVE]);
    put_feed(j, "hashtag_feeds", &v->feeds[FEED_TOPIC]);
    put_feed(j, "trending_link_feeds", &v->feeds[FEED_TOPIC]);
    json_end(j);
    json_bool(j, "limited_federation", v->limited_federation);
    json_end(j);
}

/* ---- v2 -------------------------------------------------------------------------------------------------------- */

static void
put_registrations(struct ctx *c, struct json *j, const struct instance_info *v)
{
    bool open = !str_eqz(v->registrations, "closed");

    json_obj(j, "registrations");
    json_bool(j, "enabled", open);
    json_bool(j, "approval_required", str_eqz(v->registrations, "approval"));
    json_bool(j, "reason_required", str_eqz(v->registrations, "approval") && v->reason_required);
    json_str_or_null(j, "message", open ? STR_NONE : v->registrations_message);
    if (v->min_age > 0)
        json_int(j, "min_age", v->min_age);
    else
        json_null(j, "min_age");
    if (open)
        json_str(j, "url", own_url(c, S("/auth/sign_up")));
    else
        json_null(j, "url");
    json_end(j);
}

static void
put_contact(struct ctx *c, struct json *j, const struct instance_info *v)
{
    json_obj(j, "contact");
    json_str(j, "email", v->contact_email);
    if (v->contact != NULL)
        view_account(c, j, "account", v->contact);
    else
        json_null(j, "account");
    json_end(j);
}

/* The small one; pictures that are small already have no smaller one. */
static struct str
thumbnail_url(struct ctx *c, const struct server_picture *p)
{
    return view_url_file(c, p->small.n > 0 ? p->small : p->file, S("/headers/original/missing.png"));
}

static void
put_thumbnail(struct ctx *c, struct json *j, const struct server_picture *p)
{
    json_obj(j, "thumbnail");
    json_str(j, "url", thumbnail_url(c, p));
    json_str(j, "description", p->description);
    if (p->file.n > 0) {
        json_str(j, "blurhash", p->blurhash);
        json_obj(j, "versions");
        json_str(j, "@1x", thumbnail_url(c, p));
        json_str(j, "@2x", view_url_file(c, p->file, S("")));
        json_end(j);
    }
    json_end(j);
}

static void
put_icon(struct ctx *c, struct json *j, const struct server_picture *p)
{
    json_arr(j, "icon");
    if (p->file.n > 0) {
        json_obj(j, NULL);
        json_str(j, "src", view_url_file(c, p->file, S("")));
        json_str(j, "size", str_fmt(c->mem, "%lldx%lld", (long long)p->width, (long long)p->height));
        json_end(j);
    }
    json_end(j);
}

void
view_instance(struct ctx *c, struct json *j, const struct instance_info *v)
{
    json_obj(j, NULL);
    json_str(j, "domain", c->env->conf->domain);
    json_str(j, "title", v->title);
    json_str(j, "version", view_version());
    json_str(j, "source_url", c->env->conf->source_url.n > 0 ? c->env->conf->source_url : own_url(c, S("/about")));
    if (v->wrapstodon != 0)
        json_id(j, "wrapstodon", v->wrapstodon);
    else
        json_null(j, "wrapstodon");
    json_str(j, "description", v->short_description.n > 0 ? v->short_description : v->description);
    json_obj(j, "usage");
    json_obj(j, "users");
    json_int(j, "active_month", v->active_month);
    json_end(j);
    json_end(j);
    put_thumbnail(c, j, &v->pictures[SERVER_THUMBNAIL]);
    put_icon(c, j, &v->pictures[SERVER_ICON]);
    put_languages(j, v->languages);
    put_configuration(c, j, v);
    put_registrations(c, j, v);
    json_obj(j, "api_versions");
    json_int(j, "mastodon", API_MASTODON);
    json_int(j, "dassie", API_DASSIE);
    json_end(j);
    put_contact(c, j, v);
    view_rules(j, "rules", &v->rules);
    json_end(j);
}

/* ---- v1 -------------------------------------------------------------------------------------------------------- */

void
view_instance_v1(struct ctx *c, struct json *j, const struct instance_info *v)
{
    json_obj(j, NULL);
    json_str(j, "uri", c->env->conf->domain);
    json_str(j, "title", v->title);
    json_str(j, "short_description", v->short_description);
    json_str(j, "description", v->description);
    json_str(j, "email", v->contact_email);
    json_str(j, "version", view_version());
    json_obj(j, "urls");
    json_str(j, "streaming_api", streaming_url(c));
    json_end(j);
    json_obj(j, "stats");
    json_int(j, "user_count", v->users);
    json_int(j, "status_count", v->statuses);
    json_int(j, "domain_count", v->domains);
    json_end(j);
    json_str(j, "thumbnail", thumbnail_url(c, &v->pictures[SERVER_THUMBNAIL]));
    put_languages(j, v->languages);
    json_bool(j, "registrations", !str_eqz(v->registrations, "closed"));
    json_bool(j, "approval_required", str_eqz(v->registrations, "approval"));
    json_bool(j, "invites_enabled", v->invites_enabled);
    json_obj(j, "configuration");
    put_accounts(j, true);
    put_statuses(j);
    put_media(j, &v->media);
    put_polls(j);
    json_end(j);
    if (v->contact != NULL)
        view_account(c, j, "contact_account", v->contact);
    else
        json_null(j, "contact_account");
    view_rules(j, "rules", &v->rules);
    json_end(j);
}

void
view_donation(struct ctx *c, struct json *j, const struct instance_info *v)
{
    struct str give = text_tr(c->locale, S("Donate"));

    json_obj(j, NULL);
    json_str(j, "id", c->env->conf->domain);
    json_str(j, "locale", c->locale);
    json_str(j, "banner_message", v->donation_message);
    json_str(j, "banner_button_text", give);
    json_str(j, "donation_message", v->donation_message);
    json_str(j, "donation_button_text", give);
    json_str(j, "donation_url", v->donation_url);
    json_end(j);
}

void
view_terms(struct ctx *c, struct json *j, const struct terms *t)
{
    json_obj(j, NULL);
    json_str(j, "effective_date", date_day(c->mem, t->effective_ms));
    json_bool(j, "effective", t->effective_ms <= clock_ms());
    json_str(j, "content", t->content);
    json_str_or_null(j, "succeeded_by", t->next_ms != 0 ? date_day(c->mem, t->next_ms) : STR_NONE);
    json_end(j);
}

/* ---- lists beside it ------------------------------------------------------------------------------------------- */

static void
put_block(struct json *j, const struct published_block *b, bool with_comment)
{
    json_obj(j, NULL);
    json_str(j, "domain", b->domain);
    json_str(j, "digest", b->digest);
    json_str(j, "severity", str_z(b->severity));
    if (with_comment)
        json_str(j, "comment", b->comment);
    json_end(j);
}

void
view_published_blocks(struct json *j, const struct published_blocks *v)
{
    json_arr(j, NULL);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < v->n; i++)
            if (str_eqz(str_z(v->v[i].severity), "suspend") == (round == 0))
                put_block(j, &v->v[i], v->with_comments);
    json_end(j);
}

void
view_languages(struct json *j)
{
    const char *code, *name;

    json_arr(j, NULL);
    for (size_t i = 0; (code = text_language_at(i, &name)) != NULL; i++) {
        json_obj(j, NULL);
        json_str(j, "code", str_z(code));
        json_str(j, "name", str_z(name));
        json_end(j);
    }
    json_end(j);
}
