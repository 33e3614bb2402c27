/* What a page needs of its statuses: authors, numbers, mentions, tags, files and the rest, each by one query for a portion of them. */
#include "store/account.h"
#include "store/card.h"
#include "store/emoji.h"
#include "store/internal.h"
#include "store/media.h"
#include "store/poll.h"
#include "store/quote.h"
#include "store/reaction.h"
#include "store/status.h"

#include <stdlib.h>

/* A page with what its reblogs show is one portion; of a long thread none gives more rows than DB_ROWS_MAX: others say how many a post has. */
enum { AT_ONCE = 100 };
_Static_assert(AT_ONCE * 2 * 100 <= DB_ROWS_MAX, "twice the mentions that one document may bring");

enum { Q_STATS, Q_MENTIONS, Q_TAGS, Q_APPS, Q_DONE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_STATS] = SQL("SELECT status_id, replies, reblogs, favourites, remote_reblogs, remote_favourites, quotes, "
                    "reactions, remote_replies, counted_ms "
                    "FROM {each:$1} status_stat WHERE status_id = each.value"),
    [Q_MENTIONS] =
        SQL("SELECT m.status_id, m.account_id, m.silent, a.username, a.domain, a.url, a.uri, a.inbox, a.shared_inbox "
            "FROM {each:$1} mention m JOIN account a ON a.id = m.account_id WHERE m.status_id = each.value "
            "ORDER BY m.status_id, m.account_id"),
    [Q_TAGS] =
        SQL("SELECT st.status_id, t.id, t.name, t.display FROM {each:$1} status_tag st JOIN tag t ON t.id = st.tag_id "
            "WHERE st.status_id = each.value ORDER BY st.status_id, st.tag_id"),
    [Q_APPS] = SQL("SELECT id, name, website FROM {each:$1} app WHERE id = each.value"),
    /* What the viewer did to each: kind of deed, id of the status or conversation. */
    [Q_DONE] = SQL(
        "SELECT 0, status_id FROM {each:$1} favourite WHERE status_id = each.value AND account_id = $2 UNION ALL "
        "SELECT 1, reblog_of_id FROM {each:$1} status WHERE reblog_of_id = each.value AND account_id = $2 UNION ALL "
        "SELECT 2, status_id FROM {each:$1} bookmark WHERE status_id = each.value AND account_id = $2 UNION ALL "
        "SELECT 3, status_id FROM {each:$1} pin WHERE status_id = each.value AND account_id = $2 UNION ALL "
        "SELECT 4, conversation_id FROM {each:$3} conversation_mute WHERE conversation_id = each.value "
        "AND account_id = $2"),
};
DB_STATEMENTS(store_status_fill, sql);

/* As Q_DONE numbers them. */
enum deed { DEED_FAVOURITED, DEED_REBLOGGED, DEED_BOOKMARKED, DEED_PINNED, DEED_MUTED };
static const size_t deed_flag[] = {
    [DEED_FAVOURITED] = offsetof(struct status, favourited),
    [DEED_REBLOGGED] = offsetof(struct status, reblogged),
    [DEED_BOOKMARKED] = offsetof(struct status, bookmarked),
    [DEED_PINNED] = offsetof(struct status, pinned),
};

static int
by_id(const void *a, const void *b)
{
    const struct status *x = *(struct status *const *)a, *y = *(struct status *const *)b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return ((uintptr_t)x > (uintptr_t)y) - ((uintptr_t)x < (uintptr_t)y);
}

static enum err
fill_reblogs(struct ctx *c, struct status **v, size_t n)
{
    struct ids ids = ids_new(c->mem, n);
    struct statuses found;

    for (size_t i = 0; i < n; i++)
        ids_add(&ids, v[i]->reblog_of_id);
    ids_sort(&ids);
    TRY(store_status_list(c, &ids, &found));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < found.n; k++)
            if (found.v[k]->id == v[i]->reblog_of_id)
                v[i]->reblog = found.v[k];
    return ERR_OK;
}

