/*
 * Collections of other servers, read from where they are.  A job keeps a member when its consent is there: of ours in our own table, of
 * others by a stamp that is fetched from the member's server.  What could not be checked is not kept, so it is never shown.
 */
#include "service/receive_collection.h"

#include "ap/read_collection.h"
#include "ap/read_featured.h"
#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/url.h"
#include "db/db.h"
#include "service/collection_internal.h"
#include "service/receive_internal.h"
#include "service/resolve_internal.h"
#include "store/account.h"
#include "store/collection.h"

enum {
    CHECKS_MAX = 6, /* members that one run of the job looks at over the network */
    CHECKS_PAUSE_MS = 20 * SECOND_MS,
    LIST_PAGES_MAX = 5,
    LIST_FETCHES_MAX = 8,
};

/* ---- who is in it --------------------------------------------------------------------------------------------------- */

/* All equalities byte by byte.  NOT_FOUND: that is no consent. */
static enum err
check_stamp(struct ctx *c, struct budget *b, struct str uri, const struct collection *k, const struct account *member)
{
    struct ap_stamp stamp;
    struct fetched f;
    const char *why = "";

    if (uri.n == 0 || !url_same_origin(c->mem, uri, member->uri))
        return ctx_fail(c, ERR_NOT_FOUND, "the stamp is not on the server of the member");
    TRY(resolve_fetch(c, b, uri, AP_DOC_OBJECT, FETCH_AGAIN, &f));
    if (ap_stamp_read(c->mem, f.doc, &stamp, &why) != ERR_OK || stamp.type != AP_FEATURE_AUTHORIZATION ||
        !str_eq(stamp.id, uri) || !str_eq(stamp.attributed_to, member->uri) ||
        !str_eq(stamp.interaction_target, member->uri) || !str_eq(stamp.interacting_object, k->uri))
        return ctx_fail(c, ERR_NOT_FOUND, "stamp %.*s does not say so", STR_ARG(uri));
    return ERR_OK;
}

static const struct collection_item *
known_item(const struct collection_items *v, int64_t account_id)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i].account_id == account_id)
            return &v->v[i];
    return NULL;
}

/* In a write transaction: what was found out about one. */
static enum err
keep_item(struct ctx *c, const struct collection *k, const struct collection_item *x)
{
    struct collection_item now;
    struct collection *there;
    enum err e;

    TRY(store_collection_get(c, k->id, &there));
    e = store_collection_item_of(c, k->id, x->account_id, &now);
    if (e == ERR_OK) {
        now.uri = x->uri;
        now.position = x->position;
        now.approval_uri = x->approval_uri;
        return store_collection_item_set(c, &now);
    }
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return there->n >= AP_FEATURED_ITEMS_MAX ? ERR_OK : store_collection_item_add(c, x);
}

/* Somebody of ours is in it only by our own word: a request that was accepted.  Whoever left stays out. */
static enum err
local_item(struct ctx *c, const struct collection_items *known, const struct collection *k, int64_t account_id,
    const struct ap_featured_item *x, int64_t position)
{
    const struct collection_item *had = known_item(known, account_id);
    struct collection_item item;

    if (had == NULL || had->state != ITEM_ACCEPTED || (str_eq(had->uri, x->id) && had->position == position))
        return ERR_OK;
    item = *had;
    item.uri = x->id;
    item.position = position;
    TRY(db_begin(c, DB_WRITE));
    return receive_finish(c, keep_item(c, k, &item));
}

/* One of others.  *cost: how often the network was asked. */
static enum err
remote_item(struct ctx *c, struct budget *b, const struct collection_items *known, const struct collection *k,
    const struct account *owner, const struct ap_featured_item *x, int64_t position, int *cost)
{
    bool own = str_eq(x->object, owner->uri);
    const struct collection_item *had;
    struct collection_item item;
    struct account *member;
    enum err e;

    e = store_account_by_uri(c, x->object, &member);
    had = e == ERR_OK ? known_item(known, member->id) : NULL;
    if (had != NULL && had->state == ITEM_ACCEPTED && str_eq(had->uri, x->id) && had->position == position &&
        str_eq(had->approval_uri, own ? S("") : x->authorization))
        return ERR_OK;
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        ++*cost;
        e = service_resolve_actor(c, b, x->object, &member);
    }
    TRY(e);
    if (!own) {
        ++*cost;
        TRY(check_stamp(c, b, x->authorization, k, member));
    }
    item = (struct collection_item){ .id = id_new(),
        .collection_id = k->id,
        .account_id = member->id,
        .state = ITEM_ACCEPTED,
        .created_ms = clock_ms(),
        .uri = x->id,
        .position = position,
        .approval_uri = own ? S("") : x->authorization };
    TRY(db_begin(c, DB_WRITE));
    return receive_finish(c, keep_item(c, k, &item));
}

