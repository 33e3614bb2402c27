/* /tags/name and its feeds. */
#include "web/internal.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/conf.h"
#include "http/params.h"
#include "http/respond.h"
#include "service/timeline.h"
#include "text/i18n.h"
#include "text/link.h"

enum { TAG_GRAPHEMES = 100 };

/* The name in its normal form, and the posts. */
static enum err
read_tag(struct ctx *c, struct req *r, const struct page *p, struct str *name, struct statuses *out)
{
    struct str given = req_param(r, "name");

    *name = text_tag_key(c->mem, given);
    if (name->n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "not a tag");
    return service_timeline_tag(c, &(struct tag_query){ .tag = *name }, p, out);
}

static struct web_head
make_head(struct ctx *c, struct str name, bool empty)
{
    struct str shown = str_cat(c->mem, S("#"), web_excerpt(c, name, TAG_GRAPHEMES), STR_NONE);
    struct str path = str_cat(c->mem, S("/tags/"), name, STR_NONE), args[] = { shown, c->env->conf->domain };

    return (struct web_head){
        .title = shown,
        .description = text_tr_fill(
            c->mem, text_tr(c->locale, S("Public posts with {0}, as {1} knows them.")), args, lengthof(args)),
        .path = path,
        .feed = path,
        .feed_title = shown,
        .noindex = empty,
    };
}

enum err
web_tag(struct ctx *c, struct req *r)
{
    struct statuses posts;
    struct web_page w;
    struct web_head h;
    struct page p;
    struct str name;

    TRY(page_read(c, r, WEB_PAGE_POSTS, WEB_POSTS_MAX, &p));
    TRY(read_tag(c, r, &p, &name, &posts));
    h = make_head(c, name, posts.n == 0);
    web_begin(c, r, &h, &w);
    json_str(&w.j, "title", h.title);
    web_put_posts(&w, "posts", &posts, &(struct web_post_options){ 0 });
    web_put_pager(&w, &posts, &p, h.path);
    return web_end(&w, 200, S("tag.html"));
}

static enum err
answer_feed(struct ctx *c, struct req *r, struct str template, struct str type)
{
    struct statuses posts;
    struct web_page w;
    struct web_head h;
    struct str name;

    TRY(read_tag(c, r, &(struct page){ .limit = WEB_PAGE_POSTS }, &name, &posts));
    h = make_head(c, name, posts.n == 0);
    web_begin(c, r, &h, &w);
    web_put_posts(&w, "posts", &posts, &(struct web_post_options){ .feed = true });
    json_time(&w.j, "updated", posts.n > 0 ? posts.v[0]->created_ms : date_midnight(clock_ms()));
    return web_end_feed(&w, template, type);
}

enum err
web_tag_atom(struct ctx *c, struct req *r)
{
    return answer_feed(c, r, S("feed.atom.xml"), S("application/atom+xml; charset=utf-8"));
}

enum err
web_tag_rss(struct ctx *c, struct req *r)
{
    return answer_feed(c, r, S("feed.rss.xml"), S("application/rss+xml; charset=utf-8"));
}
