/* The server as it describes itself. */
#ifndef MODEL_INSTANCE_H
#define MODEL_INSTANCE_H

#include "model/account.h"

struct rule_text { /* a rule in another language */
    struct str language, text, hint;
};

struct rule {
    int64_t id;
    struct str text, hint;
    struct rule_text *translations;
    size_t n_translations;
};

struct rules {
    struct rule *v;
    size_t n;
};

/* Terms of service, in force from a day on (midnight UTC) until the next. */
struct terms {
    int64_t effective_ms, next_ms; /* next: of what follows, 0: nothing does */
    struct str content;            /* HTML */
};

struct terms_list {
    struct terms *v;
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
    bool has_terms;
    bool invites_enabled;                      /* everybody here may invite */
    struct str donation_url, donation_message; /* empty: nobody is asked */
    int64_t users, active_month, statuses, domains;
    struct instance_media media;
};

#endif
