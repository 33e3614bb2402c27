/* Conversation. */
#include "view/view.h"

#include "model/conversation.h"

void
view_conversation(struct ctx *c, struct json *j, const struct conversation *v)
{
    json_obj(j, NULL);
    json_id(j, "id", v->id);
    json_bool(j, "unread", v->unread);
    view_accounts(c, j, "accounts", &v->accounts);
    if (v->last != NULL)
        view_status(c, j, "last_status", v->last);
    else
        json_null(j, "last_status");
    json_end(j);
}
