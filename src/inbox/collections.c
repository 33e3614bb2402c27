/* Collections of an account, contexts, emoji. */
#include "http/params.h"
#include "inbox/document.h"
#include "service/document.h"
#include "service/published.h"
#include "service/sync.h"

enum { OUTBOX_PAGE = 20, PEOPLE_PAGE = 40, CONTEXT_PAGE = 60 };

static void
answer(struct ctx *c, struct req *r, const struct ap_collection_out *x, enum document_varies varies, const char *cache)
{
    struct ap_site site = service_site(c);

    document_answer(c, r, ap_collection_write(c->mem, &site, x), varies, cache);
}

static struct str
collection_uri(struct ctx *c, enum ap_uri_kind kind, int64_t account_id)
{
    return ap_uri(c->mem, service_site(c).origin, kind, account_id, 0);
}

/* ---- outbox ---------------------------------------------------------------------------------------------------- */

static enum err
outbox_items(struct ctx *c, const struct statuses *v, struct ap_item_out **out)
{
    struct ap_item_out *items = arena_vec(c->mem, struct ap_item_out, v->n);

    for (size_t i = 0; i < v->n; i++) {
        struct ap_announce_out *announce = arena_new(c->mem, struct ap_announce_out);
        struct ap_note_out *note = arena_new(c->mem, struct ap_note_out);

        if (v->v[i]->reblog != NULL) {
            TRY(service_document_announce(c, v->v[i], announce));
            items[i] = (struct ap_item_out){ .kind = AP_ITEM_ANNOUNCE, .announce = announce };
        } else {
            TRY(service_document_note(c, v->v[i], note));
            items[i] = (struct ap_item_out){ .kind = AP_ITEM_CREATE, .note = note };
        }
    }
    *out = items;
    return ERR_OK;
}

/* A page has one name, whatever else was in the query. */
static struct str
page_uri(struct ctx *c, struct str base, const char *key, int64_t id)
{
    return id == 0 ? str_cat(c->mem, base, S("?page=true"), STR_NONE)
                   : str_fmt(c->mem, "%.*s?%s=%lld&page=true", STR_ARG(base), key, (long long)id);
}

/* "last" is the page above id 0: the oldest ones. */
static enum err
read_outbox_page(struct ctx *c, struct req *r, struct page *p)
{
    TRY(page_read(c, r, OUTBOX_PAGE, OUTBOX_PAGE, p));
    p->limit = OUTBOX_PAGE;
    if (str_eqz(val_str(val_get(r->args, S("min_id"))), "0"))
        p->min_id = 1;
    return ERR_OK;
}

static enum err
outbox_page(struct ctx *c, struct req *r, const struct account *a, struct str base)
{
    struct ap_collection_out out;
    struct ap_item_out *items;
    struct statuses v;
    struct page p;

    TRY(read_outbox_page(c, r, &p));
    TRY(service_published_outbox(c, a->id, document_viewer(r), &p, &v));
    TRY(outbox_items(c, &v, &items));
    service_published_read_by(c, &v, document_signer(r));
    out = (struct ap_collection_out){ .id = p.min_id > 0 ? page_uri(c, base, "min_id", p.min_id)
                                                         : page_uri(c, base, "max_id", p.max_id),
        .type = AP_ORDERED_COLLECTION_PAGE,
        .total = -1,
        .part_of = base,
        .items = items,
        .n = v.n,
        .has_items = true };
    if (v.n > 0) {
        out.next = page_uri(c, base, "max_id", v.v[v.n - 1]->id);
        out.prev = page_uri(c, base, "min_id", v.v[0]->id);
    }
    answer(c, r, &out, VARIES_SIGNER, "public, max-age=60");
    return ERR_OK;
}

static enum err
get_outbox(struct ctx *c, struct req *r)
{
    struct ap_collection_out out;
    struct account *a;
    struct str base;
    bool page;

    TRY(service_published_owner(c, req_param_id(r, "id"), &a));
    TRY(document_wants_page(c, r, &page));
    base = collection_uri(c, AP_URI_OUTBOX, a->id);
    if (page)
        return outbox_page(c, r, a, base);
    out = (struct ap_collection_out){ .id = base,
        .type = AP_ORDERED_COLLECTION,
        .total = a->statuses,
        .first = str_cat(c->mem, base, S("?page=true"), STR_NONE),
        .last = str_cat(c->mem, base, S("?page=true&min_id=0"), STR_NONE) };
    answer(c, r, &out, VARIES_NOT, "public, max-age=180");
    return ERR_OK;
}

