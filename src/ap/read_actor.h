/* Actor documents: Person, Service, Application, Group, Organization, and any other type that has an inbox (FEP-a974). */
#ifndef AP_READ_ACTOR_H
#define AP_READ_ACTOR_H

#include "ap/read.h"
#include "ap/read_policy.h"
#include "crypto/sign.h"

struct ap_field {
    struct str name;  /* text */
    struct str value; /* HTML of a stranger */
};

struct ap_key {
    struct str id;    /* with fragment, byte for byte */
    struct str owner; /* owner or controller */
    struct public_key key;
    int64_t expires_ms; /* 0: never */
    bool assertion;     /* listed under assertionMethod: may make proofs */
};

struct ap_actor {
    struct str id;
    enum ap_type type; /* AP_UNKNOWN types with an inbox are read as AP_SERVICE */
    struct str username;
    struct str webfinger; /* user@host as claimed (FEP-2c59), without acct: and leading @; p NULL when absent */
    struct ap_text name;
    struct ap_text summary; /* HTML of a stranger */
    struct str url;         /* same host as id, else the id */
    struct str inbox, shared_inbox, outbox, followers, following, featured, featured_tags, featured_collections;
    struct str moved_to;
    struct strs also_known_as;
    struct strs attribution_domains;
    struct ap_policy can_feature;
    struct ap_image icon, image;
    struct ap_field *fields;
    size_t n_fields;
    struct ap_emoji *emojis;
    size_t n_emojis;
    struct strs hashtags; /* without # */
    struct ap_key *keys;
    size_t n_keys;
    struct str attributed_to; /* Lemmy: moderators collection */
    int64_t published_ms;     /* 0: unknown */
    bool locked, discoverable, indexable, memorial, suspended, is_bot;
    bool has_indexable; /* the member was there */
};

/*
 * Read doc.  Errors: INVALID with *why (no id, no inbox, no username, wrong type).  Unknown keys and broken parts are dropped.
 * URLs other than http(s) are dropped.  Ids and owners are not compared with anything: ap_actor_check does.
 */
NODISCARD enum err ap_actor_read(
    struct arena *a, const struct val *doc, int64_t now_ms, struct ap_actor *out, const char **why);

/*
 * The keys of a key document or stub (publicKeyPem + owner, or Multikey + controller), or of an actor.  Errors: INVALID.
 */
NODISCARD enum err ap_keys_read(
    struct arena *a, const struct val *doc, struct ap_key **out, size_t *n, const char **why);

#endif
