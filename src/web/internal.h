/*
 * What the pages share.  A page is written as JSON: the entities of the client API, and beside them what a template without logic needs
 * (dates in words, names with emoji, flags).  web_end() reads it back as a value and renders a template of share/templates with it.
 * Everything is in the request's arena; worker threads only.
 */
#ifndef WEB_INTERNAL_H
#define WEB_INTERNAL_H

#include "base/page.h"
#include "http/http.h"
#include "http/route.h"
#include "model/status.h"

enum { WEB_PAGE_POSTS = 20, WEB_POSTS_MAX = 40 };

extern const struct route_group web_group;

struct web_page {
    struct ctx *c;
    struct req *r;
    struct buf text;
    struct json j; /* inside the page's object */
    bool framed;   /* other sites may show it inside theirs */
};

/* Once, before the first request.  A template that does not compile is our mistake: aborts. */
void web_templates_load(void);

/* What stands in <head>.  Paths begin with a slash; empty texts leave their element out. */
struct web_head {
    struct str title, description;
    struct str path;             /* canonical path on our origin */
    struct str og_type;          /* website when empty */
    struct str image, image_alt; /* URL on our origin */
    bool large_image;
    struct str author;     /* user@domain */
    int64_t published_ms;  /* 0: none */
    struct str ap_id;      /* the same thing as ActivityPub */
    struct str oembed;     /* path of its oEmbed form */
    struct str feed;       /* path without .atom or .rss */
    struct str feed_title; /* with feed */
    bool noindex;
};

/* Begin the page's object with "site", "lang", "dir" and "head"; add the headers that go with h. */
void web_begin(struct ctx *c, struct req *r, const struct web_head *h, struct web_page *out);
/* Close the object and answer with that template.  Errors: TOO_LARGE, INTERNAL. */
NODISCARD enum err web_end(struct web_page *w, int status, struct str template);
/* The embedded script that starts the client; p NULL when the program was built without it. */
struct str web_client_boot(void);
/* The same for a feed: characters that XML may not hold are dropped. */
NODISCARD enum err web_end_feed(struct web_page *w, struct str template, struct str content_type);

/* The reader's language; public pages know no user. */
NODISCARD enum err web_before(struct ctx *c, struct req *r);
void web_on_error(struct ctx *c, struct req *r, enum err e);

/* The path says a name that the account had before: to the same page under its name.  True when it was answered. */
bool web_redirect_renamed(struct ctx *c, struct req *r, const struct account *a, const char *rest);

/* ---- texts ----------------------------------------------------------------------------------------------------- */

/* html, where emoji of the list stand for their :shortcode: in text; only those whose file is ours. */
struct str web_emojify(struct ctx *c, struct str html, const struct emoji_refs *emojis);
/* The display name, or the user name, as HTML with emoji; and as text. */
struct str web_name_html(struct ctx *c, const struct account *a);
struct str web_name(const struct account *a);
/* "22. November 2026", and with the time of day in UTC. */
struct str web_date(struct ctx *c, int64_t ms);
struct str web_date_time(struct ctx *c, int64_t ms);
/* The first so many graphemes on one line, with an ellipsis when something was cut. */
struct str web_excerpt(struct ctx *c, struct str text, size_t graphemes);

/* ---- parts ----------------------------------------------------------------------------------------------------- */

/* One post: "status" as the API shows it, with what the template needs beside it; of a reblog the original, and who boosted. */
struct web_post_options {
    bool pinned, focal;
    bool thread; /* what it answers stands above it */
    bool feed;   /* with a title */
    int depth;   /* of replies, 0 to 4 */
};
void web_put_post(struct web_page *w, const struct status *s, const struct web_post_options *o);
/* A list of them. */
void web_put_posts(struct web_page *w, const char *key, const struct statuses *v, const struct web_post_options *o);
/* "older" and "newer": the neighbouring pages of path, when there are any; "paged" when this is not the first. */
void web_put_pager(struct web_page *w, const struct statuses *v, const struct page *p, struct str path);
/* "author": name, handle, picture and address of the page. */
void web_put_author(struct web_page *w, const struct account *a);
/* "account" as the API shows it, and "profile" with the rest. */
void web_put_account(struct web_page *w, const struct account *a);
/* What a stranger may read of a post in one line: never what stands behind a content warning. */
struct str web_post_summary(struct ctx *c, const struct status *s, size_t graphemes);
/* A page for what lives on another server: nobody is sent there without being told. */
NODISCARD enum err web_answer_elsewhere(struct ctx *c, struct req *r, struct str url, struct str handle);
/* Does the client want ActivityPub?  Then it was sent to uri. */
bool web_redirect_ap(struct ctx *c, struct req *r, struct str uri);

/* ---- handlers -------------------------------------------------------------------------------------------------- */

enum err web_landing(struct ctx *c, struct req *r);
enum err web_profile(struct ctx *c, struct req *r);
enum err web_profile_replies(struct ctx *c, struct req *r);
enum err web_profile_media(struct ctx *c, struct req *r);
enum err web_profile_atom(struct ctx *c, struct req *r);
enum err web_profile_rss(struct ctx *c, struct req *r);
enum err web_post(struct ctx *c, struct req *r);
enum err web_post_embed(struct ctx *c, struct req *r);
enum err web_tag(struct ctx *c, struct req *r);
enum err web_tag_atom(struct ctx *c, struct req *r);
enum err web_tag_rss(struct ctx *c, struct req *r);
enum err web_collection(struct ctx *c, struct req *r);
enum err web_about(struct ctx *c, struct req *r);
enum err web_about_more(struct ctx *c, struct req *r);
enum err web_privacy(struct ctx *c, struct req *r);
enum err web_terms(struct ctx *c, struct req *r);
enum err web_terms_of_day(struct ctx *c, struct req *r);
enum err web_client(struct ctx *c, struct req *r);
/* What installs the client as an app, and its service worker, which must stand at the root to see all paths. */
enum err web_manifest(struct ctx *c, struct req *r);
enum err web_worker(struct ctx *c, struct req *r);
enum err web_robots(struct ctx *c, struct req *r);

#endif
