/* What people show on their profiles beside posts: other people and hashtags. */
#include "service/featured.h"

#include "base/id.h"
#include "db/db.h"
#include "service/federate.h"
#include "service/internal.h"
#include "service/receive_internal.h"
#include "service/relation_internal.h"
#include "service/trend.h"
#include "store/account.h"
#include "store/endorsement.h"
#include "store/featured_tag.h"
#include "store/relation.h"
#include "store/status.h"
#include "text/link.h"

enum { SUGGESTIONS_MAX = 10 };

static enum err
endorse(struct ctx *c, const struct account *me, int64_t target, bool on)
{
    struct relation r;

    if (!on)
        return store_endorsement_delete(c, me->id, target);
    TRY(store_relation_lock(c, me->id, target));
    TRY(store_relation(c, me->id, target, &r));
    if (!r.following)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: You must be already following the person you want to endorse");
    return store_endorsement_put(c, me->id, target);
}

enum err
service_endorse(struct ctx *c, int64_t target, bool on, struct relation *out)
{
    struct account *me, *to;

    TRY(service_me(c, &me));
    TRY(store_account_get(c, target, &to));
    TRY(db_begin(c, DB_WRITE));
    TRY(endorse(c, me, to->id, on));
    service_relation_heard(c, me, to);
    TRY(db_commit(c));
    return store_relation(c, me->id, target, out);
}

/* The account whose profile is asked for, NULL when the caller may not see what it features. */
static enum err
visible_owner(struct ctx *c, int64_t id, struct account **out)
{
    struct relation r = { 0 };

    TRY(store_account_get(c, id == 0 ? c->who.account_id : id, out));
    if ((*out)->id == c->who.account_id)
        return ERR_OK;
    if (c->who.account_id != 0)
        TRY(store_relation(c, c->who.account_id, id, &r));
    if ((*out)->suspended_ms != 0 || !(*out)->show_featured || r.blocked_by)
        *out = NULL;
    return ERR_OK;
}

enum err
service_endorsements(struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors)
{
    struct account *owner;

    *out = (struct accounts){ 0 };
    *cursors = (struct cursor_ids){ 0 };
    TRY(visible_owner(c, id, &owner));
    if (owner == NULL)
        return ERR_OK;
    TRY(store_endorsement_page(c, owner->id, p, cursors));
    return service_accounts_present(c, &(struct ids){ cursors->id, cursors->n }, out);
}

enum err
service_featured_tags(struct ctx *c, int64_t id, struct account **owner, struct featured_tags *out)
{
    *out = (struct featured_tags){ 0 };
    TRY(visible_owner(c, id, owner));
    return *owner == NULL ? ERR_OK : store_featured_tag_list(c, (*owner)->id, out);
}

/* The tag's row, made when missing. */
static enum err
tag_row(struct ctx *c, struct str name, struct tag_ref *out)
{
    if (str_starts(name, S("#")))
        name = str_sub(name, 1, name.n);
    if (!text_tag_valid(name))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Tag is invalid");
    *out = (struct tag_ref){ .name = text_tag_key(c->mem, name), .display = name };
    TRY(store_tag_ids(c, out, 1));
    out->display = name;
    return ERR_OK;
}

static enum err
tell(struct ctx *c, int64_t account_id, struct str name, bool on)
{
    return service_federate(
        c, &(struct fed_action){
               .kind = on ? FED_FEATURE_TAG : FED_UNFEATURE_TAG, .account_id = account_id, .object_uri = name });
}

static enum err
feature(struct ctx *c, int64_t account_id, const struct tag_ref *t)
{
    struct featured_tags all;
    bool has;

    TRY(store_featured_tag_has(c, account_id, t->id, &has));
    if (has)
        return ERR_OK;
    TRY(store_featured_tag_list(c, account_id, &all));
    if (all.n >= FEATURED_TAGS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: You have already featured the maximum number of hashtags");
    TRY(store_featured_tag_put(c, account_id, t));
    return tell(c, account_id, t->display, true);
}

static enum err
unfeature(struct ctx *c, int64_t account_id, int64_t tag_id)
{
    struct str name;

    TRY(store_featured_tag_delete(c, account_id, tag_id, &name));
    return name.n == 0 ? ERR_OK : tell(c, account_id, name, false);
}

enum err
service_featured_tag_set(struct ctx *c, struct str name, bool on, struct tag_ref *out)
{
    struct account *me;

    TRY(service_me(c, &me));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_lock(c, me->id)); /* two at once cannot pass the limit */
    TRY(tag_row(c, name, out));
    TRY(on ? feature(c, me->id, out) : unfeature(c, me->id, out->id));
    out->featuring = on;
    return db_commit(c);
}

enum err
service_featured_tag_delete(struct ctx *c, int64_t id)
{
    struct featured_tags all;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_featured_tag_list(c, c->who.account_id, &all));
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].id == id) {
            TRY(unfeature(c, c->who.account_id, all.v[i].tag_id));
            return db_commit(c);
        }
    return ctx_fail(c, ERR_NOT_FOUND, "featured tag %lld", (long long)id);
}

enum err
service_featured_tag_suggestions(struct ctx *c, struct tag_ref **v, size_t *n)
{
    TRY(store_featured_tag_candidates(c, c->who.account_id, SUGGESTIONS_MAX, v, n));
    return service_tag_fill(c, *v, *n);
}

static enum err
received(struct ctx *c, const struct account *from, struct str name, bool on)
{
    struct featured_tags all;
    struct tag_ref t;
    struct str gone;

    TRY(tag_row(c, name, &t));
    if (!on)
        return store_featured_tag_delete(c, from->id, t.id, &gone);
    TRY(store_featured_tag_list(c, from->id, &all));
    return all.n >= FEATURED_TAGS_MAX ? ERR_OK : store_featured_tag_put(c, from->id, &t);
}

enum err
service_featured_tag_received(struct ctx *c, struct account *from, struct str name, bool on)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, received(c, from, name, on));
}
