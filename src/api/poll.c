/* Polls: show, vote.  https://docs.joinmastodon.org/methods/polls/ */
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "service/poll.h"
#include "view/view.h"

enum { CHOICES_MAX = 500, CHOICE_BYTES_MAX = 20 };

enum err
api_poll_show(struct ctx *c, struct req *r)
{
    struct status *s;

    TRY(service_poll_get(c, req_param_id(r, "id"), &s));
    view_poll(c, res_json(c, r, 200), NULL, s);
    return ERR_OK;
}

enum err
api_poll_vote(struct ctx *c, struct req *r)
{
    struct {
        struct strs choices;
    } q = { 0 };
    static const struct field fields[] = {
        { .name = "choices", .type = P_STRS, .min = CHOICE_BYTES_MAX, .max = CHOICES_MAX }
    };
    struct status *s;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_poll_vote(c, req_param_id(r, "poll_id"), &q.choices, &s));
    view_poll(c, res_json(c, r, 200), NULL, s);
    return ERR_OK;
}
