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

/* Who may read a timeline of everybody's posts: public, authenticated (people of ours), disabled (those whose role says so). */
enum feed { FEED_LIVE, FEED_TOPIC, FEED_COUNT }; /* the public timelines; those of hashtags and links */
struct feed_access {
    struct str local, remote;
};

/* A server that is blocked here, as the public reads it. */
struct published_block {
    struct str domain; /* with stars in it when it is obfuscated */
    struct str digest; /* SHA-256 of the whole domain, in hex */
    const char *severity;
    struct str comment; /* empty when it is not shown */
};
struct published_blocks {
    struct published_block *v;
    size_t n;
    bool with_comments;
};

enum server_picture_kind { SERVER_THUMBNAIL, SERVER_ICON, SERVER_PICTURE_COUNT };
struct server_picture {
    struct str file, small; /* storage keys; file empty: there is none */
    int64_t width, height;
    struct str blurhash, description;
};

struct instance_info {
    struct str title, description, short_description, contact_email, languages; /* languages: "en de" */
    struct str extended_description, privacy_policy;                            /* HTML */
    int64_t wrapstodon;       /* the year that is looked back on now; 0: none */
    struct str registrations; /* open, approval, closed */
    int64_t min_age;
    bool reason_required;
    struct str status_url, registrations_message; /* empty: none; the message is HTML */
    struct feed_access feeds[FEED_COUNT];
    struct server_picture pictures[SERVER_PICTURE_COUNT];
    struct account *contact; /* filled, or NULL */
    struct rules rules;
    bool has_terms;
    bool limited_federation;                   /* with chosen servers alone */
    bool invites_enabled;                      /* everybody here may invite */
    struct str donation_url, donation_message; /* empty: nobody is asked */
    int64_t users, active_month, statuses, domains;
    struct instance_media media;
};

#endif
