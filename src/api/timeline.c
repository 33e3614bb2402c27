/* Timelines, hashtags, markers.  https://docs.joinmastodon.org/methods/timelines/ */
#include "service/timeline.h"
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "service/card.h"
#include "service/marker.h"
#include "service/tag.h"
#include "view/view.h"

enum { POSTS = 20, POSTS_MAX = 40, TAGS = 100, TAGS_MAX = 200, TAG_BYTES_MAX = 1024, MORE_TAGS_MAX = 4 };

/* Timelines name both neighbours even on a short page. */
static enum err
answer(struct ctx *c, struct req *r, const struct page *p, const struct statuses *v, const char *const *keep)
{
    if (v->n > 0)
        page_link(c, r, p, PAGE_MIN_ID, true, v->n, v->v[0]->id, v->v[v->n - 1]->id, keep);
    view_statuses(c, res_json(c, r, 200), NULL, v);
    return ERR_OK;
}

enum err
api_timeline_home(struct ctx *c, struct req *r)
{
    struct statuses v;
    struct page p;

    TRY(page_read(c, r, POSTS, POSTS_MAX, &p));
    TRY(service_timeline_home(c, &p, &v));
    return answer(c, r, &p, &v, NULL);
}

enum err
api_timeline_list(struct ctx *c, struct req *r)
{
    struct statuses v;
    struct page p;

    TRY(page_read(c, r, POSTS, POSTS_MAX, &p));
    TRY(service_timeline_list(c, req_param_id(r, "id"), &p, &v));
    return answer(c, r, &p, &v, NULL);
}

struct timeline_request {
    bool local, remote, only_media;
    struct strs any, all, none;
};

static int
where(const struct timeline_request *q)
{
    return q->local ? 1 : q->remote ? -1 : 0;
}

enum err
api_timeline_public(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(timeline_request, local, P_BOOL),
        FIELD(timeline_request, remote, P_BOOL),
        FIELD(timeline_request, only_media, P_BOOL),
    };
    static const char *const keep[] = { "local", "remote", "only_media", NULL };
    struct timeline_request q = { 0 };
    struct statuses v;
    struct page p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, POSTS, POSTS_MAX, &p));
    TRY(service_timeline_public(c, where(&q), q.only_media, &p, &v));
    return answer(c, r, &p, &v, keep);
}

enum err
api_timeline_link(struct ctx *c, struct req *r)
{
    struct {
        struct str url;
    } q = { 0 };
    static const struct field fields[] = { { .name = "url", .type = P_STR, .max = 2048, .required = true } };
    static const char *const keep[] = { "url", NULL };
    struct statuses v;
    struct page p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, POSTS, POSTS_MAX, &p));
    TRY(service_card_timeline(c, q.url, &p, &v));
    return answer(c, r, &p, &v, keep);
}

static struct strs
first(struct strs v)
{
    return (struct strs){ v.v, MIN(v.n, (size_t)MORE_TAGS_MAX) };
}

enum err
api_timeline_tag(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(timeline_request, local, P_BOOL),
        FIELD(timeline_request, remote, P_BOOL),
        FIELD(timeline_request, only_media, P_BOOL),
        FIELD(timeline_request, any, P_STRS, .min = TAG_BYTES_MAX, .max = 100),
        FIELD(timeline_request, all, P_STRS, .min = TAG_BYTES_MAX, .max = 100),
        FIELD(timeline_request, none, P_STRS, .min = TAG_BYTES_MAX, .max = 100),
    };
    static const char *const keep[] = { "local", "remote", "only_media", "any", "all", "none", NULL };
    struct timeline_request q = { 0 };
    struct tag_query t;
    struct statuses v;
    struct page p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, POSTS, POSTS_MAX, &p));
    t = (struct tag_query){ .tag = req_param(r, "tag"),
        .any = first(q.any),
        .all = first(q.all),
        .none = first(q.none),
        .local = where(&q),
        .only_media = q.only_media };
    TRY(service_timeline_tag(c, &t, &p, &v));
    return answer(c, r, &p, &v, keep);
}

/* ---- hashtags ----------------------------------------------------------------------------------------------------- */