/* ---- followers, following -------------------------------------------------------------------------------------- */

static enum err
people_page(struct ctx *c, struct req *r, const struct account *a, bool followers, struct str base)
{
    const struct page p = { .max_id = document_number(r, "max_id"), .limit = PEOPLE_PAGE };
    struct ap_collection_out out;
    struct strs ids;
    int64_t next;

    TRY(service_published_people(c, a, followers, &p, &ids, &next));
    out = (struct ap_collection_out){ .id = page_uri(c, base, "max_id", p.max_id),
        .type = AP_ORDERED_COLLECTION_PAGE,
        .total = followers ? a->followers : a->following,
        .part_of = base,
        .items = document_id_items(c, &ids),
        .n = ids.n,
        .has_items = true };
    if (next != 0)
        out.next = page_uri(c, base, "max_id", next);
    answer(c, r, &out, VARIES_NOT, "public, max-age=0");
    return ERR_OK;
}

static enum err
get_people(struct ctx *c, struct req *r, bool followers)
{
    struct ap_collection_out out;
    struct account *a;
    struct str base;
    bool page;

    TRY(service_published_owner(c, req_param_id(r, "id"), &a));
    TRY(document_wants_page(c, r, &page));
    base = collection_uri(c, followers ? AP_URI_FOLLOWERS : AP_URI_FOLLOWING, a->id);
    if (page)
        return people_page(c, r, a, followers, base);
    out = (struct ap_collection_out){
        .id = base, .type = AP_ORDERED_COLLECTION, .total = followers ? a->followers : a->following
    };
    if (!a->hide_collections) /* without "first" a reader knows that they are hidden */
        out.first = str_cat(c->mem, base, S("?page=true"), STR_NONE);
    answer(c, r, &out, VARIES_NOT, "public, max-age=180");
    return ERR_OK;
}

static enum err
get_followers(struct ctx *c, struct req *r)
{
    return get_people(c, r, true);
}

static enum err
get_following(struct ctx *c, struct req *r)
{
    return get_people(c, r, false);
}

/* Only whoever signs learns something, and only about the people of the own server (FEP-8fcf). */
static enum err
get_followers_sync(struct ctx *c, struct req *r)
{
    const struct account *signer = document_signer(r);
    struct ap_collection_out out;
    struct account *a;
    struct strs ids;

    if (signer == NULL)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "Request not signed");
    TRY(service_published_owner(c, req_param_id(r, "id"), &a));
    TRY(service_sync_list(c, a, signer, &ids));
    out = (struct ap_collection_out){ .id = collection_uri(c, AP_URI_FOLLOWERS_SYNC, a->id),
        .type = AP_ORDERED_COLLECTION,
        .total = -1,
        .items = document_id_items(c, &ids),
        .n = ids.n,
        .has_items = true };
    answer(c, r, &out, VARIES_SIGNER, "private, no-store");
    return ERR_OK;
}

/* ---- featured -------------------------------------------------------------------------------------------------- */

static enum err
get_featured(struct ctx *c, struct req *r)
{
    struct ap_collection_out out;
    struct ap_item_out *items;
    struct account *a;
    struct statuses v;

    TRY(service_published_owner(c, req_param_id(r, "id"), &a));
    TRY(service_published_featured(c, a->id, document_viewer(r), &v));
    items = arena_vec(c->mem, struct ap_item_out, v.n);
    for (size_t i = 0; i < v.n; i++) {
        struct ap_note_out *note = arena_new(c->mem, struct ap_note_out);

        if (v.v[i]->visibility > VIS_UNLISTED) {
            items[i] = (struct ap_item_out){ .kind = AP_ITEM_ID, .id = v.v[i]->uri };
            continue;
        }
        TRY(service_document_note(c, v.v[i], note));
        items[i] = (struct ap_item_out){ .kind = AP_ITEM_NOTE, .note = note };
    }
    service_published_read_by(c, &v, document_signer(r));
    out = (struct ap_collection_out){ .id = collection_uri(c, AP_URI_FEATURED, a->id),
        .type = AP_ORDERED_COLLECTION,
        .total = (int64_t)v.n,
        .items = items,
        .n = v.n,
        .has_items = true };
    answer(c, r, &out, VARIES_SIGNER, "public, max-age=180");
    return ERR_OK;
}

