/* Follows that others ended, and lists of them to take elsewhere. */
#include "service/severance.h"
#include "api/handlers.h"

#include "http/respond.h"
#include "view/view.h"

enum { EVENTS = 20, EVENTS_MAX = 40 };

enum err
api_severance_list(struct ctx *c, struct req *r)
{
    struct cursor_ids cursors;
    struct severance *v;
    struct json *j;
    struct page p;
    size_t n;

    TRY(page_read(c, r, EVENTS, EVENTS_MAX, &p));
    TRY(service_severance_list(c, &p, &v, &n));
    cursors = (struct cursor_ids){ .cursor = arena_vec(c->mem, int64_t, n), .n = n };
    for (size_t i = 0; i < n; i++)
        cursors.cursor[i] = v[i].id;
    api_page_cursors(c, r, &p, PAGE_SINCE_ID, &cursors, NULL);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < n; i++)
        view_severance(j, NULL, &v[i]);
    json_end(j);
    return ERR_OK;
}

static enum err
answer(struct ctx *c, struct req *r, bool followers)
{
    struct str csv;

    TRY(service_severance_csv(c, req_param_id(r, "id"), followers, &csv));
    res_text(c, r, 200, S("text/csv; charset=utf-8"), csv);
    res_attachment(c, r, followers ? S("followers.csv") : S("following.csv"));
    return ERR_OK;
}

enum err
api_severance_followers(struct ctx *c, struct req *r)
{
    return answer(c, r, true);
}

enum err
api_severance_following(struct ctx *c, struct req *r)
{
    return answer(c, r, false);
}
