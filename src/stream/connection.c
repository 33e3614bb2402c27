/* Connections as their loops see them: everything that happens to one is mail to the streams' thread. */
#include "stream/internal.h"

#include <stdlib.h>
#include <string.h>

enum { CODE_POLICY = 1008, MESSAGES_WAITING_MAX = 64 };

struct client *
stream_client_new(struct streams *s, enum stream_kind kind, const struct who *who, const struct channel_request *first)
{
    struct str parts[] = { first->name, first->tag, first->list };
    struct str *kept[lengthof(parts)];
    struct client *x = calloc(1, sizeof(*x) + first->name.n + first->tag.n + first->list.n);
    size_t at = 0;

    if (x == NULL)
        BUG("out of memory");
    x->streams = s;
    x->kind = kind;
    x->who = *who;
    x->first.only_media = first->only_media;
    kept[0] = &x->first.name;
    kept[1] = &x->first.tag;
    kept[2] = &x->first.list;
    for (size_t i = 0; i < lengthof(parts); i++) {
        if (parts[i].n > 0)
            memcpy(x->bytes + at, parts[i].p, parts[i].n);
        *kept[i] = (struct str){ x->bytes + at, parts[i].n };
        at += parts[i].n;
    }
    return x;
}

/* ---- mail ------------------------------------------------------------------------------------------------------------- */

struct act {
    struct loop_call call;
    struct client *client;
    enum client_act act;
    size_t n;
    char text[];
};

static void
on_act(struct loop_call *call)
{
    struct act *a = (struct act *)call;

    stream_client_act(a->client, a->act, (struct str){ a->text, a->n });
    free(a);
}

static void
post(struct client *x, enum client_act act, struct str text)
{
    struct act *a = malloc(sizeof(*a) + text.n);

    if (a == NULL)
        BUG("out of memory");
    *a = (struct act){ .call.fn = on_act, .client = x, .act = act, .n = text.n };
    if (text.n > 0)
        memcpy(a->text, text.p, text.n);
    loop_post(x->streams->loop, &a->call);
}

/* ---- the loop's thread ------------------------------------------------------------------------------------------------- */

static void
on_open(struct stream *stream, void *arg)
{
    struct client *x = arg;

    x->ref = stream_ref(stream);
    x->is_opened = true;
    post(x, CLIENT_OPEN, STR_NONE);
}

/* A client that talks faster than it is understood is cut; what is too long is cut to a length that is refused. */
static void
on_message(struct stream *stream, void *arg, struct str text)
{
    struct client *x = arg;

    if (atomic_fetch_add(&x->waiting, 1) >= MESSAGES_WAITING_MAX)
        stream_close(stream, CODE_POLICY);
    else
        post(x, CLIENT_MESSAGE, str_sub(text, 0, STREAM_COMMAND_BYTES_MAX + 1));
}

static void
on_close(struct stream *stream UNUSED, void *arg)
{
    struct client *x = arg;

    if (x->is_opened)
        post(x, CLIENT_CLOSE, STR_NONE);
    else
        free(x); /* the streams' thread never heard of it */
}

const struct stream_handler stream_client_handler = { on_open, on_message, on_close };
