/* Status and its parts, StatusSource, StatusEdit, Tag, MediaAttachment. */
#include "view/view.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/ctx.h"
#include "base/date.h"
#include "base/url.h"
#include "text/html.h"

struct str
view_url_status(struct ctx *c, const struct status *s)
{
    struct str origin = c->env->conf->origin;
    struct buf b;

    if (!s->local || s->reblog_of_id != 0)
        return s->url.n > 0 ? s->url : s->uri;
    buf_init(&b, c->mem, origin.n + s->account->username.n + 32);
    buf_put(&b, origin);
    buf_put(&b, S("/@"));
    buf_put(&b, s->account->username);
    buf_putc(&b, '/');
    buf_put_int(&b, s->id);
    return buf_str(&b);
}

static void
put_size(struct json *j, const char *key, int64_t width, int64_t height)
{
    struct str text;
    char size[48];

    if (width <= 0 || height <= 0)
        return;
    snprintf(size, sizeof(size), "%lldx%lld", (long long)width, (long long)height);
    text = str_z(size);
    json_obj(j, key);
    json_int(j, "width", width);
    json_int(j, "height", height);
    json_str(j, "size", text);
    json_num(j, "aspect", (double)width / (double)height);
    json_end(j);
}

void
view_media(struct ctx *c, struct json *j, const struct media_row *m)
{
    bool is_fetched = m->state == MEDIA_REMOTE && m->kind == MEDIA_IMAGE && m->remote_url.n > 0; /* films are not */
    bool stored = m->file.n > 0 && m->state != MEDIA_PROCESSING; /* else the file is the upload, which is not shown */
    struct str url = stored       ? view_url_file(c, m->file, S(""))
                     : is_fetched ? view_url_cached(c, MEDIA_CACHED_ATTACHMENT, m->id, STR_NONE, false)
                                  : m->remote_url;

    json_obj(j, NULL);
    json_id(j, "id", m->id);
    json_str(j, "type", str_z(media_kind_names[m->kind]));
    json_str_or_null(j, "url", url);
    json_str_or_null(j, "preview_url", m->thumb.n > 0 ? view_url_file(c, m->thumb, S("")) : url);
    json_str_or_null(j, "remote_url", m->remote_url);
    json_null(j, "preview_remote_url");
    json_null(j, "text_url");
    json_obj(j, "meta");
    put_size(j, "original", m->width, m->height);
    put_size(j, "small", m->thumb_width, m->thumb_height);
    if (m->kind == MEDIA_IMAGE || m->kind == MEDIA_GIFV || m->kind == MEDIA_VIDEO) {
        json_obj(j, "focus");
        json_num(j, "x", m->focus_x);
        json_num(j, "y", m->focus_y);
        json_end(j);
    }
    json_end(j);
    json_str_or_null(j, "description", m->description);
    json_str_or_null(j, "blurhash", m->blurhash);
    json_end(j);
}

static void
put_media(struct ctx *c, struct json *j, const struct status *s)
{
    json_arr(j, "media_attachments");
    for (size_t i = 0; i < s->n_media; i++)
        view_media(c, j, &s->media[i]);
    json_end(j);
}

struct str
view_url_tag(struct ctx *c, struct str name)
{
    return str_cat(c->mem, c->env->conf->origin, S("/tags/"), name, STR_NONE);
}

static void
put_mentions(struct ctx *c, struct json *j, const struct status *s)
{
    json_arr(j, "mentions");
    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention_ref *m = &s->mentions[i];
        const struct account a = { .username = m->username, .domain = m->domain, .url = m->url, .uri = m->uri };

        if (m->silent)
            continue;
        json_obj(j, NULL);
        json_id(j, "id", m->account_id);
        json_str(j, "username", m->username);
        json_str(j, "url", view_url_account(c, &a));
        json_str(j, "acct", account_acct(c->mem, &a));
        json_end(j);
    }
    json_end(j);
    json_arr(j, "tags");
    for (size_t i = 0; i < s->n_tags; i++) {
        json_obj(j, NULL);
        json_str(j, "name", s->tags[i].name);
        json_str(j, "url", view_url_tag(c, s->tags[i].name));
        json_end(j);
    }
    json_end(j);
}

