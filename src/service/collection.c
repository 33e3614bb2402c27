/* Collections. */
#include "service/collection.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/collection_internal.h"
#include "service/federate.h"
#include "service/internal.h"
#include "service/notification.h"
#include "store/account.h"
#include "store/collection.h"
#include "store/relation.h"
#include "store/status.h"
#include "text/link.h"
#include "text/unicode.h"

#include <ctype.h>
#include <stdlib.h>

enum { LANGUAGE_BYTES_MAX = 16, LOOK_AGAIN_MS = DAY_MS };

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* Accounts that the viewer may see among ids: neither suspended nor across a block; in order of their ids. */
static enum err
visible_people(struct ctx *c, int64_t viewer, struct ids *ids, struct accounts *out)
{
    struct ids hidden = ids_new(c->mem, ids->n);
    struct relations rel = { 0 };
    size_t n = 0;

    ids_sort(ids);
    TRY(store_account_list(c, ids, out));
    TRY(store_account_fill(c, out->v, out->n));
    if (viewer != 0)
        TRY(store_relations(c, viewer, ids, &rel));
    for (size_t i = 0; i < rel.n; i++)
        if (rel.v[i].blocking || rel.v[i].blocked_by)
            ids_add(&hidden, rel.v[i].target_id);
    ids_sort(&hidden);
    for (size_t i = 0; i < out->n; i++)
        if (out->v[i]->suspended_ms == 0 && !ids_has(&hidden, out->v[i]->id))
            out->v[n++] = out->v[i];
    out->n = n;
    return ERR_OK;
}

static int
by_account(const void *key, const void *item)
{
    int64_t x = *(const int64_t *)key, y = (*(struct account *const *)item)->id;

    return (x > y) - (x < y);
}

bool
collection_is_among(const struct accounts *people, int64_t id)
{
    return people->n > 0 && bsearch(&id, people->v, people->n, sizeof(people->v[0]), by_account) != NULL;
}

/* Each with the items that the viewer may see: those who were asked and have not answered are the owner's business. */
enum err
collection_show(struct ctx *c, int64_t viewer, struct collection *v, size_t n, struct accounts *people)
{
    struct ids ids;
    size_t all = n;

    for (size_t i = 0; i < n; i++)
        all += v[i].n;
    ids = ids_new(c->mem, all);
    for (size_t i = 0; i < n; i++) {
        ids_add(&ids, v[i].account_id);
        for (size_t k = 0; k < v[i].n; k++)
            ids_add(&ids, v[i].items[k].account_id);
    }
    TRY(visible_people(c, viewer, &ids, people));
    for (size_t i = 0; i < n; i++) {
        size_t kept = 0;

        for (size_t k = 0; k < v[i].n; k++) {
            if (collection_is_among(people, v[i].items[k].account_id) &&
                (v[i].items[k].state == ITEM_ACCEPTED || v[i].account_id == viewer))
                v[i].items[kept++] = v[i].items[k];
        }
        v[i].n = kept;
    }
    return ERR_OK;
}

/* Somebody who is logged in looks at what another server keeps: it is read again, later, once a day. */
static enum err
look_again(struct ctx *c, const struct collection *k)
{
    struct collection now = *k;

    if (k->uri.n == 0 || c->who.account_id == 0 || k->fetched_ms > clock_ms() - LOOK_AGAIN_MS)
        return ERR_OK;
    now.fetched_ms = clock_ms();
    TRY(db_begin(c, DB_WRITE));
    TRY(store_collection_put(c, &now));
    TRY(queue_put_id(c, J_READ_COLLECTION, k->id));
    return db_commit(c);
}

static enum err
look_again_at_list(struct ctx *c, const struct account *a)
{
    int64_t fetched_ms;
    struct str uri;

    if (account_is_local(a) || c->who.account_id == 0)
        return ERR_OK;
    TRY(store_collection_source(c, a->id, &uri, &fetched_ms));
    if (uri.n == 0 || fetched_ms > clock_ms() - LOOK_AGAIN_MS)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_collection_source_fetched(c, a->id, clock_ms()));
    TRY(queue_put_id(c, J_READ_COLLECTIONS, a->id));
    return db_commit(c);
}

