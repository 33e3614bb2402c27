/* One question: which inboxes get a status.  FEDERATION.md says to whom it is addressed. */
#include "service/federate.h"

#include "base/page.h"
#include "service/domain.h"
#include "service/relay.h"
#include "base/url.h"
#include "store/account.h"
#include "store/copy.h"
#include "store/federation.h"
#include "store/receive.h"
#include "store/relation.h"
#include "store/status.h"

#include <stdlib.h>

/* People who get it because of what they are to the status, each once. */
static enum err
concerned(struct ctx *c, const struct status *s, bool wide, struct ids *out)
{
    struct ids touched = { 0 }, groups = { 0 };
    struct strs uris;

    if (s->in_reply_to_id != 0 && s->visibility <= VIS_UNLISTED)
        TRY(store_status_groups(c, s->in_reply_to_id, &groups, &uris));
    if (wide && s->visibility <= VIS_UNLISTED && s->reblog_of_id == 0)
        TRY(store_status_touched_by(c, s->id, &touched));
    *out = ids_new(c->mem, s->n_mentions + touched.n + groups.n + 3);
    for (size_t i = 0; i < s->n_mentions; i++)
        ids_add(out, s->mentions[i].account_id);
    for (size_t i = 0; i < touched.n; i++)
        ids_add(out, touched.v[i]);
    for (size_t i = 0; i < groups.n; i++)
        ids_add(out, groups.v[i]);
    if (s->reblog != NULL)
        ids_add(out, s->reblog->account_id);
    if (s->quote != NULL && s->visibility <= VIS_UNLISTED)
        ids_add(out, s->quote->quoted_account_id);
    /* The author of the parent sees a private or direct reply only when it is mentioned. */
    if (s->visibility <= VIS_UNLISTED)
        ids_add(out, s->in_reply_to_account_id);
    ids_sort(out);
    return ERR_OK;
}

static enum err
host_is_suspended(struct ctx *c, struct str inbox, bool *out)
{
    struct domain_rule rule;

    TRY(service_domain_rule_of(c, inbox, &rule));
    *out = rule.closed;
    return ERR_OK;
}

/* A shared inbox only on the origin of the account's own: a forged one must not divert what is private. */
struct str
service_audience_inbox(struct ctx *c, struct str inbox, struct str shared_inbox, bool may_share)
{
    if (may_share && shared_inbox.n > 0 && url_same_origin(c->mem, inbox, shared_inbox))
        return shared_inbox;
    return inbox;
}

enum err
service_audience_people(struct ctx *c, const struct ids *accounts, bool may_share, struct strs *out)
{
    struct account_inbox *people;
    size_t n;

    TRY(store_account_inboxes(c, accounts, &people, &n));
    *out = (struct strs){ arena_vec(c->mem, struct str, n), n };
    for (size_t i = 0; i < n; i++)
        out->v[i] = service_audience_inbox(c, people[i].inbox, people[i].shared_inbox, may_share);
    return ERR_OK;
}

enum err
service_audience_drop_suspended(struct ctx *c, struct strs *inboxes)
{
    size_t k = 0;

    strs_sort(inboxes);
    for (size_t i = 0; i < inboxes->n; i++) {
        bool suspended;

        if (k > 0 && str_eq(inboxes->v[i], inboxes->v[k - 1]))
            continue;
        TRY(host_is_suspended(c, inboxes->v[i], &suspended));
        if (!suspended)
            inboxes->v[k++] = inboxes->v[i];
    }
    inboxes->n = k;
    return ERR_OK;
}

/* Followers of the author, and of a local author who is answered in public: they follow the thread too. */
static enum err
of_followers(struct ctx *c, const struct status *s, struct strs *own, struct strs *parents)
{
    struct account *parent;

    *own = *parents = (struct strs){ 0 };
    if (s->visibility > VIS_PRIVATE)
        return ERR_OK;
    TRY(store_follower_inboxes(c, s->account_id, own));
    if (s->visibility > VIS_UNLISTED || s->in_reply_to_account_id == 0 || s->in_reply_to_account_id == s->account_id)
        return ERR_OK;
    TRY(store_account_get(c, s->in_reply_to_account_id, &parent));
    return account_is_local(parent) ? store_follower_inboxes(c, parent->id, parents) : ERR_OK;
}

enum err
service_audience_status(struct ctx *c, const struct status *s, bool wide, struct strs *out)
{
    struct strs people, own, parents, relays = { 0 };
    struct ids ids;

    TRY(concerned(c, s, wide, &ids));
    TRY(service_audience_people(c, &ids, s->visibility <= VIS_PRIVATE, &people));
    TRY(of_followers(c, s, &own, &parents));
    if (service_relay_wants(s))
        TRY(service_relay_inboxes(c, wide, &relays));
    *out = strs_cat(c->mem, &people, &own, &parents, &relays, NULL);
    return service_audience_drop_suspended(c, out);
}

enum err
service_audience_gone(struct ctx *c, const struct status *s, struct strs *out)
{
    struct strs now, reached, others;
    struct ids holders;

    TRY(service_audience_status(c, s, true, &now));
    TRY(store_delivery_reached(c, s->id, &reached));
    /* It may be private: only who had it then, at the shared inbox only when that would have got it. */
    TRY(store_copy_holders(c, s, &holders));
    TRY(service_audience_people(c, &holders, s->visibility <= VIS_PRIVATE, &others));
    *out = strs_cat(c->mem, &others, &now, &reached, NULL);
    return service_audience_drop_suspended(c, out);
}
