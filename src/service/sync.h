/*
 * Followers synchronisation (FEP-8fcf; doc/design/follower-sync.md): with each followers-only delivery a digest of those followers who
 * belong to the receiver, so that both sides agree on who may read.
 */
#ifndef SERVICE_SYNC_H
#define SERVICE_SYNC_H

#include "base/ctx.h"
#include "crypto/digest.h"
#include "model/account.h"

enum { SYNC_FOLLOWERS_MAX = 25000 }; /* accounts with so many take no part */

/* Sums of the ids of an account's followers, one for each origin, in order of the key. */
struct sync_sum {
    uint64_t key;
    struct sha256 sum;
};
struct sync_sums {
    struct sync_sum *v;
    size_t n;
};
NODISCARD enum err service_sync_sums(struct ctx *c, int64_t account_id, struct sync_sums *out);
/* The header for a delivery to an inbox of that URL; empty when the URL is none. */
struct str service_sync_header(
    struct arena *a, struct str our_origin, int64_t account_id, const struct sync_sums *sums, struct str inbox);

/* Ids of the followers of a local account who are of the signer's origin.  NOT_FOUND: the account does not take part. */
NODISCARD enum err service_sync_list(
    struct ctx *c, const struct account *a, const struct account *signer, struct strs *out);

/*
 * A verified delivery of `from` came with this header (p NULL: without): when it and our list differ, a job looks into it.  NOT_FOUND:
 * SYNC_FOLLOWERS_MAX or more follow here.  No failure is one of the delivery.
 */
NODISCARD enum err service_sync_received(struct ctx *c, const struct account *from, struct str header);
/* The job: reads the list at url, and acts on it when it is whole and has that digest. */
NODISCARD enum err service_sync_run(struct ctx *c, int64_t account_id, struct str url, struct str digest);

#endif
