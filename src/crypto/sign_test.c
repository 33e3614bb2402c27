#include "crypto/sign.h"

#include "base/b64.h"
#include "base/rng.h"
#include "crypto/b58.h"
#include "crypto/internal.h"
#include "vectors.h"

#include <openssl/evp.h>
#include <pthread.h>

static const char *const a_pem = "-----BEGIN PUBLIC KEY-----\n"
                                 "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwJzE6vwhz3yq0o1Q1D2e\n"
                                 "-----END PUBLIC KEY-----\n";

UNIT(base58_vectors)
{
    /* draft-msporny-base58-03, test vectors */
    struct str out;

    assert_str(b58_encode(unit_mem(), S("Hello World!")), "2NEpo7TZRRrLZSi2U");
    assert_str(b58_encode(unit_mem(), (struct str){ "\0\0\x28\x7f\xb4\xcd", 6 }), "11233QC4");
    assert_true(b58_decode(unit_mem(), S("11233QC4"), &out));
    assert_int_equal(out.n, 6);
    assert_memory_equal(out.p, "\0\0\x28\x7f\xb4\xcd", 6);
    assert_false(b58_decode(unit_mem(), S("0OIl"), &out));
    assert_true(b58_decode(unit_mem(), S(""), &out) && out.n == 0);
}

UNIT(base58_round_trip)
{
    for (size_t n = 0; n < 70; n++) {
        char bytes[70];
        struct str back;

        rng_bytes(bytes, n);
        if (n > 2)
            bytes[0] = bytes[1] = 0;
        assert_true(b58_decode(unit_mem(), b58_encode(unit_mem(), (struct str){ bytes, n }), &back));
        assert_true(str_eq(back, (struct str){ bytes, n }));
    }
}

UNIT(ed25519_wycheproof)
{
    const struct val *groups = val_get(vectors("vectors/wycheproof/ed25519_test.json"), S("testGroups"));
    size_t n = 0;

    for (size_t g = 0; g < groups->n; g++) {
        const struct val *tests = val_get(&groups->v[g], S("tests"));
        struct public_key k, from_raw;

        assert_int_equal(key_read_pem(unit_mem(), member(&groups->v[g], "publicKeyPem"), &k), ERR_OK);
        from_raw = (struct public_key){ .kind = KEY_ED25519,
            .ed = unhex(member(val_get(&groups->v[g], S("publicKey")), "pk")) };
        assert_true(key_eq(&k, &from_raw));
        for (size_t i = 0; i < tests->n; i++, n++) {
            bool ok =
                key_verify(&k, SIGN_SHA256, unhex(member(&tests->v[i], "msg")), unhex(member(&tests->v[i], "sig")));

            assert_int_equal(ok, str_eqz(member(&tests->v[i], "result"), "valid"));
        }
    }
    assert_true(n > 100);
    key_cache_clear();
}

UNIT(rsa_wycheproof)
{
    const struct val *groups =
        val_get(vectors("vectors/wycheproof/rsa_signature_2048_sha256_test.json"), S("testGroups"));
    size_t n = 0;

    for (size_t g = 0; g < groups->n; g++) {
        const struct val *tests = val_get(&groups->v[g], S("tests"));
        struct public_key k, other;

        assert_int_equal(key_read_pem(unit_mem(), member(&groups->v[g], "publicKeyPem"), &k), ERR_OK);
        assert_int_equal(key_read_der(unit_mem(), unhex(member(&groups->v[g], "publicKeyAsn")), &other), ERR_OK);
        assert_true(key_eq(&k, &other));
        assert_int_equal(key_read_der(unit_mem(), unhex(member(&groups->v[g], "publicKeyDer")), &other), ERR_OK);
        assert_true(key_eq(&k, &other));
        for (size_t i = 0; i < tests->n; i++, n++) {
            bool ok =
                key_verify(&k, SIGN_SHA256, unhex(member(&tests->v[i], "msg")), unhex(member(&tests->v[i], "sig")));
            struct str result = member(&tests->v[i], "result");

            if (!str_eqz(result, "acceptable")) /* a missing NULL in the digest info: either answer is right */
                assert_int_equal(ok, str_eqz(result, "valid"));
        }
    }
    assert_true(n > 200);
    key_cache_clear();
}

