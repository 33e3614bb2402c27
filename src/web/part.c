/* Posts and accounts as parts of a page: the API's entity, and beside it what a template cannot compute. */
#include "web/internal.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/date.h"
#include "http/respond.h"
#include "text/html.h"
#include "text/i18n.h"
#include "view/view.h"

enum { TITLE_GRAPHEMES = 100, QUOTE_GRAPHEMES = 280 };

static const char no_avatar[] = "/avatars/original/missing.png";

static struct str
avatar(struct ctx *c, const struct account *a)
{
    struct str key = a->avatar_static.n > 0 ? a->avatar_static : a->avatar;

    if (key.n == 0 && a->avatar_remote.n > 0)
        return view_url_cached(c, MEDIA_CACHED_AVATAR, a->id, key, true);
    return view_url_file(c, key, str_z(no_avatar));
}

/* "3 replies": the number and its word in the reader's language. */
static void
put_count(struct web_page *w, const char *key, int64_t n, struct str one, struct str many)
{
    struct str number = str_fmt(w->c->mem, "%lld", (long long)n);

    json_obj(&w->j, key);
    json_str(&w->j, "number", number);
    json_str(&w->j, "word", text_tr_n(w->c->locale, one, many, n));
    json_end(&w->j);
}

static void
put_time(struct web_page *w, const char *key, int64_t ms)
{
    json_obj(&w->j, key);
    json_time(&w->j, "iso", ms);
    json_str(&w->j, "text", web_date_time(w->c, ms));
    json_str(&w->j, "day", web_date(w->c, ms));
    json_str(&w->j, "rfc822", date_http(w->c->mem, ms));
    json_end(&w->j);
}

/* ---- media ----------------------------------------------------------------------------------------------------- */

/* One of the flags says how to show it; what is not ours is a link, so that no page loads from elsewhere. */
static void
put_media(struct web_page *w, const struct media_row *m)
{
    static const char *const flags[MEDIA_KIND_COUNT] = { "link", "image", "gifv", "video", "audio" };
    struct ctx *c = w->c;
    struct json *j = &w->j;
    bool ours = m->file.n > 0;
    struct str url = ours ? view_url_file(c, m->file, S("")) : m->remote_url;
    bool thumb = m->thumb.n > 0;

    if (!ours && !str_startsi(url, S("https://")) && !str_startsi(url, S("http://")))
        return;
    json_obj(j, NULL);
    json_bool(j, flags[ours ? m->kind : MEDIA_UNKNOWN], true);
    json_str(j, "url", url);
    json_str_or_null(j, "preview", thumb ? view_url_file(c, m->thumb, S("")) : m->kind == MEDIA_IMAGE ? url : STR_NONE);
    if (m->width > 0 && m->height > 0) {
        json_int(j, "width", thumb && m->kind == MEDIA_IMAGE && m->thumb_width > 0 ? m->thumb_width : m->width);
        json_int(j, "height", thumb && m->kind == MEDIA_IMAGE && m->thumb_height > 0 ? m->thumb_height : m->height);
    }
    json_str_or_null(j, "text", m->description);
    json_str(j, "kind", str_z(media_kind_names[m->kind]));
    json_str_or_null(j, "mime", m->mime);
    json_int(j, "bytes", m->bytes);
    json_end(j);
}

static void
put_media_list(struct web_page *w, const struct status *s)
{
    bool hidden = s->sensitive || s->account->sensitized_ms != 0;

    if (s->n_media == 0)
        return;
    json_bool(&w->j, "media_hidden", hidden && s->spoiler_text.n == 0); /* a content warning hides everything already */
    json_obj(&w->j, "gallery");
    json_bool(&w->j, "several", s->n_media > 1);
    json_arr(&w->j, "items");
    for (size_t i = 0; i < s->n_media; i++)
        put_media(w, &s->media[i]);
    json_end(&w->j);
    json_end(&w->j);
}

/* ---- polls ----------------------------------------------------------------------------------------------------- */

