/* What an author asks to publish: the parameters of posts, as clients send them and as drafts keep them. */
#ifndef MODEL_POST_H
#define MODEL_POST_H

#include "base/page.h"
#include "base/str.h"
#include "model/media.h"

enum {
    THREAD_POSTS_MAX = 25,
    SCHEDULE_AHEAD_MS = 5 * 60 * 1000, /* the least */
    SCHEDULED_MAX = 300,               /* posts of one account */
    SCHEDULED_DAY_MAX = 25,            /* for one day */
    DRAFTS_MAX = 100,
    DRAFT_BYTES_MAX = 64 * 1024,
    POST_SECONDS_MIN = 300,                    /* to live */
    POST_SECONDS_MAX = 5 * 366 * 24 * 60 * 60, /* the same */
};

struct media_given;
struct post_media {
    int64_t id;
    struct str description;          /* p NULL: unchanged */
    struct str focus;                /* "x,y", p NULL: unchanged */
    const struct media_given *thumb; /* service/media.h; a thumbnail of one's own, NULL: unchanged */
};

struct post_poll {
    struct strs options;
    int64_t expires_in; /* seconds from publishing; 0: not said */
    bool multiple, hide_totals;
};

struct accounts;

struct post_params {
    struct str status, spoiler_text, language, content_type; /* content_type: text/plain (default) or text/markdown */
    int sensitive;                                           /* -1: default of the account */
    int visibility;                                          /* enum visibility, or -1: default of the account */
    int64_t in_reply_to_id;                                  /* 0: not a reply */
    int64_t quoted_status_id;                                /* 0: quotes nothing; edits: what was quoted stays */
    bool drop_quote;                                         /* edits: quotes nothing any more */
    int quote_choice;                                        /* enum quote_choice, or -1: default of the account */
    struct ids media_ids;
    struct strs allowed_mentions;
    bool has_allowed_mentions;
    struct accounts *unexpected;               /* not NULL: gets who is mentioned and not allowed, with INVALID */
    const struct post_media *media_attributes; /* edits */
    size_t n_media_attributes;
    const struct post_poll *poll; /* NULL: none; edits: it goes */
    int64_t expires_in;           /* seconds from publishing after which it deletes itself; 0: not so */
    int64_t expires_ms;           /* or that time; 0: not so */
    bool has_expiry;              /* edits: one of them was given, maybe as null */
    bool local_only;              /* never leaves this server; edits: ignored */
};

struct posts { /* a thread, the first one on top; one is a thread too */
    struct post_params *v;
    size_t n;
};

/* Posts kept for later: a draft, or a thread with a time. */
struct draft_row {
    int64_t id, account_id, user_id, app_id;
    struct posts posts;
    int64_t version;      /* one more with each change */
    int64_t scheduled_ms; /* 0: a draft */
    int64_t failed_ms;    /* when publishing failed for good; 0: it did not */
    struct str failure;   /* why, for its author */
    struct str key;       /* Idempotency-Key; may be empty */
    int64_t created_ms, updated_ms;

    struct media_row *media; /* of all its posts, as far as they exist; filled */
    size_t n_media;
};

struct draft_rows {
    struct draft_row *v;
    size_t n;
};

#endif
