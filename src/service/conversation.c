/* Conversations. */
#include "service/conversation.h"

#include "crypto/digest.h"
#include "db/db.h"
#include "service/event.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/conversation.h"
#include "store/interaction.h"
#include "store/relation.h"
#include "store/status.h"

/* ---- who has what ------------------------------------------------------------------------------------------------ */

/* Everybody of the post but one, sorted. */
static struct ids
others(struct arena *mem, const struct status *s, int64_t account_id)
{
    struct ids out = ids_new(mem, s->n_mentions + 1);

    if (s->account_id != account_id)
        ids_add(&out, s->account_id);
    for (size_t i = 0; i < s->n_mentions; i++)
        if (s->mentions[i].account_id != account_id && s->mentions[i].account_id != s->account_id)
            ids_add(&out, s->mentions[i].account_id);
    ids_sort(&out);
    return out;
}

/* Those of the post who are here, sorted: two posts of one thread, told at once, lock the rows of their readers in one order. */
static struct ids
readers(struct arena *mem, const struct status *s)
{
    struct ids out = ids_new(mem, s->n_mentions + 1);

    if (account_is_local(s->account))
        ids_add(&out, s->account_id);
    for (size_t i = 0; i < s->n_mentions; i++)
        if (s->mentions[i].domain.n == 0 && s->mentions[i].account_id != s->account_id)
            ids_add(&out, s->mentions[i].account_id);
    ids_sort(&out);
    return out;
}

static struct str
key_of(struct arena *mem, const struct ids *ids)
{
    struct sha256 *d = arena_new(mem, struct sha256);

    *d = sha256((struct str){ (const char *)ids->v, ids->n * sizeof(ids->v[0]) });
    return sha256_str(d);
}

/* As for a notification: nothing comes from those whom the reader does not want to hear, or in a thread without sound. */
static enum err
is_wanted(struct ctx *c, const struct status *s, int64_t account_id, bool *out)
{
    struct relation r;
    bool muted = false;

    *out = true;
    if (s->account_id == account_id)
        return ERR_OK;
    TRY(store_relation(c, account_id, s->account_id, &r));
    if (s->conversation_id != 0)
        TRY(store_conversation_muted(c, account_id, s->conversation_id, &muted));
    *out = !muted && !r.blocking && !r.blocked_by && !r.muting && !r.domain_blocking && s->account->suspended_ms == 0;
    return ERR_OK;
}

static enum err
deliver_to(struct ctx *c, const struct status *s, int64_t account_id)
{
    struct conversation v = { .account_id = account_id,
        .conversation_id = s->conversation_id,
        .participants = others(c->mem, s, account_id),
        .unread = s->account_id != account_id };
    bool wanted, added;

    TRY(is_wanted(c, s, account_id, &wanted));
    if (!wanted)
        return ERR_OK;
    v.participants_key = key_of(c->mem, &v.participants);
    TRY(store_conversation_add(c, &v, s->id, CONVERSATIONS_MAX, &added));
    if (added)
        service_event_account(c, EVENT_CONVERSATION, account_id, v.id);
    return ERR_OK;
}

enum err
service_conversation_deliver(struct ctx *c, const struct status *s)
{
    struct status *still;
    struct ids who;
    enum err e;

    if (s->visibility != VIS_DIRECT)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    e = store_status_lock(c, s->id, &still);
    if (e == ERR_NOT_FOUND) { /* deleted in the meantime */
        db_rollback(c);
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    who = readers(c->mem, s);
    for (size_t i = 0; i < who.n; i++)
        TRY(deliver_to(c, s, who.v[i]));
    return db_commit(c);
}

/* ---- the caller's ------------------------------------------------------------------------------------------------ */

static enum err
fill_last(struct ctx *c, struct conversation *v, size_t n)
{
    struct ids ids = { arena_vec(c->mem, int64_t, n), n };
    struct statuses posts;

    for (size_t i = 0; i < n; i++)
        ids.v[i] = v[i].last_status_id;
    TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT, &ids, &posts));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < posts.n; k++)
            if (posts.v[k]->id == v[i].last_status_id)
                v[i].last = posts.v[k];
    return ERR_OK;
}

/* All people of all conversations with one look-up; suspended ones are left out. */
static enum err
fill_accounts(struct ctx *c, struct conversation *v, size_t n)
{
    struct ids ids = { NULL, 0 };
    struct accounts people;
    size_t most = 0;

    for (size_t i = 0; i < n; i++)
        most += v[i].participants.n;
    ids.v = arena_vec(c->mem, int64_t, most);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < v[i].participants.n; k++)
            ids.v[ids.n++] = v[i].participants.v[k];
    TRY(store_account_list(c, &ids, &people));
    TRY(store_account_fill(c, people.v, people.n));
    for (size_t i = 0; i < n; i++) {
        v[i].accounts.v = arena_vec(c->mem, struct account *, v[i].participants.n);
        for (size_t k = 0; k < v[i].participants.n; k++)
            for (size_t m = 0; m < people.n; m++)
                if (people.v[m]->id == v[i].participants.v[k] && people.v[m]->suspended_ms == 0) {
                    v[i].accounts.v[v[i].accounts.n++] = people.v[m];
                    break;
                }
    }
    return ERR_OK;
}

enum err
service_conversation_page(struct ctx *c, const struct page *p, struct conversations *out)
{
    TRY(store_conversation_page(c, c->who.account_id, p, out));
    TRY(fill_accounts(c, out->v, out->n));
    return fill_last(c, out->v, out->n);
}

enum err
service_conversation_get(struct ctx *c, int64_t id, struct conversation **out)
{
    TRY(store_conversation_of(c, c->who.account_id, id, out));
    TRY(fill_accounts(c, *out, 1));
    return fill_last(c, *out, 1);
}

enum err
service_conversation_set_unread(struct ctx *c, int64_t id, bool unread, struct conversation **out)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_conversation_of(c, c->who.account_id, id, out));
    TRY(store_conversation_set_unread(c, id, unread));
    TRY(db_commit(c));
    (*out)->unread = unread;
    TRY(fill_accounts(c, *out, 1));
    return fill_last(c, *out, 1);
}

enum err
service_conversation_delete(struct ctx *c, int64_t id)
{
    struct conversation *v;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_conversation_of(c, c->who.account_id, id, &v));
    TRY(store_conversation_delete(c, id));
    return db_commit(c);
}