/* Shares of those who voted; none while the author hides them. */
static void
put_poll(struct web_page *w, const struct status *s)
{
    const struct poll *p = s->poll;
    int64_t sum;
    bool over, hidden;

    if (p == NULL)
        return;
    over = poll_is_over(p, clock_ms());
    hidden = p->hide_totals && !over;
    sum = p->multiple && p->voters > 0 ? p->voters : poll_votes(p);
    json_obj(&w->j, "poll");
    json_arr(&w->j, "options");
    for (size_t i = 0; i < p->n; i++) {
        int64_t percent = sum > 0 ? (p->options[i].votes * 100 + sum / 2) / sum : 0;

        json_obj(&w->j, NULL);
        json_str(&w->j, "title_html", web_emojify(w->c, text_html_escape(w->c->mem, p->options[i].title), &s->emojis));
        if (!hidden)
            json_str(&w->j, "share", str_fmt(w->c->mem, "%lld", (long long)MIN(percent, 100)));
        json_end(&w->j);
    }
    json_end(&w->j);
    put_count(w, "votes", poll_votes(p), S("vote"), S("votes"));
    json_bool(&w->j, "over", over);
    if (p->expires_ms != 0)
        put_time(w, "until", p->expires_ms);
    json_end(&w->j);
}

/* ---- posts ----------------------------------------------------------------------------------------------------- */

struct str
web_post_summary(struct ctx *c, const struct status *s, size_t graphemes)
{
    if (s->spoiler_text.n > 0)
        return web_excerpt(c, s->spoiler_text, graphemes);
    return web_excerpt(c, text_html_to_plain(c->mem, s->content), graphemes);
}

static bool
shows_quote(const struct status *s)
{
    return s->quote != NULL && s->quote->shown == QUOTE_ACCEPTED && s->quote->quoted != NULL;
}

/* Feeds have what is quoted as a link in front of the text, as remote posts bring it with them; pages have a box below the text. */
static struct str
content(struct ctx *c, const struct status *s, bool feed)
{
    if (!shows_quote(s) || (feed && !s->local))
        return s->content;
    if (!feed)
        return text_html_without_quote_link(c->mem, s->content);
    return str_cat(c->mem, text_html_quote_link(c->mem, view_url_status(c, s->quote->quoted)), s->content, STR_NONE);
}

static void
put_quote(struct web_page *w, const struct status *s)
{
    const struct status *q;

    if (!shows_quote(s))
        return;
    q = s->quote->quoted;
    json_obj(&w->j, "quoted");
    json_str(&w->j, "url", view_url_status(w->c, q));
    json_str(&w->j, "text", web_post_summary(w->c, q, QUOTE_GRAPHEMES));
    web_put_author(w, q->account);
    json_end(&w->j);
}

static void
put_reply_to(struct web_page *w, const struct status *s)
{
    for (size_t i = 0; i < s->n_mentions && s->in_reply_to_account_id != 0; i++)
        if (s->mentions[i].account_id == s->in_reply_to_account_id && s->in_reply_to_account_id != s->account_id) {
            json_str(&w->j, "reply_to", str_cat(w->c->mem, S("@"), s->mentions[i].username, STR_NONE));
            return;
        }
}

void
web_put_author(struct web_page *w, const struct account *a)
{
    struct ctx *c = w->c;

    json_obj(&w->j, "author");
    json_str(&w->j, "name", web_name(a));
    json_str(&w->j, "name_html", web_name_html(c, a));
    json_str(&w->j, "handle", account_handle(c->mem, a, c->env->conf->domain));
    json_str(&w->j, "avatar", avatar(c, a));
    json_str(&w->j, "url", view_url_account(c, a));
    json_end(&w->j);
}

static void
put_counts(struct web_page *w, const struct status *s)
{
    json_arr(&w->j, "counts");
    if (s->replies > 0)
        put_count(w, NULL, s->replies, S("reply"), S("replies"));
    if (s->reblogs > 0)
        put_count(w, NULL, s->reblogs, S("boost"), S("boosts"));
    if (s->favourites > 0)
        put_count(w, NULL, s->favourites, S("favourite"), S("favourites"));
    json_end(&w->j);
}

static void
put_shown(struct web_page *w, const struct status *s, bool feed)
{
    struct ctx *c = w->c;
    struct json *j = &w->j;

    view_status(c, j, "status", s);
    json_str(j, "content_html", web_emojify(c, content(c, s, feed), &s->emojis));
    if (s->spoiler_text.n > 0)
        json_str(j, "warning_html", web_emojify(c, text_html_escape(c->mem, s->spoiler_text), &s->emojis));
    web_put_author(w, s->account);
    put_time(w, "created", s->created_ms);
    if (s->edited_ms != 0)
        put_time(w, "edited", s->edited_ms);
    put_time(w, "changed", s->edited_ms != 0 ? s->edited_ms : s->created_ms);
    put_quote(w, s);
    put_poll(w, s);
    put_media_list(w, s);
    put_counts(w, s);
}