UNIT(multikey_fep_521a)
{
    const struct val *f = vectors("vectors/fep-features.json");
    const struct val *cases = val_get(val_get(f, S("features")), S("fep/521a/fep-521a.feature"));

    assert_int_equal(cases->n, 2);
    for (size_t i = 0; i < cases->n; i++) {
        const struct val *doc = val_at(val_get(&cases->v[i], S("documents_in_order")), 0);
        struct str step = val_str(val_at(val_get(&cases->v[i], S("steps")), 0)),
                   text = member(doc, "publicKeyMultibase");
        struct str hex;
        struct public_key k;

        step = str_sub(step, (size_t)str_chr(step, '"') + 1, step.n);
        assert_true(str_cut(&step, '"', &hex));
        assert_int_equal(key_read_multikey(unit_mem(), text, &k), ERR_OK);
        assert_true(str_eq(key_multikey(unit_mem(), &k), text));
        if (k.kind == KEY_ED25519) {
            assert_true(str_eq(k.ed, unhex(hex)));
        } else {
            struct public_key same;

            assert_int_equal(key_read_der(unit_mem(), unhex(hex), &same), ERR_OK);
            assert_true(key_eq(&k, &same));
        }
    }
}

UNIT(new_keys_sign_and_survive_every_form)
{
    static const enum key_kind kinds[] = { KEY_RSA, KEY_ED25519 };

    for (size_t i = 0; i < lengthof(kinds); i++) {
        struct private_key priv, again;
        struct public_key pub, back;
        struct str sig, crlf = { 0 }, pem;
        struct buf b;

        assert_int_equal(key_new(unit_mem(), kinds[i], &priv, &pub), ERR_OK);
        assert_int_equal(pub.kind, kinds[i]);
        assert_int_equal(key_sign(unit_mem(), &priv, S("message"), &sig), ERR_OK);
        assert_true(key_verify(&pub, SIGN_SHA256, S("message"), sig));
        assert_false(key_verify(&pub, SIGN_SHA256, S("messagf"), sig));
        assert_false(key_verify(&pub, SIGN_SHA256, S("message"), str_sub(sig, 0, sig.n - 1)));
        if (kinds[i] == KEY_RSA)
            assert_false(key_verify(&pub, SIGN_SHA512, S("message"), sig));

        pem = key_pem(unit_mem(), &pub);
        assert_int_equal(key_read_pem(unit_mem(), pem, &back), ERR_OK);
        assert_true(key_eq(&pub, &back));
        assert_int_equal(key_read_multikey(unit_mem(), key_multikey(unit_mem(), &pub), &back), ERR_OK);
        assert_true(key_eq(&pub, &back));
        assert_int_equal(key_unpack(key_pack(unit_mem(), &pub), &back), ERR_OK);
        assert_true(key_eq(&pub, &back));
        assert_int_equal(key_private_read(unit_mem(), priv.der, &again, &back), ERR_OK);
        assert_true(key_eq(&pub, &back) && str_eq(priv.der, again.der));

        /* CRLF, blanks in front, no newline at the end, text around */
        buf_init(&b, unit_mem(), 8192);
        buf_putz(&b, "  hello\r\n");
        for (struct str line; str_cut(&pem, '\n', &line) && line.n > 0;) {
            buf_putz(&b, "  ");
            buf_put(&b, line);
            buf_putz(&b, "\r\n");
        }
        crlf = str_trim(buf_str(&b));
        assert_int_equal(key_read_pem(unit_mem(), crlf, &back), ERR_OK);
        assert_true(key_eq(&pub, &back));
    }
    key_cache_clear();
}

/* Changing any one bit of a key's DER gives a refusal or another key, and never more than that. */
UNIT(damaged_der_never_reads_as_the_same_key)
{
    struct private_key priv;
    struct public_key pub, got;
    struct str der;

    assert_int_equal(key_new(unit_mem(), KEY_RSA, &priv, &pub), ERR_OK);
    der = der_put(unit_mem(), DER_SEQUENCE,
        str_cat(unit_mem(), der_put_uint(unit_mem(), pub.n), der_put_uint(unit_mem(), pub.e), STR_NONE));
    for (size_t i = 0; i < der.n; i++) {
        struct str bad = str_dup(unit_mem(), der);
        char *p = arena_alloc(unit_mem(), der.n, 1);

        memcpy(p, bad.p, der.n);
        p[i] = (char)(p[i] ^ 1);
        if (key_read_der(unit_mem(), (struct str){ p, der.n }, &got) == ERR_OK)
            assert_false(key_eq(&got, &pub));
        assert_int_not_equal(key_read_der(unit_mem(), str_sub(der, 0, i), &got), ERR_OK);
    }
    key_cache_clear();
}

