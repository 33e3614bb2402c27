/* Trends.  https://docs.joinmastodon.org/methods/trends/ */
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "service/trend.h"
#include "view/view.h"

enum { TAGS = 10, TAGS_MAX = 20, LINKS = 10, LINKS_MAX = 20, POSTS = 20, POSTS_MAX = 40, OFFSET_MAX = 1000 };

struct trend_request {
    int64_t limit, offset;
};

static const struct field fields[] = {
    FIELD(trend_request, offset, P_INT, .min = INT64_MIN, .max = INT64_MAX),
};

static enum err
read_request(struct ctx *c, struct req *r, int64_t limit, int64_t max, struct trend_request *q)
{
    struct page p;

    *q = (struct trend_request){ 0 };
    TRY(params_read(c, r, fields, lengthof(fields), q));
    TRY(page_read(c, r, limit, max, &p));
    q->limit = p.limit;
    q->offset = MIN(MAX(q->offset, 0), OFFSET_MAX);
    return ERR_OK;
}

enum err
api_trend_tags(struct ctx *c, struct req *r)
{
    struct trend_request q;
    struct tag_ref *tags = NULL;
    struct json *j;
    size_t n;

    TRY(read_request(c, r, TAGS, TAGS_MAX, &q));
    TRY(service_trend_tags(c, q.limit, q.offset, &tags, &n));
    page_link_offset(c, r, q.limit, q.offset, n);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < n; i++)
        view_tag(c, j, &tags[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_trend_links(struct ctx *c, struct req *r)
{
    struct trend_request q;
    struct cards v;
    struct json *j;

    TRY(read_request(c, r, LINKS, LINKS_MAX, &q));
    TRY(service_trend_links(c, q.limit, q.offset, &v));
    page_link_offset(c, r, q.limit, q.offset, v.n);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_trend_link(c, j, v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_trend_statuses(struct ctx *c, struct req *r)
{
    struct trend_request q;
    struct statuses v;
    size_t n;

    TRY(read_request(c, r, POSTS, POSTS_MAX, &q));
    TRY(service_trend_statuses(c, q.limit, q.offset, &v, &n));
    page_link_offset(c, r, q.limit, q.offset, n);
    view_statuses(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}
