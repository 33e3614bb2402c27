/* Bookmarks in folders: ours, not Mastodon's. */
#include "service/bookmark.h"
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "service/status.h"
#include "view/view.h"

enum { POSTS = 20, POSTS_MAX = 40, TITLE_BYTES_MAX = 4096, IDS_MAX = 40 };

struct folder_request {
    struct str title;
    struct ids status_ids;
    int64_t folder_id;
};

enum err
api_bookmarks(struct ctx *c, struct req *r)
{
    static const struct field fields[] = { FIELD(folder_request, folder_id, P_ID) };
    static const char *const keep[] = { "folder_id", NULL };
    struct folder_request q = { 0 };
    struct page p;
    struct statuses v;
    struct cursor_ids cursors;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, POSTS, POSTS_MAX, &p));
    if (q.folder_id != 0)
        TRY(service_bookmark_folder_page(c, q.folder_id, &p, &v, &cursors));
    else
        TRY(service_status_bookmarks(c, &p, &v, &cursors));
    api_page_cursors(c, r, &p, PAGE_MIN_ID, &cursors, keep);
    view_statuses(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

static enum err
answer(struct ctx *c, struct req *r, const struct bookmark_folder *f)
{
    view_bookmark_folder(res_json(c, r, 200), f);
    return ERR_OK;
}

static enum err
read_title(struct ctx *c, struct req *r, struct str *out)
{
    static const struct field fields[] = {
        FIELD(folder_request, title, P_STR, .max = TITLE_BYTES_MAX, .required = true),
    };
    struct folder_request q = { 0 };

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    *out = q.title;
    return ERR_OK;
}

enum err
api_bookmark_folders(struct ctx *c, struct req *r)
{
    struct bookmark_folders v;
    struct json *j;

    TRY(service_bookmark_folders(c, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_bookmark_folder(j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_bookmark_folder_show(struct ctx *c, struct req *r)
{
    struct bookmark_folder *f;

    TRY(service_bookmark_folder_get(c, req_param_id(r, "id"), &f));
    return answer(c, r, f);
}

enum err
api_bookmark_folder_create(struct ctx *c, struct req *r)
{
    struct bookmark_folder *f;
    struct str title;

    TRY(read_title(c, r, &title));
    TRY(service_bookmark_folder_create(c, title, &f));
    return answer(c, r, f);
}

enum err
api_bookmark_folder_rename(struct ctx *c, struct req *r)
{
    struct bookmark_folder *f;
    struct str title;

    TRY(read_title(c, r, &title));
    TRY(service_bookmark_folder_rename(c, req_param_id(r, "id"), title, &f));
    return answer(c, r, f);
}

enum err
api_bookmark_folder_delete(struct ctx *c, struct req *r)
{
    TRY(service_bookmark_folder_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

static enum err
change(struct ctx *c, struct req *r, enum err (*fn)(struct ctx *c, int64_t id, const struct ids *statuses))
{
    static const struct field fields[] = {
        FIELD(folder_request, status_ids, P_IDS, .max = IDS_MAX, .required = true),
    };
    struct folder_request q = { 0 };

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(fn(c, req_param_id(r, "folder_id"), &q.status_ids));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_bookmark_folder_add(struct ctx *c, struct req *r)
{
    return change(c, r, service_bookmark_folder_add);
}

enum err
api_bookmark_folder_remove(struct ctx *c, struct req *r)
{
    return change(c, r, service_bookmark_folder_remove);
}
