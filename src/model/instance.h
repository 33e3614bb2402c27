/* The server as it describes itself. */
#ifndef MODEL_INSTANCE_H
#define MODEL_INSTANCE_H

#include "model/account.h"

struct rule {
    int64_t id;
    struct str text, hint;
};

struct rules {
    struct rule *v;
    size_t n;
};

/* What uploads may be; the same for every client. */
struct instance_media {
    const char *(*mime)(size_t i); /* accepted content types; NULL ends */
    int64_t image_bytes_max, image_pixels_max, video_bytes_max, video_pixels_max, video_frames_per_s_max;
};

struct instance_info {
    struct str title, description, short_description, contact_email, languages; /* languages: "en de" */
    struct str extended_description, privacy_policy;                            /* HTML */
    struct str registrations;                                                   /* open, approval, closed */
    int64_t min_age;
    bool reason_required;
    struct account *contact; /* filled, or NULL */
    struct rules rules;
    int64_t users, active_month, statuses, domains;
    struct instance_media media;
};

#endif
