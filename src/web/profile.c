/* /@name and its tabs, and the feeds of a person. */
#include "web/internal.h"

#include "base/arena.h"
#include "base/conf.h"
#include "http/params.h"
#include "http/respond.h"
#include "service/account.h"
#include "text/html.h"
#include "view/view.h"

enum tab { TAB_POSTS, TAB_REPLIES, TAB_MEDIA, TAB_COUNT };

static const struct {
    const char *name, *path;
    struct account_statuses_params filter;
} tabs[TAB_COUNT] = {
    [TAB_POSTS] = { "tab_posts", "", { .exclude_replies = true } },
    [TAB_REPLIES] = { "tab_replies", "/with_replies", { 0 } },
    [TAB_MEDIA] = { "tab_media", "/media", { .only_media = true, .exclude_reblogs = true } },
};

static struct str
profile_path(struct ctx *c, const struct account *a)
{
    return str_cat(c->mem, S("/@"), a->username, STR_NONE);
}

static struct web_head
make_head(struct ctx *c, const struct account *a, struct str path)
{
    struct str handle = account_handle(c->mem, a, c->env->conf->domain);

    return (struct web_head){
        .title = str_fmt(c->mem, "%.*s (@%.*s)", STR_ARG(web_name(a)), STR_ARG(handle)),
        .description = web_excerpt(c, text_html_to_plain(c->mem, a->note), 300),
        .path = path,
        .og_type = S("profile"),
        .image =
            view_url_file(c, a->avatar_static.n > 0 ? a->avatar_static : a->avatar, S("/avatars/original/missing.png")),
        .image_alt = a->avatar_text,
        .author = handle,
        .ap_id = a->uri,
        .feed = profile_path(c, a),
        .feed_title = str_cat(c->mem, S("@"), handle, STR_NONE),
        .noindex = !a->indexable || a->silenced_ms != 0,
    };
}

/* ---- the page -------------------------------------------------------------------------------------------------- */

static enum err
put_pinned(struct web_page *w, const struct account *a)
{
    struct statuses v;

    TRY(service_account_statuses(w->c, a->id, &(struct account_statuses_params){ .pinned = true },
        &(struct page){ .limit = WEB_POSTS_MAX }, &v));
    web_put_posts(w, "pinned_posts", &v, &(struct web_post_options){ .pinned = true });
    return ERR_OK;
}

static enum err
show(struct ctx *c, struct req *r, const struct account *a, enum tab tab)
{
    struct str path = profile_path(c, a), here = str_cat(c->mem, path, str_z(tabs[tab].path), STR_NONE);
    struct web_head h = make_head(c, a, here);
    struct statuses posts;
    struct web_page w;
    struct page p;

    TRY(page_read(c, r, WEB_PAGE_POSTS, WEB_POSTS_MAX, &p));
    TRY(service_account_statuses(c, a->id, &tabs[tab].filter, &p, &posts));
    web_begin(c, r, &h, &w);
    json_str(&w.j, "path", path);
    json_bool(&w.j, tabs[tab].name, true);
    web_put_account(&w, a);
    if (tab == TAB_POSTS && p.max_id == 0 && p.min_id == 0)
        TRY(put_pinned(&w, a));
    web_put_posts(&w, "posts", &posts, &(struct web_post_options){ 0 });
    web_put_pager(&w, &posts, &p, here);
    return web_end(&w, 200, S("profile.html"));
}

static enum err
answer_tab(struct ctx *c, struct req *r, enum tab tab)
{
    struct account *a;

    TRY(service_account_lookup(c, req_param(r, "acct"), &a));
    if (!account_is_local(a))
        return web_answer_elsewhere(c, r, view_url_account(c, a), account_handle(c->mem, a, c->env->conf->domain));
    if (tab == TAB_POSTS && web_redirect_ap(c, r, a->uri)) /* also when suspended: the document says so */
        return ERR_OK;
    if (a->suspended_ms != 0)
        return ctx_fail(c, ERR_GONE, "account %lld is suspended", (long long)a->id);
    if (web_redirect_renamed(c, r, a, tabs[tab].path))
        return ERR_OK;
    return show(c, r, a, tab);
}

enum err
web_profile(struct ctx *c, struct req *r)
{
    return answer_tab(c, r, TAB_POSTS);
}

enum err
web_profile_replies(struct ctx *c, struct req *r)
{
    return answer_tab(c, r, TAB_REPLIES);
}

enum err
web_profile_media(struct ctx *c, struct req *r)
{
    return answer_tab(c, r, TAB_MEDIA);
}

/* ---- feeds ----------------------------------------------------------------------------------------------------- */

static enum err
answer_feed(struct ctx *c, struct req *r, struct str template, struct str type)
{
    static const struct account_statuses_params filter = { .exclude_replies = true, .exclude_reblogs = true };
    struct statuses posts;
    struct web_head h;
    struct web_page w;
    struct account *a;

    TRY(service_account_lookup(c, req_param(r, "name"), &a));
    if (!account_is_local(a))
        return ctx_fail(c, ERR_NOT_FOUND, "the feed of somebody elsewhere");
    if (a->suspended_ms != 0)
        return ctx_fail(c, ERR_GONE, "account %lld is suspended", (long long)a->id);
    TRY(service_account_statuses(c, a->id, &filter, &(struct page){ .limit = WEB_PAGE_POSTS }, &posts));
    h = make_head(c, a, profile_path(c, a));
    web_begin(c, r, &h, &w);
    web_put_account(&w, a);
    web_put_posts(&w, "posts", &posts, &(struct web_post_options){ .feed = true });
    json_time(&w.j, "updated", posts.n > 0 ? posts.v[0]->created_ms : a->created_ms);
    return web_end_feed(&w, template, type);
}

enum err
web_profile_atom(struct ctx *c, struct req *r)
{
    return answer_feed(c, r, S("feed.atom.xml"), S("application/atom+xml; charset=utf-8"));
}

enum err
web_profile_rss(struct ctx *c, struct req *r)
{
    return answer_feed(c, r, S("feed.rss.xml"), S("application/rss+xml; charset=utf-8"));
}
