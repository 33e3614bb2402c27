/*
 * Our activities as documents.  The object is exactly one of: id, note, actor, vote, inner, ids, tombstone.
 * Delete of a post: tombstone.  Undo, Accept, Reject: inner, always embedded (Threads refuses bare ids).
 */
#ifndef AP_WRITE_ACTIVITY_H
#define AP_WRITE_ACTIVITY_H

#include "ap/write_actor.h"
#include "ap/write_note.h"

struct ap_activity_out {
    enum ap_type type;
    struct str id;    /* may be empty for inner activities of which no id is known */
    struct str actor; /* id */
    struct strs to, cc;
    bool addressed;       /* write to and cc (always arrays) */
    bool proven;          /* there will be a proof: its terms are in the context */
    int64_t published_ms; /* 0: none */
    int64_t updated_ms;   /* 0: none */

    struct str object;
    const struct ap_note_out *note;
    const struct ap_actor_out *person;
    const struct ap_vote_out *vote;
    const struct ap_activity_out *inner;
    struct strs objects;
    struct str tombstone;
    struct str object_json; /* trusted JSON of an object, without @context */
    bool featured;          /* object_json is of a collection of accounts */

    struct str target, instrument, result;        /* ids */
    struct str authorization;                     /* stamp that permits an Announce */
    const struct ap_note_out *instrument_note;    /* QuoteRequest, ReplyRequest: the post inlined */
    const struct ap_activity_out *instrument_act; /* LikeRequest, AnnounceRequest: what is asked for */
    struct str content;                           /* Flag, reaction */
    const struct ap_emoji_out *reaction;          /* custom emoji of a reaction */
    enum ap_type stamp;                           /* Delete of an authorization of that type whose id is `object` */
    struct str stamp_interacting, stamp_target;
};

/* Bytes in the arena, the same that are hashed, signed, stored and sent. */
struct str ap_activity_write(struct arena *a, const struct ap_site *site, const struct ap_activity_out *x);
void ap_activity_write_in(struct json *j, struct arena *a, const struct ap_site *site, const char *key,
    enum ap_context context, const struct ap_activity_out *x);

/* Fill *out with the Create around x; x must live as long. */
void ap_create_of(
    struct arena *a, const struct ap_site *site, const struct ap_note_out *x, struct ap_activity_out *out);
/* A Create around a post, addressed as the post. */
struct str ap_create_write(struct arena *a, const struct ap_site *site, const struct ap_note_out *x);
/* Announce of object by account_id; author is addressed; id is …/statuses/<id>/activity. */
struct ap_announce_out {
    int64_t id, account_id;
    struct str object, author; /* ids */
    enum visibility visibility;
    int64_t created_ms;
    const struct ap_note_out *inline_note; /* a boost of an own followers-only post */
    struct str authorization;              /* stamp of the author; empty: none is needed */
};
void ap_announce_of(
    struct arena *a, const struct ap_site *site, const struct ap_announce_out *x, struct ap_activity_out *out);
struct str ap_announce_write(struct arena *a, const struct ap_site *site, const struct ap_announce_out *x, bool undo);

#endif
