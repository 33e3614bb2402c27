/*
 * What travels between the server and the media child: one fixed struct each way over a SOCK_SEQPACKET pair, descriptors beside the
 * job.  Both ends are the same binary, so there is no version.  Each end checks every field of the other as if it were hostile.
 */
#ifndef MEDIA_WIRE_H
#define MEDIA_WIRE_H

#include "media/blurhash.h"
#include "media/probe.h"
#include "media/rules.h"

enum { WIRE_MAGIC = 0x6d654431, WIRE_CHILD_FD = 3 };

/* Descriptors of a job, in this order. */
enum wire_fd { WIRE_FD_REPLY, WIRE_FD_IN, WIRE_FD_FILE, WIRE_FD_SMALL, WIRE_FD_COUNT };

enum wire_mode {
    WIRE_IMAGE, /* libvips in a worker of the zygote */
    WIRE_STILL, /* the same, but of a moving GIF only small and blurhash: kind GIFV, no file */
    WIRE_TOOL,  /* ffmpeg, in a process of its own */
};

struct wire_job {
    uint32_t magic;
    uint32_t purpose; /* enum media_purpose */
    uint32_t type;    /* enum media_type, as the server probed it */
    uint32_t wall_ms;
    uint32_t mode;  /* enum wire_mode */
    uint64_t bytes; /* of the input */
};

enum wire_verdict {
    WIRE_STARTED, /* first message of every job: from here on the job is not tried again */
    WIRE_DONE,
    WIRE_REFUSED,  /* not a picture, or beyond the limits; cause says which */
    WIRE_TIMEOUT,  /* killed at wall_ms */
    WIRE_CRASHED,  /* died of a signal or left without an answer */
    WIRE_INTERNAL, /* could not write, no library, … */
};

struct wire_picture {
    uint32_t type; /* enum media_type; MT_NONE: not written */
    uint32_t width, height;
};

struct wire_reply {
    uint32_t magic;
    uint32_t verdict;
    int32_t signal; /* WIRE_CRASHED: of which, 0 when it just left */
    uint32_t kind;  /* enum media_kind */
    struct wire_picture file, small;
    uint32_t frames;
    uint32_t colour;                       /* 0xRRGGBB */
    int64_t duration_ms;                   /* 0 for a still */
    char blurhash[BLURHASH_BYTES_MAX + 2]; /* terminated */
    char cause[96];                        /* terminated; for the log */
};

/* For the child: the next job with its descriptors; false when the server is gone or talks nonsense. */
bool wire_receive(struct wire_job *job, int fds[WIRE_FD_COUNT]);
/* For the child: one message; that nobody reads it is fine. */
void wire_tell(int fd, const struct wire_reply *r);

#endif
