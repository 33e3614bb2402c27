/* Actions for other servers as durable jobs: to JSON inside the verb's transaction, and back in the job. */
#include "service/federate.h"

#include "base/clock.h"
#include "base/json.h"
#include "queue/queue.h"
#include "store/account.h"

const char *const fed_kind_names[] = {
#define X(name, text) text,
    FED_LIST(X)
#undef X
        NULL
};

enum {
    ARGS_BYTES_MAX = 256 * 1024,
    ACTOR_UPDATE_DELAY_MS = 5 * SECOND_MS,
    POLL_UPDATE_DELAY_MS = 3 * MINUTE_MS, /* what Mastodon waits too */
};

static struct str
put_args(struct ctx *c, const struct fed_action *a)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, ARGS_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "kind", str_z(fed_kind_names[a->kind]));
    json_id(&j, "account", a->account_id);
    json_id(&j, "target", a->target_id);
    json_id(&j, "status", a->status_id);
    json_id(&j, "row", a->row_id);
    json_int(&j, "interaction", a->interaction);
    json_str(&j, "uri", a->uri);
    json_str(&j, "object", a->object_uri);
    json_str(&j, "instrument", a->instrument);
    json_str(&j, "reaction", a->reaction);
    json_strs(&j, "to", &a->to);
    json_strs(&j, "cc", &a->cc);
    json_strs(&j, "inboxes", &a->inboxes);
    if (a->farewell)
        json_bool(&j, "farewell", true);
    if (a->slow)
        json_bool(&j, "slow", true);
    json_end(&j);
    return json_done(&j) ? buf_str(&b) : STR_NONE;
}

/* An action between two people concerns nobody else when one is ours and so is the other, or when the actor is remote. */
static enum err
concerns_others(struct ctx *c, const struct fed_action *a, bool *out)
{
    struct account *by, *to;

    *out = false;
    TRY(store_account_get(c, a->account_id, &by));
    if (!account_is_local(by))
        return ERR_OK;
    *out = true;
    if (a->target_id == 0)
        return ERR_OK;
    TRY(store_account_get(c, a->target_id, &to));
    *out = !account_is_local(to);
    return ERR_OK;
}

/* More recipients than one job holds: several jobs, each with a part. */
static enum err
put_in_parts(struct ctx *c, const struct fed_action *a)
{
    struct fed_action part = *a;

    part.inboxes.n = a->inboxes.n / 2;
    TRY(service_federate(c, &part));
    part.inboxes.v = a->inboxes.v + part.inboxes.n;
    part.inboxes.n = a->inboxes.n - part.inboxes.n;
    return service_federate(c, &part);
}

/* Several changes in a row are told once. */
static enum err
debounce(struct ctx *c, const struct fed_action *a, struct job_opts *opts)
{
    struct str poll = str_fmt(c->mem, "poll_update:%lld", (long long)a->status_id);

    if (a->kind == FED_ACTOR_UPDATE) {
        opts->run_at_ms = clock_ms() + ACTOR_UPDATE_DELAY_MS;
        opts->unique_key = str_fmt(c->mem, "actor_update:%lld", (long long)a->account_id);
    }
    if (a->kind == FED_POLL_UPDATE) {
        opts->run_at_ms = clock_ms() + POLL_UPDATE_DELAY_MS;
        opts->unique_key = poll;
    }
    return a->kind == FED_POLL_CLOSE ? queue_cancel(c, J_FEDERATE, poll) : ERR_OK;
}

enum err
service_federate(struct ctx *c, const struct fed_action *a)
{
    struct job_opts opts = { 0 };
    struct str args;
    bool needed;

    TRY(concerns_others(c, a, &needed));
    if (!needed)
        return ERR_OK;
    args = put_args(c, a);
    if (args.p == NULL)
        return a->inboxes.n > 1 ? put_in_parts(c, a) : ctx_fail(c, ERR_TOO_LARGE, "action for other servers");
    TRY(debounce(c, a, &opts));
    return queue_put(c, J_FEDERATE, args, &opts);
}

static struct strs
read_strs(struct ctx *c, const struct val *v)
{
    struct strs out = { arena_vec(c->mem, struct str, v->n), 0 };

    for (size_t i = 0; v->kind == VAL_ARR && i < v->n; i++)
        out.v[out.n++] = val_str(val_at(v, i));
    return out;
}

enum err
service_federate_read(struct ctx *c, const struct val *v, struct fed_action *out)
{
    struct str kind = val_str(val_get(v, S("kind")));
    int k = 0;

    while (fed_kind_names[k] != NULL && !str_eqz(kind, fed_kind_names[k]))
        k++;
    if (fed_kind_names[k] == NULL)
        return ctx_fail(c, ERR_BAD_REQUEST, "unknown action %.*s", STR_ARG(kind));
    *out = (struct fed_action){ .kind = (enum fed_kind)k,
        .account_id = val_id(v, S("account")),
        .target_id = val_id(v, S("target")),
        .status_id = val_id(v, S("status")),
        .row_id = val_id(v, S("row")),
        .interaction = (int)MIN(MAX(val_int(val_get(v, S("interaction")), 0), 0), INTERACT_COUNT - 1),
        .uri = val_str(val_get(v, S("uri"))),
        .object_uri = val_str(val_get(v, S("object"))),
        .instrument = val_str(val_get(v, S("instrument"))),
        .reaction = val_str(val_get(v, S("reaction"))),
        .to = read_strs(c, val_get(v, S("to"))),
        .cc = read_strs(c, val_get(v, S("cc"))),
        .inboxes = read_strs(c, val_get(v, S("inboxes"))),
        .slow = val_bool(val_get(v, S("slow")), false),
        .farewell = val_bool(val_get(v, S("farewell")), false) };
    return ERR_OK;
}
