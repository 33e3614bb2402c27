/* AsyncRefresh. */
#include "view/view.h"

void
view_async_refresh(struct json *j, const struct async_refresh *a)
{
    json_obj(j, NULL);
    json_obj(j, "async_refresh");
    json_id(j, "id", a->id);
    json_str(j, "status", a->done ? S("finished") : S("running"));
    if (a->has_count)
        json_int(j, "result_count", a->result_count);
    else
        json_null(j, "result_count");
    json_end(j);
    json_end(j);
}
