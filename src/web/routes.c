/* The table of public pages. */
#include "web/web.h"

#include "web/internal.h"

/* No page depends on who reads it, but a cache between must not mix it up with what a later one does. */
const struct route_group web_group = { .name = "web",
    .before = web_before,
    .on_error = web_on_error,
    .cors = true,
    .vary = "Accept, Accept-Language, Cookie" };

static struct route routes[] = {
    { HTTP_GET, "/", web_landing, .rate = RATE_API },
    { HTTP_GET, "/@:acct", web_profile, .rate = RATE_API },
    { HTTP_GET, "/@:acct/with_replies", web_profile_replies, .rate = RATE_API },
    { HTTP_GET, "/@:acct/media", web_profile_media, .rate = RATE_API },
    { HTTP_GET, "/@:acct/:id", web_post, .rate = RATE_API },
    { HTTP_GET, "/@:acct/:id/embed", web_post_embed, .rate = RATE_API },
    { HTTP_GET, "/@:name.atom", web_profile_atom, .rate = RATE_API },
    { HTTP_GET, "/@:name.rss", web_profile_rss, .rate = RATE_API },
    { HTTP_GET, "/tags/:name", web_tag, .rate = RATE_API },
    { HTTP_GET, "/tags/:name.atom", web_tag_atom, .rate = RATE_API },
    { HTTP_GET, "/tags/:name.rss", web_tag_rss, .rate = RATE_API },
    { HTTP_GET, "/collections/:id", web_collection, .rate = RATE_API },
    { HTTP_GET, "/about", web_about, .rate = RATE_API },
    { HTTP_GET, "/about/more", web_about_more, .rate = RATE_API },
    { HTTP_GET, "/privacy-policy", web_privacy, .rate = RATE_API },
    { HTTP_GET, "/terms-of-service", web_terms, .rate = RATE_API },
    { HTTP_GET, "/terms-of-service/:date", web_terms_of_day, .rate = RATE_API },
    { HTTP_GET, "/robots.txt", web_robots },
    /* The client's own. */
    { HTTP_GET, "/manifest.webmanifest", web_manifest },
    { HTTP_GET, "/sw.js", web_worker },
    { HTTP_GET, "/signed-in", web_client, .rate = RATE_API },
    { HTTP_GET, "/home", web_client, .rate = RATE_API },
    { HTTP_GET, "/deck", web_client, .rate = RATE_API },
    { HTTP_GET, "/public", web_client, .rate = RATE_API },
    { HTTP_GET, "/public/local", web_client, .rate = RATE_API },
    { HTTP_GET, "/explore", web_client, .rate = RATE_API },
    { HTTP_GET, "/explore/:tab", web_client, .rate = RATE_API },
    { HTTP_GET, "/notifications", web_client, .rate = RATE_API },
    { HTTP_GET, "/notifications/*rest", web_client, .rate = RATE_API },
    { HTTP_GET, "/conversations", web_client, .rate = RATE_API },
    { HTTP_GET, "/search", web_client, .rate = RATE_API },
    { HTTP_GET, "/publish", web_client, .rate = RATE_API },
    { HTTP_GET, "/publish/*rest", web_client, .rate = RATE_API },
    { HTTP_GET, "/share", web_client, .rate = RATE_API },
    { HTTP_GET, "/bookmarks", web_client, .rate = RATE_API },
    { HTTP_GET, "/bookmarks/*rest", web_client, .rate = RATE_API },
    { HTTP_GET, "/favourites", web_client, .rate = RATE_API },
    { HTTP_GET, "/lists", web_client, .rate = RATE_API },
    { HTTP_GET, "/lists/*rest", web_client, .rate = RATE_API },
    { HTTP_GET, "/collections", web_client, .rate = RATE_API },
    { HTTP_GET, "/collections/*rest", web_client, .rate = RATE_API },
    { HTTP_GET, "/follow_requests", web_client, .rate = RATE_API },
    { HTTP_GET, "/blocks", web_client, .rate = RATE_API },
    { HTTP_GET, "/mutes", web_client, .rate = RATE_API },
    { HTTP_GET, "/domain_blocks", web_client, .rate = RATE_API },
    { HTTP_GET, "/followed_tags", web_client, .rate = RATE_API },
    { HTTP_GET, "/annual_report", web_client, .rate = RATE_API },
    { HTTP_GET, "/annual_report/:year", web_client, .rate = RATE_API },
    { HTTP_GET, "/filters", web_client, .rate = RATE_API },
    { HTTP_GET, "/filters/*rest", web_client, .rate = RATE_API },
    { HTTP_GET, "/start", web_client, .rate = RATE_API },
    { HTTP_GET, "/settings", web_client, .rate = RATE_API },
    { HTTP_GET, "/settings/:page", web_client, .rate = RATE_API },
    { HTTP_GET, "/directory", web_client, .rate = RATE_API },
    { HTTP_GET, "/@:acct/about", web_client, .rate = RATE_API },
    { HTTP_GET, "/@:acct/followers", web_client, .rate = RATE_API },
    { HTTP_GET, "/@:acct/following", web_client, .rate = RATE_API },
    { HTTP_GET, "/@:acct/:id/reblogs", web_client, .rate = RATE_API },
    { HTTP_GET, "/@:acct/:id/favourites", web_client, .rate = RATE_API },
    { HTTP_GET, "/@:acct/:id/quotes", web_client, .rate = RATE_API },
};

void
web_routes(struct router *r)
{
    web_templates_load();
    router_add(r, &web_group, routes, lengthof(routes));
    router_set_fallback(r, &web_group);
}
