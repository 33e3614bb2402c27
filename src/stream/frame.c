/* Payloads as bytes, and sending the same bytes to many. */
#include "stream/internal.h"

#include "base/arena.h"
#include "base/json.h"

#include <string.h>

enum {
    FRAME_BYTES_MAX = 3 * 1024 * 1024 /* a payload of 1 MB, each byte escaped, and the names */,
    BATCHES_LOOKED_AT = 8,
    REFS_FIRST = 16
};

/* A WebSocket frame for one name of a stream. */
struct frame {
    struct frame *next;
    struct str name;
    struct blob *blob;
};

struct payload {
    struct arena *mem;
    struct str event, json;
    struct blob *sse;
    struct frame *frames; /* the last one used first */
};

struct payload *
payload_new(struct arena *mem, struct str event, struct str json)
{
    struct payload *p = arena_new(mem, struct payload);

    *p = (struct payload){ .mem = mem, .event = event, .json = json };
    return p;
}

static struct blob *
make_frame(const struct payload *p, struct str name)
{
    struct buf b;
    struct json j;

    buf_init(&b, p->mem, FRAME_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_raw(&j, "stream", name);
    json_str(&j, "event", p->event);
    if (p->json.n > 0)
        json_str(&j, "payload", p->json);
    json_end(&j);
    CHECK(json_done(&j));
    return stream_ws_text(buf_str(&b));
}

struct blob *
payload_for(struct payload *p, const struct sub *sub)
{
    struct str name = { sub->name, sub->name_n };
    struct frame *f;

    if (sub->client->kind == STREAM_SSE) {
        if (p->sse == NULL)
            p->sse = stream_sse_event(p->event, p->json);
        return p->sse;
    }
    for (struct frame **at = &p->frames; (f = *at) != NULL; at = &f->next)
        if (str_eq(f->name, name)) {
            *at = f->next;
            break;
        }
    if (f == NULL) {
        f = arena_new(p->mem, struct frame);
        f->name = str_dup(p->mem, name);
        f->blob = make_frame(p, name);
    }
    f->next = p->frames;
    p->frames = f;
    return f->blob;
}

void
payload_done(struct payload *p)
{
    blob_unref(p->sse);
    for (struct frame *f = p->frames; f != NULL; f = f->next)
        blob_unref(f->blob);
}

/* ---- sending ---------------------------------------------------------------------------------------------------------- */

struct batch {
    struct batch *next, *before;
    struct blob *blob;
    struct stream_ref *refs;
    size_t n, cap;
};

struct outbox {
    struct arena *mem;
    struct batch *batches, *last;
};

struct outbox *
outbox_new(struct arena *mem)
{
    struct outbox *o = arena_new(mem, struct outbox);

    o->mem = mem;
    return o;
}

void
outbox_add(struct outbox *o, struct blob *b, struct stream_ref to)
{
    struct batch *x = o->last;

    for (int i = 0; x != NULL && (x->blob != b || x->refs[0].net != to.net); x = x->before)
        if (++i == BATCHES_LOOKED_AT) {
            x = NULL;
            break;
        }
    if (x == NULL) {
        x = arena_new(o->mem, struct batch);
        *x = (struct batch){ .before = o->last, .blob = blob_ref(b), .cap = REFS_FIRST };
        x->refs = arena_vec(o->mem, struct stream_ref, x->cap);
        *(o->last != NULL ? &o->last->next : &o->batches) = x;
        o->last = x;
    }
    if (x->n == x->cap) {
        struct stream_ref *more = arena_vec(o->mem, struct stream_ref, 2 * x->cap);

        memcpy(more, x->refs, x->n * sizeof(*more));
        x->refs = more;
        x->cap *= 2;
    }
    x->refs[x->n++] = to;
}

void
outbox_send(struct outbox *o)
{
    for (struct batch *x = o->batches; x != NULL; x = x->next) {
        stream_post_many(x->refs, x->n, x->blob);
        blob_unref(x->blob);
    }
    o->batches = o->last = NULL;
}
