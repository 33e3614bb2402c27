/*
 * Telling other servers.  A verb calls service_federate inside its write transaction; a job (job/federate.c) makes the document
 * and the delivery rows.  Nothing happens when nobody remote is concerned, so verbs call it without asking.
 */
#ifndef SERVICE_FEDERATE_H
#define SERVICE_FEDERATE_H

#include "base/ctx.h"
#include "model/status.h"

/* kind, name in job arguments: which members of fed_action it needs besides account_id */
#define FED_LIST(X)                                                                                                            \
    X(STATUS_CREATE, "status_create") /* status_id; a reblog becomes an Announce */                                            \
    X(STATUS_UPDATE, "status_update") /* status_id */                                                                          \
    X(STATUS_DELETE, "status_delete") /* object_uri, to, cc, inboxes */                                                        \
    X(UNDO_REBLOG, "undo_reblog")     /* status_id and uri of the Announce, object_uri, to, cc, inboxes */                     \
    X(FOLLOW, "follow")               /* target_id, uri */                                                                     \
    X(UNDO_FOLLOW, "undo_follow")     /* target_id, uri of the Follow */                                                       \
    X(ACCEPT_FOLLOW, "accept_follow") /* target_id (the follower), uri of its Follow */                                        \
    X(REJECT_FOLLOW, "reject_follow") /* as before */                                                                          \
    X(LIKE, "like")                   /* target_id (the author), object_uri, uri of the Like */                                \
    X(UNDO_LIKE, "undo_like")         /* as before */                                                                          \
    X(REACTION, "reaction")           /* as before, and reaction */                                                            \
    X(UNDO_REACTION, "undo_reaction") /* as before */                                                                          \
    X(BLOCK, "block")                 /* target_id, uri */                                                                     \
    X(UNDO_BLOCK, "undo_block")       /* target_id, uri of the Block */                                                        \
    X(ACTOR_UPDATE, "actor_update")   /* debounced: one pending for each account */                                            \
    X(ACTOR_KEYS, "actor_keys")       /* the same at once, signed with the key of before */                                    \
    X(ACTOR_DELETE, "actor_delete")   /* inboxes; runs while the actor's row still exists */                                   \
    X(MOVE, "move")                   /* object_uri: where to */                                                               \
    X(PIN, "pin")                     /* object_uri */                                                                         \
    X(UNPIN, "unpin")                 /* object_uri */                                                                         \
    X(FEATURE_TAG, "feature_tag")     /* object_uri: the name of the hashtag */                                                \
    X(UNFEATURE_TAG, "unfeature_tag") /* as before */                                                                          \
    X(FLAG, "flag")                   /* target_id, row_id (the report), inboxes; as the instance actor */                     \
    X(VOTE, "vote")                   /* target_id (the author), object_uri (the question), row_id of the vote */              \
    X(POLL_UPDATE, "poll_update")     /* status_id; debounced: one pending for each poll */                                    \
    X(POLL_CLOSE, "poll_close")       /* status_id; now, instead of a pending update */                                        \
    X(QUOTE_REQUEST, "quote_request") /* target_id (who is quoted), status_id (which quotes) */                                \
    X(QUOTE_ACCEPT,                                                                                                            \
        "quote_accept") /* target_id (who asked), status_id and instrument (which quotes), uri (of the request), object_uri */ \
    X(QUOTE_REJECT, "quote_reject")           /* target_id, instrument, uri, object_uri: as before */                          \
    X(QUOTE_REVOKE, "quote_revoke")           /* uri (of the stamp), instrument, object_uri, inboxes */                        \
    X(QUOTE_UPDATE, "quote_update")           /* status_id: its policy or its stamp changed, which is no edit */               \
    X(COLLECTION_ADD, "collection_add")       /* row_id: the collection */                                                     \
    X(COLLECTION_UPDATE, "collection_update") /* as before */                                                                  \
    X(COLLECTION_REMOVE, "collection_remove") /* row_id, object_uri: what it was; inboxes: of those who were in it */          \
    X(ITEM_ADD, "item_add")                   /* row_id: the item */                                                           \
    X(ITEM_REMOVE, "item_remove")             /* row_id: the collection, object_uri: the item; inboxes */                      \
    X(FEATURE_REQUEST, "feature_request")     /* target_id (who is put in), row_id: the item */                                \
    X(FEATURE_ACCEPT,                                                                                                          \
        "feature_accept") /* target_id (the owner), row_id: the item, uri of the request, object_uri (who), instrument */      \
    X(FEATURE_REJECT, "feature_reject") /* the same without row_id */                                                          \
    X(FEATURE_REVOKE,                                                                                                          \
        "feature_revoke")             /* uri (of the stamp), instrument (the collection), object_uri (who), inboxes */         \
    X(LIKE_REQUEST, "like_request")   /* target_id (the author), object_uri, row_id: the favourite */                          \
    X(REPLY_REQUEST, "reply_request") /* target_id, object_uri, status_id */                                                   \
    X(ANNOUNCE_REQUEST, "announce_request") /* the same */                                                                     \
    X(INTERACTION_ACCEPT,                                                                                                      \
        "interaction_accept") /* target_id (who asked), uri, instrument, object_uri, interaction, row_id */                    \
    X(INTERACTION_REJECT, "interaction_reject") /* the same without row_id */

