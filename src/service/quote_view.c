/*
 * Quotes as one viewer gets them.  The quoted post goes through the same visibility function as every other; what is quoted inside a
 * quoted post is judged too, but only its id is told.
 */
#include "service/quote.h"

#include "service/filter.h"
#include "service/quote_internal.h"
#include "service/visibility_internal.h"
#include "store/relation.h"
#include "store/status.h"

enum { DEPTH_MAX = 2 };

static struct status *
proper(struct status *s)
{
    return s->reblog != NULL ? s->reblog : s;
}

/* ---- may the viewer quote it? ---------------------------------------------------------------------------------- */

static bool
in_group(int groups, const struct relation *r)
{
    return (groups & QUOTE_BY_PUBLIC) != 0 || ((groups & QUOTE_BY_FOLLOWERS) != 0 && r->following) ||
           ((groups & QUOTE_BY_FOLLOWING) != 0 && r->followed_by);
}

static enum quote_answer
answer(int64_t viewer, const struct status *s, const struct relation *r)
{
    int automatic = s->quote_policy & QUOTE_BY_ALL, manual = s->quote_policy >> QUOTE_MANUAL_SHIFT;

    if (viewer == 0 || s->visibility >= VIS_DIRECT)
        return QUOTE_ANSWER_DENIED;
    if (s->account_id == viewer)
        return QUOTE_ANSWER_AUTOMATIC;
    if (s->visibility == VIS_PRIVATE || r->blocking || r->blocked_by)
        return QUOTE_ANSWER_DENIED;
    if (in_group(automatic, r))
        return QUOTE_ANSWER_AUTOMATIC;
    if (in_group(manual, r))
        return QUOTE_ANSWER_MANUAL;
    return ((automatic | manual) & QUOTE_BY_OTHERS) != 0 ? QUOTE_ANSWER_UNKNOWN : QUOTE_ANSWER_DENIED;
}

/* Only a policy that names those whom the author follows needs more than what visibility has asked already. */
static enum err
answers(struct ctx *c, int64_t viewer, struct status **v, size_t n, const struct relations *authors)
{
    const int following = QUOTE_BY_FOLLOWING | QUOTE_BY_FOLLOWING << QUOTE_MANUAL_SHIFT;
    struct ids ids = { arena_vec(c->mem, int64_t, n), 0 };
    struct relations more = { 0 };

    for (size_t i = 0; i < n; i++)
        if (viewer != 0 && (proper(v[i])->quote_policy & following) != 0)
            ids.v[ids.n++] = proper(v[i])->account_id;
    if (ids.n > 0)
        TRY(store_relations(c, viewer, &ids, &more));
    for (size_t i = 0; i < n; i++) {
        struct relation r = *visible_relation(authors, proper(v[i])->account_id);

        for (size_t k = 0; k < more.n; k++)
            if (more.v[k].target_id == proper(v[i])->account_id)
                r.followed_by = more.v[k].followed_by;
        v[i]->quote_answer = proper(v[i])->quote_answer = answer(viewer, proper(v[i]), &r);
    }
    return ERR_OK;
}

enum err
service_quote_answer_for(struct ctx *c, int64_t account_id, const struct status *s, enum quote_answer *out)
{
    struct relation r;

    TRY(store_relation(c, account_id, s->account_id, &r));
    *out = answer(account_id, s, &r);
    return ERR_OK;
}

/* ---- what is quoted -------------------------------------------------------------------------------------------- */

/* A quote that is accepted, or one's own, which may be wanted for a redraft. */
static bool
is_wanted(int64_t viewer, const struct quote *q)
{
    return q != NULL && q->quoted_id != 0 && (q->state == QUOTE_ACCEPTED || q->account_id == viewer);
}

static void
judge(int64_t viewer, struct quote *q, struct status *s, const struct relations *authors)
{
    struct relation r = s == NULL ? (struct relation){ 0 } : *visible_relation(authors, s->account_id);
    bool blocking = r.blocking, accepted = q->state == QUOTE_ACCEPTED;

    r.blocking = false;
    if (s == NULL || s->reblog_of_id != 0)
        q->shown = accepted ? QUOTE_DELETED : q->state;
    else if (!visible_alone(viewer, VIEW_DIRECT, s, &r))
        q->shown = accepted ? QUOTE_UNAUTHORIZED : q->state;
    else if (accepted)
        q->shown = blocking            ? QUOTE_BLOCKED_ACCOUNT
                   : r.domain_blocking ? QUOTE_BLOCKED_DOMAIN
                   : r.muting          ? QUOTE_MUTED_ACCOUNT
                                       : QUOTE_ACCEPTED;
    r.blocking = blocking; /* across a block nothing is shown, not even to who blocks */
    if (s != NULL && s->reblog_of_id == 0 && visible_alone(viewer, VIEW_DIRECT, s, &r))
        q->quoted = s;
}

static struct status *
find(const struct statuses *all, int64_t id)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i]->id == id)
            return all->v[i];
    return NULL;
}

static enum err
show(struct ctx *c, int64_t viewer, struct status **v, size_t n, int depth)
{
    struct ids ids = { arena_vec(c->mem, int64_t, n), 0 };
    struct relations authors;
    struct statuses quoted;

    for (size_t i = 0; i < n; i++)
        if (is_wanted(viewer, proper(v[i])->quote))
            ids.v[ids.n++] = proper(v[i])->quote->quoted_id;
    if (ids.n == 0)
        return ERR_OK;
    TRY(store_status_list(c, &ids, &quoted));
    TRY(store_status_fill(c, quoted.v, quoted.n, depth == 1 ? viewer : 0));
    TRY(visible_relations(c, viewer, quoted.v, quoted.n, &authors));
    for (size_t i = 0; i < n; i++)
        if (is_wanted(viewer, proper(v[i])->quote))
            judge(viewer, proper(v[i])->quote, find(&quoted, proper(v[i])->quote->quoted_id), &authors);
    if (depth == DEPTH_MAX)
        return ERR_OK;
    TRY(answers(c, viewer, quoted.v, quoted.n, &authors));
    TRY(service_filter_apply(c, viewer, quoted.v, quoted.n));
    return show(c, viewer, quoted.v, quoted.n, depth + 1);
}

enum err
service_quote_show(struct ctx *c, int64_t viewer, struct status **v, size_t n, const struct relations *authors)
{
    TRY(answers(c, viewer, v, n, authors));
    return show(c, viewer, v, n, 1);
}
