/*
 * The words of ActivityStreams that we know, as numbers.  https://www.w3.org/TR/activitystreams-vocabulary/
 * One line = enum name, name on the wire, class.
 */
#ifndef AP_VOCAB_H
#define AP_VOCAB_H

#include "base/str.h"

enum ap_class { AP_CLASS_OTHER, AP_CLASS_ACTOR, AP_CLASS_POST, AP_CLASS_ACTIVITY, AP_CLASS_COLLECTION };

#define AP_TYPES(X)                                                                                                    \
    X(PERSON, "Person", ACTOR)                                                                                         \
    X(SERVICE, "Service", ACTOR)                                                                                       \
    X(APPLICATION, "Application", ACTOR)                                                                               \
    X(GROUP, "Group", ACTOR)                                                                                           \
    X(ORGANIZATION, "Organization", ACTOR)                                                                             \
    X(NOTE, "Note", POST)                                                                                              \
    X(QUESTION, "Question", POST)                                                                                      \
    X(ARTICLE, "Article", POST)                                                                                        \
    X(PAGE, "Page", POST)                                                                                              \
    X(VIDEO, "Video", POST)                                                                                            \
    X(AUDIO, "Audio", POST)                                                                                            \
    X(IMAGE, "Image", POST)                                                                                            \
    X(EVENT, "Event", POST)                                                                                            \
    X(CHAT_MESSAGE, "ChatMessage", POST)                                                                               \
    X(REVIEW, "Review", POST)                                                                                          \
    X(COMMENT, "Comment", POST)                                                                                        \
    X(QUOTATION, "Quotation", POST)                                                                                    \
    X(CREATE, "Create", ACTIVITY)                                                                                      \
    X(UPDATE, "Update", ACTIVITY)                                                                                      \
    X(DELETE, "Delete", ACTIVITY)                                                                                      \
    X(ANNOUNCE, "Announce", ACTIVITY)                                                                                  \
    X(LIKE, "Like", ACTIVITY)                                                                                          \
    X(DISLIKE, "Dislike", ACTIVITY)                                                                                    \
    X(EMOJI_REACT, "EmojiReact", ACTIVITY)                                                                             \
    X(EMOJI_REACTION, "EmojiReaction", ACTIVITY)                                                                       \
    X(UNDO, "Undo", ACTIVITY)                                                                                          \
    X(FOLLOW, "Follow", ACTIVITY)                                                                                      \
    X(ACCEPT, "Accept", ACTIVITY)                                                                                      \
    X(TENTATIVE_ACCEPT, "TentativeAccept", ACTIVITY)                                                                   \
    X(REJECT, "Reject", ACTIVITY)                                                                                      \
    X(BLOCK, "Block", ACTIVITY)                                                                                        \
    X(FLAG, "Flag", ACTIVITY)                                                                                          \
    X(ADD, "Add", ACTIVITY)                                                                                            \
    X(REMOVE, "Remove", ACTIVITY)                                                                                      \
    X(MOVE, "Move", ACTIVITY)                                                                                          \
    X(VIEW, "View", ACTIVITY)                                                                                          \
    X(READ, "Read", ACTIVITY)                                                                                          \
    X(LISTEN, "Listen", ACTIVITY)                                                                                      \
    X(JOIN, "Join", ACTIVITY)                                                                                          \
    X(LEAVE, "Leave", ACTIVITY)                                                                                        \
    X(INVITE, "Invite", ACTIVITY)                                                                                      \
    X(OFFER, "Offer", ACTIVITY)                                                                                        \
    X(IGNORE, "Ignore", ACTIVITY)                                                                                      \
    X(LOCK, "Lock", ACTIVITY)                                                                                          \
    X(QUOTE_REQUEST, "QuoteRequest", ACTIVITY)                                                                         \
    X(FEATURE_REQUEST, "FeatureRequest", ACTIVITY)                                                                     \
    X(LIKE_REQUEST, "LikeRequest", ACTIVITY)                                                                           \
    X(REPLY_REQUEST, "ReplyRequest", ACTIVITY)                                                                         \
    X(ANNOUNCE_REQUEST, "AnnounceRequest", ACTIVITY)                                                                   \
    X(COLLECTION, "Collection", COLLECTION)                                                                            \
    X(ORDERED_COLLECTION, "OrderedCollection", COLLECTION)                                                             \
    X(COLLECTION_PAGE, "CollectionPage", COLLECTION)                                                                   \
    X(ORDERED_COLLECTION_PAGE, "OrderedCollectionPage", COLLECTION)                                                    \
    X(FEATURED_COLLECTION, "FeaturedCollection", COLLECTION)                                                           \
    X(FEATURED_ITEM, "FeaturedItem", OTHER)                                                                            \
    X(TOMBSTONE, "Tombstone", OTHER)                                                                                   \
    X(DOCUMENT, "Document", OTHER)                                                                                     \
    X(LINK, "Link", OTHER)                                                                                             \
    X(MENTION, "Mention", OTHER)                                                                                       \
    X(HASHTAG, "Hashtag", OTHER)                                                                                       \
    X(COMMUNITY_POST_TAG, "CommunityPostTag", OTHER)                                                                   \
    X(EMOJI, "Emoji", OTHER)                                                                                           \
    X(PROPERTY_VALUE, "PropertyValue", OTHER)                                                                          \
    X(KEY, "Key", OTHER)                                                                                               \
    X(CRYPTOGRAPHIC_KEY, "CryptographicKey", OTHER)                                                                    \
    X(MULTIKEY, "Multikey", OTHER)                                                                                     \
    X(QUOTE_AUTHORIZATION, "QuoteAuthorization", OTHER)                                                                \
    X(FEATURE_AUTHORIZATION, "FeatureAuthorization", OTHER)                                                            \
    X(LIKE_AUTHORIZATION, "LikeAuthorization", OTHER)                                                                  \
    X(REPLY_AUTHORIZATION, "ReplyAuthorization", OTHER)                                                                \
    X(ANNOUNCE_AUTHORIZATION, "AnnounceAuthorization", OTHER)

#define X(name, text, cls) AP_##name,
enum ap_type { AP_UNKNOWN, AP_TYPES(X) AP_TYPE_COUNT };
#undef X

#define AP_AS "https://www.w3.org/ns/activitystreams"
#define AP_PUBLIC_ID "https://www.w3.org/ns/activitystreams#Public"
#define AP_MEDIA_TYPE "application/activity+json; charset=utf-8"

/* Plain name, "as:Note" or the full IRI; AP_UNKNOWN for anything else. */
enum ap_type ap_type_from(struct str name);
/* "Note"; "" for AP_UNKNOWN.  A literal. */
struct str ap_type_name(enum ap_type t);
enum ap_class ap_type_class(enum ap_type t);
/* The three spellings of the public collection. */
bool ap_is_public(struct str id);

#endif
