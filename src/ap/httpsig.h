/*
 * HTTP signatures in both dialects: draft-cavage-http-signatures-12, and RFC 9421 with RFC 9530 digests.
 * https://datatracker.ietf.org/doc/html/draft-cavage-http-signatures-12  https://www.rfc-editor.org/rfc/rfc9421
 *
 * In: ap_sig_parse gives the key id; the caller finds the key (cache, fetch); ap_sig_check and ap_sig_verify decide.
 * Out: ap_sig_make gives the headers to send.  No I/O, no clock: the caller says what time it is.  Any thread.
 */
#ifndef AP_HTTPSIG_H
#define AP_HTTPSIG_H

#include "base/err.h"
#include "crypto/digest.h"
#include "crypto/sign.h"
#include "http/http.h"

enum { AP_SIG_HEADER_BYTES_MAX = 4096, AP_SIG_COMPONENTS_MAX = 20, AP_SIG_HEADERS_OUT = 8 };

enum ap_sig_dialect { AP_SIG_CAVAGE, AP_SIG_RFC9421 };

/* What is verified: the request as received. */
struct ap_sig_request {
    struct str method; /* "POST", as on the request line */
    struct str target; /* path and query, as on the request line */
    const struct http_header *headers;
    size_t n_headers;
    bool has_body;             /* POST: the digest must be there and fit */
    struct sha256 body_sha256; /* over the exact bytes received */
    struct strs origins;       /* ours: "https://social.example", alternates after it */
    int64_t now_ms;
};

enum ap_sig_alg { AP_SIG_ALG_NONE, AP_SIG_HS2019, AP_SIG_RSA_SHA256, AP_SIG_RSA_SHA512, AP_SIG_ED25519 };

struct ap_sig {
    enum ap_sig_dialect dialect;
    struct str keyid;
    enum ap_sig_alg alg;    /* as claimed; the key's type decides */
    struct strs components; /* lower case, in order */
    int64_t created_s, expires_s;
    bool has_created, has_expires; /* parameters, not the Date header */
    struct str signature;          /* decoded */
    struct str label, params;      /* RFC 9421: label, and the inner list with parameters as received */
};

/* Is there a Signature or Signature-Input header at all? */
bool ap_sig_present(const struct ap_sig_request *r);
/* Errors: UNAUTHORIZED (none there), BAD_REQUEST (malformed), both with *why. */
NODISCARD enum err ap_sig_parse(struct arena *a, const struct ap_sig_request *r, struct ap_sig *out, const char **why);
/* Everything that needs no key: covered components, time window, digest, host.  Errors: UNAUTHORIZED with *why. */
NODISCARD enum err ap_sig_check(
    struct arena *a, const struct ap_sig_request *r, const struct ap_sig *s, const char **why);
/* The signature itself; calls nothing of ap_sig_check.  Errors: UNAUTHORIZED with *why. */
NODISCARD enum err ap_sig_verify(struct arena *a, const struct ap_sig_request *r, const struct ap_sig *s,
    const struct public_key *key, const char **why);

/* What is signed: a request to send. */
struct ap_sig_out {
    enum ap_sig_dialect dialect;
    struct str method;                /* "POST" or "GET" */
    struct str url;                   /* absolute */
    struct str content_type;          /* POST */
    const struct sha256 *body_sha256; /* NULL: no body */
    struct str keyid;
    const struct private_key *key;
    bool omit_query;          /* cavage, GET: for old peers that verify without it */
    struct http_header extra; /* signed too when name.p is set (Collection-Synchronization) */
    int64_t now_ms;
};

struct ap_sig_headers {
    struct http_header v[AP_SIG_HEADERS_OUT];
    size_t n;
};

/* Headers to send with the request (Host, Date, Digest, Content-Type, Signature …), in the arena.  Errors: INVALID (url), INTERNAL. */
NODISCARD enum err ap_sig_make(struct arena *a, const struct ap_sig_out *o, struct ap_sig_headers *out);

#endif
