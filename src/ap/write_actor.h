/* Our actors as documents. */
#ifndef AP_WRITE_ACTOR_H
#define AP_WRITE_ACTOR_H

#include "ap/write.h"

struct ap_field_out {
    struct str name;
    struct str html;
};

struct ap_actor_out {
    int64_t id;
    enum ap_type type; /* AP_PERSON, AP_SERVICE, AP_GROUP, AP_ORGANIZATION */
    struct str username;
    struct str name;                          /* empty: the username is sent */
    struct str summary_html;                  /* sanitised */
    struct str icon_url, icon_type, icon_alt; /* url.p NULL: none */
    struct str image_url, image_type, image_alt;
    const struct ap_field_out *fields;
    size_t n_fields;
    const struct ap_emoji_out *emojis;
    size_t n_emojis;
    struct strs hashtags;          /* without # */
    struct str rsa_pem;            /* SPKI */
    struct str ed25519_multikey;   /* empty: none */
    struct str rsa_id, ed25519_id; /* ids of the keys; empty: those of the first ones */
    struct strs also_known_as;
    struct str moved_to;
    struct strs attribution_domains;
    int64_t created_ms; /* cut to the day */
    bool locked, discoverable, indexable, memorial;
    bool show_featured, show_media, show_replies_in_media;
    bool suspended; /* the document is emptied */
};

/* The document as bytes in the arena. */
struct str ap_actor_write(struct arena *a, const struct ap_site *site, const struct ap_actor_out *x);
/* As a member of another document (Update); key NULL in arrays. */
void ap_actor_write_in(struct json *j, struct arena *a, const struct ap_site *site, const char *key,
    enum ap_context context, const struct ap_actor_out *x);
/* /actor */
struct str ap_site_actor_write(struct arena *a, const struct ap_site *site, struct str key_id, struct str rsa_pem);

#endif
