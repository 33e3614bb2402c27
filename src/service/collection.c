/* Collections. */
#include "service/collection.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "service/internal.h"
#include "service/notification.h"
#include "store/account.h"
#include "store/collection.h"
#include "store/relation.h"
#include "store/status.h"
#include "text/link.h"
#include "text/unicode.h"

#include <ctype.h>

enum { LANGUAGE_BYTES_MAX = 16 };

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* Accounts that the caller may see among ids: neither suspended nor across a block. */
static enum err
visible_people(struct ctx *c, const struct ids *ids, struct accounts *out)
{
    struct relations rel = { 0 };
    size_t n = 0;

    TRY(store_account_list(c, ids, out));
    TRY(store_account_fill(c, out->v, out->n));
    if (c->who.account_id != 0)
        TRY(store_relations(c, c->who.account_id, ids, &rel));
    for (size_t i = 0; i < out->n; i++) {
        bool hidden = out->v[i]->suspended_ms != 0;

        for (size_t k = 0; k < rel.n && !hidden; k++)
            hidden = rel.v[k].target_id == out->v[i]->id && (rel.v[k].blocking || rel.v[k].blocked_by);
        if (!hidden)
            out->v[n++] = out->v[i];
    }
    out->n = n;
    return ERR_OK;
}

static bool
is_among(const struct accounts *v, int64_t id)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i]->id == id)
            return true;
    return false;
}

/* Each with the items that the caller may see. */
static enum err
show(struct ctx *c, struct collection *v, size_t n, struct accounts *people)
{
    struct ids ids;
    size_t all = n;

    for (size_t i = 0; i < n; i++)
        all += v[i].n;
    ids = (struct ids){ arena_vec(c->mem, int64_t, all), 0 };
    for (size_t i = 0; i < n; i++) {
        ids.v[ids.n++] = v[i].account_id;
        for (size_t k = 0; k < v[i].n; k++)
            ids.v[ids.n++] = v[i].items[k].account_id;
    }
    TRY(visible_people(c, &ids, people));
    for (size_t i = 0; i < n; i++) {
        size_t kept = 0;

        for (size_t k = 0; k < v[i].n; k++) {
            if (is_among(people, v[i].items[k].account_id))
                v[i].items[kept++] = v[i].items[k];
        }
        v[i].n = kept;
    }
    return ERR_OK;
}

enum err
service_collection_get(struct ctx *c, int64_t id, struct collection **out, struct accounts *people)
{
    TRY(store_collection_get(c, id, out));
    TRY(show(c, *out, 1, people));
    if (!is_among(people, (*out)->account_id))
        return ctx_fail(c, ERR_NOT_FOUND, "the owner of collection %lld is out of sight", (long long)id);
    return ERR_OK;
}

static enum err
show_page(struct ctx *c, struct collections *v)
{
    struct accounts people;
    size_t n = 0;

    TRY(show(c, v->v, v->n, &people));
    for (size_t i = 0; i < v->n; i++)
        if (is_among(&people, v->v[i].account_id))
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

/* In the transaction: the tag is made when nobody used it yet. */
static enum err
set_tag(struct ctx *c, struct str name, struct collection *k)
{
    struct tag_ref t;

    if (name.p == NULL)
        return ERR_OK;
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
    return set_tag(c, p->tag_name, k);
}

/* ---- items ------------------------------------------------------------------------------------------------------- */

/*
 * People of ours consent by being discoverable.  People of other servers would have to be asked, which is not spoken yet: they are
 * refused rather than waited for.
 */
static enum err
may_feature(struct ctx *c, int64_t account_id)
{
    struct relations rel;
    struct account *a;

    TRY(store_account_get(c, account_id, &a));
    TRY(store_relations(c, c->who.account_id, &(struct ids){ &account_id, 1 }, &rel));
    if (a->suspended_ms != 0 || !account_is_local(a) || !a->discoverable || account_id == c->who.account_id ||
        (rel.n > 0 && (rel.v[0].blocking || rel.v[0].blocked_by)))
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is not allowed");
    return ERR_OK;
}

static enum err
add(struct ctx *c, const struct collection *k, int64_t account_id, struct collection_item *out)
{
    enum err e;

    TRY(may_feature(c, account_id));
    *out = (struct collection_item){ .id = id_new(),
        .collection_id = k->id,
        .account_id = account_id,
        .state = ITEM_ACCEPTED,
        .created_ms = clock_ms() };
    e = store_collection_item_add(c, out);
    if (e == ERR_CONFLICT)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Account is in this collection, or has left it");
    TRY(e);
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

/* The owner's row is locked: two requests at once cannot pass a limit. */
static enum err
begin(struct ctx *c)
{
    struct account *me;

    TRY(service_me(c, &me));
    TRY(db_begin(c, DB_WRITE));
    return store_account_count(c, me->id, 0, 0, 0);
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
    TRY(db_commit(c));
    return service_collection_get(c, k.id, out, &people);
}

/* Those in it hear of another name or purpose once; the newest change counts. */
static enum err
tell_members(struct ctx *c, const struct collection *k)
{
    for (size_t i = 0; i < k->n; i++) {
        int64_t who = k->items[i].account_id;

        TRY(service_unnotify(c, who, NOTIFY_COLLECTION_UPDATE, k->account_id, k->id));
        TRY(service_notify_collection(c, who, NOTIFY_COLLECTION_UPDATE, k->account_id, k->id));
    }
    return ERR_OK;
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
        TRY(tell_members(c, k));
    TRY(db_commit(c));
    return service_collection_get(c, id, out, &people);
}

enum err
service_collection_delete(struct ctx *c, int64_t id)
{
    struct collection *k;

    TRY(begin_own(c, id, &k));
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
service_collection_remove(struct ctx *c, int64_t id, int64_t item_id)
{
    struct collection_item item;
    struct collection *k;

    TRY(begin_own(c, id, &k));
    TRY(find_item(c, k, item_id, &item));
    TRY(store_collection_item_delete(c, item_id));
    TRY(service_unnotify(c, item.account_id, NOTIFY_ADDED_TO_COLLECTION, k->account_id, k->id));
    return db_commit(c);
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
    TRY(store_collection_item_state(c, item_id, ITEM_REVOKED));
    return db_commit(c);
}
