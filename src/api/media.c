/* Media attachments.  https://docs.joinmastodon.org/methods/media/ */
#include "api/handlers.h"

#include "http/limit.h"
#include "http/params.h"
#include "http/respond.h"
#include "service/media.h"
#include "view/view.h"

struct media_request {
    struct upload file, thumbnail;
    struct str description, focus;
};

static const struct field fields[] = {
    FIELD(media_request, file, P_FILE),
    FIELD(media_request, thumbnail, P_FILE),
    FIELD(media_request, description, P_STR, .max = 40000),
    FIELD(media_request, focus, P_STR, .max = 64),
};

void
api_media_file(const struct upload *u, struct media_given *out)
{
    *out = (struct media_given){ .bytes = u->bytes, .fd = u->fd, .off = u->off, .n = u->n };
}

static enum err
read_request(struct ctx *c, struct req *r, struct media_params *p)
{
    struct media_request q = { .file.fd = -1, .thumbnail.fd = -1 };
    struct media_given *thumb;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    *p = (struct media_params){ .description = q.description, .focus = q.focus };
    api_media_file(&q.file, &p->file);
    if (q.thumbnail.n > 0) {
        thumb = arena_new(c->mem, struct media_given);
        api_media_file(&q.thumbnail, thumb);
        p->thumb = thumb;
    }
    return ERR_OK;
}

static enum err
create(struct ctx *c, struct req *r, bool gif_now)
{
    struct media_params p;
    struct media_row *m;

    TRY(read_request(c, r, &p));
    if (p.file.n == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: File can't be blank");
    p.gif_now = gif_now;
    TRY(service_media_upload(c, &p, &m));
    view_media(c, res_json(c, r, m->state == MEDIA_PROCESSING ? 202 : 200), m);
    return ERR_OK;
}

/* Clients of the first version do not ask again, so no picture keeps them waiting; films and sound do, as they may take minutes. */
enum err
api_media_create_now(struct ctx *c, struct req *r)
{
    return create(c, r, true);
}

enum err
api_media_create(struct ctx *c, struct req *r)
{
    return create(c, r, false);
}

enum err
api_media_show(struct ctx *c, struct req *r)
{
    struct media_row *m;

    TRY(service_media_get(c, req_param_id(r, "id"), &m));
    if (m->state == MEDIA_FAILED)
        return ctx_fail_public(c, ERR_INVALID, "Error processing thumbnail for uploaded media");
    view_media(c, res_json(c, r, m->state == MEDIA_PROCESSING ? 206 : 200), m);
    return ERR_OK;
}

enum err
api_media_update(struct ctx *c, struct req *r)
{
    struct media_params p;
    struct media_row *m;

    TRY(read_request(c, r, &p));
    TRY(service_media_update(c, req_param_id(r, "id"), &p, &m));
    view_media(c, res_json(c, r, 200), m);
    return ERR_OK;
}

enum err
api_media_delete(struct ctx *c, struct req *r)
{
    TRY(service_media_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

/*
 * A remote picture that was not here when its address was given out: fetched by us, so that its server never learns who looks.  What is
 * here is a redirection and costs nothing; only what must be fetched counts against the address that asks.
 */
enum err
api_media_proxy(struct ctx *c, struct req *r)
{
    struct str kind_name = req_param(r, "kind"), size = req_param(r, "size"), key;
    int64_t id = req_param_id(r, "id");
    enum media_cached kind = 0;

    while (kind < MEDIA_CACHED_COUNT && !str_eqz(kind_name, media_cached_names[kind]))
        kind++;
    if (kind == MEDIA_CACHED_COUNT || !media_proxy_code_ok(kind, id, req_param(r, "code")) ||
        (!str_eqz(size, "small") && !str_eqz(size, "original")))
        return ctx_fail(c, ERR_NOT_FOUND, "no address of a picture");
    TRY(service_media_find(c, kind, id, str_eqz(size, "small"), &key));
    if (key.n == 0) {
        TRY(limit_take(c, r, LIMIT_PROXY, limit_ip_key(c, r)));
        TRY(service_media_fetch_now(c, kind, id));
        TRY(service_media_find(c, kind, id, str_eqz(size, "small"), &key));
    }
    if (key.n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "the picture went again");
    res_redirect(c, r, 302, str_cat(c->mem, S("/media/"), key, STR_NONE));
    res_cache(c, r, "public, max-age=300");
    return ERR_OK;
}