enum err
service_collection_get(struct ctx *c, int64_t id, struct collection **out, struct accounts *people)
{
    TRY(store_collection_get(c, id, out));
    TRY(collection_show(c, c->who.account_id, *out, 1, people));
    if (!collection_is_among(people, (*out)->account_id))
        return ctx_fail(c, ERR_NOT_FOUND, "the owner of collection %lld is out of sight", (long long)id);
    return look_again(c, *out);
}

static enum err
show_page(struct ctx *c, struct collections *v)
{
    struct accounts people;
    size_t n = 0;

    TRY(collection_show(c, c->who.account_id, v->v, v->n, &people));
    for (size_t i = 0; i < v->n; i++)
        if (collection_is_among(&people, v->v[i].account_id))
            v->v[n++] = v->v[i];
    v->n = n;
    return ERR_OK;
}

enum err
service_collection_list(struct ctx *c, const struct ids *ids, struct collections *out)
{
    TRY(store_collection_list(c, ids, out));
    return show_page(c, out);
}

enum err
service_collection_page(struct ctx *c, int64_t account_id, int64_t limit, int64_t offset, struct collections *out)
{
    struct account *a;

    TRY(store_account_get(c, account_id, &a));
    if (offset == 0)
        TRY(look_again_at_list(c, a));
    TRY(store_collection_page(c, account_id, account_id != c->who.account_id, limit, offset, out));
    return show_page(c, out);
}

enum err
service_collection_with(struct ctx *c, int64_t account_id, int64_t limit, int64_t offset, struct collections *out)
{
    struct account *a;

    TRY(store_account_get(c, account_id, &a));
    if (account_id != c->who.account_id)
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is not allowed");
    TRY(store_collection_with(c, account_id, limit, offset, out));
    return show_page(c, out);
}

/* ---- the fields -------------------------------------------------------------------------------------------------- */

static enum err
set_text(struct ctx *c, const char *what, struct str text, size_t max, struct str *out)
{
    if (text.p == NULL)
        return ERR_OK;
    *out = text_one_line(c->mem, text);
    if (text_graphemes(*out) > max)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: %s is too long (maximum is %zu characters)", what, max);
    return ERR_OK;
}

static enum err
set_language(struct ctx *c, struct str language, struct collection *k)
{
    bool ok = language.n <= LANGUAGE_BYTES_MAX;

    if (language.p == NULL)
        return ERR_OK;
    for (size_t i = 0; i < language.n && ok; i++)
        ok = isalnum((unsigned char)language.p[i]) || language.p[i] == '-';
    if (!ok)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Language is not supported");
    k->language = language;
    return ERR_OK;
}

enum err
collection_set_tag(struct ctx *c, struct str name, struct collection *k)
{
    struct tag_ref t;

    name = str_starts(name, S("#")) ? str_sub(name, 1, name.n) : name;
    k->tag_id = 0;
    k->tag = S("");
    if (name.n == 0)
        return ERR_OK;
    if (!text_tag_valid(name))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Tag is invalid");
    t = (struct tag_ref){ .name = text_tag_key(c->mem, name), .display = name };
    TRY(store_tag_ids(c, &t, 1));
    k->tag_id = t.id;
    k->tag = t.name;
    return ERR_OK;
}

static enum err
set_fields(struct ctx *c, const struct collection_params *p, struct collection *k)
{
    TRY(set_text(c, "Name", p->name, COLLECTION_NAME_CHARS_MAX, &k->name));
    TRY(set_text(c, "Description", p->description, COLLECTION_DESCRIPTION_CHARS_MAX, &k->description));
    if (text_is_blank(k->name))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Name can't be blank");
    TRY(set_language(c, p->language, k));
    if (p->sensitive >= 0)
        k->sensitive = p->sensitive > 0;
    if (p->discoverable >= 0)
        k->discoverable = p->discoverable > 0;
    k->updated_ms = clock_ms();
    return p->tag_name.p == NULL ? ERR_OK : collection_set_tag(c, p->tag_name, k);
}