/*
 * v and the reblogged statuses, in order of id, each structure once: a list may name a status twice, and what is counted up must
 * not be counted twice.  Two structures with one id (an original beside its reblog) stand next to each other.
 */
static struct status **
with_reblogs(struct arena *mem, struct status **v, size_t n, size_t *out_n)
{
    struct status **all = arena_vec(mem, struct status *, n * 2);
    size_t k = 0, m = 0;

    for (size_t i = 0; i < n; i++) {
        all[k++] = v[i];
        if (v[i]->reblog != NULL)
            all[k++] = v[i]->reblog;
    }
    qsort(all, k, sizeof(all[0]), by_id);
    for (size_t i = 0; i < k; i++)
        if (m == 0 || all[m - 1] != all[i])
            all[m++] = all[i];
    *out_n = m;
    return all;
}

static enum err
fill_accounts(struct ctx *c, struct status **v, size_t n)
{
    struct ids ids = ids_new(c->mem, n);
    struct accounts found;

    for (size_t i = 0; i < n; i++)
        ids_add(&ids, v[i]->account_id);
    ids_sort(&ids);
    TRY(store_account_list(c, &ids, &found));
    TRY(store_account_fill(c, found.v, found.n));
    for (size_t i = 0; i < n; i++) {
        size_t low = 0, high = found.n; /* they are in the order asked */

        while (low < high) {
            size_t mid = low + (high - low) / 2;

            if (found.v[mid]->id < v[i]->account_id)
                low = mid + 1;
            else
                high = mid;
        }
        if (low < found.n && found.v[low]->id == v[i]->account_id)
            v[i]->account = found.v[low];
        if (v[i]->account == NULL)
            return ctx_fail(c, ERR_INTERNAL, "status %lld has no account", (long long)v[i]->id);
    }
    return ERR_OK;
}

static enum err
fill_stats(struct ctx *c, const struct ids *ids, struct status **v, size_t n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_STATS], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    for (size_t k = 0; k < r.n; k++) {
        int64_t id = db_int(&r.v[k], 0);

        for (size_t i = store_status_first(v, n, id); i < n && v[i]->id == id; i++) {
            v[i]->replies = MAX(db_int(&r.v[k], 1), db_int(&r.v[k], 8));
            v[i]->reblogs = MAX(db_int(&r.v[k], 2), db_int(&r.v[k], 4));
            v[i]->favourites = MAX(db_int(&r.v[k], 3), db_int(&r.v[k], 5));
            v[i]->quotes = db_int(&r.v[k], 6);
            v[i]->n_reactions = db_int(&r.v[k], 7);
            v[i]->counted_ms = db_int(&r.v[k], 9);
        }
    }
    return ERR_OK;
}

