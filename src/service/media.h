/* Uploads and the pictures of remote posts and people. */
#ifndef SERVICE_MEDIA_H
#define SERVICE_MEDIA_H

#include "base/ctx.h"
#include "model/media.h"

struct media_params {
    struct str bytes; /* in memory, or */
    int fd;           /* a file, -1: none */
    int64_t off, n;
    struct str description; /* p NULL: unchanged */
    struct str focus;       /* "x,y", p NULL: unchanged */
};
/* Decode, strip, thumbnail, store, for the caller's account.  Errors: INVALID (public text), TOO_LARGE, BUSY. */
NODISCARD enum err service_media_upload(struct ctx *c, const struct media_params *p, struct media_row **out);
/* The caller's own, not attached (NOT_FOUND else). */
NODISCARD enum err service_media_get(struct ctx *c, int64_t id, struct media_row **out);
NODISCARD enum err service_media_update(
    struct ctx *c, int64_t id, const struct media_params *p, struct media_row **out);
NODISCARD enum err service_media_delete(struct ctx *c, int64_t id);
/* Avatar or header: gives storage keys. */
NODISCARD enum err service_media_picture(
    struct ctx *c, const struct media_params *p, bool header, struct str *file, struct str *file_static);
/* Jobs: fetch a remote attachment, or an account's avatar and header, into the cache. */
NODISCARD enum err service_media_fetch(struct ctx *c, int64_t media_id);
NODISCARD enum err service_media_fetch_account(struct ctx *c, int64_t account_id);
/* Uploads that nobody attached since then, and the files of rows that are gone; a portion at a time. */
NODISCARD enum err service_media_prune(struct ctx *c, int64_t loose_before_ms);
/* Description and focal point onto a row, in memory only.  INVALID with a public text. */
NODISCARD enum err service_media_apply(struct ctx *c, const struct media_params *p, struct media_row *m);
/* "x,y" within -1…1; false when it is not that. */
bool service_media_focus(struct str focus, double *x, double *y);

#endif
