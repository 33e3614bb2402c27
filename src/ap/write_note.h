/* Our posts as documents: Note and Question. */
#ifndef AP_WRITE_NOTE_H
#define AP_WRITE_NOTE_H

#include "ap/write.h"
#include "model/status.h"

struct ap_attachment_out {
    struct str url, media_type, alt, blurhash, icon_url;
    int64_t width, height, duration_ms; /* 0: not sent */
    bool has_focus;
    double focus_x, focus_y;
};

struct ap_mention_out {
    struct str id;        /* actor id */
    struct str handle;    /* "@tom@b.example" */
    struct str followers; /* of a Group: its followers collection is addressed too; may be empty */
};

struct ap_option_out {
    struct str title;
    int64_t votes;
};

struct ap_poll_out {
    bool multiple;
    int64_t end_ms, closed_ms; /* closed_ms 0: open */
    int64_t voters;
    const struct ap_option_out *options;
    size_t n;
};

enum ap_quote_policy { AP_QUOTE_PUBLIC, AP_QUOTE_FOLLOWERS, AP_QUOTE_FOLLOWING, AP_QUOTE_NOBODY };

struct ap_note_out {
    int64_t id, account_id;
    struct str username;
    enum visibility visibility;
    struct str html;    /* content */
    struct str lang;    /* BCP 47; empty: unknown */
    struct str summary; /* content warning as text; empty: null */
    struct str title;   /* posts to groups; empty: none */
    bool sensitive;
    int64_t created_ms, edited_ms; /* edited_ms 0: never */
    struct str in_reply_to;        /* id; empty: null */
    struct str context;            /* URL of the conversation; empty: our own context of this post */
    const struct ap_mention_out *mentions;
    size_t n_mentions;
    struct strs groups;   /* ids of those that passed on what it answers: their members read the thread there */
    struct strs hashtags; /* display form without # */
    const struct ap_emoji_out *emojis;
    size_t n_emojis;
    struct strs collections; /* ids of collections of accounts that it links to */
    const struct ap_attachment_out *attachments;
    size_t n_attachments;
    struct str card_url; /* preview card; empty: none */
    const struct ap_poll_out *poll;
    struct str quote, quote_authorization; /* ids; empty: none */
    struct str quote_gone;                 /* in place of quote: what was quoted is deleted */
    struct str reply_authorization;        /* the same */
    enum ap_quote_policy quote_policy;
    bool searchable;           /* everybody may find it by its words */
    struct strs first_replies; /* ids of own replies, at most 5 */
    int64_t n_likes, n_shares;
};

struct str ap_note_write(struct arena *a, const struct ap_site *site, const struct ap_note_out *x);
void ap_note_write_in(struct json *j, struct arena *a, const struct ap_site *site, const char *key,
    enum ap_context context, const struct ap_note_out *x);
/* Addressees by visibility, for the note and for the activity around it. */
void ap_note_audience(
    struct arena *a, const struct ap_site *site, const struct ap_note_out *x, struct strs *to, struct strs *cc);

/* A vote is a Note of its own; option is the exact title. */
struct ap_vote_out {
    int64_t id, account_id;
    struct str option, question, author;
};
void ap_vote_write_in(
    struct json *j, struct arena *a, const struct ap_site *site, const char *key, const struct ap_vote_out *v);

#endif
