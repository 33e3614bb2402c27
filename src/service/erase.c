/* The end of an account, in portions. */
#include "service/prune.h"

#include "base/clock.h"
#include "db/db.h"
#include "service/federate.h"
#include "service/status.h"
#include "store/account.h"
#include "store/archive.h"
#include "store/draft.h"
#include "store/federation.h"
#include "store/interaction.h"
#include "store/media.h"
#include "store/reaction.h"
#include "store/relation.h"
#include "store/status.h"
#include "store/subscription.h"
#include "store/user.h"

enum {
    PORTION = 20,
    MISSED_MAX = 100,               /* of one sort; then the job comes again */
    INBOXES = 1000,                 /* of one job */
    INBOXES_AT_ONCE = 20 * INBOXES, /* each reading looks at all accounts */
    SPARE_MS = 10 * 1000,           /* of the lease, for what follows */
    AFTER_DELETE_MS = HOUR_MS,
};

/* ---- what it did ------------------------------------------------------------------------------------------------- */

/* One portion; *left false when there is nothing more. */
typedef enum err (*portion_fn)(struct ctx *c, const struct account *a, bool *left);

static enum err
statuses(struct ctx *c, const struct account *a, bool *left)
{
    const struct status_filter all = { .account_id = a->id, .max_visibility = VIS_COUNT };
    const struct page p = { .limit = PORTION };
    struct statuses v;
    struct ids ids;

    TRY(store_status_page_account(c, &all, &p, &ids));
    TRY(store_status_list(c, &ids, &v));
    TRY(store_status_fill(c, v.v, v.n, 0));
    for (size_t i = 0; i < v.n; i++)
        TRY(service_status_remove(c, v.v[i], false)); /* the Delete of the actor tells of all of them */
    *left = ids.n > 0;
    return ERR_OK;
}

static enum err
favourites(struct ctx *c, const struct account *a, bool *left)
{
    const struct page p = { .limit = PORTION };
    struct cursor_ids v;

    TRY(store_favourite_page(c, a->id, &p, &v));
    for (size_t i = 0; i < v.n; i++) {
        bool removed;
        int64_t id;

        TRY(store_favourite_delete(c, a->id, v.id[i], &id, &removed));
    }
    *left = v.n > 0;
    return ERR_OK;
}

static enum err
reactions(struct ctx *c, const struct account *a, bool *left)
{
    struct reaction_rows v;

    TRY(store_reaction_of_account(c, a->id, PORTION, &v));
    for (size_t i = 0; i < v.n; i++) {
        bool removed;
        int64_t id;

        TRY(store_reaction_delete(c, v.v[i].status_id, a->id, &v.v[i].what, &id, &removed));
    }
    *left = v.n > 0;
    return ERR_OK;
}

static enum err
follows(struct ctx *c, const struct account *a, bool *left)
{
    const struct page p = { .limit = PORTION };
    struct cursor_ids followers, following;
    bool removed;

    TRY(store_relation_page(c, LIST_FOLLOWERS, a->id, &p, &followers));
    for (size_t i = 0; i < followers.n; i++)
        TRY(store_follow_delete(c, followers.id[i], a->id, &removed));
    TRY(store_relation_page(c, LIST_FOLLOWING, a->id, &p, &following));
    for (size_t i = 0; i < following.n; i++)
        TRY(store_follow_delete(c, a->id, following.id[i], &removed));
    *left = followers.n + following.n > 0;
    return ERR_OK;
}

/* Also scheduled ones.  Before the files: what a draft holds cannot go. */
static enum err
drafts(struct ctx *c, const struct account *a, bool *left)
{
    const struct page p = { .limit = PORTION };
    struct draft_rows v[2];

    for (int k = 0; k < 2; k++) {
        TRY(store_draft_page(c, a->id, k == 1, &p, &v[k]));
        for (size_t i = 0; i < v[k].n; i++)
            TRY(store_draft_delete(c, v[k].v[i].id));
    }
    *left = v[0].n + v[1].n > 0;
    return ERR_OK;
}

static enum err
files(struct ctx *c, const struct account *a, bool *left)
{
    struct ids ids;

    TRY(store_media_of_account(c, a->id, PORTION, &ids));
    for (size_t i = 0; i < ids.n; i++)
        TRY(store_media_delete(c, ids.v[i]));
    *left = ids.n > 0;
    return ERR_OK;
}