/* ---- items ------------------------------------------------------------------------------------------------------- */

enum quote_answer
collection_may_feature(const struct account *a, const struct relation *r)
{
    int automatic = a->feature_policy & QUOTE_BY_ALL, manual = a->feature_policy >> QUOTE_MANUAL_SHIFT;
    int mine = QUOTE_BY_PUBLIC | QUOTE_BY_OTHERS; /* entries that are not understood: they are asked, and decide */

    if (a->suspended_ms != 0 || r->blocking || r->blocked_by)
        return QUOTE_ANSWER_DENIED;
    if (account_is_local(a))
        return a->discoverable ? QUOTE_ANSWER_AUTOMATIC : QUOTE_ANSWER_DENIED;
    mine |= r->following ? QUOTE_BY_FOLLOWERS : 0;
    mine |= r->followed_by ? QUOTE_BY_FOLLOWING : 0;
    if ((automatic & mine & ~QUOTE_BY_OTHERS) != 0)
        return QUOTE_ANSWER_AUTOMATIC;
    return ((automatic | manual) & mine) != 0 ? QUOTE_ANSWER_MANUAL : QUOTE_ANSWER_DENIED;
}

/* People of ours consent by being discoverable; those of other servers are asked, when they say that they may be. */
static enum err
may_feature(struct ctx *c, int64_t account_id, struct account **out)
{
    struct relation none = { 0 };
    struct relations rel;

    TRY(store_account_get(c, account_id, out));
    TRY(store_relations(c, c->who.account_id, &(struct ids){ &account_id, 1 }, &rel));
    if (account_id == c->who.account_id ||
        collection_may_feature(*out, rel.n > 0 ? &rel.v[0] : &none) < QUOTE_ANSWER_MANUAL)
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is not allowed");
    return ERR_OK;
}

/* What others see of a collection that is not discoverable is told to nobody. */
static enum err
tell(struct ctx *c, const struct collection *k, enum fed_kind kind, int64_t row_id)
{
    if (!k->discoverable)
        return ERR_OK;
    return service_federate(c, &(struct fed_action){ .kind = kind, .account_id = k->account_id, .row_id = row_id });
}

static enum err
add(struct ctx *c, const struct collection *k, int64_t account_id, struct collection_item *out)
{
    struct account *a;
    enum err e;

    TRY(may_feature(c, account_id, &a));
    *out = (struct collection_item){ .id = id_new(),
        .collection_id = k->id,
        .account_id = account_id,
        .state = account_is_local(a) ? ITEM_ACCEPTED : ITEM_PENDING,
        .created_ms = clock_ms() };
    e = store_collection_item_add(c, out);
    if (e == ERR_CONFLICT)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Account is in this collection, or has left it");
    TRY(e);
    if (out->state == ITEM_PENDING)
        return service_federate(c,
            &(struct fed_action){
                .kind = FED_FEATURE_REQUEST, .account_id = k->account_id, .target_id = account_id, .row_id = out->id });
    return service_notify_collection(c, account_id, NOTIFY_ADDED_TO_COLLECTION, k->account_id, k->id);
}