void
web_put_post(struct web_page *w, const struct status *s, const struct web_post_options *o)
{
    const struct status *shown = s->reblog != NULL ? s->reblog : s;
    struct ctx *c = w->c;
    struct json *j = &w->j;

    json_obj(j, NULL);
    json_id(j, "id", s->id); /* of the row: a post and a boost of it may stand on one page */
    json_bool(j, "pinned", o->pinned);
    json_bool(j, "focal", o->focal);
    if (o->depth > 0)
        json_int(j, "depth", o->depth);
    if (s->reblog != NULL) {
        json_obj(j, "boosted_by");
        json_str(j, "name_html", web_name_html(c, s->account));
        json_str(j, "url", view_url_account(c, s->account));
        json_end(j);
    }
    put_shown(w, shown, o->feed);
    if (!o->thread)
        put_reply_to(w, shown);
    if (o->feed)
        json_str(j, "summary", web_post_summary(c, shown, TITLE_GRAPHEMES));
    json_bool(
        j, "has_meta", o->focal || shown->edited_ms != 0 || shown->replies + shown->reblogs + shown->favourites > 0);
    json_end(j);
}

static void
put_neighbour(struct web_page *w, const char *key, struct str path, const char *cursor, int64_t id)
{
    json_str(&w->j, key, str_fmt(w->c->mem, "%.*s?%s=%lld", STR_ARG(path), cursor, (long long)id));
}

void
web_put_posts(struct web_page *w, const char *key, const struct statuses *v, const struct web_post_options *o)
{
    json_arr(&w->j, key);
    for (size_t i = 0; i < v->n; i++)
        web_put_post(w, v->v[i], o);
    json_end(&w->j);
}

void
web_put_pager(struct web_page *w, const struct statuses *v, const struct page *p, struct str path)
{
    bool paged = p->max_id != 0 || p->min_id != 0 || p->since_id != 0;

    path = res_clean_url(w->c->mem, path);
    if ((int64_t)v->n >= p->limit || (p->min_id != 0 && v->n > 0))
        put_neighbour(w, "older", path, "max_id", v->v[v->n - 1]->id);
    if (v->n > 0 && paged)
        put_neighbour(w, "newer", path, "min_id", v->v[0]->id);
    else if (paged)
        json_str(&w->j, "newer", path);
    json_bool(&w->j, "paged", paged);
}

/* ---- accounts -------------------------------------------------------------------------------------------------- */

static void
put_fields(struct web_page *w, const struct account *a)
{
    struct ctx *c = w->c;

    json_arr(&w->j, "fields");
    for (size_t i = 0; i < a->n_fields; i++) {
        json_obj(&w->j, NULL);
        json_str(&w->j, "name_html", web_emojify(c, text_html_escape(c->mem, a->fields[i].name), &a->emojis));
        json_str(&w->j, "value_html", web_emojify(c, a->fields[i].value, &a->emojis));
        if (a->fields[i].verified_ms != 0)
            put_time(w, "verified", a->fields[i].verified_ms);
        json_end(&w->j);
    }
    json_end(&w->j);
}

void
web_put_account(struct web_page *w, const struct account *a)
{
    struct ctx *c = w->c;
    struct json *j = &w->j;

    view_account(c, j, "account", a);
    web_put_author(w, a);
    json_obj(j, "profile");
    json_str(j, "note_html", web_emojify(c, a->note, &a->emojis));
    if (a->header.n > 0) {
        json_str(j, "header", view_url_file(c, a->header_static.n > 0 ? a->header_static : a->header, S("")));
        json_str(j, "header_text", a->header_text);
    }
    json_str(j, "avatar_text", a->avatar_text);
    put_fields(w, a);
    put_time(w, "joined", date_midnight(a->created_ms));
    put_count(w, "posts_count", a->statuses, S("post"), S("posts"));
    put_count(w, "following_count", a->following, S("following"), S("following"));
    put_count(w, "followers_count", a->followers, S("follower"), S("followers"));
    if (a->moved != NULL) {
        json_obj(j, "moved");
        json_str(j, "handle", account_handle(c->mem, a->moved, c->env->conf->domain));
        json_str(j, "url", view_url_account(c, a->moved));
        json_end(j);
    }
    json_end(j);
}