/* Addresses of others, and few: at once. */
static enum err
subscribers(struct ctx *c, const struct account *a, bool *left)
{
    *left = false;
    return store_subscription_delete_all(c, a->id);
}

static enum err
archives(struct ctx *c, const struct account *a, bool *left)
{
    *left = false;
    return store_archive_delete_all(c, a->id);
}

static enum err
in_portions(struct ctx *c, const struct account *a, portion_fn fn, bool *late)
{
    bool left = true;

    for (int missed = 0; left && !*late;) {
        struct arena_mark m = arena_save(c->mem);
        enum err e = db_begin(c, DB_WRITE);

        if (e == ERR_OK)
            e = db_end(c, fn(c, a, &left));
        if (e == ERR_NOT_FOUND && ++missed <= MISSED_MAX) /* one of them went by itself: what is left now? */
            ctx_ok(c);
        else if (e == ERR_NOT_FOUND)
            return ctx_fail(c, ERR_BUSY, "what account %lld had goes by itself", (long long)a->id);
        else
            TRY(e);
        arena_restore(c->mem, m);
        *late = c->deadline_mono_ms != 0 && clock_mono_ms() > c->deadline_mono_ms - SPARE_MS;
    }
    return ERR_OK;
}

/* ---- the Delete -------------------------------------------------------------------------------------------------- */

/* Followers are gone by now, so everybody who may know it is told: all known inboxes, slowly. */
static enum err
tell_others(struct ctx *c, const struct account *a)
{
    struct fed_action action = { .kind = FED_ACTOR_DELETE, .account_id = a->id };
    struct strs all = { 0 };

    TRY(db_begin(c, DB_WRITE));
    do {
        TRY(store_delivery_known_inboxes(c, all.n > 0 ? all.v[all.n - 1] : S(""), INBOXES_AT_ONCE, &all));
        for (size_t i = 0; i < all.n; i += INBOXES) {
            action.inboxes = (struct strs){ all.v + i, MIN(all.n - i, (size_t)INBOXES) };
            TRY(service_federate(c, &action));
        }
    } while (all.n == INBOXES_AT_ONCE);
    TRY(store_tombstone_put(c, a->uri, a->uri, 0));
    return db_commit(c);
}

static enum err
end(struct ctx *c, const struct account *a)
{
    struct str pictures[] = { a->avatar, a->avatar_static, a->header, a->header_static };
    struct user *u;
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < lengthof(pictures); i++)
        if (pictures[i].n > 0)
            TRY(store_dead_file_put(c, pictures[i]));
    e = store_user_by_account(c, a->id, &u);
    if (e == ERR_OK)
        TRY(store_user_delete(c, u->id));
    else if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    TRY(store_account_delete(c, a->id));
    return db_commit(c);
}

/* ------------------------------------------------------------------------------------------------------------------ */

/* Local accounts only: told others, and nobody waits for it any more?  *later_ms > 0: not yet. */
static enum err
farewell(struct ctx *c, const struct account *a, int64_t *later_ms)
{
    bool told, waits;

    TRY(store_tombstone_has(c, a->uri, a->uri, &told));
    if (!told) {
        *later_ms = AFTER_DELETE_MS;
        return tell_others(c, a);
    }
    TRY(store_activity_waits(c, a->id, &waits));
    *later_ms = waits ? AFTER_DELETE_MS : 0;
    return ERR_OK;
}

enum err
service_account_erase(struct ctx *c, int64_t id, int64_t *later_ms)
{
    static const portion_fn portions[] = { subscribers, archives, statuses, favourites, reactions, follows, drafts,
        files };
    struct account *a;
    bool late = false;
    enum err e = store_account_get(c, id, &a);

    *later_ms = 0;
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    if (e != ERR_OK)
        return e;
    for (size_t i = 0; i < lengthof(portions) && !late; i++)
        TRY(in_portions(c, a, portions[i], &late));
    if (late) {
        *later_ms = SECOND_MS;
        return ERR_OK;
    }
    if (account_is_local(a))
        TRY(farewell(c, a, later_ms));
    return *later_ms > 0 ? ERR_OK : end(c, a);
}
