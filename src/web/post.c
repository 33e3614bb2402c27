/* /@name/123: a post with what it answers and what answers it. */
#include "web/internal.h"

#include "ap/uri.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/url.h"
#include "http/respond.h"
#include "service/account.h"
#include "service/status.h"
#include "view/view.h"

enum { DEPTH_MAX = 4, TITLE_GRAPHEMES = 60, DESCRIPTION_GRAPHEMES = 400 };

/* The first picture may stand for the post, unless its author hides it. */
static void
set_image(struct ctx *c, const struct status *s, struct web_head *h)
{
    const struct account *a = s->account;

    h->image =
        view_url_file(c, a->avatar_static.n > 0 ? a->avatar_static : a->avatar, S("/avatars/original/missing.png"));
    h->image_alt = a->avatar_text;
    if (s->sensitive || s->spoiler_text.n > 0 || a->sensitized_ms != 0)
        return;
    for (size_t i = 0; i < s->n_media; i++)
        if (s->media[i].kind == MEDIA_IMAGE && s->media[i].file.n > 0) {
            h->image = view_url_file(c, s->media[i].file, S(""));
            h->image_alt = s->media[i].description;
            h->large_image = true;
            return;
        }
}

static struct web_head
make_head(struct ctx *c, const struct status *s)
{
    const struct account *a = s->account;
    struct str summary = web_post_summary(c, s, TITLE_GRAPHEMES);
    struct web_head h = {
        .title = summary.n > 0 ? str_fmt(c->mem, "%.*s: “%.*s”", STR_ARG(web_name(a)), STR_ARG(summary)) : web_name(a),
        .description = web_post_summary(c, s, DESCRIPTION_GRAPHEMES),
        .path = str_fmt(c->mem, "/@%.*s/%lld", STR_ARG(a->username), (long long)s->id),
        .og_type = S("article"),
        .author = account_handle(c->mem, a, c->env->conf->domain),
        .published_ms = s->created_ms,
        .ap_id = s->uri,
        .oembed = s->visibility <= VIS_UNLISTED ? str_cat(c->mem, S("/api/oembed?format=json&url="),
                                                      url_encode(c->mem, view_url_status(c, s)), STR_NONE)
                                                : S(""),
        .feed = str_cat(c->mem, S("/@"), a->username, STR_NONE),
        .feed_title = str_cat(c->mem, S("@"), a->username, STR_NONE),
        .noindex = !a->indexable || a->silenced_ms != 0 || s->visibility != VIS_PUBLIC,
    };

    set_image(c, s, &h);
    return h;
}

/* How far below the shown post each reply stands; parents come before their replies. */
static void
put_descendants(struct web_page *w, const struct statuses *v, int64_t root)
{
    int *depth = arena_vec(w->c->mem, int, v->n + 1);

    json_arr(&w->j, "descendants");
    for (size_t i = 0; i < v->n; i++) {
        depth[i] = 1;
        for (size_t k = 0; k < i && v->v[i]->in_reply_to_id != root; k++)
            if (v->v[k]->id == v->v[i]->in_reply_to_id)
                depth[i] = MIN(depth[k] + 1, DEPTH_MAX);
        web_put_post(w, v->v[i], &(struct web_post_options){ .depth = depth[i], .thread = true });
    }
    json_end(&w->j);
}

/* A link to where one reads on; nothing when it is none that a page may have. */
static void
put_link(struct web_page *w, const char *key, struct str url)
{
    struct url u;

    if (!url_parse(w->c->mem, url, &u))
        return;
    json_obj(&w->j, key);
    json_str(&w->j, "url", u.text);
    json_str(&w->j, "host", u.host);
    json_end(&w->j);
}

/* What of the conversation is not on this page: cut because it is long, or only on other servers. */
static void
put_missing(struct web_page *w, const struct thread_context *t, const struct status *s)
{
    const struct status *top = t->ancestors.n > 0 ? t->ancestors.v[0] : s;

    if (t->cut_above)
        put_link(w, "earlier", view_url_status(w->c, top));
    else if (top->in_reply_to_uri.n > 0) /* what it answers is not known here */
        put_link(w, "earlier", top->in_reply_to_uri);
    json_bool(&w->j, "more", t->cut_below);
    if (!top->local)
        put_link(w, "began", view_url_status(w->c, top));
    else
        json_bool(&w->j, "scattered", statuses_any_remote(&t->ancestors) || statuses_any_remote(&t->descendants));
}

static enum err
show(struct ctx *c, struct req *r, const struct status *s)
{
    struct thread_context t = { 0 };
    struct web_page w;
    struct web_head h = make_head(c, s);

    TRY(service_status_context(c, s->id, &t, NULL));
    web_begin(c, r, &h, &w);
    put_missing(&w, &t, s);
    web_put_posts(&w, "ancestors", &t.ancestors, &(struct web_post_options){ .thread = true });
    json_arr(&w.j, "posts");
    web_put_post(&w, s, &(struct web_post_options){ .focal = true, .thread = t.ancestors.n > 0 });
    json_end(&w.j);
    json_str(&w.j, "author_name", web_name(s->account));
    put_descendants(&w, &t.descendants, s->id);
    return web_end(&w, 200, S("post.html"));
}

/*
 * The redirect for ActivityPub does not look at the post, so it tells nothing: whether the caller may have it is decided where it
 * leads to.
 */
/* As the path says it, without our domain. */
static struct str
first_name(const struct req *r)
{
    struct str rest = req_param(r, "acct"), name;

    return str_cut(&rest, '@', &name) ? name : rest;
}

enum err
web_post(struct ctx *c, struct req *r)
{
    int64_t id = req_param_id(r, "id");
    struct account *a;
    struct status *s;

    TRY(service_account_lookup(c, req_param(r, "acct"), &a));
    if (account_is_local(a) && web_redirect_ap(c, r, ap_uri(c->mem, c->env->conf->origin, AP_URI_STATUS, a->id, id)))
        return ERR_OK;
    if (a->suspended_ms != 0)
        return ctx_fail(c, ERR_GONE, "account %lld is suspended", (long long)a->id);
    TRY(service_status_get(c, id, &s));
    if (s->account_id != a->id)
        return ctx_fail(c, ERR_NOT_FOUND, "status %lld is somebody else's", (long long)id);
    if (s->reblog != NULL)
        s = s->reblog;
    if (!s->local)
        return web_answer_elsewhere(
            c, r, view_url_status(c, s), account_handle(c->mem, s->account, c->env->conf->domain));
    if (s->id != id || !str_eqi(a->username, first_name(r))) {
        res_redirect(c, r, 302, view_url_status(c, s));
        return ERR_OK;
    }
    return show(c, r, s);
}

/* What stands in a frame of another site: the post alone, for everybody, whoever is logged in here. */
enum err
web_post_embed(struct ctx *c, struct req *r)
{
    int64_t id = req_param_id(r, "id");
    struct web_head h;
    struct web_page w;
    struct status *s;

    TRY(service_status_get(c, id, &s));
    if (!s->local || s->reblog_of_id != 0 || s->visibility > VIS_UNLISTED ||
        !str_eqi(s->account->username, req_param(r, "acct")))
        return ctx_fail(c, ERR_NOT_FOUND, "status %lld is not to be embedded", (long long)id);
    h = make_head(c, s);
    h.noindex = true;
    web_begin(c, r, &h, &w);
    w.framed = true;
    json_arr(&w.j, "posts");
    web_put_post(&w, s, &(struct web_post_options){ .focal = true });
    json_end(&w.j);
    return web_end(&w, 200, S("embed.html"));
}
