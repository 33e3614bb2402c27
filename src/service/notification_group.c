/*
 * Notifications in groups.  A page is found by reading rows in the order of ids and putting each into its group, until there are
 * enough groups or enough was read; sizes and samples of all groups then come from one query.  doc/design/notifications.md
 */
#include "service/notification.h"

#include "db/db.h"
#include "service/internal.h"
#include "service/notification_internal.h"
#include "store/account.h"

#include <stdlib.h>

enum { BATCH_MAX = 1000, ROUNDS_MAX = 5 };

static bool
same_group(const struct notification *a, const struct notification *b)
{
    return a->kind == b->kind && a->group_on == b->group_on && a->group_hour == b->group_hour;
}

static struct notification_group *
find_group(struct notification_groups *v, uint64_t grouped, const struct notification *n)
{
    if (n->group_hour == 0 || (grouped >> n->kind & 1) == 0)
        return NULL;
    for (size_t i = 0; i < v->n; i++)
        if (same_group(&v->v[i].newest, n))
            return &v->v[i];
    return NULL;
}

static void
extend(struct notification_group *g, const struct notification *n)
{
    if (n->id > g->newest.id)
        g->newest = *n;
    g->oldest_id = MIN(g->oldest_id, n->id);
}

static void
begin(struct notification_groups *v, uint64_t grouped, const struct notification *n)
{
    struct notification_group *g = &v->v[v->n++];

    *g = (struct notification_group){ .newest = *n, .oldest_id = n->id, .count = 1 };
    if ((grouped >> n->kind & 1) == 0)
        g->newest.group_hour = 0;
}

static int
by_newest(const void *a, const void *b)
{
    int64_t x = ((const struct notification_group *)a)->newest.id,
            y = ((const struct notification_group *)b)->newest.id;

    return (x < y) - (x > y);
}

/* Groups without sizes.  out->v has room for p->limit.  *end: there is nothing beyond. */
static enum err
scan(struct ctx *c, const struct notification_query *q, uint64_t grouped, const struct page *p,
    struct notification_groups *out, bool *end)
{
    struct page at = *p;
    bool up = p->min_id > 0;
    int64_t seen = 0;

    at.limit = p->limit * 2;
    *end = false;
    while (!*end && seen < GROUP_SCAN_MAX && (int64_t)out->n < p->limit) {
        struct notifications some;
        size_t i = 0;

        TRY(store_notification_page(c, q, &at, &some));
        *end = (int64_t)some.n < at.limit;
        for (; i < some.n && (int64_t)out->n < p->limit; i++) {
            const struct notification *n = &some.v[up ? some.n - 1 - i : i];
            struct notification_group *g = find_group(out, grouped, n);

            *(up ? &at.min_id : &at.max_id) = n->id;
            out->newest_id = MAX(out->newest_id, n->id);
            out->oldest_id = out->oldest_id == 0 ? n->id : MIN(out->oldest_id, n->id);
            if (g != NULL)
                extend(g, n);
            else
                begin(out, grouped, n);
        }
        *end = *end && i == some.n;
        seen += at.limit;
        at.limit = MIN(at.limit * 4, BATCH_MAX);
    }
    if (out->n > 0)
        qsort(out->v, out->n, sizeof(out->v[0]), by_newest);
    return ERR_OK;
}

/* Counts and samples of what stands for several. */
static enum err
sizes(struct ctx *c, struct notification_groups *v, int64_t up_to)
{
    struct ids members = { arena_vec(c->mem, int64_t, v->n), 0 };

    for (size_t i = 0; i < v->n; i++) {
        v->v[i].sample_ids = (struct ids){ arena_vec(c->mem, int64_t, 1), 1 };
        v->v[i].sample_ids.v[0] = v->v[i].newest.from_account_id;
        members.v[members.n++] = v->v[i].newest.group_hour != 0 ? v->v[i].newest.id : 0;
    }
    return v->n == 0 ? ERR_OK : store_notification_group_sizes(c, &members, up_to, v->v);
}

static struct account *
person(const struct accounts *v, int64_t id)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i]->id == id)
            return v->v[i];
    return NULL;
}

/* All samples, each once. */
static struct ids
all_samples(struct ctx *c, const struct notification_groups *v)
{
    struct ids all = ids_new(c->mem, v->n * GROUP_SAMPLES);

    for (size_t i = 0; i < v->n; i++)
        for (size_t k = 0; k < v->v[i].sample_ids.n; k++)
            ids_add(&all, v->v[i].sample_ids.v[k]);
    ids_sort(&all);
    return all;
}

/* Samples that may be shown, loaded once. */
static enum err
load_samples(struct ctx *c, struct notification_groups *v)
{
    struct ids ids = all_samples(c, v);

    TRY(service_accounts_present(c, &ids, &v->accounts));
    for (size_t i = 0; i < v->n; i++) {
        struct ids *s = &v->v[i].sample_ids;
        size_t n = 0;

        for (size_t k = 0; k < s->n; k++)
            if (person(&v->accounts, s->v[k]) != NULL)
                s->v[n++] = s->v[k];
        s->n = n;
    }
    return ERR_OK;
}

/* The newest of each group filled; groups whose status is not visible any more are left out. */
static enum err
fill(struct ctx *c, struct notification_groups *v)
{
    struct notification *newest = arena_vec(c->mem, struct notification, v->n);
    size_t n = v->n, k = 0, at = 0;

    for (size_t i = 0; i < v->n; i++)
        newest[i] = v->v[i].newest;
    TRY(service_notification_fill(c, newest, &n));
    TRY(load_samples(c, v));
    v->statuses.v = arena_vec(c->mem, struct status *, n);
    for (size_t i = 0; i < v->n && at < n; i++) {
        bool known = false;

        if (v->v[i].newest.id != newest[at].id)
            continue;
        v->v[i].newest = newest[at++];
        v->v[k] = v->v[i];
        for (size_t m = 0; m < v->statuses.n; m++)
            known = known || v->statuses.v[m] == v->v[k].newest.status;
        if (!known && v->v[k].newest.status != NULL)
            v->statuses.v[v->statuses.n++] = v->v[k].newest.status;
        k++;
    }
    v->n = k;
    return ERR_OK;
}