static enum err
get_featured_tags(struct ctx *c, struct req *r)
{
    struct ap_collection_out out;
    struct featured_tags tags;
    struct ap_item_out *items;
    struct account *a;

    TRY(service_published_owner(c, req_param_id(r, "id"), &a));
    TRY(service_published_featured_tags(c, a, &tags));
    items = arena_vec(c->mem, struct ap_item_out, tags.n);
    for (size_t i = 0; i < tags.n; i++)
        items[i] = (struct ap_item_out){ .kind = AP_ITEM_HASHTAG, .id = tags.v[i].display };
    out = (struct ap_collection_out){ .id = collection_uri(c, AP_URI_FEATURED_TAGS, a->id),
        .type = AP_COLLECTION,
        .total = (int64_t)tags.n,
        .items = items,
        .n = tags.n,
        .has_items = true };
    answer(c, r, &out, VARIES_NOT, "public, max-age=180");
    return ERR_OK;
}

/* ---- contexts, emoji ------------------------------------------------------------------------------------------- */

static enum err
context_page(struct ctx *c, const struct req *r, struct str id, struct str items_id, struct ap_collection_out *out)
{
    int64_t above = document_number(r, "min_id"), last;
    struct strs ids;

    TRY(service_published_context(c, id, above, CONTEXT_PAGE, &ids, &last, &out->attributed_to));
    out->id = page_uri(c, items_id, "min_id", above);
    out->type = AP_ORDERED_COLLECTION_PAGE;
    out->part_of = id;
    out->items = document_id_items(c, &ids);
    out->n = ids.n;
    out->has_items = true;
    if (last != 0)
        out->next = page_uri(c, items_id, "min_id", last);
    return ERR_OK;
}

static enum err
answer_context(struct ctx *c, struct req *r, bool page)
{
    struct str id = str_cat(c->mem, service_site(c).origin, S("/contexts/"), req_param(r, "name"), STR_NONE);
    struct str items_id = str_cat(c->mem, id, S("/items"), STR_NONE);
    struct ap_collection_out out = { .total = -1 };

    TRY(params_tree(c, r));
    TRY(context_page(c, r, id, items_id, &out));
    if (!page) {
        struct str root = out.attributed_to;

        out = (struct ap_collection_out){ .id = id,
            .type = AP_ORDERED_COLLECTION,
            .total = -1,
            .attributed_to = root,
            .first = str_cat(c->mem, items_id, S("?page=true"), STR_NONE) };
    }
    answer(c, r, &out, VARIES_NOT, "public, max-age=180");
    return ERR_OK;
}

static enum err
get_context(struct ctx *c, struct req *r)
{
    return answer_context(c, r, false);
}

static enum err
get_context_items(struct ctx *c, struct req *r)
{
    return answer_context(c, r, true);
}

static enum err
get_emoji(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    struct ap_emoji_out out;
    struct emoji_ref *e;

    TRY(service_published_emoji(c, req_param_id(r, "id"), &e));
    service_document_emoji(c, e, &out);
    document_answer(c, r, ap_emoji_write(c->mem, &site, &out), VARIES_NOT, "public, max-age=180");
    return ERR_OK;
}

struct route document_collection_routes[] = {
    { HTTP_GET, "/ap/users/:id/outbox", get_outbox },
    { HTTP_GET, "/ap/users/:id/followers", get_followers },
    { HTTP_GET, "/ap/users/:id/following", get_following },
    { HTTP_GET, "/ap/users/:id/followers_synchronization", get_followers_sync },
    { HTTP_GET, "/ap/users/:id/collections/featured", get_featured },
    { HTTP_GET, "/ap/users/:id/collections/tags", get_featured_tags },
    { HTTP_GET, "/contexts/:name", get_context },
    { HTTP_GET, "/contexts/:name/items", get_context_items },
    { HTTP_GET, "/emojis/:id", get_emoji },
};
const size_t document_collection_routes_n = lengthof(document_collection_routes);
