/* Followers synchronisation (FEP-8fcf): the digest and the Collection-Synchronization header. */
#ifndef AP_SYNC_H
#define AP_SYNC_H

#include "base/str.h"
#include "crypto/digest.h"

struct ap_sync {
    struct str collection, url, digest; /* digest: 64 hex digits */
};

/* XOR the SHA-256 of a follower's id into the sum; begin with all zeros. */
void ap_sync_add(struct sha256 *sum, struct str follower_id);
/* Does this id belong to that origin ("https://b.example")? */
bool ap_sync_is_of(struct str follower_id, struct str origin);
struct str ap_sync_header(struct arena *a, struct str collection, struct str url, const struct sha256 *sum);
/* false when malformed or longer than 4 KiB. */
bool ap_sync_parse(struct arena *a, struct str header, struct ap_sync *out);
bool ap_sync_eq(const struct ap_sync *s, const struct sha256 *sum);

#endif
