/* The caller's notifications, one by one. */
#include "service/notification.h"

#include "db/db.h"
#include "service/collection.h"
#include "service/notification_internal.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/notification.h"
#include "store/relation.h"
#include "store/report.h"
#include "store/severance.h"

#include <string.h>

enum { ROUNDS_MAX = 5, KEPT_MAX = 200000, BATCH = 5000 };

static enum err
severances(struct ctx *c, struct notification *v, size_t n)
{
    struct ids ids = { arena_vec(c->mem, int64_t, n), 0 };
    struct severance *found;
    size_t n_found;

    for (size_t i = 0; i < n; i++)
        if (v[i].severance_id != 0)
            ids.v[ids.n++] = v[i].severance_id;
    TRY(store_severance_list(c, &ids, &found, &n_found));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_found; k++)
            if (found[k].id == v[i].severance_id)
                v[i].severance = &found[k];
    return ERR_OK;
}

static enum err
reports(struct ctx *c, struct notification *v, size_t n)
{
    struct ids ids = { arena_vec(c->mem, int64_t, n), 0 }, targets;
    struct accounts people;
    struct report *found;
    size_t n_found;

    for (size_t i = 0; i < n; i++)
        if (v[i].report_id != 0)
            ids.v[ids.n++] = v[i].report_id;
    TRY(store_report_list(c, &ids, &found, &n_found));
    if (n_found == 0)
        return ERR_OK;
    targets = (struct ids){ arena_vec(c->mem, int64_t, n_found), 0 };
    for (size_t i = 0; i < n_found; i++)
        targets.v[targets.n++] = found[i].target_id;
    TRY(store_account_list(c, &targets, &people));
    TRY(store_account_fill(c, people.v, people.n));
    for (size_t i = 0; i < n_found; i++) {
        for (size_t k = 0; k < people.n; k++)
            if (people.v[k]->id == found[i].target_id)
                found[i].target = people.v[k];
        for (size_t k = 0; k < n; k++)
            if (v[k].report_id == found[i].id)
                v[k].report = &found[i];
    }
    return ERR_OK;
}

static enum err
collections(struct ctx *c, struct notification *v, size_t n)
{
    struct ids ids = { arena_vec(c->mem, int64_t, n), 0 };
    struct collections found;

    for (size_t i = 0; i < n; i++)
        if (v[i].collection_id != 0)
            ids.v[ids.n++] = v[i].collection_id;
    if (ids.n == 0)
        return ERR_OK;
    TRY(service_collection_list(c, &ids, &found));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < found.n; k++)
            if (found.v[k].id == v[i].collection_id)
                v[i].collection = &found.v[k];
    return ERR_OK;
}

static bool
is_complete(const struct notification *n, const struct relations *rel)
{
    for (size_t i = 0; i < rel->n; i++)
        if (rel->v[i].target_id == n->from_account_id && (rel->v[i].blocking || rel->v[i].blocked_by) &&
            n->report == NULL)
            return false;
    return n->from != NULL && n->from->suspended_ms == 0 && (n->status_id == 0 || n->status != NULL) &&
           (n->collection_id == 0 || n->collection != NULL);
}

enum err
service_notification_fill(struct ctx *c, struct notification *v, size_t *n)
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
    TRY(store_relations_visible(c, c->who.account_id, &accounts, &rel));
    TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT, &statuses, &posts));
    TRY(severances(c, v, *n));
    TRY(reports(c, v, *n));
    TRY(collections(c, v, *n));
    for (size_t i = 0; i < *n; i++) {
        for (size_t m = 0; m < people.n; m++)
            if (people.v[m]->id == v[i].from_account_id)
                v[i].from = people.v[m];
        for (size_t m = 0; m < posts.n; m++)
            if (posts.v[m]->id == v[i].status_id)
                v[i].status = posts.v[m];
        if (is_complete(&v[i], &rel))
            v[k++] = v[i];
    }
    *n = k;
    return ERR_OK;
}

struct notification_query
service_notification_query(const struct ctx *c, const struct notification_filter *f)
{
    return (struct notification_query){
        .account_id = c->who.account_id, .kinds = f->kinds, .from = f->from, .with_filtered = f->with_filtered
    };
}

/* A full page although some are hidden, as service_status_page does it. */
enum err
service_notification_page(
    struct ctx *c, const struct notification_filter *f, const struct page *p, struct notifications *out)
{
    const struct notification_query q = service_notification_query(c, f);
    struct page at = *p;
    size_t limit = (size_t)p->limit;

    *out = (struct notifications){ arena_vec(c->mem, struct notification, limit), 0 };
    for (int round = 0; round < ROUNDS_MAX && out->n < limit; round++) {
        struct notifications some;
        size_t found, take;
        bool up = p->min_id > 0;

        TRY(store_notification_page(c, &q, &at, &some));
        found = some.n;
        if (found == 0)
            break;
        *(up ? &at.min_id : &at.max_id) = some.v[up ? 0 : found - 1].id;
        TRY(service_notification_fill(c, some.v, &some.n));
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
    TRY(service_notification_fill(c, *out, &n));
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
    int64_t removed;

    do { /* in portions: other writers wait for each only */
        TRY(db_begin(c, DB_WRITE));
        TRY(store_notification_clear(c, c->who.account_id, BATCH, &removed));
        TRY(db_commit(c));
    } while (removed == BATCH);
    return ERR_OK;
}

enum err
service_notification_read_up_to(struct ctx *c, int64_t *out)
{
    struct marker *m;

    TRY(store_marker_get(c, c->who.account_id, S("notifications"), &m));
    *out = m == NULL ? 0 : m->last_read_id;
    return ERR_OK;
}

enum err
service_notification_unread(struct ctx *c, const struct notification_filter *f, int64_t limit, int64_t *out)
{
    const struct notification_query q = service_notification_query(c, f);
    struct page p = { .limit = limit };
    struct notifications some;

    TRY(service_notification_read_up_to(c, &p.min_id));
    TRY(store_notification_page(c, &q, &p, &some));
    *out = (int64_t)some.n;
    return ERR_OK;
}

static enum err
trim(struct ctx *c, int64_t account_id)
{
    int64_t removed;

    do {
        TRY(db_begin(c, DB_WRITE));
        TRY(store_notification_trim(c, account_id, KEPT_MAX, BATCH, &removed));
        TRY(db_commit(c));
    } while (removed == BATCH);
    return ERR_OK;
}

enum err
service_notification_prune(struct ctx *c)
{
    struct ids full;

    TRY(store_notification_overfull(c, KEPT_MAX, &full));
    for (size_t i = 0; i < full.n; i++)
        TRY(trim(c, full.v[i]));
    return ERR_OK;
}
