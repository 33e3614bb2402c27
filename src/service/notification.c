/* Notifications: who is told what, and the caller's list. */
#include "service/notification.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "service/event.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/interaction.h"
#include "store/notification.h"
#include "store/relation.h"
#include "store/status.h"

#include <string.h>

enum { ROUNDS_MAX = 5 };

/* A mention or reply in a conversation that the account muted is silent. */
static enum err
conversation_muted(struct ctx *c, int64_t account_id, const struct status *s, bool *out)
{
    *out = false;
    return s->conversation_id == 0 ? ERR_OK : store_conversation_muted(c, account_id, s->conversation_id, out);
}

static enum err
about_status_ok(struct ctx *c, int64_t account_id, int64_t status_id, bool *out)
{
    struct status *s;
    bool muted;

    *out = false;
    TRY(store_status_get(c, status_id, &s));
    TRY(conversation_muted(c, account_id, s, &muted));
    if (muted)
        return ERR_OK;
    TRY(store_status_fill(c, &s, 1, 0));
    return service_visible(c, account_id, VIEW_DIRECT, &s, 1, out);
}

enum err
service_notify(struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id)
{
    struct account *to, *by;
    struct relation r;
    bool ok = true, added;
    int64_t id = id_new();

    if (account_id == from && kind != NOTIFY_POLL) /* authors are told of the end of their own polls */
        return ERR_OK;
    TRY(store_account_get(c, account_id, &to));
    TRY(store_account_get(c, from, &by));
    if (!account_is_local(to) || to->suspended_ms != 0 || by->suspended_ms != 0)
        return ERR_OK;
    TRY(store_relation(c, account_id, from, &r));
    if (r.blocking || r.blocked_by || r.domain_blocking || (r.muting && r.muting_notifications))
        return ERR_OK;
    if (by->silenced_ms != 0 && !r.following && kind != NOTIFY_FOLLOW_REQUEST)
        return ERR_OK;
    if (status_id != 0)
        TRY(about_status_ok(c, account_id, status_id, &ok));
    if (!ok)
        return ERR_OK;
    TRY(store_notification_put(c,
        &(struct notification){ .id = id,
            .account_id = account_id,
            .from_account_id = from,
            .kind = kind,
            .status_id = status_id,
            .created_ms = clock_ms() },
        &added));
    if (added)
        service_event_account(c, EVENT_NOTIFICATION, account_id, id);
    return ERR_OK;
}

enum err
service_unnotify(struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id)
{
    return store_notification_delete_cause(c, account_id, kind, from, status_id);
}

/* Accounts and statuses of all; those whose status became invisible or whose account is suspended or blocked are left out. */
static enum err
fill(struct ctx *c, struct notification *v, size_t *n)
{
    struct ids accounts = { arena_vec(c->mem, int64_t, *n), 0 }, statuses = { arena_vec(c->mem, int64_t, *n), 0 };
    struct accounts people;
    struct statuses posts;
    struct relations rel;
    size_t k = 0;

    for (size_t i = 0; i < *n; i++) {
        bool seen = false;

        for (size_t m = 0; m < accounts.n && !seen; m++)
            seen = accounts.v[m] == v[i].from_account_id;
        if (!seen)
            accounts.v[accounts.n++] = v[i].from_account_id;
        if (v[i].status_id != 0)
            statuses.v[statuses.n++] = v[i].status_id;
    }
    TRY(store_account_list(c, &accounts, &people));
    TRY(store_account_fill(c, people.v, people.n));
    TRY(store_relations(c, c->who.account_id, &accounts, &rel));
    TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT, &statuses, &posts));
    for (size_t i = 0; i < *n; i++) {
        bool hidden = false;

        for (size_t m = 0; m < people.n; m++)
            if (people.v[m]->id == v[i].from_account_id)
                v[i].from = people.v[m];
        for (size_t m = 0; m < rel.n; m++)
            if (rel.v[m].target_id == v[i].from_account_id)
                hidden = rel.v[m].blocking || rel.v[m].blocked_by;
        for (size_t m = 0; m < posts.n; m++)
            if (posts.v[m]->id == v[i].status_id)
                v[i].status = posts.v[m];
        if (v[i].from == NULL || v[i].from->suspended_ms != 0 || hidden || (v[i].status_id != 0 && v[i].status == NULL))
            continue;
        v[k++] = v[i];
    }
    *n = k;
    return ERR_OK;
}

/* A full page although some are hidden, as service_status_page does it. */
enum err
service_notification_page(struct ctx *c, uint64_t kinds, int64_t from, const struct page *p, struct notifications *out)
{
    struct page at = *p;
    size_t limit = (size_t)p->limit;

    *out = (struct notifications){ arena_vec(c->mem, struct notification, limit), 0 };
    for (int round = 0; round < ROUNDS_MAX && out->n < limit; round++) {
        struct notifications some;
        size_t found, take;
        bool up = p->min_id > 0;

        TRY(store_notification_page(c, c->who.account_id, kinds, from, &at, &some));
        found = some.n;
        if (found == 0)
            break;
        *(up ? &at.min_id : &at.max_id) = some.v[up ? 0 : found - 1].id;
        TRY(fill(c, some.v, &some.n));
        take = MIN(some.n, limit - out->n);
        if (up) { /* newer ones go in front; of too many the oldest are the adjacent ones */
            memmove(out->v + take, out->v, out->n * sizeof(out->v[0]));
            memcpy(out->v, some.v + (some.n - take), take * sizeof(out->v[0]));
        } else {
            memcpy(out->v + out->n, some.v, take * sizeof(out->v[0]));
        }
        out->n += take;
        if (found < limit)
            break;
    }
    return ERR_OK;
}

enum err
service_notification_get(struct ctx *c, int64_t id, struct notification **out)
{
    size_t n = 1;

    TRY(store_notification_get(c, c->who.account_id, id, out));
    TRY(fill(c, *out, &n));
    return n == 1 ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "notification %lld is not visible any more", (long long)id);
}

enum err
service_notification_dismiss(struct ctx *c, int64_t id)
{
    bool removed;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_notification_delete(c, c->who.account_id, id, &removed));
    TRY(db_commit(c));
    return removed ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "notification %lld", (long long)id);
}

enum err
service_notification_clear(struct ctx *c)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_notification_clear(c, c->who.account_id));
    return db_commit(c);
}

enum err
service_notification_unread(struct ctx *c, int64_t limit, int64_t *out)
{
    return store_notification_unread(c, c->who.account_id, limit, out);
}
