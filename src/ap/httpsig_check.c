/* What a parsed signature is worth: does it cover enough, is it fresh, does the digest fit, is it for us, and does it verify? */
#include "ap/httpsig_internal.h"
#include "ap/sf.h"
#include "base/arena.h"
#include "base/b64.h"
#include "base/clock.h"
#include "base/date.h"

/* ---- strength ------------------------------------------------------------------------------------------------------ */

static bool
is_post(const struct ap_sig_request *r)
{
    return r->has_body || str_eqi(r->method, S("POST"));
}

static bool
is_strong_cavage(const struct ap_sig_request *r, const struct ap_sig *s, const char **why)
{
    *why = "(request-target) and host must be signed";
    if (!httpsig_covers(s, S("(request-target)")) || !httpsig_covers(s, S("host")))
        return false;
    *why = "date or (created) must be signed";
    if (!httpsig_covers(s, S("date")) && !httpsig_covers(s, S("(created)")))
        return false;
    *why = "(created) and (expires) need hs2019 and their parameters";
    if ((httpsig_covers(s, S("(created)")) && (s->alg != AP_SIG_HS2019 || !s->has_created)) ||
        (httpsig_covers(s, S("(expires)")) && (s->alg != AP_SIG_HS2019 || !s->has_expires)))
        return false;
    *why = "digest must be signed";
    return !is_post(r) || httpsig_covers(s, S("digest")) || httpsig_covers(s, S("content-digest"));
}

static bool
is_strong_rfc9421(const struct ap_sig_request *r, const struct ap_sig *s, const char **why)
{
    bool whole = httpsig_covers(s, S("@target-uri"));
    bool parts =
        httpsig_covers(s, S("@authority")) &&
        (httpsig_covers(s, S("@request-target")) ||
            (httpsig_covers(s, S("@path")) && (str_chr(r->target, '?') < 0 || httpsig_covers(s, S("@query")))));

    *why = "@method and @target-uri, or @authority, @path and @query, must be signed";
    if (!httpsig_covers(s, S("@method")) || (!whole && !parts))
        return false;
    *why = "content-digest must be signed";
    return !is_post(r) || httpsig_covers(s, S("content-digest"));
}

/* ---- time ---------------------------------------------------------------------------------------------------------- */

/* The window is wide on purpose: servers with wrong clocks exist. */
static bool
is_fresh(struct arena *a, const struct ap_sig_request *r, const struct ap_sig *s, const char **why)
{
    int64_t created_ms = s->created_s * SECOND_MS, expires_ms;
    struct str date;

    if (s->dialect == AP_SIG_CAVAGE && !httpsig_covers(s, S("(created)"))) {
        *why = "Date is missing, repeated or malformed";
        if (httpsig_header(a, r, S("date"), &date) != 1 || !date_parse_http(date, &created_ms))
            return false;
    }
    *why = "signed in the future";
    if (created_ms > r->now_ms + HOUR_MS)
        return false;
    expires_ms = s->has_expires ? s->expires_s * SECOND_MS : created_ms + 5 * MINUTE_MS;
    expires_ms = MIN(expires_ms, created_ms + 12 * (int64_t)HOUR_MS);
    *why = "signature expired";
    return r->now_ms <= expires_ms + HOUR_MS;
}

/* ---- digest -------------------------------------------------------------------------------------------------------- */

static bool
fits(struct str bytes, const struct sha256 *want)
{
    return bytes.n == sizeof(want->b) && str_eq_secret(bytes, sha256_str(want));
}

/* Digest: SHA-256=…, possibly among others (RFC 3230). */
static bool
digest_fits(struct arena *a, const struct ap_sig_request *r, const char **why)
{
    struct str text, part, bytes;
    size_t found = 0;

    *why = "Digest is missing or repeated";
    if (httpsig_header(a, r, S("digest"), &text) != 1)
        return false;
    while (str_cut(&text, ',', &part)) {
        part = str_trim(part);
        if (!str_startsi(part, S("sha-256=")))
            continue;
        *why = "Digest does not fit the body";
        if (!b64_decode(a, str_sub(part, 8, part.n), &bytes) || !fits(bytes, &r->body_sha256))
            return false;
        found++;
    }
    if (found != 1)
        *why = "Digest without SHA-256";
    return found == 1;
}

