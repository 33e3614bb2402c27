/*
 * Posts: Note, Question, and what is shown as a post (Article, Page, Video, Audio, Image, Event, …); the type is kept.
 */
#ifndef AP_READ_NOTE_H
#define AP_READ_NOTE_H

#include "ap/read.h"
#include "ap/read_policy.h"
#include "model/status.h"

struct ap_attachment {
    enum media_kind kind;
    struct str url, media_type, alt, blurhash, icon_url;
    int64_t width, height, duration_ms; /* 0: unknown */
    double focus_x, focus_y;            /* -1 … 1 */
    bool has_focus, sensitive;
};

struct ap_mention {
    struct str href; /* actor id, may be absent */
    struct str name; /* as written, may be absent */
};

struct ap_hashtag {
    struct str name; /* as written, without # */
    struct str href;
};

struct ap_option {
    struct str title;
    int64_t votes; /* -1: not told */
};

struct ap_poll {
    bool multiple;
    int64_t end_ms;    /* 0: no end */
    int64_t closed_ms; /* 0: open */
    int64_t voters;    /* -1: not told */
    struct ap_option *options;
    size_t n;
};

struct ap_note {
    struct str id;
    enum ap_type type;
    struct str attributed_to; /* the author */
    struct str group;         /* Group among attributedTo, or audience; may be absent */
    struct str url;           /* http(s) page of same host as id, else the id */
    struct ap_text
        content; /* HTML of a stranger: sanitise.  Other media types are escaped here; a title and link are added to types other than Note */
    struct str content_text;      /* content alone, as it came: never HTML to show.  For comparing edits and votes */
    struct str source_media_type; /* of content as it came */
    struct ap_text summary;       /* content warning: only of Note and Question, or when sensitive */
    struct ap_text name;          /* title; option of a vote */
    struct str in_reply_to;
    struct str context, conversation, atom_uri;
    int64_t published_ms; /* now when absent */
    int64_t updated_ms;   /* 0: never edited */
    bool sensitive;
    bool is_vote; /* Note with name and inReplyTo and without content: may be a vote */
    enum visibility visibility;
    struct strs to, cc, audience;
    bool addressees_cut; /* more than AP_ADDRESSEES_MAX */
    struct ap_attachment *attachments;
    size_t n_attachments;
    struct ap_mention *mentions;
    size_t n_mentions;
    struct ap_hashtag *hashtags;
    size_t n_hashtags;
    struct ap_emoji *emojis;
    size_t n_emojis;
    struct strs collections; /* ids of collections of accounts that it names as tags; at most STATUS_COLLECTIONS_MAX */
    struct ap_poll *poll;    /* NULL when none */
    struct str link;         /* page the post is about (Link attachment): the preview card */
    struct str quote;        /* id; may be absent */
    bool quote_is_legacy;    /* from _misskey_quote, quoteUrl, quoteUri or a Link tag */
    bool quote_is_deleted;   /* Tombstone */
    struct str quote_authorization, approved_by;
    struct ap_policy can_quote, can_reply, can_like, can_announce;
    struct str replies;                   /* collection id, may be absent */
    struct strs first_replies;            /* ids of the inline first page, at most 5, same origin as id */
    struct str replies_next;              /* the page after these; absent when some of the first are left out */
    struct str likes, shares;             /* collection ids, may be absent */
    int64_t n_likes, n_shares, n_replies; /* claims; -1: not told */
};

struct ap_note_hints {
    struct strs wrap_to, wrap_cc;
    struct str followers; /* the author's collection, when known */
    struct str origin;    /* ours: a local addressee without a mention makes a post limited */
    int64_t now_ms;
};

/*
 * Read a post.  wrap_to and wrap_cc are the addressees of the activity around it, used when the post has none (may be empty).
 * followers is the author's followers collection for visibility; when unknown, an id that ends in "/followers" or the usual
 * shapes on the author's origin counts.  Errors: INVALID with *why (no id, no author, not a post).
 */
NODISCARD enum err ap_note_read(
    struct arena *a, const struct val *doc, const struct ap_note_hints *hints, struct ap_note *out, const char **why);

/*
 * Visibility from addressees alone; never wider than told.  direct_message: -1 absent, 0 false, 1 true.  untagged_local: somebody
 * of ours is addressed without a Mention.
 */
enum visibility ap_visibility_of(
    struct strs to, struct strs cc, struct str author, struct str followers, int direct_message, bool untagged_local);

#endif
