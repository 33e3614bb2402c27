/* Conversations.  https://docs.joinmastodon.org/methods/conversations/ */
#include "service/conversation.h"
#include "api/handlers.h"

#include "http/respond.h"
#include "view/view.h"

enum { MANY = 20, MANY_MAX = 40 };

enum err
api_conversation_list(struct ctx *c, struct req *r)
{
    struct conversations v;
    struct json *j;
    struct page p;

    TRY(page_read(c, r, MANY, MANY_MAX, &p));
    TRY(service_conversation_page(c, &p, &v));
    if (v.n > 0)
        page_link(c, r, &p, PAGE_MIN_ID, false, v.n, v.v[0].last_status_id, v.v[v.n - 1].last_status_id, NULL);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_conversation(c, j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

static enum err
set_unread(struct ctx *c, struct req *r, bool unread)
{
    struct conversation *v;

    TRY(service_conversation_set_unread(c, req_param_id(r, "id"), unread, &v));
    view_conversation(c, res_json(c, r, 200), v);
    return ERR_OK;
}

enum err
api_conversation_read(struct ctx *c, struct req *r)
{
    return set_unread(c, r, false);
}

enum err
api_conversation_unread(struct ctx *c, struct req *r)
{
    return set_unread(c, r, true);
}

enum err
api_conversation_delete(struct ctx *c, struct req *r)
{
    TRY(service_conversation_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}
