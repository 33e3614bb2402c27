/* Uploads and the pictures of remote posts and people. */
#ifndef SERVICE_MEDIA_H
#define SERVICE_MEDIA_H

#include "base/ctx.h"
#include "model/media.h"

struct media_given {
    struct str bytes; /* in memory, or */
    int fd;           /* a file, -1: none */
    int64_t off, n;
};
struct media_params {
    struct media_given file;
    const struct media_given *thumb; /* a picture of one's own in place of the one made of the file; NULL: none given */
    struct str description;          /* p NULL: unchanged */
    struct str focus;                /* "x,y", p NULL: unchanged */
    bool gif_now;                    /* upload: decode a GIF before answering too; it may take a minute */
};
/*
 * An upload for the caller's account.  Pictures are decoded, stripped and stored before it returns (MEDIA_READY).  GIFs, films and
 * sound are MEDIA_PROCESSING: the bytes wait on disk, and the job PROCESS_MEDIA decodes them; what cannot be accepted by type or
 * size is refused at once.  Errors: INVALID (public text), TOO_LARGE, BUSY.
 */
NODISCARD enum err service_media_upload(struct ctx *c, const struct media_params *p, struct media_row **out);
/*
 * Job: decode an upload that waits.  Again: what is not MEDIA_PROCESSING is left alone; of two that run at once the first to finish
 * counts.  A file that cannot be decoded makes the row MEDIA_FAILED; so does any failure when last.
 */
NODISCARD enum err service_media_process(struct ctx *c, int64_t id, bool last);
/* The caller's own, not attached (NOT_FOUND else). */
NODISCARD enum err service_media_get(struct ctx *c, int64_t id, struct media_row **out);
NODISCARD enum err service_media_update(
    struct ctx *c, int64_t id, const struct media_params *p, struct media_row **out);
NODISCARD enum err service_media_delete(struct ctx *c, int64_t id);
/*
 * Avatar or header: gives storage keys.  The files live for an hour; whoever records them says store_dead_file_forget in the same
 * transaction.  So a profile that is refused leaves nothing behind.
 */
NODISCARD enum err service_media_picture(
    struct ctx *c, const struct media_given *in, bool header, struct str *file, struct str *file_static);
/*
 * A thumbnail of one's own, decoded like any picture, onto a row in memory.  Its file lives for an hour: whoever stores the row says
 * service_media_thumb_kept in the same transaction, which also gives up the file that was the thumbnail before.  No transaction open.
 */
NODISCARD enum err service_media_thumb(struct ctx *c, const struct media_given *in, struct media_row *m);
NODISCARD enum err service_media_thumb_kept(struct ctx *c, struct str was, const struct media_row *m);
/* Jobs: fetch a remote attachment, or an account's avatar and header, into the cache. */
NODISCARD enum err service_media_fetch(struct ctx *c, int64_t media_id);
NODISCARD enum err service_media_fetch_account(struct ctx *c, int64_t account_id);
/* Job: the same for a custom emoji of another server. */
NODISCARD enum err service_media_fetch_emoji(struct ctx *c, int64_t emoji_id);
/*
 * A remote picture for somebody who has its address (model/media.h).  find: its storage key, small when there is a small one; empty when
 * it is not here.  fetch_now: get it, within ten seconds, few at a time.  Errors: NOT_FOUND (also: cannot be had now), BUSY.
 */
NODISCARD enum err service_media_find(struct ctx *c, enum media_cached kind, int64_t id, bool small, struct str *key);
NODISCARD enum err service_media_fetch_now(struct ctx *c, enum media_cached kind, int64_t id);
/* Pictures of other servers beyond the budget (media_cache) go, those first that nobody looked at. */
NODISCARD enum err service_media_evict(struct ctx *c);
/* Files in the media directory that are older than so and that no row names; a part of the directory each hour, all within a day. */
NODISCARD enum err service_media_sweep(struct ctx *c, int64_t before_ms);
/* Uploads that nobody attached since then, and the files of rows that are gone; a portion at a time. */
NODISCARD enum err service_media_prune(struct ctx *c, int64_t loose_before_ms);
/* Description and focal point onto a row, in memory only.  INVALID with a public text. */
NODISCARD enum err service_media_apply(struct ctx *c, const struct media_params *p, struct media_row *m);
/* "x,y" within -1…1; false when it is not that. */
bool service_media_focus(struct str focus, double *x, double *y);

#endif
