/* An account: a public actor, ours (domain empty) or remote. */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include "base/str.h"
#include "model/role.h"

struct account_field {
    struct str name;
    struct str text;  /* as typed; ours only */
    struct str value; /* clean HTML */
    int64_t verified_ms;
};

struct emoji_ref { /* a custom emoji ready to show */
    struct str shortcode;
    struct str file, file_static; /* storage keys; empty: not fetched, remote_url is shown */
    struct str remote_url;
    struct str category;
    int64_t id, updated_ms;
    bool visible;
};

struct emoji_refs {
    struct emoji_ref *v;
    size_t n;
};

enum { ACCOUNT_PICTURE_CHARS_MAX = 150 }; /* of the text for avatar and header */

struct account {
    int64_t id;
    bool held;                   /* its row, by the transaction that read it: only then it may be written */
    struct str username, domain; /* domain empty: ours */
    struct str uri, url, actor_type;
    struct str inbox, shared_inbox, outbox, followers_uri, following_uri, featured_uri;
    struct str display_name, note_text, note;
    struct account_field *fields;
    size_t n_fields;
    struct strs emoji_codes; /* used in name, note, fields */
    struct str avatar, avatar_static, avatar_remote, avatar_text;
    struct str header, header_static, header_remote, header_text;
    bool locked, bot, discoverable, indexable, hide_collections, memorial;
    bool show_media, show_media_replies, show_featured;
    struct strs also_known_as, attribution_domains;
    int64_t moved_to_id;
    int64_t suspended_ms, silenced_ms, sensitized_ms;
    bool suspended_by_origin;
    bool handle_ok;
    int feature_policy;     /* of others: who may put them into a collection, bits QUOTE_BY_* */
    bool wants_subscribers; /* by mail; the preference of its user */
    int64_t created_ms, updated_ms, fetched_ms;

    /* account_stat */
    int64_t statuses, followers, following, last_status_id,
        last_status_ms;                /* of others at least what their servers claim */
    int64_t counted_ms, backfilled_ms; /* of others: when numbers and posts were last asked for; 0: never */

    /* filled by store_account_fill */
    struct emoji_refs emojis;
    struct role *role;      /* highlighted role of its user, or NULL */
    struct account *moved;  /* or NULL */
    bool takes_subscribers; /* wants them, and the server permits it */
};

struct accounts {
    struct account **v;
    size_t n;
};

static inline bool
account_is_local(const struct account *a)
{
    return a->domain.n == 0;
}

/* "name" for ours, "name@domain" for others. */
struct str account_acct(struct arena *mem, const struct account *a);
/* "name@domain" always; our_domain for ours. */
struct str account_handle(struct arena *mem, const struct account *a, struct str our_domain);
/* A name that a local account may have: 1 to 30 of [A-Za-z0-9_]. */
bool account_username_ok(struct str name);
/* A remote name: [a-z0-9_]+([.-]+[a-z0-9_]+)*, any case, at most 2048 bytes. */
bool account_remote_username_ok(struct str name);
/* Names nobody gets: admin, actor, api, inbox, … */
bool account_username_reserved(struct str name);

#endif
