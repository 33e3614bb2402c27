/* List. */
#include "view/view.h"

#include "model/list.h"

void
view_list(struct json *j, const struct list *l)
{
    json_obj(j, NULL);
    json_id(j, "id", l->id);
    json_str(j, "title", l->title);
    json_str(j, "replies_policy", str_z(list_replies_names[l->replies]));
    json_bool(j, "exclusive", l->exclusive);
    json_end(j);
}

void
view_lists(struct json *j, const struct lists *v)
{
    json_arr(j, NULL);
    for (size_t i = 0; i < v->n; i++)
        view_list(j, &v->v[i]);
    json_end(j);
}
