/* Old posts that go by themselves. */
#include "service/cleanup.h"
#include "api/handlers.h"

#include "http/respond.h"

static enum err
answer(struct ctx *c, struct req *r, const struct cleanup *p)
{
    struct json *j;
    int64_t n;

    TRY(service_cleanup_preview(c, p, &n));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_bool(j, "enabled", p->enabled);
    json_int(j, "min_status_age", p->min_age_s);
    json_bool(j, "keep_direct", p->keep_direct);
    json_bool(j, "keep_pinned", p->keep_pinned);
    json_bool(j, "keep_polls", p->keep_polls);
    json_bool(j, "keep_media", p->keep_media);
    json_bool(j, "keep_self_fav", p->keep_own_favourites);
    json_bool(j, "keep_self_bookmark", p->keep_own_bookmarks);
    json_int(j, "min_favs", p->min_favourites);
    json_int(j, "min_reblogs", p->min_reblogs);
    json_int(j, "would_delete", n);
    json_bool(j, "would_delete_more", n == CLEANUP_COUNT_MAX);
    json_end(j);
    return ERR_OK;
}

/* What is not given stays. */
static enum err
read_wish(struct ctx *c, struct req *r, struct cleanup *p)
{
    static const struct field fields[] = {
        FIELD(cleanup, enabled, P_BOOL),
        FIELD_AS(cleanup, min_age_s, "min_status_age", P_INT, .min = 1, .max = INT32_MAX),
        FIELD(cleanup, keep_direct, P_BOOL),
        FIELD(cleanup, keep_pinned, P_BOOL),
        FIELD(cleanup, keep_polls, P_BOOL),
        FIELD(cleanup, keep_media, P_BOOL),
        FIELD_AS(cleanup, keep_own_favourites, "keep_self_fav", P_BOOL),
        FIELD_AS(cleanup, keep_own_bookmarks, "keep_self_bookmark", P_BOOL),
        FIELD_AS(cleanup, min_favourites, "min_favs", P_INT, .min = 0, .max = CLEANUP_THRESHOLD_MAX),
        FIELD(cleanup, min_reblogs, P_INT, .min = 0, .max = CLEANUP_THRESHOLD_MAX),
    };

    TRY(service_cleanup(c, p));
    return params_read(c, r, fields, lengthof(fields), p);
}

enum err
api_cleanup_show(struct ctx *c, struct req *r)
{
    struct cleanup p;

    TRY(service_cleanup(c, &p));
    return answer(c, r, &p);
}

enum err
api_cleanup_change(struct ctx *c, struct req *r)
{
    struct cleanup p;

    TRY(read_wish(c, r, &p));
    TRY(service_cleanup_change(c, &p));
    return answer(c, r, &p);
}

/* What it would do, without keeping it. */
enum err
api_cleanup_preview(struct ctx *c, struct req *r)
{
    struct cleanup p;

    TRY(read_wish(c, r, &p));
    return answer(c, r, &p);
}
