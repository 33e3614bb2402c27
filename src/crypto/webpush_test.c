/* Web Push against RFC 8291, the vectors of ecec, and P-256 against Wycheproof's. */
#include "crypto/webpush.h"

#include "base/b64.h"
#include "crypto/p256.h"
#include "vectors.h"

#include <stdlib.h>
#include <string.h>

static struct str
unb64(struct str text)
{
    struct str out;

    assert_true(b64url_decode(unit_mem(), text, &out));
    return out;
}

static void
assert_bytes(struct str got, struct str want)
{
    assert_str(b64url_encode(unit_mem(), got), str_cz(unit_mem(), b64url_encode(unit_mem(), want)));
}

UNIT(webpush_encrypts_as_rfc8291_does)
{
    const struct val *v = val_get(vectors("vectors/webpush.json"), S("rfc8291")), *i = val_get(v, S("intermediate"));
    struct webpush_receiver to = { unb64(member(i, "User agent public key (ua_public)")),
        unb64(member(i, "Authentication secret (auth_secret)")) };
    struct webpush_sender from = { unb64(member(i, "Application server private key (as_private)")),
        unb64(member(i, "Application server public key (as_public)")), unb64(member(i, "Salt")) };
    struct str body, shared;

    assert_int_equal(p256_agree(unit_mem(), from.private, from.public, to.p256dh, &shared), ERR_OK);
    assert_bytes(shared, unb64(member(i, "Shared ECDH secret (ecdh_secret)")));
    assert_int_equal(webpush_encrypt(unit_mem(), &to, unb64(member(i, "Plaintext")), &from, &body), ERR_OK);
    assert_bytes(body, unb64(member(v, "body")));
}

UNIT(webpush_messages_differ_and_bad_receivers_are_refused)
{
    const struct val *i = val_get(val_get(vectors("vectors/webpush.json"), S("rfc8291")), S("intermediate"));
    struct webpush_receiver to = { unb64(member(i, "User agent public key (ua_public)")),
        unb64(member(i, "Authentication secret (auth_secret)")) },
                            bad = to;
    struct webpush_sender made = { 0 }, used;
    char *big = memset(arena_alloc(unit_mem(), WEBPUSH_PLAIN_BYTES_MAX + 1, 1), 'x', WEBPUSH_PLAIN_BYTES_MAX + 1);
    struct str one, two;

    assert_int_equal(webpush_encrypt(unit_mem(), &to, S("hello"), &made, &one), ERR_OK);
    assert_int_equal(webpush_encrypt(unit_mem(), &to, S("hello"), &made, &two), ERR_OK);
    assert_int_equal(one.n, 16 + 4 + 1 + 65 + 5 + 1 + 16);
    assert_false(str_eq(one, two));
    assert_int_equal(webpush_encrypt_draft(unit_mem(), &to, S("hello"), &made, &one, &used), ERR_OK);
    assert_int_equal(one.n, 2 + 5 + 16);
    assert_int_equal(used.salt.n, WEBPUSH_SALT_BYTES);
    assert_int_equal(
        webpush_encrypt(unit_mem(), &to, (struct str){ big, WEBPUSH_PLAIN_BYTES_MAX }, &made, &one), ERR_OK);
    assert_true(one.n <= 4096);
    assert_int_equal(
        webpush_encrypt(unit_mem(), &to, (struct str){ big, WEBPUSH_PLAIN_BYTES_MAX + 1 }, &made, &one), ERR_TOO_LARGE);
    bad.auth = S("short");
    assert_int_equal(webpush_encrypt(unit_mem(), &bad, S("x"), &made, &one), ERR_INVALID);
    bad = to;
    bad.p256dh = str_dup(unit_mem(), to.p256dh);
    ((char *)(uintptr_t)bad.p256dh.p)[40] ^= 1; /* off the curve */
    assert_false(p256_is_point(bad.p256dh));
    assert_int_equal(webpush_encrypt(unit_mem(), &bad, S("x"), &made, &one), ERR_INVALID);
    bad.p256dh = str_sub(to.p256dh, 0, 64);
    assert_int_equal(webpush_encrypt(unit_mem(), &bad, S("x"), &made, &one), ERR_INVALID);
}

UNIT(vapid_tokens_verify)
{
    struct vapid_key key;
    struct str token, part[3], rest, bytes;
    const struct val *claims;

    assert_int_equal(p256_new(unit_mem(), &key.private, &key.public), ERR_OK);
    assert_int_equal(
        vapid_token(unit_mem(), &key, S("https://push.test"), S("mailto:op@a.test"), 1234567890, &token), ERR_OK);
    rest = token;
    for (int i = 0; i < 3; i++)
        assert_true(str_cut(&rest, '.', &part[i]));
    assert_true(b64url_decode(unit_mem(), part[1], &bytes));
    assert_int_equal(json_parse(unit_mem(), bytes, NULL, &claims), ERR_OK);
    assert_str(member(claims, "aud"), "https://push.test");
    assert_str(member(claims, "sub"), "mailto:op@a.test");
    assert_int_equal(val_int(val_get(claims, S("exp")), 0), 1234567890);
    bytes = unb64(part[2]);
    assert_true(p256_verify(key.public, str_sub(token, 0, part[0].n + 1 + part[1].n), bytes));
    assert_false(p256_verify(key.public, S("something else"), bytes));
    assert_false(p256_verify(key.public, token, str_sub(bytes, 0, 63)));
}
