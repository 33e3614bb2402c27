/* Import: ours, not Mastodon's. */
#include "view/view.h"

void
view_import(struct json *j, const struct import *i)
{
    json_obj(j, NULL);
    json_id(j, "id", i->id);
    json_str(j, "type", str_z(list_kind_names[i->kind]));
    json_str(j, "mode", i->overwrite ? S("overwrite") : S("merge"));
    json_str(j, "state", str_z(import_state_names[i->state]));
    json_int(j, "rows", i->total);
    json_int(j, "done", i->done);
    json_int(j, "failed", i->failed);
    json_time(j, "created_at", i->created_ms);
    json_time_or_null(j, "finished_at", i->finished_ms);
    json_end(j);
}