enum err
service_notification_groups(struct ctx *c, const struct notification_filter *f, uint64_t grouped, const struct page *p,
    struct notification_groups *out)
{
    const struct notification_query q = service_notification_query(c, f);
    struct page at = *p;
    bool end = false;

    *out = (struct notification_groups){ 0 };
    for (int round = 0; round < ROUNDS_MAX && out->n == 0 && !end;
         round++) { /* a page of nothing but hidden ones is no end */
        int64_t newest = out->newest_id, oldest = out->oldest_id;

        out->v = arena_vec(c->mem, struct notification_group, (size_t)p->limit);
        TRY(scan(c, &q, grouped, &at, out, &end));
        TRY(sizes(c, out, out->newest_id));
        TRY(fill(c, out));
        *(p->min_id > 0 ? &at.min_id : &at.max_id) = p->min_id > 0 ? out->newest_id : out->oldest_id;
        out->newest_id = MAX(newest, out->newest_id);
        out->oldest_id = oldest == 0 ? out->oldest_id : MIN(oldest, out->oldest_id);
    }
    return ERR_OK;
}

enum err
service_notification_groups_unread(
    struct ctx *c, const struct notification_filter *f, uint64_t grouped, int64_t limit, int64_t *out)
{
    const struct notification_query q = service_notification_query(c, f);
    struct notification_groups v = { arena_vec(c->mem, struct notification_group, (size_t)limit) };
    struct page p = { .limit = limit };
    bool end;

    TRY(service_notification_read_up_to(c, &p.min_id));
    TRY(scan(c, &q, grouped, &p, &v, &end));
    *out = (int64_t)v.n;
    return ERR_OK;
}

/* ---- by key ------------------------------------------------------------------------------------------------------- */

/* "ungrouped-<id>", "follow-<hour>" or "favourite-<status>-<hour>"; false: no key at all. */
static bool
parse_key(struct str key, struct notification *out)
{
    struct str word, rest = key, first, second;
    int64_t a, b = 0;

    if (!str_cut(&rest, '-', &word) || !str_cut(&rest, '-', &first) || !str_int(first, &a))
        return false;
    if (str_eqz(word, "ungrouped")) {
        out->id = a;
        return rest.n == 0;
    }
    if (str_cut(&rest, '-', &second) && !str_int(second, &b))
        return false;
    for (int k = 0; k < NOTIFY_KIND_COUNT; k++) {
        bool on = notification_traits[k].on_status;

        if (!notification_traits[k].grouped || !str_eqz(word, notification_kind_names[k]) || on != (b != 0))
            continue;
        out->kind = (enum notification_kind)k;
        out->group_on = on ? a : 0;
        out->group_hour = on ? b : a;
        return out->group_hour > 0 && rest.n == 0;
    }
    return false;
}

static enum err
no_group(struct ctx *c, struct str key)
{
    return ctx_fail(c, ERR_NOT_FOUND, "notification group %.*s", STR_ARG(key));
}

/* A page of members, not filled. */
static enum err
members(struct ctx *c, struct str key, const struct page *p, struct notifications *out)
{
    struct notification of = { .account_id = c->who.account_id }, *one;

    if (!parse_key(key, &of))
        return no_group(c, key);
    if (of.id == 0)
        return store_notification_group_page(c, &of, p, out);
    TRY(store_notification_get(c, c->who.account_id, of.id, &one));
    *out = (struct notifications){ one, (p->max_id == 0 || of.id < p->max_id) && of.id > MAX(p->since_id, p->min_id) };
    return ERR_OK;
}

enum err
service_notification_group_get(struct ctx *c, struct str key, struct notification_groups *out)
{
    struct notifications some;

    TRY(members(c, key, &(struct page){ .limit = 1 }, &some));
    *out = (struct notification_groups){ arena_vec(c->mem, struct notification_group, 1) };
    if (some.n > 0) {
        begin(out, str_starts(key, S("ungrouped-")) ? 0 : NOTIFY_ALL, &some.v[0]);
        out->v[0].oldest_id = 0;
        TRY(sizes(c, out, INT64_MAX));
        TRY(fill(c, out));
    }
    return out->n > 0 ? ERR_OK : no_group(c, key);
}

enum err
service_notification_group_dismiss(struct ctx *c, struct str key)
{
    struct notification of = { .account_id = c->who.account_id };
    bool removed;

    if (!parse_key(key, &of))
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    if (of.id != 0)
        TRY(store_notification_delete(c, c->who.account_id, of.id, &removed));
    else
        TRY(store_notification_group_delete(c, &of));
    return db_commit(c);
}

enum err
service_notification_group_accounts(
    struct ctx *c, struct str key, const struct page *p, struct accounts *out, struct cursor_ids *cursors)
{
    struct notifications some;

    TRY(members(c, key, p, &some));
    cursors->id = arena_vec(c->mem, int64_t, some.n);
    cursors->cursor = arena_vec(c->mem, int64_t, some.n);
    cursors->n = some.n;
    for (size_t i = 0; i < some.n; i++) {
        cursors->id[i] = some.v[i].from_account_id;
        cursors->cursor[i] = some.v[i].id;
    }
    TRY(store_account_list(c, &(struct ids){ cursors->id, cursors->n }, out));
    return store_account_fill(c, out->v, out->n);
}