static void
put_application(struct json *j, const struct status *s)
{
    if (s->app_name.n == 0)
        return;
    json_obj(j, "application");
    json_str(j, "name", s->app_name);
    json_str_or_null(j, "website", s->app_website);
    json_end(j);
}

static void
put_viewer(struct json *j, const struct ctx *c, const struct status *s)
{
    if (!s->has_viewer)
        return;
    json_bool(j, "favourited", s->favourited);
    json_bool(j, "reblogged", s->reblogged);
    json_bool(j, "muted", s->muted);
    json_bool(j, "bookmarked", s->bookmarked);
    if (s->account_id == c->who.account_id && s->reblog_of_id == 0 && s->visibility <= VIS_PRIVATE)
        json_bool(j, "pinned", s->pinned);
    view_filter_matches(j, "filtered", &s->filtered);
}

static void
put_groups(struct json *j, const char *key, int groups)
{
    static const struct {
        int bit;
        const char *name;
    } names[] = { { QUOTE_BY_PUBLIC, "public" }, { QUOTE_BY_FOLLOWERS, "followers" },
        { QUOTE_BY_FOLLOWING, "following" }, { QUOTE_BY_OTHERS, "unsupported_policy" } };

    json_arr(j, key);
    for (size_t i = 0; i < lengthof(names); i++)
        if ((groups & names[i].bit) != 0)
            json_str(j, NULL, str_z(names[i].name));
    json_end(j);
}

static void
put_quote_approval(struct json *j, const struct status *s)
{
    int policy = s->reblog != NULL ? s->reblog->quote_policy : s->quote_policy;

    json_obj(j, "quote_approval");
    put_groups(j, "automatic", policy);
    put_groups(j, "manual", policy >> QUOTE_MANUAL_SHIFT);
    json_str(j, "current_user", str_z(quote_answer_names[s->quote_answer]));
    json_end(j);
}

/* As GoToSocial's clients know it; only of posts that somebody limited.  A key of our own for posts that wait for consent. */
static void
put_interaction(struct ctx *c, struct json *j, const struct status *s)
{
    static const char *const keys[] = { "can_favourite", "can_reply", "can_reblog" };

    if (!approval_is_open(s->approval) && s->account_id == c->who.account_id)
        json_str(j, "approval", str_z(approval_names[s->approval]));
    if (s->interaction_policy == 0)
        return;
    json_obj(j, "interaction_policy");
    for (int i = 0; i < INTERACT_COUNT; i++) {
        int part = interaction_part(s->interaction_policy, (enum interaction)i);

        part = part == 0 ? QUOTE_BY_PUBLIC : part & ~INTERACT_SAID;
        json_obj(j, keys[i]);
        put_groups(j, "automatic_approval", part);
        put_groups(j, "manual_approval", part >> INTERACT_MANUAL_SHIFT);
        json_end(j);
    }
    json_end(j);
}

/* SOURCE is what a deleted post was, for a redraft; SHALLOW stands inside a post that quotes it. */
enum form { FORM_CONTENT, FORM_SOURCE, FORM_SHALLOW };

static void put_status(struct ctx *c, struct json *j, const char *key, const struct status *s, enum form form);

/* A quote without consent in mind is no quote before somebody consents: its link stays in the text. */
static bool
has_quote(const struct status *s)
{
    return s->quote != NULL && (!s->quote->legacy || s->quote->state == QUOTE_ACCEPTED);
}

static bool
shows_quoted(const struct quote *q, enum form form)
{
    return q->quoted != NULL && (form == FORM_SOURCE || q->shown == QUOTE_ACCEPTED ||
                                    q->shown == QUOTE_BLOCKED_DOMAIN || q->shown == QUOTE_MUTED_ACCOUNT);
}

