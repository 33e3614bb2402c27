/* A status: a post, or a reblog of one. */
#ifndef MODEL_STATUS_H
#define MODEL_STATUS_H

#include "model/account.h"
#include "model/card.h"
#include "model/collection.h"
#include "model/filter.h"
#include "model/interaction.h"
#include "model/media.h"
#include "model/poll.h"
#include "model/reaction.h"
#include "model/quote.h"

enum visibility { VIS_PUBLIC, VIS_UNLISTED, VIS_PRIVATE, VIS_DIRECT, VIS_LIMITED, VIS_COUNT };
/* NULL-terminated; limited is shown as private, so that name is not among what a client may ask for. */
extern const char *const visibility_names[];
const char *visibility_shown(enum visibility v);

enum {
    STATUS_CHARS_MAX = 500,
    STATUS_MENTIONS_MAX = 50,
    STATUS_PINS_MAX = 5,
    STATUS_COLLECTIONS_MAX = 4,
};

struct mention_ref {
    int64_t account_id;
    bool silent;
    struct str username, domain, url, uri, inbox, shared_inbox;
};

struct tag_ref {
    int64_t id;
    struct str name, display;
    struct use_day *history; /* USE_DAYS; filled by store_tag_history */
    bool has_viewer;
    bool following, featuring; /* the viewer follows it, shows it on the own profile; only when has_viewer */
};

/* A hashtag on a profile. */
enum { FEATURED_TAGS_MAX = 10 };
struct featured_tag {
    int64_t id, tag_id;
    struct str name, display;
    int64_t statuses, last_status_ms; /* of the owner's public posts; 0: none */
};

struct featured_tags {
    struct featured_tag *v;
    size_t n;
};

struct status {
    int64_t id;
    struct str uri, url;
    int64_t account_id, user_id, app_id;
    bool local;
    enum visibility visibility;
    int64_t reblog_of_id;
    int64_t in_reply_to_id, in_reply_to_account_id;
    struct str in_reply_to_uri;
    int64_t conversation_id;
    struct str text, content_type, content, spoiler_text, language, object_type;
    bool sensitive, has_media;
    struct strs emoji_codes;
    int64_t created_ms, edited_ms, fetched_ms;
    int64_t expires_ms;         /* it deletes itself then; 0: never */
    bool local_only;            /* for logged-in people of this server */
    int quote_policy;           /* bits QUOTE_BY_* */
    int64_t interaction_policy; /* model/interaction.h; 0: everybody may reply, favourite and boost */
    enum approval approval;     /* of a reply or boost by what it answers or boosts */

    /* filled by store_status_fill, always with the same number of queries */
    struct account *account;
    struct status *reblog;
    struct media_row *media;
    size_t n_media;
    struct mention_ref *mentions;
    size_t n_mentions;
    struct tag_ref *tags;
    size_t n_tags;
    struct poll *poll; /* NULL: asks nothing */
    struct emoji_refs emojis;
    int64_t replies, reblogs, favourites, quotes; /* of others at least what their servers claim */
    int64_t counted_ms;                           /* of others: when these were last asked for */
    int64_t n_reactions;                          /* of all people */
    struct reactions reactions;
    struct str app_name, app_website; /* empty: unknown or remote */
    struct card *card;                /* NULL: none */
    struct quote *quote;              /* of another post by this one; NULL: none */

    /* the viewer's relation; only when has_viewer */
    bool has_viewer, favourited, reblogged, bookmarked, muted, pinned;
    enum quote_answer quote_answer; /* may the viewer quote it */
    struct collections collections; /* that it links to and the viewer may see; by service_collection_show_tagged */
    struct filter_matches filtered; /* by service_filter_apply */
};

struct statuses {
    struct status **v;
    size_t n;
};
/* Is one of them from elsewhere? */
bool statuses_any_remote(const struct statuses *v);

struct status_edit {
    int64_t id, status_id, account_id, user_id;
    struct str text, content, spoiler_text;
    bool sensitive;
    struct strs emoji_codes;
    struct str media; /* JSON [{id, description}] */
    struct strs poll; /* titles of the options; v NULL: none */
    int64_t created_ms;
    int64_t quote_id; /* 0: none */
    struct emoji_refs emojis;
};

struct status_edits {
    struct status_edit *v;
    size_t n;
};

#endif
