/* Web Push subscriptions.  https://docs.joinmastodon.org/methods/push/ */
#include "service/push.h"
#include "api/auth.h"
#include "api/handlers.h"

#include "http/respond.h"
#include "view/view.h"

struct push_request {
    const struct val *subscription, *data;
    const struct val *keys, *alerts;
    struct str endpoint, p256dh, auth;
    bool standard;
    int policy;
};

static const struct field top[] = {
    FIELD(push_request, subscription, P_VAL),
    FIELD(push_request, data, P_VAL),
};
static const struct field in_subscription[] = {
    FIELD(push_request, endpoint, P_STR, .max = 4096),
    FIELD(push_request, keys, P_VAL),
    FIELD(push_request, standard, P_BOOL),
};
static const struct field in_keys[] = {
    FIELD(push_request, p256dh, P_STR, .max = 256),
    FIELD(push_request, auth, P_STR, .max = 256),
};
static const struct field in_data[] = {
    FIELD(push_request, policy, P_ENUM, .extra = push_policy_names),
    FIELD(push_request, alerts, P_VAL),
};

struct alert {
    bool on;
};

/* What is not named is off. */
static enum err
read_alerts(struct ctx *c, const struct val *alerts, uint64_t *out)
{
    *out = 0;
    for (unsigned k = 0; k < NOTIFY_KIND_COUNT; k++) {
        const struct field field = FIELD_AS(alert, on, notification_kind_names[k], P_BOOL);
        struct alert a = { false };

        TRY(params_from_val(c, alerts, &field, 1, &a));
        if (a.on)
            *out |= UINT64_C(1) << k;
    }
    return ERR_OK;
}

static enum err
read_data(struct ctx *c, struct push_request *q, uint64_t *alerts)
{
    TRY(params_from_val(c, q->data, in_data, lengthof(in_data), q));
    return read_alerts(c, q->alerts, alerts);
}

static enum err
answer(struct ctx *c, struct req *r, const struct push_subscription *p)
{
    view_push_subscription(c, res_json(c, r, 200), p);
    return ERR_OK;
}

enum err
api_push_create(struct ctx *c, struct req *r)
{
    struct push_request q = { &val_null, &val_null, &val_null, &val_null, .policy = PUSH_ALL };
    struct push_subscription *p;
    struct push_params params;
    struct str secret;
    uint64_t alerts;

    TRY(params_read(c, r, top, lengthof(top), &q));
    if (val_is_null(q.subscription))
        return ctx_fail_public(c, ERR_BAD_REQUEST, "param is missing or the value is empty: subscription");
    TRY(params_from_val(c, q.subscription, in_subscription, lengthof(in_subscription), &q));
    TRY(params_from_val(c, q.keys, in_keys, lengthof(in_keys), &q));
    TRY(read_data(c, &q, &alerts));
    TRY(api_bearer(c, r, &secret));
    params = (struct push_params){ q.endpoint, q.p256dh, q.auth, q.standard, (enum push_policy)q.policy, alerts };
    TRY(service_push_subscribe(c, &params, secret, &p));
    return answer(c, r, p);
}

enum err
api_push_show(struct ctx *c, struct req *r)
{
    struct push_subscription *p;

    TRY(service_push_get(c, &p));
    return answer(c, r, p);
}

enum err
api_push_update(struct ctx *c, struct req *r)
{
    struct push_request q = { &val_null, &val_null, &val_null, &val_null, .policy = PUSH_ALL };
    struct push_subscription *p;
    uint64_t alerts;

    TRY(service_push_get(c, &p));
    q.policy = (int)p->policy;
    TRY(params_read(c, r, top, lengthof(top), &q));
    TRY(read_data(c, &q, &alerts));
    TRY(service_push_update(c, (enum push_policy)q.policy, alerts, &p));
    return answer(c, r, p);
}

enum err
api_push_delete(struct ctx *c, struct req *r)
{
    TRY(service_push_unsubscribe(c));
    res_empty_object(c, r);
    return ERR_OK;
}