static void
put_quote(struct ctx *c, struct json *j, const struct status *s, enum form form)
{
    const struct quote *q = s->quote;

    if (!has_quote(s)) {
        json_null(j, "quote");
        return;
    }
    json_obj(j, "quote");
    json_str(j, "state", str_z(quote_state_names[q->shown]));
    if (form == FORM_SHALLOW)
        json_id_or_null(j, "quoted_status_id", shows_quoted(q, form) ? q->quoted_id : 0);
    else if (shows_quoted(q, form))
        put_status(c, j, "quoted_status", q->quoted, FORM_SHALLOW);
    else
        json_null(j, "quoted_status");
    json_end(j);
}

/* The link to what is quoted is for readers that know no quotes. */
static struct str
content(struct ctx *c, const struct status *s, struct str html)
{
    return has_quote(s) ? text_html_without_quote_link(c->mem, html) : html;
}

static void
put_status(struct ctx *c, struct json *j, const char *key, const struct status *s, enum form form)
{
    json_obj(j, key);
    json_id(j, "id", s->id);
    json_time(j, "created_at", s->created_ms);
    json_id_or_null(j, "in_reply_to_id", s->in_reply_to_id);
    json_id_or_null(j, "in_reply_to_account_id", s->in_reply_to_account_id);
    json_bool(j, "sensitive", s->sensitive || (s->account->sensitized_ms != 0 && s->n_media > 0));
    json_str(j, "spoiler_text", s->spoiler_text);
    json_str(j, "visibility", str_z(visibility_shown(s->visibility)));
    json_str_or_null(j, "language", s->language);
    json_str(j, "uri", s->uri);
    json_str(j, "url", view_url_status(c, s));
    json_int(j, "replies_count", s->replies);
    json_int(j, "reblogs_count", s->reblogs);
    json_int(j, "favourites_count", s->favourites);
    json_int(j, "quotes_count", s->quotes);
    json_time_or_null(j, "edited_at", s->edited_ms);
    put_viewer(j, c, s);
    if (form == FORM_SOURCE)
        json_str(j, "text", s->text);
    else
        json_str(j, "content", content(c, s, s->content));
    if (s->reblog != NULL)
        put_status(c, j, "reblog", s->reblog, FORM_CONTENT);
    else
        json_null(j, "reblog");
    put_application(j, s);
    view_account(c, j, "account", s->account);
    put_media(c, j, s);
    put_mentions(c, j, s);
    view_emojis(c, j, "emojis", &s->emojis);
    if (s->card != NULL)
        view_card(c, j, "card", s->card);
    else
        json_null(j, "card");
    if (s->poll != NULL)
        view_poll(c, j, "poll", s);
    else
        json_null(j, "poll");
    put_quote(c, j, s, form);
    put_quote_approval(j, s);
    put_interaction(c, j, s);                                        /* ours too */
    view_reactions(c, j, "reactions", &s->reactions, s->has_viewer); /* ours, not Mastodon's */
    if (s->expires_ms != 0)
        json_time(j, "expires_at", s->expires_ms);
    if (s->local)
        json_bool(j, "local_only", s->local_only);
    json_arr(j, "tagged_collections");
    for (size_t i = 0; i < s->collections.n; i++)
        view_collection(c, j, NULL, &s->collections.v[i]);
    json_end(j);
    json_end(j);
}

void
view_status(struct ctx *c, struct json *j, const char *key, const struct status *s)
{
    put_status(c, j, key, s, FORM_CONTENT);
}

void
view_status_source_form(struct ctx *c, struct json *j, const struct status *s)
{
    put_status(c, j, NULL, s, FORM_SOURCE);
}

void
view_statuses(struct ctx *c, struct json *j, const char *key, const struct statuses *v)
{
    json_arr(j, key);
    for (size_t i = 0; i < v->n; i++)
        view_status(c, j, NULL, v->v[i]);
    json_end(j);
}

void
view_status_source(struct ctx *c, struct json *j, const struct status *s)
{
    (void)c;
    json_obj(j, NULL);
    json_id(j, "id", s->id);
    json_str(j, "text", s->text);
    json_str(j, "spoiler_text", s->spoiler_text);
    json_str(j, "content_type", s->content_type);
    json_end(j);
}