static enum err
check_room(struct ctx *c, size_t n)
{
    if (n > COLLECTION_ITEMS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: A collection has at most %d accounts", COLLECTION_ITEMS_MAX);
    return ERR_OK;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* With the lock of the owner: two requests at once cannot pass a limit. */
static enum err
begin(struct ctx *c)
{
    struct account *me;

    TRY(service_me(c, &me));
    TRY(db_begin(c, DB_WRITE));
    return store_account_lock(c, me->id);
}

static enum err
begin_own(struct ctx *c, int64_t id, struct collection **out)
{
    struct accounts people;

    TRY(service_collection_get(c, id, out, &people));
    if ((*out)->account_id != c->who.account_id)
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is not allowed");
    TRY(begin(c));
    return store_collection_get(c, id, out);
}

enum err
service_collection_create(struct ctx *c, const struct collection_params *p, struct collection **out)
{
    struct collection k = {
        .id = id_new(), .account_id = c->who.account_id, .created_ms = clock_ms(), .discoverable = true
    };
    struct accounts people;
    int64_t count;

    TRY(check_room(c, p->account_ids.n));
    TRY(begin(c));
    TRY(store_collection_count(c, k.account_id, &count));
    if (count >= COLLECTIONS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: You have reached the limit of %d collections", COLLECTIONS_MAX);
    TRY(set_fields(c, p, &k));
    TRY(store_collection_put(c, &k));
    for (size_t i = 0; i < p->account_ids.n; i++) {
        struct collection_item item;

        TRY(add(c, &k, p->account_ids.v[i], &item));
    }
    TRY(tell(c, &k, FED_COLLECTION_ADD, k.id));
    TRY(db_commit(c));
    return service_collection_get(c, k.id, out, &people);
}

enum err
collection_tell_members(struct ctx *c, const struct collection *k)
{
    for (size_t i = 0; i < k->n; i++) {
        int64_t who = k->items[i].account_id;

        if (k->items[i].state != ITEM_ACCEPTED)
            continue;
        TRY(service_unnotify(c, who, NOTIFY_COLLECTION_UPDATE, k->account_id, k->id));
        TRY(service_notify_collection(c, who, NOTIFY_COLLECTION_UPDATE, k->account_id, k->id));
    }
    return ERR_OK;
}

/* The personal inboxes of members elsewhere, for when the rows are gone. */
static enum err
member_inboxes(struct ctx *c, const struct collection *k, const struct collection_item *only, struct strs *out)
{
    struct ids ids = ids_new(c->mem, k->n + 1);

    for (size_t i = 0; only == NULL && i < k->n; i++)
        ids_add(&ids, k->items[i].account_id);
    if (only != NULL)
        ids_add(&ids, only->account_id);
    return service_audience_people(c, &ids, false, out);
}

static enum err
tell_gone(struct ctx *c, const struct collection *k)
{
    struct fed_action a = {
        .kind = FED_COLLECTION_REMOVE, .account_id = k->account_id, .row_id = k->id, .object_uri = collection_uri(c, k)
    };

    TRY(member_inboxes(c, k, NULL, &a.inboxes));
    return service_federate(c, &a);
}

/* For others a collection begins and ends with being discoverable. */
static enum err
tell_change(struct ctx *c, const struct collection *old, const struct collection *k)
{
    if (old->discoverable && !k->discoverable)
        return tell_gone(c, k);
    return tell(c, k, old->discoverable ? FED_COLLECTION_UPDATE : FED_COLLECTION_ADD, k->id);
}

enum err
service_collection_update(struct ctx *c, int64_t id, const struct collection_params *p, struct collection **out)
{
    struct collection *k, old;
    struct accounts people;

    TRY(begin_own(c, id, &k));
    old = *k;
    TRY(set_fields(c, p, k));
    TRY(store_collection_put(c, k));
    if (!str_eq(old.name, k->name) || !str_eq(old.description, k->description) || old.tag_id != k->tag_id ||
        old.sensitive != k->sensitive)
        TRY(collection_tell_members(c, k));
    TRY(tell_change(c, &old, k));
    TRY(db_commit(c));
    return service_collection_get(c, id, out, &people);
}

enum err
service_collection_delete(struct ctx *c, int64_t id)
{
    struct collection *k;

    TRY(begin_own(c, id, &k));
    TRY(tell_gone(c, k));
    TRY(store_collection_delete(c, id));
    return db_commit(c);
}

enum err
service_collection_add(struct ctx *c, int64_t id, int64_t account_id, struct collection_item *out)
{
    struct collection *k;

    TRY(begin_own(c, id, &k));
    TRY(check_room(c, k->n + 1));
    TRY(add(c, k, account_id, out));
    if (out->state == ITEM_ACCEPTED)
        TRY(tell(c, k, FED_ITEM_ADD, out->id));
    return db_commit(c);
}

static enum err
find_item(struct ctx *c, const struct collection *k, int64_t item_id, struct collection_item *out)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->items[i].id == item_id) {
            *out = k->items[i];
            return ERR_OK;
        }
    return ctx_fail(c, ERR_NOT_FOUND, "no item %lld", (long long)item_id);
}

enum err
collection_tell_item_removed(struct ctx *c, const struct collection *k, const struct collection_item *i)
{
    struct fed_action a = { .kind = FED_ITEM_REMOVE,
        .account_id = k->account_id,
        .row_id = k->id,
        .object_uri = collection_item_uri(c, k, i) };

    TRY(member_inboxes(c, k, i, &a.inboxes));
    return k->discoverable || a.inboxes.n > 0 ? service_federate(c, &a) : ERR_OK;
}

enum err
service_collection_remove(struct ctx *c, int64_t id, int64_t item_id)
{
    struct collection_item item;
    struct collection *k;

    TRY(begin_own(c, id, &k));
    TRY(find_item(c, k, item_id, &item));
    TRY(store_collection_item_delete(c, item_id));
    TRY(collection_tell_item_removed(c, k, &item));
    TRY(service_unnotify(c, item.account_id, NOTIFY_ADDED_TO_COLLECTION, k->account_id, k->id));
    return db_commit(c);
}

/* Who was in it leaves, and tells whoever may have the stamp. */
static enum err
leave(struct ctx *c, const struct collection *k, struct collection_item item)
{
    struct fed_action a = {
        .kind = FED_FEATURE_REVOKE, .account_id = item.account_id, .instrument = collection_uri(c, k)
    };
    struct account *owner, *member;

    TRY(store_account_get(c, item.account_id, &member));
    TRY(store_account_get(c, k->account_id, &owner));
    a.uri = collection_stamp_uri(c, &item, member);
    a.object_uri = member->uri;
    if (!account_is_local(owner) && owner->inbox.n > 0) {
        a.inboxes = (struct strs){ arena_vec(c->mem, struct str, 1), 1 };
        a.inboxes.v[0] = owner->inbox;
    }
    item.state = ITEM_REVOKED;
    TRY(store_collection_item_set(c, &item));
    TRY(service_federate(c, &a));
    return k->uri.n > 0 ? ERR_OK : collection_tell_item_removed(c, k, &item);
}

/* Also across a block: leaving is always possible. */
enum err
service_collection_revoke(struct ctx *c, int64_t id, int64_t item_id)
{
    struct collection_item item;
    struct collection *k;

    TRY(begin(c));
    TRY(store_collection_get(c, id, &k));
    TRY(find_item(c, k, item_id, &item));
    if (item.account_id != c->who.account_id)
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is not allowed");
    TRY(leave(c, k, item));
    return db_commit(c);
}

static enum err
end_between(struct ctx *c, int64_t member_id, int64_t owner_id, bool leaves)
{
    struct collection_items v;

    TRY(store_collection_items_between(c, member_id, owner_id, &v));
    for (size_t i = 0; i < v.n; i++) {
        struct collection *k;

        TRY(store_collection_get(c, v.v[i].collection_id, &k));
        if (leaves && v.v[i].state == ITEM_ACCEPTED) {
            TRY(leave(c, k, v.v[i]));
            continue;
        }
        TRY(store_collection_item_delete(c, v.v[i].id));
        TRY(collection_tell_item_removed(c, k, &v.v[i]));
    }
    return ERR_OK;
}

enum err
service_collection_end_between(struct ctx *c, int64_t me, int64_t other)
{
    TRY(end_between(c, me, other, true));
    return end_between(c, other, me, false);
}
