/*
 * Media: what people upload and what we fetch for them, made safe to keep and to serve.  Decoding happens in a sandboxed child
 * (pool.h, child.h); the files live in the store (store.h).  No database: callers keep the keys.
 */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include "base/ctx.h"
#include "media/rules.h"
#include "media/store.h"

struct config;
struct media;

/* Open the storage of conf->media.  Starts no process; the first picture does.  Lives in a.  On error *why is a sentence. */
NODISCARD enum err media_open(struct arena *a, const struct config *conf, struct str *why, struct media **out);
/* The same with a program to run as child in place of this one; for tests. */
NODISCARD enum err media_open_with(
    struct arena *a, struct str store_spec, const char *child_exe, struct str *why, struct media **out);
/* The server stops: what is being decoded is given up, so that nobody waits minutes for a film; media_process says BUSY from now on. */
void media_stop(struct media *m);
void media_close(struct media *m); /* NULL is fine; no call may be running */

struct media_store *media_store_of(struct media *m);

struct media_input {
    int fd;           /* regular file, read from 0 to its end, stays the caller's; or -1 */
    struct str bytes; /* when fd is -1 */
};

struct media_made {
    struct str key; /* in the store; empty: none was made */
    enum media_type type;
    int64_t bytes;
    int width, height; /* 0 for sound */
};

struct media_result {
    enum media_kind kind;
    struct media_made file;
    struct media_made small; /* thumbnail of an attachment; still picture of a moving avatar, header or emoji */
    struct str blurhash;     /* empty for sound without a cover */
    uint32_t colour;         /* average, 0xRRGGBB */
    int64_t duration_ms;     /* 0 for a still */
};

/*
 * What media_process would refuse before it decodes anything, and what the file is.  head: its first MEDIA_PROBE_BYTES, or all when
 * it is shorter; bytes: its size.  Errors: INVALID with a text for the client.  Any thread.
 */
NODISCARD enum err media_check(
    struct ctx *c, struct str head, int64_t bytes, enum media_purpose purpose, enum media_type *out);

/*
 * media_process — turn a stranger's file into files of ours.
 *
 * The type is what the bytes say.  Pictures are decoded, turned upright, scaled by the rule of the purpose, stripped of everything
 * but pixels and encoded anew, in their own format (HEIC and AVIF become JPEG, or WebP when they have transparency).  A moving GIF
 * in a post becomes a silent film (GIFV) when ffmpeg is there; other moving GIF and WebP stay what they are.  Films: H.264 and WebM
 * are copied without their metadata, the rest becomes MP4; sound becomes MP3.  Both get a thumbnail when they have a picture.
 *
 * Films, sound and GIFs of a post (media_probe tells) may take minutes: from a job, with 202 to the client.
 *
 * in      not kept
 * out     strings in c->mem; the files are on disk, and the caller deletes them (media_discard) when it cannot record them
 * errors  INVALID (type not accepted, too large, not decodable, took too long; c->fail has a text for the client),
 *         BUSY (all decoders taken until c->deadline_mono_ms), INTERNAL
 * thread  worker of the slow lane, job; blocks for 10 ms to 30 s, films up to 5 min; no transaction open
 * spec    https://docs.joinmastodon.org/user/posting/#media
 * tests   media_test.c
 */
NODISCARD enum err media_process(
    struct ctx *c, struct media_input in, enum media_purpose purpose, struct media_result *out);

/* Delete the files of a result that will not be recorded. */
void media_discard(struct ctx *c, const struct media_result *r);

#endif