/* A consent that was good and is not any more: out. */
static enum err
lost(struct ctx *c, const struct collection_items *known, const struct collection *k, const struct ap_featured_item *x)
{
    for (size_t i = 0; i < known->n; i++)
        if (str_eq(known->v[i].uri, x->id) && known->v[i].approval_uri.n > 0) {
            TRY(db_begin(c, DB_WRITE));
            return receive_finish(c, collection_drop_item(c, k, &known->v[i]));
        }
    return ERR_OK;
}

static enum err
check_item(struct ctx *c, struct budget *b, const struct collection_items *known, const struct collection *k,
    const struct account *owner, const struct ap_featured_item *x, int64_t position, int *cost)
{
    struct ap_uri at;
    enum err e;

    if (!url_same_origin(c->mem, x->id, k->uri))
        return ERR_OK;
    if (ap_uri_parse_local(c->mem, c->env->conf->origin, x->object, &at))
        return at.kind == AP_URI_ACTOR ? local_item(c, known, k, at.a, x, position) : ERR_OK;
    e = remote_item(c, b, known, k, owner, x, position, cost);
    if (e != ERR_REMOTE && !collection_is_theirs(e))
        return e;
    ctx_ok(c);
    return e == ERR_REMOTE || e == ERR_FORBIDDEN ? ERR_OK : lost(c, known, k, x); /* not reachable changes nothing */
}

/* In a write transaction: those whom the owner lists no more.  Whoever left or is not listed yet stays as it is. */
static enum err
drop_unlisted(
    struct ctx *c, const struct collection_items *known, const struct collection *k, const struct ap_featured *x)
{
    for (size_t i = 0; i < known->n; i++) {
        bool listed = known->v[i].uri.n == 0 || known->v[i].state != ITEM_ACCEPTED;

        for (size_t n = 0; n < x->n && !listed; n++)
            listed = str_eq(x->items[n].id, known->v[i].uri);
        if (!listed)
            TRY(collection_drop_item(c, k, &known->v[i]));
    }
    return ERR_OK;
}

static enum err
refresh(struct ctx *c, const struct collection *k, const struct ap_featured *x)
{
    struct collection now = *k;
    struct collection_items known;

    TRY(store_collection_items(c, k->id, &known));
    TRY(collection_put_fields(c, x, &now));
    TRY(store_collection_put(c, &now));
    if (!collection_same_words(k, &now))
        TRY(collection_tell_members(c, &now));
    return drop_unlisted(c, &known, k, x);
}

static enum err
go_on(struct ctx *c, const struct collection *k, int64_t first)
{
    TRY(db_begin(c, DB_WRITE));
    return receive_finish(c, collection_put_read(c, k->id, first, clock_ms() + CHECKS_PAUSE_MS));
}

static enum err
check_items(struct ctx *c, struct budget *b, struct collection *k, const struct account *owner,
    const struct ap_featured *x, int64_t first)
{
    struct collection_items known;
    int cost = 0;

    if (first == 0) {
        TRY(db_begin(c, DB_WRITE));
        TRY(receive_finish(c, refresh(c, k, x)));
    }
    TRY(store_collection_items(c, k->id, &known));
    for (size_t i = (size_t)first; i < x->n; i++) {
        if (cost >= CHECKS_MAX)
            return go_on(c, k, (int64_t)i);
        TRY(check_item(c, b, &known, k, owner, &x->items[i], (int64_t)i + 1, &cost));
    }
    return ERR_OK;
}

static enum err
drop(struct ctx *c, int64_t id)
{
    TRY(db_begin(c, DB_WRITE));
    return receive_finish(c, store_collection_delete(c, id));
}

enum err
service_collection_read(struct ctx *c, int64_t id, int64_t first)
{
    struct budget b = budget_in_turn();
    struct ap_featured x;
    struct account *owner;
    struct collection *k;
    struct fetched f;
    bool ok;
    enum err e = store_collection_get(c, id, &k);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (k->uri.n == 0 || first < 0)
        return ERR_OK;
    TRY(store_account_get(c, k->account_id, &owner));
    e = resolve_fetch(c, &b, k->uri, AP_DOC_OBJECT, FETCH_AGAIN, &f);
    if (e == ERR_NOT_FOUND || e == ERR_GONE) {
        ctx_ok(c);
        return drop(c, id);
    }
    TRY(e);
    TRY(service_receive_collection_doc(c, owner, f.doc, &x, &ok));
    if (!ok || !str_eq(x.id, k->uri))
        return drop(c, id);
    return check_items(c, &b, k, owner, &x, first);
}

