/* Policies of posts of other servers, as they concern ours. */
#include "service/interaction.h"

#include "ap/uri.h"
#include "ap/write_collection.h"
#include "base/conf.h"
#include "queue/queue.h"
#include "service/federate.h"
#include "service/published.h"
#include "store/account.h"
#include "store/approval.h"
#include "store/interaction.h"
#include "store/relation.h"
#include "store/status.h"

/* Who was named, or answered, may always answer back. */
static bool
is_part_of(const struct status *s, int64_t account_id)
{
    for (size_t i = 0; i < s->n_mentions; i++)
        if (s->mentions[i].account_id == account_id)
            return true;
    return s->in_reply_to_account_id == account_id;
}

static enum err
is_named(struct ctx *c, int64_t account_id, const struct status *s, enum interaction kind, bool *out)
{
    struct interaction_people people;
    struct account *a;

    *out = false;
    TRY(store_interaction_people(c, s->id, &people));
    if (people.v[kind].n == 0)
        return ERR_OK;
    TRY(store_account_get(c, account_id, &a));
    *out = strs_has(&people.v[kind], a->uri);
    return ERR_OK;
}

enum err
service_interaction_answer(
    struct ctx *c, int64_t account_id, const struct status *s, enum interaction kind, enum quote_answer *out)
{
    int part = interaction_part(s->interaction_policy, kind), asked;
    int64_t author = s->account_id;
    struct relations rel;
    bool named = false;
    int mine = QUOTE_BY_PUBLIC | QUOTE_BY_OTHERS;

    *out = QUOTE_ANSWER_AUTOMATIC;
    if (part == 0 || s->account_id == account_id || (kind == INTERACT_REPLY && is_part_of(s, account_id)))
        return ERR_OK;
    if ((part & QUOTE_BY_OTHERS) != 0)
        TRY(is_named(c, account_id, s, kind, &named));
    if (named)
        return ERR_OK;
    TRY(store_relations(c, account_id, &(struct ids){ &author, 1 }, &rel));
    if (rel.n > 0) {
        mine |= rel.v[0].following ? QUOTE_BY_FOLLOWERS : 0;
        mine |= rel.v[0].followed_by ? QUOTE_BY_FOLLOWING : 0;
    }
    asked = (part & ~QUOTE_BY_OTHERS) | part >> INTERACT_MANUAL_SHIFT; /* named ones were looked for */
    *out = (asked & mine & QUOTE_BY_ALL) != 0 ? QUOTE_ANSWER_MANUAL : QUOTE_ANSWER_DENIED;
    return ERR_OK;
}

enum err
service_interaction_check(struct ctx *c, const struct status *s, enum interaction kind, bool *ask)
{
    enum quote_answer answer;

    *ask = false;
    if (approval_is_open(s->approval) && s->interaction_policy == 0)
        return ERR_OK;
    TRY(service_interaction_answer(c, c->who.account_id, s, kind, &answer));
    if (answer == QUOTE_ANSWER_DENIED || !approval_is_open(s->approval))
        return ctx_fail_public(c, ERR_FORBIDDEN, "The author of this post does not permit this");
    *ask = answer == QUOTE_ANSWER_MANUAL;
    return ERR_OK;
}

enum err
service_interaction_ask(struct ctx *c, enum interaction kind, const struct status *target, int64_t row_id)
{
    static const enum fed_kind kinds[] = { FED_LIKE_REQUEST, FED_REPLY_REQUEST, FED_ANNOUNCE_REQUEST };
    bool is_post = kind != INTERACT_LIKE;

    return service_federate(c, &(struct fed_action){ .kind = kinds[kind],
                                   .account_id = c->who.account_id,
                                   .target_id = target->account_id,
                                   .status_id = is_post ? row_id : 0,
                                   .row_id = row_id,
                                   .object_uri = target->uri });
}

enum err
service_interaction_open(struct ctx *c, struct status *s)
{
    TRY(queue_put_id(c, J_FAN_OUT, s->id));
    if (!s->local)
        return ERR_OK;
    if (s->quote != NULL && s->quote->state == QUOTE_PENDING)
        TRY(service_federate(c, &(struct fed_action){ .kind = FED_QUOTE_REQUEST,
                                    .account_id = s->account_id,
                                    .target_id = s->quote->quoted_account_id,
                                    .status_id = s->id }));
    return service_federate(
        c, &(struct fed_action){ .kind = FED_STATUS_CREATE, .account_id = s->account_id, .status_id = s->id });
}

/* ---- stamps of ours: every row that is there was permitted, until its author is blocked ------------------------------ */

static enum err
find_post(struct ctx *c, enum interaction kind, int64_t number, int64_t *by, int64_t *target_id, struct str *uri)
{
    struct status *s;

    TRY(store_status_get(c, number, &s));
    *by = s->account_id;
    *target_id = kind == INTERACT_REPLY ? s->in_reply_to_id : s->reblog_of_id;
    *uri = s->local || !approval_is_open(s->approval) ? S("") : s->uri;
    return ERR_OK;
}

enum err
service_published_interaction_stamp(
    struct ctx *c, int64_t account_id, enum interaction kind, int64_t number, int64_t viewer, struct ap_stamp_out *out)
{
    static const struct {
        enum ap_uri_kind uri;
        enum ap_type type;
    } kinds[] = { { AP_URI_LIKE_AUTHORIZATION, AP_LIKE_AUTHORIZATION },
        { AP_URI_REPLY_AUTHORIZATION, AP_REPLY_AUTHORIZATION },
        { AP_URI_ANNOUNCE_AUTHORIZATION, AP_ANNOUNCE_AUTHORIZATION } };
    struct status *target;
    int64_t by, target_id;
    struct relation rel;
    struct str uri;

    TRY(kind == INTERACT_LIKE ? store_favourite_get(c, number, &by, &target_id, &uri)
                              : find_post(c, kind, number, &by, &target_id, &uri));
    TRY(store_relation(c, account_id, by, &rel));
    if (target_id == 0 || uri.n == 0 || rel.blocking || rel.domain_blocking)
        return ctx_fail(c, ERR_NOT_FOUND, "no stamp %lld", (long long)number);
    TRY(service_published_status(c, account_id, target_id, viewer, &target));
    *out = (struct ap_stamp_out){ .type = kinds[kind].type,
        .id = ap_uri(c->mem, c->env->conf->origin, kinds[kind].uri, account_id, number),
        .attributed_to = target->account->uri,
        .interacting = uri,
        .target = target->uri };
    return ERR_OK;
}
