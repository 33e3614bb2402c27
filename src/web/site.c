/* Pages about the server: the front page, /about, /privacy-policy; and robots.txt. */
#include "web/internal.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/date.h"
#include "http/params.h"
#include "http/respond.h"
#include "service/instance.h"
#include "service/setting.h"
#include "service/timeline.h"
#include "text/html.h"
#include "text/i18n.h"

enum { DESCRIPTION_GRAPHEMES = 300 };

static struct str
title_of(struct ctx *c, const struct instance_info *i)
{
    return i->title.n > 0 ? i->title : c->env->conf->domain;
}

static struct str
short_text(const struct instance_info *i)
{
    return i->short_description.n > 0 ? i->short_description : i->description;
}

/* "3 people" */
static void
put_number(struct web_page *w, const char *key, int64_t n, struct str one, struct str many)
{
    struct ctx *c = w->c;
    struct str number = str_fmt(c->mem, "%lld", (long long)n);

    json_str(&w->j, key, text_tr_fill(c->mem, text_tr_n(c->locale, one, many, n), &number, 1));
}

static void
put_rules(struct web_page *w, const struct rules *v)
{
    if (v->n == 0)
        return;
    json_obj(&w->j, "rules");
    json_arr(&w->j, "list");
    for (size_t i = 0; i < v->n; i++) {
        json_obj(&w->j, NULL);
        json_str(&w->j, "text", v->v[i].text);
        json_str(&w->j, "hint", v->v[i].hint);
        json_end(&w->j);
    }
    json_end(&w->j);
    json_end(&w->j);
}

/* "instance": what the server says about itself. */
static void
put_instance(struct web_page *w, const struct instance_info *i)
{
    struct json *j = &w->j;
    bool open = str_eqz(i->registrations, "open"), approval = str_eqz(i->registrations, "approval");

    json_obj(j, "instance");
    json_str(j, "title", title_of(w->c, i));
    json_str(j, "short", short_text(i));
    json_str(j, "description", i->description);
    json_bool(j, "open", open);
    json_bool(j, "approval", approval);
    json_bool(j, "closed", !open && !approval);
    json_bool(j, "sign_up", open || approval);
    json_str_or_null(j, "email", i->contact_email);
    json_str(j, "extended_html", text_html_clean(w->c->mem, i->extended_description, HTML_POST));
    json_str(j, "policy_html", text_html_clean(w->c->mem, i->privacy_policy, HTML_POST));
    put_rules(w, &i->rules);
    put_number(w, "people", i->users, S("{0} person"), S("{0} people"));
    put_number(w, "active", i->active_month, S("{0} active this month"), S("{0} active this month"));
    put_number(w, "posts_made", i->statuses, S("{0} post"), S("{0} posts"));
    json_end(j);
}

/* The page is there for everybody, what people here write only where the operators say so. */
static enum err
newest_posts(struct ctx *c, const struct page *p, struct statuses *out)
{
    enum err e = service_timeline_public(c, 1, false, p, out);

    if (e != ERR_UNAUTHORIZED)
        return e;
    ctx_ok(c);
    *out = (struct statuses){ 0 };
    return ERR_OK;
}

enum err
web_landing(struct ctx *c, struct req *r)
{
    struct instance_info i;
    struct statuses posts;
    struct web_head h;
    struct web_page w;
    struct page p;

    TRY(page_read(c, r, WEB_PAGE_POSTS, WEB_POSTS_MAX, &p));
    TRY(service_instance_get(c, &i));
    TRY(newest_posts(c, &p, &posts));
    h = (struct web_head){
        .title = title_of(c, &i), .description = web_excerpt(c, short_text(&i), DESCRIPTION_GRAPHEMES), .path = S("/")
    };
    web_begin(c, r, &h, &w);
    put_instance(&w, &i);
    web_put_posts(&w, "posts", &posts, &(struct web_post_options){ 0 });
    web_put_pager(&w, &posts, &p, S("/"));
    return web_end(&w, 200, S("landing.html"));
}

static enum err
answer_about(struct ctx *c, struct req *r, struct str msgid, struct str path, struct str template)
{
    struct instance_info i;
    struct web_head h;
    struct web_page w;

    TRY(service_instance_get(c, &i));
    h = (struct web_head){
        .title = str_cat(c->mem, text_tr(c->locale, msgid), S(" – "), title_of(c, &i), STR_NONE),
        .description = web_excerpt(c, short_text(&i), DESCRIPTION_GRAPHEMES),
        .path = path,
    };
    web_begin(c, r, &h, &w);
    put_instance(&w, &i);
    if (i.contact != NULL)
        web_put_account(&w, i.contact);
    return web_end(&w, 200, template);
}

enum err
web_about(struct ctx *c, struct req *r)
{
    return answer_about(c, r, S("About"), S("/about"), S("about.html"));
}

enum err
web_about_more(struct ctx *c, struct req *r)
{
    res_redirect(c, r, 301, S("/about"));
    return ERR_OK;
}

enum err
web_privacy(struct ctx *c, struct req *r)
{
    return answer_about(c, r, S("Privacy policy"), S("/privacy-policy"), S("privacy.html"));
}

/* "terms": those of a day, or those in force. */
static enum err
answer_terms(struct ctx *c, struct req *r, int64_t day_ms)
{
    struct instance_info i;
    struct web_head h;
    struct web_page w;
    struct terms t;
    enum err e = service_terms_get(c, day_ms, &t);

    if (e != ERR_OK && (e != ERR_NOT_FOUND || day_ms != 0))
        return e;
    ctx_ok(c);
    TRY(service_instance_settings(c, &i));
    h = (struct web_head){
        .title = str_cat(c->mem, text_tr(c->locale, S("Terms of service")), S(" – "), title_of(c, &i), STR_NONE),
        .description = web_excerpt(c, short_text(&i), DESCRIPTION_GRAPHEMES),
        .path = S("/terms-of-service"),
    };
    web_begin(c, r, &h, &w);
    json_obj(&w.j, "terms");
    if (e == ERR_OK) {
        struct str since = date_day(c->mem, t.effective_ms), until = date_day(c->mem, t.next_ms);

        json_str(&w.j, "body_html", text_html_clean(c->mem, t.content, HTML_POST));
        json_str(&w.j, "since", text_tr_fill(c->mem, text_tr(c->locale, S("In force from {0}")), &since, 1));
        if (t.next_ms != 0)
            json_str(&w.j, "until", text_tr_fill(c->mem, text_tr(c->locale, S("replaced on {0}")), &until, 1));
    }
    json_end(&w.j);
    return web_end(&w, 200, S("terms.html"));
}

enum err
web_terms(struct ctx *c, struct req *r)
{
    return answer_terms(c, r, 0);
}

enum err
web_terms_of_day(struct ctx *c, struct req *r)
{
    int64_t day_ms;

    if (!date_parse(req_param(r, "date"), &day_ms) || day_ms == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "not a date");
    return answer_terms(c, r, date_midnight(day_ms));
}

/* What is no page for strangers.  What a page must not be found by, it says itself: a crawler has to read it to know. */
enum err
web_robots(struct ctx *c, struct req *r)
{
    static const char text[] = "User-agent: *\n"
                               "Disallow: /api/\n"
                               "Disallow: /auth/\n"
                               "Disallow: /oauth/\n"
                               "Disallow: /settings/\n";

    res_text(c, r, 200, S("text/plain; charset=utf-8"), str_z(text));
    res_cache(c, r, "public, max-age=86400");
    return ERR_OK;
}
