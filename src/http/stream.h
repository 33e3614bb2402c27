/*
 * Answers that stay open: server-sent events and WebSockets.  A handler (worker thread) checks who may listen, then hands the
 * connection over with res_stream(); from then on it lives on its loop and only these functions touch it.
 *
 * Bytes are shared: one struct blob is rendered once and given to any number of clients.  A client whose unsent bytes pass
 * STREAM_QUEUE_MAX is cut, so that nobody slow costs memory.  The loop sends ":thump" after 15 s of silence, a ping after 30 s.
 */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include "base/blob.h"
#include "http/http.h"
#include "os/loop.h"

struct net;
struct stream; /* one client; valid on its loop from open to close */

enum { STREAM_QUEUE_MAX = 256 * 1024, STREAM_MESSAGE_MAX = 64 * 1024 };

enum stream_kind { STREAM_RAW, STREAM_SSE, STREAM_WEBSOCKET };

/* All run on the client's loop thread and must not block.  close comes exactly once, also when open never came. */
struct stream_handler {
    void (*open)(struct stream *s, void *arg); /* the head of the answer is sent or queued */
    void (*message)(
        struct stream *s, void *arg, struct str bytes); /* WebSocket text message, UTF-8 checked; may be NULL */
    void (*close)(struct stream *s, void *arg);         /* s is gone after this; free arg here */
};

struct stream_take {
    enum stream_kind kind;
    const struct stream_handler *handler;
    void *arg;                   /* heap; owned by the stream from now on */
    struct str accept, protocol; /* WebSocket handshake, filled by res_stream */
};

/*
 * Answer with a stream (worker thread).  SSE: 200 text/event-stream, Cache-Control: no-store.  WEBSOCKET: 101 when the request
 * is a right handshake.  protocol: the subprotocol to confirm, empty for none.  arg passes to the stream, also on failure
 * (handler->close runs then with s NULL).  Errors: BAD_REQUEST (not a WebSocket handshake).
 */
NODISCARD enum err res_stream(struct ctx *c, struct req *r, enum stream_kind kind, struct str protocol,
    const struct stream_handler *handler, void *arg);

/* ---- loop thread of the stream ---- */

/* Send shared bytes as they are: an event for SSE ("event: …\ndata: …\n\n"), a whole frame for WebSocket.  Takes a reference. */
void stream_send(struct stream *s, struct blob *b);
/* End it once what is queued is sent.  The close callback runs later on the loop, never inside this call.  WebSocket: code as in RFC 6455, 7.4. */
void stream_close(struct stream *s, unsigned code);
/* The number of the loop that owns it, from 0. */
unsigned stream_loop_index(const struct stream *s);
enum stream_kind stream_kind(const struct stream *s);

/* ---- any thread ---- */

/* A safe name of a stream: sending to one that is gone does nothing.  Not after server_stop. */
struct stream_ref {
    struct net *net;
    uint64_t id;
};
struct stream_ref stream_ref(const struct stream *s); /* loop thread */
/* Post b to the stream's loop; takes a reference. */
void stream_post(struct stream_ref ref, struct blob *b);
/* The same to many streams of one loop (all have the same net): one message for all of them. */
void stream_post_many(const struct stream_ref *refs, size_t n, struct blob *b);
void stream_post_close(struct stream_ref ref, unsigned code);

/* ---- rendering, any thread ---- */

/* "event: name\ndata: line\n\n", one data line for each line of data.  name may be empty. */
NODISCARD struct blob *stream_sse_event(struct str name, struct str data);
/* An unfragmented, unmasked text frame (RFC 6455, 5.2). */
NODISCARD struct blob *stream_ws_text(struct str text);

#endif
