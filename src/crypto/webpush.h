/*
 * Messages for push services: encrypted for the browser or app alone (RFC 8291 with RFC 8188, and the draft that older clients speak), and
 * the server's name for the push service (VAPID, RFC 8292).  Pure but for random bytes; any thread.
 */
#ifndef CRYPTO_WEBPUSH_H
#define CRYPTO_WEBPUSH_H

#include "base/err.h"
#include "base/str.h"

struct arena;

enum {
    WEBPUSH_AUTH_BYTES = 16,
    WEBPUSH_SALT_BYTES = 16,
    WEBPUSH_PLAIN_BYTES_MAX = 3800, /* with its frame in the 4096 bytes that every service takes (RFC 8030, 7.2) */
};

/* The receiver: what it gave when it subscribed. */
struct webpush_receiver {
    struct str p256dh; /* a point, 65 bytes */
    struct str auth;   /* 16 bytes */
};
/* Of one message only.  Both empty: made; given in tests. */
struct webpush_sender {
    struct str private, public, salt;
};

/* aes128gcm: one self-contained body.  Errors: INVALID (receiver's keys), TOO_LARGE, INTERNAL. */
NODISCARD enum err webpush_encrypt(struct arena *a, const struct webpush_receiver *to, struct str plain,
    const struct webpush_sender *from, struct str *body);
/*
 * aesgcm, draft-ietf-webpush-encryption-04: the body alone; salt and the sender's point (*used) go into the headers Encryption and
 * Crypto-Key.  Errors as above.
 */
NODISCARD enum err webpush_encrypt_draft(struct arena *a, const struct webpush_receiver *to, struct str plain,
    const struct webpush_sender *from, struct str *body, struct webpush_sender *used);

/* The key by which push services know this server. */
struct vapid_key {
    struct str private, public;
};
/* A token for the origin of a push service, until expires_s (at most a day ahead); sub: "mailto:…" or our URL.  Errors: INVALID. */
NODISCARD enum err vapid_token(struct arena *a, const struct vapid_key *key, struct str audience, struct str sub,
    int64_t expires_s, struct str *out);

#endif
