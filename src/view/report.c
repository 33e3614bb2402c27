/* Report. */
#include "view/view.h"

static void
put_ids(struct json *j, const char *key, const struct ids *ids)
{
    json_arr(j, key);
    for (size_t i = 0; i < ids->n; i++)
        json_id(j, NULL, ids->v[i]);
    json_end(j);
}

void
view_report(struct ctx *c, struct json *j, const char *key, const struct report *r)
{
    json_obj(j, key);
    json_id(j, "id", r->id);
    json_bool(j, "action_taken", r->action_taken_ms != 0);
    json_time_or_null(j, "action_taken_at", r->action_taken_ms);
    json_str(j, "category", str_z(report_category_names[r->category]));
    json_str(j, "comment", r->comment);
    json_bool(j, "forwarded", r->forwarded);
    json_time(j, "created_at", r->created_ms);
    put_ids(j, "status_ids", &r->status_ids);
    put_ids(j, "collection_ids", &r->collection_ids);
    put_ids(j, "rule_ids", &r->rule_ids);
    view_account(c, j, "target_account", r->target);
    json_end(j);
}
