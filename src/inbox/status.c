/* Posts of ours: the Note, the activity around it, and the small collections that hang on it. */
#include "inbox/document.h"
#include "service/document.h"
#include "service/published.h"
#include "service/interaction.h"
#include "service/quote.h"

enum { REPLIES_PAGE = 60 };

static enum err
find(struct ctx *c, struct req *r, struct status **out)
{
    return service_published_status(c, req_param_id(r, "id"), req_param_id(r, "status_id"), document_viewer(r), out);
}

/* Everybody may keep what everybody may see. */
static const char *
cache_of(const struct status *s, const char *of_public)
{
    return s->visibility <= VIS_UNLISTED ? of_public : "private, no-store";
}

static struct str
announce_text(struct ctx *c, const struct ap_site *site, const struct ap_announce_out *x)
{
    return ap_announce_write(c->mem, site, x, false);
}

static enum err
answer_announce(struct ctx *c, struct req *r, const struct status *s)
{
    struct ap_site site = service_site(c);
    struct ap_announce_out x;

    TRY(service_document_announce(c, s, &x));
    document_answer(c, r, announce_text(c, &site, &x), VARIES_SIGNER, cache_of(s, "public, max-age=180"));
    return ERR_OK;
}

static enum err
get_status(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    struct ap_note_out note;
    struct status *s;

    TRY(find(c, r, &s));
    if (s->reblog != NULL)
        return answer_announce(c, r, s);
    if (document_prefers_page(c, r, s->url))
        return ERR_OK;
    TRY(service_document_note(c, s, &note));
    service_published_read_by(c, &(struct statuses){ &s, 1 }, document_signer(r));
    document_answer(c, r, ap_note_write(c->mem, &site, &note), VARIES_SIGNER, cache_of(s, "public, max-age=180"));
    return ERR_OK;
}

static enum err
get_activity(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    struct ap_note_out note;
    struct status *s;

    TRY(find(c, r, &s));
    if (s->reblog != NULL)
        return answer_announce(c, r, s);
    TRY(service_document_note(c, s, &note));
    service_published_read_by(c, &(struct statuses){ &s, 1 }, document_signer(r));
    document_answer(c, r, ap_create_write(c->mem, &site, &note), VARIES_SIGNER, cache_of(s, "public, max-age=180"));
    return ERR_OK;
}

/* ---- replies --------------------------------------------------------------------------------------------------- */

/* Own replies first; behind the last of them, those of others. */
static enum err
replies_page(struct ctx *c, const struct req *r, const struct status *s, struct str base, struct ap_collection_out *out)
{
    bool others = val_has(r->args, S("only_other_accounts"));
    int64_t above = document_number(r, "min_id"), last;
    const char *of = others ? "?only_other_accounts=true&" : "?";
    struct strs ids;

    TRY(service_published_replies(c, s, others, above, REPLIES_PAGE, &ids, &last));
    *out = (struct ap_collection_out){ .id = str_fmt(
                                           c->mem, "%.*s%smin_id=%lld&page=true", STR_ARG(base), of, (long long)above),
        .type = AP_COLLECTION_PAGE,
        .total = -1,
        .part_of = base,
        .items = document_id_items(c, &ids),
        .n = ids.n,
        .has_items = true };
    if (last != 0)
        out->next = str_fmt(c->mem, "%.*s%smin_id=%lld&page=true", STR_ARG(base), of, (long long)last);
    else if (!others)
        out->next = str_cat(c->mem, base, S("?only_other_accounts=true&page=true"), STR_NONE);
    return ERR_OK;
}

