/*
 * Object integrity proofs, cryptosuite eddsa-jcs-2022 (FEP-8b32).  https://www.w3.org/TR/vc-di-eddsa/
 * A proof that is there and wrong spoils the document; one of an unknown suite counts as no proof.
 */
#ifndef AP_PROOF_H
#define AP_PROOF_H

#include "base/err.h"
#include "base/val.h"
#include "crypto/digest.h"
#include "crypto/sign.h"

enum ap_proof_state { AP_PROOF_NONE, AP_PROOF_UNKNOWN_SUITE, AP_PROOF_MALFORMED, AP_PROOF_PRESENT };

struct ap_proof {
    enum ap_proof_state state;
    struct str method; /* verificationMethod: the key id */
    struct str signature;
    struct sha256 options_hash, document_hash;
};

/*
 * Look at doc's proof and hash both parts.  doc must have been parsed with duplicates and lone surrogates refused.
 * *why says what is wrong when MALFORMED.
 */
enum ap_proof_state ap_proof_read(
    struct arena *a, const struct val *doc, int64_t now_ms, struct ap_proof *out, const char **why);
bool ap_proof_verify(struct arena *a, const struct ap_proof *p, const struct public_key *key);
/* Document bytes with a proof added as last member.  json is one of our own top-level documents.  Errors: BAD_REQUEST, INTERNAL. */
NODISCARD enum err ap_proof_add(struct arena *a, struct str json, struct str method, const struct private_key *key,
    int64_t now_ms, struct str *out);

#endif