enum err
api_tag_show(struct ctx *c, struct req *r)
{
    struct tag_ref t;

    TRY(service_tag_get(c, req_param(r, "tag"), &t));
    view_tag(c, res_json(c, r, 200), &t);
    return ERR_OK;
}

static enum err
follow_tag(struct ctx *c, struct req *r, bool on)
{
    struct tag_ref t;

    TRY(service_tag_follow(c, req_param(r, "tag"), on, &t));
    view_tag(c, res_json(c, r, 200), &t);
    return ERR_OK;
}

enum err
api_tag_follow(struct ctx *c, struct req *r)
{
    return follow_tag(c, r, true);
}

enum err
api_tag_unfollow(struct ctx *c, struct req *r)
{
    return follow_tag(c, r, false);
}

enum err
api_followed_tags(struct ctx *c, struct req *r)
{
    struct tag_ref *tags;
    int64_t *cursors;
    struct json *j;
    struct page p;
    size_t n;

    TRY(page_read(c, r, TAGS, TAGS_MAX, &p));
    TRY(service_tag_followed(c, &p, &tags, &cursors, &n));
    if (n > 0)
        page_link(c, r, &p, PAGE_SINCE_ID, false, n, cursors[0], cursors[n - 1], NULL);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < n; i++)
        view_tag(c, j, &tags[i]);
    json_end(j);
    return ERR_OK;
}

/* ---- markers ------------------------------------------------------------------------------------------------------ */

enum { MARKERS_AT_ONCE = 50 };

static enum err
answer_markers(struct ctx *c, struct req *r, const struct markers *v)
{
    struct json *j = res_json(c, r, 200);

    json_obj(j, NULL);
    for (size_t i = 0; i < v->n; i++) {
        json_member(j, v->v[i].timeline);
        json_obj(j, NULL);
        json_id(j, "last_read_id", v->v[i].last_read_id);
        json_int(j, "version", v->v[i].version);
        json_time(j, "updated_at", v->v[i].updated_ms);
        json_end(j);
    }
    json_end(j);
    return ERR_OK;
}

/* Each once; what is no timeline is left out. */
static void
add_name(struct ctx *c, struct str name, struct strs *out)
{
    struct str known;

    if (service_marker_name(c, name, &known))
        strs_add(out, known);
}

enum err
api_markers_show(struct ctx *c, struct req *r)
{
    struct {
        struct strs timeline;
    } q = { 0 };
    static const struct field fields[] = { { .name = "timeline", .type = P_STRS, .max = MARKERS_AT_ONCE } };
    struct strs names;
    struct markers v;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    names = (struct strs){ arena_vec(c->mem, struct str, q.timeline.n), 0 };
    for (size_t i = 0; i < q.timeline.n; i++)
        add_name(c, q.timeline.v[i], &names);
    TRY(service_marker_get(c, &names, &v));
    return answer_markers(c, r, &v);
}

/* Members of the body that are names of timelines; `version` is ours, for clients that want to know of other devices. */
enum err
api_markers_update(struct ctx *c, struct req *r)
{
    static const struct field marker_fields[] = {
        FIELD(marker_change, last_read_id, P_ID),
        FIELD(marker_change, version, P_INT, .max = INT32_MAX),
    };
    struct marker_change *v;
    struct markers out;
    size_t n = 0;

    TRY(params_tree(c, r));
    v = arena_vec(c->mem, struct marker_change, r->args->n);
    for (size_t i = 0; i < r->args->n; i++) {
        const struct val *one = &r->args->v[i];
        struct marker_change m = { .version = -1 };

        if (val_is_null(one) || !service_marker_name(c, r->args->keys[i], &m.timeline))
            continue;
        if (one->kind != VAL_OBJ)
            return ctx_fail_field(c, ERR_INVALID, "timeline", "not an object");
        TRY(params_from_val(c, one, marker_fields, lengthof(marker_fields), &m));
        if (m.last_read_id == 0)
            continue;
        if (n == MARKERS_AT_ONCE)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: At most %d timelines at once", MARKERS_AT_ONCE);
        v[n++] = m;
    }
    TRY(service_marker_put(c, v, n, &out));
    return answer_markers(c, r, &out);
}