static enum err
get_replies(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    struct ap_collection_out out;
    struct status *s;
    struct str base;
    bool page;

    TRY(find(c, r, &s));
    TRY(document_wants_page(c, r, &page));
    base = ap_uri(c->mem, site.origin, AP_URI_STATUS_REPLIES, s->account_id, s->id);
    out = (struct ap_collection_out){
        .id = base, .type = AP_COLLECTION, .total = -1, .first = str_cat(c->mem, base, S("?page=true"), STR_NONE)
    };
    if (page)
        TRY(replies_page(c, r, s, base, &out));
    document_answer(c, r, ap_collection_write(c->mem, &site, &out), VARIES_SIGNER, cache_of(s, "public, max-age=0"));
    return ERR_OK;
}

/* ---- totals ---------------------------------------------------------------------------------------------------- */

static enum err
answer_total(struct ctx *c, struct req *r, enum ap_uri_kind kind, size_t offset)
{
    struct ap_site site = service_site(c);
    struct ap_collection_out out;
    struct status *s;

    TRY(find(c, r, &s));
    out = (struct ap_collection_out){ .id = ap_uri(c->mem, site.origin, kind, s->account_id, s->id),
        .type = AP_COLLECTION,
        .total = *(const int64_t *)(const void *)((const char *)s + offset) };
    document_answer(c, r, ap_collection_write(c->mem, &site, &out), VARIES_SIGNER, cache_of(s, "public, max-age=0"));
    return ERR_OK;
}

static enum err
get_likes(struct ctx *c, struct req *r)
{
    return answer_total(c, r, AP_URI_STATUS_LIKES, offsetof(struct status, favourites));
}

static enum err
get_shares(struct ctx *c, struct req *r)
{
    return answer_total(c, r, AP_URI_STATUS_SHARES, offsetof(struct status, reblogs));
}

/* ---- consent to a quote ------------------------------------------------------------------------------------------ */

static enum err
get_stamp(struct ctx *c, struct req *r)
{
    struct ap_stamp_out stamp;

    TRY(service_quote_stamp(c, req_param_id(r, "id"), req_param_id(r, "stamp_id"), document_viewer(r), &stamp));
    document_answer(c, r, ap_stamp_write(c->mem, &stamp), VARIES_SIGNER, "public, max-age=30");
    return ERR_OK;
}

/* ---- consent to a favourite, a reply, a boost -------------------------------------------------------------------- */

static enum err
get_consent(struct ctx *c, struct req *r, enum interaction kind)
{
    struct ap_stamp_out stamp;

    TRY(service_published_interaction_stamp(
        c, req_param_id(r, "id"), kind, req_param_id(r, "stamp_id"), document_viewer(r), &stamp));
    document_answer(c, r, ap_stamp_write(c->mem, &stamp), VARIES_SIGNER, "public, max-age=30");
    return ERR_OK;
}

static enum err
get_like_consent(struct ctx *c, struct req *r)
{
    return get_consent(c, r, INTERACT_LIKE);
}

static enum err
get_reply_consent(struct ctx *c, struct req *r)
{
    return get_consent(c, r, INTERACT_REPLY);
}

static enum err
get_announce_consent(struct ctx *c, struct req *r)
{
    return get_consent(c, r, INTERACT_ANNOUNCE);
}

struct route document_status_routes[] = {
    { HTTP_GET, "/ap/users/:id/statuses/:status_id", get_status },
    { HTTP_GET, "/ap/users/:id/statuses/:status_id/activity", get_activity },
    { HTTP_GET, "/ap/users/:id/statuses/:status_id/replies", get_replies },
    { HTTP_GET, "/ap/users/:id/statuses/:status_id/likes", get_likes },
    { HTTP_GET, "/ap/users/:id/statuses/:status_id/shares", get_shares },
    { HTTP_GET, "/ap/users/:id/quote_authorizations/:stamp_id", get_stamp },
    { HTTP_GET, "/ap/users/:id/like_authorizations/:stamp_id", get_like_consent },
    { HTTP_GET, "/ap/users/:id/reply_authorizations/:stamp_id", get_reply_consent },
    { HTTP_GET, "/ap/users/:id/announce_authorizations/:stamp_id", get_announce_consent },
};
const size_t document_status_routes_n = lengthof(document_status_routes);
