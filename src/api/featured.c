/* People and hashtags on a profile.  https://docs.joinmastodon.org/methods/featured_tags/ and /endorsements/ */
#include "service/featured.h"
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "service/tag.h"
#include "view/view.h"

enum { PEOPLE = 40, PEOPLE_MAX = 80, TAG_BYTES_MAX = 1024 };

static enum err
endorse(struct ctx *c, struct req *r, bool on)
{
    struct relation rel;

    TRY(service_endorse(c, req_param_id(r, "account_id"), on, &rel));
    view_relationship(c, res_json(c, r, 200), &rel);
    return ERR_OK;
}

enum err
api_account_endorse(struct ctx *c, struct req *r)
{
    return endorse(c, r, true);
}

enum err
api_account_unendorse(struct ctx *c, struct req *r)
{
    return endorse(c, r, false);
}

static enum err
endorsements(struct ctx *c, struct req *r, int64_t id)
{
    struct cursor_ids cursors;
    struct accounts v;
    struct page p;

    TRY(page_read(c, r, PEOPLE, PEOPLE_MAX, &p));
    TRY(service_endorsements(c, id, &p, &v, &cursors));
    api_page_cursors(c, r, &p, PAGE_SINCE_ID, &cursors, NULL);
    view_accounts(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

enum err
api_endorsements(struct ctx *c, struct req *r)
{
    return endorsements(c, r, 0);
}

enum err
api_account_endorsements(struct ctx *c, struct req *r)
{
    return endorsements(c, r, req_param_id(r, "account_id"));
}

static enum err
featured_tags(struct ctx *c, struct req *r, int64_t id)
{
    struct account *owner;
    struct featured_tags v;
    struct json *j;

    TRY(service_featured_tags(c, id, &owner, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_featured_tag(c, j, owner, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_featured_tags(struct ctx *c, struct req *r)
{
    return featured_tags(c, r, 0);
}

enum err
api_account_featured_tags(struct ctx *c, struct req *r)
{
    return featured_tags(c, r, req_param_id(r, "account_id"));
}

enum err
api_featured_tag_create(struct ctx *c, struct req *r)
{
    struct request {
        struct str name;
    } q = { S("") };
    static const struct field fields[] = { FIELD(request, name, P_STR, .max = TAG_BYTES_MAX, .required = true) };
    struct featured_tags v;
    struct account *owner;
    struct tag_ref t;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_featured_tag_set(c, q.name, true, &t));
    TRY(service_featured_tags(c, 0, &owner, &v));
    for (size_t i = 0; i < v.n; i++)
        if (v.v[i].tag_id == t.id)
            view_featured_tag(c, res_json(c, r, 200), owner, &v.v[i]);
    return ERR_OK;
}

enum err
api_featured_tag_delete(struct ctx *c, struct req *r)
{
    TRY(service_featured_tag_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_featured_tag_suggestions(struct ctx *c, struct req *r)
{
    struct tag_ref *v;
    struct json *j;
    size_t n;

    TRY(service_featured_tag_suggestions(c, &v, &n));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < n; i++)
        view_tag(c, j, &v[i]);
    json_end(j);
    return ERR_OK;
}

static enum err
feature(struct ctx *c, struct req *r, bool on)
{
    struct tag_ref t;

    TRY(service_featured_tag_set(c, req_param(r, "tag"), on, &t));
    TRY(service_tag_get(c, t.name, &t));
    view_tag(c, res_json(c, r, 200), &t);
    return ERR_OK;
}

enum err
api_tag_feature(struct ctx *c, struct req *r)
{
    return feature(c, r, true);
}

enum err
api_tag_unfeature(struct ctx *c, struct req *r)
{
    return feature(c, r, false);
}
