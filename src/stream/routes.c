/* The routes of the streaming API: who may listen is decided here and in channel.c, then the connection is handed over. */
#include "stream/internal.h"

#include "http/params.h"
#include "http/respond.h"
#include "http/stream.h"
#include "model/scope.h"
#include "service/token.h"
#include "view/page.h"

#include <stdlib.h>

#define PATH "/api/v1/streaming"

/* ---- who -------------------------------------------------------------------------------------------------------------- */

static bool
wants_websocket(struct ctx *c, const struct req *r)
{
    return str_eqi(req_header(c, r, S("Upgrade")), S("websocket"));
}

/* Browsers cannot set other headers on a WebSocket, so clients put the token where a subprotocol is named; the first is confirmed. */
static struct str
first_protocol(struct ctx *c, const struct req *r)
{
    struct str rest = req_header(c, r, S("Sec-WebSocket-Protocol")), first = STR_NONE;

    (void)str_cut(&rest, ',', &first);
    return str_trim(first);
}

static enum err
find_token(struct ctx *c, struct req *r, struct str *out)
{
    struct str header = req_header(c, r, S("Authorization"));

    TRY(params_tree(c, r));
    *out = str_startsi(header, S("Bearer ")) ? str_trim(str_sub(header, 7, header.n))
                                             : val_str(val_get(r->args, S("access_token")));
    if (out->n == 0 && wants_websocket(c, r))
        *out = first_protocol(c, r);
    return ERR_OK;
}

static enum err
before(struct ctx *c, struct req *r)
{
    struct token *t;
    struct str secret;
    const char *why;

    c->locale = view_locale(req_header(c, r, S("Accept-Language")));
    if (r->route->who == WHO_ANYONE && !wants_websocket(c, r))
        return ERR_OK; /* health; and what is not here without an upgrade */
    TRY(find_token(c, r, &secret));
    if (secret.n == 0)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "Missing access token");
    TRY(service_token_use(c, secret, r->client_ip, &t));
    if (t->user_id == 0)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "Access token does not belong to a user");
    why = service_token_refusal(t);
    if (why != NULL)
        return ctx_fail_public(c, ERR_FORBIDDEN, "%s", why);
    return scope_allows(t->scopes, r->route->scope)
               ? ERR_OK
               : ctx_fail_public(c, ERR_FORBIDDEN, "This action is outside the authorized scopes");
}

/* ---- streams ----------------------------------------------------------------------------------------------------------- */

static const struct field fields[] = {
    FIELD(channel_request, tag, P_STR, .max = CHANNEL_PARAM_BYTES_MAX),
    FIELD(channel_request, list, P_STR, .max = 32),
    FIELD(channel_request, only_media, P_BOOL),
    FIELD_AS(channel_request, name, "stream", P_STR, .max = 64),
};

static enum err
hand_over(struct ctx *c, struct req *r, enum stream_kind kind, struct str protocol, const struct channel_request *q)
{
    return res_stream(
        c, r, kind, protocol, &stream_client_handler, stream_client_new(c->env->streams, kind, &c->who, q));
}

/* The path after PATH says which channel: "public/local" is "public:local". */
static enum err
listen(struct ctx *c, struct req *r)
{
    struct channel_request q = { 0 };
    struct channel channel;
    struct str path = str_z(r->route->pattern);
    char *name;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    q.name = str_dup(c->mem, str_sub(path, sizeof(PATH "/") - 1, path.n));
    name = (char *)(uintptr_t)q.name.p; /* our copy */
    for (size_t i = 0; i < q.name.n; i++)
        if (name[i] == '/')
            name[i] = ':';
    TRY(channel_find(c, &q, &channel));
    if (r->method == HTTP_HEAD) {
        res_text(c, r, 200, S("text/event-stream"), S(""));
        return ERR_OK;
    }
    return hand_over(c, r, STREAM_SSE, STR_NONE, &q);
}

/* Without an upgrade there is nothing here: the streams are on this very host (else clients would be sent there). */
static enum err
connect_socket(struct ctx *c, struct req *r)
{
    struct channel_request q = { 0 };

    if (!wants_websocket(c, r))
        return ctx_fail(c, ERR_NOT_FOUND, "no upgrade to WebSocket");
    TRY(params_read(c, r, fields, lengthof(fields), &q));
    return hand_over(c, r, STREAM_WEBSOCKET, first_protocol(c, r), &q);
}

static enum err
health(struct ctx *c, struct req *r)
{
    res_text(c, r, 200, S("text/plain; charset=utf-8"), S("OK"));
    return ERR_OK;
}

#define STATUSES SCOPE(READ_STATUSES)

static struct route routes[] = {
    { HTTP_GET, PATH, connect_socket, 0, WHO_ANYONE, RATE_API, 0, LANE_FAST, NULL },
    { HTTP_GET, PATH "/health", health, 0, WHO_ANYONE, RATE_NONE, 0, LANE_FAST, NULL },
    { HTTP_GET, PATH "/user", listen, STATUSES, WHO_USER, RATE_API, 0, LANE_FAST, NULL },
    { HTTP_GET, PATH "/user/notification", listen, SCOPE(READ_NOTIFICATIONS), WHO_USER, RATE_API, 0, LANE_FAST, NULL },
    { HTTP_GET, PATH "/public", listen, STATUSES, WHO_USER, RATE_API, 0, LANE_FAST, NULL },
    { HTTP_GET, PATH "/public/local", listen, STATUSES, WHO_USER, RATE_API, 0, LANE_FAST, NULL },
    { HTTP_GET, PATH "/public/remote", listen, STATUSES, WHO_USER, RATE_API, 0, LANE_FAST, NULL },
    { HTTP_GET, PATH "/hashtag", listen, STATUSES, WHO_USER, RATE_API, 0, LANE_FAST, NULL },
    { HTTP_GET, PATH "/hashtag/local", listen, STATUSES, WHO_USER, RATE_API, 0, LANE_FAST, NULL },
    { HTTP_GET, PATH "/list", listen, STATUSES, WHO_USER, RATE_API, 0, LANE_FAST, NULL },
    { HTTP_GET, PATH "/direct", listen, STATUSES, WHO_USER, RATE_API, 0, LANE_FAST, NULL },
};

static const struct route_group group = { .name = "stream", .before = before, .cors = true };

void
stream_routes(struct router *r)
{
    router_add(r, &group, routes, lengthof(routes));
}
