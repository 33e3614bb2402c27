/* Lists. */
#include "service/list.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "service/internal.h"
#include "service/relation_internal.h"
#include "store/account.h"
#include "store/list.h"
#include "store/notification.h"
#include "store/relation.h"
#include "text/unicode.h"

/* What an exclusive list takes out of the home, it takes out of the ring.  Changes of one owner come one after the other. */
static enum err
begin(struct ctx *c, struct account **me)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(service_me(c, me));
    return store_account_lock(c, (*me)->id);
}

static enum err
set_fields(struct ctx *c, const struct list_params *p, struct list *l)
{
    if (p->title.p != NULL)
        l->title = p->title;
    if (p->replies >= 0)
        l->replies = (enum list_replies)p->replies;
    if (p->exclusive >= 0)
        l->exclusive = p->exclusive > 0;
    if (text_is_blank(l->title))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Title can't be blank");
    if (text_graphemes(l->title) > LIST_TITLE_CHARS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: Title is too long (maximum is %d characters)", LIST_TITLE_CHARS_MAX);
    return ERR_OK;
}

enum err
service_list_all(struct ctx *c, struct lists *out)
{
    return store_list_all(c, c->who.account_id, out);
}

enum err
service_list_get(struct ctx *c, int64_t id, struct list **out)
{
    return store_list_get(c, c->who.account_id, id, out);
}

enum err
service_list_create(struct ctx *c, const struct list_params *p, struct list **out)
{
    struct account *me;
    struct lists all;

    *out = arena_new(c->mem, struct list);
    **out = (struct list){ .id = id_new(), .account_id = c->who.account_id, .created_ms = clock_ms() };
    TRY(set_fields(c, p, *out));
    TRY(begin(c, &me));
    TRY(service_list_all(c, &all));
    if (all.n >= LISTS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: You have reached the maximum number of lists");
    TRY(store_list_put(c, *out));
    return db_commit(c);
}

enum err
service_list_update(struct ctx *c, int64_t id, const struct list_params *p, struct list **out)
{
    struct account *me;
    bool was;

    TRY(begin(c, &me));
    TRY(service_list_get(c, id, out));
    was = (*out)->exclusive;
    TRY(set_fields(c, p, *out));
    if ((*out)->exclusive != was)
        service_relation_changed(c, me);
    TRY(store_list_put(c, *out));
    return db_commit(c);
}

enum err
service_list_delete(struct ctx *c, int64_t id)
{
    struct account *me;
    struct list *l;

    TRY(begin(c, &me));
    TRY(service_list_get(c, id, &l));
    if (l->exclusive)
        service_relation_changed(c, me);
    TRY(store_list_delete(c, id));
    TRY(store_marker_delete(c, me->id, str_fmt(c->mem, "list:%lld", (long long)id)));
    return db_commit(c);
}

enum err
service_list_with(struct ctx *c, int64_t account_id, struct lists *out)
{
    struct account *a;

    TRY(store_account_get(c, account_id, &a));
    return store_list_with(c, c->who.account_id, account_id, out);
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

enum err
service_list_members(struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors)
{
    struct page page = *p;
    struct list *l;

    TRY(service_list_get(c, id, &l));
    if (p->limit == 0)
        page = (struct page){ .limit = LIST_MEMBERS_MAX };
    TRY(store_list_members(c, id, &page, cursors));
    return service_accounts_present(c, &(struct ids){ cursors->id, cursors->n }, out);
}

static enum err
check_members(struct ctx *c, const struct ids *accounts)
{
    struct relations r;

    TRY(store_relations(c, c->who.account_id, accounts, &r));
    for (size_t i = 0; i < accounts->n; i++) {
        bool ok = accounts->v[i] == c->who.account_id;

        for (size_t k = 0; k < r.n && !ok; k++)
            ok = r.v[k].target_id == accounts->v[i] && (r.v[k].following || r.v[k].requested);
        if (!ok)
            return ctx_fail(c, ERR_NOT_FOUND, "%lld is not followed", (long long)accounts->v[i]);
    }
    return ERR_OK;
}

static enum err
add(struct ctx *c, int64_t id, const struct ids *accounts)
{
    int64_t count;

    TRY(store_relation_lock_all(c, c->who.account_id, accounts)); /* nobody ends a follow from the look to the commit */
    TRY(check_members(c, accounts));
    TRY(store_list_member_count(c, id, &count));
    if (count + (int64_t)accounts->n > LIST_MEMBERS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: A list cannot have more than %d members", LIST_MEMBERS_MAX);
    for (size_t i = 0; i < accounts->n; i++) {
        enum err e = store_list_member_add(c, id, accounts->v[i]);

        if (e == ERR_CONFLICT)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Account has already been taken");
        TRY(e);
    }
    return ERR_OK;
}

typedef enum err (*members_fn)(struct ctx *c, int64_t id, const struct ids *accounts);

static enum err
change_members(struct ctx *c, int64_t id, const struct ids *accounts, members_fn fn)
{
    struct account *me;
    struct list *l;

    TRY(begin(c, &me));
    TRY(service_list_get(c, id, &l));
    if (l->exclusive)
        service_relation_changed(c, me);
    TRY(fn(c, id, accounts));
    return db_commit(c);
}

enum err
service_list_add(struct ctx *c, int64_t id, const struct ids *accounts)
{
    return change_members(c, id, accounts, add);
}

enum err
service_list_remove(struct ctx *c, int64_t id, const struct ids *accounts)
{
    return change_members(c, id, accounts, store_list_member_remove);
}
