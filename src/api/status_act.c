/* What people do with statuses: favourite, reblog, bookmark, pin, mute; who did; the caller's own lists. */
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "service/status.h"
#include "view/view.h"

typedef enum err (*switch_fn)(struct ctx *c, int64_t id, bool on, struct status **out);

static enum err
turn(struct ctx *c, struct req *r, switch_fn fn, bool on)
{
    struct status *s;

    TRY(fn(c, req_param_id(r, "status_id"), on, &s));
    return api_answer_status(c, r, s);
}

#define SWITCH(name, fn, on)                                                                                           \
    enum err name(struct ctx *c, struct req *r)                                                                        \
    {                                                                                                                  \
        return turn(c, r, fn, on);                                                                                     \
    }

SWITCH(api_status_favourite, service_status_favourite, true)
SWITCH(api_status_unfavourite, service_status_favourite, false)
SWITCH(api_status_bookmark, service_status_bookmark, true)
SWITCH(api_status_unbookmark, service_status_bookmark, false)
SWITCH(api_status_pin, service_status_pin, true)
SWITCH(api_status_unpin, service_status_pin, false)
SWITCH(api_status_mute, service_status_mute, true)
SWITCH(api_status_unmute, service_status_mute, false)

enum err
api_status_reblog(struct ctx *c, struct req *r)
{
    struct {
        int visibility;
    } q = { -1 };
    static const struct field fields[] = { { .name = "visibility", .type = P_ENUM, .extra = visibility_names } };
    struct status *s;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_status_reblog(c, req_param_id(r, "status_id"), q.visibility, &s));
    return api_answer_status(c, r, s);
}

enum err
api_status_unreblog(struct ctx *c, struct req *r)
{
    struct status *s;

    TRY(service_status_unreblog(c, req_param_id(r, "status_id"), &s));
    return api_answer_status(c, r, s);
}

/* ---- lists -------------------------------------------------------------------------------------------------------- */

enum { PEOPLE = 40, PEOPLE_MAX = 80, POSTS = 20, POSTS_MAX = 40 };

void
api_page_cursors(struct ctx *c, struct req *r, const struct page *p, enum page_style style, const struct cursor_ids *v,
    const char *const *keep)
{
    if (v->n > 0)
        page_link(c, r, p, style, false, v->n, v->cursor[0], v->cursor[v->n - 1], keep);
}

typedef enum err (*people_fn)(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors);

static enum err
people(struct ctx *c, struct req *r, people_fn fn)
{
    struct page p;
    struct accounts v;
    struct cursor_ids cursors;

    TRY(page_read(c, r, PEOPLE, PEOPLE_MAX, &p));
    TRY(fn(c, req_param_id(r, "status_id"), &p, &v, &cursors));
    api_page_cursors(c, r, &p, PAGE_SINCE_ID, &cursors, NULL);
    view_accounts(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

enum err
api_status_reblogged_by(struct ctx *c, struct req *r)
{
    return people(c, r, service_status_reblogged_by);
}

enum err
api_status_favourited_by(struct ctx *c, struct req *r)
{
    return people(c, r, service_status_favourited_by);
}

typedef enum err (*posts_fn)(struct ctx *c, const struct page *p, struct statuses *out, struct cursor_ids *cursors);

static enum err
posts(struct ctx *c, struct req *r, posts_fn fn)
{
    struct page p;
    struct statuses v;
    struct cursor_ids cursors;

    TRY(page_read(c, r, POSTS, POSTS_MAX, &p));
    TRY(fn(c, &p, &v, &cursors));
    api_page_cursors(c, r, &p, PAGE_MIN_ID, &cursors, NULL);
    view_statuses(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

enum err
api_favourites(struct ctx *c, struct req *r)
{
    return posts(c, r, service_status_favourites);
}
