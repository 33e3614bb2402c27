/* A folder of bookmarks: ours, not Mastodon's. */
#include "view/view.h"

#include "model/bookmark.h"

void
view_bookmark_folder(struct json *j, const struct bookmark_folder *f)
{
    json_obj(j, NULL);
    json_id(j, "id", f->id);
    json_str(j, "title", f->title);
    json_int(j, "statuses_count", f->statuses);
    json_time(j, "created_at", f->created_ms);
    json_end(j);
}