static bool
content_digest_fits(struct arena *a, const struct ap_sig_request *r, const char **why)
{
    const struct sf_item *sha;
    struct sf_dict d;
    struct str text;

    *why = "Content-Digest is missing or malformed";
    if (httpsig_header(a, r, S("content-digest"), &text) == 0 || !sf_dict_parse(a, text, &d))
        return false;
    sha = sf_get(&d, S("sha-256"));
    *why = "Content-Digest without sha-256";
    if (sha == NULL || sha->kind != SF_BYTES)
        return false;
    *why = "Content-Digest does not fit the body";
    return fits(sha->s, &r->body_sha256);
}

/* ---- host ---------------------------------------------------------------------------------------------------------- */

/* "social.example", or with the default port of its scheme. */
static bool
host_is_ours(const struct ap_sig_request *r, struct str host)
{
    for (size_t i = 0; i < r->origins.n; i++) {
        struct str origin = r->origins.v[i], name;
        ptrdiff_t at = str_find(origin, S("://"));

        CHECK(at > 0);
        name = str_sub(origin, (size_t)at + 3, origin.n);
        if (str_eqi(host, name))
            return true;
        if (host.n > name.n && str_eqi(str_sub(host, 0, name.n), name) &&
            str_eq(str_sub(host, name.n, host.n), str_starts(origin, S("https:")) ? S(":443") : S(":80")))
            return true;
    }
    return false;
}

enum err
ap_sig_check(struct arena *a, const struct ap_sig_request *r, const struct ap_sig *s, const char **why)
{
    bool cavage = s->dialect == AP_SIG_CAVAGE;
    struct str host;

    if (!(cavage ? is_strong_cavage(r, s, why) : is_strong_rfc9421(r, s, why)) || !is_fresh(a, r, s, why))
        return ERR_UNAUTHORIZED;
    if (is_post(r) && cavage && httpsig_covers(s, S("digest")) && !digest_fits(a, r, why))
        return ERR_UNAUTHORIZED;
    if (is_post(r) && httpsig_covers(s, S("content-digest")) && !content_digest_fits(a, r, why))
        return ERR_UNAUTHORIZED;
    *why = "signed for another host";
    if (httpsig_covers(s, S("host")) && (httpsig_header(a, r, S("host"), &host) != 1 || !host_is_ours(r, host)))
        return ERR_UNAUTHORIZED;
    *why = "";
    return ERR_OK;
}

/* ---- the signature --------------------------------------------------------------------------------------------------- */

static bool
alg_fits(enum ap_sig_alg alg, enum key_kind kind)
{
    if (alg == AP_SIG_ALG_NONE || alg == AP_SIG_HS2019)
        return true;
    return (alg == AP_SIG_ED25519) == (kind == KEY_ED25519);
}

enum err
ap_sig_verify(struct arena *a, const struct ap_sig_request *r, const struct ap_sig *s, const struct public_key *key,
    const char **why)
{
    enum sign_hash hash = s->alg == AP_SIG_RSA_SHA512 ? SIGN_SHA512 : SIGN_SHA256;
    bool has_query = str_chr(r->target, '?') >= 0;
    struct str base;

    *why = "the algorithm does not fit the key";
    if (!alg_fits(s->alg, key->kind))
        return ERR_UNAUTHORIZED;
    *why = "a signed header is missing";
    if (!httpsig_base(a, r, s, false, &base))
        return ERR_UNAUTHORIZED;
    if (key_verify(key, hash, base, s->signature)) {
        *why = "";
        return ERR_OK;
    }
    /* Mastodon before 4.3 and others sign GET without the query. */
    if (s->dialect == AP_SIG_CAVAGE && has_query && !is_post(r) && httpsig_base(a, r, s, true, &base) &&
        key_verify(key, hash, base, s->signature)) {
        *why = "";
        return ERR_OK;
    }
    *why = "the signature does not verify";
    return ERR_UNAUTHORIZED;
}