/* The media of an old version: those that still exist, with the description they had then. */
static void
put_edit_media(struct ctx *c, struct json *j, const struct status *s, const struct status_edit *e)
{
    const struct val *list = &val_null;

    if (e->media.p == NULL) {
        put_media(c, j, s);
        return;
    }
    if (json_parse(c->mem, e->media, NULL, &list) != ERR_OK)
        list = &val_null;
    json_arr(j, "media_attachments");
    for (size_t i = 0; list->kind == VAL_ARR && i < list->n; i++) {
        int64_t id;

        if (!str_int(val_str(val_get(val_at(list, i), S("id"))), &id))
            continue;
        for (size_t k = 0; k < s->n_media; k++)
            if (s->media[k].id == id) {
                struct media_row m = s->media[k];

                m.description = val_str(val_get(val_at(list, i), S("description")));
                view_media(c, j, &m);
            }
    }
    json_end(j);
}

/* What could be chosen then; the votes belong to the present version. */
static void
put_edit_poll(struct json *j, const struct status_edit *e)
{
    if (e->poll.v == NULL)
        return;
    json_obj(j, "poll");
    json_arr(j, "options");
    for (size_t i = 0; i < e->poll.n; i++) {
        json_obj(j, NULL);
        json_str(j, "title", e->poll.v[i]);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

void
view_status_edits(struct ctx *c, struct json *j, const struct status *s, const struct status_edits *v)
{
    json_arr(j, NULL);
    for (size_t i = 0; i < v->n; i++) {
        const struct status_edit *e = &v->v[i];

        json_obj(j, NULL);
        json_str(j, "content", e->quote_id != 0 ? content(c, s, e->content) : e->content);
        json_str(j, "spoiler_text", e->spoiler_text);
        json_bool(j, "sensitive", e->sensitive);
        json_time(j, "created_at", e->created_ms);
        view_account(c, j, "account", s->account);
        put_edit_media(c, j, s, e);
        put_edit_poll(j, e);
        view_emojis(c, j, "emojis", &e->emojis);
        if (s->quote != NULL && s->quote->id == e->quote_id)
            put_quote(c, j, s, FORM_CONTENT);
        else
            json_null(j, "quote");
        json_end(j);
    }
    json_end(j);
}

void
view_history(struct json *j, const struct use_day *v)
{
    json_arr(j, "history");
    for (size_t i = 0; v != NULL && i < USE_DAYS; i++) {
        json_obj(j, NULL);
        json_id(j, "day", v[i].day * (DAY_MS / SECOND_MS));
        json_id(j, "uses", v[i].uses);
        json_id(j, "accounts", v[i].accounts);
        json_end(j);
    }
    json_end(j);
}

void
view_tag(struct ctx *c, struct json *j, const struct tag_ref *t)
{
    json_obj(j, NULL);
    json_id(j, "id", t->id);
    /* With capitals: they part its words for who listens. */
    json_str(j, "name", t->display.n > 0 ? t->display : t->name);
    json_str(j, "url", view_url_tag(c, t->name));
    view_history(j, t->history);
    if (t->has_viewer) {
        json_bool(j, "following", t->following);
        json_bool(j, "featuring", t->featuring);
    }
    json_end(j);
}

void
view_featured_tag(struct ctx *c, struct json *j, const struct account *owner, const struct featured_tag *t)
{
    struct str page = view_url_tag(c, t->name);

    if (!account_is_local(owner))
        page = str_cat(c->mem, view_url_account(c, owner), S("/tagged/"), url_encode(c->mem, t->name), STR_NONE);
    json_obj(j, NULL);
    json_id(j, "id", t->id);
    json_str(j, "name", t->display);
    json_str(j, "url", page);
    json_id(j, "statuses_count", t->statuses); /* a string, though a number */
    if (t->last_status_ms != 0)
        json_str(j, "last_status_at", date_day(c->mem, t->last_status_ms));
    else
        json_null(j, "last_status_at");
    json_end(j);
}
