/* Domains that the caller does not want to see.  https://docs.joinmastodon.org/methods/domain_blocks/ */
#include "service/domain_block.h"
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"

enum { DOMAINS = 100, DOMAINS_MAX = 200, DOMAIN_BYTES_MAX = 1024 };

enum err
api_domain_block_list(struct ctx *c, struct req *r)
{
    struct cursor_ids cursors;
    struct strs v;
    struct page p;

    TRY(page_read(c, r, DOMAINS, DOMAINS_MAX, &p));
    TRY(service_domain_block_list(c, &p, &v, &cursors));
    api_page_cursors(c, r, &p, PAGE_SINCE_ID, &cursors, NULL);
    json_strs(res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

static enum err
read_domain(struct ctx *c, struct req *r, struct str *out)
{
    struct request {
        struct str domain;
    } q = { S("") };
    static const struct field fields[] = { FIELD(request, domain, P_STR, .max = DOMAIN_BYTES_MAX) };

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    *out = q.domain;
    return ERR_OK;
}

enum err
api_domain_block_preview(struct ctx *c, struct req *r)
{
    int64_t followers, following;
    struct str domain;
    struct json *j;

    TRY(read_domain(c, r, &domain));
    TRY(service_domain_block_preview(c, domain, &followers, &following));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_int(j, "following_count", following);
    json_int(j, "followers_count", followers);
    json_end(j);
    return ERR_OK;
}

enum err
api_domain_block_create(struct ctx *c, struct req *r)
{
    struct str domain;

    TRY(read_domain(c, r, &domain));
    TRY(service_domain_block_put(c, domain));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_domain_block_delete(struct ctx *c, struct req *r)
{
    struct str domain;

    TRY(read_domain(c, r, &domain));
    TRY(service_domain_block_delete(c, domain));
    res_empty_object(c, r);
    return ERR_OK;
}