UNIT(weak_and_broken_keys_are_refused)
{
    const struct val *cavage = vectors("vectors/draft-cavage-12.json");
    struct public_key k;
    char *big = arena_alloc(unit_mem(), KEY_TEXT_BYTES_MAX + 1, 1);

    assert_int_equal(key_read_pem(unit_mem(), member(cavage, "public_key_pem"), &k), ERR_INVALID); /* 1024 bits */
    assert_int_equal(key_read_pem(unit_mem(), str_z(a_pem), &k), ERR_INVALID);
    assert_int_equal(key_read_pem(unit_mem(), S(""), &k), ERR_INVALID);
    assert_int_equal(key_read_pem(unit_mem(), (struct str){ big, KEY_TEXT_BYTES_MAX + 1 }, &k), ERR_TOO_LARGE);
    assert_int_equal(key_read_multikey(unit_mem(), S("z6Mk"), &k), ERR_INVALID);
    assert_int_equal(key_read_multikey(unit_mem(), S("m7QHQ"), &k), ERR_INVALID);
    assert_int_equal(key_unpack(S("\x01\xff"), &k), ERR_INVALID);
    assert_int_equal(key_unpack(S(""), &k), ERR_INVALID);
}

UNIT(rfc9421_keys_sign_as_printed)
{
    const struct val *doc = vectors("vectors/rfc9421.json");
    const struct val *all = val_get(doc, S("vectors")), *ed = val_get(val_get(doc, S("keys")), S("test-key-ed25519"));
    struct private_key priv;
    struct public_key pub, told;
    struct str der;
    size_t n = 0;

    assert_true(b64_decode(unit_mem(), member(ed, "private_der_base64"), &der));
    assert_int_equal(key_private_read(unit_mem(), der, &priv, &pub), ERR_OK);
    assert_int_equal(key_read_pem(unit_mem(), member(ed, "public_pem"), &told), ERR_OK);
    assert_true(key_eq(&pub, &told));
    for (size_t i = 0; i < all->n; i++) {
        struct str sig, want = member(&all->v[i], "signature"), rest = want, b64;

        if (!str_eqz(member(&all->v[i], "alg"), "ed25519"))
            continue;
        assert_true(str_cut(&rest, ':', &b64) && str_cut(&rest, ':', &b64));
        assert_int_equal(key_sign(unit_mem(), &priv, member(&all->v[i], "signature_base"), &sig), ERR_OK);
        assert_true(str_eq(b64_encode(unit_mem(), sig), b64));
        n++;
    }
    assert_true(n >= 1);
    key_cache_clear();
}

UNIT(rsa_sha512_is_verified_when_named)
{
    struct private_key priv;
    struct public_key pub;
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    const unsigned char *der;
    unsigned char sig[RSA_BITS_NEW / 8];
    size_t n = sizeof(sig);
    EVP_PKEY *key;

    assert_int_equal(key_new(unit_mem(), KEY_RSA, &priv, &pub), ERR_OK);
    der = (const unsigned char *)priv.der.p;
    key = d2i_AutoPrivateKey(NULL, &der, (long)priv.der.n);
    assert_int_equal(EVP_DigestSignInit(m, NULL, EVP_sha512(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(m, sig, &n, (const unsigned char *)"x", 1), 1);
    assert_true(key_verify(&pub, SIGN_SHA512, S("x"), (struct str){ (char *)sig, n }));
    assert_false(key_verify(&pub, SIGN_SHA256, S("x"), (struct str){ (char *)sig, n }));
    EVP_PKEY_free(key);
    EVP_MD_CTX_free(m);
    key_cache_clear();
}

static void *
verify_many(void *arg)
{
    struct str *parts = arg; /* packed key, signature */
    struct public_key k;

    if (key_unpack(parts[0], &k) != ERR_OK)
        return NULL;
    for (int i = 0; i < 200; i++)
        if (!key_verify(&k, SIGN_SHA256, S("shared"), parts[1]))
            return NULL;
    return arg;
}

UNIT(threads_share_the_key_cache)
{
    struct private_key priv;
    struct public_key pub;
    struct str parts[2];
    pthread_t threads[4];

    key_cache_clear();
    assert_int_equal(key_new(unit_mem(), KEY_ED25519, &priv, &pub), ERR_OK);
    parts[0] = key_pack(unit_mem(), &pub);
    assert_int_equal(key_sign(unit_mem(), &priv, S("shared"), &parts[1]), ERR_OK);
    for (size_t i = 0; i < lengthof(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, verify_many, parts), 0);
    for (size_t i = 0; i < lengthof(threads); i++) {
        void *result;

        pthread_join(threads[i], &result);
        assert_ptr_equal(result, parts);
    }
    assert_int_equal(keycache_count(), 2);
    key_cache_clear();
}

UNIT(the_cache_is_bounded)
{
    key_cache_clear();
    for (int i = 0; i < KEY_CACHE_MAX + 50; i++) {
        struct public_key k = { .kind = KEY_ED25519 };
        struct sha256 point = sha256((struct str){ (char *)&i, sizeof(i) });

        k.ed = sha256_str(&point);
        assert_false(key_verify(&k, SIGN_SHA256, S(""), S("")));
    }
    assert_int_equal(keycache_count(), KEY_CACHE_MAX);
    key_cache_clear();
    assert_int_equal(keycache_count(), 0);
}