/* ---- the list of an account, and one by its URI --------------------------------------------------------------------- */

enum err
service_resolve_collection_doc(struct ctx *c, struct budget *b, const struct val *doc, int64_t *id)
{
    struct account *owner;
    struct ap_featured x;
    const char *why = "";
    bool ok;

    if (ap_featured_read(c->mem, doc, clock_ms(), &x, &why) != ERR_OK)
        return ctx_fail(c, ERR_NOT_FOUND, "collection: %s", why);
    TRY(service_resolve_actor(c, b, x.attributed_to, &owner));
    TRY(service_receive_collection_doc(c, owner, doc, &x, &ok));
    if (!ok || account_is_local(owner) || owner->suspended_ms != 0)
        return ctx_fail(c, ERR_NOT_FOUND, "collection %.*s is not its owner's", STR_ARG(x.id));
    TRY(service_receive_collection(c, owner, &x, true, id));
    return *id != 0 ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "too many collections of one account");
}

enum err
service_resolve_collection(struct ctx *c, struct budget *b, struct str uri, struct collection **out)
{
    struct fetched f;
    struct ap_uri at;
    int64_t id;

    if (ap_uri_parse_local(c->mem, c->env->conf->origin, uri, &at)) {
        if (at.kind != AP_URI_FEATURED_COLLECTION)
            return ctx_fail(c, ERR_NOT_FOUND, "no such collection here");
        return store_collection_get(c, at.b, out);
    }
    TRY(collection_find(c, uri, out));
    if (*out != NULL)
        return ERR_OK;
    TRY(resolve_fetch(c, b, uri, AP_DOC_OBJECT, FETCH_AGAIN, &f));
    TRY(service_resolve_collection_doc(c, b, f.doc, &id));
    return store_collection_get(c, id, out);
}

/* One entry: the whole collection, or where it is. */
static enum err
list_entry(struct ctx *c, struct budget *b, const struct account *owner, const struct val *item, int *fetches)
{
    struct str id = ap_as_id(item);
    struct collection *k;
    struct ap_featured x;
    int64_t kept;
    bool ok;
    enum err e;

    TRY(service_receive_collection_doc(c, owner, ap_as_node(item), &x, &ok));
    if (ok)
        return service_receive_collection(c, owner, &x, true, &kept);
    if (id.n == 0 || !url_same_origin(c->mem, id, owner->uri) || ++*fetches > LIST_FETCHES_MAX)
        return ERR_OK;
    e = service_resolve_collection(c, b, id, &k);
    if (e != ERR_OK && e != ERR_REMOTE && !collection_is_theirs(e))
        return e;
    ctx_ok(c);
    return ERR_OK;
}

static enum err
read_page(struct ctx *c, struct budget *b, const struct account *owner, const struct val *doc, int *fetches,
    struct ap_collection *page)
{
    const char *why = "";

    if (ap_collection_read(c->mem, doc, page, &why) != ERR_OK)
        return ctx_fail(c, ERR_NOT_FOUND, "list of collections: %s", why);
    for (size_t i = 0; i < page->n && i < REMOTE_COLLECTIONS_MAX; i++)
        TRY(list_entry(c, b, owner, page->items[i], fetches));
    return ERR_OK;
}

static enum err
read_list(struct ctx *c, const struct account *owner, struct str uri)
{
    struct budget b = budget_in_turn();
    struct ap_collection page;
    int fetches = 0;

    for (int i = 0; i < LIST_PAGES_MAX && uri.n > 0 && url_same_origin(c->mem, uri, owner->uri); i++) {
        struct fetched f;

        TRY(resolve_fetch(c, &b, uri, AP_DOC_OBJECT, FETCH_AGAIN, &f));
        TRY(read_page(c, &b, owner, f.doc, &fetches, &page));
        if (page.first_val->kind == VAL_OBJ) {
            TRY(read_page(c, &b, owner, page.first_val, &fetches, &page));
            uri = page.next;
        } else {
            uri = page.is_page ? page.next : page.first;
        }
    }
    return ERR_OK;
}

enum err
service_collections_read(struct ctx *c, int64_t account_id)
{
    struct account *owner;
    int64_t fetched_ms;
    struct str uri;
    enum err e = store_account_get(c, account_id, &owner);

    if (e == ERR_OK)
        e = store_collection_source(c, account_id, &uri, &fetched_ms);
    if (e == ERR_OK && uri.n > 0 && !account_is_local(owner) && owner->suspended_ms == 0)
        e = read_list(c, owner, uri);
    if (!collection_is_theirs(e))
        return e;
    ctx_ok(c);
    return ERR_OK;
}
