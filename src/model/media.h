/* Media attachments. */
#ifndef MODEL_MEDIA_H
#define MODEL_MEDIA_H

#include "base/str.h"

enum media_kind { MEDIA_UNKNOWN, MEDIA_IMAGE, MEDIA_GIFV, MEDIA_VIDEO, MEDIA_AUDIO, MEDIA_KIND_COUNT };
extern const char *const media_kind_names[]; /* NULL-terminated, as the API spells them */

enum media_state { MEDIA_PROCESSING, MEDIA_READY, MEDIA_FAILED, MEDIA_REMOTE /* not fetched */ };

enum { MEDIA_PER_STATUS_MAX = 4, MEDIA_PER_REMOTE_MAX = 16, MEDIA_TEXT_CHARS_MAX = 10000 };

struct media_row {
    int64_t id, account_id, status_id;
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
