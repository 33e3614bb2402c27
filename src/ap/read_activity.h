/* Activities: what arrives in an inbox or stands in an outbox. */
#ifndef AP_READ_ACTIVITY_H
#define AP_READ_ACTIVITY_H

#include "ap/read.h"

enum { AP_OBJECTS_MAX = 64 };

struct ap_activity {
    struct str id; /* may be absent (Add, Remove, parts of an Undo) */
    enum ap_type type;
    struct str type_text; /* as written */
    struct str actor;
    struct str object;            /* id of the first object; may be absent */
    const struct val *object_val; /* embedded first object, or &val_null */
    enum ap_type object_type;     /* of object_val, AP_UNKNOWN when it is only an id */
    const struct val **objects;   /* every object as it stands (string or object), at most AP_OBJECTS_MAX */
    size_t n_objects;
    struct str target, instrument, result;
    struct str approved_by; /* of a Like or Announce: the stamp that permits it; may be absent */
    const struct val *target_val, *instrument_val;
    struct strs to, cc, audience;
    int64_t published_ms;                  /* 0: absent */
    int64_t updated_ms;                    /* of the activity; 0: absent */
    struct ap_text content, summary, name; /* text of a Flag, reason of a removal */
    struct str reaction; /* Like with content, EmojiReact: one emoji or :shortcode: without host; may be absent */
    struct ap_emoji reaction_emoji; /* its picture; url.p NULL when it is a Unicode emoji */
    bool has_proof;                 /* member proof is there: see proof.h */
    bool has_ld_signature;          /* member signature is there: never verified, never trusted */
    bool is_actor_delete;           /* Delete of the actor itself: the storm short cut */
    const struct val *doc;
};

/* Errors: INVALID with *why (no type, no actor, several actors). */
NODISCARD enum err ap_activity_read(
    struct arena *a, const struct val *doc, int64_t now_ms, struct ap_activity *out, const char **why);

/* Ids and URLs named by a Flag: its objects, and http(s) URLs in its text (Misskey); at most max. */
struct strs ap_flag_targets(struct arena *a, const struct ap_activity *flag, size_t max);

#endif