enum fed_kind {
#define X(name, text) FED_##name,
    FED_LIST(X)
#undef X
        FED_COUNT
};
extern const char *const fed_kind_names[]; /* NULL-terminated */

struct fed_action {
    enum fed_kind kind;
    int64_t account_id; /* whose actor acts and signs */
    int64_t target_id;  /* account concerned, 0: none */
    int64_t status_id;
    int64_t row_id;  /* of what else the action is about */
    int interaction; /* enum interaction */
    struct str uri;  /* of the activity, or of the activity that it answers or undoes */
    struct str object_uri;
    struct str instrument; /* id of the post that quotes */
    struct str reaction;   /* an emoji, a shortcode of ours, or shortcode@domain */
    struct strs to, cc;    /* ids: addressees of what is gone now */
    struct strs inboxes;   /* recipients that cannot be found afterwards */
    bool slow;             /* nobody waits for it: in the line of ends of accounts */
    bool farewell;         /* goes to a server that is suspended now: the last word */
};

/* In a write transaction. */
NODISCARD enum err service_federate(struct ctx *c, const struct fed_action *a);
/* Args of the job back to an action; strings are views into them.  BAD_REQUEST: not such args. */
struct val;
NODISCARD enum err service_federate_read(struct ctx *c, const struct val *args, struct fed_action *out);
/* The inbox of one account to use: the shared one where that is allowed. */
struct str service_audience_inbox(struct ctx *c, struct str inbox, struct str shared_inbox, bool may_share);
/* The inboxes of those among these accounts who are elsewhere. */
struct ids;
NODISCARD enum err service_audience_people(struct ctx *c, const struct ids *accounts, bool may_share, struct strs *out);
/* Sorted, each once, without those on suspended domains. */
NODISCARD enum err service_audience_drop_suspended(struct ctx *c, struct strs *inboxes);

/*
 * Which inboxes: followers for all but direct, mentioned and replied-to people, the reblogged author, the followers of a local author
 * whose post is answered in public, relays for public posts of ours; for wide (edits and deletes) also those who reblogged, favourited or replied.  Shared inboxes of
 * the account's own origin instead of many personal ones, each once; suspended accounts and domains left out.  s is filled.
 */
NODISCARD enum err service_audience_status(struct ctx *c, const struct status *s, bool wide, struct strs *out);
/* Who must hear that it is gone: those to whom it would go, and those to whom it went, such as servers of former followers. */
NODISCARD enum err service_audience_gone(struct ctx *c, const struct status *s, struct strs *out);

#endif
