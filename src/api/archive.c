/* Everything somebody has, as one file. */
#include "service/archive.h"
#include "api/handlers.h"

#include "http/respond.h"

static void
put(struct json *j, const struct archive *a)
{
    json_obj(j, NULL);
    json_id(j, "id", a->id);
    json_str(j, "state", str_z(archive_state_names[a->state]));
    json_int(j, "bytes", a->bytes);
    json_int(j, "posts", a->posts);
    json_int(j, "files", a->files);
    json_int(j, "files_left_out", a->left_out);
    json_time(j, "created_at", a->created_ms);
    json_time(j, "expires_at", a->expires_ms);
    json_end(j);
}

enum err
api_archive_list(struct ctx *c, struct req *r)
{
    struct archives v;
    struct json *j;

    TRY(service_archive_list(c, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        put(j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_archive_request(struct ctx *c, struct req *r)
{
    struct archive a;

    TRY(service_archive_request(c, &a));
    put(res_json(c, r, 200), &a);
    return ERR_OK;
}

enum err
api_archive_file(struct ctx *c, struct req *r)
{
    struct str name;
    int64_t bytes;
    int fd;

    TRY(service_archive_open(c, req_param_id(r, "id"), &fd, &bytes, &name));
    res_header(c, r, "Cache-Control", S("private, no-store"));
    res_attachment(c, r, name);
    res_file_take(c, r, fd, bytes, S("application/zip"));
    return ERR_OK;
}
