/*
 * Passkeys: what a browser sends back from an authenticator, checked through libfido2.  Any thread.
 * https://www.w3.org/TR/webauthn-3/ 7.1 and 7.2; RFC 8949 for CBOR, RFC 9053 for the algorithms.
 */
#ifndef CRYPTO_WEBAUTHN_H
#define CRYPTO_WEBAUTHN_H

#include "base/err.h"
#include "base/str.h"

/* No input may be longer. */
enum {
    WEBAUTHN_CLIENT_DATA_MAX = 4096,
    WEBAUTHN_ATTESTATION_MAX = 16384,
    WEBAUTHN_AUTH_DATA_MAX = 2048,
    WEBAUTHN_SIGNATURE_MAX = 512,
    WEBAUTHN_ID_MAX = 1023,
};

/* The algorithms that are taken, by their COSE numbers, the best first. */
#define WEBAUTHN_ALGS(X) X(-8) X(-7) X(-257)

struct webauthn_site {
    struct str rp_id;  /* host without scheme and port */
    struct str origin; /* https://host, as browsers say it */
};

struct webauthn_key {
    struct str id;  /* of the credential, at most WEBAUTHN_ID_MAX bytes */
    struct str key; /* public key as libfido2 has it */
    int alg;        /* COSE */
    int64_t sign_count;
};

/* What an authenticator answered, as bytes. */
struct webauthn_answer {
    struct str client_data, auth_data, signature;
};

#define WEBAUTHN_CREATE "webauthn.create"
#define WEBAUTHN_GET "webauthn.get"

/*
 * Is that client data of this type, said by a page of this very origin, which was no frame of somebody else?  *challenge is what the
 * page was given, as bytes in a; whether it is one of ours is for the caller.  Errors: INVALID, *why says what was wrong, for the log.
 */
NODISCARD enum err webauthn_client_data(struct arena *a, const struct webauthn_site *s, const char *type,
    struct str json, struct str *challenge, const char **why);
/*
 * A new key.  It must be for this site, made by somebody who was there and proved to be the owner (user verification).  Who made
 * the authenticator is not asked: an attestation that signs something must sign right, none is as good.  Errors: INVALID with *why.
 */
NODISCARD enum err webauthn_register(struct arena *a, const struct webauthn_site *s, struct str client_data,
    struct str attestation, struct webauthn_key *out, const char **why);
/*
 * Did this key sign this answer, for this site, with somebody there?  verified: who proved to be the owner as well.  *sign_count is
 * the authenticator's counter; whether it went up is for the caller.  Errors: INVALID with *why.
 */
NODISCARD enum err webauthn_verify(const struct webauthn_site *s, const struct webauthn_key *k,
    const struct webauthn_answer *answer, bool verified, int64_t *sign_count, const char **why);

#endif
