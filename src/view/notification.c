/* Notification. */
#include "view/view.h"

#include "base/ctx.h"

void
view_notification(struct ctx *c, struct json *j, const struct notification *n)
{
    json_obj(j, NULL);
    json_id(j, "id", n->id);
    json_str(j, "type", str_z(notification_kind_names[n->kind]));
    json_time(j, "created_at", n->created_ms);
    json_str(j, "group_key", str_fmt(c->mem, "ungrouped-%lld", (long long)n->id));
    json_bool(j, "filtered", false);
    view_account(c, j, "account", n->from);
    if (n->status != NULL)
        view_status(c, j, "status", n->status);
    json_end(j);
}