static enum err
fill_mentions(struct ctx *c, const struct ids *ids, struct status **v, size_t n)
{
    struct db_rows r;
    struct mention_ref *all;

    TRY(db_query(c, &sql[Q_MENTIONS], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    all = arena_vec(c->mem, struct mention_ref, r.n);
    for (size_t k = 0; k < r.n; k++) {
        const struct db_row *m = &r.v[k];

        all[k] = (struct mention_ref){ .account_id = db_int(m, 1),
            .silent = db_bool(m, 2),
            .username = db_str(m, 3),
            .domain = db_str(m, 4),
            .url = db_str(m, 5),
            .uri = db_str(m, 6),
            .inbox = db_str(m, 7),
            .shared_inbox = db_str(m, 8) };
        for (size_t i = store_status_first(v, n, db_int(m, 0)); i < n && v[i]->id == db_int(m, 0); i++)
            if (v[i]->n_mentions++ == 0)
                v[i]->mentions = &all[k]; /* rows of one status follow each other */
    }
    return ERR_OK;
}

static enum err
fill_tags(struct ctx *c, const struct ids *ids, struct status **v, size_t n)
{
    struct db_rows r;
    struct tag_ref *all;

    TRY(db_query(c, &sql[Q_TAGS], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    all = arena_vec(c->mem, struct tag_ref, r.n);
    for (size_t k = 0; k < r.n; k++) {
        int64_t id = db_int(&r.v[k], 0);

        all[k] = (struct tag_ref){ db_int(&r.v[k], 1), db_str(&r.v[k], 2), db_str(&r.v[k], 3) };
        for (size_t i = store_status_first(v, n, id); i < n && v[i]->id == id; i++)
            if (v[i]->n_tags++ == 0)
                v[i]->tags = &all[k];
    }
    return ERR_OK;
}

static enum err
fill_apps(struct ctx *c, struct status **v, size_t n)
{
    struct ids ids = ids_new(c->mem, n);
    struct db_rows r;

    for (size_t i = 0; i < n; i++)
        ids_add(&ids, v[i]->app_id);
    if (ids.n == 0)
        return ERR_OK;
    ids_sort(&ids);
    TRY(db_query(c, &sql[Q_APPS], DB_ARGS(D_IDS(ids.v, ids.n)), &r));
    for (size_t k = 0; k < r.n; k++)
        for (size_t i = 0; i < n; i++)
            if (v[i]->app_id == db_int(&r.v[k], 0)) {
                v[i]->app_name = db_str(&r.v[k], 1);
                v[i]->app_website = db_str(&r.v[k], 2);
            }
    return ERR_OK;
}

static void
mark(struct status **v, size_t n, enum deed deed, int64_t id)
{
    if (deed == DEED_MUTED) {
        for (size_t i = 0; i < n; i++)
            v[i]->muted = v[i]->muted || v[i]->conversation_id == id;
        return;
    }
    for (size_t i = store_status_first(v, n, id); i < n && v[i]->id == id; i++)
        *(bool *)((char *)v[i] + deed_flag[deed]) = true;
}

static enum err
fill_viewer(struct ctx *c, const struct ids *ids, int64_t viewer, struct status **v, size_t n)
{
    struct ids conversations = ids_new(c->mem, n);
    struct db_rows r;

    for (size_t i = 0; i < n; i++) {
        v[i]->has_viewer = true;
        ids_add(&conversations, v[i]->conversation_id);
    }
    ids_sort(&conversations);
    TRY(db_query(
        c, &sql[Q_DONE], DB_ARGS(D_IDS(ids->v, ids->n), D_INT(viewer), D_IDS(conversations.v, conversations.n)), &r));
    for (size_t k = 0; k < r.n; k++)
        mark(v, n, (enum deed)db_int(&r.v[k], 0), db_int(&r.v[k], 1));
    return ERR_OK;
}

/* Of some that stand beside each other in order of their ids. */
static enum err
fill_portion(struct ctx *c, struct status **all, size_t n, int64_t viewer)
{
    struct ids ids = ids_new(c->mem, n);

    for (size_t i = 0; i < n; i++)
        ids_add(&ids, all[i]->id);
    ids_sort(&ids);
    TRY(fill_accounts(c, all, n));
    TRY(fill_stats(c, &ids, all, n));
    TRY(fill_mentions(c, &ids, all, n));
    TRY(fill_tags(c, &ids, all, n));
    TRY(fill_apps(c, all, n));
    TRY(store_quote_fill(c, &ids, all, n));
    TRY(store_card_fill(c, &ids, all, n));
    TRY(store_media_fill_statuses(c, all, n));
    TRY(store_emoji_fill_statuses(c, all, n));
    TRY(store_poll_fill_statuses(c, all, n, viewer));
    TRY(store_reaction_fill_statuses(c, all, n, viewer));
    return viewer == 0 ? ERR_OK : fill_viewer(c, &ids, viewer, all, n);
}

enum err
store_status_fill(struct ctx *c, struct status **v, size_t n, int64_t viewer)
{
    struct status **all;

    if (n == 0)
        return ERR_OK;
    TRY(fill_reblogs(c, v, n));
    all = with_reblogs(c->mem, v, n, &n);
    for (size_t i = 0; i < n; i += AT_ONCE)
        TRY(fill_portion(c, &all[i], MIN(n - i, (size_t)AT_ONCE), viewer));
    return ERR_OK;
}
