/*
 * How messages travel between processes: texts of limited length ("frames") that a bus brings to everybody, the sender too.
 *
 *   1 0123456789abcdef 42 w user:7⏎update⏎{"id":…}
 *
 * Version, sender, number, kind, and a piece of topic, event and payload, each in a line.  Each sender numbers its frames, so a receiver knows what was
 * lost and what came twice.  A message that is longer than a frame travels in pieces.  A beat carries the number of the last frame.
 */
#ifndef HUB_FRAME_H
#define HUB_FRAME_H

#include "base/buf.h"
#include "hub/hub.h"

enum {
    FRAME_HEAD_MAX = 64,   /* bytes before the piece */
    FRAME_BYTES_MIN = 128, /* the shortest limit of a bus that makes sense */
    FRAME_SENDERS_MAX = 64 /* heard at once; more take turns, and what they send is then lost now and then */
};

struct frame_writer {
    uint64_t sender;
    uint64_t number; /* of the last frame */
    size_t max;      /* bytes of a frame */
};

struct frame_list {
    struct str *v; /* in the arena */
    size_t n, cap;
};

/* Add the frames of one message. */
void frame_write(struct frame_writer *w, struct arena *mem, const struct hub_message *m, struct frame_list *out);
/* Add a beat. */
void frame_write_beat(struct frame_writer *w, struct arena *mem, struct frame_list *out);

/* ---- receiving -------------------------------------------------------------------------------------------------- */

struct frame_sender {
    uint64_t id; /* 0: free */
    uint64_t number;
    int64_t heard_mono_ms;
    char *p; /* what has come of a message in pieces; malloc */
    size_t n;
    bool in_pieces; /* the beginning has come, the end has not */
};

struct frame_reader {
    uint64_t own;
    struct frame_sender senders[FRAME_SENDERS_MAX];
};

enum frame_kind {
    FRAME_NOTHING, /* junk, a repetition, a beat, a piece that is not the last */
    FRAME_OWN,     /* what this process sent itself */
    FRAME_MESSAGE, /* *out is a message */
};

/*
 * One frame.  The topic and event of a message are valid until the next call, and no longer than the frame; its payload is the
 * caller's, to release with blob_unref.  *lost: frames of this sender are missing.
 */
enum frame_kind frame_read(
    struct frame_reader *r, struct str frame, int64_t now_mono_ms, struct hub_message *out, bool *lost);
/* How many others were heard since then. */
size_t frame_senders(const struct frame_reader *r, int64_t since_mono_ms);
void frame_reader_done(struct frame_reader *r);

#endif
