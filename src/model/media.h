/* Media attachments. */
#ifndef MODEL_MEDIA_H
#define MODEL_MEDIA_H

#include "base/str.h"

enum media_kind { MEDIA_UNKNOWN, MEDIA_IMAGE, MEDIA_GIFV, MEDIA_VIDEO, MEDIA_AUDIO, MEDIA_KIND_COUNT };
extern const char *const media_kind_names[]; /* NULL-terminated, as the API spells them */

enum media_state { MEDIA_PROCESSING, MEDIA_READY, MEDIA_FAILED, MEDIA_REMOTE /* not fetched */ };

enum { MEDIA_PER_STATUS_MAX = 4, MEDIA_PER_REMOTE_MAX = 16, MEDIA_TEXT_CHARS_MAX = 10000 };

/* What is kept of other servers. */
enum media_cached {
    MEDIA_CACHED_ATTACHMENT,
    MEDIA_CACHED_AVATAR,
    MEDIA_CACHED_HEADER,
    MEDIA_CACHED_EMOJI,
    MEDIA_CACHED_COUNT,
};
extern const char *const media_cached_names[]; /* NULL-terminated, as in addresses */

/*
 * The address of a remote picture that is not here now: "/media_proxy/avatar/<id>/<code>/original" or "…/small".  The code is a keyed
 * hash, so that only what somebody was shown can be asked for: pictures of private posts have no other lock.
 */
struct str media_proxy_path(struct arena *a, enum media_cached kind, int64_t id, bool small);
bool media_proxy_code_ok(enum media_cached kind, int64_t id, struct str code);
/* The key of the codes; before the first request, and the same for each process on one database. */
void media_proxy_seed(const uint64_t seed[2]);

struct media_row {
    int64_t id, account_id, status_id;
    int64_t draft_id; /* what holds it while it is loose; 0: nothing */
    int position;
    enum media_kind kind;
    enum media_state state;
    struct str mime, file, thumb, remote_url;
    int64_t bytes;
    struct str description;
    double focus_x, focus_y;
    int64_t width, height, thumb_width, thumb_height, duration_ms;
    struct str blurhash;
    int64_t created_ms;
};

struct media_rows {
    struct media_row *v;
    size_t n;
};

#endif
